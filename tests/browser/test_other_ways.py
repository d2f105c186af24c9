"""Other ways to read the offer, in Chromium: Easy Read, another language, on paper, on another day."""

import pytest
from django.utils import timezone
from wagtail.models import Page as WagtailPage

from localoffer.demo_twins import load_twins
from localoffer.models import CouncilSettings
from tests.browser.looking import axe, sideways
from tests.factories import answer_block, make_offer

PATHS = (
    "/transport/",
    "/transport/easy-read/",
    "/advice/polski/",
    "/print/",
    "/print/transport/",
    "/as-of/",
    "/as-of/?on=soon",
    "/as-of/{today}/",
    "/as-of/{today}/transport/",
    "/as-of/2020-01-01/transport/",
)


@pytest.fixture(autouse=True)
def _offer(live_server, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    site = make_offer(phone="0117 496 0100")
    council = CouncilSettings.for_site(site)
    council.public_history = True
    council.save()
    load_twins(site)
    advice = WagtailPage.objects.get(slug="advice").specific
    advice.answers = [answer_block("adv.sources", body="<p>Something else.</p>")]
    advice.save_revision().publish()


@pytest.mark.parametrize(("width", "dark"), [(320, False), (1280, True)])
def test_pages_when_looked_at_then_no_violation_and_nothing_off_the_side(new_page, width, dark):
    page = new_page(width=width, dark=dark)
    for path in PATHS:
        page.goto(path.format(today=timezone.localdate().isoformat()))
        assert axe(page) == [], path
        assert sideways(page) == 0, path


def test_reader_when_a_translation_is_behind_then_led_there_told_and_led_back_without_script(new_page):
    page = new_page(width=320, script=False)
    page.goto("/advice/")
    page.get_by_role("link", name="Polski").click()
    assert page.locator("main [lang=pl] h1").inner_text() == "Porady i osoby, z którymi można porozmawiać"
    assert "We are checking the Polish version." in page.inner_text("main")
    page.get_by_role("link", name="The full page").click()
    assert page.url.endswith("/advice/")


def test_paper_when_the_offer_is_printed_then_frame_and_buttons_stay_behind(new_page):
    page = new_page()
    page.goto("/print/")
    page.emulate_media(media="print")
    assert not page.locator(".site-header, .site-footer, .pack__screen").filter(visible=True).count()
    assert page.locator(".pack__part").count() == 8
    breaks = page.eval_on_selector_all(".pack__part", "all => all.map(e => getComputedStyle(e).breakBefore)")
    assert set(breaks) == {"page"}
    assert page.pdf().startswith(b"%PDF")
