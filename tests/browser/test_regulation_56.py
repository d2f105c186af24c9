"""The regulation 56 loop from a family's comment to the yearly report, in Chromium, through form and admin.

The journey is a chain of small steps. All but the last two happen in a school year that has ended
since, because a report is drafted after the last day of its year.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from django.urls import reverse
from playwright.sync_api import Page, expect

from feedback.annual_period import ReportPeriod
from feedback.enums import Disposition, EventKind
from feedback.models import Action, AnnualReportPage, Comment, FrozenReport
from tests.browser import staff
from tests.browser.looking import axe, sideways
from tests.factories import make_comment, make_moderator, make_offer, make_service
from tests.feedback.record import make_forum_member, make_publisher, make_staffed_site, make_writer

WORDS = "My son Jayden waits outside. Ring me on 0117 496 0981. The page says the room opens at nine."
PUBLIC = "My son waits outside. The page says the room opens at nine."
YEAR = ReportPeriod.latest_whole(date.today())
IN_JUNE = datetime(YEAR.end.year, 6, 8, 10, tzinfo=UTC)


@dataclass
class Loop:
    """What the steps of the journey share."""

    family: Page
    first: Page
    second: Page
    service_url: str
    vexatious: Comment
    writer: Any
    forum: Any
    publisher: Any

    @property
    def comment(self) -> Comment:
        return Comment.objects.exclude(pk=self.vexatious.pk).get()


def log_in(page: Page, username: str) -> None:
    page.goto("/admin/login/")
    page.locator("[name=username]").fill(username)
    page.locator("[name=password]").fill("password")
    page.locator("form button[type=submit]").first.click()
    page.wait_for_url(re.compile("/admin/$"))


@pytest.fixture
def loop(new_page, live_server) -> Loop:
    site = make_staffed_site(advice_service_name="Avonmere SENDIASS", advice_service_phone="0117 496 0700")
    service = make_service(site, name="Glow Room sensory space")
    make_moderator("one")
    make_moderator("two")
    vexatious = make_comment(site, text="You are all useless. Useless. Useless.", received_on=IN_JUNE.date())
    people = make_writer(), make_forum_member(), make_publisher()
    return Loop(*(new_page() for _ in range(3)), service.get_absolute_url(), vexatious, *people)


def choose(page: Page, label: str) -> None:
    page.locator("label", has_text=label).first.click()
    page.get_by_role("button", name="Continue").click()


def family_comments_on_a_service(loop: Loop) -> None:
    page = loop.family
    page.goto(loop.service_url)
    page.get_by_role("link", name="Tell us about this page").click()
    choose(page, "parent or carer")
    choose(page, "What a page says")
    page.get_by_role("textbox").last.fill(WORDS)
    page.get_by_role("button", name="Continue").click()
    choose(page, "Yes, with names and private details taken out")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Send my comment").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
    assert loop.comment.about_title == "Glow Room sensory space"


def moderate(page: Page, comment: Comment) -> None:
    page.goto("/admin/feedback/comments/")
    page.get_by_role("link", name=comment.reference).first.click()
    expect(page.get_by_role("heading", name=f"Comment {comment.reference}")).to_be_visible()


def decide(page: Page, decision: str) -> None:
    page.locator(f"[name=decision][value={decision}]").check()
    page.get_by_role("button", name="Do this", exact=True).click()


def moderator_redacts(loop: Loop) -> None:
    page = loop.first
    log_in(page, "one")
    moderate(page, loop.comment)
    marks = page.locator(".moderation__original mark").all_inner_texts()
    assert any("Jayden" in mark for mark in marks)
    assert any("0117 496 0981" in mark for mark in marks)
    assert "[removed: names a person]" in page.locator("[name=public_text]").input_value()
    expect(page.locator("[name=removed][value=person]")).to_be_checked()
    page.locator("[name=public_text]").fill(PUBLIC)
    decide(page, "draft")
    expect(page.locator(".moderation__difference del", has_text="Jayden")).to_be_visible()
    event = loop.comment.events.get(kind=EventKind.REDACTED)
    assert "It names a person" in event.note
    assert loop.comment.disposition == Disposition.NEW


def two_agree_to_withhold_another(loop: Loop) -> None:
    log_in(loop.second, "two")
    moderate(loop.first, loop.vexatious)
    loop.first.locator("[name=reason]").fill("It only insults people.")
    decide(loop.first, "withheld_vexatious")
    decide_again = loop.first.locator("[name=decision][value=agree]")
    decide_again.check()
    loop.first.get_by_role("button", name="Do this", exact=True).click()
    expect(loop.first.get_by_text("A second person must agree").first).to_be_visible()
    moderate(loop.second, loop.vexatious)
    decide(loop.second, "agree")
    expect(loop.second.get_by_text("saved").first).to_be_visible()
    loop.vexatious.refresh_from_db()
    assert loop.vexatious.disposition == Disposition.WITHHELD_VEXATIOUS


def officer_answers_and_sets_an_action(loop: Loop) -> None:
    page = loop.second
    moderate(page, loop.comment)
    page.locator("[name=action]").select_option("new")
    page.locator(".moderation__more summary", has_text="A new action").click()
    page.locator("[name=action_title]").fill("Right opening times")
    page.locator("[name=action_response]").fill("We will put the right times on the page.")
    page.locator("[name=action_owner_role]").fill("Local Offer manager")
    page.locator("[name=action_target_date]").fill("2099-12-31")
    page.locator("[name=reason]").fill("A name and a phone number.")
    page.locator("[name=nobody_identifiable]").check()
    decide(page, "publish")
    expect(page.get_by_text("saved").first).to_be_visible()
    assert loop.comment.is_entry
    assert Action.objects.get().target_date == date(2099, 12, 31)


def action_is_done_with_evidence(loop: Loop) -> None:
    page = loop.second
    page.goto("/admin/feedback/actions/")
    page.get_by_role("link", name="Right opening times").first.click()
    page.locator("[name=status]").select_option("done")
    page.locator("[name=done_on]").fill(date.today().isoformat())
    page.locator("[name=evidence_url]").fill(loop.service_url)
    page.locator("form button[type=submit], form input[type=submit]").last.click()
    page.wait_for_url(re.compile("/admin/feedback/actions/$"))
    assert Action.objects.get().evidence_title == "Glow Room sensory space"


def family_sees_it_by_reference(loop: Loop) -> None:
    page = loop.family
    page.goto("/have-your-say/follow/")
    page.get_by_label("Number of your comment").fill(loop.comment.reference.lower().replace("-", " "))
    page.get_by_role("button", name="Follow it").click()
    expect(page.get_by_text("My son waits outside.").first).to_be_visible()
    expect(page.get_by_text(re.compile("Done, ")).first).to_be_visible()
    expect(page.get_by_role("link", name=re.compile("See what changed: Glow Room"))).to_be_visible()
    assert "Jayden" not in page.content()
    assert "0981" not in page.content()
    assert axe(page) == []
    assert sideways(page) == 0


def report_is_drafted_and_submitted(loop: Loop, new_page, live_server) -> None:
    page = new_page()
    staff.sign_in(page, live_server, loop.writer)
    page.goto(reverse("feedback_annual:index"))
    page.get_by_role("button", name="Draft the report").click()
    page.locator("[name=introduction]").fill("One room, one right time.")
    staff.choose(page, "[name=action-submit]")
    expect(page.locator(".messages").first).to_contain_text("submitted")
    assert not AnnualReportPage.objects.get().live


def report_is_approved_and_frozen(loop: Loop, new_page, live_server) -> None:
    report = AnnualReportPage.objects.get()
    for person in (loop.forum, loop.publisher):
        page = new_page()
        staff.sign_in(page, live_server, person)
        page.goto(reverse("wagtailadmin_pages:edit", args=[report.pk]))
        staff.choose(page, "[data-workflow-action-name=approve]")
        expect(page.locator(".messages").first).to_contain_text("updated")
    assert FrozenReport.objects.get().is_intact


def family_reads_the_report(loop: Loop) -> None:
    page = loop.family
    page.goto(AnnualReportPage.objects.get().get_url())
    expect(page.get_by_text("One room, one right time.")).to_be_visible()
    expect(page.get_by_text(PUBLIC).first).to_be_visible()
    expect(page.get_by_text("We will put the right times on the page.").first).to_be_visible()
    told = page.locator("main").inner_text()
    assert "1 comment is in the totals but not in the log." in told
    assert "useless" not in told.lower()
    assert "Jayden" not in page.content()
    assert "0981" not in page.content()
    assert axe(page) == []


BEFORE_THE_YEAR_ENDED = (
    family_comments_on_a_service,
    moderator_redacts,
    two_agree_to_withhold_another,
    officer_answers_and_sets_an_action,
    action_is_done_with_evidence,
    family_sees_it_by_reference,
)


def test_comment_when_it_goes_the_whole_way_then_the_family_sees_what_was_done_and_the_report_keeps_it(
    loop, new_page, live_server
):
    with time_machine.travel(IN_JUNE, tick=True):
        for step in BEFORE_THE_YEAR_ENDED:
            step(loop)
    report_is_drafted_and_submitted(loop, new_page, live_server)
    report_is_approved_and_frozen(loop, new_page, live_server)
    family_reads_the_report(loop)


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize(
    "address",
    [
        "/have-your-say/",
        "/have-your-say/young-people/",
        "/have-your-say/you-said-we-did/",
        "/have-your-say/comments/",
    ],
)
def test_have_your_say_when_looked_at_then_axe_and_the_edges_are_content(
    new_page, live_server, width, address
):
    make_offer(phone="0117 496 0100")
    page = new_page(width=width)
    page.goto(address)
    assert axe(page) == []
    assert sideways(page) == 0
