"""Days as people write them."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from services.days import MOST_LINES, Span, read, span_words, spans, written
from services.fields import DaysFormField, validate_days

DAYS = st.dates(date(2000, 1, 1), date(2099, 6, 30))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("25/12/2026", ["2026-12-25"]),
        ("25.12.2026", ["2026-12-25"]),
        ("2026-12-25", ["2026-12-25"]),
        ("25 December 2026", ["2026-12-25"]),
        ("Friday 25th dec 2026", ["2026-12-25"]),
        ("21/12/2026 to 1 January 2027", ["2026-12-21/2027-01-01"]),
        ("2026-12-21 - 2027-01-01", ["2026-12-21/2027-01-01"]),
        ("\n 1/9/2026 \n\n2/9/2026\n1/9/2026", ["2026-09-01", "2026-09-02"]),
        ("", []),
    ],
)
def test_days_when_written_in_a_usual_way_then_are_kept(typed, kept):
    assert read(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["Christmas", "31/2/2026", "12/25/2026", "2/9/2026 to 1/9/2026", "1/1/2026 to 1/1/2029", "1/1/0001",
     "1/1/26", "\0", "٢٥/١٢/٢٠٢٦ x", "25 Smarch 2026", "to", " to 1/1/2026", "x" * 10_000],
)  # fmt: skip
def test_days_when_they_cannot_be_then_the_line_is_quoted_and_an_example_given(typed):
    with pytest.raises(ValueError, match="We cannot read") as refused:
        read(f"1/9/2026\n{typed}")
    assert "25/12/2026" in str(refused.value)
    assert len(str(refused.value)) < 200


def test_days_when_there_are_too_many_then_refused():
    with pytest.raises(ValueError, match="at most"):
        read("1/9/2026\n" * (MOST_LINES + 1))


@given(st.lists(st.tuples(DAYS, st.integers(0, 300)), max_size=8))
def test_days_when_written_back_then_read_the_same(pairs):
    kept = [str(Span(first, date.fromordinal(first.toordinal() + length))) for first, length in pairs]
    assert read(written(kept)) == [str(span) for span in spans(kept)]


@given(st.text(max_size=60))
def test_days_when_anything_is_typed_then_read_or_refused(text):
    try:
        kept = read(text)
    except ValueError:
        return
    validate_days(kept)


@pytest.mark.parametrize(
    "value", [None, "2026-12-25", [1], ["x"], ["2026-12-25/2026-12-24"], [["a"]], {"a": 1}]
)
def test_days_column_when_given_something_else_then_refused(value):
    with pytest.raises(ValidationError):
        validate_days(value)


def test_days_field_when_a_person_slips_then_keeps_what_they_typed():
    field = DaysFormField()
    assert field.prepare_value("Christmas") == "Christmas"
    assert field.prepare_value(["2026-12-25"]) == "25/12/2026"
    assert not field.has_changed(["2026-12-25"], "25 December 2026")
    with pytest.raises(ValidationError):
        field.clean("Christmas")


def test_span_words_when_read_then_plain():
    assert span_words(Span.of("2026-12-25")) == "25 December 2026"
    assert span_words(Span.of("2026-12-21/2027-01-01")) == "21 December 2026 to 1 January 2027"
    assert list(Span.of("2026-12-31/2027-01-01").days()) == [date(2026, 12, 31), date(2027, 1, 1)]
