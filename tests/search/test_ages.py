"""An age among the words of a search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.ages import named_age
from search.engines.base import Order, Question
from search.engines.embedded import EmbeddedEngine
from search.models import IndexState
from search.synonyms import Thesaurus
from search.words import folded
from tests.search.contract import AUTHORITY, make_document


@pytest.mark.parametrize(
    ("typed", "years"),
    [
        ("my 4 yr old can't talk", 4),
        ("my 4-year-old", 4),
        ("clubs for a twelve year old", 12),
        ("holiday club 15yo", 15),
        ("15 yo", 15),
        ("for 9yrs old", 9),
        ("aged 17", 17),
        ("age seven autism", 7),
        ("hes 3 and doesnt talk", 3),
        ("my daughter is 11", 11),
        ("she's 9 yrs", 9),
        ("turning 18 soon", 18),
        ("11 and still cant read", 11),
        ("reading yr 5", 9),
        ("year 9", 13),
        ("y7 transition", 11),
        ("is 2 years behind", None),
        ("he is 3 weeks early", None),
        ("school is 5 miles away", None),
        ("he is one of twins", None),
        ("what is 1:1 support", None),
        ("is it 24/7", None),
        ("year 14", None),
        ("my 2 year 6 month old", None),
        ("no sleep for 3 years", None),
        ("bus 76", None),
        ("2 children", None),
        ("aged 99", None),
        ("old 4 year", None),
        ("a year old", None),
        ("", None),
    ],
)
def test_named_age_when_typed_then_only_what_is_surely_an_age(typed, years):
    found = named_age(folded(typed))
    assert (found and found.years) == years


@given(st.text(max_size=80))
def test_named_age_when_anything_is_typed_then_an_age_or_none(typed):
    words = folded(typed)
    found = named_age(words)
    assert found is None or (0 <= found.years <= 25 and found.at < len(words))


def test_concepts_when_an_age_is_named_then_its_number_is_not_searched_for():
    assert [c.typed for c in Thesaurus([]).concepts("swimming for my 4 year old")] == ["swimming"]
    assert [c.typed for c in Thesaurus([]).concepts("bus 4")] == ["bus", "4"]
    assert Thesaurus([]).concepts("4 year old")


def test_search_when_an_age_is_named_then_what_is_for_it_comes_first_and_the_rest_stays(db):
    engine = EmbeddedEngine()
    ages = {1: (11, 18), 2: (0, 5), 3: (11, None)}
    engine.write(
        [make_document(n, name="Swimming", min_age=low, max_age=high) for n, (low, high) in ages.items()]
    )
    engine.catch_up(IndexState.read())
    concepts = Thesaurus([]).concepts("swimming")
    asked = Question(AUTHORITY, concepts, order=Order.RELEVANCE, text="swimming", suits=4)
    assert [one.object_id for one in engine.search(asked).found] == [2, 1, 3]
