"""An officer at work on the list of services, and a family that takes one entry away with it."""

import csv
import re
from datetime import time, timedelta
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone
from icalendar import Calendar
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from services.models import Contact, Schedule, Service
from tests.browser.looking import axe, sideways
from tests.browser.staff import sign_in
from tests.factories import make_location, make_need, make_offer, make_organisation, make_service

LIST = "/admin/services/service/"
FORMULA = "=1+1 and more"


@pytest.fixture(autouse=True)
def site(live_server):
    """Three that are overdue and say little, one of them named like a formula, and one in date."""
    site = make_offer(phone="0117 496 0100", email="offer@example.org")
    make_need("ASD")
    late = timezone.localdate() - timedelta(days=30)
    for name in ("Art club", "Boxing club", FORMULA):
        make_service(site, name=name, section="social_care", review_by=late)
    fresh = late + timedelta(days=400)
    make_service(site, name="Dance club", section="social_care", review_by=fresh)
    return site


@pytest.fixture
def officer(new_page, live_server) -> Page:
    user = get_user_model().objects.create_superuser("officer", "officer@example.org", "password")
    page = new_page(accept_downloads=True)
    sign_in(page, live_server, user)
    return page


def choose_all_but(page: Page, *left: str) -> None:
    """Tick every row of the list, then take some ticks away."""
    page.get_by_label("Select all", exact=True).first.check()
    for name in left:
        page.get_by_role("row", name=re.compile(re.escape(name))).get_by_role("checkbox").uncheck()


def rows(page: Page) -> list[str]:
    return page.locator("table.listing tbody td.title").all_inner_texts()


def names_in(page: Page) -> list[str]:
    return [text.split("\n")[0].strip() for text in rows(page)]


def test_officer_when_a_list_is_filtered_then_changes_publishes_takes_down_and_exports_it(officer, tmp_path):
    officer.goto(LIST)
    officer.get_by_role("button", name="Show filters").click()
    officer.get_by_role("button", name=re.compile("^Check")).click()
    officer.get_by_role("radio", name="Overdue").check()
    expect(officer).to_have_url(re.compile("overdue=yes"))
    officer.goto(f"{LIST}?overdue=yes&complete=no")
    assert names_in(officer) == [FORMULA, "Art club", "Boxing club"]

    choose_all_but(officer, "Boxing club")
    officer.get_by_label("Change facts of the chosen services").click()
    officer.get_by_label("Section").select_option("health")
    officer.get_by_label("Asd").first.check()
    officer.get_by_role("button", name="Change them").click()
    expect(officer.get_by_text("2 entries changed.")).to_be_visible()
    assert set(Service.objects.filter(section="health", needs__key="ASD").values_list("name", flat=True)) == {
        FORMULA,
        "Art club",
    }
    expect(officer).to_have_url(re.compile("overdue=yes"))

    choose_all_but(officer)
    officer.get_by_label("Take the chosen services off the site").click()
    officer.get_by_role("button", name="Take down").click()
    expect(officer.get_by_text("3 entries taken down.")).to_be_visible()
    assert list(Service.objects.live().values_list("name", flat=True)) == ["Dance club"]

    officer.goto(f"{LIST}?live=no&section=health")
    choose_all_but(officer)
    officer.get_by_label("Publish the chosen services").click()
    officer.get_by_role("button", name="Publish").click()
    expect(officer.get_by_text("2 entries published.")).to_be_visible()
    assert Service.objects.live().count() == 3

    for kind in ("CSV", "XLSX"):
        officer.goto(f"{LIST}?section=health")
        assert column(exported(officer, kind, tmp_path), "Name") == [f"'{FORMULA}", "Art club"]


