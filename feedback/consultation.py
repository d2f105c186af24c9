"""Rounds of consultation: the consultees of the law, who was not asked, and what families read of it."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Site

from feedback.models import ConsultationRound, ConsulteeCategory, ConsulteeRecord
from localoffer.coproduction import keep_credits
from localoffer.models import Credit

FILE = Path(__file__).parent / "data" / "consultees.csv"
# One turn of asking everybody, as long as the law's other turns.
CYCLE = timedelta(days=365)


@transaction.atomic
def load_consultees() -> int:
    """The categories of regulation 54 that are not there yet; labels that staff changed are kept."""
    known = set(ConsulteeCategory.objects.values_list("key", flat=True))
    with FILE.open(encoding="utf-8", newline="") as lines:
        new = [
            ConsulteeCategory(
                key=row["key"],
                label=row["label"],
                reference=row["reference"],
                is_checked=row["checked"] == "yes",
                is_required=row["required"] == "yes",
                order=int(row["order"]),
            )
            for row in csv.DictReader(lines)
            if row["key"] not in known
        ]
    ConsulteeCategory.objects.bulk_create(new)
    return len(new)


@transaction.atomic
def fill_round(found: ConsultationRound) -> int:
    """Give a round a row for every category in use that it has none of, so that none is forgotten."""
    load_consultees()
    there = set(ConsulteeRecord.objects.filter(round=found).values_list("category", flat=True))
    missing = ConsulteeCategory.objects.filter(retired=False).exclude(pk__in=there)
    rows = ConsulteeRecord.objects.bulk_create(
        ConsulteeRecord(round=found, category=category) for category in missing
    )
    return len(rows)


@dataclass(frozen=True, slots=True)
class Asked:
    """One category in the current turn: the latest invitation, and whether an answer came to any."""

    category: ConsulteeCategory
    invited_on: date | None = None
    round: ConsultationRound | None = None
    how: str = ""
    responded: bool = False

    @property
    def words(self) -> str:
        if self.responded:
            return "Answered"
        if self.invited_on:
            return "Invited, no answer yet"
        return "Not invited" if self.category.is_required else "Not invited (check if it applies to you)"


def cycle_start(today: date) -> date:
    return today - CYCLE


def asked(authority: Site, today: date | None = None) -> list[Asked]:
    """Every category in use and how it was asked in the 12 months up to a day. Two queries."""
    today = today or timezone.localdate()
    invited: dict[int, list[ConsulteeRecord]] = {}
    records = ConsulteeRecord.objects.filter(
        round__authority=authority, invited_on__gt=cycle_start(today), invited_on__lte=today
    ).select_related("round")
    for record in records.order_by("-invited_on", "-pk"):
        invited.setdefault(record.category_id, []).append(record)
    return [
        _asked(category, invited.get(category.pk, []))
        for category in ConsulteeCategory.objects.filter(retired=False)
    ]


def _asked(category: ConsulteeCategory, records: list[ConsulteeRecord]) -> Asked:
    if not records:
        return Asked(category)
    latest = records[0]
    answered = any(record.responded for record in records)
    return Asked(category, latest.invited_on, latest.round, latest.how, answered)


def not_invited(authority: Site, today: date | None = None) -> list[ConsulteeCategory]:
    """Those whom the law names and nobody has invited in the 12 months up to a day."""
    return [
        row.category for row in asked(authority, today) if row.category.is_required and row.invited_on is None
    ]


def table(rows: Iterable[Asked]) -> list[tuple[Any, ...]]:
    """As a spreadsheet shows it, under `HEADINGS`."""
    return [
        (
            row.category.label,
            row.category.reference if row.category.is_checked else "Not checked against the law",
            "yes" if row.category.is_required else "no",
            row.words,
            row.invited_on.isoformat() if row.invited_on else "",
            row.how,
            row.round.title if row.round else "",
        )
        for row in rows
    ]


HEADINGS = ("Who", "Law", "Named by the law", "How it stands", "Invited on", "How", "Round")


def of_page(site: Site | None) -> dict[str, Any]:
    """What “How we made this” shows: public rounds, and pages whose words the forum agreed."""
    if site is None:
        return {"rounds": [], "made_together": []}
    rounds = ConsultationRound.objects.of(site).public().prefetch_related("records__category")
    return {
        "rounds": [_public_round(found) for found in rounds],
        "made_together": _made_together(site),
    }


def _public_round(found: ConsultationRound) -> dict[str, Any]:
    records = [record for record in found.records.all() if record.invited_on]
    return {
        "round": found,
        "kind": found.get_kind_display(),
        "subjects": found.subjects,
        "invited": [
            (r.category.label, "Answered" if r.responded else "No answer", r.summary) for r in records
        ],
        "answered_count": sum(record.responded for record in records),
    }


def _made_together(site: Site) -> list[dict[str, Any]]:
    """Pages whose words the forum agreed as they stand (requirement R55-2), the latest first."""
    credited = Credit.objects.filter(requirement="").values("page")
    pages = list(
        Page.objects.descendant_of(site.root_page).live().public().filter(pk__in=credited).specific()
    )
    keep_credits(pages)
    rows = [
        {
            "title": page.title,
            "url": page.get_url(current_site=site) or "",
            "group": page.kept_credits.whole.group_name,
            "on": page.kept_credits.whole.approved_on,
        }
        for page in pages
        if page.kept_credits.whole
    ]
    return sorted(rows, key=lambda row: row["on"], reverse=True)
