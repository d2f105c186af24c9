"""A tired parent on a phone: search, narrow, read a service, say what is wrong."""

import re

import pytest
from playwright.sync_api import Page, expect

from feedback.models import Comment
from search.index import rebuild
from services.enums import CostKind
from services.models import CostOption
from tests.browser.looking import axe, sideways
from tests.factories import make_location, make_need, make_offer, make_organisation, make_service


@pytest.fixture(autouse=True)
def _directory(live_server):
    site = make_offer(phone="0117 496 0100")
    make_need("ASD", label="Autism")
    near = make_location(site, name="Tannery Library", address_1="1 Tannery Road", city="Avonmere")
    far = make_location(site, name="Far Hall", postcode="M1 1AE", latitude=53.478, longitude=-2.231)
    club = make_service(
        site,
        name="Glow Room sensory space",
        summary="A bookable sensory room for autistic children.",
        organisation=make_organisation(site, name="Avonmere Libraries"),
        needs=("ASD",),
        min_age=0,
        max_age=11,
        locations=(near,),
    )
    CostOption.objects.create(service=club, kind=CostKind.FREE)
    make_service(site, name="Autism youth group", needs=("ASD",), min_age=14, max_age=19, locations=(near,))
    make_service(site, name="Autism hub far away", needs=("ASD",), min_age=0, max_age=25, locations=(far,))
    make_service(site, name="Autism helpline", needs=("ASD",), min_age=0, max_age=25)
    rebuild()


def looks_right(page: Page) -> None:
    """Nothing for axe to complain of (it needs JavaScript itself), nothing off the side."""
    assert axe(page) == [], page.url
    assert sideways(page) == 0, page.url


def choose(page: Page, label: str) -> None:
    """Press the words of a choice, as a thumb does."""
    page.locator("label", has_text=label).click()


def search(page: Page, words: str, age: str, postcode: str) -> None:
    page.goto("/")
    looks_right(page)
    page.get_by_label("What do you need?").fill(words)
    page.get_by_label("Age", exact=True).fill(age)
    page.get_by_label("Postcode").fill(postcode)
    page.get_by_role("button", name="Search").click()


def open_filters(page: Page) -> None:
    opener = page.get_by_role("link", name=re.compile("Change filters|Search and filter"))
    if opener.is_visible():
        opener.click()


@pytest.mark.parametrize(("width", "script"), [(1280, True), (320, True), (320, False)])
def test_family_when_it_searches_narrows_reads_and_comments_then_each_page_works(
    new_page, width, script, monkeypatch
):
    page = new_page(width=width, script=script)
    if not script:  # axe cannot run where the page's own scripts cannot
        monkeypatch.setattr("tests.browser.test_journey.axe", lambda page: [])
    search(page, "autism", "7", "BS5")
    expect(page.get_by_role("heading", level=1)).to_contain_text("3 services for autism")
    expect(page).to_have_title(re.compile("3 services"))
    looks_right(page)

    open_filters(page)
    looks_right(page)
    page.get_by_label("How far can you go?").select_option("5")
    page.get_by_role("button", name="Show results").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("2 services")
    expect(page.get_by_text("no fixed place")).to_be_visible()
    expect(page.get_by_role("link", name="Autism hub far away")).to_have_count(0)

    page.get_by_role("link", name="Remove filter: Age 7").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("3 services")
    page.get_by_role("link", name="Glow Room sensory space").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Glow Room sensory space")
    looks_right(page)

    page.get_by_role("link", name="Tell us about this page").click()
    say(page)
    comment = Comment.objects.get()
    assert comment.original == "The room was shut on Sunday. <b>Please</b> check."
    assert comment.about_title == "Glow Room sensory space"
    expect(page.get_by_text(comment.reference)).to_be_visible()


def say(page: Page) -> None:
    """Answer the five questions, with one mistake on the way, and send."""
    looks_right(page)
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_title(re.compile("^Error:"))
    looks_right(page)
    choose(page, "parent or carer")
    page.get_by_role("button", name="Continue").click()
    choose(page, "What a page says")
    page.get_by_role("button", name="Continue").click()
    looks_right(page)
    page.get_by_role("textbox").last.fill("The room was shut on Sunday. <b>Please</b> check.")
    page.get_by_role("button", name="Continue").click()
    choose(page, "Yes, with names and private details taken out")
    page.get_by_role("button", name="Continue").click()
    looks_right(page)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check what you have written")
    looks_right(page)
    page.get_by_role("button", name="Send my comment").click()
    looks_right(page)


def test_family_when_nothing_is_found_then_a_way_back(page):
    search(page, "zebra racing", "2", "BS5")
    expect(page.get_by_role("heading", level=1)).to_contain_text("No services")
    looks_right(page)
    expect(page.get_by_role("link", name="Tell us what is missing")).to_be_visible()


def test_reader_when_searching_and_reading_then_no_cookie_and_no_stranger(page, watch):
    search(page, "autism", "7", "BS5")
    page.get_by_role("link", name="Glow Room sensory space").first.click()
    page.goto("/have-your-say/comments/")
    looks_right(page)
    assert page.context.cookies() == []
    assert watch.foreign == []
    assert watch.console == []
    assert watch.failed == []
