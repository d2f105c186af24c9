"""Wrong passwords lock an account for the hour, whichever form they came by; nothing says who tried."""

import re

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.password_validation import validate_password
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import PageViewRestriction

from localoffer import login, page_passwords, throttle
from localoffer.models import GuidancePage, ThrottleCount
from tests.factories import make_home, make_page, make_user

pytestmark = pytest.mark.django_db
RIGHT, WRONG = "password", "not this one"


@pytest.fixture
def officer(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # many guesses, quickly
    make_home()
    return make_user("officer", is_superuser=True)


def sign_in(password, *, place="10.0.0.1", name="officer", where="wagtailadmin_login"):
    given = {"username": name, "password": password}
    return Client(REMOTE_ADDR=place).post(reverse(where), given)


def fail(times, **about):
    for _ in range(times):
        sign_in(WRONG, **about)


def test_login_when_the_password_is_wrong_too_often_then_the_right_one_is_refused_with_words(officer):
    fail(login.MOST_FOR_ONE_FROM_ONE_PLACE - 1)
    assert sign_in(RIGHT).status_code == 302
    fail(1)
    refused = sign_in(RIGHT)
    assert refused.status_code == 200
    assert "Too many wrong passwords" in refused.content.decode()
    assert reverse("wagtailadmin_password_reset") in refused.content.decode()


def test_login_when_locked_from_one_place_then_the_officer_signs_in_from_another(officer):
    fail(login.MOST_FOR_ONE_FROM_ONE_PLACE)
    assert sign_in(RIGHT, place="10.0.0.2").status_code == 302


def test_login_when_many_guesses_come_at_one_moment_then_no_more_are_looked_at_than_in_turn(
    officer, monkeypatch
):
    looked_at = []
    real = ModelBackend.authenticate

    def slow(backend, request, username=None, password=None, **given):
        """Looking at a password takes a while: the next guess comes before it is done."""
        looked_at.append(password)
        if len(looked_at) < 30:
            authenticate(request, username=username, password=f"guess {len(looked_at)}")
        return real(backend, request, username=username, password=password, **given)

    monkeypatch.setattr(ModelBackend, "authenticate", slow)
    request = RequestFactory(REMOTE_ADDR="10.0.0.1").post("/")
    assert authenticate(request, username="officer", password=WRONG) is None
    assert len(looked_at) == login.MOST_FOR_ONE_FROM_ONE_PLACE


def test_login_when_the_password_is_right_then_it_counts_against_nobody(officer):
    for _ in range(login.MOST_FOR_ONE_FROM_ONE_PLACE + 1):
        assert sign_in(RIGHT).status_code == 302
    assert not any(ThrottleCount.objects.values_list("hits", flat=True))


def test_login_when_locked_from_one_place_then_more_guesses_from_there_do_not_lock_it_for_all(officer):
    fail(login.MOST_FOR_ONE + 5)
    assert sign_in(RIGHT, place="10.0.0.2").status_code == 302


def test_login_when_many_places_try_one_account_then_it_is_locked_for_all(officer):
    for number in range(login.MOST_FOR_ONE):
        fail(1, place=f"10.0.1.{number}")
    assert sign_in(RIGHT, place="10.0.0.9").status_code == 200


def test_login_when_one_place_tries_many_names_then_it_is_refused(officer):
    for number in range(login.MOST_FROM_ONE_PLACE):
        fail(1, name=f"nobody{number}")
    assert sign_in(RIGHT).status_code == 200
    assert sign_in(RIGHT, place="10.0.0.2").status_code == 302


def test_login_when_tried_at_the_form_for_private_pages_then_the_same_lock(officer):
    first = sign_in(WRONG, where="wagtailcore_login")
    assert first.status_code == 200, (first.status_code, first.get("Location"))
    fail(login.MOST_FOR_ONE_FROM_ONE_PLACE - 1, where="wagtailcore_login")
    assert sign_in(RIGHT).status_code == 200
    told = sign_in(RIGHT, where="wagtailcore_login").content.decode()
    assert "Too many wrong passwords" in told
    assert reverse("wagtailadmin_password_reset") in told
    assert "didn't match" not in told
    request = RequestFactory(REMOTE_ADDR="10.0.0.1").post("/")
    with pytest.raises(PermissionDenied):
        login.LockingBackend().authenticate(request, username="officer", password=RIGHT)
    assert authenticate(request, username="officer", password=RIGHT) is None


def test_login_when_the_name_is_written_in_capitals_then_counted_as_one(officer):
    for name in ("nobody", "NOBODY", "Nobody", "noBody", "NoBody"):
        fail(1, name=name)
    assert "Too many" in sign_in(RIGHT, name="nobody").content.decode()


@pytest.fixture
def posted(monkeypatch):
    """What waits for the answer to go, done by `posted()` in the thread of the test."""
    works = []
    monkeypatch.setattr(login, "do_later", works.append)

    def do():
        while works:
            works.pop()()

    return do


def test_reset_when_the_account_is_locked_then_a_new_password_ends_the_lock(officer, posted):
    fail(login.MOST_FOR_ONE_FROM_ONE_PLACE)
    client = Client(REMOTE_ADDR="10.0.0.1")
    client.post(reverse("wagtailadmin_password_reset"), {"email": officer.email})
    posted()
    link = re.search(r"https?://[^/]+(/admin/password_reset/\S+)", mail.outbox[0].body)[1]
    form = client.get(link, follow=True)
    new = "a longer and better one"
    client.post(form.request["PATH_INFO"], {"new_password1": new, "new_password2": new})
    assert sign_in(new).status_code == 302


def test_reset_when_asked_for_again_and_again_then_few_letters_and_the_same_answer(officer, posted):
    for email in [officer.email, officer.email.upper()] * 5:
        answer = Client().post(reverse("wagtailadmin_password_reset"), {"email": email})
        assert answer["Location"] == reverse("wagtailadmin_password_reset_done")
    posted()
    assert len(mail.outbox) == login.MOST_RESETS


def test_reset_when_asked_for_then_nothing_but_the_same_work_before_the_answer(officer, posted):
    """Who can ask for letters could time the answers: sending one took longest."""
    asked = {}
    for email in (officer.email, "nobody@example.org"):
        with CaptureQueriesContext(connection) as queries:
            Client().post(reverse("wagtailadmin_password_reset"), {"email": email})
        asked[email] = [query["sql"].split()[:3] for query in queries if "SAVEPOINT" not in query["sql"]]
        assert "auth_user" not in str(queries.captured_queries)
    assert asked[officer.email] == asked["nobody@example.org"]
    assert not mail.outbox
    posted()
    assert [letter.to for letter in mail.outbox] == [[officer.email]]


def test_login_when_one_household_has_many_addresses_then_they_are_one_place(officer):
    for number in range(login.MOST_FOR_ONE_FROM_ONE_PLACE):
        fail(1, place=f"2001:db8:1:2::{number:x}")
    assert sign_in(RIGHT, place="2001:db8:1:2:ffff::1").status_code == 200
    assert sign_in(RIGHT, place="2001:db8:1:3::1").status_code == 302


def test_place_when_a_proxy_adds_a_port_then_it_is_the_same_place(settings):
    settings.BEHIND_PROXY = True
    for given, place in (
        ("203.0.113.9:51234", "203.0.113.9"),
        ("1.1.1.1, 203.0.113.9", "203.0.113.9"),
        ("[2001:db8::1]:443", "2001:db8::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("unknown", "unknown"),
        ("", ""),
    ):
        request = RequestFactory(headers={"x-forwarded-for": given}).get("/")
        assert throttle.address_of(request) == place


def test_counts_when_kept_then_they_hold_no_name_and_no_address(officer):
    fail(2)
    kept = " ".join(ThrottleCount.objects.values_list("key", flat=True))
    assert kept
    assert "officer" not in kept
    assert "10.0.0.1" not in kept


def test_password_when_shorter_than_twelve_then_refused():
    person = get_user_model()(username="officer")
    with pytest.raises(ValidationError, match="12"):
        validate_password("tern-5-hill", person)
    validate_password("tern-5-hill-moss", person)


def test_private_page_when_the_password_is_given_then_it_is_read(client):
    page = make_page(GuidancePage, make_home(), title="For governors")
    shut = PageViewRestriction.objects.create(page=page, restriction_type="password", password="oak tree")
    asked = client.get(page.url)
    assert "For governors" not in re.sub(r"<title>.*?</title>", "", asked.content.decode())
    where = reverse("wagtailcore_authenticate_with_password", args=[shut.pk, page.pk])
    opened = client.post(where, {"password": "oak tree", "return_url": page.url}, follow=True)
    assert "For governors" in opened.content.decode()


def guess(rule, page, password, place="10.0.0.1", **more):
    where = reverse("wagtailcore_authenticate_with_password", args=[rule.pk, page.pk])
    return Client(REMOTE_ADDR=place).post(where, {"password": password, "return_url": page.url, **more})


def test_private_page_when_its_password_is_guessed_then_few_guesses_from_one_place():
    page = make_page(GuidancePage, make_home(), title="For governors")
    rule = PageViewRestriction.objects.create(page=page, restriction_type="password", password="oak tree")
    for _ in range(page_passwords.MOST_FROM_ONE_PLACE):
        assert guess(rule, page, "elm").status_code == 200
    assert guess(rule, page, "oak tree").status_code == 429
    assert guess(rule, page, "oak tree", place="10.0.0.2").status_code == 302


def test_private_page_when_guesses_come_at_one_moment_then_no_more_are_looked_at(monkeypatch):
    page = make_page(GuidancePage, make_home(), title="For governors")
    rule = PageViewRestriction.objects.create(page=page, restriction_type="password", password="oak tree")
    monkeypatch.setattr(page_passwords, "MOST_FROM_ONE_PLACE", 3)
    looked_at = []
    real = page_passwords.wagtail_views.authenticate_with_password

    def slow(*args):
        looked_at.append(1)
        if len(looked_at) < 6:
            guess(rule, page, "elm")
        return real(*args)

    monkeypatch.setattr(page_passwords.wagtail_views, "authenticate_with_password", slow)
    guess(rule, page, "elm")
    assert len(looked_at) == 3


def test_documents_when_no_password_guards_them_then_not_there_and_nothing_is_counted(client):
    make_home()
    for number in (1, 10**30):
        where = reverse("wagtaildocs_authenticate_with_password", args=[number])
        assert client.post(where, {"password": "elm", "return_url": "/"}).status_code == 404
    assert not ThrottleCount.objects.exists()


def test_private_page_when_its_password_form_is_asked_for_with_another_page_then_not_there(client):
    home = make_home()
    page = make_page(GuidancePage, home, title="For governors")
    rule = PageViewRestriction.objects.create(page=page, restriction_type="password", password="oak tree")
    draft = make_page(GuidancePage, home, title="Closing a school", live=False)
    theirs = make_page(GuidancePage, make_home("Otherton Council", "otherton.example"), title="Theirs")
    for other in (draft, theirs, home):
        where = reverse("wagtailcore_authenticate_with_password", args=[rule.pk, other.pk])
        told = client.get(where)
        assert told.status_code == 404
        assert other.title not in told.content.decode() or other == home
    assert guess(rule, page, "oak tree", return_url="no address").status_code == 400
    assert guess(rule, page, "oak tree", return_url="//evil.example/")["Location"] == "/"


@pytest.mark.parametrize(
    "key", ['"abcdefgh\\000ij"', "\u00e9" * 8, "a" * 3000, "../../etc/passwd", "' OR 1=1"]
)
def test_login_when_the_cookie_is_no_key_of_ours_then_the_page_to_sign_in_and_nothing_is_looked_up(
    officer, key
):
    """PostgreSQL refuses a NUL, which a cookie can hold."""
    with CaptureQueriesContext(connection) as queries:
        answer = Client().get("/admin/login/", headers={"Cookie": f"sessionid={key}"})
    assert answer.status_code == 200
    if key.isalnum() and key.isascii():
        return
    assert "django_session" not in str(queries.captured_queries)
