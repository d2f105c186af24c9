"""When a session happens, as runs of weeks and single days: what a calendar file is made of. Pure.

A session without a weekday has no day of its own, so only its extra days are known.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Protocol

from services import days, school_terms
from services.days import Span
from services.enums import Day, SessionWhen

# What one calendar holds of single days, however many are written.
MOST_DAYS = 400
_WEEK = [day.value for day in Day]


class Sitting(Protocol):
    """What is read of a `Schedule`."""

    days: list[str]
    opens: time | None
    closes: time | None
    when: str
    valid_from: date | None
    valid_to: date | None
    closed: list[str]
    extra: list[str]


@dataclass(frozen=True, slots=True)
class Run:
    """Every week on `weekdays` (two letters) from `first`, itself such a day, to `last` (None: no end
    is known). `without` are the days inside it when it does not happen. `unsure` says that the
    council's terms are not known so far, so that some of the weeks may be outside term time."""

    first: date
    last: date | None
    weekdays: tuple[str, ...]
    without: tuple[date, ...] = ()
    unsure: bool = False


def runs(sitting: Sitting, terms: Sequence[Span], today: date) -> list[Run]:
    """The runs of a session that are not over, in order of time."""
    weekdays = tuple(day for day in _WEEK if day in (sitting.days or ()))
    if not weekdays:
        return []
    closed = days.spans(sitting.closed)
    found = []
    for stretch, unsure in _stretches(sitting, terms, today):
        first = _first_on(weekdays, stretch[0])
        last = stretch[1]
        if last is not None and first > last:
            continue
        without = tuple(
            day
            for span in closed
            for day in span.days()
            if _WEEK[day.weekday()] in weekdays and first <= day and (last is None or day <= last)
        )
        found.append(Run(first, last, weekdays, tuple(dict.fromkeys(without))[:MOST_DAYS], unsure))
    return found


def extra_days(sitting: Sitting, today: date) -> list[date]:
    """The single days on which it happens as well, from today on."""
    found = dict.fromkeys(day for span in days.spans(sitting.extra) for day in span.days())
    return [day for day in found if day >= today][:MOST_DAYS]


def has_any(sitting: Sitting, terms: Sequence[Span], today: date) -> bool:
    """Whether a calendar has anything to show of it."""
    return bool(extra_days(sitting, today) or runs(sitting, terms, today))


def _stretches(
    sitting: Sitting, terms: Sequence[Span], today: date
) -> Iterator[tuple[tuple[date, date | None], bool]]:
    """(first, last) of each stretch of days in which its weeks count, and whether that is a guess."""
    start, end = max(sitting.valid_from or today, today), sitting.valid_to
    if sitting.when == SessionWhen.ALL_YEAR or (
        sitting.when == SessionWhen.TERM_TIME and not school_terms.covers(terms, start)
    ):
        yield from _clipped(start, None, start, end, unsure=sitting.when == SessionWhen.TERM_TIME)
        return
    spans = terms if sitting.when == SessionWhen.TERM_TIME else school_terms.holidays(terms)
    for span in spans:
        yield from _clipped(span.first, span.last, start, end, unsure=False)


def _clipped(
    first: date, last: date | None, start: date, end: date | None, *, unsure: bool
) -> Iterator[tuple[tuple[date, date | None], bool]]:
    first = max(first, start)
    ends = [day for day in (last, end) if day is not None]
    last = min(ends) if ends else None
    if last is None or first <= last:
        yield (first, last), unsure


def _first_on(weekdays: Sequence[str], day: date) -> date:
    """The first of these weekdays on or after `day`."""
    return next(
        found
        for found in (day + timedelta(days=n) for n in range(len(_WEEK)))
        if _WEEK[found.weekday()] in weekdays
    )
