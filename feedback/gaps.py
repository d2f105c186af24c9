"""The gaps register: three ways of knowing what is missing, joined for those who plan services.

Searches that found nothing come from staff by the signal `localoffer.signals.gap_found`, and those above
a threshold by the Wagtail hook `localoffer_failed_searches`: a function
`(site: Site, since: date) -> Iterable[tuple[str, int]]` of words and how often they found nothing.
Comments are read as the public reads them. Cells are what the directory has no service for.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from wagtail import hooks
from wagtail.models import Site

from feedback import gap_cells
from feedback.enums import GAP_OPEN, GapKind, GapStatus, Topic
from feedback.gate import ChangedMeanwhile, Refused
from feedback.models import Comment, Gap, GapNote
from localoffer.signals import gap_found, gaps_sought

# A search counts from here: one family may look for a thing many times.
LEAST_SEARCHES = 5
LOOKED_BACK = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Found:
    """One gap as a look finds it."""

    key: str
    kind: GapKind
    title: str
    words: str = ""
    need: str = ""
    ages: str = ""
    area: str = ""
    count: int = 1
    comment: int | None = None


@dataclass(slots=True)
class Looked:
    """What one look at everything came to."""

    new: int = 0
    seen_again: int = 0
    gone: int = 0


@transaction.atomic
def look(*, authority: Site, today: date | None = None, least_searches: int = LEAST_SEARCHES) -> Looked:
    """Bring the register up to date: new gaps are added, known ones counted, vanished ones marked.

    What staff wrote and decided stays. One that was closed and is found again is new again.
    """
    today = today or timezone.localdate()
    found = {
        row.key: row
        for row in (
            *_searches(authority, today, least_searches),
            *_comments(authority),
            *gap_cells.empty(authority, Found),
        )
    }
    known = {gap.key: gap for gap in Gap.objects.of(authority)}
    result = Looked()
    new = [_new(authority, row, today) for key, row in found.items() if key not in known]
    Gap.objects.bulk_create(new)
    result.new = len(new)
    for key, gap in known.items():
        if key in found:
            result.seen_again += 1
            _see_again(gap, found[key], today)
        elif gap.kind in (GapKind.COMMENT, GapKind.CELL) and gap.is_found:
            result.gone += 1
            Gap.objects.filter(pk=gap.pk).update(is_found=False)
    return result


def _new(authority: Site, row: Found, today: date) -> Gap:
    return Gap(
        authority=authority, key=row.key, kind=row.kind, title=row.title[:200], words=row.words,
        need=row.need, ages=row.ages, area=row.area, count=row.count, comment_id=row.comment,
        first_seen=today, last_seen=today,
    )  # fmt: skip


def _see_again(gap: Gap, row: Found, today: date) -> None:
    """Count it anew. What was closed is opened, for it is missing again."""
    came_back = gap.status == GapStatus.CLOSED and not gap.is_found
    seen = {
        "count": row.count,
        "last_seen": today,
        "is_found": True,
        "title": row.title[:200] if gap.kind == GapKind.COMMENT else gap.title,
        "words": row.words,
        "status": GapStatus.NEW if came_back else gap.status,
    }
    # A look that finds nothing new takes no form from under the officer who has it open.
    if any(getattr(gap, name) != value for name, value in seen.items()):
        Gap.objects.filter(pk=gap.pk).update(**seen, version=F("version") + 1)
    if came_back:
        GapNote.objects.create(gap=gap, text="It is missing again.", status=GapStatus.NEW)


def _searches(authority: Site, today: date, least: int) -> Iterator[Found]:
    """What search says found nothing, often enough not to be one family's words."""
    counts: Counter[str] = Counter()
    for asked in hooks.get_hooks("localoffer_failed_searches"):
        for words, number in asked(authority, today - LOOKED_BACK):
            counts[" ".join(words.lower().split())] += number
    for words, number in counts.items():
        if words and number >= least:
            yield _search(words, number)


def _search(words: str, number: int, note: str = "") -> Found:
    said = f"{number} searches for “{words}” found nothing."
    return Found(search_key(words), GapKind.SEARCH, words, f"{said} {note}".strip(), count=number)


def search_key(words: str) -> str:
    return f"search:{' '.join(words.lower().split())}"[:200]


def _comments(authority: Site) -> Iterator[Found]:
    """Public comments that say something is missing, each group once with how many said it."""
    missing = Comment.objects.of(authority).entries().filter(topic=Topic.MISSING)
    for comment in missing.annotate(more=Count("others")).defer("original"):
        yield Found(
            f"comment:{comment.reference}",
            GapKind.COMMENT,
            comment.public_heading,
            comment.public_text,
            count=1 + comment.more,
            comment=comment.pk,
        )


