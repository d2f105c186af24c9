"""Pages whose public credit has lapsed: the words are not those that the forum approved."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_safe
from wagtail.admin.menu import MenuItem

from localoffer import coproduction
from localoffer.belonging import site_of
from localoffer.spreadsheets import WRITERS

HEADINGS = ("Page", "Made with", "Approved on", "Changed on", "Answers changed", "Address")


@require_safe
def lapsed_report(request: HttpRequest) -> HttpResponseBase:
    """Live pages that could be credited again after a new review."""
    rows = coproduction.lapsed(site_of(request))
    write = WRITERS.get(request.GET.get("export", ""))
    if write:
        cells = [
            (
                row.page.title,
                row.credit.group_name,
                row.credit.approved_on.isoformat(),
                row.changed_on and row.changed_on.isoformat(),
                "; ".join(row.changed),
                row.page.full_url,
            )
            for row in rows
        ]
        return write("lapsed-credit", HEADINGS, cells)
    context = {"page_title": "Lapsed credit", "header_icon": "group", "rows": rows}
    return render(request, "localoffer/admin/lapsed_credit.html", context)


def menu_item() -> MenuItem:
    return MenuItem("Lapsed credit", reverse("lapsed_credit"), icon_name="group", order=110)


urls = [path("lapsed-credit/", lapsed_report, name="lapsed_credit")]
