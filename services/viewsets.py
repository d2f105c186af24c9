"""The directory in the Wagtail admin: lists, editors and choosers."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Count, Exists, Model, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.formats import date_format
from django.utils.functional import cached_property
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, NumberColumn, StatusTagColumn
from wagtail.admin.widgets.button import Button
from wagtail.models import Revision
from wagtail.snippets.views.chooser import (
    ChooseResultsView,
    ChooseView,
)
from wagtail.snippets.views.snippets import (
    DeleteView,
    SnippetViewSet,
    SnippetViewSetGroup,
)

from localoffer.choosers import GuardedChooserViewSet
from localoffer.own_views import (
    OwnChooserViewSet,
    OwnCreateView,
    OwnEditView,
    OwnIndexView,
    OwnPreviewOnCreate,
    OwnPreviewOnEdit,
)
from services import panels
from services.completeness import completeness, with_facts
from services.filters import OrganisationFilterSet, ServiceFilterSet, TermFilterSet
from services.forms import LocationFilterForm, NameFilterForm, NewLocationForm, NewOrganisationForm
from services.import_viewset import ImportViewSet
from services.listing import ListExport
from services.models import (
    Category,
    Location,
    Need,
    Organisation,
    SchoolTerm,
    Service,
    ServiceLocation,
    VocabularyTerm,
)
from services.reports_duplicates import WarnsOfDuplicates
from services.review_admin import who_checks_button
from services.stale_saves import StaleSaveMixin
from services.suggestion_admin import SuggestionViewSet


def status_words(service: Service) -> str:
    """Live or not, and what waits; reads the annotation of `ServiceViewSet.get_queryset`."""
    if service.live:
        waits = "scheduled change" if service.is_scheduled else "draft"
        return f"Live, with {waits}" if service.has_unpublished_changes else "Live"
    if service.is_scheduled:
        return "Scheduled"
    return "Taken down" if service.first_published_at else "Draft"


def check_words(service: Service) -> str:
    """A word, so that nobody has to tell it from a colour."""
    if service.is_overdue:
        return f"Overdue since {date_format(service.review_by, 'j M Y')}"
    return "In date" if service.review_by else "No date"


def public_page_buttons(service: Service) -> list[Button]:
    """A way from the admin to what families see; none while the service is not live."""
    if not service.live:
        return []
    return [Button("See the public page", url=service.get_absolute_url(), icon_name="view", priority=15)]


class ServiceCreateView(WarnsOfDuplicates, OwnCreateView):
    """Says when something like it is there already; it is saved all the same."""


class ServiceEditView(StaleSaveMixin, WarnsOfDuplicates, OwnEditView):
    """Links to the public page of what is live, and to who checks it."""

    @cached_property
    def header_more_buttons(self) -> list[Button]:
        return [
            *super().header_more_buttons,
            *public_page_buttons(self.live_object),
            who_checks_button(self.live_object),
        ]


class ServiceIndexView(ListExport, OwnIndexView):
    def get_list_more_buttons(self, instance: Service) -> list[Any]:
        return [
            *super().get_list_more_buttons(instance),
            *public_page_buttons(instance),
            who_checks_button(instance),
        ]


class ServiceDeleteView(DeleteView):
    """Asks about this entry, not about entries at large: see `permissions.DeletedWhenDown`."""

    def user_has_permission(self, permission: str) -> bool:
        return bool(self.user_has_permission_for_instance(permission, self.object))


class UnusedDeleteView(DeleteView):
    """Deletes what no service names; says so when one does."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        may_delete = self.permission_policy.user_has_permission(request.user, "delete")
        if may_delete and self.permission_policy.is_used(self.object):
            messages.error(
                request, f"Services still use “{self.object}”, so it stays. Change those services first."
            )
            return redirect(self.index_url_name)
        return super().dispatch(request, *args, **kwargs)


class NamedChooseView(ChooseView):
    filter_form_class = NameFilterForm


class NamedChooseResultsView(ChooseResultsView):
    filter_form_class = NameFilterForm


class OrganisationChooserViewSet(GuardedChooserViewSet):
    choose_view_class = NamedChooseView
    choose_results_view_class = NamedChooseResultsView
    creation_form_class = NewOrganisationForm
    creation_tab_label = "Add a new one"


class LocationChooseView(ChooseView):
    filter_form_class = LocationFilterForm


class LocationChooseResultsView(ChooseResultsView):
    filter_form_class = LocationFilterForm


class LocationChooserViewSet(GuardedChooserViewSet):
    choose_view_class = LocationChooseView
    choose_results_view_class = LocationChooseResultsView
    creation_form_class = NewLocationForm
    creation_tab_label = "Add a new one"


class ServiceChooserViewSet(OwnChooserViewSet):
    choose_view_class = NamedChooseView
    choose_results_view_class = NamedChooseResultsView


class DirectoryViewSet(SnippetViewSet):
    """What the editors of the directory share.

    Wagtail's reference index and its copy are off: imports write thousands of rows past the
    index, and a copy would carry rows and a source that belong to one entry.
    """

    add_to_reference_index = False
    copy_view_enabled = False
    list_per_page = 50
    search_backend_name = None

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_common_view_kwargs(**{"usage_url_name": "", **kwargs})


def _counted(model: type[Model], path: str) -> Coalesce:
    """How many rows point at one: counted for the rows of a page alone, where a join counts them all."""
    rows = model._default_manager.filter(**{path: OuterRef("pk")}).order_by().values(path)
    return Coalesce(Subquery(rows.annotate(held=Count("pk")).values("held")), 0)