# -- what staff do ---------------------------------------------------------------------


@transaction.atomic
def report(
    *, authority: Site, title: str, words: str = "", by: Any = None, count: int = 1, key: str = ""
) -> Gap:
    """A gap that somebody knows of. The same key again adds to the one that is there."""
    if not title.strip():
        raise Refused("Say what is missing.", "title")
    key = key or f"staff:{uuid4()}"
    kind = GapKind.SEARCH if key.startswith("search:") else GapKind.STAFF
    gap, made = Gap.objects.get_or_create(
        authority=authority,
        key=key,
        defaults={"kind": kind, "title": title.strip()[:200], "words": words, "count": count},
    )
    if not made:
        Gap.objects.filter(pk=gap.pk).update(
            count=max(gap.count, count), last_seen=timezone.localdate(), words=words or gap.words
        )
    note(gap=gap, by=by, text="Added to the register." if made else "Found again.", status=gap.status)
    return gap


@transaction.atomic
def note(*, gap: Gap, by: Any, text: str, status: str) -> GapNote:
    """Keep a step with the gap: what was written, and what its status became."""
    name = by.get_username() if by is not None else ""
    return GapNote.objects.create(gap=gap, text=text.strip(), status=status, by=by, by_name=name)


@transaction.atomic
def change(*, gap: Gap, by: Any, version: int, text: str = "", **fields: Any) -> Gap:
    """Change a gap, unless somebody was quicker. Closing it, or calling it none, needs a reason."""
    status = GapStatus(fields.get("status", gap.status))
    was = Gap.objects.values_list("status", flat=True).get(pk=gap.pk)
    if status not in GAP_OPEN and status != was and not text.strip():
        raise Refused("Say why in the note: which help there is now, or why it is no gap.", "note")
    if not Gap.objects.filter(pk=gap.pk, version=version).update(version=F("version") + 1):
        raise ChangedMeanwhile("Somebody changed this gap while you were writing. Nothing was saved.")
    gap = Gap.objects.get(pk=gap.pk)
    for name, value in fields.items():
        setattr(gap, name, value)
    gap.full_clean()
    gap.save()
    if text.strip() or status != was:
        note(gap=gap, by=by, text=text, status=status)
    return gap


def from_search(
    *, authority: Site, words: str, searches: int, note: str = "", by: Any = None, **kwargs: Any
) -> str:
    """Receives `localoffer.signals.gap_found`; answers with the gap's address in the admin."""
    found = _search(" ".join(words.split()), searches, note)
    gap = report(
        authority=authority, title=found.title, words=found.words, by=by, count=searches, key=found.key
    )
    return reverse("feedback_gaps:edit", args=[gap.pk])


def on_the_list(*, authority: Site, words: Sequence[str], **kwargs: Any) -> dict[str, str]:
    """Receives `localoffer.signals.gaps_sought`: which of the searches are on the list, closed or not."""
    keys = {search_key(each): each for each in words}
    held = Gap.objects.of(authority).filter(key__in=keys).values_list("key", "pk")
    return {keys[key]: reverse("feedback_gaps:edit", args=[pk]) for key, pk in held}


def listen() -> None:
    """Called once, when the app is ready."""
    gaps_sought.connect(on_the_list, dispatch_uid="feedback.gaps.on_the_list")
    gap_found.connect(from_search, dispatch_uid="feedback.gaps.from_search")


# -- reading -----------------------------------------------------------------------------


def figures(authority: Site) -> list[dict[str, Any]]:
    """For the yearly report: how many gaps have each status. Cells are ours, not families' words."""
    rows = Gap.objects.of(authority).filter(Q(is_found=True) | ~Q(status=GapStatus.NEW))
    counts = Counter(rows.values_list("status", flat=True))
    return [{"words": words, "count": counts[key]} for key, words in GapStatus.choices if counts[key]]


HEADINGS = (
    "What is missing", "Found by", "How often", "Need", "Ages", "Area", "Status", "Who looks into it",
    "First seen", "Last seen", "Still found", "What shows it", "Latest note",
)  # fmt: skip


def table(rows: Iterable[Gap]) -> Iterator[tuple[Any, ...]]:
    """As commissioners get it, under `HEADINGS`. Notes name no member of staff."""
    for gap in rows:
        latest = next(iter(gap.notes.all()), None)
        yield (
            gap.title, gap.get_kind_display(), gap.count, gap.need, gap.ages, gap.area,
            gap.get_status_display(), gap.owner_role, gap.first_seen.isoformat(), gap.last_seen.isoformat(),
            "yes" if gap.is_found else "no", gap.words, latest.text if latest else "",
        )  # fmt: skip
