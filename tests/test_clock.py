"""The clock of a server moves, back or a day on: nobody loses words and no link dies before its time."""

import re
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from feedback import submission
from feedback.models import Comment
from localoffer import throttle
from localoffer.models import ThrottleCount
from tests.factories import make_home, make_service
from tests.services.currency import make_open_link

pytestmark = pytest.mark.django_db
FORM = "/have-your-say/"
A_DAY = timedelta(days=1, minutes=5)


@pytest.fixture
def move(monkeypatch):
    """Move what signatures and records take for now."""
    really, really_now = time.time, timezone.now

    def move(by: timedelta) -> None:
        monkeypatch.setattr(time, "time", lambda: really() + by.total_seconds())
        monkeypatch.setattr(timezone, "now", lambda: really_now() + by)

    return move


def answers(token: str) -> dict[str, str]:
    return {
        "go": "send", "role": "parent_carer", "topic": "other", "text": "The bus was late again.",
        "consent": "publish", "token": token,
    }  # fmt: skip


@pytest.mark.parametrize("by", [-A_DAY, -timedelta(days=400), timedelta(hours=23)])
def test_comment_when_the_clock_moves_while_it_is_written_then_kept_once(client, move, by):
    make_home()
    token = submission.new_token()
    move(by)
    for _ in range(2):
        assert client.post(FORM, answers(token)).status_code == 302
    assert Comment.objects.count() == 1


def test_comment_when_the_clock_jumps_a_day_on_then_the_words_come_back_and_can_be_sent(client, move):
    make_home()
    token = submission.new_token()
    move(A_DAY)
    page = client.post(FORM, answers(token)).content.decode()
    assert "Nothing is lost" in page
    assert "The bus was late again." in page
    fresh = re.search(r'name="token" value="([^"]+)"', page)[1]
    assert client.post(FORM, answers(fresh)).status_code == 302
    assert Comment.objects.count() == 1


def test_throttle_when_the_clock_goes_back_and_on_then_nobody_is_locked_out_and_rows_go(move, rf):
    for by in (timedelta(0), -A_DAY, A_DAY):
        move(by)
        for number in range(1, 4):
            assert throttle.is_flood(rf.get("/"), name="clock", hourly=2) is (number > 2)
    move(A_DAY + timedelta(hours=3))
    throttle.is_flood(rf.get("/"), name="clock", hourly=2)
    assert ThrottleCount.objects.count() == 1


@pytest.mark.parametrize("by", [-A_DAY, A_DAY])
def test_review_link_when_the_clock_moves_a_day_then_it_opens(client, move, by):
    service = make_service(make_home().get_site(), name="Otter Swimming")
    _, address = make_open_link(service)
    move(by)
    response = client.get(address)
    assert response.status_code == 200
    assert "Otter Swimming" in response.content.decode()
