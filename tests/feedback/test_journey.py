"""The comment form as a family meets it: without account, script, session or lost words."""

from datetime import timedelta
from html import escape

import pytest
from bs4 import BeautifulSoup
from django.core import mail, signing
from django.core.cache import cache
from django.db import DatabaseError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from wagtail.models import Page, PageViewRestriction

from feedback import submission
from feedback.enums import Consent, Role, Topic
from feedback.forms import MAX_LENGTH
from feedback.models import Comment, CommentContact
from localoffer.models import ThrottleCount
from localoffer.plain_text import plain
from localoffer.regulations import Section, for_section
from tests.factories import make_offer, make_service

pytestmark = pytest.mark.django_db
FORM = "/have-your-say/"
WORDS = "The bus page is old.\n\nPlease say <b>plainly</b> what stops & what carries on."
ANSWERS = {
    "role": Role.PARENT_CARER,
    "topic": Topic.CONTENT_QUALITY,
    "text": WORDS,
    "consent": Consent.PUBLISH,
    "email": "",
    "phone": "",
}


@pytest.fixture(autouse=True)
def _site(authority):
    """Every page needs an authority."""


def page_of(response):
    return BeautifulSoup(response.content, "html.parser")


def carried(page):
    """What the form on a page would send, but for its buttons."""
    form = page.select_one("main form")
    sent = {}
    for box in form.select("input, textarea"):
        if box.get("type") in ("radio", "checkbox") and not box.has_attr("checked"):
            continue
        # HTML drops the first line end inside a textarea.
        text = box.get_text().removeprefix("\n") if box.name == "textarea" else box.get("value", "")
        sent[box["name"]] = text
    return sent


def press(client, page, go="next", **typed):
    response = client.post(FORM, {**carried(page), **typed, "go": go})
    return response, page_of(response)


def fill_in(client, address=FORM, **typed):
    """Walk the whole form to the last page."""
    answers = {**ANSWERS, **typed}
    page = page_of(client.get(address))
    for names in (["role"], ["topic"], ["text"], ["consent"], ["email", "phone"]):
        _, page = press(client, page, **{name: answers[name] for name in names})
    return page


def sendable(**change):
    return {**ANSWERS, "token": submission.new_token(), "step": "check", "go": "send", **change}


# -- the whole way ------------------------------------------------------------------


def test_journey_when_all_is_answered_then_kept_once_with_a_number(client):
    page = fill_in(client, email="me@example.org")
    assert page.h1.get_text() == "Check what you have written"
    assert "<b>plainly</b>" not in str(page.find("dl"))
    response, _ = press(client, page, "send")
    assert response.status_code == 302
    thanks = page_of(client.get(response.url))
    comment = Comment.objects.get()
    assert comment.original == WORDS
    assert comment.contact.email == "me@example.org"
    assert comment.reference in thanks.get_text()
    status = client.get(comment.get_absolute_url())
    assert "We have your comment" in status.content.decode()
    assert "carries on" not in status.content.decode()
    assert mail.outbox == []


def test_journey_when_each_page_is_shown_then_one_h1_a_title_and_never_stored(client):
    page, titles = page_of(client.get(FORM)), []
    for names in (["role"], ["topic"], ["text"], ["consent"], ["email", "phone"]):
        response, page = press(client, page, **{name: ANSWERS[name] for name in names})
        assert "no-store" in response["Cache-Control"]
        assert len(page.select("h1")) == 1
        titles.append(page.title.get_text())
    assert len(set(titles)) == 5
    assert not any(title.startswith("Error:") for title in titles)


def test_journey_when_going_back_then_every_answer_is_still_there(client):
    page = fill_in(client)
    seen = []
    for _ in range(5):
        _, page = press(client, page, "back")
        seen.append(page.h1.get_text(strip=True))
    assert seen[-1] == "Have your say"
    assert carried(page)["role"] == Role.PARENT_CARER
    assert carried(page)["text"] == WORDS


def test_journey_when_text_is_half_written_and_back_is_pressed_then_it_is_kept(client):
    page = page_of(client.get(FORM))
    _, page = press(client, page, role=Role.YOUNG_PERSON)
    _, page = press(client, page, topic=Topic.OTHER)
    _, page = press(client, page, "back", text="half a thou")
    _, page = press(client, page)
    assert page.textarea.get_text().removeprefix("\n") == "half a thou"


