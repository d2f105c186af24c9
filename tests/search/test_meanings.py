"""Closeness in meaning: vectors in memory, and what they do to a ranking."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyroaring import BitMap

from search import meaning
from search.engines.base import FEW_FOUND, Concept, Order, Question
from search.engines.embedded import EmbeddedEngine
from search.engines.meanings import Meanings, arrays_of, blended
from search.meaning import SIZE
from search.models import IndexState
from tests.search.contract import AUTHORITY, make_document


def packed(number: int) -> bytes:
    return random.Random(number).randbytes(SIZE)


def test_vector_when_texts_mean_the_same_then_closer_than_texts_that_do_not():
    talking = meaning.vector("help with talking")
    assert talking @ meaning.vector("speech therapy") > talking @ meaning.vector("bus passes")
    assert talking @ talking == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("text", ["", "   ", "\u200b"])
def test_vector_when_a_text_says_nothing_then_none_or_harmless(text):
    found = meaning.vector(text)
    assert found is None or np.isfinite(found).all()


def test_vector_when_a_text_is_long_then_only_its_beginning_is_read():
    text = "swim " * 1_000
    assert (meaning.vector(text) == meaning.vector(text + "bus " * 100_000)).all()


def test_of_document_when_packed_then_small_and_when_empty_then_nothing():
    assert len(meaning.of_documents([{"name": "Swimming club", "topics": "Sport"}])[0]) == SIZE
    assert meaning.of_documents([{"details": "words that are not read"}]) == [b""]


@given(st.lists(st.tuples(st.integers(0, 12), st.none() | st.integers(1, 5)), max_size=60))
def test_meanings_when_rows_come_and_go_then_as_a_dictionary_would_be(steps):
    held, expected = Meanings(), {}
    for id, number in steps:
        if number is None:
            held.drop(id)
            expected.pop(id, None)
        else:
            held.put(id, packed(number))
            expected[id] = packed(number)
    loaded = Meanings(arrays_of(expected.items()))
    to = meaning.vector("swimming")
    everything = list(range(13))
    assert held.closeness(everything, to) == pytest.approx(loaded.closeness(everything, to))
    assert held.closeness(everything, to).keys() == expected.keys()


def test_nearest_when_asked_then_only_among_those_and_only_what_is_near():
    texts = ["Swimming lessons in a warm pool", "Swimming for babies", "Bus passes for students"]
    held = Meanings(arrays_of(enumerate(meaning.of_documents([{"name": text} for text in texts]))))
    to = meaning.vector("swimming")
    assert set(held.nearest(to, BitMap([0, 1, 2]), 10)) == {0, 1}
    assert held.nearest(to, BitMap([1, 2]), 10) == [1]
    assert len(held.nearest(to, BitMap([0, 1, 2]), 1)) == 1
    assert held.nearest(to, BitMap(), 10) == []


def test_blended_when_measures_agree_then_unchanged_and_when_not_then_by_their_worth():
    words = {1: 9.0, 2: 6.0, 3: 3.0}
    assert blended([1, 2, 3], (words, 1), ({1: 0.8, 2: 0.5, 3: 0.2}, 0.7)) == [1, 2, 3]
    assert blended([1, 2, 3], (words, 1), ({3: 0.8}, 0.5)) == [1, 3, 2]
    assert blended([1, 2, 3], (words, 1), ({3: 0.8}, 5)) == [3, 1, 2]
    assert blended([], ({}, 1)) == []


def test_blended_when_a_measure_says_nothing_good_of_any_then_it_changes_nothing():
    assert blended([1, 2], ({1: 2.0, 2: 1.0}, 1), ({1: -0.5, 2: -0.1}, 5)) == [1, 2]
    assert blended([2, 1], ({1: 1.0, 2: 1.0}, 1)) == [2, 1]


@pytest.fixture
def engine(db) -> EmbeddedEngine:
    engine = EmbeddedEngine()
    names = ["Counselling for teenagers", "Therapy for anxious teenagers", "Bus passes"]
    engine.write([make_document(n, name=name) for n, name in enumerate(names, start=1)])
    engine.catch_up(IndexState.read())
    return engine


def asked(**changes) -> Question:
    concepts = (Concept("counselling", (("counsel",),)),)
    return Question(AUTHORITY, concepts, order=Order.RELEVANCE, text="counselling teenagers", **changes)


def test_search_when_few_hold_the_words_then_what_is_close_comes_apart_from_the_total(engine):
    answer = engine.search(asked(related=5))
    assert (answer.total, [one.object_id for one in answer.found]) == (1, [1])
    assert [one.object_id for one in answer.related] == [2]
    assert engine.search(asked()).related == ()


def test_search_when_filtered_then_what_is_close_passes_the_filters_too(engine):
    assert engine.search(asked(related=5, filters={"need": frozenset({"ASD"})})).related == ()


def test_search_when_enough_is_found_then_nothing_close_is_added(engine):
    engine.write([make_document(n, name="Counselling") for n in range(10, 10 + FEW_FOUND)])
    engine.catch_up(IndexState.read())
    assert engine.search(asked(related=5)).related == ()


def test_search_when_paged_by_meaning_then_every_document_comes_once(engine):
    engine.write([make_document(n, name=f"Counselling {n}") for n in range(10, 260)])
    engine.catch_up(IndexState.read())
    pages = [engine.search(asked(start=start, size=20)).found for start in range(0, 260, 20)]
    ids = [one.object_id for page in pages for one in page]
    assert sorted(ids) == [1, *range(10, 260)]


def test_search_when_a_document_has_no_vector_then_it_is_found_all_the_same(engine):
    from search.models import IndexedDocument

    IndexedDocument.objects.update(meaning=b"")
    fresh = EmbeddedEngine()
    fresh.catch_up(IndexState.read())
    assert fresh.search(asked(related=5)).total == 1
    assert len(fresh.memory.meanings) == 0
