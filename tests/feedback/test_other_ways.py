"""Other ways in and out: young people, staff who write it down, ready answers, files, feed, themes."""

import csv
import io
import json
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.core import mail
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from feedback import answers, difference, moderation, submission
from feedback.enums import ActionStatus, Channel, Consent, Disposition, EventKind, Role, Topic
from feedback.follow_up import due, follow_up
from feedback.models import Comment, CommentSettings, ResponseTemplate
from localoffer.regulations import Section
from tests.factories import (
    make_action,
    make_authority,
    make_comment,
    make_moderator,
    make_published,
    make_section,
    make_service,
)

pytestmark = pytest.mark.django_db
YOUNG = "/have-your-say/young-people/"
INBOX = "/admin/feedback/comments/"


@pytest.fixture
def moderator(authority):
    return make_moderator()


@pytest.fixture
def admin(client, moderator):
    client.force_login(moderator)
    return client


def page_of(response):
    return BeautifulSoup(response.content, "html.parser")


# -- young people ---------------------------------------------------------------------


def carried(page):
    form = page.select_one("main form")
    boxes = [b for b in form.select("input, textarea") if b.get("type") != "radio" or b.has_attr("checked")]
    return {
        b["name"]: b.get_text().removeprefix("\n") if b.name == "textarea" else b.get("value", "")
        for b in boxes
    }


def test_young_form_when_filled_in_then_three_questions_and_no_contact_asked(client, authority):
    page = page_of(client.get(YOUNG))
    assert page.h1.get_text() == "Young people: have your say"
    assert "0800 1111" in page.get_text()
    for name, value in (("topic", Topic.MISSING), ("text", "i want a club"), ("consent", Consent.PUBLISH)):
        assert page.select_one("[name=email][type=email], [name=role][type=radio]") is None
        page = page_of(client.post(YOUNG, {**carried(page), name: value, "go": "next"}))
    assert page.h1.get_text() == "Check what you have written"
    response = client.post(YOUNG, {**carried(page), "go": "send"})
    comment = Comment.objects.get()
    assert response.status_code == 302
    assert (comment.role, comment.original) == (Role.YOUNG_PERSON, "i want a club")


def test_young_form_when_somebody_forges_a_role_then_it_is_a_young_persons_all_the_same(client, authority):
    form = {"topic": Topic.OTHER, "text": "Hi", "consent": Consent.PUBLISH, "token": submission.new_token()}
    client.post(YOUNG, {**form, "role": Role.PROFESSIONAL, "email": "a@example.org", "go": "send"})
    comment = Comment.objects.get()
    assert comment.role == Role.YOUNG_PERSON
    assert not hasattr(comment, "contact")


# -- staff write it down -----------------------------------------------------------------


def entry(authority, **change):
    return {
        "authority": authority.pk,
        "channel": Channel.PHONE,
        "received_on": "2026-03-02",
        "role": Role.REPRESENTATIVE,
        "topic": Topic.MISSING,
        "section": "",
        "consent": Consent.SUMMARY,
        "original": "She cannot say it, so I do. =1+1",
        "language": "en",
        "about_address": "",
        "email": "",
        "phone": "",
        **change,
    }


def test_staff_entry_when_written_down_then_in_the_inbox_with_who_did_it(admin, authority, moderator):
    service = make_service(name="Swim club")
    response = admin.post(
        f"{INBOX}new/", entry(authority, about_address=service.get_absolute_url(), phone="0117 496 0999")
    )
    comment = Comment.objects.get()
    assert response.url == reverse("feedback_comments:edit", args=[comment.pk])
    assert (comment.channel, comment.role, comment.disposition) == ("phone", "representative", "new")
    assert (comment.received_on, comment.about_title) == (date(2026, 3, 2), "Swim club")
    assert comment.contact.phone == "0117 496 0999"
    assert comment.events.get().by == moderator


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"channel": ""}, "This field is required"),
        ({"channel": "web"}, "Select a valid choice"),
        ({"received_on": "2999-01-01"}, "This day has not come yet"),
        ({"original": " "}, "Write down what they said"),
        ({"about_address": "/nowhere/"}, "There is no such page or service"),
        ({"phone": "ring her"}, "Enter a phone number such as"),
    ],
)
def test_staff_entry_when_something_is_wrong_then_said_and_nothing_kept(admin, authority, wrong, message):
    response = admin.post(f"{INBOX}new/", entry(authority, **wrong))
    assert message in response.content.decode()
    assert not Comment.objects.exists()


