"""Giving account, for officers: the evidence pack, roles that no table lists, and what is due."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.models import Site

from localoffer import evaluation, evidence_pack, responsibility
from localoffer.belonging import site_of
from localoffer.day_input import DayInput
from localoffer.models import Audience, ScorecardPage, SelfEvaluationPage

SOON = timedelta(days=60)


class PackForm(forms.Form):
    start = forms.DateField(label="From", widget=DayInput())
    end = forms.DateField(label="To", widget=DayInput())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and start > end:
            self.add_error("end", "The last day must be after the first.")
        if end and end > timezone.localdate():
            self.add_error("end", "That day has not come yet. Choose today or an earlier day.")
        return cleaned


@require_http_methods(["GET", "POST"])
def pack(request: HttpRequest) -> HttpResponse:
    """Choose a period; the pack is written while it is sent."""
    if not request.user.has_perm("localoffer.add_signoff"):
        raise PermissionDenied
    site, today = site_of(request, "localoffer.add_signoff"), timezone.localdate()
    form = PackForm(request.POST or None, initial={"start": today - timedelta(days=365), "end": today})
    if request.method == "POST" and form.is_valid():
        pieces = evidence_pack.stream(site, form.cleaned_data["start"], form.cleaned_data["end"])
        response = StreamingHttpResponse(pieces, content_type="application/zip")
        name = evidence_pack.file_name(site, today)
        response["Content-Disposition"] = f'attachment; filename="{name}"'
        response["Cache-Control"] = "no-store"
        return response
    parts = evidence_pack.parts_of(site, today, today)
    context = {"page_title": "Evidence pack", "header_icon": "download", "form": form, "parts": parts}
    return render(request, "localoffer/admin/evidence_pack.html", context)


def roles(request: HttpRequest) -> HttpResponse:
    """Roles that the site names and no table of duties lists."""
    rows = responsibility.not_in_table(site_of(request))
    context = {"page_title": "Roles", "header_icon": "group", "rows": rows}
    return render(request, "localoffer/admin/roles.html", context)


class AccountPanel(Component):
    """Figures out of date, next reports due, and next steps that are late. Silent where all is well."""

    name = "account"
    template_name = "localoffer/admin/account_panel.html"
    order = 130

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        site, today = site_of(self.request), timezone.localdate()
        return {
            "figures": _old_figures(site, today),
            "reports": [
                (audience, reverse("draft_committee", args=[audience.pk]))
                for audience in Audience.objects.filter(authority=site)
                if audience.next_due <= today + SOON
            ],
            "steps": _late_steps(site),
        }


def _old_figures(site: Site, today: date) -> list[tuple[str, date, str]]:
    """(indicator, when its next figures were due, where to mend it)."""
    found = []
    for page in ScorecardPage.objects.live().descendant_of(site.root_page):
        edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
        for block in page.indicators:
            due = block.value.get("next_published")
            if due and due < today:
                found.append((block.value.heading, due, edit))
    return found


def _late_steps(site: Site) -> list[tuple[str, date, str]]:
    found = []
    for page in SelfEvaluationPage.objects.live().descendant_of(site.root_page):
        edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
        late = (row for row in evaluation.read(page).rows if row.is_overdue and row.entry)
        found += [(str(row.item), row.entry.due_on, edit) for row in late]
    return found


def pack_item() -> MenuItem:
    return MenuItem("Evidence pack", reverse("evidence_pack"), icon_name="download", order=110)


def roles_item() -> MenuItem:
    return MenuItem("Roles", reverse("roles_report"), icon_name="group", order=120)


urls = [
    path("evidence-pack/", pack, name="evidence_pack"),
    path("roles/", roles, name="roles_report"),
]
