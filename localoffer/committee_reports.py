"""Drafting a committee's report from live data: coverage, ratings and their movement, and what the
apps above add through the Wagtail hook `register_committee_figures`: a function
`(site: Site, start: date, end: date) -> list[FigureGroup]`."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.text import slugify
from wagtail import hooks
from wagtail.models import Page, Site

from localoffer import digests, evaluation
from localoffer.coverage import STATUS_WORDS, Status, audit
from localoffer.history import sections_as_of
from localoffer.models import Audience, CommitteeReportPage, SelfEvaluationPage, Visibility
from localoffer.models.committee_report import PROSE, add_months
from localoffer.regulations import WEIGHT_WORDS, Weight

NOT_RATED = "Not rated yet"


@dataclass(frozen=True, slots=True)
class FigureGroup:
    """A table of a report: `rows` of cells, all text, under `columns`."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def figures(site: Site, start: date, end: date) -> dict[str, Any]:
    """All that a report counts for a period, as plain data that can be kept."""
    groups = [_coverage(site, start, end)]
    for provide in hooks.get_hooks("register_committee_figures"):
        groups += provide(site, start, end)
    pages = SelfEvaluationPage.objects.live().descendant_of(site.root_page)
    ratings = [table for page in pages for table in _ratings(page, start, end)]
    return {
        "counted_on": timezone.localdate().isoformat(),
        "groups": [asdict(group) for group in groups],
        "ratings": ratings,
    }


def _coverage(site: Site, start: date, end: date) -> FigureGroup:
    """How far the site answered the law on the first and the last day."""
    days = (start, min(end, timezone.localdate()))
    results = [audit(site, day, sections_as_of(site, day)) for day in days]
    rows = [
        (WEIGHT_WORDS[weight], *(f"{result.score(weight):.0f}%" for result in results)) for weight in Weight
    ]
    rows += [
        (f"Questions: {STATUS_WORDS[status].lower()}", *(str(result.count()[status]) for result in results))
        for status in Status
    ]
    heads = tuple(f"{day:%-d %B %Y}" for day in days)
    return FigureGroup("How far the site answers the law", ("What", *heads), tuple(rows))


def _ratings(page: SelfEvaluationPage, start: date, end: date) -> list[dict[str, Any]]:
    """Ratings by exception, each with its word, its symbol and how it moved since `start`."""
    before = evaluation.read(page, start - timedelta(days=1))
    found = []
    for group in evaluation.read(page, end).since(before).exceptions:
        rows = [
            {
                "code": row.item.code,
                "text": row.item.text,
                "now": asdict(row.now) if row.now else None,
                "before": row.before.word if row.before else NOT_RATED,
                "next": row.entry.next_steps if row.entry else "",
                "owner": row.entry.owner if row.entry else "",
            }
            for row in group.rows
        ]
        found.append({"title": f"{page.title}: {group.title}", "rows": rows})
    return found


def tables_of(page: CommitteeReportPage) -> list[dict[str, Any]]:
    """The ratings that a report keeps, with each mark as it is drawn."""
    return [
        {
            "title": table["title"],
            "rows": [{**row, "now": row["now"] and evaluation.Mark(**row["now"])} for row in table["rows"]],
        }
        for table in page.figures.get("ratings", [])
    ]


@transaction.atomic
def draft(*, audience: Audience, by: Any = None, today: date | None = None) -> CommitteeReportPage:
    """A draft for the period since the last report, with everything counted and its words begun.

    Raises PermissionDenied for who may not add pages.
    """
    today = today or timezone.localdate()
    site, home = audience.authority, audience.authority.root_page
    if by is not None and not home.permissions_for_user(by).can_add_subpage():
        raise PermissionDenied("You may not add pages here.")
    last = audience.last_sent
    start = last + timedelta(days=1) if last else add_months(today, -audience.every_months)
    start = min(start, today)
    counted = figures(site, start, today)
    page = CommitteeReportPage(
        title=f"{audience.name}: report of {today:%B %Y}",
        slug=_free_slug(home, slugify(f"{audience.name} {today:%B %Y}")),
        audience=audience,
        start=start,
        end=today,
        figures=counted,
        visibility=Visibility.COUNCILLORS,
        live=False,
        **_words(audience, start, today, counted),
    )
    home.add_child(instance=page)
    page.save_revision(user=by)
    return page


def _words(audience: Audience, start: date, end: date, counted: dict[str, Any]) -> dict[str, str]:
    """First words, for a person to mend: every number in them is one that was counted."""
    score = counted["groups"][0]["rows"][0]
    slipped = [r for t in counted["ratings"] if t["title"].endswith(": Slipped") for r in t["rows"]]
    steps = [row for table in counted["ratings"] for row in table["rows"] if row["next"]]
    listed = format_html_join("", "<li>{}: {} ({})</li>", ((r["code"], r["next"], r["owner"]) for r in steps))
    return {
        "purpose": format_html(
            "<p>To tell the {} how help for children and young people with special educational needs "
            "or a disability went from {} to {}.</p>",
            audience.name,
            f"{start:%-d %B %Y}",
            f"{end:%-d %B %Y}",
        ),
        "summary": format_html(
            "<p>The site answers {} of what the law asks; it was {}. {} of our own ratings slipped.</p>",
            score[2],
            score[1],
            len(slipped),
        ),
        "progress": "",
        "next_steps": format_html("<ul>{}</ul>", listed) if steps else "",
        "recommendation": "<p>The committee is asked to note this report.</p>",
    }


def count_again(*, page: CommitteeReportPage, user: Any) -> None:
    """Count a draft's figures anew. Raises PermissionDenied for a fixed report or a stranger."""
    if page.frozen_on or not page.permissions_for_user(user).can_edit():
        raise PermissionDenied("This report cannot be counted again.")
    site = page.get_site()
    page.figures = figures(site, page.start, page.end)
    type(page).objects.filter(pk=page.pk).update(figures=page.figures)
    page.save_revision(user=user)


def digest_of(page: CommitteeReportPage) -> str:
    """Of all that a report says and counts."""
    texts: Iterable[str] = (page.title, str(page.start), str(page.end), *(getattr(page, n) for n in PROSE))
    return digests.digest([*map(digests.plain, texts), json.dumps(page.figures, sort_keys=True)])


def _free_slug(parent: Page, wanted: str) -> str:
    taken = set(parent.get_children().values_list("slug", flat=True))
    return next(s for s in (wanted, *(f"{wanted}-{n}" for n in range(2, 1000))) if s not in taken)
