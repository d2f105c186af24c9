"""Nobody can work out a number that is not shown."""

from hypothesis import given
from hypothesis import strategies as st

from feedback.small_numbers import LEAST, NOT_SHOWN, suppress, words

counts = st.dictionaries(st.text(max_size=3), st.integers(0, 40), max_size=7)


@given(counts)
def test_suppress_when_any_counts_then_no_small_number_is_shown(given_counts):
    shown = suppress(given_counts)
    assert shown.keys() == given_counts.keys()
    assert all(number is None or number == 0 or number >= LEAST for number in shown.values())
    assert all(number in (None, given_counts[key]) for key, number in shown.items())


@given(counts)
def test_suppress_when_the_total_is_known_then_the_hidden_are_still_not_told(given_counts):
    hidden = [given_counts[key] for key, number in suppress(given_counts).items() if number is None]
    others = [number for key, number in suppress(given_counts).items() if number]
    if hidden and others:
        assert len(hidden) >= 2
        assert sum(hidden) >= LEAST


@given(counts)
def test_suppress_when_nothing_is_small_then_nothing_is_hidden(given_counts):
    if all(number == 0 or number >= LEAST for number in given_counts.values()):
        assert suppress(given_counts) == given_counts


def test_suppress_when_one_is_small_then_the_smallest_other_goes_with_it():
    assert suppress({"a": 2, "b": 30, "c": 9, "d": 0}) == {"a": None, "b": 30, "c": None, "d": 0}


def test_words_when_hidden_then_said():
    assert words(None) == NOT_SHOWN
    assert words(1200) == "1,200"
