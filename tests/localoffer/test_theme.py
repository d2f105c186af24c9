"""A council's colours as CSS: nothing but a colour gets through, and each address may be kept."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localoffer import theme
from localoffer.models import CouncilSettings
from tests.factories import make_authority

ONLY_COLOURS = re.compile(
    r":root\{--council-brand:#[0-9a-f]{6};--council-accent:#[0-9a-f]{6};--council-paper:#[0-9a-f]{6};\}\n\Z"
)
HOSTILE = [
    "red}body{display:none",
    "#fff",
    "#0b5351\n",
    "#0b5351;}@import url(//evil.example)",
    "</style><script>alert(1)</script>",
    "#٠٠٠٠٠٠",
    "",
]


@pytest.mark.parametrize("value", HOSTILE)
def test_stylesheet_when_value_is_no_colour_then_the_products_own(value):
    css = theme.stylesheet(CouncilSettings(brand_colour=value, accent_colour=value, paper_colour=value))
    assert css == theme.stylesheet(CouncilSettings())


@given(st.text())
def test_stylesheet_when_anything_then_only_colours(value):
    assert ONLY_COLOURS.match(theme.stylesheet(CouncilSettings(brand_colour=value, paper_colour=value)))


def test_stylesheet_when_council_has_colours_then_they_are_in_it():
    css = theme.stylesheet(CouncilSettings(brand_colour="#5B2A66"))
    assert "--council-brand:#5b2a66;" in css
    assert "--council-accent:#f3b23c;" in css


def test_theme_when_current_address_then_kept_for_a_year(client, authority):
    response = client.get(f"/theme-{theme.digest(CouncilSettings.for_site(authority))}.css")
    assert response.status_code == 200
    assert response["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in response["Cache-Control"]
    assert not response.cookies


def test_theme_when_old_address_then_todays_colours_not_to_be_kept(client, db):
    make_authority(brand_colour="#5b2a66")
    response = client.get("/theme-000000000000.css")
    assert response["Cache-Control"] == "no-cache"
    assert "#5b2a66" in response.text


def test_digest_when_a_colour_changes_then_it_changes():
    assert theme.digest(CouncilSettings()) != theme.digest(CouncilSettings(accent_colour="#f29c82"))
