"""Whatever staff do, in whatever order: what must hold of the public log, the record and the counts.

Each history is a list of random steps by two moderators over a few comments. Refused steps change
nothing. After every step the invariants of regulation 56 are looked at in the database.
"""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import QueryDict
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback import answers, moderation, tally
from feedback.enums import ActionStatus, Consent, Disposition, EventKind
from feedback.exports import as_data
from feedback.gate import Refused
from feedback.log import LogQuery, every_entry, read_log
from feedback.models import Action, Comment, ModerationEvent, contact_of
from tests.factories import make_action, make_authority, make_comment, make_moderator

pytestmark = pytest.mark.django_db
EMAIL, PHONE = "writer@example.org", "0117 496 0999"
COMMENTS = 4

words = st.sampled_from(
    ["", "Fair words.", "Write to writer@example.org.", "Ring 0117 496 0999.", "Other words about the bus."]
)
steps = st.fixed_dictionaries(
    {
        "what": st.sampled_from(
            [
                "redact", "publish", "publish_for_several", "answer", "group", "count", "withhold",
                "agree", "disagree", "reopen", "flag", "unflag", "classify", "assign", "act",
            ]
        ),
        "who": st.sampled_from([0, 1]),
        "which": st.integers(0, COMMENTS - 1),
        "other": st.integers(0, COMMENTS - 1),
        "text": words,
        "response": words,
        "gate": st.booleans(),
        "action": st.booleans(),
        "stale": st.sampled_from([False, False, False, True]),
        "ground": st.sampled_from(list(Disposition)),
        "reason": st.sampled_from(["", "negative", "It is about one child's plan."]),
        "status": st.sampled_from(list(ActionStatus)),
    }
)  # fmt: skip


def take(step, comments, people, action):
    """One step, as the admin would take it."""
    by = people[step["who"]]
    comment = Comment.objects.get(pk=comments[step["which"]].pk)
    at = {"comment": comment, "by": by, "version": comment.version - step["stale"]}
    given_action = Action.objects.get(pk=action.pk) if step["action"] else None
    shown = {
        "public_text": step["text"],
        "nobody_identifiable": step["gate"],
        "response": step["response"],
        "action": given_action,
        "note": step["reason"],
    }
    what = step["what"]
    if what in ("publish", "publish_for_several"):
        moderation.publish(**at, **shown, for_several=what == "publish_for_several")
    elif what == "redact":
        moderation.redact(**at, public_text=step["text"], note=step["reason"])
    elif what == "answer":
        moderation.answer(
            **at, nobody_identifiable=step["gate"], response=step["response"], action=given_action
        )
    elif what == "group":
        moderation.group(**at, lead=comments[step["other"]])
    elif what == "count":
        moderation.count(**at, action=given_action, response=step["response"])
    elif what == "withhold":
        moderation.withhold(**at, ground=step["ground"], reason=step["reason"])
    elif what in ("agree", "disagree"):
        moderation.confirm_withholding(**at, agrees=what == "agree", reason=step["reason"])
    elif what == "reopen":
        moderation.reopen(**at, reason=step["reason"])
    elif what in ("flag", "unflag"):
        moderation.flag_safeguarding(**at, on=what == "flag", reason=step["reason"])
    elif what == "classify":
        moderation.classify(**at, topic="other", section="health", language="pl")
    elif what == "assign":
        moderation.assign(**at, to=by)
    else:
        change(step, action, by)


def change(step, action, by):
    today = timezone.localdate()
    answers.change_action(
        action=action,
        by=by,
        version=Action.objects.get(pk=action.pk).version - step["stale"],
        status=step["status"],
        reason=step["reason"],
        target_date=today + timedelta(days=9),
        done_on=today if step["status"] == ActionStatus.DONE else None,
    )


def state():
    """All that is kept of comments and actions, to see whether anything changed."""
    return [list(Comment.objects.order_by("pk").values()), list(Action.objects.order_by("pk").values())]


def check_public(site):
    """Nothing is public without gate and answer or date; nothing public holds a contact."""
    for entry in every_entry(site, LogQuery.parse(QueryDict(""))):
        comment = Comment.objects.get(pk=entry.pk)
        assert comment.gate_confirmed
        assert comment.gate_confirmed_by is not None
        assert comment.response or comment.action or comment.answer_due
        assert not comment.safeguarding
        assert comment.consent != Consent.COUNT_ONLY
        contact = contact_of(comment)
        assert contact is not None
        for text in (comment.public_text, comment.heading, comment.response):
            assert contact.email not in text
            assert contact.phone not in text
    for comment in Comment.objects.filter(disposition=Disposition.WITHHELD_VEXATIOUS):
        by = list(
            comment.events.filter(kind__in=[EventKind.PROPOSED, EventKind.WITHHELD]).order_by("at", "pk")
        )[-2:]
        assert by[0].by != by[1].by
    assert not Comment.objects.filter(disposition__in=["withheld_individual"], withheld_reason="").exists()


def check_counts(site):
    """The log, its figures, the downloads and the one tally that reports use say the same numbers."""
    log = read_log(site, LogQuery.parse(QueryDict("")))
    account = tally.of(Comment.objects.of(site))
    data = as_data(site, LogQuery.parse(QueryDict("")), str)
    assert account.received == Comment.objects.of(site).count() == log.received == data["counts"]["received"]
    assert account.shown == log.count == log.shown == sum(e["people"] for e in data["entries"])
    assert account.shown + account.not_shown_total + account.being_read == account.received
    assert account.not_shown_total == log.not_shown_total


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    consents=st.lists(st.sampled_from(list(Consent)), min_size=COMMENTS, max_size=COMMENTS),
    history=st.lists(steps, min_size=1, max_size=14),
)
def test_history_when_anything_is_done_in_any_order_then_the_law_is_kept(consents, history):
    sid = transaction.savepoint()
    site = make_authority()
    people = [make_moderator("one"), make_moderator("two")]
    action = make_action(site, by=people[0])
    comments = [
        make_comment(site, text=f"Words {n} about the bus.", consent=consent, email=EMAIL, phone=PHONE)
        for n, consent in enumerate(consents)
    ]
    for step in history:
        before, known = state(), ModerationEvent.objects.count()
        try:
            with transaction.atomic():
                take(step, comments, people, action)
        except (Refused, ValidationError):  # and never an error of the database
            assert state() == before, step
            assert ModerationEvent.objects.count() == known
        else:
            assert ModerationEvent.objects.count() > known, step
        check_public(site)
        check_counts(site)
    assert not Comment.objects.filter(events__isnull=True).exists()
    transaction.savepoint_rollback(sid)
