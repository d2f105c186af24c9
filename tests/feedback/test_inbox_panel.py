"""The dashboard says what families wait for, to who may read it, and is silent where nothing waits."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from feedback.models import Comment
from localoffer.founding import make_groups
from tests.factories import make_action, make_comment, make_home, make_moderator, make_published, make_user

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
HEADING = "What families wait for"


@pytest.fixture
def site():
    return make_home().get_site()


def dashboard(client, user) -> str:
    client.force_login(user)
    return client.get(reverse("wagtailadmin_home")).content.decode()


def test_panel_when_comments_and_actions_wait_then_counted_and_linked(client, site):
    moderator = make_moderator()
    make_comment(site)
    urgent = make_comment(site)
    Comment.objects.filter(pk=urgent.pk).update(safeguarding=True)
    for days in (-1, 5):
        shown = make_published(site)
        Comment.objects.filter(pk=shown.pk).update(answer_due=TODAY + timedelta(days=days))
    late = make_action(site, title="Honest waiting times")
    type(late).objects.filter(pk=late.pk).update(first_target_date=TODAY - timedelta(days=1))
    make_action(site, title="Soon", target_date=TODAY + timedelta(days=9))
    make_action(site, title="Far off")
    html = dashboard(client, moderator)
    for words in (
        "1 comment is urgent and waiting", "2 comments are waiting to be read", "1 answer is late",
        "1 answer is promised and still to come", "1 action is past the day we promised",
        "1 action is due in the next 30 days", "Honest waiting times",
    ):  # fmt: skip
        assert words in html
    assert "Far off" not in html
    assert client.get(reverse("feedback_actions:inspect", args=[late.pk])).status_code == 200
    assert client.get(reverse("feedback_comments:index") + "?urgency=urgent").status_code == 200


def test_panel_when_nothing_waits_or_it_is_another_councils_then_silent(client, site):
    moderator = make_moderator()
    make_action(site)
    make_comment(make_home("Other Council", "other.example.org").get_site())
    assert HEADING not in dashboard(client, moderator)


def test_panel_when_somebody_may_not_moderate_then_no_count_of_comments(client, site):
    make_groups()
    make_comment(site)
    late = make_action(site, title="Honest waiting times")
    type(late).objects.filter(pk=late.pk).update(first_target_date=TODAY - timedelta(days=1))
    html = dashboard(client, make_user("viewer", groups=["Viewer"]))
    assert "waiting to be read" not in html
    assert "Honest waiting times" in html
