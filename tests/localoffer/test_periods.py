"""Documents that must be in force know whether they are."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localoffer.periods import is_in_force, parse
from localoffer.regulations import Period

NOVEMBER = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("periods", "kind", "today", "expected"),
    [
        (["2026-27"], Period.FINANCIAL_YEAR, NOVEMBER, True),
        (["2025-26"], Period.FINANCIAL_YEAR, NOVEMBER, False),
        (["2025-26"], Period.FINANCIAL_YEAR, date(2026, 3, 31), True),
        (["2022-25"], Period.IN_FORCE, NOVEMBER, False),
        (["2026 to 2029"], Period.IN_FORCE, NOVEMBER, True),
        ([""], Period.IN_FORCE, NOVEMBER, True),
        ([], Period.IN_FORCE, NOVEMBER, False),
        (["2026-27"], Period.ACADEMIC_YEAR_BY_31_MAY, NOVEMBER, True),
        (["2026-27"], Period.ACADEMIC_YEAR_BY_31_MAY, date(2027, 5, 31), True),
        (["2026-27"], Period.ACADEMIC_YEAR_BY_31_MAY, date(2027, 6, 1), False),
        (["2026-27", "2027-28"], Period.ACADEMIC_YEAR_BY_31_MAY, date(2027, 6, 1), True),
        (["2027-28"], Period.ACADEMIC_YEAR_BY_31_MAY, date(2027, 6, 1), False),
        (["Autumn 2026"], Period.FINANCIAL_YEAR, NOVEMBER, False),
    ],
)
def test_is_in_force_when_asked_on_a_day_then_the_years_decide(periods, kind, today, expected):
    assert is_in_force(periods, kind, today) is expected


@given(st.text(max_size=40), st.sampled_from(Period))
def test_parse_when_given_any_words_then_a_span_in_order_or_none(text, kind):
    span = parse(text, kind)
    assert span is None or span[0] < span[1]
