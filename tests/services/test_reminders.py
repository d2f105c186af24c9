"""Asking for checks: who is asked when, never twice, and nothing lost when a run stops."""

import smtplib
from collections import Counter
from contextlib import suppress
from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import CommandError, call_command
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from localoffer.models import CouncilSettings
from services import reminders
from services.assurance import confirm
from services.enums import OverduePolicy, ReminderKind, ReminderState
from services.models import OrganisationReview, Reminder, ReviewLink, ReviewSettings, Service, ServiceReview
from tests.factories import make_authority, make_organisation, make_service
from tests.services.currency import ASKED_AT, make_due, make_open_link, make_suggestion, paths_in_mail

pytestmark = pytest.mark.django_db


def run(authority, **kwargs):
    return reminders.send_reminders(authority=authority, **kwargs)


def later(monkeypatch, days):
    """Let so many days pass."""
    now = timezone.now() + timedelta(days=days)
    monkeypatch.setattr(timezone, "now", lambda: now)


class Flaky(EmailBackend):
    """Takes letters until `stop` of them went, then raises `error`, before or after taking that one."""

    stop, error, after = 0, RuntimeError, False
    count = 0

    def send_messages(self, messages):
        Flaky.count += 1
        if Flaky.count != Flaky.stop:
            return super().send_messages(messages)
        if Flaky.after:
            super().send_messages(messages)
        raise Flaky.error


@pytest.fixture
def flaky(settings, monkeypatch):
    settings.EMAIL_BACKEND = "tests.services.test_reminders.Flaky"
    monkeypatch.setattr(Flaky, "count", 0)

    def set_up(stop, error=RuntimeError, after=False):
        for name, value in {"stop": stop, "error": error, "after": after, "count": 0}.items():
            setattr(Flaky, name, value)

    return set_up


@pytest.mark.parametrize(
    ("days", "kind"),
    [(31, None), (30, "first"), (8, "first"), (7, "second"), (1, "second"), (0, "last"), (-90, "last")],
)
def test_reminder_when_the_check_is_so_near_then_that_letter_goes(authority, days, kind):
    make_due(authority, days=days)
    run(authority)
    assert [row.kind for row in Reminder.objects.exclude(kind="officer")] == ([kind] if kind else [])
    assert len([letter for letter in mail.outbox if letter.to == [ASKED_AT]]) == bool(kind)


def test_reminder_when_run_again_the_same_day_then_nothing_goes_twice(authority):
    make_due(authority, days=3)
    for _ in range(3):
        run(authority)
    assert len(mail.outbox) == 1


def test_letter_when_read_then_is_plain_and_its_link_opens_the_check(client, authority):
    CouncilSettings.objects.update(phone="0117 496 0100", email="offer@example.org")
    make_due(authority, days=30, name="Splash\nclub")
    run(authority)
    [letter] = mail.outbox
    assert letter.subject == "Please check: Splash club"
    assert letter.reply_to == ["offer@example.org"]
    assert "You do not need an account" in letter.body
    assert "0117 496 0100" in letter.body
    assert "{" not in letter.body
    [path] = paths_in_mail()
    assert client.get(path).status_code == 200
    confirm_response = client.post(path, {"go": "right"}, follow=True)
    assert "Thank you" in confirm_response.content.decode()


def test_entries_when_one_provider_has_several_then_one_letter_with_a_link_each(authority):
    trust = make_organisation(authority, name="Trust")
    for number, days in enumerate((2, 20, -5)):
        make_due(authority, days=days, organisation=trust, email="", name=f"Club {number}")
    OrganisationReview.objects.update(email="Trust@Example.org")
    ServiceReview.objects.create(service=Service.objects.first(), provider_email="trust@example.org")
    run(authority)
    [letter] = mail.outbox
    assert letter.subject == "Please check: 3 entries"
    assert len(set(paths_in_mail())) == 3
    assert "was due for a check" in letter.body


def test_link_when_the_next_letter_follows_then_is_the_same_one(authority, monkeypatch):
    make_due(authority, days=30)
    run(authority)
    later(monkeypatch, 23)
    run(authority)
    assert len(mail.outbox) == 2
    assert paths_in_mail(0) == paths_in_mail(1)
    assert ReviewLink.objects.count() == 1


def test_address_when_none_is_given_then_the_public_one_is_used_only_if_allowed(authority):
    make_due(authority, email="")
    choice = ReviewSettings.for_site(authority)
    choice.use_public_email = False
    choice.save()
    assert run(authority).nowhere == 1
    assert not mail.outbox
    choice.use_public_email = True
    choice.save()
    run(authority)
    assert mail.outbox[0].to == ["ask@example.org"]