# -- in the admin ----------------------------------------------------------------------------


def test_assignment_when_given_to_somebody_then_kept_logged_and_filtered(admin, moderator):
    mine, other = make_comment(), make_comment()
    address = reverse("feedback_comments:edit", args=[mine.pk])
    admin.post(address, {"assign": "1", "version": mine.version, "assigned_to": moderator.pk})
    mine.refresh_from_db()
    assert mine.assigned_to == moderator
    assert EventKind.ASSIGNED in mine.events.values_list("kind", flat=True)
    page = admin.get(f"{INBOX}?assigned_to={moderator.pk}").content.decode()
    assert mine.reference in page
    assert other.reference not in page


def test_assignment_when_somebody_was_quicker_then_told_and_not_overwritten(admin, moderator):
    comment = make_comment()
    moderation.assign(comment=comment, by=moderator, version=1, to=None)
    address = reverse("feedback_comments:edit", args=[comment.pk])
    response = admin.post(address, {"assign": "1", "version": 1, "assigned_to": moderator.pk}, follow=True)
    assert "Somebody changed this comment" in response.content.decode()
    comment.refresh_from_db()
    assert comment.assigned_to is None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("waiting=week", "new"),
        ("waiting=month", "older"),
        ("waiting=longer", "oldest"),
        ("urgency=urgent", "urgent"),
        ("urgency=safeguarding", "flagged"),
        ("answer=due", "due"),
        ("answer=late", "late"),
    ],
)
def test_inbox_when_filtered_by_age_urgency_or_answer_then_only_those(admin, moderator, query, found):
    today = timezone.localdate()
    comments = {
        "new": make_comment(received_on=today),
        "older": make_comment(received_on=today - timedelta(days=10)),
        "oldest": make_comment(received_on=today - timedelta(days=40)),
        "urgent": make_comment(text="She wants to die", received_on=today - timedelta(days=9)),
        "flagged": make_comment(received_on=today - timedelta(days=50)),
        "due": make_published(by=moderator, answer_due=today + timedelta(days=5)),
        "late": make_published(by=moderator, answer_due=today - timedelta(days=5)),
    }
    moderation.flag_safeguarding(comment=comments["flagged"], by=moderator, version=1, on=True)
    page = admin.get(f"{INBOX}?{query}").content.decode()
    assert comments[found].reference in page
    shown = [key for key, comment in comments.items() if comment.reference in page]
    assert len(shown) <= 3


def test_moderation_when_a_ready_answer_is_chosen_then_in_our_answer_and_nothing_saved(admin, authority):
    comment = make_comment()
    ready = ResponseTemplate.objects.create(authority=authority, title="Thanks", text="We put it right.")
    address = reverse("feedback_comments:edit", args=[comment.pk])
    sent = {
        "use_template": "1",
        "template": ready.pk,
        "response": "Hello.",
        "public_text": "Mine",
        "version": 1,
    }
    page = page_of(admin.post(address, sent))
    assert "Hello." in page.select_one("[name=response]").get_text()
    assert "We put it right." in page.select_one("[name=response]").get_text()
    assert page.select_one("[name=public_text]").get_text().strip() == "Mine"
    comment.refresh_from_db()
    assert (comment.version, comment.response) == (1, "")


def test_moderation_when_opened_then_the_difference_and_the_same_words_are_shown(admin):
    twin = make_comment(text="My son Jayden waits.")
    comment = make_comment(text="My son Jayden waits.")
    page = page_of(admin.get(reverse("feedback_comments:edit", args=[comment.pk])))
    assert "Jayden" in page.select_one("del").get_text()
    assert "[removed: names a person]" in page.select_one("ins").get_text()
    assert twin.reference in page.select_one(".moderation__facts").get_text()
    assert page.select_one("[name=removed][value=person]").has_attr("checked")


