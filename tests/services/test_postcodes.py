"""Postcodes as people type them."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.postcodes import LONGEST_TYPED, Place, distance_miles, explain, lookup, outcodes, parse

REAL_OUTCODES = sorted(code for code in outcodes() if any(c.isdigit() for c in code))
INCODES = st.builds(
    "".join, st.tuples(st.sampled_from("0123456789"), *[st.sampled_from("ABDEFGHJLNPQRSTUWXYZ")] * 2)
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("BS5 6RJ", "BS5 6RJ"),
        ("bs56rj", "BS5 6RJ"),
        ("B S5 6 X Y", "BS5 6XY"),
        ("  bs5\t6rj\n", "BS5 6RJ"),
        ("BS5-6RJ", "BS5 6RJ"),
        ('"BS5 6RJ"', "BS5 6RJ"),
        ("ＢＳ５ ６ＲＪ", "BS5 6RJ"),
        ("BS5 ORJ", "BS5 0RJ"),
        ("BS1O 6RF", "BS10 6RF"),
        ("0X1 1AA", "OX1 1AA"),
        ("BSI 4ST", "BS1 4ST"),
        ("l1 8jq", "L1 8JQ"),
        ("EC1A1BB", "EC1A 1BB"),
        ("E16AN", "E1 6AN"),
        ("E161AN", "E16 1AN"),
        ("bs5", "BS5"),
        ("BS5 6", "BS5"),
        ("BS5 6R", "BS5"),
        ("sw1", "SW1"),
        ("XX99 9XX", "XX99 9XX"),
        ("bt1 1aa", "BT1 1AA"),
    ],
)
def test_parse_when_typed_by_a_person_then_means_that_postcode(typed, meant):
    assert str(parse(typed)) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "\0",
        "hello",
        "seven",
        "9",
        "11",
        "9999999",
        "BS5🙂",
        "BS5\0",
        "BS5; DROP TABLE",
        "x" * 10_000,
        "²³",
        "١٢",
    ],
)
def test_parse_when_not_a_postcode_then_none(typed):
    assert parse(typed) is None
    assert lookup(typed) is None
    assert "does not look like a postcode" in explain(typed)


def test_lookup_when_half_a_postcode_then_its_centre():
    place = lookup("bs5")
    assert place == Place("BS5", *outcodes()["BS5"], precise=False)
    assert distance_miles(place.latitude, place.longitude, 51.4744, -2.5471) < 1.5


def test_lookup_when_a_district_of_central_london_without_its_letter_then_the_middle_of_its_parts():
    place = lookup("SW1")
    assert distance_miles(place.latitude, place.longitude, 51.4975, -0.1357) < 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("B55 6RJ", "could not find the postcode B55 6RJ. It may be new, or no longer in use"),
        ("XX99 9XX", "letters to an organisation"),
        ("BX1 1LT", "letters to an organisation"),
        ("gir 0aa", "letters to an organisation"),
        ("GX11 1AA", "Gibraltar"),
        ("BT1 1AA", "Northern Ireland"),
        ("je2 3ab", "Jersey"),
        ("GY1 1AA", "Guernsey"),
        ("im1 1aa", "Isle of Man"),
        ("BFPO 57", "British Forces"),
        ("BF1 2AX", "British Forces"),
    ],
)
def test_explain_when_place_is_unknown_then_says_why(typed, words):
    assert lookup(typed) is None
    assert words in explain(typed)


def test_distance_when_bristol_to_london_then_about_106_miles():
    assert distance_miles(51.4545, -2.5879, 51.5074, -0.1278) == pytest.approx(106, abs=1)
    assert distance_miles(51.5, -2.5, 51.5, -2.5) == 0


@given(st.sampled_from(REAL_OUTCODES), INCODES, st.data())
def test_parse_when_a_real_postcode_is_typed_untidily_then_still_read(outcode, incode, data):
    """Any case, and spaces anywhere, as long as nobody pads it beyond a line."""
    typed = "".join(letter + data.draw(st.sampled_from(["", " "])) for letter in outcode + incode)
    typed = "".join(data.draw(st.sampled_from([c.lower(), c])) for c in typed)
    assert str(parse(typed)) == f"{outcode} {incode}"
    assert lookup(typed).label == f"{outcode} {incode}"


@given(st.text(max_size=40) | st.text(alphabet=string.ascii_letters + string.digits + " ", max_size=8))
def test_parse_when_anything_is_typed_then_an_answer_and_never_an_error(typed):
    postcode = parse(typed)
    if postcode is None:
        assert lookup(typed) is None
    else:
        assert parse(str(postcode)) == postcode
        assert len(typed) <= LONGEST_TYPED
    assert explain(typed)
