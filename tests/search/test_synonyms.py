"""Concepts: what was typed, with what staff say means the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.engines.base import MOST_CONCEPTS
from search.models import IndexState, SynonymGroup
from search.synonyms import Thesaurus, thesaurus
from search.words import folded

GROUPS = [
    ["salt", "speech therapy", "help with talking"],
    ["won't go to school", "EBSA"],
    ["swim", "hydro pool"],
    ["EBSA", "school phobia"],
]


def concepts(typed, groups=GROUPS):
    return Thesaurus(groups).concepts(typed)


def test_concepts_when_a_known_phrase_then_one_concept_with_its_synonyms():
    (concept,) = concepts("Speech Therapies")
    assert concept.typed == "speech therapies"
    assert concept.own == (("speech", "therapi"),)
    assert set(concept.also) == {("salt",), ("help", "with", "talk")}


def test_concepts_when_a_phrase_holds_stop_words_then_it_is_still_known():
    (concept,) = concepts("my son won’t go to school")
    assert ("ebsa",) in concept.also


SAID_OTHERWISE = [["can't read", "dyslexia"], ["come to meetings", "advocate"], ["excluded", "exclusion"]]


@pytest.mark.parametrize(
    ("typed", "means"),
    [
        ("he still doesnt read", "dyslexia"),
        ("trouble with reading", "dyslexia"),
        ("reading is hard", "dyslexia"),
        ("will someone come to a meeting", "advoc"),
        ("come with me to my meeting", "advoc"),
    ],
)
def test_concepts_when_a_term_is_said_with_other_small_words_then_it_is_known(typed, means):
    (concept,) = concepts(typed, SAID_OTHERWISE)
    assert (means,) in concept.also


@pytest.mark.parametrize(
    "typed", ["he reads", "cant", "cant swim or read", "come to the pool meeting", "meetings", "cant cant"]
)
def test_concepts_when_it_says_more_or_less_than_a_term_then_it_is_not_that_term(typed):
    assert not any(concept.also for concept in concepts(typed, SAID_OTHERWISE))


def test_concepts_when_a_longer_term_begins_with_a_shorter_one_then_what_both_mean_is_found():
    (concept,) = concepts("excluded from school", [*SAID_OTHERWISE, ["excluded school", "unit"]])
    assert concept.own == (("exclud", "from", "school"), ("exclud",))
    assert set(concept.also) >= {("exclus",), ("unit",)}


@given(
    st.lists(st.sampled_from(["cant", "read", "hard", "the", "a", "meeting", "come", "to", "school", "🦄"]))
)
def test_concepts_when_any_words_then_each_is_in_what_was_typed(words):
    for concept in concepts(" ".join(words), SAID_OTHERWISE):
        assert f" {concept.typed} " in f" {' '.join(folded(' '.join(words)))} "


def test_concepts_when_a_term_is_in_two_groups_then_both_count():
    (concept,) = concepts("EBSA")
    assert {("school", "phobia"), ("wont", "go", "to", "school")} == set(concept.also)


def test_concepts_when_plain_words_then_one_each_without_stop_words_or_repeats():
    assert [c.typed for c in concepts("is there a quiet club for my son, a quiet one")] == ["quiet", "club"]


def test_concepts_when_nothing_but_stop_words_then_they_are_searched():
    assert [c.typed for c in concepts("what is on")] == ["what", "is", "on"]


def test_concepts_when_nothing_then_none():
    assert concepts("") == concepts("🦄 ‽ --") == ()


def test_concepts_when_very_many_words_then_bounded():
    assert len(concepts(" ".join(f"word{n}" for n in range(1_000)))) == MOST_CONCEPTS


def test_concepts_when_a_group_is_empty_or_odd_then_ignored():
    assert [c.also for c in concepts("swim", [["", "🦄"], [], ["swim", "!!!", "hydro"]])] == [(("hydro",),)]


def test_concepts_when_a_term_has_the_stem_of_a_word_that_says_nothing_then_it_is_known_but_not_looked_for():
    groups = [["deaf", "HI", "hearing loss"]]
    assert ("deaf",) in concepts("HI", groups)[0].also
    assert concepts("deaf", groups)[0].also == (("hear", "loss"),)


def test_thesaurus_when_staff_edit_then_the_next_version_knows(db):
    group = SynonymGroup.objects.create(terms="tics\ntourettes")
    first = IndexState.read().synonyms
    assert thesaurus(first).concepts("tics")[0].also == (("tourett",),)
    group.terms = "tics\ntwitches"
    group.save()
    second = IndexState.read().synonyms
    assert second > first
    assert thesaurus(second).concepts("tics")[0].also == (("twitch",),)


def test_thesaurus_when_a_group_is_not_in_use_then_left_out(db):
    SynonymGroup.objects.create(terms="tics\ntourettes", active=False)
    assert thesaurus(IndexState.read().synonyms).concepts("tics")[0].also == ()


def test_place_when_a_group_holds_a_district_then_its_names_are_places_and_no_words():
    known = Thesaurus([["BS10", "Southmead", "Sea Mills"], ["swim", "swimming"]])
    assert known.place("whats on in southmead").label == "BS10"
    assert known.place("clubs near sea mills").label == "BS10"
    assert known.place("clubs") is None
    assert [c.typed for c in known.concepts("clubs near sea mills")] == ["clubs"]
    assert known.concepts("whats on in southmead") == ()
    assert known.concepts("sea swimming")[0].typed == "sea"


def test_place_when_a_district_is_typed_then_it_is_a_place_unless_it_is_a_word_of_staff():
    known = Thesaurus([["e1", "enteral feeding"]])
    assert Thesaurus([]).place("clubs BS5").label == "BS5"
    assert Thesaurus([]).place("clubs ZZ9") is None
    assert [c.typed for c in Thesaurus([]).concepts("clubs BS5")] == ["clubs"]
    assert known.place("clubs e1").label.startswith("E1")


def test_concepts_when_a_word_that_says_nothing_has_the_stem_of_a_term_then_it_is_not_that_term():
    groups = [["HI", "deaf"]]
    assert [c.typed for c in concepts("bullied because of his hearing", groups)] == ["bullied", "hearing"]
    assert concepts("HI", groups)[0].also == (("deaf",),)
