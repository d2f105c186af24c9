"""From the reminder in a provider's inbox to the change that families read."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, expect

from services.enums import SuggestionState
from services.models import Service, Suggestion
from tests.browser.looking import axe, sideways
from tests.factories import make_offer
from tests.services.currency import make_due, paths_in_mail


@pytest.fixture(autouse=True)
def service(live_server) -> Service:
    site = make_offer(phone="0117 496 0100", email="offer@example.org")
    get_user_model().objects.create_superuser("officer", "officer@example.org", "password")
    return make_due(site, days=7)


def looks_right(page: Page, script: bool = True) -> None:
    """Nothing for axe to complain of, where it can run, and nothing off the side."""
    if script:
        assert axe(page) == [], page.url
        assert sideways(page) == 0, page.url


def link_from_the_inbox() -> str:
    call_command("send_review_reminders", stdout=StringIO())
    [path] = paths_in_mail()
    return path


@pytest.mark.parametrize(("width", "script"), [(1280, True), (320, True), (320, False)])
def test_provider_when_reminded_then_changes_an_entry_and_the_officer_accepts(
    new_page, live_server, width, script, service
):
    path = link_from_the_inbox()
    call_command("send_review_reminders", stdout=StringIO())
    assert len(mail.outbox) == 1
    provider = new_page(width=width, script=script)
    ask_for_a_change(provider, path, script)
    made = Suggestion.objects.get()
    assert set(made.proposed) == {"waiting_time", "contacts"}
    assert {cookie["name"] for cookie in provider.context.cookies()} == {"csrftoken"}

    provider.goto(path)
    expect(provider.get_by_role("heading", level=1)).to_have_text("Thank you")
    looks_right(provider, script)

    accept_some(new_page(width=1280), service)
    made.refresh_from_db()
    assert (made.state, made.accepted) == (SuggestionState.PARTLY, ["waiting_time"])
    assert "Thank you. We will ring you about the phone." in mail.outbox[-1].body

    family = new_page(width=width, script=script)
    family.goto(service.get_absolute_url())
    expect(family.get_by_text("About six weeks")).to_be_visible()
    today = f"{timezone.localdate():%-d %B %Y}"
    expect(family.get_by_text(f"Checked {today} by the provider")).to_be_visible()
    expect(family.get_by_text("0117 496 0641")).to_be_visible()
    looks_right(family, script)


def ask_for_a_change(page: Page, path: str, script: bool) -> None:
    """Open the link, make a mistake, put it right, check, send."""
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this still right?")
    looks_right(page, script)
    page.get_by_role("button", name="Something needs to change").click()
    looks_right(page, script)
    page.get_by_label("Waiting time", exact=True).fill("About six weeks")
    page.get_by_label("Oldest age").fill("2")
    page.get_by_label("Contact 1: phone").fill("0117 496 0999")
    page.get_by_role("button", name="Check what you changed").click()
    expect(page).to_have_title(re.compile("^Error:"))
    expect(page.get_by_role("alert")).to_contain_text("The oldest age must be the same")
    looks_right(page, script)
    expect(page.get_by_label("Waiting time", exact=True)).to_have_value("About six weeks")
    page.get_by_label("Oldest age").fill("17")
    page.get_by_role("button", name="Check what you changed").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check what you changed")
    looks_right(page, script)
    page.get_by_role("button", name="Back").click()
    expect(page.get_by_label("Contact 1: phone")).to_have_value("0117 496 0999")
    page.get_by_role("button", name="Check what you changed").click()
    page.get_by_role("button", name="Send these changes").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    looks_right(page, script)


def accept_some(page: Page, service: Service) -> None:
    """Sign in, find what waits, untick one field, write back."""
    page.goto("/admin/")
    page.locator("#id_username").fill("officer")
    page.locator("#id_password").fill("password")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("link", name="1 suggested change from providers").click()
    page.get_by_role("link", name=service.name).first.click()
    row = page.get_by_role("row", name="Phone and email")
    expect(row).to_contain_text("0117 496 0641")
    expect(row).to_contain_text("0117 496 0999")
    page.get_by_label("Accept Phone and email").uncheck()
    page.get_by_label("Message to the provider").fill("Thank you. We will ring you about the phone.")
    page.get_by_role("button", name="Accept what is ticked").click()
    expect(page.get_by_text("the provider was told by email")).to_be_visible()


def test_provider_when_all_is_right_then_one_press_is_enough(page, watch, service):
    page.goto(link_from_the_inbox())
    page.get_by_role("button", name="Yes, it is still right").click()
    expect(page.get_by_text("You told us that it is still right")).to_be_visible()
    looks_right(page)
    page.get_by_role("button", name="Send me a new link").click()
    expect(page.get_by_text("We have sent a new link")).to_be_visible()
    looks_right(page)
    assert len(mail.outbox) == 2
    assert Service.objects.get().review_by > timezone.localdate() + timedelta(days=100)
    assert watch.foreign == []
    assert watch.console == []


@pytest.mark.parametrize("path", ["/services/review/forged/", "/services/review/a:b/"])
def test_link_when_forged_then_the_page_says_so_kindly(page, path):
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_have_text("This link does not work")
    looks_right(page)
