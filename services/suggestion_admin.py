"""What providers suggest, in the admin: the list, and one suggestion beside the entry as it is now."""

from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import BooleanField, Case, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.ui.sidebar import LinkMenuItem
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.generic import IndexView
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin
from wagtail.admin.views.generic.permissions import PermissionCheckedMixin
from wagtail.admin.viewsets.model import ModelViewSet

from localoffer.belonging import own_rows, owns
from localoffer.own_views import OwnRows
from services import changes
from services.assurance import ChangedMeanwhile, apply_suggestion, as_edited, what_stands
from services.correspondents import provider_role
from services.enums import ReminderState, SuggestionKind, SuggestionState
from services.models import Service, Suggestion
from services.review_mail import tell_decision

PUBLISH = "services.publish_service"


def waiting_words(suggestion: Suggestion) -> str:
    """How long it has waited, in days; nothing once it is decided."""
    if suggestion.state != SuggestionState.WAITING:
        return ""
    days = (timezone.localdate() - timezone.localdate(suggestion.made_at)).days
    return "Today" if days <= 0 else f"{days} day{'' if days == 1 else 's'}"


def what_words(suggestion: Suggestion) -> str:
    """Which fields a suggestion touches."""
    if suggestion.kind == SuggestionKind.CLOSED:
        return suggestion.get_kind_display()
    names = changes.named(set(suggestion.proposed))
    return ", ".join([*names, *(["a note"] if suggestion.note else [])])


def owns_publishing(user: Any, service: Service) -> bool:
    """Whether somebody may put what is accepted on the site at once."""
    return user.has_perm(PUBLISH) and owns(user, service, PUBLISH)


def decide_url(suggestion: Suggestion) -> str:
    return reverse("services_suggestions:edit", args=[suggestion.pk])


class _EverySuggestion(IndexView):
    """What waits first, the oldest of it first; then what is decided, the newest first."""

    page_title = "Suggested changes"

    def get_base_queryset(self) -> QuerySet[Suggestion]:
        return Suggestion.objects.select_related("service__organisation")

    def order_queryset(self, queryset: QuerySet[Suggestion]) -> QuerySet[Suggestion]:
        if self.is_explicitly_ordered and self.ordering:
            return super().order_queryset(queryset)
        waits = Q(state=SuggestionState.WAITING)
        return queryset.annotate(
            waits=Case(When(waits, then=Value(True)), default=Value(False), output_field=BooleanField()),
            since=Case(When(waits, then="made_at")),
        ).order_by("-waits", "since", "-made_at", "-pk")


class SuggestionIndexView(OwnRows, _EverySuggestion):
    """Those that belong to the officer's own authorities."""


