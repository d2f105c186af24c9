"""A provider's check from the link of an email: pages, errors, one use, and links that are worth nothing."""

from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from wagtail.models import ModelLogEntry, Revision

from services.assurance import retire
from services.enums import CheckedBy, SuggestionKind, SuggestionState
from services.models import Reminder, ReviewLink, Service, Suggestion
from tests.services.currency import ASKED_AT, boxes, make_due, make_open_link, make_suggestion

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(authority):
    return make_due(authority)


@pytest.fixture
def path(service):
    return make_open_link(service)[1]


def form_of(client, path, **changed):
    """The boxes of the form as it opens, with some of them changed."""
    response = client.post(path, {"go": "change"})
    assert response.status_code == 200
    return {**boxes(response.content.decode()), **changed}


def test_link_when_read_ever_so_often_then_nothing_changes(client, path, service):
    for _ in range(3):
        response = client.get(path)
        assert response.status_code == 200
        client.head(path)
    assert "Is this still right?" in response.content.decode()
    assert "Summer Splash playscheme" in response.content.decode()
    assert ReviewLink.objects.get().used_at is None
    assert Service.objects.get().last_checked == service.last_checked
    assert not Suggestion.objects.exists()


def test_page_when_shown_then_is_private_names_no_address_and_sets_no_cookie_but_csrf(client, path):
    response = client.get(path)
    words = response.content.decode()
    assert ASKED_AT not in words
    assert path not in words
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert set(response.cookies) <= {"csrftoken"}


def test_still_right_when_pressed_then_entry_is_checked_by_the_provider_and_the_link_is_over(client, path):
    response = client.post(path, {"go": "right"}, follow=True)
    assert "You told us that it is still right" in response.content.decode()
    service = Service.objects.get()
    assert service.last_checked == timezone.localdate()
    assert (service.checked_side, service.last_checked_by) == (CheckedBy.PROVIDER, "Play manager")
    assert service.review_by > timezone.localdate() + timedelta(days=100)
    public = client.get(service.get_absolute_url()).content.decode()
    assert f"Checked {timezone.localdate():%-d %B %Y} by the provider" in public
    again = client.post(path, {"go": "right"}).content.decode()
    assert "cannot be used again" in again
    assert "Send me a new link" in again


def test_form_when_nothing_is_changed_then_says_so(client, path):
    response = client.post(path, {**form_of(client, path), "go": "check"})
    assert "You have not changed anything yet" in response.content.decode()
    assert not Suggestion.objects.exists()


def test_form_when_wrong_then_says_what_and_keeps_every_word(client, path):
    typed = {
        "name": "",
        "min_age": "seven",
        "max_age": "200",
        "url": "not an address",
        "contacts-0-phone": "x",
        "contacts-0-email": "nobody",
        "costs-0-amount": "lots",
        "schedules-0-opens": "half past",
        "description": "Kept word for word.\r\n\r\n<b>",
    }
    response = client.post(path, {**form_of(client, path, **typed), "go": "check"})
    html = response.content.decode()
    assert "<title>Error:" in html
    for words in (
        "Give the name of the service",
        "Enter an age in years",
        "Enter a web address such as",
        "Enter an email address such as",
        "Enter an amount in pounds",
        "Enter a time such as",
    ):
        assert words in html
    kept = boxes(html)
    assert {name: kept[name] for name in typed} == typed
    assert not Suggestion.objects.exists()


def test_change_when_checked_and_sent_then_waits_with_only_what_differs(client, path, service):
    typed = form_of(
        client,
        path,
        waiting_time="About six weeks",
        **{
            "contacts-0-phone": "0117 496 0999",
            "schedules-1-days": ["SA"],
            "schedules-1-opens": "10am",
            "schedules-1-closes": "12.30pm",
            "note": "The door is round the back.",
        },
    )
    check = client.post(path, {**typed, "go": "check"}).content.decode()
    assert "Nothing has been sent yet" in check
    assert "About six weeks" in check
    assert "Saturday, 10am to 12:30pm" in check
    assert not Suggestion.objects.exists()
    sent = client.post(path, {**boxes(check), "go": "send"}, follow=True).content.decode()
    assert "A person looks at them" in sent
    made = Suggestion.objects.get()
    assert set(made.proposed) == {"waiting_time", "contacts", "schedules"}
    assert made.seen["waiting_time"] == ""
    assert made.note == "The door is round the back."
    assert made.state == SuggestionState.WAITING
    assert Service.objects.get().waiting_time == ""