def test_journey_when_change_is_pressed_then_straight_back_to_the_check(client):
    page = fill_in(client)
    _, page = press(client, page, "change-consent")
    assert "May we show" in page.h1.get_text()
    _, page = press(client, page, consent=Consent.SUMMARY)
    assert page.h1.get_text() == "Check what you have written"
    assert carried(page)["consent"] == Consent.SUMMARY
    assert carried(page)["text"] == WORDS


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"role": ""}, "Choose who you are"),
        ({"role": "wizard"}, "Choose who you are from the list"),
        ({"topic": ""}, "Choose what your comment is about"),
        ({"text": "  \n "}, "Write what you want to tell us"),
        ({"text": "\u200e\u200f\u202e"}, "Write what you want to tell us"),
        ({"consent": ""}, "Choose if we may show your comment"),
        ({"consent": "do_as_you_like"}, "Choose if we may show your comment from the list"),
        ({"email": "me at home"}, "Enter an email address such as name@example.org"),
        ({"email": "a" * 300 + "@example.org"}, "This email address is too long"),
        ({"phone": "ring me"}, "Enter a phone number such as 0117 496 0000"),
    ],
)
def test_send_when_an_answer_is_wrong_then_said_at_the_field_and_nothing_kept(client, wrong, message):
    response = client.post(FORM, sendable(**wrong))
    page = page_of(response)
    assert response.status_code == 200
    assert page.title.get_text().startswith("Error:")
    link = page.select_one(".error-summary a")
    assert message in link.get_text()
    assert page.select_one(link["href"]) is not None
    assert message in page.select_one(".field--error .error").get_text()
    assert not Comment.objects.exists()
    if "text" not in wrong:
        assert carried(page)["text"] == WORDS


def test_send_when_20000_characters_then_refused_kindly_and_all_kept_in_the_form(client):
    long = "Words that matter. " * 1053
    response = client.post(FORM, sendable(text=long[:20_000], step="text", go="next"))
    page = page_of(response)
    assert page.textarea.get_text().removeprefix("\n") == long[:20_000]
    assert "The most we can take is 5,000" in page.select_one(".error").get_text()
    assert not Comment.objects.exists()


def test_send_when_exactly_the_most_then_taken(client):
    client.post(FORM, sendable(text="é" * MAX_LENGTH))
    assert Comment.objects.get().original == "é" * MAX_LENGTH


# -- once, and by people ------------------------------------------------------------


def test_send_when_sent_twice_then_one_comment_and_the_same_number(client):
    form = sendable(email="me@example.org")
    first, second = client.post(FORM, form), client.post(FORM, form)
    assert Comment.objects.count() == CommentContact.objects.count() == 1
    numbers = {submission.unseal(r.url.split("/")[-2]) for r in (first, second)}
    assert numbers == {Comment.objects.get().reference}


def test_send_when_changed_after_sending_then_the_new_words_are_kept_too(client):
    form = sendable()
    client.post(FORM, form)
    client.post(FORM, {**form, "text": "One more thing."})
    assert set(Comment.objects.values_list("original", flat=True)) == {WORDS, "One more thing."}


@pytest.mark.parametrize(
    "token",
    ["", "forged", signing.dumps("x", salt="other"), "a:b:c", "\x00", "é" * 3000],
    ids=["none", "forged", "of_another_form", "colons", "nul", "long"],  # the third tells the time
)
def test_send_when_the_token_is_forged_then_shown_back_and_a_second_press_works(client, token):
    page = page_of(client.post(FORM, sendable(token=token)))
    assert not Comment.objects.exists()
    assert carried(page)["text"] == WORDS
    assert page.select_one(".error-summary") is not None
    press(client, page, "send")
    assert Comment.objects.count() == 1


def test_send_when_the_form_was_open_for_two_days_then_shown_back_to_send_again(client, monkeypatch):
    monkeypatch.setattr(submission, "TOKEN_LIFE", timedelta(seconds=-1))
    page = page_of(client.post(FORM, sendable()))
    assert "more than a day" in page.select_one(".error-summary").get_text()
    monkeypatch.undo()
    press(client, page, "send")
    assert Comment.objects.count() == 1


def test_send_when_the_trap_is_filled_then_not_kept_but_a_person_can_empty_it(client):
    page = page_of(client.post(FORM, sendable(website="https://spam.example")))
    assert not Comment.objects.exists()
    trap = page.select_one("#website")
    assert trap.find_parent("div", hidden=True) is None
    assert carried(page)["text"] == WORDS
    press(client, page, "send", website="")
    assert Comment.objects.count() == 1


def test_form_when_nothing_filled_the_trap_then_it_is_hidden(client):
    assert page_of(client.get(FORM)).select_one("#website").find_parent("div", hidden=True) is not None


def test_send_when_one_source_floods_then_stopped_with_the_words_shown(client, settings):
    settings.COMMENTS_AN_HOUR_FROM_ONE_PLACE = 3
    for number in range(3):
        client.post(FORM, sendable(text=f"Comment {number}"))
    response = client.post(FORM, sendable(text="The fourth"))
    assert response.status_code == 429
    assert "The fourth" in response.content.decode()
    assert Comment.objects.count() == 3
    client.post(FORM, sendable(text="From elsewhere"), REMOTE_ADDR="203.0.113.9")
    assert Comment.objects.count() == 4


