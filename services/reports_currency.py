"""How fresh the directory is by kind of provider, and which links broke: reports of the admin."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max, Min, Q
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe
from wagtail.admin.menu import MenuItem
from wagtail.models import Site

from localoffer.belonging import site_of
from localoffer.spreadsheets import WRITERS
from services.enums import CheckedBy, LinkState, ProviderType
from services.intervals import review_months
from services.links import Use, link_counts, uses
from services.models import Service, Suggestion, WebLink

FRESHNESS = (
    "Kind of provider", "Months a check holds", "On the site", "In date", "In date, %", "Late",
    "No date", "Never checked", "Checked by the provider", "Checked by the council",
    "Oldest check", "Newest check", "Due in 30 days", "Changes waiting",
)  # fmt: skip
LINKS = ("Address", "State", "What happened", "Status", "Failing since", "Last asked", "Leads to", "Where")
SEEN_BY = ("services.view_service", "services.change_service")
# The report lists so many on its page; a download has them all.
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Freshness:
    """One kind of provider, or all of them: counts of live entries."""

    kind: str
    months: int | None
    live: int
    late: int
    undated: int
    never: int
    by_provider: int
    by_council: int
    oldest: Any
    newest: Any
    soon: int
    waiting: int

    @property
    def in_date(self) -> int:
        return self.live - self.late - self.undated

    @property
    def percent(self) -> int:
        return round(100 * self.in_date / self.live) if self.live else 0

    @property
    def cells(self) -> tuple[Any, ...]:
        return (
            self.kind, self.months, self.live, self.in_date, self.percent, self.late, self.undated,
            self.never, self.by_provider, self.by_council, self.oldest, self.newest, self.soon, self.waiting,
        )  # fmt: skip


def freshness(site: Site) -> list[Freshness]:
    """A row for each kind of provider that has live entries, the latest first, then one for all."""
    today = timezone.localdate()
    counts = {
        "live": Count("pk"),
        "late": Count("pk", filter=Q(review_by__lt=today)),
        "undated": Count("pk", filter=Q(review_by=None)),
        "never": Count("pk", filter=Q(last_checked=None)),
        "by_provider": Count("pk", filter=Q(checked_side=CheckedBy.PROVIDER)),
        "by_council": Count("pk", filter=Q(checked_side=CheckedBy.COUNCIL)),
        "oldest": Min("last_checked"),
        "newest": Max("last_checked"),
        "soon": Count("pk", filter=Q(review_by__range=(today, today + timedelta(days=30)))),
    }
    live = Service.objects.live().owned_by(site).order_by()
    kinds = dict(ProviderType.choices)
    waiting = dict(
        Suggestion.objects.waiting()
        .of(site)
        .order_by()
        .values_list("service__organisation__provider_type")
        .annotate(Count("pk"))
    )
    rows = [
        Freshness(
            kind=kinds.get(key, "No provider named"),
            months=review_months(key or "", site),
            waiting=waiting.get(key, 0),
            **row,
        )
        for key, row in (
            (row.pop("organisation__provider_type"), row)
            for row in live.values("organisation__provider_type").annotate(**counts)
        )
    ]
    rows.sort(key=lambda row: (row.percent, -row.live, row.kind))
    whole = Freshness(kind="All", months=None, waiting=sum(waiting.values()), **live.aggregate(**counts))
    return [*rows, whole]


@require_safe
def freshness_report(request: HttpRequest) -> HttpResponseBase:
    """How many entries of each kind of provider are in date."""
    _may_see(request)
    rows = freshness(site_of(request, *SEEN_BY))
    write = WRITERS.get(request.GET.get("export", ""))
    if write:
        return write("freshness", FRESHNESS, [row.cells for row in rows])
    context = {"page_title": "How fresh the services are", "header_icon": "date", "rows": rows}
    return render(request, "services/admin/freshness.html", context)


@require_safe
def broken_links_report(request: HttpRequest) -> HttpResponseBase:
    """Addresses that do not work, with every place where each stands."""
    _may_see(request)
    site = site_of(request, *SEEN_BY)
    failing = WebLink.objects.filter(state__in=(LinkState.BROKEN, LinkState.SHAKY))
    bad = list(failing.order_by("state", "failing_since", "url"))
    places: dict[str, list[Use]] = {}
    for url, use in uses({link.url for link in bad}, site) if bad else ():
        places.setdefault(url, []).append(use)
    if Site.objects.count() > 1:  # an address belongs to whoever uses it
        bad = [link for link in bad if link.url in places]
    write = WRITERS.get(request.GET.get("export", ""))
    shown = bad if write else bad[:SHOWN]
    if write:
        return write("broken-links", LINKS, [_link_cells(link, places.get(link.url, ())) for link in shown])
    counts = link_counts(site)
    context = {
        "page_title": "Links that do not work",
        "header_icon": "link",
        "rows": [(link, places.get(link.url, [])) for link in shown],
        "more": len(bad) - len(shown),
        "counts": [(words, counts.get(state, 0)) for state, words in LinkState.choices],
    }
    return render(request, "services/admin/broken_links.html", context)


def _link_cells(link: WebLink, places: Sequence[Use]) -> tuple[Any, ...]:
    return (
        link.url,
        link.get_state_display(),
        link.problem,
        link.status,
        link.failing_since and link.failing_since.date().isoformat(),
        link.checked_at and link.checked_at.date().isoformat(),
        link.moved_to,
        "; ".join(use.title for use in places),
    )


def _may_see(request: HttpRequest) -> None:
    if not any(map(request.user.has_perm, SEEN_BY)):
        raise PermissionDenied


def freshness_item() -> MenuItem:
    return MenuItem("Fresh services", reverse("freshness_report"), icon_name="date", order=130)


def links_item() -> MenuItem:
    return MenuItem("Broken links", reverse("broken_links_report"), icon_name="link", order=131)


urls = [
    path("services/freshness/", freshness_report, name="freshness_report"),
    path("services/broken-links/", broken_links_report, name="broken_links_report"),
]