def test_check_when_going_back_then_the_form_holds_what_was_typed(client, path):
    typed = form_of(client, path, waiting_time="A year", eligibility="Anyone\r\nat all")
    check = client.post(path, {**typed, "go": "check"}).content.decode()
    back = boxes(client.post(path, {**boxes(check), "go": "change"}).content.decode())
    assert {k: v for k, v in back.items() if k != "seen"} == {k: v for k, v in typed.items() if k != "seen"}


def test_row_when_its_boxes_are_emptied_then_it_is_taken_away(client, path):
    emptied = {"contacts-0-role": "", "contacts-0-phone": "", "contacts-0-email": ""}
    client.post(path, {**form_of(client, path, **emptied), "go": "send"})
    assert Suggestion.objects.get().proposed == {"contacts": []}


def test_send_when_pressed_twice_then_is_kept_once(client, path):
    typed = {**form_of(client, path, waiting_time="A year"), "go": "send"}
    client.post(path, typed)
    second = client.post(path, {**typed, "waiting_time": "Two years"}, follow=True)
    assert "cannot be used again" in second.content.decode()
    assert Suggestion.objects.get().proposed == {"waiting_time": "A year"}


def test_closed_when_confirmed_then_waits_for_an_officer(client, path):
    assert "Does it no longer run?" in client.post(path, {"go": "closed"}).content.decode()
    assert not Suggestion.objects.exists()
    client.post(path, {"go": "close"})
    made = Suggestion.objects.get()
    assert (made.kind, made.state) == (SuggestionKind.CLOSED, SuggestionState.WAITING)
    assert Service.objects.get().live


def test_button_when_nobody_made_it_then_the_start_is_shown_and_nothing_happens(client, path):
    response = client.post(path, {"go": "delete everything"})
    assert "Is this still right?" in response.content.decode()
    assert ReviewLink.objects.get().used_at is None


@pytest.mark.parametrize("token", ["x", "a:b", "é" * 40, "a" * 5000, "0:0:0", "%00"])
def test_link_when_forged_then_says_so_kindly_and_holds_nothing(client, service, token):
    for response in (
        client.get(f"/services/review/{token}/"),
        client.post(f"/services/review/{token}/", {"go": "right"}),
    ):
        assert response.status_code == 404
        assert "This link does not work" in response.content.decode()
        assert "Summer Splash" not in response.content.decode()
    assert Service.objects.get().last_checked == service.last_checked


def test_link_when_expired_then_offers_a_new_one_to_the_address_on_file(client, path):
    ReviewLink.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    response = client.get(path)
    assert response.status_code == 410
    assert "This link is too old" in response.content.decode()
    client.post(path, {"go": "right"})
    assert Service.objects.get().checked_side == ""
    said = client.post(path, {"go": "again", "email": "thief@example.org"}).content.decode()
    assert "We have sent a new link" in said
    assert ASKED_AT not in said
    [letter] = mail.outbox
    assert letter.to == [ASKED_AT]
    assert ReviewLink.objects.count() == 2


def test_new_link_when_asked_again_and_again_then_one_letter(client, path):
    client.post(path, {"go": "right"})
    for _ in range(5):
        response = client.post(path, {"go": "again"})
    assert "a short while ago" in response.content.decode()
    assert len(mail.outbox) == 1


def test_link_when_its_service_is_deleted_then_says_so(client, path, service):
    service.delete()
    response = client.get(path)
    assert response.status_code == 410
    assert "no longer in the list" in response.content.decode()
    assert client.post(path, {"go": "send"}).status_code == 410


def test_link_when_its_service_is_off_the_site_then_still_works_and_says_so(client, path, service):
    retire(service=service, by_role="Officer")
    assert "Families cannot see this now" in client.get(path).content.decode()
    client.post(path, {"go": "right"})
    held = Service.objects.get()
    assert not held.live
    assert held.checked_side == CheckedBy.PROVIDER


def test_pages_when_one_source_asks_too_often_then_are_refused(client, path, monkeypatch):
    monkeypatch.setattr("services.review_views.MOST_READS", 3)
    statuses = [client.get(path).status_code for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]


def test_post_when_the_form_is_not_ours_then_is_refused(path, service):
    response = Client(enforce_csrf_checks=True).post(path, {"go": "right"})
    assert response.status_code == 403
    assert Service.objects.get().last_checked == service.last_checked


def test_seen_when_forged_or_of_another_link_then_the_entry_of_now_is_used(client, authority, path):
    other = make_due(authority, name="Other", email="other@example.org")
    other_path = make_open_link(other)[1]
    strange = form_of(client, other_path)["seen"]
    for seen in (strange, "forged", ""):
        typed = {**form_of(client, path, waiting_time="A year"), "seen": seen}
        html = client.post(path, {**typed, "go": "check"}).content.decode()
        assert html.count("<dt>") == 1
        assert "Waiting time" in html


