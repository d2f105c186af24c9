"""Wagtail's own pages that show everything there is, kept apart by authority: the site's history, the
types of pages, workflows, locks, and bulk actions.

`urls.py` puts them before Wagtail's own at the same addresses.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from django.apps import apps
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import path
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.admin.views.reports.aging_pages import AgingPagesView
from wagtail.admin.views.reports.audit_logging import LogEntriesView
from wagtail.admin.views.reports.page_types_usage import PageTypesUsageReportView
from wagtail.models import CollectionMember, ModelLogEntry, Page

from localoffer.belonging import belonging, own_pages, owns
from localoffer.own_choices import choosable
from localoffer.own_report_filters import (
    OwnHistoryFilters,
    OwnLockedPagesView,
    OwnPageTypeFilters,
    OwnWorkflowTasksView,
    OwnWorkflowView,
    own_things,
)
from localoffer.spreadsheets import HarmlessCells


class OwnLogEntriesView(LogEntriesView):
    """The history of pages that one may edit, and of what belongs to one's own authorities."""

    filterset_class = OwnHistoryFilters

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        rows = super().filter_queryset(queryset)
        user = self.request.user
        if rows.model is not ModelLogEntry or belonging(user).is_everywhere():
            return rows
        return rows.filter(own_things(user))


class OwnPageTypesView(PageTypesUsageReportView):
    """How many pages of each type one's authorities have, and which of them was edited last."""

    filterset_class = OwnPageTypeFilters

    def decorate_paginated_queryset(self, page_types: Sequence[Any]) -> Sequence[Any]:
        rows = super().decorate_paginated_queryset(page_types)
        if belonging(self.request.user).is_everywhere():
            return rows
        for row in rows:
            pages = own_pages(Page.objects.filter(content_type=row.pk), self.request.user)
            last = pages.order_by("-latest_revision_created_at", "title").first()
            row.count, row.last_edited_page = pages.count(), last and last.specific
        return rows


class AgingPages(AgingPagesView):
    """Wagtail asks the rows who published them: a piece of a file is a list, and has nothing to ask."""

    def decorate_paginated_queryset(self, pages: Any) -> Any:
        if isinstance(pages, list):
            names = self.user_model._default_manager.in_bulk({page.last_published_by for page in pages})
            known = {key: user.get_username() for key, user in names.items()}
            for page in pages:
                self.add_last_publisher_name_to_page(known, page)
            return pages
        return super().decorate_paginated_queryset(pages)


class OwnBulk:
    """A mixin before a bulk action: what belongs to others is neither named nor touched."""

    request: HttpRequest

    def get_actionable_objects(self) -> tuple[list[Any], dict[str, Any]]:
        chosen, others = super().get_actionable_objects()
        user = self.request.user
        return _kept(chosen, user), {name: _kept(each, user) for name, each in others.items()}


def _kept(chosen: Iterable[Any], user: Any) -> list[Any]:
    """Those that are one's own; an action may hold each in a dict, with words about it."""
    chosen = list(chosen)
    if belonging(user).is_everywhere():
        return chosen
    things = [each["item"] if isinstance(each, dict) else each for each in chosen]
    kinds = [_kind(thing) for thing in things]
    own = {kind: kind._default_manager.filter(choosable(kind, user)) for kind in kinds if kind}
    pks = {thing.pk for thing, kind in zip(things, kinds, strict=True) if kind}
    kept = {kind: set(rows.filter(pk__in=pks).values_list("pk", flat=True)) for kind, rows in own.items()}
    return [
        each
        for each, thing, kind in zip(chosen, things, kinds, strict=True)
        if (thing.pk in kept[kind] if kind else owns(user, thing))
    ]


def _kind(thing: Any) -> Any:
    """Of what belongs by where it stands, in the tree or in a collection; None for all else."""
    return Page if isinstance(thing, Page) else type(thing) if isinstance(thing, CollectionMember) else None


@require_admin_access
def bulk(request: HttpRequest, app_label: str, model_name: str, action: str) -> HttpResponse:
    """The bulk action of a model, for what belongs to one's own authorities."""
    try:
        model = apps.get_model(app_label, model_name)
    except LookupError as error:
        raise Http404("There is no such model.") from error
    found = bulk_action_registry.get_bulk_action_class(app_label, model_name, action)
    if found is None:
        raise Http404("There is no such action.")
    own_class = type(f"Own{found.__name__}", (OwnBulk, found), {})
    try:
        return own_class(request, model).dispatch(request)
    except ValidationError as error:
        messages.error(request, f"Nothing was done. {' '.join(error.messages)}")
    except PermissionDenied as error:
        if not str(error):
            raise
        messages.error(request, f"Nothing was done. {error}")
    return redirect("wagtailadmin_home")


REPORTS: dict[str, Any] = {
    name: type(f"Harmless{view.__name__}", (HarmlessCells, view), {})
    for name, view in {
        "site-history": OwnLogEntriesView,
        "page-types-usage": OwnPageTypesView,
        "workflow": OwnWorkflowView,
        "workflow_tasks": OwnWorkflowTasksView,
        "locked": OwnLockedPagesView,
        "aging-pages": AgingPages,
    }.items()
}
urls = [
    *(path(f"reports/{name}/", require_admin_access(view.as_view())) for name, view in REPORTS.items()),
    *(
        path(f"reports/{name}/results/", require_admin_access(view.as_view(results_only=True)))
        for name, view in REPORTS.items()
    ),
    path("bulk/<str:app_label>/<str:model_name>/<str:action>/", bulk),
]
