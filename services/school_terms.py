"""A council's school terms, remembered: what lies in term time and what in the holidays."""

from collections.abc import Sequence
from datetime import date, timedelta

from localoffer import versions
from services.days import Span

# Two school days with fewer days than this between them are a weekend apart, or a bank holiday.
SHORTEST_HOLIDAY_DAYS = 4


def known(authority_id: int | None) -> list[Span]:
    """The terms of an authority in order of time; empty where it has given none."""
    return versions.remember(f"school-terms:{authority_id}", lambda: _read(authority_id), of=[versions.WORDS])


def _read(authority_id: int | None) -> list[Span]:
    from services.models import SchoolTerm

    rows = SchoolTerm.objects.filter(authority=authority_id).order_by("starts")
    return [Span(*row) for row in rows.values_list("starts", "ends")]


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