def exported(page: Page, kind: str, folder: Path) -> list[list[str]]:
    """The rows of a download, opened as a spreadsheet would."""
    page.get_by_role("button", name="Actions", exact=True).first.click()
    with page.expect_download() as waiting:
        page.get_by_role("link", name=f"Download {kind}").click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    if kind == "CSV":
        with path.open(encoding="utf-8-sig", newline="") as text:
            return list(csv.reader(text))
    cells = list(load_workbook(path).active.iter_rows())
    assert "f" not in {cell.data_type for row in cells for cell in row}
    return [[str(cell.value) for cell in row] for row in cells]


def column(table: list[list[str]], heading: str) -> list[str]:
    at = table[0].index(heading)
    return [row[at] for row in table[1:]]


def test_officer_when_an_entry_is_there_already_then_is_warned_on_saving_and_merges(officer, site):
    there = Service.objects.get(name="Dance club")
    there.contacts = [Contact(role="Office", phone="0117 496 0555")]
    there.save()
    made = make_service(site, name="The Dance Club", section="social_care", summary="Every Friday.")
    made.contacts = [Contact(role="Office", phone="0117 496 0555")]
    made.save()
    officer.goto(f"{LIST}edit/{made.pk}/")
    officer.get_by_role("textbox", name="Summary").fill("Every Friday night.")
    officer.locator("footer .w-dropdown__toggle, footer [data-w-dropdown-target=toggle]").first.click()
    officer.locator("[name=action-publish]").click()
    expect(officer.get_by_text("This may be here already.")).to_be_visible()
    officer.locator(".messages").get_by_role("link", name="Dance club").click()
    expect(officer.get_by_role("heading", level=1)).to_contain_text("Compare")
    assert sideways(officer) == 0
    officer.get_by_role("button", name="Merge them").click()
    expect(officer.locator(".messages")).to_contain_text("Dance")
    assert Service.objects.live().filter(name__icontains="dance club").count() == 1
    [gone] = Service.objects.filter(name__icontains="dance club", live=False)
    officer.goto(f"/services/{gone.pk}/x/")
    kept = Service.objects.live().get(name__icontains="dance club")
    expect(officer).to_have_url(re.compile(f"/services/{kept.pk}/"))


@pytest.mark.parametrize("width", [320, 1280])
def test_family_when_an_entry_is_printed_and_put_in_a_calendar_then_takes_all_it_needs(
    new_page, site, width, tmp_path
):
    hall = make_location(site, name="Hill Hall", address_1="2 Mill Road", city="Avonmere", postcode="BS5 6RJ")
    provider = make_organisation(site, name="Rowan Trust")
    service = make_service(
        site, name="Friday club", organisation=provider, locations=(hall,), url="https://club.example.org/"
    )
    service.contacts = [Contact(role="Office", phone="0117 496 0777")]
    service.schedules = [Schedule(days=["FR"], opens=time(16), closes=time(17, 30))]
    service.save()
    page = new_page(width=width, accept_downloads=True)
    page.goto(service.get_absolute_url())
    assert axe(page) == []
    assert sideways(page) == 0
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Add to your calendar").click()
    path = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(path)
    [event] = Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    assert "Friday club" in event["SUMMARY"]
    assert "2 Mill Road" in event["LOCATION"]
    assert event["RRULE"]["BYDAY"] == ["FR"]

    page.emulate_media(media="print")
    for words in ("Friday club", "2 Mill Road", "BS5 6RJ", "0117 496 0777"):
        expect(page.get_by_text(words).first).to_be_visible()
    for hidden in (".site-nav", ".breadcrumb", ".page-actions", ".page-feedback", ".button", "[data-print]"):
        for found in page.locator(hidden).all():
            assert not found.is_visible(), hidden
    assert not page.get_by_role("link", name="See it on a map").is_visible()
    written_out = page.evaluate(
        "[...document.querySelectorAll('main a')].map(a => getComputedStyle(a, '::after').content).join(' ')"
    )
    assert "https://club.example.org/" in written_out
    page.pdf(path=tmp_path / "entry.pdf", format="A4")
    assert sideways(page) == 0