def test_provider_when_it_answered_then_is_not_asked(authority):
    answered, unpublished, checked = (make_due(authority, days=0, name=n) for n in ("One", "Two", "Three"))
    make_suggestion(answered, waiting_time="A year")
    Service.objects.filter(pk=unpublished.pk).update(live=False)
    confirm(service=checked, by_role="Officer")
    run(authority)
    assert not mail.outbox


def test_officer_when_the_provider_is_silent_then_is_told_after_a_fair_time_and_once(
    authority, monkeypatch, django_user_model
):
    owner = django_user_model.objects.create_user("owner", "owner@example.org", "password")
    service = make_due(authority, days=0)
    ServiceReview.objects.update(owner=owner)
    run(authority)
    later(monkeypatch, 13)
    assert run(authority).told == 0
    later(monkeypatch, 2)
    assert run(authority).told == 1
    run(authority)
    letters = [letter for letter in mail.outbox if letter.to == ["owner@example.org"]]
    assert len(letters) == 1
    assert service.name in letters[0].body
    assert ASKED_AT not in letters[0].body


def test_officer_when_nobody_can_be_asked_then_is_told_the_day_after(authority):
    CouncilSettings.objects.update(email="offer@example.org")
    for number in range(30):
        make_service(
            authority, name=f"School {number:02}", review_by=timezone.localdate() - timedelta(days=1)
        )
    result = run(authority)
    assert (result.told, result.nowhere) == (30, 30)
    [letter] = mail.outbox
    assert letter.subject == "30 entries are late for a check"
    assert "and 5 more" in letter.body


@pytest.mark.parametrize("policy", OverduePolicy)
def test_policy_when_the_officer_had_a_week_then_flags_or_hides(client, authority, monkeypatch, policy):
    CouncilSettings.objects.update(email="offer@example.org")
    choice = ReviewSettings.for_site(authority)
    choice.when_overdue = policy
    choice.save()
    service = make_due(authority, days=-100)
    first = run(authority)
    assert (first.asked, first.told, first.hidden + first.flagged) == (1, 0, 0)
    later(monkeypatch, 8)
    assert run(authority).told == 1
    later(monkeypatch, 6)
    assert run(authority).hidden + run(authority).flagged == 0
    later(monkeypatch, 2)
    third = run(authority)
    hides = policy == OverduePolicy.HIDE
    assert (third.hidden, third.flagged) == (hides, not hides)
    page = client.get(service.get_absolute_url())
    assert page.status_code == (404 if hides else 200)
    if not hides:
        assert "Please ring before you go" in page.content.decode()
    assert len(mail.outbox) == 2


def test_entry_when_hidden_by_policy_and_found_right_then_comes_back(client, authority, monkeypatch):
    test_policy_when_the_officer_had_a_week_then_flags_or_hides(
        client, authority, monkeypatch, OverduePolicy.HIDE
    )
    service = Service.objects.get()
    path = make_open_link(service)[1]
    client.post(path, {"go": "right"})
    assert client.get(service.get_absolute_url()).status_code == 200


def test_dry_run_when_made_then_writes_and_sends_nothing_and_says_what_it_would(authority):
    make_due(authority, days=3)
    out = StringIO()
    call_command("send_review_reminders", dry_run=True, stdout=out)
    assert "1 emails to providers would be sent, about 1 entries" in out.getvalue()
    assert not mail.outbox
    assert not Reminder.objects.exists()
    assert not ReviewLink.objects.exists()


def test_limit_when_reached_then_the_rest_waits_for_the_next_run(authority):
    for number in range(5):
        make_due(authority, days=3, email=f"p{number}@example.org", name=f"Club {number}")
    first = run(authority, limit=2)
    assert (first.mails, first.left) == (2, 3)
    run(authority)
    assert sorted(letter.to[0] for letter in mail.outbox) == [f"p{n}@example.org" for n in range(5)]


@pytest.mark.parametrize("stop", range(1, 5))
@pytest.mark.parametrize("error", [RuntimeError, smtplib.SMTPRecipientsRefused])
def test_mail_when_refused_then_the_others_go_and_the_next_run_sends_it(authority, flaky, stop, error):
    for number in range(4):
        make_due(authority, days=3, email=f"p{number}@example.org", name=f"Club {number}")
    flaky(stop, error({}) if error is smtplib.SMTPRecipientsRefused else error)
    assert run(authority).failed == 1
    assert len(mail.outbox) == 3
    failed = Reminder.objects.get(state=ReminderState.FAILED)
    assert failed.note == error.__name__
    run(authority)
    assert Counter(letter.to[0] for letter in mail.outbox) == {f"p{n}@example.org": 1 for n in range(4)}


