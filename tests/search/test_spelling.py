"""Misspelt words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.models import IndexedWord
from search.spelling import corrections, distance, nearest

short = st.text("abc", max_size=7)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("phsyio", "physio"), ("dislexia", "dyslexia"), ("swiming", "swimming"), ("wheelchiar", "wheelchair")],
)
def test_nearest_when_a_slip_then_the_word_that_was_meant(typed, meant):
    known = ["physio", "dyslexia", "swimming", "wheelchair", "physical", "dyslexic", "wheel"]
    assert nearest(typed, known) == [meant]


def test_nearest_when_slips_are_equal_then_the_like_beginning_wins():
    assert nearest("tourets", ["toilets", "tourette"]) == ["tourette"]


@pytest.mark.parametrize("typed", ["slepe", "slep", "sleeep"])
def test_nearest_when_letters_changed_places_or_a_double_is_single_then_before_another_letter(typed):
    assert nearest(typed, ["slept", "slope", "sleep", "step"]) == ["sleep"]


def test_nearest_when_a_short_word_then_one_slip_only():
    assert nearest("cart", ["care", "coat", "dirt"]) == ["care"]
    assert nearest("cart", ["bike"]) == []


@given(short, short)
def test_distance_when_swapped_round_then_the_same_and_zero_only_for_equals(a, b):
    assert distance(a, b, 9) == distance(b, a, 9)
    assert (distance(a, b, 9) == 0) == (a == b)


@given(short, short, st.integers(0, 3))
def test_distance_when_limited_then_exact_below_and_more_beyond(a, b, limit):
    assert distance(a, b, limit) == min(distance(a, b, 9), limit + 1)


def test_distance_when_neighbours_change_places_then_one():
    assert distance("phsyio", "physio", 2) == 1


def test_corrections_when_asked_then_one_query(db, django_assert_num_queries):
    IndexedWord.objects.bulk_create([IndexedWord(word=w) for w in ("physio", "swimming", "zebra")])
    with django_assert_num_queries(1):
        found = corrections(["phsyio", "swiming", "qqqqq", "ot"])
    assert found == {"phsyio": ["physio"], "swiming": ["swimming"]}


def test_corrections_when_nothing_to_correct_then_no_query(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert corrections(["ot", "1234"]) == {}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("wutism", "autism"),
        ("peech", "speech"),
        ("aautism", "autism"),
        ("xspeech", "speech"),
        ("uatism", "autism"),
    ],
)
def test_corrections_when_only_the_first_letter_is_wrong_then_still_found(db, typed, meant):
    IndexedWord.objects.bulk_create([IndexedWord(word=w) for w in ("autism", "speech", "prism", "zebra")])
    assert corrections([typed]) == {typed: [meant]}


def test_corrections_when_the_first_letter_and_another_are_wrong_then_nothing(db):
    IndexedWord.objects.create(word="autism")
    assert corrections(["wutizm", "wautisms"]) == {}


def test_corrections_when_a_word_with_the_same_first_letter_is_as_near_then_it_is_meant(db):
    IndexedWord.objects.bulk_create([IndexedWord(word="beach"), IndexedWord(word="reach")])
    assert corrections(["beech"]) == {"beech": ["beach"]}


def test_corrections_when_a_common_word_is_in_no_text_then_it_was_meant(db):
    IndexedWord.objects.bulk_create([IndexedWord(word="barn"), IndexedWord(word="swimming")])
    assert corrections(["born", "swiming"]) == {"swiming": ["swimming"]}
