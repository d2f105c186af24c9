"""Mail of the loop: named staff hear of harm, writers hear where to go, and no mail holds their words."""

import pytest
from django.core import mail
from django.core.management import call_command

from feedback import letters, moderation
from feedback.enums import Consent, Disposition, EventKind
from feedback.models import CommentSettings, ModerationEvent
from feedback.resending import Resent, resend, unsent
from tests.factories import (
    make_action,
    make_authority,
    make_comment,
    make_moderator,
    make_published,
)

pytestmark = pytest.mark.django_db
WORDS = "My son waits and the blue door is shut."


@pytest.fixture
def site(db):
    site = make_authority(advice_service_name="Avonmere SENDIASS", advice_service_phone="0117 496 0700")
    CommentSettings.objects.update_or_create(
        site=site,
        defaults={
            "safeguarding_emails": "lead@example.org\ndeputy@example.org",
            "complaints_words": "Ring 0117 496 0150",
        },
    )
    return site


@pytest.fixture
def moderator(site):
    return make_moderator()


def flag(comment, by):
    return moderation.flag_safeguarding(comment=comment, by=by, version=comment.version, on=True)


def withhold_individual(comment, by):
    return moderation.withhold(
        comment=comment,
        by=by,
        version=comment.version,
        ground=Disposition.WITHHELD_INDIVIDUAL,
        reason="It asks about one child's plan.",
    )


def steps(comment):
    return list(comment.events.values_list("kind", flat=True))


def test_flag_when_set_then_each_named_person_is_told_without_a_word_of_it(
    site, moderator, django_capture_on_commit_callbacks
):
    comment = make_comment(site, text=WORDS, email="me@example.org")
    with django_capture_on_commit_callbacks(execute=True):
        flag(comment, moderator)
    assert [m.to for m in mail.outbox] == [["lead@example.org"], ["deputy@example.org"]]
    for sent in mail.outbox:
        assert comment.reference in sent.subject
        assert f"/admin/feedback/comments/{comment.pk}/" in sent.body
        assert "blue door" not in sent.body + sent.subject
        assert "me@example.org" not in sent.body
    assert EventKind.ALERTED in steps(comment)


def test_receive_when_words_tell_of_danger_then_named_staff_are_told(
    site, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        make_comment(site, text="She wants to die.")
        make_comment(site, text=WORDS)
    assert len(mail.outbox) == 2
    assert "want" not in mail.outbox[0].body


def test_flag_when_the_mail_fails_then_kept_all_the_same_and_said_on_the_record(
    site, moderator, monkeypatch, caplog, django_capture_on_commit_callbacks
):
    def fail(self, **kwargs):
        raise ConnectionRefusedError("lead@example.org")

    monkeypatch.setattr("django.core.mail.EmailMessage.send", fail)
    comment = make_comment(site, text=WORDS)
    with django_capture_on_commit_callbacks(execute=True):
        comment = flag(comment, moderator)
    assert comment.safeguarding
    assert comment.events.get(kind=EventKind.ALERTED).note == "The mail could not be sent."
    assert "lead@example.org" not in caplog.text


def test_mail_when_refused_then_staff_are_told_and_it_goes_once_when_the_server_is_back(
    site, moderator, monkeypatch, django_capture_on_commit_callbacks, client
):
    """The comment, the flag and the answer are kept; nothing is sent twice."""

    def fail(self, **kwargs):
        raise ConnectionRefusedError

    with monkeypatch.context() as down, django_capture_on_commit_callbacks(execute=True):
        down.setattr("django.core.mail.EmailMessage.send", fail)
        alarming = flag(make_comment(site, text=WORDS), moderator)
        answered = make_published(site, by=moderator, email="me@example.org", at=None)
        letters.write_to_writer(answered, letters.Letter.ANSWERED)
    assert {event.comment_id for event in unsent(site)} == {alarming.pk, answered.pk}
    with monkeypatch.context() as down:
        down.setattr("django.core.mail.EmailMessage.send", fail)
        before = ModerationEvent.objects.count()
        assert resend() == Resent(sent=0, waiting=2)
        assert ModerationEvent.objects.count() == before
    client.force_login(moderator)
    assert "2 mails were not sent" in client.get("/admin/").content.decode()
    assert resend() == Resent(sent=2, waiting=0)
    assert sorted(m.to[0] for m in mail.outbox) == [
        "deputy@example.org",
        "lead@example.org",
        "me@example.org",
    ]
    assert not unsent(site)
    assert resend() == Resent(sent=0, waiting=0)
    assert len(mail.outbox) == 3
    assert "not sent" not in client.get("/admin/").content.decode()


def test_own_case_when_withheld_then_the_writer_hears_where_to_complain_and_who_advises(
    site, moderator, django_capture_on_commit_callbacks
):
    comment = make_comment(site, text=WORDS, email="me@example.org")
    with django_capture_on_commit_callbacks(execute=True):
        withhold_individual(comment, moderator)
    [sent] = mail.outbox
    assert sent.to == ["me@example.org"]
    assert "Avonmere SENDIASS" in sent.body
    assert "0117 496 0700" in sent.body
    assert "Ring 0117 496 0150" in sent.body
    assert comment.get_absolute_url() in sent.body
    assert "blue door" not in sent.body
    event = comment.events.get(kind=EventKind.WROTE)
    assert event.details == {"letter": "individual"}


def test_own_case_when_there_is_no_address_then_the_status_page_says_it(site, moderator, client):
    comment = withhold_individual(make_comment(site, text=WORDS), moderator)
    page = client.get(comment.get_absolute_url()).content.decode()
    assert mail.outbox == []
    assert "0117 496 0700" in page
    assert "Ring 0117 496 0150" in page
    assert "blue door" not in page


def test_answer_when_published_then_the_writer_hears_once(
    site, moderator, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        comment = make_published(
            site, by=moderator, email="me@example.org", response="We agree.", public_text="Old page."
        )
        comment = moderation.answer(
            comment=comment,
            by=moderator,
            version=comment.version,
            nobody_identifiable=True,
            response="We did it.",
        )
    assert [m.subject for m in mail.outbox] == [f"We have answered your comment {comment.reference}"]


def test_answer_when_it_is_still_to_come_then_nobody_is_written_to(
    site, moderator, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        make_published(site, by=moderator, email="me@example.org")
    assert mail.outbox == []


def test_counted_when_answered_then_its_writer_hears_too(site, moderator, django_capture_on_commit_callbacks):
    comment = make_comment(site, email="me@example.org", consent=Consent.COUNT_ONLY)
    with django_capture_on_commit_callbacks(execute=True):
        moderation.count(
            comment=comment, by=moderator, version=comment.version, action=make_action(site, by=moderator)
        )
    assert len(mail.outbox) == 1


def test_demo_when_loaded_then_nobody_is_written_to(site, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        call_command("load_demo_comments", verbosity=0)
    assert mail.outbox == []
