"""Steps, news, words, tasks and other formats as a person meets them, with axe on each."""

import re

import pytest

from localoffer.models import (
    AccessibilityStatementPage,
    AlternativeFormatsPage,
    AToZPage,
    FormatRequest,
    GlossaryPage,
    LandingPage,
    StepByStepPage,
)
from localoffer.regulations import Section
from tests.browser.looking import axe, sideways
from tests.factories import answer_block, make_home, make_news, make_page, make_section, make_term

PATHS = [
    "/",
    "/steps/",
    "/news/",
    "/news/piece/",
    "/glossary/",
    "/a-z/",
    "/worry/",
    "/other-formats/",
    "/accessibility/",
]


@pytest.fixture(autouse=True)
def _offer(live_server):
    home = make_home(phone="0117 496 0100")
    site = home.get_site()
    make_term("EHCP", site, expansion="Education, health and care plan")
    make_term("Unpronounceableandveryverylongwordindeed", site)
    answer = answer_block("adv.sources", heading="Who can help?", body="<p>An EHCP, then the EHCP.</p>")
    make_section(Section.ADVICE, home=home, slug="advice", title="Advice", answers=[answer])
    make_page(StepByStepPage, home, title="A plan, step by step", slug="steps", reviewed_on="2026-01-01")
    make_news(home, title="A piece of news", slug="piece", body="<p>The EHCP.</p>")
    make_page(GlossaryPage, home)
    make_page(AToZPage, home)
    person = {
        "name": "Us",
        "words": "Free.",
        "phone": "0117 496 0100",
        "email": "averylongaddress@example.org",
        "url": "",
    }
    make_page(
        LandingPage,
        home,
        title="I am worried",
        slug="worry",
        questions=[("question", "adv.sources")],
        people=[("person", person)],
    )
    make_page(AlternativeFormatsPage, home, title="On paper")
    make_page(AccessibilityStatementPage, home, title="Accessibility statement")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_pages_when_looked_at_with_axe_then_nothing_is_wrong(new_page, width, dark):
    page = new_page(width=width, dark=dark)
    for path in PATHS:
        assert page.goto(path).status == 200, path
        assert axe(page) == [], path
        assert sideways(page) == 0, path


def test_meaning_when_there_is_no_script_then_it_is_there_once_to_read_and_to_print(new_page):
    page = new_page(script=False)
    page.goto("/advice/")
    meaning = page.locator(".term__meaning")
    assert meaning.count() == 1
    assert meaning.is_visible()
    assert meaning.inner_text() == (
        "(education, health and care plan: a legal paper about the help that a child needs)"
    )
    page.emulate_media(media="print")
    assert meaning.is_visible()


def test_letters_when_followed_by_keyboard_then_the_page_goes_there(page):
    page.goto("/glossary/")
    page.get_by_role("navigation", name="Letters").get_by_role("link", name="U").press("Enter")
    page.wait_for_url("**/glossary/#letter-u")
    assert page.locator("#letter-u").is_visible()


def test_request_when_there_is_no_script_then_mended_and_sent(new_page):
    page = new_page(width=320, script=False)
    page.goto("/other-formats/")
    page.get_by_label("Which page do you want?").fill("Getting there")
    page.get_by_label("Another language").check(force=True)
    page.get_by_label("Email address").fill("nonsense")
    page.get_by_role("button", name="Send this request").click()
    assert page.title().startswith("Error: ")
    assert page.get_by_role("alert").get_by_role("link").all_inner_texts() == [
        "Tell us which language you want",
        "Enter an email address such as name@example.org, or leave it empty",
    ]
    assert sideways(page) == 0
    assert page.get_by_label("Which page do you want?").input_value() == "Getting there"
    page.get_by_label("Which language?").fill("Polski")
    page.get_by_label("Email address").fill("a@example.org")
    page.get_by_role("button", name="Send this request").click()
    assert page.get_by_role("heading", name="We have your request").is_visible()
    assert re.search(r"/other-formats/\?asked=1$", page.url)
    assert FormatRequest.objects.get().language == "Polski"


def test_request_when_wrong_then_axe_finds_nothing_and_the_summary_takes_focus(page):
    page.goto("/other-formats/")
    page.get_by_role("button", name="Send this request").click()
    assert axe(page) == []
    assert page.evaluate("document.activeElement.getAttribute('role')") == "alert"


@pytest.mark.parametrize("path", PATHS)
def test_page_when_text_is_twice_as_large_then_still_no_sideways_scroll(new_page, path):
    page = new_page(width=640)
    page.goto(path)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert sideways(page) == 0


def test_pages_when_read_then_no_third_party_no_cookie_no_complaint(page, watch):
    for path in PATHS:
        if path != "/other-formats/":  # its form keeps a safety token
            page.goto(path, wait_until="networkidle")
    assert watch.foreign == []
    assert watch.failed == []
    assert watch.console == []
    assert page.context.cookies() == []
