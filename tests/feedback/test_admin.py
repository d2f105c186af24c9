"""Feedback in the admin: who may, what they see, what they can do, and what nobody can."""

from urllib.parse import urlencode

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Permission
from django.urls import NoReverseMatch, reverse

from feedback import identifiers
from feedback.enums import ActionStatus, Consent, Disposition, EventKind
from feedback.models import Action, Comment, ModerationEvent
from feedback.moderation_form import DECISIONS, decisions_for, digest_of
from tests.factories import make_action, make_comment, make_moderator, make_published, make_user

pytestmark = pytest.mark.django_db
INBOX = "/admin/feedback/comments/"


def address(comment):
    return reverse("feedback_comments:edit", args=[comment.pk])


@pytest.fixture
def moderator(authority):
    return make_moderator()


@pytest.fixture
def admin(client, moderator):
    client.force_login(moderator)
    return client


def decide(client, comment, decision, **change):
    """Post the moderation form as it was shown, with a decision and some changes."""
    page = BeautifulSoup(client.get(address(comment)).content, "html.parser")
    form = {}
    for box in page.select("form.moderation [name]"):
        if box.name == "select":
            chosen = box.select_one("option[selected]")
            form[box["name"]] = chosen["value"] if chosen else ""
        elif box.name == "textarea":
            form[box["name"]] = box.get_text().removeprefix("\n")
        elif box["name"] == "removed":
            if box.has_attr("checked"):
                form.setdefault("removed", []).append(box["value"])
        elif box.get("type") not in ("radio", "checkbox") and box.name != "button":
            form[box["name"]] = box.get("value", "")
    return client.post(address(comment), {**form, "decision": decision, **change})


# -- who may -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "rights", [[], ["view_comment"], ["view_comment", "view_action", "view_moderationevent"]]
)
def test_admin_when_somebody_may_not_moderate_then_refused(client, authority, rights):
    comment = make_comment(text="Private words")
    reader = make_user("reader")
    reader.user_permissions.set(
        [
            *Permission.objects.filter(content_type__app_label="feedback", codename__in=rights),
            Permission.objects.get(codename="access_admin"),
        ]
    )
    client.force_login(reader)
    for url in (
        INBOX,
        f"{INBOX}results/",
        address(comment),
        "/admin/feedback/record/",
        "/admin/feedback/actions/new/",
    ):
        response = client.get(url)
        assert response.status_code in (302, 403), url
        assert b"Private words" not in response.content
    client.post(address(comment), {"decision": "spam", "version": 1, "topic": "other", "language": "en"})
    comment.refresh_from_db()
    assert comment.disposition == Disposition.NEW


def test_admin_when_nobody_is_logged_in_then_to_the_login_page(client, authority):
    assert "/admin/login/" in client.get(INBOX).url


def test_actions_when_somebody_may_look_then_they_can_read_and_not_write(client, authority):
    action = make_action()
    viewer = make_user("viewer")
    viewer.user_permissions.set(Permission.objects.filter(codename__in=["view_action", "access_admin"]))
    client.force_login(viewer)
    assert client.get("/admin/feedback/actions/").status_code == 200
    assert client.get(reverse("feedback_actions:inspect", args=[action.pk])).status_code == 200
    assert client.get(reverse("feedback_actions:edit", args=[action.pk])).status_code in (302, 403)


@pytest.mark.parametrize("viewset", ["feedback_comments", "feedback_actions", "feedback_record"])
def test_admin_when_anybody_wants_to_delete_then_there_is_no_address(viewset):
    for view in ("delete", "copy"):
        with pytest.raises(NoReverseMatch):
            reverse(f"{viewset}:{view}", args=[1])


@pytest.mark.parametrize("view", ["add", "edit"])
def test_record_when_anybody_wants_to_change_it_then_there_is_no_address(view):
    with pytest.raises(NoReverseMatch):
        reverse(f"feedback_record:{view}", args=[1] if view == "edit" else [])


# -- the inbox -----------------------------------------------------------------------


def test_inbox_when_opened_then_urgent_first_then_the_oldest_then_what_is_decided(admin, moderator):
    decided = make_published(response="Yes.")
    newer = make_comment(received_on="2026-05-01")
    older = make_comment(received_on="2026-01-01")
    urgent = make_comment(text="She wants to die", received_on="2026-06-01")
    page = admin.get(INBOX).content.decode()
    places = [page.index(comment.reference) for comment in (urgent, older, newer, decided)]
    assert places == sorted(places)
    assert "Urgent: may tell of danger" in page