class ServiceViewSet(DirectoryViewSet):
    model = Service
    icon = "list-ul"
    menu_label = "All services"
    url_prefix = "services/service"
    edit_handler = panels.service_edit_handler
    index_view_class = ServiceIndexView
    add_view_class = ServiceCreateView
    edit_view_class = ServiceEditView
    delete_view_class = ServiceDeleteView
    preview_on_add_view_class = OwnPreviewOnCreate
    preview_on_edit_view_class = OwnPreviewOnEdit
    chooser_viewset_class = ServiceChooserViewSet
    filterset_class = ServiceFilterSet
    search_fields = ["name", "organisation__name"]
    ordering = ("name", "pk")
    list_display = [
        "name",
        Column("provider", accessor="organisation.name", sort_key="organisation__name"),
        Column("section", accessor="get_section_display", sort_key="section"),
        Column("reach", accessor="get_scope_display", sort_key="scope"),
        StatusTagColumn(
            "status", accessor=status_words, sort_key="live", primary=lambda service: service.live
        ),
        Column("last_checked", label="Last checked", sort_key="last_checked"),
        Column("check", label="Check", accessor=check_words, sort_key="review_by"),
        Column("completeness", label="Complete", accessor=lambda service: completeness(service).words),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Service]:
        """Every row's columns in a fixed number of queries."""
        scheduled = Revision.objects.filter(
            base_content_type=ContentType.objects.get_for_model(Service),
            object_id=Cast(OuterRef("pk"), CharField()),
            approved_go_live_at__isnull=False,
        )
        return with_facts(Service.objects.all()).annotate(is_scheduled=Exists(scheduled))


class OrganisationViewSet(DirectoryViewSet):
    model = Organisation
    icon = "group"
    url_prefix = "services/organisation"
    edit_handler = panels.organisation_edit_handler
    index_view_class = OwnIndexView
    add_view_class = OwnCreateView
    edit_view_class = OwnEditView
    delete_view_class = UnusedDeleteView
    chooser_viewset_class = OrganisationChooserViewSet
    filterset_class = OrganisationFilterSet
    search_fields = ["name", "urn"]
    ordering = ("name", "pk")
    list_display = [
        "name",
        Column("kind", label="Kind", accessor="get_provider_type_display", sort_key="provider_type"),
        NumberColumn("service_count", label="Services", sort_key="service_count"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organisation]:
        return Organisation.objects.annotate(service_count=_counted(Service, "organisation"))


class LocationViewSet(DirectoryViewSet):
    model = Location
    icon = "home"
    url_prefix = "services/location"
    menu_label = "Places"
    edit_handler = panels.location_edit_handler
    index_view_class = OwnIndexView
    add_view_class = OwnCreateView
    edit_view_class = OwnEditView
    delete_view_class = UnusedDeleteView
    chooser_viewset_class = LocationChooserViewSet
    search_fields = ["name", "address_1", "postcode"]
    ordering = ("name", "address_1", "pk")
    list_display = [
        "__str__",
        Column("postcode", sort_key="postcode"),
        Column(
            "address_shown",
            label="Address",
            accessor=lambda place: "Hidden" if place.address_hidden else "Shown",
            sort_key="address_hidden",
        ),
        NumberColumn("service_count", label="Services", sort_key="service_count"),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Location]:
        return Location.objects.annotate(service_count=_counted(ServiceLocation, "location"))


class SchoolTermViewSet(DirectoryViewSet):
    """What "in term time" and "in school holidays" mean in a calendar file."""

    model = SchoolTerm
    icon = "calendar"
    url_prefix = "services/school-term"
    menu_label = "School terms"
    edit_handler = panels.school_term_edit_handler
    index_view_class = OwnIndexView
    add_view_class = OwnCreateView
    edit_view_class = OwnEditView
    chooser_viewset_class = OwnChooserViewSet
    search_fields = ["name"]
    ordering = ("-starts", "pk")
    list_display = ["name", Column("starts", sort_key="starts"), Column("ends", sort_key="ends")]


class TermViewSet(DirectoryViewSet):
    """A vocabulary: terms are retired, never deleted."""

    icon = "tag"
    search_fields = ["label", "key"]
    retired_column = Column(
        "in_use", label="Offered", accessor=lambda term: "No longer" if term.retired else "Yes"
    )


class NeedViewSet(TermViewSet):
    model = Need
    url_prefix = "services/need"
    edit_handler = panels.need_edit_handler
    ordering = ("order", "label", "pk")
    list_display = ["label", "key", "area", "order", TermViewSet.retired_column]


class CategoryViewSet(TermViewSet):
    model = Category
    url_prefix = "services/category"
    edit_handler = panels.category_edit_handler
    ordering = ("section", "order", "label", "pk")
    list_display = ["label", "key", "section", "order", TermViewSet.retired_column]


class VocabularyTermViewSet(TermViewSet):
    model = VocabularyTerm
    url_prefix = "services/term"
    menu_label = "Other words"
    edit_handler = panels.term_edit_handler
    filterset_class = TermFilterSet
    ordering = ("kind", "order", "label", "pk")
    list_display = ["label", "kind", "key", "order", TermViewSet.retired_column]


class ServicesGroup(SnippetViewSetGroup):
    """The menu "Services"."""

    items = (
        ServiceViewSet,
        SuggestionViewSet,
        OrganisationViewSet,
        LocationViewSet,
        ImportViewSet,
        SchoolTermViewSet,
        NeedViewSet,
        CategoryViewSet,
        VocabularyTermViewSet,
    )
    menu_label = "Services"
    menu_name = "services"
    menu_icon = "list-ul"
    menu_order = 150
