"""The demonstration's scorecard: invented figures of its own beside the real ones of others."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import transaction
from wagtail.models import Site

from localoffer.models import ScorecardPage, Visibility
from localoffer.statistics import apply_plans, make_plans


@transaction.atomic
def load_account(site: Site, folder: Path) -> int:
    """Load the statistics, and publish the scorecard where it is not there yet; how many pages were made."""
    apply_plans(plans=make_plans(sorted((folder / "statistics").glob("*.csv"))))
    if ScorecardPage.objects.child_of(site.root_page).exists():
        return 0
    home = site.root_page
    page = _scorecard(json.loads((folder / "scorecard.json").read_text(encoding="utf-8")))
    home.add_child(instance=page)
    page.save_revision().publish()
    return 1


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
