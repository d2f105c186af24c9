"""Which pages and services families found useful, over some months, small numbers left out."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail.admin.menu import MenuItem

from feedback import useful
from localoffer.belonging import site_of
from localoffer.spreadsheets import WRITERS

RIGHT = "feedback.view_usefulcount"


class MonthsForm(forms.Form):
    """From and to, as months; what does not fit is the last twelve months."""

    start = forms.DateField(
        label="From", required=False, input_formats=["%Y-%m"], widget=forms.DateInput(attrs={"type": "month"})
    )
    end = forms.DateField(
        label="To", required=False, input_formats=["%Y-%m"], widget=forms.DateInput(attrs={"type": "month"})
    )

    def months(self) -> tuple[date, date]:
        today = timezone.localdate()
        self.is_valid()
        start = self.cleaned_data.get("start") or today.replace(year=today.year - 1, day=1)
        end = self.cleaned_data.get("end") or today
        return (start, end) if start <= end else (end, start)


@require_safe
def useful_report(request: HttpRequest) -> HttpResponseBase:
    """Every address somebody answered about."""
    if not request.user.has_perm(RIGHT):
        raise PermissionDenied("You may not read this report.")
    form = MonthsForm(request.GET)
    start, end = form.months()
    rows = useful.by_address(site_of(request, RIGHT), start, end)
    write = WRITERS.get(request.GET.get("export", ""))
    if write:
        return write(f"useful-{start:%Y-%m}-{end:%Y-%m}", useful.HEADINGS, useful.table(rows))
    context: dict[str, Any] = {
        "page_title": "Was it useful?",
        "header_icon": "help",
        "form": form,
        "headings": useful.HEADINGS,
        "rows": useful.table(rows),
        "query": request.GET.urlencode(),
        "start": start,
        "end": end,
    }
    return render(request, "feedback/admin/useful.html", context)


class UsefulMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(RIGHT))


def menu_item() -> MenuItem:
    return UsefulMenuItem("Was it useful?", reverse("feedback_useful"), icon_name="help", order=130)


urls = [path("was-it-useful/", useful_report, name="feedback_useful")]
