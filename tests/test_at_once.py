"""Two people at one moment: one decision stands, the other person is told, and nothing is half written.

On PostgreSQL they truly meet. SQLite has one writer at a time, and may refuse the other for that.
"""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from feedback import moderation
from feedback.enums import Disposition
from feedback.models import Comment, ModerationEvent
from feedback.record import ChangedMeanwhile as CommentChanged
from localoffer.founding import make_groups
from services.assurance import ChangedMeanwhile, apply_suggestion, what_stands
from services.enums import SuggestionState
from services.models import ReviewLink, Service, Suggestion
from services.vocabulary import load
from tests.at_once import at_once
from tests.factories import make_comment, make_home, make_service, make_user
from tests.services.currency import make_open_link, make_suggestion
from tests.test_hardening import service_form

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
# What somebody is told of, with nothing written.
TOLD = (ChangedMeanwhile, CommentChanged, OperationalError)


def one_of(found: list[Any]) -> Any:
    """What the one who was quicker got; on SQLite, where both may be refused, perhaps nothing."""
    done = [each for each in found if not isinstance(each, TOLD)]
    assert len(done) <= 1, found
    if connection.vendor == "postgresql":
        assert len(done) == 1, found
        assert not any(isinstance(each, OperationalError) for each in found), found
    return done[0] if done else None


@pytest.fixture
def site():
    load()
    return make_home().get_site()


@pytest.mark.parametrize("both", [True, False])
def test_suggestion_when_two_officers_decide_at_once_then_one_decision_stands(site, both):
    service = make_service(site, name="Swim club")
    found = make_suggestion(service, name="Swim club for all")
    seen = what_stands(service, found)
    officers = [make_user(name, is_superuser=True) for name in ("one", "two", "three")]
    choices: list[list[str] | None] = [["name"], None, ["name"] if both else None]

    def decide(at: int) -> Callable[[], Suggestion]:
        held = Suggestion.objects.get(pk=found.pk)
        return lambda: apply_suggestion(
            suggestion=held, fields=choices[at], looked_at=seen, user=officers[at]
        )

    decided = one_of(at_once(*(decide(at) for at in range(3)), told=TOLD))
    kept, entry = Suggestion.objects.get(pk=found.pk), Service.objects.get(pk=service.pk)
    if decided is None:
        assert kept.state == SuggestionState.WAITING
        return
    assert (kept.state, kept.decided_by_id) == (decided.state, decided.decided_by_id)
    accepted = kept.state == SuggestionState.ACCEPTED
    assert entry.name == ("Swim club for all" if accepted else "Swim club")


def test_comment_when_one_publishes_and_another_withholds_at_once_then_one_of_them_is_told(site):
    moderators = [make_user(name, is_superuser=True) for name in ("one", "two")]
    comment = make_comment(site, text="The bus is late every day.")
    held = [Comment.objects.get(pk=comment.pk) for _ in moderators]

    def publish() -> Comment:
        return moderation.publish(
            comment=held[0], by=moderators[0], version=held[0].version,
            public_text="The bus is late every day.", nobody_identifiable=True,
        )  # fmt: skip

    def withhold() -> Comment:
        return moderation.withhold(
            comment=held[1], by=moderators[1], version=held[1].version,
            ground=Disposition.SPAM, reason="An advertisement for a bus.",
        )  # fmt: skip

    done = one_of(at_once(publish, withhold, told=TOLD))
    kept = Comment.objects.get(pk=comment.pk)
    steps = ModerationEvent.objects.filter(comment=comment, kind__in=("published", "withheld"))
    assert steps.count() == (1 if done else 0)
    if done is not None:
        assert kept.disposition == done.disposition
        assert bool(kept.public_text) == (kept.disposition == Disposition.PUBLISHED)


def test_comment_when_it_is_sent_several_times_at_once_then_it_is_kept_once(site):
    given = {
        "authority": site,
        "text": "Late.",
        "role": "parent_carer",
        "topic": "other",
        "consent": "publish",
    }
    found = at_once(*[lambda: moderation.receive(submission_key="k" * 64, **given)] * 4, told=TOLD)
    kept = Comment.objects.all()
    assert len(kept) <= 1
    if connection.vendor == "postgresql":
        assert {each.pk for each in found} == {kept.get().pk}
        assert ModerationEvent.objects.count() == 1


@pytest.mark.parametrize("pressed", [("right", "close"), ("close", "close", "close"), ("right", "right")])
def test_link_when_it_is_used_twice_at_once_then_one_press_counts(site, pressed):
    service = make_service(site, name="Swim club")
    link, path = make_open_link(service)

    def press(go: str) -> Callable[[], int]:
        return lambda: Client(raise_request_exception=False).post(path, {"go": go}).status_code

    answers = at_once(*(press(go) for go in pressed), told=TOLD)
    assert Suggestion.objects.count() <= 1
    if connection.vendor == "postgresql":
        assert set(answers) == {302}
        assert ReviewLink.objects.get(pk=link.pk).used_at is not None
        entry = Service.objects.get(pk=service.pk)
        was_checked = entry.last_checked_by == "The provider"
        assert was_checked + Suggestion.objects.count() == 1


def test_entry_when_two_editors_publish_at_once_then_what_families_see_is_one_of_the_two_whole(site):
    make_groups()
    service = make_service(site, name="Swim club", summary="Before")
    address = reverse("wagtailsnippets_services_service:edit", args=[service.pk])
    names = ("Swim club one", "Swim club two")

    def publish(name: str) -> Callable[[], int]:
        client = Client(raise_request_exception=False)
        client.force_login(make_user(name.replace(" ", ""), groups=["Council publisher"]))
        sent = {**service_form(service, name=name, summary=name), "action-publish": "1"}
        return lambda: client.post(address, sent).status_code

    answers = at_once(*(publish(name) for name in names), told=TOLD)
    entry = Service.objects.get(pk=service.pk)
    assert entry.name == entry.summary or entry.summary == "Before"
    if connection.vendor == "postgresql":
        assert set(answers) == {302}
        assert entry.name in names
        shown = entry.live_revision.content
        assert (entry.name, entry.summary) == (shown["name"], shown["summary"])