@pytest.mark.parametrize("stop", range(1, 5))
@pytest.mark.parametrize("after", [False, True])
def test_run_when_killed_then_the_next_one_sends_the_rest_once_and_names_the_one_in_hand(
    authority, flaky, stop, after
):
    for number in range(4):
        make_due(authority, days=3, email=f"p{number}@example.org", name=f"Club {number}")
    flaky(stop, KeyboardInterrupt, after)
    with pytest.raises(KeyboardInterrupt):
        run(authority)
    assert run(authority).unsure == 1
    sent = Counter(letter.to[0] for letter in mail.outbox)
    assert set(sent.values()) == {1}
    assert len(sent) == (4 if after else 3)
    unsure = Reminder.objects.get(state=ReminderState.UNSURE)
    assert reminders.unsure_count(authority) == 1
    run(authority)
    assert sum(sent.values()) == len(mail.outbox)
    reminders.send_unsure_again(authority)
    run(authority)
    assert {letter.to[0] for letter in mail.outbox} == {f"p{n}@example.org" for n in range(4)}
    unsure.refresh_from_db()
    assert unsure.state == ReminderState.SENT


def test_mail_when_the_server_falls_silent_after_taking_it_then_is_not_sent_again(authority, flaky):
    make_due(authority, days=3)
    flaky(1, smtplib.SMTPServerDisconnected, after=True)
    assert run(authority).unsure == 1
    run(authority)
    assert len(mail.outbox) == 1


def test_mail_when_it_never_goes_then_is_tried_five_times_and_the_run_stops_asking(authority, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    for number in range(8):
        make_due(authority, days=3, email=f"p{number}@example.org", name=f"Club {number}")
    first = run(authority)
    assert (first.failed, first.left) == (reminders.MOST_FAILURES, 3)
    for _ in range(10):
        run(authority)
    assert {row.tries for row in Reminder.objects.all()} == {reminders.MOST_TRIES}
    assert set(Reminder.objects.values_list("note", flat=True)) == {"ConnectionRefusedError"}


def test_command_when_mail_fails_then_exits_with_words(authority, flaky):
    make_due(authority, days=3)
    flaky(1)
    with pytest.raises(CommandError, match="could not be sent"):
        call_command("send_review_reminders", stdout=StringIO())


def test_command_when_the_limit_is_nonsense_then_is_refused(authority):
    with pytest.raises(CommandError, match="1 or more"):
        call_command("send_review_reminders", limit=0)


def test_authorities_when_there_are_two_then_each_asks_for_its_own(authority):
    other = make_authority("Other Council", "other.example.org")
    make_due(authority, days=3, email="ours@example.org")
    make_due(other, days=3, email="theirs@example.org")
    run(authority)
    assert [letter.to for letter in mail.outbox] == [["ours@example.org"]]
    call_command("send_review_reminders", stdout=StringIO())
    assert mail.outbox[1].to == ["theirs@example.org"]
    assert "http://other.example.org/services/review/" in mail.outbox[1].body


def test_candidates_when_there_are_many_then_queries_do_not_grow(authority, django_assert_max_num_queries):
    due = timezone.localdate() + timedelta(days=3)
    for number in range(40):
        make_service(authority, name=f"School {number}", review_by=due)
    with django_assert_max_num_queries(16):
        run(authority)


class TestAnyOrder(TestCase):
    """Whatever the days and wherever runs stop, no address gets one step of one entry twice."""

    @settings(max_examples=25, deadline=None)
    @given(
        dues=st.lists(st.integers(-40, 40), min_size=1, max_size=5),
        runs=st.lists(st.tuples(st.integers(0, 10), st.integers(0, 4)), min_size=1, max_size=5),
    )
    def test_runs_when_some_are_killed_then_no_letter_twice(self, dues, runs):
        mail.outbox.clear()
        authority = make_authority()
        for number, days in enumerate(dues):
            service = make_service(
                authority, name=f"Entry {number}.", review_by=timezone.localdate() + timedelta(days=days)
            )
            ServiceReview.objects.create(service=service, provider_email=f"p{number}@example.org")
        today = timezone.localdate()
        with self.settings(EMAIL_BACKEND="tests.services.test_reminders.Flaky"):
            for days, stop in runs:
                today += timedelta(days=days)
                Flaky.count, Flaky.stop, Flaky.error, Flaky.after = 0, stop, KeyboardInterrupt, True
                with suppress(KeyboardInterrupt):
                    run(authority, today=today)
        steps = Counter((r.service_id, r.kind) for r in Reminder.objects.exclude(kind=ReminderKind.OFFICER))
        assert not steps or max(steps.values()) == 1
        for number in range(len(dues)):
            got = [letter for letter in mail.outbox if letter.to == [f"p{number}@example.org"]]
            taken = [key for key in steps if Service.objects.get(pk=key[0]).name == f"Entry {number}."]
            assert len(got) == len(taken)