def test_publish_when_words_were_changed_without_a_reason_then_refused(moderator):
    comment = make_comment()
    with pytest.raises(moderation.Refused, match="why the words were changed"):
        moderation.publish(
            comment=comment,
            by=moderator,
            version=1,
            public_text="Other words.",
            nobody_identifiable=True,
            response="Yes.",
        )


@given(st.text(max_size=200), st.text(max_size=200))
def test_difference_when_between_any_two_texts_then_both_can_be_read_off(before, after):
    stretches = difference.between(before, after)
    assert "".join(s.words for s in stretches if s.kind != "in") == before
    assert "".join(s.words for s in stretches if s.kind != "out") == after


# -- actions -------------------------------------------------------------------------------------


def test_evidence_when_a_service_or_page_is_named_then_its_version_is_kept(authority, moderator):
    page = make_section(Section.TRANSPORT, slug="transport", title="Getting there")
    page.save_revision().publish()
    action = make_action(by=moderator, evidence_url="/transport/")
    assert action.evidence_revision == page.get_latest_revision()
    assert action.evidence_title == "Getting there"
    service = make_service(name="Swim club")
    action = answers.change_action(
        action=action, by=moderator, version=action.version, evidence_url=service.get_absolute_url()
    )
    assert (action.evidence_service, action.evidence_title) == (service, "Swim club")
    with pytest.raises(ValidationError, match="no page or service"):
        answers.change_action(
            action=action, by=moderator, version=action.version, evidence_url="/nowhere/at-all/"
        )


def test_action_when_its_first_date_is_long_past_then_long_overdue_in_words(client, moderator, authority):
    today = timezone.localdate()
    CommentSettings.objects.create(site=authority, long_overdue_days=30)
    late = make_action(by=moderator, title="Late", target_date=today - timedelta(days=30))
    long = make_action(by=moderator, title="Long", target_date=today - timedelta(days=31))
    for action in (late, long):
        make_published(by=moderator, action=action)
    page = client.get(reverse("feedback:log")).content.decode()
    assert page.count("Long overdue: was due") == 1
    assert page.count(" Late: was due") + page.count(">Late: was due") == 1
    filtered = client.get(f"{reverse('feedback:log')}?status=long_overdue").content.decode()
    assert "1 comment and answers" in filtered


def test_due_date_when_days_are_set_then_follows_the_setting(authority, moderator):
    CommentSettings.objects.create(site=authority, answer_days=10)
    comment = make_published(by=moderator)
    assert comment.answer_due == timezone.localdate() + timedelta(days=10)


def test_follow_up_when_four_weeks_have_passed_then_writers_are_asked_once(
    authority, moderator, django_capture_on_commit_callbacks
):
    today = timezone.localdate()
    action = make_action(by=moderator, status=ActionStatus.DONE, done_on=today - timedelta(days=28))
    make_action(by=moderator, status=ActionStatus.DONE, done_on=today - timedelta(days=27))
    make_published(by=moderator, action=action, email="me@example.org", text="The blue door.")
    make_published(by=moderator, action=action)
    assert due(authority) == [action]
    with django_capture_on_commit_callbacks(execute=True):
        assert follow_up(action=action).asked == 1
        assert follow_up(action=action).asked == 0
    [letter] = mail.outbox
    assert letter.to == ["me@example.org"]
    assert "Did it help?" in letter.body
    assert "blue door" not in letter.body
    assert due(authority) == []


def test_follow_up_when_days_are_none_or_dry_then_nobody_is_asked(authority, moderator, capsys):
    action = make_action(by=moderator, status=ActionStatus.DONE, done_on=date(2026, 1, 1))
    call_command("follow_up_comments", "--dry-run")
    assert f"Would follow up: {action.title}" in capsys.readouterr().out
    CommentSettings.objects.filter(site=authority).update(follow_up_days=0)
    assert due(authority) == []


# -- files, feed, themes ----------------------------------------------------------------------------


