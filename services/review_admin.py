"""Checks in the admin: who is asked about an entry, and what waits on the dashboard."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_http_methods
from wagtail.admin import messages
from wagtail.admin.ui.components import Component
from wagtail.admin.widgets.button import Button

from localoffer.belonging import own_rows, owns, people_of, site_of
from services.correspondents import provider_address, with_correspondents
from services.enums import ReminderState
from services.links import broken_count
from services.models import (
    OrganisationReview,
    ReviewSettings,
    Service,
    ServiceReview,
    Suggestion,
)
from services.reminders import unsure_count
from services.review_mail import send_new_link
from services.suggestion_admin import owns_publishing, what_words

SHOWN = 6


# -- whom we ask -------------------------------------------------------------------


class ServiceReviewForm(forms.ModelForm):
    class Meta:
        model = ServiceReview
        fields = ("provider_email", "provider_role", "owner", "owner_role")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = people_of(self.instance.service.authority).exclude(email="")
        self.fields["owner"].queryset = staff.order_by("first_name", "last_name", "username")


class OrganisationReviewForm(forms.ModelForm):
    """To trust a provider is to publish what they will write: that is for those who publish."""

    class Meta:
        model = OrganisationReview
        fields = ("email", "trusted")

    def __init__(self, *args: Any, may_trust: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_trust:
            trusted = self.fields["trusted"]
            trusted.disabled = True
            trusted.help_text = f"{trusted.help_text} Somebody who may publish decides on this."


@require_http_methods(["GET", "HEAD", "POST"])
def who_checks(request: HttpRequest, pk: int) -> HttpResponse:
    """Who answers for an entry and whom we ask: apart from the entry, so that no copy of it holds this."""
    if not request.user.has_perm("services.change_service"):
        raise PermissionDenied
    ours = own_rows(Service.objects.all(), request.user, "services.change_service")
    service = get_object_or_404(with_correspondents(ours), pk=pk)
    data = request.POST if request.method == "POST" and "send" not in request.POST else None
    own = ServiceReviewForm(data, instance=_own(service), prefix="service")
    may_trust = owns_publishing(request.user, service)
    shared = OrganisationReviewForm(
        data, instance=_shared(service), prefix="organisation", may_trust=may_trust
    )
    known = service.organisation is not None and owns(request.user, service.organisation)
    if request.method == "POST" and "send" in request.POST:
        _send_link(request, service)
        return redirect(request.path)
    if data is not None and own.is_valid() and (not known or shared.is_valid()):
        with transaction.atomic():
            own.save()
            if known:
                shared.save()
        messages.success(request, f"{service.name}: saved.")
        return redirect(request.path)
    if data is not None:
        messages.error(request, "Nothing was saved. Look at what is marked below.")
    context = {
        "page_title": "Who checks it",
        "page_subtitle": service.name,
        "header_icon": "mail",
        "service": service,
        "own": own,
        "shared": shared if known else None,
        "has_address": bool(provider_address(service, ReviewSettings.for_site(service.authority))),
        "reminders": service.reminders.order_by("-created_at", "-pk")[:20],
        "suggestions": service.suggestions.all()[:20],
        "edit_url": reverse("wagtailsnippets_services_service:edit", args=[service.pk]),
    }
    return render(request, "services/admin/who_checks.html", context)


def _own(service: Service) -> ServiceReview:
    return ServiceReview.objects.filter(service=service).first() or ServiceReview(service=service)


def _shared(service: Service) -> OrganisationReview:
    held = OrganisationReview.objects.filter(organisation=service.organisation_id).first()
    return held or OrganisationReview(organisation=service.organisation)


def _send_link(request: HttpRequest, service: Service) -> None:
    state = send_new_link(service)
    if state == ReminderState.SENT:
        messages.success(request, "The link is on its way to the provider.")
    elif state == ReminderState.NOWHERE:
        messages.error(request, "There is no address to send it to. Give one first.")
    else:
        messages.error(request, "The email could not be sent. Try again in an hour.")


def who_checks_button(service: Service) -> Button:
    return Button(
        "Who checks it", url=reverse("who_checks", args=[service.pk]), icon_name="mail", priority=16
    )


# -- the dashboard -----------------------------------------------------------------


class CurrencyPanel(Component):
    """Late entries, suggestions, links that broke; nothing at all where nothing waits."""

    name = "currency"
    template_name = "services/admin/currency_panel.html"
    order = 115

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        if not self.request.user.has_perm("services.change_service"):
            return {"is_shown": False}
        site = site_of(self.request, "services.change_service")
        waiting = Suggestion.objects.waiting().of(site)
        late = Service.objects.live().owned_by(site).overdue().count()
        counts = {
            "suggested": waiting.count(),
            "late": late,
            "unsure": unsure_count(site),
            "broken": broken_count(site),
        }
        first = waiting.select_related("service").order_by("made_at")[:SHOWN]
        return {
            **counts,
            "is_shown": any(counts.values()),
            "rows": [(reverse("services_suggestions:edit", args=[s.pk]), s, what_words(s)) for s in first],
            "suggestions_url": reverse("services_suggestions:index"),
            "late_url": reverse("wagtailsnippets_services_service:list") + "?overdue=yes&live=yes",
            "links_url": reverse("broken_links_report"),
        }


urls = [path("services/<int:pk>/who-checks/", who_checks, name="who_checks")]