def test_inbox_when_searched_or_filtered_then_only_what_fits(admin):
    bus, other = make_comment(text="About the bus"), make_comment(text="About words", topic="accessibility")
    assert other.reference not in admin.get(f"{INBOX}?q=bus").content.decode()
    found = admin.get(f"{INBOX}?topic=accessibility").content.decode()
    assert other.reference in found
    assert bus.reference not in found
    assert admin.get(f"{INBOX}?disposition=nonsense&p=99&ordering=evil").status_code == 200


# -- moderation -------------------------------------------------------------------------


def test_moderation_when_opened_then_the_original_is_marked_and_the_contact_shown(admin):
    comment = make_comment(text='My son Jayden <script>alert("x")</script> waits.', email="me@example.org")
    page = BeautifulSoup(admin.get(address(comment)).content, "html.parser")
    mark = page.select_one(".moderation__original mark")
    assert mark.get_text() == "Jayden (name)"
    assert page.select(".moderation__original script") == []
    assert "me@example.org" in page.select_one(".moderation__facts").get_text()
    assert "[removed: names a person]" in page.select_one("[name=public_text]").get_text()
    assert page.select_one("[name=nobody_identifiable]").get("checked") is None


def test_moderation_when_published_with_a_new_action_then_on_the_log(admin):
    comment = make_comment(text="The bus page is old.")
    response = decide(
        admin,
        comment,
        "publish",
        nobody_identifiable="on",
        section="transport",
        action="new",
        action_title="Bus page",
        action_response="We will write the page again.",
        action_status=ActionStatus.PLANNED,
        action_owner_role="Travel team manager",
        action_target_date="2099-01-31",
    )
    assert response.status_code == 302
    comment.refresh_from_db()
    assert comment.is_entry
    assert comment.section == "transport"
    assert comment.action.you_said == "The bus page is old."
    kinds = set(ModerationEvent.objects.values_list("kind", flat=True))
    assert {EventKind.CLASSIFIED, EventKind.PUBLISHED, EventKind.ACTION_AGREED} <= kinds
    assert "Travel team manager" in admin.get("/have-your-say/comments/").content.decode()


def test_moderation_when_the_box_is_not_ticked_then_refused_and_the_words_kept(admin):
    comment = make_comment()
    response = decide(admin, comment, "publish", public_text="My careful words.", response="Yes.")
    assert response.status_code == 200
    assert "Confirm that nobody can be identified." in response.content.decode()
    assert "My careful words." in response.content.decode()
    comment.refresh_from_db()
    assert comment.disposition == Disposition.NEW


def test_moderation_when_marks_are_left_then_the_box_counts_only_after_they_were_seen(admin):
    comment = make_comment()
    words = {
        "public_text": "My son Jayden waits.",
        "response": "Yes.",
        "nobody_identifiable": "on",
        "removed": ["spelling"],
    }
    first = decide(admin, comment, "publish", **words)
    page = BeautifulSoup(first.content, "html.parser")
    assert "“Jayden” (name)" in page.get_text()
    assert page.select_one("[name=nobody_identifiable]").get("checked") is None
    comment.refresh_from_db()
    assert not comment.is_entry
    seen = page.select_one("[name=seen]")["value"]
    assert decide(admin, comment, "publish", **words, seen=seen).status_code == 302


def test_moderation_when_other_marks_come_in_then_they_must_be_seen_too(admin):
    comment = make_comment()
    stale = digest_of(identifiers.find("My son Jayden waits."))
    words = {"public_text": "My son Kacper waits.", "response": "Yes.", "nobody_identifiable": "on"}
    assert decide(admin, comment, "publish", **words, seen=stale).status_code == 200
    assert not Comment.objects.entries().exists()


def test_moderation_when_a_new_action_breaks_a_rule_then_said_there_and_nothing_kept(admin):
    comment = make_comment()
    response = decide(
        admin,
        comment,
        "publish",
        nobody_identifiable="on",
        public_text="Fair words.",
        action="new",
        action_title="Bus page",
        action_response="We will not.",
        action_status=ActionStatus.NOT_DOING,
        action_owner_role="Travel team manager",
    )
    assert "Say why you are not doing it." in response.content.decode()
    assert not Action.objects.exists()
    comment.refresh_from_db()
    assert comment.disposition == Disposition.NEW


