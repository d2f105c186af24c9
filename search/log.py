"""Counts of what families look for, without anything that says who.

No address of a computer, no time but the day, no postcode but its first half. Words are kept only once
`ENOUGH` searches for them were made, and on two days at least, so that nobody's own words are kept because
they looked again and again. Until then there is a keyed digest of them, which cannot be read back. Words
that could name a person (digits, an address of mail, a long sentence) are never counted.

A worker holds what it counts for a moment and writes it in one go, so that a search costs no write.
"""

import hmac
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from threading import Lock
from time import monotonic

from django.conf import settings
from django.db import DatabaseError, OperationalError, connection, transaction
from django.db.models import F

from localoffer.clock import today
from search.models import RareSearch, SearchCount
from search.words import folded

# So many searches for the same words, within so many days, before the words are kept.
ENOUGH = 5
WINDOW_DAYS = 28
# Counts are kept for two years, so that one autumn can be held against another.
KEEP_DAYS = 730
MOST_WORDS = 8
LONGEST = 80
FLUSH_SECONDS = 30
MOST_HELD = 200
PATIENCE_MS = 50
_TELLTALE = re.compile(r"\d{3}|@|\b[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}\b", re.IGNORECASE)

# (authority, day, words, outcode, whether nothing was found)
_Seen = tuple[int, date, str, str, bool]


class _Held:
    """What this worker has counted and not written yet."""

    def __init__(self) -> None:
        self.counts: Counter[_Seen] = Counter()
        self.written_at = 0.0
        self.lock = Lock()

    def take(self) -> Counter[_Seen]:
        with self.lock:
            taken, self.counts = self.counts, Counter()
            self.written_at = monotonic()
        return taken

    def give_back(self, taken: Counter[_Seen]) -> None:
        """Hold again what could not be written, unless that grows too long."""
        with self.lock:
            if len(self.counts) + len(taken) <= MOST_HELD * 5:
                self.counts += taken


_held = _Held()


def normalised(q: str) -> str:
    """The words of a search as they are counted; empty where they may say who somebody is."""
    words = folded(q)
    if not words or len(words) > MOST_WORDS or _TELLTALE.search(q):
        return ""
    text = " ".join(words)
    return text if len(text) <= LONGEST else ""


def record(*, authority: int, q: str, failed: bool, outcode: str = "") -> None:
    """Count one search. Never raises: a search must not fail for being counted."""
    words = normalised(q)
    if not words or not authority:
        return
    with _held.lock:
        for area in dict.fromkeys(["", outcode[:4]]):
            _held.counts[authority, today(), words, area, failed] += 1
        due = monotonic() - _held.written_at > FLUSH_SECONDS or len(_held.counts) >= MOST_HELD
    if due:
        flush()


def forget() -> None:
    """Drop what is held, unwritten."""
    _held.take()
    _held.written_at = 0.0


def flush() -> None:
    """Write what is held. What finds the database busy waits for the next time; what cannot be written
    at all (its authority is gone) is dropped: it is a count, not a record."""
    taken = _held.take()
    if not taken:
        return
    try:
        with _impatient(), transaction.atomic():
            for (authority, day, words, area), searches, failed in _by_words(taken):
                _keep(authority, day, words, area, searches, failed)
    except OperationalError:
        _held.give_back(taken)
    except DatabaseError:
        return


@contextmanager
def _impatient() -> Iterator[None]:
    """A family must not wait for its count while an import writes: SQLite waits a moment only."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        usual = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(usual)}")


def _by_words(taken: Counter[_Seen]) -> list[tuple[tuple[int, date, str, str], int, int]]:
    searches: Counter[tuple[int, date, str, str]] = Counter()
    failed: Counter[tuple[int, date, str, str]] = Counter()
    for (authority, day, words, area, nothing), count in sorted(taken.items()):
        searches[authority, day, words, area] += count
        failed[authority, day, words, area] += count if nothing else 0
    return [(key, count, failed[key]) for key, count in searches.items()]


def digest(authority: int, words: str, area: str) -> str:
    """Says whether two searches had the same words, to nobody but this installation."""
    text = f"{authority}\n{words}\n{area}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), text, "sha256").hexdigest()[:32]


def _keep(authority: int, day: date, words: str, area: str, searches: int, failed: int) -> None:
    """Add to the words' count, or to their digest's while they are rare."""
    known = SearchCount.objects.filter(authority=authority, words=words, outcode=area)
    if not known.filter(day__gt=day - timedelta(days=WINDOW_DAYS)).exists():
        rare = _rare(authority, day, digest(authority, words, area))
        rare.searches, rare.failed = rare.searches + searches, rare.failed + failed
        if rare.searches < ENOUGH or rare.since == day:
            rare.save()
            return
        searches, failed = rare.searches, rare.failed
        rare.delete()
    row, _ = SearchCount.objects.get_or_create(authority_id=authority, day=day, words=words, outcode=area)
    SearchCount.objects.filter(pk=row.pk).update(
        searches=F("searches") + searches, failed=F("failed") + failed
    )


def _rare(authority: int, day: date, seen: str) -> RareSearch:
    """The count so far, from nought again where it began too long ago."""
    rare, _ = RareSearch.objects.select_for_update().get_or_create(
        authority_id=authority, digest=seen, defaults={"since": day}
    )
    if rare.since <= day - timedelta(days=WINDOW_DAYS):
        rare.since, rare.searches, rare.failed = day, 0, 0
    return rare


def purge(*, on: date | None = None) -> tuple[int, int]:
    """Delete digests that stayed rare and counts that are too old; how many of each."""
    day = on or today()
    rare, _ = RareSearch.objects.filter(since__lte=day - timedelta(days=WINDOW_DAYS)).delete()
    old, _ = SearchCount.objects.filter(day__lt=day - timedelta(days=KEEP_DAYS)).delete()
    return rare, old
