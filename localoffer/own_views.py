"""Parts of the admin's views that keep authorities apart: lists, forms, choosers, and every address.

Whoever belongs to all authorities meets no difference.
"""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from wagtail.admin.views.generic import CreateView as GenericCreateView
from wagtail.admin.views.generic import EditView as GenericEditView
from wagtail.admin.views.generic import IndexView as GenericIndexView
from wagtail.snippets.views.chooser import SnippetChooserViewSet
from wagtail.snippets.views.snippets import (
    CreateView,
    EditView,
    IndexView,
    PreviewOnCreateView,
    PreviewOnEditView,
)

from localoffer.belonging import own_rows, paths_of, site_of
from localoffer.own_choices import keep_choices_own, readable, rights_on
from localoffer.rows import THERE_ALREADY, rows_there_already
from localoffer.spreadsheets import HarmlessCells

# -- lists -----------------------------------------------------------------------------------


class OwnRows(HarmlessCells):
    """A mixin before an index view: the rows that belong to the reader's authorities."""

    request: HttpRequest
    model: type[Model]

    def get_base_queryset(self) -> QuerySet[Any]:
        rows = super().get_base_queryset()
        return own_rows(rows, self.request.user, *rights_on(self.model))

    def order_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """What is equal in the column sorted by has an order too: a row stands on one page of the list."""
        rows = super().order_queryset(queryset)
        asked = rows.query.order_by
        return rows.order_by(*asked, "pk") if asked else rows

    @cached_property
    def filters(self) -> Any:
        """A filter names no other council, nor what is another's: only what could narrow this list."""
        found = super().filters
        if found:
            keep_choices_own(found.form, self.request.user)
        return found


class OwnIndexView(OwnRows, IndexView):
    """A list of snippets."""


class OwnModelIndexView(OwnRows, GenericIndexView):
    """A list of a model viewset."""


# -- forms -----------------------------------------------------------------------------------


class OwnForm:
    """A mixin before a view that creates, edits or previews. A preview makes its form of what was sent, the
    others of a class."""

    request: HttpRequest
    model: type[Model]

    def get_form(self, made_of: Any = None) -> Any:
        form = super().get_form(made_of)
        keep_choices_own(form, self.request.user)
        made = getattr(form, "instance", None)
        if made is not None and made.pk is None and "authority" not in form.fields and paths_of(type(made)):
            ours = site_of(self.request, *rights_on(type(made), "add"))
            made.authority = made.authority if made.authority_id else ours
        return form


class OwnThing(OwnForm):
    """A mixin before an edit view: what a person may do is asked about this thing, not about all."""

    object: Any

    def is_valid(self, form: Any) -> bool:
        """A row may not be there twice: once in the form, and once where a colleague has just put it."""
        valid = bool(super().is_valid(form))
        twice = [THERE_ALREADY.format(row) for row in rows_there_already(form)] if valid else []
        for words in twice:
            form.add_error(None, words)
        if twice:
            self.produced_error_code = "validation_error"
            self.produced_error_message = self.get_error_message()
        return valid and not twice

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


class OwnPreviewOnCreate(OwnForm, PreviewOnCreateView):
    """What a new snippet would look like: a name of another council's would be told by its preview too."""


class OwnPreviewOnEdit(OwnForm, PreviewOnEditView):
    """What a snippet would look like with what is typed."""


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
        elif self.request.method == "POST":
            raise Http404("Nothing is made here: choose one that is there.")
        return form

    def _readable(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return rows.filter(readable(self.model_class, self.request.user))


class OwnChooserViewSet(SnippetChooserViewSet):
    """A chooser of what belongs to the reader's authorities, whatever views it is made of."""

    def construct_view(self, view_class: Any, **kwargs: Any) -> Callable[..., HttpResponse]:
        own_class = type(f"Own{view_class.__name__}", (OwnObjects, view_class), {})
        return super().construct_view(own_class, **kwargs)
