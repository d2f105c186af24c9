"""Asking for a page in another form: any input, what is kept, who follows it, when it is forgotten."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from localoffer import format_views, throttle
from localoffer.enums import Format, RequestStatus
from localoffer.format_requests import FORGOTTEN, MOVED, RECEIVED, purge, receive
from localoffer.forms import FormatRequestForm
from localoffer.founding import make_groups
from localoffer.models import AlternativeFormatsPage, FormatRequest, FormatRequestContact
from tests.factories import make_authority, make_home, make_page, make_user

PATH = "/other-formats/"
WRONG_EMAIL = "Enter an email address such as name@example.org, or leave it empty"
GOOD = {"page_wanted": "Getting there", "format": "paper", "name": "Ann Lee", "address": "1 Quay\nAvonmere"}


@pytest.fixture
def page(db):
    return make_page(AlternativeFormatsPage, make_home())


def errors_of(**fields):
    form = FormatRequestForm({**GOOD, **fields})
    form.is_valid()
    return {name: str(found[0]) for name, found in form.errors.items()}


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, {}),
        ({"page_wanted": ""}, {"page_wanted": "Tell us which page you want"}),
        (
            {"page_wanted": "x" * 301},
            {"page_wanted": "Use 300 characters or fewer to tell us which page you want"},
        ),
        ({"format": ""}, {"format": "Choose how you want it"}),
        ({"format": "papyrus"}, {"format": "Choose how you want it from the list"}),
        ({"format": "language"}, {"language": "Tell us which language you want"}),
        ({"format": "language", "language": "Polish"}, {}),
        ({"format": "large_print", "language": "Polish"}, {}),
        ({"name": ""}, {"name": "Give a name for the envelope"}),
        ({"name": "", "address": "", "phone": "0117 496 0100"}, {}),
        ({"email": "nonsense"}, {"email": WRONG_EMAIL}),
        ({"address": "", "email": "nonsense"}, {"email": WRONG_EMAIL}),
        ({"phone": "ring me"}, {"phone": "Enter a phone number such as 0117 496 0000, or leave it empty"}),
        ({"phone": "+++++++"}, {"phone": "Enter a phone number such as 0117 496 0000, or leave it empty"}),
        ({"page_wanted": "\x00\x07"}, {"page_wanted": "Tell us which page you want"}),
    ],
)
def test_form_when_filled_in_then_says_what_is_wrong_and_no_more(fields, wrong):
    assert errors_of(**fields) == wrong


def test_form_when_there_is_no_way_to_reach_a_person_then_says_which_there_are():
    assert errors_of(address="", name="") == {
        "address": "Give a postal address, an email address or a phone number, so that we can reach you"
    }


@given(st.dictionaries(st.sampled_from([*GOOD, "email", "phone", "language", "website", "x"]), st.text()))
def test_form_when_anything_is_typed_then_an_answer_or_a_message(data):
    form = FormatRequestForm(data)
    assert form.is_valid() or all(str(message) for found in form.errors.values() for message in found)


def test_request_when_sent_then_kept_once_with_the_person_apart(client, page):
    for _ in range(2):
        response = client.post(PATH, GOOD)
        assert response.status_code == 302
        assert response["Location"] == f"{PATH}?asked=1"
    request = FormatRequest.objects.get()
    assert (request.page_wanted, request.format, request.status) == ("Getting there", "paper", "new")
    assert FormatRequestContact.objects.get().request == request
    stored = " ".join(str(value) for value in FormatRequest.objects.values().get().values())
    assert "Ann" not in stored
    assert "Quay" not in stored
    thanks = client.get(f"{PATH}?asked=1").content.decode()
    assert "We have your request" in thanks
    assert "<form" not in thanks.split("<main")[1]


def test_request_when_something_else_is_asked_then_kept_too(client, page):
    client.post(PATH, GOOD)
    client.post(PATH, {**GOOD, "format": "audio"})
    assert FormatRequest.objects.count() == 2


def test_request_when_wrong_then_summary_links_to_the_field_and_words_stay(client, page):
    data = {**GOOD, "format": "", "name": "", "page_wanted": "<script>x</script>"}
    response = client.post(PATH, data)
    html = response.content.decode()
    assert response.status_code == 200
    assert "<title>Error: " in html
    links = re.findall(r'<a href="#(id_[\w]+)">([^<]+)</a>', html)
    assert links == [("id_format_0", "Choose how you want it"), ("id_name", "Give a name for the envelope")]
    assert all(f'id="{anchor}"' in html for anchor, _ in links)
    assert "&lt;script&gt;x&lt;/script&gt;" in html
    assert "1 Quay\nAvonmere</textarea>" in html
    assert not FormatRequest.objects.exists()


def test_request_when_a_robot_fills_every_box_then_nothing_is_kept_and_a_person_can_mend_it(client, page):
    html = client.post(PATH, {**GOOD, "website": "https://spam.example"}).content.decode()
    assert "Empty the box called" in html
    assert "<div hidden>" not in html.split("Leave this empty")[-2]
    assert not FormatRequest.objects.exists()


def test_trap_when_nobody_fell_in_then_hidden(client, page):
    html = client.get(PATH).content.decode()
    assert re.search(
        r"<div hidden>\s*<div class=\"field\">\s*<label class=\"label\" for=\"id_website\">", html
    )


def test_request_when_the_token_is_missing_then_refused_with_the_words(page):
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(PATH, GOOD)
    assert response.status_code == 403
    assert b"Getting there" in response.content
    assert not FormatRequest.objects.exists()


def test_request_when_one_source_sends_very_many_then_told_to_wait(client, page, monkeypatch):
    monkeypatch.setattr(format_views, "HOURLY_LIMIT", 2)
    for number in range(2):
        assert client.post(PATH, {**GOOD, "page_wanted": f"Page {number}"}).status_code == 302
    response = client.post(PATH, GOOD)
    assert response.status_code == 429
    assert b"Getting there" in response.content
    assert FormatRequest.objects.count() == 2
    assert client.post(PATH, GOOD, REMOTE_ADDR="10.9.8.7").status_code == 302


def test_request_when_the_database_fails_then_says_so_and_keeps_the_words(client, page, monkeypatch):
    def fail(**kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(format_views, "receive", fail)
    response = client.post(PATH, GOOD)
    assert response.status_code == 503
    assert b"Nothing was sent" in response.content
    assert b"Getting there" in response.content


def test_page_when_a_link_names_a_page_then_it_is_filled_in_and_escaped(client, page):
    html = client.get(PATH, {"page": 'Getting "there" <b>' + "x" * 400}).content.decode()
    assert 'value="Getting &quot;there&quot; &lt;b&gt;xxx' in html
    assert client.get(PATH, {"page": "\x00"}).status_code == 200


@pytest.mark.parametrize("method", ["get", "post"])
def test_page_when_it_holds_a_form_then_nobody_may_keep_it(client, page, method):
    assert "no-store" in getattr(client, method)(PATH)["Cache-Control"]


def test_page_when_read_then_few_queries(client, page, django_assert_max_num_queries):
    client.get(PATH)
    with django_assert_max_num_queries(12):
        client.get(PATH)


@pytest.mark.django_db
def test_source_when_behind_a_proxy_then_the_last_address_counts(rf, settings):
    settings.BEHIND_PROXY = True
    one = rf.get("/", headers={"x-forwarded-for": "6.6.6.6, 10.0.0.1"})
    two = rf.get("/", headers={"x-forwarded-for": "7.7.7.7, 10.0.0.1"})
    assert [throttle.is_flood(r, name="x", hourly=1) for r in (one, two)] == [False, True]


# -- staff ------------------------------------------------------------------------------------


@pytest.fixture
def officer(client, page):
    make_groups()
    client.force_login(make_user("officer", groups=["Council editor"]))
    return client


def received(**answers):
    return receive(authority=make_authority(), answers={**GOOD, **answers})


def edit(client, request, **fields):
    contact = request.contacts.first()
    data = {
        "authority": request.authority_id,
        "page_wanted": request.page_wanted,
        "format": request.format,
        "language": "",
        "status": "new",
        "sent_on": "",
        "note": "",
        "contacts": inline_formset(
            [{"id": contact.pk, "name": contact.name, "address": contact.address, "email": "", "phone": ""}],
            initial=1,
        ),
        **fields,
    }
    address = reverse("wagtailsnippets_localoffer_formatrequest:edit", args=[request.pk])
    return client.post(address, nested_form_data(data))


def test_list_when_staff_open_it_then_names_nobody_and_filters_by_status(officer):
    received()
    done = received(format="audio")
    FormatRequest.objects.filter(pk=done.pk).update(status=RequestStatus.SENT)
    address = reverse("wagtailsnippets_localoffer_formatrequest:list")
    html = officer.get(address).content.decode()
    assert "Getting there" in html
    assert "Audio, to listen to" in html
    assert "Ann Lee" not in html
    html = officer.get(address, {"status": "new"}).content.decode()
    assert "Audio, to listen to" not in html.split("<table")[1].split("</table")[0]
    assert "1 request for another format" in officer.get("/admin/").content.decode()


def test_request_when_staff_mark_it_sent_then_dated_and_in_its_history(officer):
    request = received()
    assert edit(officer, request, status="sent").status_code == 302
    request.refresh_from_db()
    assert (request.status, request.sent_on) == (RequestStatus.SENT, timezone.localdate())
    edit(officer, request, status="sent", note="Posted")
    moves = ModelLogEntry.objects.for_instance(request).filter(action=MOVED)
    assert [(move.user.username, move.message) for move in moves] == [
        ("officer", "Went from “New” to “Sent”")
    ]
    history = officer.get(reverse("wagtailsnippets_localoffer_formatrequest:history", args=[request.pk]))
    assert "Went from “New” to “Sent”" in history.content.decode()
    assert "Asked for on the website" in history.content.decode()


def test_history_when_read_then_holds_nothing_about_the_person(officer):
    request = received()
    edit(officer, request, status="closed")
    kept = " ".join(f"{e.label} {e.data}" for e in ModelLogEntry.objects.for_instance(request))
    assert "Ann" not in kept
    assert "Quay" not in kept


def test_request_when_someone_rings_then_staff_add_it(officer):
    address = reverse("wagtailsnippets_localoffer_formatrequest:add")
    data = {
        "authority": make_authority().pk,
        "page_wanted": "Health",
        "format": "large_print",
        "status": "new",
        "contacts": inline_formset([{"name": "Bo", "address": "2 Quay", "email": "", "phone": ""}]),
    }
    assert officer.post(address, nested_form_data(data)).status_code == 302
    assert FormatRequest.objects.get().contacts.get().name == "Bo"


@pytest.mark.parametrize("group", ["Viewer", "Forum editor", "Comment moderator"])
def test_request_when_others_ask_then_not_shown(client, page, group):
    make_groups()
    request = received()
    client.force_login(make_user("other", groups=[group]))
    address = reverse("wagtailsnippets_localoffer_formatrequest:edit", args=[request.pk])
    assert b"Ann Lee" not in client.get(address).content
    assert b"request for another format" not in client.get("/admin/").content


# -- forgetting -------------------------------------------------------------------------------


def aged(days, status=RequestStatus.NEW, changed=None, **answers):
    request = received(**answers)
    then = timezone.now() - timedelta(days=days)
    changed = then if changed is None else timezone.now() - timedelta(days=changed)
    FormatRequest.objects.filter(pk=request.pk).update(status=status, asked_at=then, changed_at=changed)
    return request


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "status", "changed", "goes"),
    [
        (89, RequestStatus.SENT, None, False),
        (91, RequestStatus.SENT, None, True),
        (91, RequestStatus.CLOSED, None, True),
        (200, RequestStatus.SENT, 10, False),
        (91, RequestStatus.NEW, None, False),
        (366, RequestStatus.NEW, None, True),
        (366, RequestStatus.SENT, 1, True),
    ],
)
def test_contact_when_old_enough_then_deleted_and_the_request_stays(days, status, changed, goes):
    request = aged(days, status, changed)
    purged = purge()
    assert purged.contacts == int(goes)
    assert purged.unanswered == int(goes and status == RequestStatus.NEW)
    assert request.contacts.exists() is not goes
    assert FormatRequest.objects.count() == 1
    logged = ModelLogEntry.objects.for_instance(request).values_list("action", flat=True)
    assert (FORGOTTEN in logged) is goes
    assert RECEIVED in logged


@pytest.mark.django_db
def test_purge_when_repeated_then_nothing_more_and_a_new_request_is_taken():
    aged(100, RequestStatus.SENT)
    assert purge().contacts == 1
    assert purge().contacts == 0
    assert FormatRequest.objects.get().submission_key == ""
    received()
    assert FormatRequest.objects.count() == 2


@pytest.mark.django_db
def test_purge_command_when_run_then_says_what_it_did():
    aged(100, RequestStatus.SENT)
    aged(400, format="audio")
    out, err = StringIO(), StringIO()
    call_command("purge_format_requests", stdout=out, stderr=err)
    assert "contact details of 2 deleted" in out.getvalue()
    assert "1 of them had never been sent" in err.getvalue()
    with pytest.raises(CommandError, match="below zero"):
        call_command("purge_format_requests", days=-1)


@pytest.mark.django_db
def test_purge_when_days_are_given_then_used():
    aged(10, RequestStatus.SENT)
    call_command("purge_format_requests", days=9, stdout=StringIO())
    assert not FormatRequestContact.objects.exists()


@pytest.mark.django_db
def test_request_when_another_authority_is_asked_then_apart():
    other = make_authority("Heather Council", "heather.test")
    received()
    receive(authority=other, answers=GOOD)
    assert FormatRequest.objects.of(other).waiting().count() == 1
    assert set(Format.values) >= {FormatRequest.objects.of(other).get().format}


def test_request_when_boxes_that_are_not_on_the_form_are_sent_too_then_they_are_passed_over(page, client):
    other = make_authority("Otherton", "otherton.example")
    forged = {"status": "sent", "sent_on": "2020-01-01", "authority": other.pk, "note": "Forged", "pk": "7"}
    client.post(PATH, {**GOOD, **forged})
    kept = FormatRequest.objects.get()
    assert (kept.status, kept.sent_on, kept.note) == ("new", None, "")
    assert kept.authority != other
