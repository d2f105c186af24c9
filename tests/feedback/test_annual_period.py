"""Years, working days and when the next report is due."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.annual_period import Due, ReportPeriod, twelve_months_after, working_days

days = st.dates(date(2015, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("text", "slug"), [("2025-2026", "2025-2026"), ("2025-26", "2025-2026"), (" 2024/25 ", "2024-2025")]
)
def test_parse_when_a_school_year_then_its_days(text, slug):
    period = ReportPeriod.parse(text)
    assert period.slug == slug
    assert (period.start.month, period.start.day, period.end.month, period.end.day) == (9, 1, 8, 31)


@pytest.mark.parametrize("text", ["", "2025", "2025-2027", "2026-2025", "next year", "2025-2026; drop"])
def test_parse_when_no_school_year_then_refused_in_words(text):
    with pytest.raises(ValueError, match="no school year"):
        ReportPeriod.parse(text)


@given(days)
def test_latest_whole_when_any_day_then_it_is_over_and_the_next_is_not(today):
    period = ReportPeriod.latest_whole(today)
    assert period.end < today
    assert ReportPeriod.of_school_year(period.start.year + 1).end >= today
    assert period.before.end == period.start - timedelta(days=1)


@given(days, st.integers(0, 600))
def test_before_when_days_were_chosen_then_as_long_and_just_before(start, length):
    period = ReportPeriod(start, start + timedelta(days=length))
    assert period.before.end == start - timedelta(days=1)
    if not period.is_school_year:
        assert period.before.end - period.before.start == period.end - period.start


@given(days, st.integers(-5, 400))
def test_working_days_when_any_span_then_as_counted_one_by_one(start, length):
    end = start + timedelta(days=length)
    one_by_one = sum((start + timedelta(days=n)).weekday() < 5 for n in range(1, length + 1))
    assert working_days(start, end) == one_by_one


def test_due_when_time_passes_then_fine_soon_and_overdue_in_words():
    last = date(2025, 10, 1)
    assert Due(last, date(2026, 1, 1)).state == "fine"
    assert Due(last, date(2026, 8, 2)).state == "soon"
    assert Due(last, date(2026, 10, 1)).words == "The yearly report is due today, 1 October 2026."
    overdue = Due(last, date(2026, 10, 2))
    assert overdue.state == "overdue"
    assert overdue.words == "Overdue: the yearly report was due by 1 October 2026. That is 1 day ago."
    assert Due(None, last).state == "never"


def test_twelve_months_when_a_leap_day_then_the_last_of_february():
    assert twelve_months_after(date(2028, 2, 29)) == date(2029, 2, 28)
