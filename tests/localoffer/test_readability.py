"""LIX, sentences and words, as Wagtail's editor counts them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localoffer.readability import Reading, measure, measure_html, sentences, words


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Don't go. It’s late.", ["Don't", "go", "It’s", "late"]),
        ("1,500 people; GOV.UK", ["1,500", "people", "GOV.UK"]),
        ("well-known, and/or", ["well", "known", "and", "or"]),
        ("… — !", []),
    ],
)
def test_words_when_counted_then_marks_are_none(text, found):
    assert words(text) == found


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("One. Two! Three? Four", 4),
        ("A card, e.g. a pass. Next.", 2),
        ("He said “Come in.” She came.", 2),
        ("First line\nSecond line", 2),
        ("Wait... what?", 1),
        ("Wait... What?", 2),
        ("Really?! yes", 2),
        ("...", 0),
        ("", 0),
    ],
)
def test_sentences_when_split_then_a_small_letter_after_a_stop_ends_nothing(text, count):
    assert len(sentences(text)) == count


def test_lix_when_known_then_words_a_sentence_plus_percent_of_long_words():
    # 12 words in 2 sentences, 4 of them of more than six letters: 12/2 + 100*4/12
    text = "The council decides about transport. You can read the statement here now."
    reading = measure(text)
    assert (reading.words, reading.sentences) == (12, 2)
    assert reading.lix == pytest.approx(12 / 2 + 100 * 4 / 12)
    assert reading.longest == "You can read the statement here now."
    assert reading.longest_words == 7


def test_lix_when_under_ten_words_then_not_measured():
    assert measure("Extraordinarily complicated considerations.").lix == 0
    assert measure("Extraordinarily complicated considerations.").rating == ""


@pytest.mark.parametrize(
    ("lix", "rating"), [(0.1, "Good"), (34.99, "Good"), (35, "Fair"), (44.99, "Fair"), (45, "Complex")]
)
def test_rating_when_at_the_edges_then_as_in_wagtails_editor(lix, rating):
    """From `wagtailadmin/js/core.js`: under 35 good, under 45 fair, else complex."""
    assert Reading(10, 1, lix).rating == rating


def test_html_when_measured_then_list_items_are_sentences_of_their_own():
    html = "<ul><li>one two three four five</li><li>six seven eight nine ten</li></ul>"
    assert measure_html(html).sentences == 2


@given(st.text())
def test_measure_when_anything_then_numbers_that_fit(text):
    reading = measure(text)
    assert 0 <= reading.sentences <= reading.words
    assert 0 <= reading.lix <= reading.words + 100
    assert reading.longest_words <= reading.words
    assert sum(len(words(s)) for s in sentences(text)) == reading.words


@given(st.lists(st.sampled_from(["one", "longer words", "two. ", "\n", "e.g. ", "!"])).map(" ".join))
def test_sentences_when_split_then_no_word_is_lost(text):
    assert [w for s in sentences(text) for w in words(s)] == words(text)
