"""Each step of moderation: checks, acts, is on the record, and never overwrites another's work."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from feedback import answers, moderation
from feedback.enums import SHOWN, Consent, Disposition, EventKind
from feedback.gate import ChangedMeanwhile, Refused
from feedback.models import Comment, CommentContact, ModerationEvent
from tests.factories import (
    make_action,
    make_authority,
    make_comment,
    make_moderator,
    make_published,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator(db):
    return make_moderator()


@pytest.fixture
def manager(db):
    return make_moderator("manager")


def publish(comment, by, **change):
    given = {
        "public_text": "Fair words.",
        "nobody_identifiable": True,
        "response": "We agree.",
        "note": "Shorter.",
        **change,
    }
    return moderation.publish(comment=comment, by=by, version=comment.version, **given)


def withhold(comment, by, ground=Disposition.WITHHELD_INDIVIDUAL, reason="It asks about one child's plan."):
    return moderation.withhold(comment=comment, by=by, version=comment.version, ground=ground, reason=reason)


def propose(comment, by):
    return withhold(comment, by, Disposition.WITHHELD_VEXATIOUS, "Insults only.")


def kinds(comment):
    return [EventKind(kind) for kind in comment.events.values_list("kind", flat=True)]


# -- receiving -------------------------------------------------------------------


def test_receive_when_sent_twice_then_kept_once():
    first = make_comment(submission_key="k1", email="me@example.org")
    again = make_comment(submission_key="k1", email="me@example.org")
    assert first.pk == again.pk
    assert Comment.objects.count() == CommentContact.objects.count() == 1
    assert kinds(first) == [EventKind.RECEIVED]


def test_receive_when_a_contact_is_given_then_it_is_in_its_own_table_alone():
    comment = make_comment(email="me@example.org", phone="0117 496 0999")
    assert comment.contact.email == "me@example.org"
    record = str(list(ModerationEvent.objects.values())) + str(Comment.objects.values().get())
    assert "me@example.org" not in record
    assert "496 0999" not in record


@pytest.mark.parametrize(
    ("text", "urgent"),
    [
        ("She keeps saying that she doesn't want to be here any more.", True),
        ("She doesn’t want to be here any more.", True),
        ("The helper shut him in a cupboard.", True),
        ("He pulled a small boy along by his arm.", True),
        ("Is it bad enough for 999?", True),
        ("The bus page is out of date and the wait is too long.", False),
        ("It took me three nights and I have no patience left.", False),
    ],
)
def test_receive_when_words_tell_of_danger_then_urgent(text, urgent):
    assert make_comment(text=text).urgent is urgent


# -- publishing ------------------------------------------------------------------


def test_publish_when_everything_is_there_then_public_and_on_the_record(moderator):
    comment = publish(make_comment(), moderator)
    assert comment.disposition == Disposition.PUBLISHED
    assert comment.is_entry
    assert comment.gate_confirmed_by == moderator
    assert comment.gate_confirmed_at is not None
    assert comment.answered_on == timezone.localdate()
    assert kinds(comment) == [EventKind.RECEIVED, EventKind.PUBLISHED]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"nobody_identifiable": False}, "nobody_identifiable"),
        ({"public_text": "  "}, "public_text"),
        ({"public_text": "Write to ME@example.org please"}, "public_text"),
        ({"response": "We rang 0117-496-0999."}, "response"),
        ({"heading": "From me@example.org"}, "heading"),
    ],
)
def test_publish_when_the_gate_is_not_passed_then_refused_and_nothing_changes(moderator, change, field):
    comment = make_comment(email="me@example.org", phone="+44 117 496 0999")
    with pytest.raises(Refused) as refused:
        publish(comment, moderator, **change)
    assert refused.value.field == field
    comment.refresh_from_db()
    assert comment.disposition == Disposition.NEW
    assert comment.version == 1
    assert kinds(comment) == [EventKind.RECEIVED]


def test_publish_when_only_a_summary_is_allowed_then_their_own_words_are_refused(moderator):
    comment = make_comment(text="The page is old!", consent=Consent.SUMMARY)
    with pytest.raises(Refused):
        publish(comment, moderator, public_text="the page is OLD")
    assert publish(comment, moderator, public_text="A parent told us of an old page.").is_entry


def test_publish_when_the_writer_said_no_then_refused(moderator):
    with pytest.raises(Refused):
        publish(make_comment(consent=Consent.COUNT_ONLY), moderator)


def test_publish_when_there_is_no_answer_yet_then_a_date_is_shown(moderator):
    comment = publish(make_comment(), moderator, response="")
    assert comment.answer_due == timezone.localdate() + timedelta(days=28)
    answered = moderation.answer(
        comment=comment, by=moderator, version=comment.version, nobody_identifiable=True, response="Yes."
    )
    assert answered.answer_due is None
    assert kinds(comment)[-1] == EventKind.ANSWERED


def test_publish_when_the_action_is_another_authoritys_then_refused(moderator):
    elsewhere = make_action(make_authority("Otherton Council", "otherton.example"))
    with pytest.raises(Refused):
        publish(make_comment(), moderator, action=elsewhere)


def test_redact_when_kept_for_later_then_nothing_is_public(moderator):
    comment = make_comment()
    comment = moderation.redact(
        comment=comment, by=moderator, version=1, public_text="Draft.", note="Took out a name"
    )
    assert comment.public_text == "Draft."
    assert not comment.is_entry
    assert comment.events.last().note == "Took out a name"


# -- two people at once -----------------------------------------------------------


def test_two_moderators_when_at_once_then_the_second_is_told_and_nothing_is_overwritten(moderator, manager):
    comment = make_comment()
    seen_by_second = Comment.objects.get(pk=comment.pk)
    publish(comment, moderator, public_text="The first one's words.")
    with pytest.raises(ChangedMeanwhile):
        publish(seen_by_second, manager, public_text="The second one's words.")
    comment.refresh_from_db()
    assert comment.public_text == "The first one's words."
    assert comment.events.count() == 2


def test_two_officers_when_they_change_one_action_then_the_second_is_told(moderator, manager):
    action = make_action(by=moderator)
    answers.change_action(action=action, by=moderator, version=1, title="First")
    with pytest.raises(ChangedMeanwhile):
        answers.change_action(action=action, by=manager, version=1, title="Second")
    action.refresh_from_db()
    assert action.title == "First"


# -- rights ----------------------------------------------------------------------


def test_every_step_when_the_person_may_not_moderate_then_refused(moderator):
    reader = make_user("reader")
    comment, lead = make_comment(), make_published()
    action = make_action(by=moderator)
    step = {"comment": comment, "by": reader, "version": 1}
    for function, extra in (
        (moderation.redact, {"public_text": "x"}),
        (moderation.classify, {"topic": "other", "section": "", "language": "en"}),
        (moderation.publish, {"public_text": "x", "nobody_identifiable": True}),
        (moderation.answer, {"nobody_identifiable": True, "response": "x"}),
        (moderation.group, {"lead": lead}),
        (moderation.count, {"response": "x"}),
        (moderation.withhold, {"ground": Disposition.SPAM, "reason": "x"}),
        (moderation.confirm_withholding, {"agrees": True}),
        (moderation.reopen, {"reason": "x"}),
        (moderation.flag_safeguarding, {"on": True}),
    ):
        with pytest.raises(PermissionDenied):
            function(**step, **extra)
    with pytest.raises(PermissionDenied):
        answers.agree_action(authority=comment.authority, by=reader, title="x")
    with pytest.raises(PermissionDenied):
        answers.change_action(action=action, by=reader, version=1, title="x")
    comment.refresh_from_db()
    assert (comment.version, comment.disposition) == (1, Disposition.NEW)


# -- withholding -------------------------------------------------------------------


@pytest.mark.parametrize(
    "reason",
    ["", "  ", "Negative", "It is negative.", "Too critical and rude!", "n/a", "Unhelpful criticism"],
)
def test_withhold_when_the_reason_is_that_it_is_negative_then_refused(moderator, reason):
    for ground in (
        Disposition.WITHHELD_INDIVIDUAL,
        Disposition.WITHHELD_VEXATIOUS,
        Disposition.OUTSIDE_SCOPE,
    ):
        with pytest.raises(Refused) as refused:
            withhold(make_comment(), moderator, ground=ground, reason=reason)
        assert refused.value.field == "reason"


@pytest.mark.parametrize("ground", ["negative", "published", "new", ""])
def test_withhold_when_the_ground_is_not_lawful_then_refused(moderator, ground):
    with pytest.raises(Refused):
        withhold(make_comment(), moderator, ground=ground)


def test_withhold_when_vexatious_then_one_person_is_not_enough(moderator, manager):
    comment = withhold(
        make_comment(), moderator, ground=Disposition.WITHHELD_VEXATIOUS, reason="Insults only."
    )
    assert comment.disposition == Disposition.PROPOSED_VEXATIOUS
    with pytest.raises(Refused):
        moderation.confirm_withholding(comment=comment, by=moderator, version=comment.version, agrees=True)
    comment = moderation.confirm_withholding(
        comment=comment, by=manager, version=comment.version, agrees=True
    )
    assert comment.disposition == Disposition.WITHHELD_VEXATIOUS
    assert kinds(comment) == [EventKind.RECEIVED, EventKind.PROPOSED, EventKind.WITHHELD]


def test_withhold_when_the_proposer_has_left_then_nobody_can_agree_alone(moderator, manager):
    comment = withhold(
        make_comment(), moderator, ground=Disposition.WITHHELD_VEXATIOUS, reason="Insults only."
    )
    moderator.delete()
    with pytest.raises(Refused):
        moderation.confirm_withholding(comment=comment, by=manager, version=comment.version, agrees=True)


def test_withhold_when_the_second_person_disagrees_then_it_is_to_be_read_again(moderator, manager):
    comment = withhold(
        make_comment(), moderator, ground=Disposition.WITHHELD_VEXATIOUS, reason="Insults only."
    )
    with pytest.raises(Refused):
        moderation.confirm_withholding(comment=comment, by=manager, version=comment.version, agrees=False)
    comment = moderation.confirm_withholding(
        comment=comment, by=manager, version=comment.version, agrees=False, reason="It has a fair point."
    )
    assert comment.disposition == Disposition.NEW
    assert comment.proposed_by is None


def test_withhold_when_it_was_public_then_it_is_off_the_log(moderator):
    comment = withhold(make_published(by=moderator), moderator)
    assert not comment.is_entry
    assert not comment.gate_confirmed
    assert not Comment.objects.entries().exists()


def test_safeguarding_when_flagged_then_off_the_log_and_never_published(moderator):
    comment = make_published(by=moderator)
    comment = moderation.flag_safeguarding(comment=comment, by=moderator, version=comment.version, on=True)
    assert comment.disposition == Disposition.NEW
    with pytest.raises(Refused):
        publish(comment, moderator)


# -- together --------------------------------------------------------------------


def test_group_when_two_say_the_same_then_one_entry_counts_both(moderator):
    lead, other = make_published(by=moderator), make_comment()
    other = moderation.group(comment=other, by=moderator, version=other.version, lead=lead)
    lead.refresh_from_db()
    assert other.together_with == lead
    assert {lead.disposition, other.disposition} == {Disposition.GROUPED}
    assert list(Comment.objects.entries()) == [lead]
    assert Comment.objects.shown().count() == 2


def test_group_when_the_lead_cannot_hold_it_then_refused(moderator):
    comment, unpublished = make_comment(), make_comment()
    lead = make_published(by=moderator)
    elsewhere = make_published(make_authority("Otherton Council", "otherton.example"))
    silent = make_comment(consent=Consent.COUNT_ONLY)
    for one, other in ((comment, unpublished), (comment, elsewhere), (lead, lead), (silent, lead)):
        with pytest.raises(Refused):
            moderation.group(comment=one, by=moderator, version=one.version, lead=other)


def test_lead_when_others_are_with_it_then_it_cannot_be_taken_down(moderator):
    lead, other = make_published(by=moderator), make_comment()
    moderation.group(comment=other, by=moderator, version=1, lead=lead)
    lead.refresh_from_db()
    with pytest.raises(Refused):
        withhold(lead, moderator)
    with pytest.raises(Refused):
        moderation.reopen(comment=lead, by=moderator, version=lead.version, reason="A mistake")


def test_count_when_the_writer_lets_us_publish_then_it_may_not_be_hidden_so(moderator):
    with pytest.raises(Refused):
        moderation.count(comment=make_comment(), by=moderator, version=1, action=make_action(by=moderator))
    silent = make_comment(consent=Consent.COUNT_ONLY)
    counted = moderation.count(comment=silent, by=moderator, version=1, action=make_action(by=moderator))
    assert counted.disposition == Disposition.GROUPED
    assert not counted.is_entry


# -- actions ---------------------------------------------------------------------


def test_action_when_its_date_is_moved_then_the_first_promise_stays(moderator):
    action = make_action(by=moderator)
    first = action.target_date
    action = answers.change_action(
        action=action, by=moderator, version=1, target_date=first + timedelta(days=60)
    )
    assert action.first_target_date == first
    assert [e.kind for e in action.events.all()] == [EventKind.ACTION_AGREED, EventKind.ACTION_CHANGED]


# -- any history -------------------------------------------------------------------

STEPS = ["redact", "publish", "several", "group", "count", "withhold", "propose"]
STEPS += ["agree", "disagree", "reopen", "flag"]


def take(name, comment, people, lead, action):
    """One step of a history; what is refused is part of it."""
    first, second = people
    step = {"comment": comment, "by": first, "version": comment.version}
    words = {"public_text": "Fair words.", "nobody_identifiable": True, "note": "Made shorter."}
    {
        "redact": lambda: moderation.redact(public_text="Draft", note="Made shorter.", **step),
        "publish": lambda: moderation.publish(**words, **step),
        "several": lambda: moderation.publish(for_several=True, action=action, **words, **step),
        "group": lambda: moderation.group(lead=lead, **step),
        "count": lambda: moderation.count(action=action, **step),
        "withhold": lambda: withhold(comment, first),
        "propose": lambda: propose(comment, first),
        "agree": lambda: moderation.confirm_withholding(agrees=True, **{**step, "by": second}),
        "disagree": lambda: moderation.confirm_withholding(
            agrees=False, reason="A fair point", **{**step, "by": second}
        ),
        "reopen": lambda: moderation.reopen(reason="To look again", **step),
        "flag": lambda: moderation.flag_safeguarding(on=True, **step),
    }[name]()


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    history=st.lists(st.tuples(st.integers(0, 2), st.sampled_from(STEPS)), max_size=14),
    consents=st.tuples(*[st.sampled_from(Consent.values)] * 3),
)
def test_any_history_when_played_then_the_rules_of_publication_hold(history, consents, moderator, manager):
    comments = [
        make_comment(consent=c, text=f"Words {n}", email="me@example.org") for n, c in enumerate(consents)
    ]
    lead, action = make_published(by=moderator), make_action(by=moderator)
    for which, name in history:
        comment = Comment.objects.get(pk=comments[which].pk)
        events = comment.events.count()
        try:
            take(name, comment, (moderator, manager), lead, action)
        except Refused:
            assert comment.events.count() == events
            assert Comment.objects.get(pk=comment.pk).version == comment.version
        else:
            assert comment.events.count() == events + 1
    for comment in Comment.objects.filter(pk__in=[c.pk for c in comments]):
        if comment.disposition in SHOWN and comment.public_text:
            assert comment.gate_confirmed
            assert comment.response or comment.action or comment.answer_due
            assert comment.consent != Consent.COUNT_ONLY
            assert not comment.safeguarding
            assert "me@example.org" not in comment.public_text
        assert comment.original.startswith("Words")