def test_flood_when_behind_a_proxy_then_the_last_hop_tells_the_source(rf, settings):
    settings.COMMENTS_AN_HOUR_FROM_ONE_PLACE = 1
    settings.BEHIND_PROXY = True

    def flood(forwarded):
        return submission.is_flood(rf.post(FORM, HTTP_X_FORWARDED_FOR=forwarded))

    assert [flood("forged, 203.0.113.1"), flood("other, 203.0.113.1"), flood("203.0.113.2")] == [
        False,
        True,
        False,
    ]


def test_flood_when_a_thousand_places_send_then_stopped_with_the_words_shown(client, settings):
    settings.COMMENTS_AN_HOUR = 5
    answers = [
        client.post(FORM, sendable(text=f"Comment {n}"), REMOTE_ADDR=f"203.0.113.{n}") for n in range(7)
    ]
    assert [r.status_code for r in answers] == [302] * 5 + [429] * 2
    assert "Comment 6" in answers[-1].content.decode()
    assert Comment.objects.count() == 5


def test_flood_when_another_worker_counts_then_it_is_one_count(client, settings):
    settings.COMMENTS_AN_HOUR_FROM_ONE_PLACE = 1
    client.post(FORM, sendable())
    cache.clear()  # what a worker remembers by itself is not what is counted
    assert client.post(FORM, sendable(text="More")).status_code == 429


def test_flood_when_counted_then_no_address_is_kept_and_the_old_is_forgotten(client):
    old = timezone.now() - timedelta(hours=3)
    ThrottleCount.objects.create(key="comment:old", made_at=old)
    client.post(FORM, sendable(), REMOTE_ADDR="203.0.113.77")
    rows = [*Comment.objects.values(), *ThrottleCount.objects.values()]
    assert ThrottleCount.objects.count() == 2
    assert not ThrottleCount.objects.filter(made_at=old).exists()
    assert not any("203.0.113" in str(value) for row in rows for value in row.values())


def test_send_when_the_database_fails_then_the_words_are_shown_to_copy(client, monkeypatch):
    def fail(**kwargs):
        raise DatabaseError("disk is full")

    monkeypatch.setattr("feedback.moderation.receive", fail)
    response = client.post(FORM, sendable())
    assert response.status_code == 503
    assert "what carries on" in response.content.decode()


# -- forgery, cookies -----------------------------------------------------------------


def test_post_when_the_csrf_token_is_forged_then_403_with_the_words_shown(db):
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(FORM, sendable())
    assert response.status_code == 403
    assert escape("what stops & what") in response.content.decode()
    assert not Comment.objects.exists()


def test_post_when_the_csrf_token_is_ours_then_taken(db):
    strict = Client(enforce_csrf_checks=True)
    page = fill_in(strict)
    press(strict, page, "send")
    assert Comment.objects.count() == 1


def test_pages_when_only_read_then_no_cookie(client):
    for address in (reverse("feedback:log"), reverse("feedback:follow")):
        assert not client.get(address).cookies
    assert set(client.get(FORM).cookies) == {"csrftoken"}


def test_form_when_another_method_then_405(client):
    assert client.put(FORM).status_code == 405
    assert client.delete(FORM).status_code == 405


# -- what it is about -----------------------------------------------------------------


def test_about_when_it_is_a_service_then_title_and_section_are_looked_up(client):
    service = make_service(name="Foxglove Centre")
    page = fill_in(client, f"{FORM}?about={service.get_absolute_url()}&title=Forged")
    assert "Foxglove Centre" in page.get_text()
    assert "Forged" not in page.get_text()
    press(client, page, "send")
    comment = Comment.objects.get()
    assert (comment.about_service, comment.about_title, comment.section) == (
        service,
        "Foxglove Centre",
        service.section,
    )
    url = comment.about_url
    service.delete()
    comment.refresh_from_db()
    assert (comment.about_service, comment.about_title, comment.about_url) == (None, "Foxglove Centre", url)


def test_about_when_it_is_an_answer_on_a_page_then_the_question_is_named(client):
    make_offer()
    requirement = for_section(Section.TRANSPORT)[0]
    page = fill_in(client, f"{FORM}?about=/transport/%23{requirement.anchor}")
    press(client, page, "send")
    comment = Comment.objects.get()
    assert comment.about_title == f"Transport: {requirement.question}"
    assert comment.about_url == f"/transport/#{requirement.anchor}"
    assert comment.section == Section.TRANSPORT


