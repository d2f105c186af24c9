"""The demonstration's account of itself: a scorecard and a self-evaluation. Its own figures are invented."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from wagtail.models import Page, Site

from localoffer import committee_reports
from localoffer.evaluation import load_sets
from localoffer.models import (
    Audience,
    EvaluationEntry,
    EvaluationSet,
    Rating,
    ResponsibilityPage,
    ScorecardPage,
    SelfEvaluationPage,
    Visibility,
)
from localoffer.statistics import apply_plans, make_plans


@transaction.atomic
def load_account(site: Site, folder: Path) -> int:
    """Load the statistics and publish what is not there yet; how many pages were made."""
    apply_plans(plans=make_plans(sorted((folder / "statistics").glob("*.csv"))))
    load_sets()
    home, made = site.root_page, 0
    if not ScorecardPage.objects.child_of(home).exists():
        _publish(home, _scorecard(_read(folder, "scorecard")))
        made += 1
    if not SelfEvaluationPage.objects.child_of(home).exists():
        row = _read(folder, "self_evaluation")
        page = _self_evaluation(row)
        _publish(home, page)
        _rate(page, row["ratings"])
        made += 1
    if not ResponsibilityPage.objects.child_of(home).exists():
        _publish(home, _responsibility(_read(folder, "responsibility")))
        made += 1
    if not Audience.objects.filter(authority=site).exists():
        _report_to(site, _read(folder, "audiences"))
    return made


def _responsibility(row: dict[str, Any]) -> ResponsibilityPage:
    days = {name: date.fromisoformat(row[name]) for name in ("reviewed_on", "review_by")}
    duties = [
        ("duty", {"agency": agency, "duty": duty, "role": role}) for agency, duty, role in row["duties"]
    ]
    words = {name: row[name] for name in ("title", "slug", "introduction", "search_description")}
    return ResponsibilityPage(**words, **days, responsibilities=duties, live=False)


def _report_to(site: Site, rows: list[dict[str, Any]]) -> None:
    """The audiences, with a draft that waits for the one whose report is due first."""
    for row in rows:
        Audience.objects.create(
            authority=site,
            name=row["name"],
            every_months=row["every_months"],
            first_due=date.fromisoformat(row["first_due"]),
        )
    committee_reports.draft(audience=Audience.objects.filter(authority=site).earliest("first_due"))


def _read(folder: Path, name: str) -> Any:
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


def _publish(home: Page, page: Page) -> None:
    home.add_child(instance=page)
    page.save_revision().publish()
    home.refresh_from_db()


def _self_evaluation(row: dict[str, Any]) -> SelfEvaluationPage:
    held = EvaluationSet.objects.filter(key=row["set"], version=row["version"]).order_by("authority").first()
    items = {item.code: item for item in held.items.all()}
    page = SelfEvaluationPage(
        **{name: row[name] for name in ("title", "slug", "introduction", "search_description")},
        evaluation_set=held,
        visibility=Visibility.PUBLIC,
        live=False,
    )
    page.entries = [
        EvaluationEntry(
            item=items[entry["code"]],
            **{name: entry[name] for name in ("achieved", "next_steps", "owner")},
            due_on=date.fromisoformat(entry["due_on"]),
            evidence=[(kind, value) for kind, value in entry["evidence"]],
        )
        for entry in row["entries"]
    ]
    return page


def _rate(page: SelfEvaluationPage, ratings: dict[str, dict[str, str]]) -> None:
    """`ratings`: month to code to rating. They are the invented council's own, so nobody signs them."""
    items = {item.code: item for item in page.evaluation_set.items.all()}
    Rating.objects.bulk_create(
        Rating(page=page, item=items[code], month=date.fromisoformat(f"{month}-01"), rating=key)
        for month, said in ratings.items()
        for code, key in said.items()
    )


def _scorecard(row: dict[str, Any]) -> ScorecardPage:
    words = ("title", "slug", "introduction", "figures_note", "search_description", "region")
    return ScorecardPage(
        **{name: row[name] for name in words},
        visibility=Visibility.PUBLIC,
        neighbours=[("area", code) for code in row["neighbours"]],
        indicators=[("indicator", _indicator(one)) for one in row["indicators"]],
        live=False,
    )


def _indicator(row: dict[str, Any]) -> dict[str, Any]:
    return {
        **row,
        "target": Decimal(row["target"]) if row.get("target") else None,
        "next_published": date.fromisoformat(row["next_published"]),
        "figures": [
            {"period": period, "value": Decimal(value) if value else None, "note": ""}
            for period, value in row["figures"]
        ],
    }
