"""Rating questions by month, and reading how an area moves: what got better, and what slipped."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Site

from localoffer import clock
from localoffer.models import EvaluationEntry, EvaluationItem, EvaluationSet, Rating, SelfEvaluationPage
from localoffer.models.self_evaluation import first_of
from localoffer.regulations import get_requirement, is_requirement

SHIPPED = Path(__file__).parent / "data" / "evaluation"
SHOWN_MONTHS = 6
RATED = "localoffer.rate"


class CannotRate(ValueError):
    """A rating that cannot be kept; the message says why, in words for an officer."""


class Movement(StrEnum):
    SLIPPED = "slipped"
    BETTER = "better"
    SAME = "same"
    NEW = "new"
    NONE = "none"


MOVEMENT_WORDS = {
    Movement.SLIPPED: "Slipped",
    Movement.BETTER: "Better",
    Movement.SAME: "No change",
    Movement.NEW: "Rated for the first time",
    Movement.NONE: "Not rated yet",
}


STYLES = ("tag--stop", "tag--warn", "tag--done")


@dataclass(frozen=True, slots=True)
class Mark:
    """A rating as it is always shown: word, symbol and colour; `rank` 0 is the worst."""

    key: str
    word: str
    symbol: str
    rank: int

    @property
    def style(self) -> str:
        """The colour of its tag, which never stands alone."""
        return STYLES[min(self.rank, len(STYLES) - 1)]


@dataclass(frozen=True, slots=True)
class Month:
    month: date
    mark: Mark | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """A link that supports a claim; `url` is empty for what is not there any more."""

    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Row:
    """One question: its marks in the months shown, oldest first, and what the authority says of it."""

    item: EvaluationItem
    months: tuple[Month, ...]
    now: Mark | None
    before: Mark | None
    movement: Movement
    entry: EvaluationEntry | None
    evidence: tuple[Evidence, ...] = ()

    @property
    def said(self) -> tuple[str, str, str, date | None]:
        """What the authority says of it, for a table: achieved, what next, who answers for it, due by."""
        entry = self.entry
        return (entry.achieved, entry.next_steps, entry.owner, entry.due_on) if entry else ("", "", "", None)

    @property
    def movement_words(self) -> str:
        if self.movement is Movement.BETTER and self.before and self.now:
            return f"Better: it was “{self.before.word}”"
        if self.movement is Movement.SLIPPED and self.before:
            return f"Slipped: it was “{self.before.word}”"
        return MOVEMENT_WORDS[self.movement]

    @property
    def is_overdue(self) -> bool:
        """Whether what comes next should have come by now."""
        due = self.entry.due_on if self.entry else None
        best = self.now and self.now.rank == 2
        return bool(due and due < clock.today() and not best)


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A page's questions with their history. `counts`: (mark, how many now), the worst first."""

    months: tuple[date, ...]
    rows: tuple[Row, ...]
    counts: tuple[tuple[Mark, int], ...]
    unrated: int

    @property
    def groups(self) -> list[Group]:
        """The questions under their headings, in the set's order."""
        headings = dict.fromkeys(row.item.heading for row in self.rows)
        return [Group(h, tuple(row for row in self.rows if row.item.heading == h)) for h in headings]

    @property
    def exceptions(self) -> list[Group]:
        """By exception, as councillors read it: what is worst or slipped first, what is best last."""
        left = list(self.rows)
        found = []
        for title, chosen in (
            ("Slipped", lambda row: row.movement is Movement.SLIPPED),
            ("Red: substantial work to do", lambda row: row.now and row.now.rank == 0),
            ("Better than before", lambda row: row.movement is Movement.BETTER),
            ("Amber: next steps", lambda row: row.now and row.now.rank == 1),
            ("Green: how we keep it", lambda row: row.now and row.now.rank >= 2),
            ("Not rated yet", lambda row: row.now is None),
        ):
            rows = tuple(row for row in left if chosen(row))
            left = [row for row in left if row not in rows]
            if rows:
                found.append(Group(title, rows))
        return found

    def since(self, earlier: "Evaluation") -> "Evaluation":
        """The same, with each question compared with how it stood then. One that was not rated then keeps
        what it was before its last rating, which came since."""
        then = {row.item.pk: row.now for row in earlier.rows}
        rows = (
            replace(row, before=was, movement=_movement(row.now, was))
            if (was := then.get(row.item.pk))
            else row
            for row in self.rows
        )
        return replace(self, rows=tuple(rows))


