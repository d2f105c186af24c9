"""What the demonstration council's staff taught search, its guided finder, and a month of searches."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from wagtail.models import Page, Site

from localoffer.clock import today
from localoffer.sanitising import clean_html
from search.models import BestBet, GuidedFinderPage, SearchCount


@transaction.atomic
def load(site: Site, folder: Path) -> dict[str, int]:
    """Load what is not there yet; how many of each were made."""
    return {
        "guided finder": _load_guided(site, folder),
        "best bets": _load_best_bets(site, folder),
        "counts of searches": _load_searches(site, folder),
    }


def _read(folder: Path, name: str) -> Any:
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


def _load_guided(site: Site, folder: Path) -> int:
    row = _read(folder, "guided")
    home = site.root_page
    if Page.objects.child_of(home).filter(slug=row["slug"]).exists():
        return 0
    page = GuidedFinderPage(
        title=row["title"],
        slug=row["slug"],
        introduction=row["introduction"],
        questions=[
            (each["type"], {key: value for key, value in each.items() if key != "type"})
            for each in row["questions"]
        ],
        outcomes=[("outcome", _outcome(each)) for each in row["outcomes"]],
        live=False,
    )
    home.add_child(instance=page)
    page.save_revision().publish()
    return 1


def _outcome(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "next_steps": [clean_html(html) for html in row["next_steps"]]}


def _load_best_bets(site: Site, folder: Path) -> int:
    """Once: a best bet that staff deleted stays deleted."""
    if BestBet.objects.filter(authority=site).exists():
        return 0
    pages = {page.slug: page for page in Page.objects.child_of(site.root_page)}
    made = [
        BestBet(
            authority=site,
            phrases="\n".join(row["phrases"]),
            page=pages[row["page"]],
            words=row["words"],
        )
        for row in _read(folder, "best_bets")
        if row["page"] in pages
    ]
    for bet in made:
        bet.full_clean()
        bet.save()
    return len(made)


def _load_searches(site: Site, folder: Path) -> int:
    if SearchCount.objects.filter(authority=site).exists():
        return 0
    rows = [
        SearchCount(
            authority=site,
            day=today() - timedelta(days=row["days_ago"]),
            words=row["words"],
            outcode=row["outcode"],
            searches=row["searches"],
            failed=row["failed"],
        )
        for row in _read(folder, "searches")
    ]
    return len(SearchCount.objects.bulk_create(rows))