@pytest.mark.parametrize(
    "address",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/no/such/page/",
        "javascript:alert(1)",
        "/admin/",
        "/services/999999/nothing/",
        "/\x00nothing",
        "\u202e/moc.live//",
        "/" + "a" * 5000,
        "?",
        "#x",
    ],
)
def test_about_when_it_is_nothing_of_ours_then_left_out(client, address):
    page = page_of(client.get(FORM, {"about": address}))
    assert "Your comment is about" not in page.get_text()
    client.post(FORM, sendable(about=address))
    assert Comment.objects.get().about_url == ""


def test_about_when_the_service_is_a_draft_then_its_name_is_not_told(client):
    draft = make_service(name="Not yet announced", live=False)
    response = client.get(FORM, {"about": draft.get_absolute_url()})
    assert "Not yet announced" not in response.content.decode()


def test_about_when_a_page_is_private_then_its_title_is_not_told(client):
    make_offer()
    page = Page.objects.get(slug="transport")
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    assert "Your comment is about" not in client.get(FORM, {"about": "/transport/"}).content.decode()


def test_about_when_removed_on_the_check_page_then_left_out(client):
    service = make_service(name="Foxglove Centre")
    page = fill_in(client, f"{FORM}?about={service.get_absolute_url()}")
    _, page = press(client, page, "forget")
    press(client, page, "send")
    assert Comment.objects.get().about_title == ""


def test_topic_when_given_in_the_address_then_chosen_and_only_if_ours(client):
    for given_topic, kept in (("missing", "missing"), ("nonsense", "")):
        page = page_of(client.get(FORM, {"topic": given_topic}))
        assert carried(page)["topic"] == kept


# -- the thank-you page, the number ----------------------------------------------------


@pytest.mark.parametrize("seal", ["nonsense", "a:b:c", "IkhZUy0i:1:2"])
def test_sent_when_the_seal_is_not_ours_then_404(client, seal):
    assert client.get(reverse("feedback:sent", args=[seal])).status_code == 404


def test_follow_when_typed_untidily_then_led_to_the_comment(client):
    client.post(FORM, sendable())
    reference = Comment.objects.get().reference
    response = client.get(
        reverse("feedback:follow"), {"reference": f" {reference.lower().replace('-', ' ')} "}
    )
    assert response.url == reverse("feedback:log_entry", args=[reference])
    assert client.get(reverse("feedback:follow"), {"reference": "<script>"}).status_code == 404
    assert client.get(reverse("feedback:follow")).status_code == 200


# -- anything that anybody types -------------------------------------------------------

anything = st.text(st.characters(exclude_categories=["Cs"]), max_size=400)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=anything, email=anything, role=anything, about=anything, step=anything, go=anything)
@example(text="\n\nfirst lines", email="", role="parent_carer", about="", step="text", go="back")
@example(text="</textarea><script>x</script>", email="'\"", role="", about="//", step="check", go="send")
@example(text="\x00\x07nul", email="\r\n", role="\x00", about="\x00", step="\x00", go="change-text")
def test_form_when_anything_is_typed_then_never_an_error_and_it_comes_back(
    client, text, email, role, about, step, go
):
    sent = {"text": text, "email": email, "role": role, "about": about, "step": step, "go": go}
    response = client.post(FORM, sent)
    assert response.status_code == 200
    page = page_of(response)
    if page.h1.get_text() == "Check what you have written":
        assert page.select_one("[name=text]")["value"] == plain(text)
    else:
        assert carried(page)["text"].replace("\r\n", "\n") == plain(text)
    assert not page.select("main script")
    assert not Comment.objects.exists()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=anything)
def test_send_when_anything_is_written_then_kept_as_it_was_or_refused_kindly(client, text):
    before = Comment.objects.count()
    response = client.post(FORM, sendable(text=text), REMOTE_ADDR="")
    assert response.status_code in (200, 302)
    if response.status_code == 302:
        assert Comment.objects.count() == before + 1
        assert Comment.objects.order_by("pk").last().original == plain(text).strip()
    else:
        assert Comment.objects.count() == before
        assert carried(page_of(response))["text"] == plain(text)


def test_send_when_sooner_than_a_person_writes_then_kept_and_the_sign_recorded(client, monkeypatch):
    token = submission.new_token()
    assert submission.read_token(token).is_hasty
    client.post(FORM, {**ANSWERS, "token": token, "go": "send"})
    assert Comment.objects.get().events.get().details.get("hasty")
    monkeypatch.setattr(submission, "LEAST_SECONDS", -1)
    slow = submission.read_token(token)
    assert slow.is_fresh
    assert not slow.is_hasty
    client.post(FORM, {**ANSWERS, "text": "Written slowly", "token": token, "go": "send"})
    assert "hasty" not in Comment.objects.get(original="Written slowly").events.get().details


def test_young_form_when_shown_then_its_words_are_for_the_young_person(client):
    page = client.get("/have-your-say/young-people/").content.decode()
    assert "your own help?" in page
    assert "your own child" not in page