def test_trusted_provider_when_small_change_then_is_on_the_site_at_once(client, authority):
    service = make_due(authority, trusted=True, name="Trusted club")
    path = make_open_link(service)[1]
    sent = client.post(
        path, {**form_of(client, path, **{"contacts-0-phone": "0117 496 0777"}), "go": "send"}, follow=True
    )
    assert "They are on the site now" in sent.content.decode()
    assert "0117 496 0777" in client.get(service.get_absolute_url()).content.decode()
    assert Service.objects.get(pk=service.pk).checked_side == CheckedBy.PROVIDER
    assert Suggestion.objects.get().state == SuggestionState.ACCEPTED


def test_trusted_provider_when_other_fields_too_then_those_wait(client, authority):
    service = make_due(authority, trusted=True)
    path = make_open_link(service)[1]
    typed = form_of(client, path, url="https://new.example.org/", name="A new name")
    client.post(path, {**typed, "go": "send"})
    held, made = Service.objects.get(pk=service.pk), Suggestion.objects.get()
    assert (held.url, held.name) == ("https://new.example.org/", "Summer Splash playscheme")
    assert (made.passed, made.open_fields, made.state) == (["url"], ["name"], SuggestionState.WAITING)
    assert held.checked_side == ""


@pytest.mark.parametrize("how", ["email", "draft", "locked"])
def test_trusted_provider_when_it_is_not_low_risk_or_others_are_at_work_then_waits(
    client, authority, admin_user, how
):
    service = make_due(authority, trusted=True)
    typed = (
        {"contacts-0-email": "new@example.org"} if how == "email" else {"contacts-0-phone": "0117 496 0777"}
    )
    if how == "draft":
        service.name = "A draft"
        service.save_revision()
    if how == "locked":
        Service.objects.filter(pk=service.pk).update(locked=True, locked_by=admin_user)
    path = make_open_link(service)[1]
    client.post(path, {**form_of(client, path, **typed), "go": "send"})
    made = Suggestion.objects.get()
    assert (made.passed, made.state) == ([], SuggestionState.WAITING)


def test_provider_address_when_anything_is_published_or_logged_then_is_nowhere(
    client, authority, admin_client
):
    service = make_due(authority)
    make_suggestion(service, waiting_time="A year")
    path = make_open_link(service)[1]
    client.post(path, {"go": "right"})
    kept = [str(row.content) for row in Revision.objects.all()]
    for model in (ModelLogEntry, Reminder, Suggestion, ReviewLink, Service):
        kept += [str(row) for row in model.objects.values()]
    kept.append(client.get(service.get_absolute_url()).content.decode())
    assert kept
    assert not [text for text in kept if ASKED_AT in text]


def test_send_when_boxes_that_are_not_on_the_form_come_too_then_passed_over(client, path, service):
    forged = {
        "live": "on", "authority": "99", "organisation": "99", "section41_approved": "on", "trusted": "on",
        "scope": "national", "commissioned_by_authority": "on", "state": "accepted", "by_role": "Director",
        "review_by": "2099-01-01", "last_checked": "2099-01-01",
    }  # fmt: skip
    given = form_of(client, path, summary="A new line.", **forged)
    client.post(path, {**given, "go": "send"})
    suggestion = Suggestion.objects.get()
    assert set(suggestion.proposed) == {"summary"}
    assert suggestion.state != SuggestionState.ACCEPTED
    kept = Service.objects.get(pk=service.pk)
    assert (kept.scope, kept.authority, kept.review_by) == (
        service.scope,
        service.authority,
        service.review_by,
    )


@pytest.mark.parametrize("name", ["\u202e", "\u200b\u200b", " \u2066\u2069 ", "—"])
def test_name_when_it_holds_nothing_that_anybody_sees_then_asked_for_again(client, path, name):
    answer = client.post(path, {**form_of(client, path, name=name), "go": "send"})
    assert "Give the name of the service" in answer.content.decode()
    assert not Suggestion.objects.exists()


def test_words_when_marks_would_turn_their_order_then_kept_without_them(client, path):
    """A number that is copied from a phone's address book brings some; a forger reverses what is read."""
    client.post(
        path, {**form_of(client, path, name="Swim \u202ebulc\u202c", summary="א\u200f ב"), "go": "send"}
    )
    assert Suggestion.objects.get().proposed == {"name": "Swim bulc", "summary": "א\u200f ב"}
