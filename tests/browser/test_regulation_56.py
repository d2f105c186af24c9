"""The regulation 56 loop from a family's comment to its answer, in Chromium, through form and admin.

The journey is a chain of small steps, so that more can be hung on its end.
"""

import re
from dataclasses import dataclass
from datetime import date

import pytest
from playwright.sync_api import Page, expect

from feedback.enums import Disposition, EventKind
from feedback.models import Action, Comment
from tests.browser.looking import axe, sideways
from tests.factories import make_comment, make_moderator, make_offer, make_service

WORDS = "My son Jayden waits outside. Ring me on 0117 496 0981. The page says the room opens at nine."
PUBLIC = "My son waits outside. The page says the room opens at nine."


@dataclass
class Loop:
    """What the steps of the journey share."""

    family: Page
    first: Page
    second: Page
    service_url: str
    vexatious: Comment

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
    site = make_offer(advice_service_name="Avonmere SENDIASS", advice_service_phone="0117 496 0700")
    service = make_service(site, name="Glow Room sensory space")
    make_moderator("one")
    make_moderator("two")
    vexatious = make_comment(site, text="You are all useless. Useless. Useless.")
    pages = [new_page() for _ in range(3)]
    log_in(pages[1], "one")
    log_in(pages[2], "two")
    return Loop(*pages, service.get_absolute_url(), vexatious)


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


JOURNEY = (
    family_comments_on_a_service,
    moderator_redacts,
    two_agree_to_withhold_another,
    officer_answers_and_sets_an_action,
    action_is_done_with_evidence,
    family_sees_it_by_reference,
)


def test_comment_when_it_goes_the_whole_way_then_the_family_sees_what_was_done(loop):
    for step in JOURNEY:
        step(loop)


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