def test_moderation_when_somebody_was_quicker_then_told_and_nothing_overwritten(admin):
    comment = make_comment()
    ours = decide  # the page is read first, then another moderator acts
    page = BeautifulSoup(admin.get(address(comment)).content, "html.parser")
    version = page.select_one("[name=version]")["value"]
    ours(admin, comment, "draft", public_text="Theirs", reason="Shorter.")
    response = ours(admin, comment, "draft", public_text="Mine", reason="Shorter.", version=version)
    assert response.status_code == 200
    assert "Somebody changed this comment" in response.content.decode()
    assert "Mine" in response.content.decode()
    comment.refresh_from_db()
    assert comment.public_text == "Theirs"


def test_moderation_when_withheld_without_a_reason_then_refused(admin):
    comment = make_comment()
    response = decide(admin, comment, Disposition.WITHHELD_INDIVIDUAL, reason="negative")
    assert "That a comment is negative is not one." in response.content.decode()
    comment.refresh_from_db()
    assert comment.disposition == Disposition.NEW


def test_moderation_when_vexatious_then_a_second_person_finishes_it(client, admin):
    comment = make_comment()
    decide(admin, comment, Disposition.WITHHELD_VEXATIOUS, reason="Insults only.")
    refused = decide(admin, comment, "agree")
    assert "A second person must agree." in refused.content.decode()
    client.force_login(make_moderator("manager"))
    assert decide(client, comment, "agree").status_code == 302
    comment.refresh_from_db()
    assert comment.disposition == Disposition.WITHHELD_VEXATIOUS


def test_moderation_when_put_together_with_another_then_both_count(admin):
    lead, comment = make_published(response="Yes."), make_comment()
    assert decide(admin, comment, "group", lead=str(lead.pk)).status_code == 302
    comment.refresh_from_db()
    assert comment.together_with == lead


@pytest.mark.parametrize(
    "change",
    [
        {"version": "x"},
        {"version": ""},
        {"action": "999999"},
        {"lead": "nonsense"},
        {"decision": "negative"},
        {"decision": ""},
        {"action_target_date": "soon"},
        {"topic": "nonsense"},
        {"language": "x" * 50},
        {"heading": "x" * 500},
        {"public_text": "\x00"},
    ],
)
def test_moderation_when_the_form_is_forged_then_refused_and_nothing_kept(admin, change):
    comment = make_comment()
    form = {"nobody_identifiable": "on", "response": "Yes.", **change}
    response = decide(admin, comment, form.pop("decision", "publish"), **form)
    assert response.status_code == 200
    comment.refresh_from_db()
    assert (comment.disposition, comment.version) == (Disposition.NEW, 1)


def test_decisions_when_offered_then_none_is_that_it_is_negative(authority):
    assert not any("negative" in words.lower() for words in DECISIONS.values())
    silent = Comment(disposition=Disposition.NEW, consent=Consent.COUNT_ONLY)
    assert "publish" not in decisions_for(silent)
    harmful = Comment(disposition=Disposition.NEW, consent=Consent.PUBLISH, safeguarding=True)
    assert not {"publish", "publish_for_several", "group", "count"} & set(decisions_for(harmful))


# -- actions and the record -------------------------------------------------------------


def action_form(**change):
    return {
        "title": "Bus page",
        "you_said": "It is old.",
        "response": "We will write it.",
        "status": "planned",
        "owner_role": "Travel team manager",
        "target_date": "2099-01-31",
        **change,
    }


def test_action_when_added_and_changed_in_the_admin_then_both_are_on_record(admin, authority):
    admin.post("/admin/feedback/actions/new/", action_form(authority=authority.pk))
    action = Action.objects.get()
    edit = reverse("feedback_actions:edit", args=[action.pk])
    admin.post(edit, action_form(version=1, target_date="2099-06-30"))
    action.refresh_from_db()
    assert (str(action.first_target_date), str(action.target_date)) == ("2099-01-31", "2099-06-30")
    assert list(action.events.values_list("kind", flat=True)) == ["action_agreed", "action_changed"]
    stale = admin.post(edit, action_form(version=1, title="Mine"))
    assert "Somebody changed this action" in stale.content.decode()
    action.refresh_from_db()
    assert action.title == "Bus page"


