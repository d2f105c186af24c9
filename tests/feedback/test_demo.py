"""The demonstration's comments after moderation, and that no listed identifier reaches a public page."""

import json
from collections import Counter

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.urls import reverse

from feedback.enums import Disposition, EventKind
from feedback.models import Action, Comment, CommentContact, ModerationEvent
from tests.factories import make_authority, make_service

pytestmark = pytest.mark.django_db
DEMO = json.loads((settings.BASE_DIR / "demo" / "comments.json").read_text(encoding="utf-8"))


@pytest.fixture
def loaded(authority):
    make_service(source="demo", external_id="svc-tra-003", name="College travel", section="transport")
    call_command("load_demo_comments", verbosity=0)
    return authority


def of(identity):
    return Comment.objects.get(submission_key__endswith=f":{identity}")


def test_demo_when_loaded_then_each_comment_is_what_moderation_made_of_it(loaded):
    assert Comment.objects.count() == 60
    for row in DEMO["comments"]:
        comment, expected = of(row["id"]), row["expected"]
        assert comment.disposition == expected["disposition"], row["id"]
        assert comment.original == row["original"]
        shown = (comment.together_with or comment).public_text
        assert shown == expected["public_text"], row["id"]
        assert comment.safeguarding == ("safeguarding" in expected["flags"])
        if expected["disposition"] in ("published", "grouped"):
            assert comment.action.key == expected["theme"]


def test_demo_when_loaded_then_contacts_are_apart_and_every_step_is_on_record(loaded):
    given = [row for row in DEMO["comments"] if row["contact_email"]]
    assert CommentContact.objects.count() == len(given)
    received = ModerationEvent.objects.filter(kind=EventKind.RECEIVED)
    assert received.count() == 60
    vexatious = Comment.objects.filter(disposition=Disposition.WITHHELD_VEXATIOUS)
    for comment in vexatious:
        proposed, withheld = comment.events.exclude(kind=EventKind.RECEIVED)
        assert (proposed.kind, withheld.kind) == (EventKind.PROPOSED, EventKind.WITHHELD)
        assert proposed.by != withheld.by


def test_demo_when_loaded_then_themes_are_actions(loaded):
    assert Action.objects.count() == 14
    wanted = Counter(theme["status"] for theme in DEMO["themes"])
    assert Counter(Action.objects.values_list("status", flat=True)) == wanted


def test_demo_when_loaded_again_then_nothing_changes_not_even_staffs_work(loaded):
    Comment.objects.filter(pk=of("cmt-001").pk).update(heading="Ours")
    before = (
        list(Comment.objects.order_by("pk").values()),
        ModerationEvent.objects.count(),
        Action.objects.count(),
    )
    call_command("load_demo_comments", verbosity=0)
    after = (
        list(Comment.objects.order_by("pk").values()),
        ModerationEvent.objects.count(),
        Action.objects.count(),
    )
    assert before == after


def test_demo_when_a_service_is_named_then_it_is_found_by_its_number(loaded):
    assert of("cmt-025").about_title == "College travel"


def test_demo_when_loaded_for_one_authority_then_not_for_another(db):
    make_authority()
    other = make_authority("Otherton Council", "otherton.example")
    call_command("load_demo_comments", "--authority", "Otherton Council", verbosity=0)
    assert set(Comment.objects.values_list("authority", flat=True)) == {other.pk}


def test_demo_when_the_authority_is_unknown_then_said(authority):
    with pytest.raises(CommandError):
        call_command("load_demo_comments", "--authority", "Nowhere Council")


def public_pages(client):
    """Every page of the log, every comment's own page, and the landing page."""
    first = client.get(reverse("feedback:log")).content.decode()
    yield reverse("feedback:log"), first
    number = 2
    while f"?page={number}" in first or number == 2:
        address = f"{reverse('feedback:log')}?page={number}"
        page = client.get(address).content.decode()
        yield address, page
        if f"page={number + 1}" not in page:
            break
        number += 1
    for query in ("status=late", "who=parent_carer", "sort=newest", "q=bus"):
        yield query, client.get(f"{reverse('feedback:log')}?{query}").content.decode()
    for comment in Comment.objects.all():
        yield comment.reference, client.get(comment.get_absolute_url()).content.decode()
    yield "form", client.get(reverse("feedback:comment")).content.decode()


# Words of the list that fair words hold too.
FAIR = {"Will", "Grace"}


def test_demo_when_every_public_page_is_read_then_no_identifier_and_no_contact(client, loaded):
    listed = {words for row in DEMO["comments"] for words in row["expected"]["identifiers"]} - FAIR
    contacts = {row["contact_email"] for row in DEMO["comments"] if row["contact_email"]}
    pages = list(public_pages(client))
    assert len(pages) > 64
    for address, page in pages:
        for words in listed | contacts:
            assert words not in page, (address, words)
        assert "Will will" not in page
        assert "Grace, his twin" not in page


def test_demo_when_a_comment_is_withheld_then_none_of_its_words_are_public(client, loaded):
    kept_back = Comment.objects.exclude(disposition__in=["published", "grouped"])
    pages = "".join(page for _, page in public_pages(client))
    for comment in kept_back:
        assert comment.original[:60] not in pages


def test_demo_when_the_log_is_read_then_the_figures_of_the_file(client, loaded):
    page = client.get(reverse("feedback:log")).content.decode()
    assert "43 comments and answers" in page
    assert "We have had 60 comments. 43 are shown" in page
    assert "17 are counted but not shown" in page
