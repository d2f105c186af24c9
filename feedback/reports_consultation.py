"""Whom the law has asked, and who has not been invited in the last twelve months."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail.admin.menu import MenuItem

from feedback import consultation
from localoffer.belonging import site_of
from localoffer.spreadsheets import WRITERS

RIGHT = "feedback.view_consultationround"


@require_safe
def asked_report(request: HttpRequest) -> HttpResponseBase:
    """Every consultee and how it was asked; the ones not invited first."""
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied("You may not read this report.")
    today = timezone.localdate()
    rows = consultation.asked(site_of(request, RIGHT), today)
    write = WRITERS.get(request.GET.get("export", ""))
    if write:
        return write(f"consultees-{today.isoformat()}", consultation.HEADINGS, consultation.table(rows))
    missing = [row for row in rows if row.category.is_required and row.invited_on is None]
    context = {
        "page_title": "Who we asked",
        "header_icon": "group",
        "since": consultation.cycle_start(today),
        "rows": sorted(rows, key=lambda row: (row not in missing, row.category.order)),
        "missing_count": len(missing),
        "required_count": sum(row.category.is_required for row in rows),
    }
    return render(request, "feedback/admin/asked.html", context)


class AskedMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(RIGHT))


def menu_item() -> MenuItem:
    return AskedMenuItem("Who we asked", reverse("feedback_asked"), icon_name="group", order=120)


urls = [path("who-we-asked/", asked_report, name="feedback_asked")]
