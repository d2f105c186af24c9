"""Things under their letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localoffer.letters import by_letter, letter_of


@pytest.mark.parametrize(
    ("title", "letter"),
    [
        ("The ombudsman", "O"),
        ("An appeal", "A"),
        ("Another thing", "A"),
        ("Émilie", "E"),
        ("“Quoted”", "Q"),
        ("16 to 19", "0 to 9"),
        ("اردو", "Other"),
        ("", "Other"),
        ("A", "A"),
    ],
)
def test_letter_when_asked_then_without_article_accent_or_mark(title, letter):
    assert letter_of(title) == letter


def test_letters_when_grouped_then_numbers_first_other_last_and_each_sorted():
    groups = by_letter(["bus", "اردو", "Apple", "2 go", "the Ark"], str)
    assert [(g.letter, g.items) for g in groups] == [
        ("0 to 9", ("2 go",)),
        ("A", ("Apple", "the Ark")),
        ("B", ("bus",)),
        ("Other", ("اردو",)),
    ]
    assert groups[0].anchor == "letter-0-to-9"


@given(st.lists(st.text()))
def test_letters_when_anything_then_every_thing_is_under_one_letter(titles):
    groups = by_letter(titles, str)
    assert sorted(t for g in groups for t in g.items) == sorted(titles)
    assert len({g.letter for g in groups}) == len(groups)
    assert len({g.anchor for g in groups}) == len(groups)
