"""Components drawn once and then filled."""

import pytest
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from hypothesis import given
from hypothesis import strategies as st

from localoffer import addresses
from localoffer.moulds import fill

CHOICE = "components/facet_choice.html"


def drawn(template: str, **context: object) -> str:
    return render_to_string(template, context).strip()


@given(count=st.text(min_size=1), label=st.text())
def test_component_when_filled_then_as_the_template_draws_it(count, label):
    fixed = {"facet": "need", "key": "ASD", "label": label, "chosen": True, "things": "services"}
    assert fill(CHOICE, {"count": count}, **fixed) == drawn(CHOICE, count=count, **fixed)


@pytest.mark.parametrize("saved", ["", "3.5"])
@pytest.mark.parametrize("remove_url", ["", "/services/saved/?ids=4"])
def test_component_when_a_value_is_empty_then_drawn_as_without_it(saved, remove_url):
    values = {"id": "7", "title": "100% %s <b>", "saved": saved, "remove_url": remove_url}
    assert fill("components/save.html", values) == drawn("components/save.html", **values)


def test_component_when_a_value_is_safe_then_not_escaped_again():
    values = {"text": mark_safe("<mark>Play</mark> &amp; talk")}
    assert "<mark>Play</mark> &amp; talk" in fill("components/fact.html", values, symbol="pin", label="Where")


def test_component_when_a_value_holds_the_mark_of_a_hole_then_it_is_only_text():
    text = "\ue0f0text\ue0f1 <b>"
    html = fill("components/fact.html", {"text": text}, symbol="pin", label="Where")
    assert html == drawn("components/fact.html", text=text, symbol="pin", label="Where")
    assert (
        fill("components/fact.html", {"text": "Hall"}, symbol="pin", label="\ue0f0other\ue0f1").count("Hall")
        == 1
    )


def test_address_when_no_page_has_the_name_then_empty():
    assert addresses.of("nothing:here") == ""
    assert addresses.of("search:results") == "/services/"
