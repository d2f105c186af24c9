"""The day that a page is read on: today, or the day that somebody looks back to."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta

from django.utils import timezone

_day: ContextVar[date | None] = ContextVar("localoffer_day", default=None)


def today() -> date:
    """Use this, not the calendar, for "is it late?": an old page was not late on its own day."""
    return _day.get() or timezone.localdate()


def end_of(day: date) -> datetime:
    """The moment that a day ends here."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


@contextmanager
def set_to(day: date) -> Iterator[None]:
    """Within it, `today()` is that day, for this request alone."""
    token = _day.set(day)
    try:
        yield
    finally:
        _day.reset(token)
