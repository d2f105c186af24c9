"""HTML is cut into tags and text without losing or mistaking any of it."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from localoffer.markup import Kind, pieces, text_of

SCRAPS = st.lists(
    st.sampled_from(
        [
            "<",
            ">",
            "</",
            "<p>",
            "</p>",
            '<a href="',
            "'",
            '"',
            "<!--",
            "-->",
            "<script>",
            "</script>",
            "<svg/>",
        ]
        + [
            "EHCP",
            " ",
            "&amp;",
            "=",
            "/",
            "<br>",
            "é",
            "<textarea>",
            "<!doctype html>",
            "<p title='>'>",
            "\x00",
        ]
    )
).map("".join)


@given(SCRAPS | st.text())
@example("<p title='x>text</p>")
def test_pieces_when_joined_then_what_came_in(html):
    assert "".join(piece.raw for piece in pieces(html)) == html


@given(SCRAPS)
def test_text_pieces_when_cut_then_no_tag_is_left_in_them(html):
    for piece in pieces(html):
        if piece.kind is Kind.TEXT:
            assert "</p" not in piece.raw
            assert "<script" not in piece.raw


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One</p><p>Two</p>", "One\nTwo"),
        ("a<br>b", "a\nb"),
        ("<ul><li>x<li>y</ul>", "x\ny"),
        ("<b>bo</b>ld &amp; &lt;p&gt;", "bold & <p>"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<script>no</script>yes<style>no</style>", "yes"),
        ("<script>never closed", ""),
        ("<SCRIPT>no</sCriPt >yes", "yes"),
        ("<script/>still no</script>yes", "yes"),
        ("<svg/>yes", "yes"),
        ("a<!-- no > no -->b<!-->c", "abc"),
        ('<p title="</p>x">y</p>', "y"),
        ("<p title='never closed>no</p>", ""),
        ("<p", ""),
        ("</ p>b", "b"),
        ("  many \n  spaces ", "many spaces"),
    ],
)
def test_text_of_when_asked_then_what_a_person_reads(html, text):
    assert text_of(html) == text


@pytest.mark.parametrize(
    "unit",
    ["<", "<a ", "<a", "</", "<!--", "<!", "<script>", "<a 'b\"c", "&", "&amp", "<svg></sv", "<p title='"],
)
def test_pieces_when_hostile_and_long_then_still_all_there(unit):
    """A tokeniser whose time grows with the square of the length would hang here."""
    html = unit * 60_000
    assert sum(len(piece.raw) for piece in pieces(html)) == len(html)


def test_attribute_when_written_in_each_way_then_read():
    html = """<a href="/x?a=1&amp;b=2" DATA-href='no' id=7 Linktype = 'document'>y</a>"""
    opened = next(iter(pieces(html)))
    assert opened.attribute("href") == "/x?a=1&b=2"
    assert opened.attribute("id") == "7"
    assert opened.attribute("linktype") == "document"
    assert opened.attribute("class") == ""