EXCEPTION_HEADINGS = (
    "Why it is here", "Code", "Question", "Now", "Before", "Achieved so far", "What next",
    "Who answers for it", "Due by", "Overdue",
)  # fmt: skip


def exception_rows(found: Evaluation) -> Iterator[tuple[Any, ...]]:
    """The exception report as a table, `EXCEPTION_HEADINGS` above it: what is worst or slipped first."""
    for group in found.exceptions:
        for row in group.rows:
            yield (
                group.title,
                row.item.code,
                row.item.text,
                row.now.word if row.now else "Not rated yet",
                row.before.word if row.before else "",
                *row.said,
                "Yes" if row.is_overdue else "",
            )


def read(page: SelfEvaluationPage, today: date | None = None) -> Evaluation:
    """Every question that is live or has history, as it stood in the month of `today`."""
    last = first_of(today or clock.today())
    months = tuple(_months_back(last, SHOWN_MONTHS))
    marks = marks_of(page.evaluation_set)
    ratings: dict[int, dict[date, Mark]] = {}
    for rating in Rating.objects.filter(page=page.pk, month__lte=last):
        if rating.rating in marks:
            ratings.setdefault(rating.item_id, {})[rating.month] = marks[rating.rating]
    entries = {entry.item_id: entry for entry in page.entries.all()}
    items = EvaluationItem.objects.filter(set=page.evaluation_set_id).order_by("sort_order", "pk")
    rows = tuple(
        _row(item, months, ratings.get(item.pk, {}), entries.get(item.pk))
        for item in items
        if not item.retired or item.pk in ratings or item.pk in entries
    )
    counted = Counter(row.now.key for row in rows if row.now)
    return Evaluation(
        months,
        rows,
        tuple((mark, counted[key]) for key, mark in marks.items()),
        sum(row.now is None for row in rows),
    )


def _row(
    item: EvaluationItem, months: Sequence[date], ratings: Mapping[date, Mark], entry: EvaluationEntry | None
) -> Row:
    """What was said last stands until something else is said."""
    said = [ratings[month] for month in sorted(ratings)]
    now, before = (said[-1] if said else None), (said[-2] if len(said) > 1 else None)
    shown = tuple(Month(month, ratings.get(month)) for month in months)
    found = tuple(evidence_of(entry)) if entry else ()
    return Row(item, shown, now, before, _movement(now, before), entry, found)


def _movement(now: Mark | None, before: Mark | None) -> Movement:
    if not (now and before):
        return Movement.NONE if now is None else Movement.NEW
    order = (now.rank > before.rank) - (now.rank < before.rank)
    return {1: Movement.BETTER, 0: Movement.SAME, -1: Movement.SLIPPED}[order]


def _months_back(last: date, count: int) -> list[date]:
    found = [last]
    while len(found) < count:
        year, month = found[0].year, found[0].month - 1
        found.insert(0, date(year if month else year - 1, month or 12, 1))
    return found


def marks_of(evaluation_set: EvaluationSet) -> dict[str, Mark]:
    """The set's ratings by key, the worst first."""
    return {
        row["key"]: Mark(row["key"], row["word"], row["symbol"], rank)
        for rank, row in enumerate(evaluation_set.scale)
    }


def evidence_of(entry: EvaluationEntry) -> list[Evidence]:
    """The links of an entry, each to a page of this site or elsewhere."""
    found = []
    for block in entry.evidence:
        value = block.value
        if block.block_type == "coverage":
            key = value["requirement"]
            if is_requirement(key):
                asked = get_requirement(key)
                address = f"{reverse('coverage')}#{asked.anchor}"
                found.append(Evidence(f"How we answer: {asked.question}", address))
        elif block.block_type == "page" and value:
            found.append(Evidence(value.title, (value.get_url() or "") if value.live else ""))
        elif block.block_type == "service" and value:
            found.append(Evidence(value.name, value.get_absolute_url() if value.live else ""))
        elif block.block_type == "comment":
            found.append(_comment(value["reference"]))
        elif block.block_type == "link":
            found.append(Evidence(value["words"], value["url"]))
    return found


