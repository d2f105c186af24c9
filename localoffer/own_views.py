"""Parts of the admin's views that keep authorities apart: lists, forms, choosers, and every address.

Whoever belongs to all authorities meets no difference.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from wagtail.admin.views.generic import CreateView as GenericCreateView
from wagtail.admin.views.generic import EditView as GenericEditView
from wagtail.admin.views.generic import IndexView as GenericIndexView
from wagtail.models import Page, Site
from wagtail.permissions import policy_registry
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import CreateView, EditView, IndexView

from localoffer.belonging import (
    Apart,
    authorities_of,
    belonging,
    below,
    own_condition,
    own_rows,
    paths_of,
    site_of,
)

ANY_ACTION = ("view", "add", "change", "delete")


def rights_on(model: type[Model], *actions: str) -> list[str]:
    """The rights that a model's policy asks for these actions, or for any of them; empty for any right."""
    policy = policy_registry.get_by_type(model)
    return policy.rights_of(actions or ANY_ACTION) if isinstance(policy, Apart) else []


# -- lists -----------------------------------------------------------------------------------


class OwnRows:
    """A mixin before an index view: the rows that belong to the reader's authorities."""

    request: HttpRequest
    model: type[Model]

    def get_base_queryset(self) -> QuerySet[Any]:
        rows = super().get_base_queryset()
        return own_rows(rows, self.request.user, *rights_on(self.model))


class OwnIndexView(OwnRows, IndexView):
    """A list of snippets."""


class OwnModelIndexView(OwnRows, GenericIndexView):
    """A list of a model viewset."""


# -- forms -----------------------------------------------------------------------------------


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
    for rows in getattr(form, "formsets", {}).values():
        for row in rows.forms:
            keep_choices_own(row, user)


def _choices(name: str, model: type[Model], user: Any, rights: list[str]) -> Q:
    """What a field may hold. The authority of a thing is one where somebody may change such things."""
    if model is Site:
        ids = [site.pk for site in authorities_of(user, *rights)]
        return Q(pk__in=ids) if name == "authority" else Q()
    if issubclass(model, Page):
        return below(authorities_of(user))
    return readable(model, user) if paths_of(model) else Q()


def readable(model: type[Model], user: Any) -> Q:
    """What may be chosen: one's own, and what the model says others may read (`public_to`)."""
    condition = own_condition(model, user)
    public = getattr(model, "public_to", None)
    return condition | public(authorities_of(user)) if condition and public else condition


def _held(form: Any, name: str) -> list[Any]:
    """Keys of what the thing that is edited holds in a field now."""
    instance = getattr(form, "instance", None)
    if instance is None or instance.pk is None:
        return []
    value = getattr(type(instance)._default_manager.filter(pk=instance.pk).first(), name, None)
    if isinstance(value, Model):
        return [value.pk]
    return [each.pk for each in value.all()] if hasattr(value, "all") else []


class OwnForm:
    """A mixin before a create or edit view."""

    request: HttpRequest
    model: type[Model]

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        keep_choices_own(form, self.request.user)
        made = getattr(form, "instance", None)
        if made is not None and made.pk is None and "authority" not in form.fields and paths_of(type(made)):
            ours = site_of(self.request, *rights_on(type(made), "add"))
            made.authority = made.authority if made.authority_id else ours
        return form


class OwnThing(OwnForm):
    """A mixin before an edit view: what a person may do is asked about this thing, not about all."""

    object: Any

    def user_has_permission(self, permission: str) -> bool:
        thing = getattr(self, "object", None)
        if thing is None or thing.pk is None:
            return bool(super().user_has_permission(permission))
        return bool(self.user_has_permission_for_instance(permission, thing))


class StartsWithOwn(OwnForm):
    """A mixin before a create view: offers the authority that the officer works on."""

    def get_initial(self) -> dict[str, Any]:
        ours = site_of(self.request, *rights_on(self.model, "add"))
        return {**super().get_initial(), "authority": ours.pk}


class OwnCreateView(StartsWithOwn, CreateView):
    """A new snippet."""


class OwnEditView(OwnThing, EditView):
    """A snippet that is there."""


class OwnModelCreateView(StartsWithOwn, GenericCreateView):
    """A new thing of a model viewset."""


class OwnModelEditView(OwnThing, GenericEditView):
    """A thing of a model viewset that is there."""


# -- choosers --------------------------------------------------------------------------------


class OwnObjects:
    """A mixin before each view of a chooser."""

    request: HttpRequest
    model_class: type[Model]

    def get_object_list(self) -> QuerySet[Any]:
        return self._readable(super().get_object_list())

    def get_object(self, pk: Any) -> Model:
        return self._readable(self.model_class._default_manager.all()).get(pk=pk)

    def get_objects(self, pks: Any) -> QuerySet[Any]:
        return self._readable(super().get_objects(pks))

    def get_creation_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_creation_form_kwargs(), "for_user": self.request.user}

    def get_creation_form(self) -> Any:
        form = super().get_creation_form()
        if form is not None:
            keep_choices_own(form, self.request.user)
        return form

    def _readable(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(readable(self.model_class, self.request.user))


class OwnChooserViewSet(SnippetChooserViewSet):
    """A chooser of what belongs to the reader's authorities, whatever views it is made of."""

    def construct_view(self, view_class: Any, **kwargs: Any) -> Callable[..., HttpResponse]:
        own_class = type(f"Own{view_class.__name__}", (OwnObjects, view_class), {})
        return super().construct_view(own_class, **kwargs)
