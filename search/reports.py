"""What families looked for and did not find, and what an editor makes of it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Sum
from django.http import HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.models import Site
from wagtail.permissions import policy_registry

from localoffer.belonging import site_of
from localoffer.clock import today
from localoffer.pagination import paginate
from localoffer.signals import gap_found, gaps_sought
from localoffer.spreadsheets import WRITERS
from search import finder, log
from search.models import BestBet, SearchCount, SynonymGroup

PER_PAGE = 25
SHOWN_ON_DASHBOARD = 5
HEADINGS = ("Words", "Searches", "Not found", "From")
PERMISSION = "search.view_searchcount"
LONGEST_NOTE = 500


class LogFilter(forms.Form):
    """Of which days, and whether only what found nothing; anything unknown is passed over."""

    days = forms.TypedChoiceField(
        required=False,
        coerce=int,
        empty_value=28,
        choices=[(7, "The last week"), (28, "The last four weeks"), (90, "Three months"), (365, "A year")],
    )
    which = forms.ChoiceField(
        required=False,
        label="Searches",
        choices=[("failed", "Not found"), ("all", "All made often")],
    )

    def period(self) -> int:
        self.is_valid()
        return int(self.cleaned_data.get("days") or 28)

    def only_failed(self) -> bool:
        self.is_valid()
        return self.cleaned_data.get("which") != "all"


@dataclass(frozen=True, slots=True)
class Searched:
    """Words with how often they were searched. `areas`: first halves of postcodes, the most first."""

    words: str
    searches: int
    failed: int
    areas: tuple[tuple[str, int], ...] = ()

    @property
    def query(self) -> str:
        return urlencode({"q": self.words})


def searched(site: Site, *, days: int, only_failed: bool) -> list[Searched]:
    """What was searched for often in the last `days`, what failed most first. Two queries."""
    since = today() - timedelta(days=days)
    rows = SearchCount.objects.filter(authority=site, day__gt=since)
    totals = (
        rows.filter(outcode="").values("words").annotate(made=Sum("searches"), lost=Sum("failed")).order_by()
    )
    areas: dict[str, list[tuple[str, int]]] = {}
    from_where = rows.exclude(outcode="").values("words", "outcode").annotate(made=Sum("searches"))
    for row in from_where.order_by("-made", "outcode"):
        areas.setdefault(row["words"], []).append((row["outcode"], row["made"]))
    found = [
        Searched(row["words"], row["made"], row["lost"], tuple(areas.get(row["words"], ())))
        for row in totals
        if row["lost"] or not only_failed
    ]
    return sorted(found, key=lambda each: (-each.failed, -each.searches, each.words))


def failed_since(site: Site, since: date) -> list[tuple[str, int]]:
    """For the hook `localoffer_failed_searches`: words and how often they found nothing since a day."""
    days = max(1, (today() - since).days)
    return [(each.words, each.failed) for each in searched(site, days=days, only_failed=True)]


@require_safe
def failed_searches(request: HttpRequest) -> HttpResponseBase:
    """What found nothing, what it finds now, and three ways to mend it."""
    _allow(request)
    site = site_of(request, PERMISSION)
    form = LogFilter({"days": "28", "which": "failed", **request.GET.dict()})
    found = searched(site, days=form.period(), only_failed=form.only_failed())
    write = WRITERS.get(request.GET.get("export", ""))
    if write:
        cells = [
            (each.words, each.searches, each.failed, ", ".join(f"{a} {n}" for a, n in each.areas))
            for each in found
        ]
        return write(f"searches-{today().isoformat()}", HEADINGS, cells)
    pager = paginate(len(found), request.GET, per_page=PER_PAGE)
    query = request.GET.copy()
    query.pop("export", None)
    query.pop("page", None)
    shown = found[pager.slice]
    gaps = _gaps(site, [each.words for each in shown])
    context = {
        "page_title": "Failed searches",
        "header_icon": "search",
        "form": form,
        "rows": [_row(each, site, request.user, gaps.get(each.words, "")) for each in shown],
        "pager": pager,
        "query": query.urlencode(),
        "gap_url": reverse("failed_search_gap") if gap_found.has_listeners() else "",
        "enough": log.ENOUGH,
        "window": log.WINDOW_DAYS,
    }
    return render(request, "search/admin/failed_searches.html", context)


def _gaps(site: Site, words: list[str]) -> dict[str, str]:
    """Words that are on a list of gaps, with the address of each there."""
    answers = gaps_sought.send(sender=SearchCount, authority=site, words=words) if words else []
    return {text: address for _, held in answers for text, address in held.items()}


def _row(each: Searched, site: Site, user: Any, gap: str) -> dict[str, Any]:
    """One search: what it finds now, which gap it is, and what may be made of it."""
    add: dict[str, tuple[type[Model], str]] = {
        "synonym_url": (SynonymGroup, "terms"),
        "bet_url": (BestBet, "phrases"),
    }
    links = {
        name: f"{reverse(f'wagtailsnippets_search_{model._meta.model_name}:add')}"
        f"?{urlencode({field: each.words})}"
        for name, (model, field) in add.items()
        if policy_registry.get_by_type(model).user_has_permission(user, "add")
    }
    now = finder.look(QueryDict(each.query), authority=site.pk)
    try_url = f"{reverse('search:results')}?{each.query}"
    return {"each": each, "now": now, "gap": gap, "try_url": try_url, **links}


class GapForm(forms.Form):
    words = forms.CharField(max_length=80)
    searches = forms.IntegerField(min_value=0, max_value=2_000_000_000, required=False)
    note = forms.CharField(max_length=LONGEST_NOTE, required=False)


@require_POST
def make_gap(request: HttpRequest) -> HttpResponse:
    """Tell who keeps the list of gaps that families look for this and nobody offers it."""
    _allow(request)
    if not request.user.has_perm("search.add_bestbet"):
        raise PermissionDenied
    form = GapForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Not noted: there were no words.")
        return redirect("failed_searches")
    answers = gap_found.send(
        sender=SearchCount,
        authority=site_of(request, "search.add_bestbet"),
        words=form.cleaned_data["words"],
        searches=form.cleaned_data["searches"] or 0,
        note=form.cleaned_data["note"],
        by=request.user,
    )
    address = next((made for _, made in answers if made), "")
    if answers:
        messages.success(request, f"“{form.cleaned_data['words']}” is on the list of gaps.")
    else:
        messages.error(request, "Nothing here keeps a list of gaps, so it was not noted.")
    return redirect(address or "failed_searches")


def _allow(request: HttpRequest) -> None:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied


class FailedSearchesPanel(Component):
    """On the dashboard: what most families did not find in four weeks; nothing where they found all."""

    name = "failed_searches"
    template_name = "search/admin/failed_searches_panel.html"
    order = 130

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        if not self.request.user.has_perm(PERMISSION):
            return {"rows": []}
        found = searched(site_of(self.request, PERMISSION), days=log.WINDOW_DAYS, only_failed=True)
        return {"rows": found[:SHOWN_ON_DASHBOARD], "total": len(found), "url": reverse("failed_searches")}


class FailedSearchesItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(PERMISSION))


def menu_item() -> MenuItem:
    return FailedSearchesItem("Failed searches", reverse("failed_searches"), icon_name="search", order=140)


urls = [
    path("failed-searches/", failed_searches, name="failed_searches"),
    path("failed-searches/gap/", make_gap, name="failed_search_gap"),
]
