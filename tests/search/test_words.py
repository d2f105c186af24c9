"""Text to words: what people type finds what people wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.stemming import stem
from search.words import LONGEST_WORD, fold, folded, stems, tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("swimming", "swim"),
        ("therapies", "therapy"),
        ("clubs", "club"),
        ("children", "child"),
        ("siblings", "sibling"),
        ("riding", "rides"),
        ("Tourette’s", "tourette"),
        ("Tourette's", "Tourette"),
        ("WON’T", "wont"),
        ("café", "cafe"),
        ("counselling", "counsel"),
        ("organisations", "organise"),
        ("ﬁts", "fits"),
        ("behavioral", "behaviour"),
        ("pediatrician", "paediatrician"),
        ("programs", "programme"),
        ("counselors", "counsellor"),
        ("moms", "mum"),
    ],
)
def test_stems_when_two_forms_of_a_word_then_one_stem(one, other):
    assert stems(one) == stems(other)


@pytest.mark.parametrize(
    ("one", "other"), [("care", "car"), ("deaf", "dear"), ("PIP", "PIPE"), ("ties", "tips"), ("sing", "s")]
)
def test_stems_when_different_words_then_different_stems(one, other):
    assert stems(one) != stems(other)


@pytest.mark.parametrize(
    ("word", "stemmed"),
    # From the paper's own examples.
    [
        ("caresses", "caress"), ("ponies", "poni"), ("agreed", "agre"), ("plastered", "plaster"),
        ("motoring", "motor"), ("conflated", "conflat"), ("hopping", "hop"), ("falling", "fall"),
        ("filing", "file"), ("happy", "happi"), ("sky", "sky"), ("relational", "relat"),
        ("operator", "oper"), ("hopefulness", "hope"), ("electrical", "electr"), ("goodness", "good"),
        ("revival", "reviv"), ("adjustable", "adjust"), ("replacement", "replac"), ("adoption", "adopt"),
        ("effective", "effect"), ("rate", "rate"), ("controll", "control"), ("roll", "roll"),
    ],
)  # fmt: skip
def test_stem_when_the_papers_examples_then_the_papers_answers(word, stemmed):
    assert stem(word) == stemmed


@given(st.text())
def test_stems_when_any_text_then_letters_and_digits_only_and_bounded(text):
    for word in stems(text):
        assert word.isalnum()
        assert len(word) <= LONGEST_WORD
    assert len(stems(text)) == len(folded(text))


@given(st.text())
def test_tokens_when_any_text_then_each_stands_where_it_says(text):
    found = list(tokens(text))
    assert [token.stem for token in found] == stems(text)
    for token in found:
        assert stems(text[token.start : token.end]) == [token.stem]


@given(st.text())
def test_fold_when_repeated_then_nothing_changes(text):
    for word in folded(text):
        assert fold(word) == word


def test_stems_when_limited_then_the_first_ones():
    assert stems("one two three", 2) == ["on", "two"]
