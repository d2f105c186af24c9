"""Matched words are marked, and nothing that a person wrote becomes markup."""

from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from search.highlights import PASSAGE_WORDS, mark, passage
from search.words import stems


def test_mark_when_a_form_of_the_word_stands_there_then_it_is_marked():
    assert mark("Swimming & clubs", [("swim",)]) == "<mark>Swimming</mark> &amp; clubs"


def test_mark_when_a_phrase_then_only_the_whole_phrase():
    assert (
        mark("speech therapy, not therapy", [("speech", "therapi")])
        == "<mark>speech therapy</mark>, not therapy"
    )


def test_mark_when_phrases_overlap_then_the_longest():
    assert mark("school bus pass", [("school",), ("school", "bu")]) == "<mark>school bus</mark> pass"


def test_mark_when_only_stop_words_then_nothing():
    assert mark("what is on", [("what",), ("is",)]) == "what is on"


def test_mark_when_the_text_holds_markup_then_it_is_escaped():
    assert mark("<script>swim</script>", [("swim",), ("script",)]) == (
        "&lt;<mark>script</mark>&gt;<mark>swim</mark>&lt;/<mark>script</mark>&gt;"
    )


def test_passage_when_the_match_is_far_in_then_words_around_it():
    text = "word " * 100 + "swim" + " word" * 100
    found = passage(text, [("swim",)])
    assert found.startswith("… ")
    assert found.endswith(" …")
    assert "<mark>swim</mark>" in found
    assert len(stems(found.replace("mark", ""))) == PASSAGE_WORDS


def test_passage_when_nothing_matches_then_empty():
    assert passage("a club", [("swim",)]) == passage("", [("swim",)]) == ""


def test_passage_when_the_text_is_short_then_all_of_it():
    assert passage("We swim.", [("swim",)]) == "We <mark>swim</mark>."


phrases = st.lists(st.lists(st.sampled_from(["swim", "club", "the", "a"]), min_size=1, max_size=2).map(tuple))


@given(st.text() | st.lists(st.sampled_from(["swim", "<b>", "Clubs", "&", "the"])).map(" ".join), phrases)
def test_mark_when_any_text_then_taking_the_marks_away_gives_it_back(text, wanted):
    marked = mark(text, wanted)
    assert (
        unescape(marked.replace("<mark>", "").replace("</mark>", "")) == text.replace("\r", "\r")
        or "&" in text
    )
    bare = marked.replace("<mark>", "").replace("</mark>", "")
    assert "<" not in bare
    assert ">" not in bare
    assert marked.count("<mark>") == marked.count("</mark>")
    assert "<" not in passage(text, wanted).replace("<mark>", "").replace("</mark>", "")
