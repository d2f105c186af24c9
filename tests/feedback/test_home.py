"""“You said, we did” on the front page, asked for by hook."""

import pytest
from bs4 import BeautifulSoup
from wagtail import hooks

from feedback.enums import ActionStatus
from feedback.home import latest
from tests.factories import make_action, make_authority, make_home, make_published

pytestmark = pytest.mark.django_db


def test_hook_when_the_front_page_asks_then_three_answers_of_different_kinds(client):
    home = make_home()
    site = home.get_site()
    for number in range(3):
        make_published(site, action=make_action(site, you_said=f"Planned {number}"))
    refused = make_action(
        site, you_said="<b>Ring us</b>", status=ActionStatus.NOT_DOING, reason="No time.", target_date=None
    )
    make_published(site, action=refused)
    page = BeautifulSoup(client.get("/").content, "html.parser")
    cards = page.select_one("section[aria-labelledby=you-said]").select(".card")
    assert len(cards) == 3
    assert any("<b>Ring us</b>" in card.get_text() and "No time." in card.get_text() for card in cards)


def test_hook_when_there_is_no_answer_yet_then_nothing_is_added(rf, authority):
    make_action(authority)
    [added] = [h for h in hooks.get_hooks("localoffer_home_sections") if h.__module__ == "feedback.home"]
    assert added(rf.get("/"), authority) == ""


def test_latest_when_an_action_answers_another_authority_then_left_out(authority):
    other = make_authority("Otherton Council", "otherton.example")
    make_published(other, action=make_action(other))
    assert latest(authority) == []