def test_action_when_it_breaks_a_rule_then_said_at_the_field(admin, authority):
    response = admin.post("/admin/feedback/actions/new/", action_form(authority=authority.pk, target_date=""))
    assert "Enter the date that families can expect it by." in response.content.decode()
    assert not Action.objects.exists()


def test_record_when_opened_then_every_step_by_whom(admin, moderator):
    make_published(response="Yes.")
    page = admin.get("/admin/feedback/record/").content.decode()
    assert "Published" in page
    assert moderator.username in page


# -- a flood -------------------------------------------------------------------------

SPAM = "/admin/bulk/feedback/comment/spam/"


def mark_as_spam(client, *comments, query="", **more):
    ids = [("id", one if isinstance(one, str) else one.pk) for one in comments]
    return client.post(f"{SPAM}?{urlencode([*ids, ('next', f'{INBOX}{query}')])}", more)


def test_inbox_when_opened_then_boxes_to_choose_and_how_each_begins(admin):
    make_comment(text="Cheap watches at example.com, buy now. " * 10)
    page = BeautifulSoup(admin.get(INBOX).content, "html.parser")
    assert page.select_one("[data-bulk-action-checkbox]")
    assert page.select_one(f'[data-bulk-action-button][href^="{SPAM}"]')
    assert "Cheap watches" in page.select_one("table.listing").get_text()


def test_flood_when_marked_together_then_each_is_spam_with_its_event_and_by_whom(admin, moderator):
    flood = [make_comment(text=f"Cheap watches {n}") for n in range(3)]
    other = make_comment(text="The bus page is old")
    shown = admin.get(f"{SPAM}?{urlencode([('id', one.pk) for one in flood])}").content.decode()
    assert all(one.original in shown for one in flood)
    assert other.original not in shown
    assert mark_as_spam(admin, *flood).status_code == 302
    for one in flood:
        one.refresh_from_db()
        assert one.disposition == Disposition.SPAM
        assert one.events.get(kind=EventKind.WITHHELD).by == moderator
    other.refresh_from_db()
    assert other.disposition == Disposition.NEW


def test_flood_when_one_tells_of_danger_or_is_decided_then_left_to_be_read(admin):
    danger = make_comment(text="My dad hits me and I am scared")
    assert danger.urgent
    public = make_published()
    mark_as_spam(admin, danger, public)
    for one in (danger, public):
        before = one.disposition
        one.refresh_from_db()
        assert one.disposition == before
    assert not ModerationEvent.objects.filter(kind=EventKind.WITHHELD).exists()


def test_flood_when_all_of_a_filtered_list_is_chosen_then_only_what_the_list_shows(admin):
    hasty = make_comment(text="Cheap watches", hasty=True)
    slow = make_comment(text="The bus page is old")
    mark_as_spam(admin, "all", query="?robot=hasty")
    hasty.refresh_from_db()
    slow.refresh_from_db()
    assert (hasty.disposition, slow.disposition) == (Disposition.SPAM, Disposition.NEW)


def test_flood_when_ids_are_nonsense_then_nothing_changes_and_no_error(admin):
    assert mark_as_spam(admin, "x", "-1", "9" * 30).status_code == 302
    assert not ModerationEvent.objects.filter(kind=EventKind.WITHHELD).exists()


def test_flood_when_somebody_may_not_moderate_then_refused(client, authority):
    comment = make_comment(text="Private words")
    reader = make_user("looker")
    reader.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(reader)
    for response in (client.get(f"{SPAM}?id={comment.pk}"), mark_as_spam(client, comment)):
        assert response.status_code in (302, 403)
        assert b"Private words" not in response.content
    comment.refresh_from_db()
    assert comment.disposition == Disposition.NEW


def test_comment_when_sent_faster_than_a_person_writes_then_the_moderator_is_told(admin):
    assert "faster than a person writes" in admin.get(address(make_comment(hasty=True))).content.decode()
    assert "faster than a person writes" not in admin.get(address(make_comment())).content.decode()


@pytest.mark.parametrize(
    "url",
    [
        "/admin/feedback/annual-reports/", "/admin/who-we-asked/", "/admin/was-it-useful/",
        "/admin/personal-data/", "/admin/personal-data/person/",
    ],
)  # fmt: skip
def test_reports_when_opened_then_the_window_has_their_title(admin_client, authority, url):
    page = BeautifulSoup(admin_client.get(url).content, "html.parser")
    assert page.title.get_text().split(" - ")[0].strip() == page.h1.get_text().strip() != ""
