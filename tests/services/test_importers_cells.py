"""One cell at a time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.importers import cells
from services.importers.cells import BadCell


@pytest.mark.parametrize(
    ("text", "meant"),
    [("7", 7), (" 11 ", 11), ("0", 0), ("16.0", 16), ("", None), ("   ", None), ("120", 120)],
)
def test_age_when_a_number_or_empty_then_read(text, meant):
    assert cells.age(text) == meant


@pytest.mark.parametrize("text", ["N/A", "-1", "seven", "999", "7.5", "４", "1e2", "=1+1", "7 to 11", "٧"])
def test_age_when_anything_else_then_refused_with_the_value(text):
    with pytest.raises(BadCell, match="is not an age in years"):
        cells.age(text)


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+44", "-Oak", '=HYPERLINK("http://x")'])
def test_name_when_it_begins_like_a_formula_then_refused(text):
    with pytest.raises(BadCell, match="formula"):
        cells.name(text)


@pytest.mark.parametrize("text", ["<b>Oak</b>", "Oak <script>", "Oak </p>", "<!-- x -->"])
def test_words_when_html_then_refused(text):
    with pytest.raises(BadCell, match="HTML"):
        cells.words(text)


@pytest.mark.parametrize("text", ["", "  ", "…", "''"])
def test_name_when_there_is_none_then_refused(text):
    with pytest.raises(BadCell):
        cells.name(text)


def test_words_when_marks_are_hidden_in_it_then_they_are_gone():
    assert cells.words(" Oak\u202e\u200b  \t School\n") == "Oak School"
    assert cells.words("Ysgol Gŵyr & Ffrindiau < 5") == "Ysgol Gŵyr & Ffrindiau < 5"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("01174960101", "01174960101"),
        ("1174960101", "01174960101"),
        ("+44 117 496 0101", "+44 117 496 0101"),
        ("0117 496 0101 ext 12", "0117 496 0101 ext 12"),
        ("n/a", ""),
        ("", ""),
    ],
)
def test_phone_when_a_number_then_kept_and_its_first_nought_put_back(text, meant):
    assert cells.phone(text) == meant


@pytest.mark.parametrize("text", ["ring Sam", "=01174960101", "<01174960101>", "1.17E+09", "0" * 60])
def test_phone_when_it_is_not_one_then_refused(text):
    with pytest.raises(BadCell, match="phone"):
        cells.phone(text)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("www.oak.example.org", "http://www.oak.example.org"),
        ("https://oak.example.org/a?b=c", "https://oak.example.org/a?b=c"),
        ("oak.example.org.", "http://oak.example.org"),
        ("Not applicable", ""),
        ("", ""),
    ],
)
def test_web_address_when_one_then_whole(text, meant):
    assert cells.web_address(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)", "javascript://x.example/%0aalert(1)", "data:text/html,x", "ftp://oak.example.org",
        "http://user:pass@oak.example.org", "oak", "two words.example.org", "http://[bad", "http://oak.example.org:x/",
        "a@b.example.org", "=cmd|' /C calc'!A0",
    ],
)  # fmt: skip
def test_web_address_when_not_a_plain_one_then_refused(text):
    with pytest.raises(BadCell, match="web address"):
        cells.web_address(text)


@given(st.text())
def test_cells_when_given_anything_then_a_value_or_a_reason(text):
    for read in (cells.age, cells.name, cells.words, cells.phone, cells.email, cells.web_address):
        try:
            value = str(read(text) or "")
        except BadCell as fault:
            value = ""
            said = str(fault)
        else:
            said = "read"
        assert value.isprintable()
        assert said.strip()