class DecisionForm(forms.Form):
    """What an officer decides. `looked_at` is a print of what they saw."""

    looked_at = forms.CharField(widget=forms.HiddenInput, required=False)
    accept = forms.MultipleChoiceField(required=False)
    message = forms.CharField(
        label="Message to the provider",
        help_text="Goes to them by email with what you decided.",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, suggestion: Suggestion, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.suggestion = suggestion
        names = suggestion.open_fields
        self.fields["accept"].choices = [(name, changes.LABELS.get(name, name)) for name in names]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "decline" not in self.data and self.suggestion.open_fields and not cleaned.get("accept"):
            raise ValidationError("Tick what you accept, or choose “Accept nothing”.")
        return cleaned

    @property
    def chosen(self) -> list[str] | None:
        return None if "decline" in self.data else self.cleaned_data["accept"]


class DecideView(PermissionCheckedMixin, WagtailAdminTemplateMixin, TemplateView):
    """One suggestion field by field beside the entry as it is now, and the decision."""

    model = Suggestion
    permission_required = "change"
    index_url_name = ""
    edit_url_name = ""
    header_icon = ""
    template_name = "services/admin/suggestion.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.suggestion = get_object_or_404(
            Suggestion.objects.select_related(
                "service__organisation__review", "service__authority", "decided_by"
            ),
            pk=kwargs["pk"],
        )
        self.page_title = self.suggestion.service.name

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self._page(DecisionForm(self.suggestion, initial={"accept": self._free_of_conflict()}))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "tell" in request.POST:
            return self._tell_again(request)
        form = DecisionForm(self.suggestion, request.POST)
        if not form.is_valid():
            messages.error(request, "Nothing was saved. Look at what is marked below.")
            return self._page(form)
        try:
            decided = apply_suggestion(
                suggestion=self.suggestion,
                fields=form.chosen,
                looked_at=form.cleaned_data["looked_at"],
                user=request.user,
                message=form.cleaned_data["message"],
                by_role=provider_role(self.suggestion.service),
                may_publish=owns_publishing(request.user, self.suggestion.service),
            )
        except (ChangedMeanwhile, ValidationError) as error:
            for text in getattr(error, "messages", None) or [str(error)]:
                form.add_error(None, text)
            messages.error(request, "Nothing was saved. Look at what is marked below.")
            self.suggestion.refresh_from_db()
            return self._page(form)
        self._say(request, tell_decision(decided))
        return redirect(self.index_url_name)

    def _tell_again(self, request: HttpRequest) -> HttpResponse:
        if self.suggestion.state == SuggestionState.WAITING:
            raise PermissionDenied
        self._say(request, tell_decision(self.suggestion))
        return redirect(request.path)

    def _say(self, request: HttpRequest, told: str) -> None:
        name = self.suggestion.service.name
        if told == ReminderState.SENT:
            messages.success(request, f"{name}: saved, and the provider was told by email.")
        elif told == ReminderState.NOWHERE:
            messages.warning(request, f"{name}: saved. There is no address to tell the provider at.")
        else:
            messages.error(request, f"{name}: saved, but the email to the provider could not be sent.")

    @cached_property
    def _entry(self) -> Service:
        return as_edited(Service.objects.get(pk=self.suggestion.service_id))

    def _differences(self) -> list[changes.Difference]:
        found = self.suggestion
        return changes.differences(self._entry, found.seen, found.proposed, found.passed)

    def _free_of_conflict(self) -> list[str]:
        return [each.name for each in self._differences() if not each.conflict]

    def _page(self, form: DecisionForm) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form))

    def get_breadcrumbs_items(self) -> list[dict[str, str]]:
        return [
            *self.breadcrumbs_items,
            {"url": reverse(self.index_url_name), "label": "Suggested changes"},
            {"url": "", "label": self.page_title},
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        form, found = context["form"], self.suggestion
        ticked = form["accept"].value() or []
        waits = found.state == SuggestionState.WAITING
        service = Service.objects.get(pk=found.service_id)
        return {
            **context,
            "suggestion": found,
            "service": service,
            "rows": [
                (each, each.name in ticked, each.name in found.accepted) for each in self._differences()
            ],
            "waits": waits,
            "looked_at": what_stands(service, found) if waits else "",
            "is_closing": found.kind == SuggestionKind.CLOSED,
            "has_draft": service.has_unpublished_changes and service.live,
            "may_publish": owns_publishing(self.request.user, service),
            "may_tell": not waits and found.told in (ReminderState.FAILED, ReminderState.NOWHERE, ""),
            "edit_url": reverse("wagtailsnippets_services_service:edit", args=[service.pk]),
        }


class SuggestionViewSet(ModelViewSet):
    """What providers would change. Nothing is added or deleted here, and who may edit entries decides."""

    model = Suggestion
    name = "services_suggestions"
    url_prefix = "services/suggestions"
    icon = "edit"
    menu_label = "Suggested changes"
    menu_name = "suggested-changes"
    index_view_class = SuggestionIndexView
    edit_view_class = DecideView
    add_to_reference_index = False
    copy_view_enabled = False
    search_backend_name = None
    search_fields = ["service__name", "service__organisation__name"]
    list_filter = ["state", "kind"]
    list_per_page = 50
    exclude_form_fields: list[str] = []
    list_display = [
        TitleColumn("service", label="Service", accessor="service", get_url=decide_url),
        Column("provider", label="Provider", accessor="service.organisation"),
        Column("what", label="What", accessor=what_words),
        Column("waiting", label="Waiting for", accessor=waiting_words),
        Column("state", label="State", accessor="get_state_display", sort_key="state"),
    ]

    @cached_property
    def menu_item_class(self) -> type:
        return type("CountedMenuItem", (_Counted, super().menu_item_class), {})

    def get_common_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        nowhere = dict.fromkeys(
            ("add_url_name", "delete_url_name", "history_url_name", "usage_url_name", "copy_url_name")
        )
        return super().get_common_view_kwargs(**{**nowhere, **kwargs})

    def get_edit_view_kwargs(self, **kwargs: Any) -> dict[str, Any]:
        return kwargs

    def get_urlpatterns(self) -> list[URLPattern]:
        return [
            path("", self.index_view, name="index"),
            path("results/", self.index_results_view, name="index_results"),
            path("<int:pk>/", self.edit_view, name="edit"),
        ]


class _Counted:
    """A line of the menu that says how many wait."""

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        item = super().render_component(request)
        number = own_rows(Suggestion.objects.waiting(), request.user, "services.change_service").count()
        if number:
            item.label = f"{item.label} ({number})"
        return item
