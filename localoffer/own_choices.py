"""What a form of the admin may hold: what belongs to the authorities of whoever fills it in.

A chooser offers only that, but anybody can send another number. Whoever belongs to all authorities
meets no difference.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, Q
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.widgets import BaseChooser
from wagtail.models import CollectionMember, Page, Site
from wagtail.permissions import policy_registry

from localoffer.belonging import Apart, authorities_of, belonging, below, own_condition, paths_of

ANY_ACTION = ("view", "add", "change", "delete")
# With any of these on its collection, a picture or document is one's to use.
LIBRARY_ACTIONS = ["choose", "add", "change", "view"]
NOT_OURS = "This holds something of another council, or something that is gone. Choose it again."


def rights_on(model: type[Model], *actions: str) -> list[str]:
    """The rights that a model's policy asks for these actions, or for any of them; empty for any right."""
    policy = policy_registry.get_by_type(model)
    return policy.rights_of(actions or ANY_ACTION) if isinstance(policy, Apart) else []


def keep_choices_own(form: Any, user: Any) -> None:
    """A form, and the rows inside it, offer and take only what belongs to the authorities of `user`.

    What the thing holds already may stay, whoever put it there.
    """
    rights = rights_on(form._meta.model, "add", "change") if hasattr(form, "_meta") else []
    if belonging(user).is_everywhere(rights):
        return
    for name, field in form.fields.items():
        if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
            condition = _choices(name, field.queryset.model, user, rights)
            if condition:
                field.queryset = field.queryset.filter(condition | Q(pk__in=_held(form, name)))
                _names_only(field)
    for rows in getattr(form, "formsets", {}).values():
        for row in rows.forms:
            keep_choices_own(row, user)
        rows.__class__ = type("OwnRows", (_NewRowOwn, type(rows)), {"user": user})


class _NewRowOwn:
    """A mixin before a set of rows: the row that a press of "Add" makes offers only one's own too."""

    user: Any

    @property
    def empty_form(self) -> Any:
        row = super().empty_form
        keep_choices_own(row, self.user)
        return row


def _names_only(field: Any) -> None:
    """A chooser names what its field may hold: a form that is refused is shown again with what was sent,
    and the number of anything would be told by its name."""
    if not isinstance(field.widget, BaseChooser):
        return
    find, may_be = field.widget.get_instance, field.queryset

    def one_of_those(value: Any) -> Model | None:
        found = find(value)
        return found if found is not None and may_be.filter(pk=found.pk).exists() else None

    field.widget.get_instance = one_of_those


def _choices(name: str, model: type[Model], user: Any, rights: list[str]) -> Q:
    """What a field may hold. The authority of a thing is one where somebody may change such things."""
    if model is Site:
        ids = [site.pk for site in authorities_of(user, *rights)]
        return Q(pk__in=ids) if name == "authority" else Q()
    return choosable(model, user)


def choosable(model: type[Model], user: Any) -> Q:
    """What of a model somebody may put into what they write; empty where it may be all of it."""
    if issubclass(model, Page):
        return below(authorities_of(user))
    if issubclass(model, CollectionMember):
        policy = policy_registry.get_by_type(model)
        return Q(pk__in=policy.instances_user_has_any_permission_for(user, LIBRARY_ACTIONS).values("pk"))
    return readable(model, user) if paths_of(model) else Q()


def readable(model: type[Model], user: Any) -> Q:
    """What may be chosen: one's own, and what the model says others may read (`public_to`)."""
    condition = own_condition(model, user)
    public = getattr(model, "public_to", None)
    return condition | public(authorities_of(user)) if condition and public else condition


def _held(form: Any, name: str) -> list[Any]:
    """Keys of what the thing that is edited holds in a field now, as it is kept and in its draft."""
    instance = getattr(form, "instance", None)
    if instance is None or instance.pk is None:
        return []
    value = getattr(type(instance)._default_manager.filter(pk=instance.pk).first(), name, None)
    if hasattr(value, "all"):
        return [each.pk for each in value.all()]
    drafted = getattr(instance, f"{name}_id", None)
    return [pk for pk in (value.pk if isinstance(value, Model) else None, drafted) if pk is not None]


class OwnPageForm(WagtailAdminPageForm):
    """The form of every page: what its blocks, links and boxes name is one's own, or was there before."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.for_user is not None:
            keep_choices_own(self, self.for_user)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.for_user is not None and not belonging(self.for_user).is_everywhere():
            for form in (self, *(row for rows in self.formsets.values() for row in rows.forms)):
                _refuse_anothers(form, self.for_user)
        return cleaned


def _refuse_anothers(form: Any, user: Any) -> None:
    """Say of each box with blocks or rich text that it names what is not one's own. One that names what is
    another's holds again what is kept: shown again as it was sent, it would tell the name."""
    wrong, read = form.errors, form.cleaned_data
    for name, field in form.fields.items():
        sent = form[name].data if name in wrong else read.get(name)
        added = _named(form.instance, name, sent) - _named(form.instance, name, form.initial.get(name))
        if not _may_name(added, user):
            form.add_error(name, ValidationError(NOT_OURS, code="not_ours"))
            if any(_is_anothers(model, pk, user) for model, pk in added):
                field.bound_data = _as_kept


def _as_kept(data: Any, initial: Any) -> Any:
    return initial


def _named(thing: Model, name: str, value: Any) -> set[tuple[type[Model], str]]:
    """(model, key) of what a field with blocks or rich text names."""
    fields = {field.name: field for field in thing._meta.get_fields()}
    extract = getattr(fields.get(name), "extract_references", None)
    return {(model, str(pk)) for model, pk, *_ in extract(value)} if extract and value else set()


def _may_name(named: Iterable[tuple[type[Model], str]], user: Any) -> bool:
    keys: dict[type[Model], set[str]] = {}
    for model, pk in named:
        keys.setdefault(model, set()).add(pk)
    return all(
        model._default_manager.filter(choosable(model, user), pk__in=pks).distinct().count() == len(pks)
        for model, pks in keys.items()
        if choosable(model, user)
    )


def _is_anothers(model: type[Model], pk: str, user: Any) -> bool:
    """Whether it is there, and not for somebody to name: what has gone has nothing to tell."""
    there, condition = model._default_manager.filter(pk=pk), choosable(model, user)
    return bool(condition) and there.exists() and not there.filter(condition).exists()
