"""The end of the loop: the yearly report is drafted by a button, approved by two others, and fixed."""

import re
from datetime import date

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from feedback import answers
from feedback.annual_period import ReportPeriod
from feedback.enums import ActionStatus, Topic
from feedback.models import Action, AnnualReportPage, FrozenReport, UsefulCount
from tests.browser.looking import axe, sideways
from tests.browser.staff import choose, sign_in
from tests.factories import make_action, make_moderator, make_published
from tests.feedback.record import (
    make_forum_member,
    make_publisher,
    make_round,
    make_staffed_site,
    make_writer,
)

YEAR = ReportPeriod.latest_whole(date.today())


@pytest.fixture
def site(live_server):
    site = make_staffed_site(forum_name="Avonmere Parent Carer Voice", phone="0117 496 0100")
    by = make_moderator()
    action = make_action(
        site, by=by, title="Clear dates", status=ActionStatus.DONE, done_on=YEAR.end, target_date=None,
        response="The date is at the top of the page.",
    )  # fmt: skip
    make_published(site, by=by, received_on=YEAR.start, topic=Topic.MISSING, action=action)
    make_published(site, by=by, received_on=YEAR.end, response="We hear you.")
    make_round(site, opened=YEAR.start)
    return site


def test_report_when_drafted_approved_and_frozen_then_families_read_it_and_the_log_moves_on(
    new_page, live_server, site
):
    writer, forum, publisher = make_writer(), make_forum_member(), make_publisher()
    page = new_page()
    sign_in(page, live_server, writer)
    page.goto(reverse("feedback_annual:index"))
    expect(page.get_by_text("There is no yearly report yet", exact=False).first).to_be_visible()
    page.get_by_role("button", name="Draft the report").click()
    report = AnnualReportPage.objects.get()
    expect(page).to_have_url(f"{live_server.url}{reverse('wagtailadmin_pages:edit', args=[report.pk])}")
    page.locator("[name=introduction]").fill("You wrote to us. We changed the dates.")
    choose(page, "[name=action-submit]")
    expect(page.locator(".messages").first).to_contain_text("submitted")

    edit = reverse("wagtailadmin_pages:edit", args=[report.pk])
    for person in (forum, publisher):
        sign_in(page, live_server, person)
        page.goto(edit)
        choose(page, "[data-workflow-action-name=approve]")
        expect(page.locator(".messages").first).to_contain_text("updated")

    record = FrozenReport.objects.get()
    assert record.is_intact
    address = AnnualReportPage.objects.get().get_url()
    assert address == f"/have-your-say/annual-report/{YEAR.slug}/"
    read(new_page, address)

    action = answers.change_action(
        action=Action.objects.get(), by=make_moderator("later"), version=1,
        response="Changed after the report.", status=ActionStatus.DONE, done_on=YEAR.end,
    )  # fmt: skip
    assert action.response == "Changed after the report."
    family = new_page()
    family.goto(address)
    expect(family.get_by_text("The date is at the top of the page.").first).to_be_visible()
    expect(family.get_by_text("Changed after the report.")).to_have_count(0)


def read(new_page, address: str) -> None:
    """As families read it: wide, narrow, dark and without JavaScript."""
    for options in ({"width": 1280}, {"width": 320}, {"width": 1280, "dark": True}):
        page = new_page(**options)
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_contain_text("What you told us")
        expect(page.get_by_text("You wrote to us. We changed the dates.")).to_be_visible()
        expect(page.get_by_text("Agreed with Avonmere Parent Carer Voice", exact=False)).to_be_visible()
        assert axe(page) == []
        assert sideways(page) == 0
        assert page.context.cookies() == []


def test_reader_when_the_page_was_useful_then_counted_without_script_or_cookie(new_page, site):
    from feedback import founding

    founding.found(site)
    page = new_page(width=320, script=False)
    page.goto("/have-your-say/how-we-made-this/")
    assert sideways(page) == 0
    page.get_by_role("button", name=re.compile("^Yes")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you")
    assert page.context.cookies() == []
    assert UsefulCount.objects.get().yes == 1
    page.get_by_role("link", name="Back to the page").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("How we made this")
    seen = new_page()
    for address in ("/have-your-say/how-we-made-this/", "/have-your-say/useful/thanks/"):
        seen.goto(address)
        assert axe(seen) == []
