"""Twins that are behind their page: the report, the dashboard panel, and "still right"."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.log_actions import LogActionRegistry

from localoffer import twins
from localoffer.belonging import own_pages, site_of
from localoffer.models import TwinPage
from localoffer.spreadsheets import WRITERS
from localoffer.twins import TwinState

HEADINGS = ("Version", "Kind", "Belongs to", "State", "Page changed on", "Address")
SHOWN = 8


def _state_words(state: TwinState) -> str:
    if not state.behind:
        return "Up to date"
    return "Behind its page" if state.parent.live else "Its page is not live"


def _row(state: TwinState, user: Any) -> dict[str, Any]:
    return {
        "twin": state.twin,
        "parent": state.parent,
        "words": _state_words(state),
        "behind": state.behind,
        "changed_on": state.twin.changed_on() if state.behind else None,
        "may_confirm": state.behind and state.parent.live and twins.may_confirm(state.twin, user),
    }


@require_safe
def twins_report(request: HttpRequest) -> HttpResponseBase:
    """Every live twin and how it stands, those behind first."""
    rows = [_row(state, request.user) for state in twins.states(site_of(request))]
    write = WRITERS.get(request.GET.get("export", ""))
    if write:
        return write("twins", HEADINGS, [_cells(row) for row in rows])
    context = {"page_title": "Other versions of pages", "header_icon": "copy", "rows": rows}
    return render(request, "localoffer/admin/twins.html", context)


def _cells(row: dict[str, Any]) -> tuple[Any, ...]:
    twin, changed = row["twin"], row["changed_on"]
    return (
        twin.title,
        twin.words,
        row["parent"].title,
        row["words"],
        changed and changed.isoformat(),
        twin.full_url,
    )


@require_POST
def confirm_twin(request: HttpRequest, pk: int) -> HttpResponse:
    """A person has compared the two, and the twin is still right."""
    twin = get_object_or_404(own_pages(TwinPage.objects.all(), request.user), pk=pk).specific
    if not twins.may_confirm(twin, request.user):
        raise PermissionDenied
    try:
        twins.confirm(twin=twin, user=request.user)
    except ValueError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"“{twin.title}” is marked as still right.")
    return redirect("twins_report")


class TwinsPanel(Component):
    """Twins that families are told we are checking; nothing on the dashboard while there are none."""

    name = "twins"
    template_name = "localoffer/admin/twins_panel.html"
    order = 120

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        behind = twins.behind(site_of(self.request))
        return {"behind": behind[:SHOWN], "count": len(behind)}


def menu_item() -> MenuItem:
    return MenuItem("Other versions", reverse("twins_report"), icon_name="copy", order=120)


def log_actions(actions: LogActionRegistry) -> None:
    actions.register_action(twins.CONFIRM_ACTION, "Confirm version", "Confirmed as still right")


urls = [
    path("twins/", twins_report, name="twins_report"),
    path("twins/<int:pk>/confirm/", confirm_twin, name="confirm_twin"),
]
