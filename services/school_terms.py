"""A council's school terms, remembered: what lies in term time and what in the holidays."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.core.cache import cache

from services.days import Span

CACHE_SECONDS = 300
# Two school days with fewer days than this between them are a weekend apart, or a bank holiday.
SHORTEST_HOLIDAY_DAYS = 4


def known(authority_id: int | None) -> list[Span]:
    """The terms of an authority in order of time; empty where it has given none."""
    from services.models import SchoolTerm

    key = _key(authority_id)
    found = cache.get(key)
    if found is None:
        rows = SchoolTerm.objects.filter(authority=authority_id).order_by("starts")
        found = [Span(*row) for row in rows.values_list("starts", "ends")]
        cache.set(key, found, CACHE_SECONDS)
    return found


def forget(instance: Any, **kwargs: Any) -> None:
    """Drop what is remembered (a receiver of save and delete signals)."""
    cache.delete(_key(instance.authority_id))


def holidays(terms: Sequence[Span]) -> list[Span]:
    """The gaps between one term and the next; before the first and after the last nobody knows."""
    gaps = [
        Span(before.last + timedelta(days=1), after.first - timedelta(days=1))
        for before, after in zip(terms, terms[1:], strict=False)
    ]
    return [gap for gap in gaps if (gap.last - gap.first).days + 1 >= SHORTEST_HOLIDAY_DAYS]


def covers(terms: Sequence[Span], day: date) -> bool:
    """Whether what is known reaches to `day` or beyond."""
    return bool(terms) and terms[-1].last >= day


def _key(authority_id: int | None) -> str:
    return f"school-terms:{authority_id}"