@pytest.fixture
def published(moderator):
    action = make_action(by=moderator, title="Honest waits", response="We show the wait.")
    lead = make_published(
        by=moderator,
        action=action,
        section="health",
        text='=HYPERLINK("http://x") & <b>My son Jayden</b> waits \x07 too long',
        public_text='=HYPERLINK("http://x") & <b>Children</b> wait too long',
        email="secret@example.org",
    )
    moderation.group(comment=make_comment(), by=moderator, version=1, lead=lead)
    make_published(by=moderator, topic=Topic.MISSING, response="Added.")
    moderation.withhold(
        comment=make_comment(), by=moderator, version=1, ground=Disposition.SPAM, reason="An advert."
    )
    make_comment()
    return lead


def test_csv_when_downloaded_then_safe_complete_and_filtered(client, published):
    rows = list(
        csv.reader(io.StringIO(client.get("/have-your-say/comments.csv").content.decode("utf-8-sig")))
    )
    assert len(rows) == 3
    row = dict(zip(rows[0], next(r for r in rows if r[0] == published.reference), strict=True))
    assert row["you said"].startswith("'=HYPERLINK")
    assert row["people"] == "2"
    assert "changed" not in row["our answer"]
    some = client.get("/have-your-say/comments.csv?topic=missing").content.decode()
    assert published.reference not in some


def test_json_when_read_then_counts_add_up_and_nothing_private(client, published):
    response = client.get("/have-your-say/comments.json")
    data = json.loads(response.content)
    counts = data["counts"]
    not_shown = sum(reason["number"] for reason in counts["not_shown"])
    assert counts["received"] == Comment.objects.count() == 5
    assert counts["shown"] + counts["being_read"] + not_shown == counts["received"]
    assert sum(entry["people"] for entry in data["entries"]) == counts["shown"]
    text = response.content.decode()
    assert "Jayden" not in text
    assert "secret@example.org" not in text


def test_feed_when_read_then_wellformed_atom_with_each_entry(client, published):
    response = client.get("/have-your-say/comments.atom")
    assert response["Content-Type"].startswith("application/atom+xml")
    root = ElementTree.fromstring(response.content)
    entries = root.findall("{http://www.w3.org/2005/Atom}entry")
    assert len(entries) == 2
    assert any(published.reference in e.find("{http://www.w3.org/2005/Atom}id").text for e in entries)
    assert "Jayden" not in response.content.decode()
    log = page_of(client.get(reverse("feedback:log")))
    assert log.select_one("link[rel=alternate]")["href"] == "/have-your-say/comments.atom"


@pytest.mark.parametrize("address", ["comments.csv", "comments.json", "comments.atom"])
def test_files_when_there_are_many_then_no_more_queries(client, published, moderator, address):
    def count():
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(f"/have-your-say/{address}").status_code == 200
        return len(queries)

    count()
    before = count()
    for _ in range(5):
        make_published(by=moderator, action=make_action(by=moderator))
    count()
    assert count() == before


def test_themes_when_read_then_each_action_with_its_people_under_its_section(client, published):
    page = page_of(client.get("/have-your-say/you-said-we-did/"))
    assert page.select_one("main h2[id]").get_text() == "Health"
    card = page.select_one("article")
    assert "Honest waits" in card.h3.get_text()
    assert "2 people told us" in card.get_text()
    assert "We show the wait." in card.get_text()
    assert card.select_one(f"a[href='{published.get_absolute_url()}']") is not None


def test_entry_when_words_were_changed_then_it_says_so(client, published):
    page = client.get(published.get_absolute_url()).content.decode()
    assert "in our words" in page


def test_first_page_when_opened_then_every_way_to_tell_us(client):
    site = make_authority(phone="0117 496 0100", postal_address="1 Quay", email="offer@example.org")
    CommentSettings.objects.create(site=site, other_ways="Coffee on Monday", last_invited_on=date(2026, 9, 1))
    page = client.get("/have-your-say/").content.decode()
    for words in ("0117 496 0100", "1 Quay", "Coffee on Monday", "po polsku", "1 September 2026", YOUNG):
        assert words in page
