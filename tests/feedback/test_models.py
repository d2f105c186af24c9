"""What the database itself refuses, and the record that nobody changes."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from feedback import references
from feedback.enums import ActionStatus, Consent, Disposition
from feedback.models import Action, Comment, CommentContact, ModerationEvent, new_reference
from feedback.models.event import AppendOnly
from tests.factories import make_action, make_authority, make_comment, make_moderator, make_published

pytestmark = pytest.mark.django_db


def shown(**change):
    """Fields of a comment that may be public, but for the change."""
    fair = {"disposition": Disposition.PUBLISHED, "gate_confirmed": True, "public_text": "Words"}
    return {**fair, "response": "Yes", **change}


@pytest.mark.parametrize(
    "change",
    [
        {
            "disposition": Disposition.PUBLISHED,
            "gate_confirmed": False,
            "public_text": "Words",
            "response": "Yes",
        },
        shown(public_text=""),
        {
            "disposition": Disposition.GROUPED,
            "gate_confirmed": False,
            "public_text": "Words",
            "response": "Yes",
        },
        shown(response=""),
        shown(safeguarding=True),
        shown(consent=Consent.COUNT_ONLY),
        {"disposition": Disposition.WITHHELD_VEXATIOUS},
        {"disposition": Disposition.WITHHELD_INDIVIDUAL},
        {"original": ""},
    ],
)
def test_comment_when_a_gate_is_passed_by_then_the_database_refuses(change):
    comment = make_comment()
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(**change)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"status": ActionStatus.DONE}, "done_on"),
        ({"status": ActionStatus.NOT_DOING, "reason": ""}, "reason"),
        ({"status": ActionStatus.PLANNED, "target_date": None}, "target_date"),
    ],
)
def test_action_when_a_promise_is_missing_then_database_and_form_refuse(change, field):
    action = make_action()
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.filter(pk=action.pk).update(**change)
    for name, value in change.items():
        setattr(action, name, value)
    with pytest.raises(ValidationError) as refused:
        action.full_clean()
    assert field in refused.value.message_dict


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//evil.example", "data:text/html,x", "ftp://x"])
def test_action_when_evidence_is_no_plain_address_then_refused(url):
    action = make_action()
    action.evidence_url = url
    with pytest.raises(ValidationError):
        action.full_clean()


def test_contact_when_empty_then_the_database_refuses():
    comment = make_comment()
    with pytest.raises(IntegrityError), transaction.atomic():
        CommentContact.objects.create(comment=comment)


def test_event_when_changed_or_deleted_in_any_way_then_refused():
    make_comment()
    event = ModerationEvent.objects.get()
    event.note = "Something else"
    with pytest.raises(AppendOnly):
        event.save()
    with pytest.raises(AppendOnly):
        event.delete()
    with pytest.raises(AppendOnly):
        ModerationEvent.objects.update(note="Something else")
    with pytest.raises(AppendOnly):
        ModerationEvent.objects.all().delete()
    with pytest.raises(AppendOnly):
        ModerationEvent.objects.bulk_update([event], ["note"])
    assert ModerationEvent.objects.get().note == ""


def test_comment_when_deleted_then_its_record_protects_it():
    comment = make_comment()
    with pytest.raises(ProtectedError):
        comment.delete()


def test_event_when_the_account_goes_then_its_name_stays():
    moderator = make_moderator("jo.bloggs")
    make_published(by=moderator)
    moderator.delete()
    assert set(ModerationEvent.objects.filter(kind="published").values_list("by_name", "by")) == {
        ("jo.bloggs", None)
    }


def test_authority_when_it_has_comments_then_it_is_protected():
    make_comment()
    with pytest.raises(ProtectedError):
        make_authority().delete()


def test_reference_when_made_then_no_two_alike_and_it_reads_back():
    made = {new_reference() for _ in range(500)}
    assert len(made) == 500
    assert all(references.parse(reference) == reference for reference in made)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("HYS-7K3Q9-2M", "HYS-7K3Q9-2M"),
        (" hys 7k3q9 2m ", "HYS-7K3Q9-2M"),
        ("7K3Q92M", "HYS-7K3Q9-2M"),
        ("HYS–7K3Q9–2M", "HYS-7K3Q9-2M"),
        ("HYS-7K3Q9-2", ""),
        ("", ""),
        ("HYS-AEIOU-11", ""),
        ("../../etc", ""),
        ("HYS-7K3Q9-2M" * 100, ""),
    ],
)
def test_reference_when_typed_by_a_person_then_read_forgivingly(typed, meant):
    assert references.parse(typed) == meant


@pytest.mark.parametrize(
    ("target", "first", "late"),
    [
        (date(2026, 1, 1), None, True),
        (date(2026, 3, 1), None, False),
        (date(2026, 3, 1), date(2026, 1, 1), True),
        (date(2026, 2, 1), date(2026, 2, 1), False),
    ],
)
def test_action_when_a_promised_date_has_passed_then_late(target, first, late):
    action = Action(status=ActionStatus.PLANNED, target_date=target, first_target_date=first)
    assert action.is_late(date(2026, 2, 1)) is late
    action.status = ActionStatus.DONE
    assert not action.is_late(date(2026, 2, 1))


@pytest.mark.parametrize(
    ("text", "heading"),
    [
        ("Why is the page so hard to read? It took me three nights.", "Why is the page so hard to read"),
        (
            "Short. Then more words that say what it is about.",
            "Short. Then more words that say what it is about",
        ),
        ("one " * 30, "one one one one one one one one one one one …"),
    ],
)
def test_heading_when_nobody_wrote_one_then_the_first_words(text, heading):
    assert Comment(public_text=text).public_heading == heading
