"""What the editor's checker finds, and what it leaves in peace."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localoffer.content_checks import (
    Check,
    Matter,
    check,
    explained_in,
    is_pdf,
    is_vague,
    links_of,
    long_sentences,
    unexplained,
)
from localoffer.glossary import Glossary, Term

GLOSSARY = Glossary(
    [
        Term("EHCP", "A paper.", "Education, health and care plan", ("EHC plan",)),
        Term("SEN support", "Help at school."),
    ]
)
NONE = Glossary([])
LONG = " ".join(["word"] * 26) + "."


def found(html, glossary=GLOSSARY, **fields):
    return [finding.check for finding in check([Matter("Body", html, **fields)], glossary)]


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("The XYZ team", ["XYZ"]),
        ("The XYZ and the XYZs", ["XYZ"]),
        ("An EHCP, an EHC plan and SEN support", []),
        ("SEN alone", ["SEN"]),
        ("The NHS, a GP and a PDF in the UK", []),
        ("Avonmere, BS1 4ST", []),
        ("write to XYZ@example.org or XYZ.gov.uk", []),
        ("I am A or B", []),
    ],
)
def test_letters_when_nobody_explains_them_then_found(text, letters):
    assert unexplained(text, GLOSSARY) == letters


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("the placement panel team (PPT) meets", {"PPT"}),
        ("PPT (placement panel team) meets", {"PPT"}),
        ("the PPT meets", set()),
        ("(PPT)", set()),
    ],
)
def test_letters_when_the_text_spells_them_out_then_known(text, letters):
    assert explained_in(text) == letters


def test_letters_when_spelled_out_in_one_part_then_found_in_none():
    parts = [Matter("One", "<p>The panel (PPT)</p>"), Matter("Two", "<p>The PPT</p>")]
    assert check(parts, NONE) == []


def test_letters_when_in_two_parts_then_told_once():
    findings = check([Matter("One", "<p>PPT</p>"), Matter("Two", "<p>PPT</p>")], NONE)
    assert [(f.where, f.quote) for f in findings] == [("One", "PPT")]


@pytest.mark.parametrize(
    ("words", "vague"),
    [
        ("here", True),
        ("Click here!", True),
        ("click here to apply", True),
        ("Read more…", True),
        ("", True),
        ("→", True),
        ("How to apply", False),
        ("here to help: our team", False),
    ],
)
def test_link_words_when_they_say_nothing_then_vague(words, vague):
    assert is_vague(words) is vague


def test_links_when_read_then_words_address_and_documents():
    html = '<a href="/a"><b>One</b> two</a> x <a linktype="document" id="3">Three</a><a href="/n'
    assert [(link.words, link.href, link.is_document) for link in links_of(html)] == [
        ("One two", "/a", False),
        ("Three", "", True),
    ]


def test_links_when_nested_or_never_closed_then_each_is_one():
    assert [link.words for link in links_of("<a>one<a>two")] == ["one", "two"]


def test_vague_link_when_in_a_text_then_found_with_its_words():
    findings = check([Matter("Body", '<p><a href="/x">here</a></p>')], NONE)
    assert [(f.check, f.quote) for f in findings] == [(Check.LINK_WORDS, "here")]


def test_sentence_when_over_25_words_then_found_longest_first():
    longer = " ".join(["word"] * 40) + "."
    assert long_sentences(f"{LONG} {longer.capitalize()} Short.") == [longer.capitalize(), LONG]
    assert long_sentences(" ".join(["word"] * 25)) == []


PDF = '<a href="/x.PDF?v=1">The policy</a>'


@pytest.mark.parametrize(
    ("html", "fields", "is_found"),
    [
        (f"<p>See {PDF}.</p>", {"is_answer": True}, True),
        (f"<p>See {PDF}.</p>", {"is_answer": False}, False),
        ("<p>See the policy.</p>", {"is_answer": True, "documents": ("policy.pdf",)}, True),
        ("<p>See the policy.</p>", {"is_answer": True, "documents": ("policy.docx",)}, False),
        ('<p><a linktype="document" id="1">It</a></p>', {"is_answer": True}, True),
        ("<p>See the policy.</p>", {"is_answer": True}, False),
        (f"<p>{'word ' * 40}</p>{PDF}", {"is_answer": True}, False),
    ],
)
def test_answer_when_it_only_links_a_document_then_found(html, fields, is_found):
    assert (Check.DOCUMENT_ONLY in found(html, **fields)) is is_found


def test_pdf_when_the_address_has_a_query_then_still_one():
    assert is_pdf("https://x.example/a.pdf#page=2")
    assert not is_pdf("https://x.example/pdf/")


def test_review_date_when_missing_then_found_only_where_one_is_wanted():
    assert found("", wants_review=True) == [Check.NO_REVIEW_DATE]
    assert found("", wants_review=True, review_by=date(2027, 1, 1)) == []
    assert found("") == []


@given(st.lists(st.builds(Matter, st.text(), st.text() | st.just(PDF + "<b>XYZ"), is_answer=st.booleans())))
def test_check_when_anything_then_every_finding_says_what_and_where(matters):
    for finding in check(matters, GLOSSARY):
        assert finding.words
        assert finding.advice
        assert finding.where in {matter.where for matter in matters}
        assert len(finding.quote) <= 165