def _comment(reference: str) -> Evidence:
    try:
        return Evidence(f"Comment {reference}", reverse("feedback:log_entry", args=[reference]))
    except NoReverseMatch:
        return Evidence(f"Comment {reference}", "")


def month_that_has_come(day: date, today: date | None = None) -> date:
    """The first of the month of `day`. Raises CannotRate for a month to come."""
    month = first_of(day)
    if month > first_of(today or timezone.localdate()):
        raise CannotRate(f"{month:%B %Y} has not come yet. Choose this month or an earlier one.")
    return month


def may_rate(page: SelfEvaluationPage, user: Any) -> bool:
    """A rating has no draft: on a live page it is public at once, so it is for those who may publish."""
    rights = page.permissions_for_user(user)
    return bool(rights.can_publish() if page.live else rights.can_edit())


@transaction.atomic
def rate(
    *, page: SelfEvaluationPage, month: date, ratings: Mapping[int, str], user: Any, today: date | None = None
) -> int:
    """Keep the ratings of a month, by item id; how many are new or changed.

    Raises PermissionDenied for whom `may_rate` refuses, and CannotRate, with nothing kept, for a month
    to come, a question that is not in the page's set or is retired, or a word that is no rating.
    """
    if not may_rate(page, user):
        raise PermissionDenied("Only who may publish this page may rate it.")
    month = month_that_has_come(month, today)
    marks = marks_of(page.evaluation_set)
    items = {
        item.pk: item for item in EvaluationItem.objects.filter(set=page.evaluation_set_id, retired=False)
    }
    held = {r.item_id: r.rating for r in Rating.objects.filter(page=page, month=month)}
    changed = 0
    for item_id, key in ratings.items():
        if item_id not in items:
            raise CannotRate("One of the questions is not in this set any more. Open the page again.")
        if key not in marks:
            raise CannotRate(f"{items[item_id].code}: “{key[:20]}” is not a rating of this set.")
        if held.get(item_id) != key:
            Rating.objects.update_or_create(
                page=page, item_id=item_id, month=month, defaults={"rating": key, "rated_by": user}
            )
            was = held.get(item_id, "")
            data = {"code": items[item_id].code, "month": f"{month:%Y-%m}", "was": was, "now": key}
            log(instance=page, action=RATED, user=user, data=data)
            changed += 1
    return changed


@transaction.atomic
def load_sets(folder: Path = SHIPPED) -> int:
    """Load the sets that ship, each once: what a council has added or re-worded is kept."""
    made = 0
    for path in sorted(folder.glob("*.json")):
        row = json.loads(path.read_text(encoding="utf-8"))
        same = EvaluationSet.objects.filter(key=row["key"], version=row["version"])
        # Where there is one council, what it made its own stands for the one that ships.
        own = Q() if Site.objects.count() < 2 else Q(authority=None)
        if same.filter(own).exists():
            continue
        held = EvaluationSet(**{name: row[name] for name in ("key", "version", "title", "about", "ratings")})
        held.items = [
            EvaluationItem(
                **{name: item[name] for name in ("code", "heading", "text")},
                suggested_evidence="\n".join(item["suggested_evidence"]),
                sort_order=number,
            )
            for number, item in enumerate(row["items"])
        ]
        held.save()
        made += 1
    return made


def keep_own(first: Site, folder: Path = SHIPPED) -> None:
    """What the only council wrote into a set that came with the site stays its own when a second comes."""
    for path in sorted(folder.glob("*.json")):
        row = json.loads(path.read_text(encoding="utf-8"))
        held = EvaluationSet.objects.filter(key=row["key"], version=row["version"], authority=None).first()
        shipped = {(item["code"], item["text"]) for item in row["items"]}
        if held and set(held.items.values_list("code", "text")) != shipped:
            EvaluationSet.objects.filter(pk=held.pk).update(authority=first)
