"""Wagtail's reports on workflows and locks, kept apart by authority, and the filters of its reports.

Wagtail narrows pages to those that one may change. It does not narrow the snippets in a workflow, nor
the names of staff and workflows that a filter offers.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Model, Q, QuerySet
from django.db.models.functions import Cast
from django.http import HttpRequest
from django_filters import ModelChoiceFilter
from wagtail.admin.filters import FilteredModelChoiceFilter
from wagtail.admin.views.pages.listing import PageFilterSet
from wagtail.admin.views.reports.audit_logging import SiteHistoryReportFilterSet
from wagtail.admin.views.reports.locked_pages import LockedPagesReportFilterSet, LockedPagesView
from wagtail.admin.views.reports.page_types_usage import PageTypesUsageReportFilterSet
from wagtail.admin.views.reports.workflows import (
    WorkflowReportFilterSet,
    WorkflowTasksReportFilterSet,
    WorkflowTasksView,
    WorkflowView,
)
from wagtail.models import Page, Site, Task, Workflow

from localoffer.apps import OURS
from localoffer.belonging import authorities_of, belonging, own_pages, own_rows, paths_of, people_of


def own_things(user: Any, prefix: str = "") -> Q:
    """Rows that name a thing by its type and key: those of one's own things, and of what all share.

    `prefix` leads to the fields `content_type` and `object_id`. Pages are not among them.
    """
    shared = _types(model for model in _our_models() if not paths_of(model) and not issubclass(model, Page))
    allowed = Q(**{f"{prefix}content_type__in": shared})
    for model in _our_models():
        if paths_of(model):
            ids = own_rows(model._default_manager.all(), user).annotate(pk_words=Cast("pk", CharField()))
            allowed |= Q(
                **{
                    f"{prefix}content_type__in": _types([model]),
                    f"{prefix}object_id__in": ids.values("pk_words"),
                }
            )
    return allowed


def _our_models() -> list[type[Model]]:
    return [model for app in OURS for model in apps.get_app_config(app).get_models()]


def _types(models: Iterable[type[Model]]) -> list[int]:
    return [ContentType.objects.get_for_model(model).pk for model in models]


# -- what filters offer --------------------------------------------------------------------


def own_people(request: HttpRequest) -> QuerySet[Any]:
    """Staff of one's own authorities."""
    users = get_user_model()
    ids: set[int] = set()
    for site in authorities_of(request.user):
        ids |= set(people_of(site).values_list("pk", flat=True))
    return users._default_manager.filter(pk__in=ids).order_by(users.USERNAME_FIELD)


def own_workflows(request: HttpRequest) -> QuerySet[Workflow]:
    """Workflows of one's own pages, of the root of all pages, and of no page."""
    if belonging(request.user).is_everywhere():
        return Workflow.objects.all()
    pages = own_pages(Page.objects.all(), request.user).values("pk")
    here = Q(workflow_pages__page__in=pages) | Q(workflow_pages__page__depth=1) | Q(workflow_pages=None)
    return Workflow.objects.filter(here).distinct()


def own_tasks(request: HttpRequest) -> QuerySet[Task]:
    return Task.objects.filter(workflow_tasks__workflow__in=own_workflows(request)).distinct()


def narrow_page_filters() -> None:
    """Wagtail's explorer and its kin offer the names of everybody who ever edited a page. Called once."""
    for name, narrow in (("owner", own_people), ("edited_by", own_people), ("site", _own_sites)):
        offered = PageFilterSet.declared_filters[name]
        offered.queryset = _narrowed(offered.queryset, narrow)


def _own_sites(request: HttpRequest) -> QuerySet[Site]:
    return Site.objects.filter(pk__in=[site.pk for site in authorities_of(request.user)])


def _narrowed(given: Any, narrow: Callable[[HttpRequest], QuerySet[Any]]) -> Callable[..., QuerySet[Any]]:
    def offered(request: HttpRequest) -> QuerySet[Any]:
        rows = given(request) if callable(given) else given.all()
        if belonging(request.user).is_everywhere():
            return rows
        return rows.filter(pk__in=narrow(request).order_by().values("pk"))

    return offered


class OwnWorkflowFilters(WorkflowReportFilterSet):
    workflow = ModelChoiceFilter(queryset=own_workflows)
    requested_by = ModelChoiceFilter(queryset=own_people)


class OwnTaskFilters(WorkflowTasksReportFilterSet):
    workflow = ModelChoiceFilter(
        field_name="workflow_state__workflow", queryset=own_workflows, label="Workflow"
    )
    task = FilteredModelChoiceFilter(
        queryset=own_tasks, filter_field="id_workflow", filter_accessor="workflows"
    )


class OwnPageTypeFilters(PageTypesUsageReportFilterSet):
    """The site is asked for only where somebody works for several."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ours = authorities_of(self.request.user)
        if len(ours) > 1:
            self.filters["site"].extra["choices"] = [(site.root_page.path, str(site)) for site in ours]
        else:
            self.filters.pop("site", None)
            self.sites_filter_enabled = False


class OwnLockFilters(LockedPagesReportFilterSet):
    locked_by = ModelChoiceFilter(label="Locked by", empty_label="Anyone", queryset=own_people)


class OwnHistoryFilters(SiteHistoryReportFilterSet):
    def get_users_queryset(self) -> QuerySet[Any]:
        return _narrowed(super().get_users_queryset(), own_people)(self.request)


# -- reports -------------------------------------------------------------------------------


class OwnInWorkflow:
    """A mixin before a report; `prefix` leads from its rows to what is in the workflow."""

    request: HttpRequest
    prefix = ""

    def get_queryset(self) -> QuerySet[Any]:
        rows, user = super().get_queryset(), self.request.user
        if belonging(user).is_everywhere():
            return rows
        page_type = ContentType.objects.get_for_model(Page)
        pages = Q(**{f"{self.prefix}base_content_type": page_type})
        return rows.filter(pages | own_things(user, self.prefix))


class OwnWorkflowView(OwnInWorkflow, WorkflowView):
    """Workflows of one's own pages and entries."""

    filterset_class = OwnWorkflowFilters


class OwnWorkflowTasksView(OwnInWorkflow, WorkflowTasksView):
    """The same, task by task."""

    filterset_class = OwnTaskFilters
    prefix = "workflow_state__"


class OwnLockedPagesView(LockedPagesView):
    """Locked pages, with a filter that names one's own staff."""

    filterset_class = OwnLockFilters
