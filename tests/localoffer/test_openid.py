"""Sign-on by OpenID Connect: known people come in, and no token that is not for them and from there."""

import time
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from django.contrib.auth import authenticate, get_user, get_user_model
from django.test import Client, RequestFactory
from django.urls import reverse

from localoffer import openid
from tests.factories import make_home, make_user

pytestmark = pytest.mark.django_db
ISSUER, CLIENT = "https://login.example.org", "local-offer"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
OTHER_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


class AsRequest:
    def __init__(self, session):
        self.session = session


class Answer:
    status_code, headers, text, url = 200, {"content-type": "application/json"}, "", ISSUER

    def __init__(self, told):
        self.told = told

    def raise_for_status(self):
        pass

    def json(self):
        return self.told


class Provider:
    """What a provider says; a test changes `token`, `claims`, `signed_by` or `about`."""

    def __init__(self):
        self.token, self.claims, self.about, self.signed_by = {}, {}, {}, KEY
        self.asked, self.names_key = {}, {"kid": "1"}
        self.down, self.answers, self.times = False, {}, 0

    def get(self, url, **given):
        self.times += 1
        if self.down:
            raise requests.ConnectionError
        name = url.rpartition("/")[2]
        if name in self.answers:
            return Answer(self.answers[name])
        if url.endswith("/openid-configuration"):
            names = ("authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint")
            return Answer({"issuer": ISSUER, **{name: f"{ISSUER}/{name}" for name in names}, **self.about})
        if url.endswith("/jwks_uri"):
            return Answer(
                {"keys": [{**jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), True), "kid": "1"}]}
            )
        return Answer({"sub": "7", "email": "Officer@Example.org", **self.claims})

    def post(self, url, data, **given):
        self.asked = data
        if "token_endpoint" in self.answers:
            return Answer(self.answers["token_endpoint"])
        now = int(time.time())
        told = {"iss": ISSUER, "aud": CLIENT, "sub": "7", "iat": now, "exp": now + 60, "nonce": self.nonce}
        told = {name: value for name, value in {**told, **self.token}.items() if value is not None}
        return Answer(
            {
                "access_token": "a",
                "id_token": jwt.encode(told, self.signed_by, algorithm="RS256", headers=self.names_key),
            }
        )

    def sign_in(self, client=None, after="", **changed):
        client = client or Client()
        start = client.get(reverse("sign_on"), {"next": after} if after else {})
        sent = {name: each[0] for name, each in parse_qs(urlsplit(start["Location"]).query).items()}
        self.nonce, self.sent = sent["nonce"], sent
        given = {"code": "c", "state": sent["state"], **changed}
        return client, client.get(reverse("sign_on_callback"), given)


@pytest.fixture
def provider(settings, monkeypatch):
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = ISSUER, CLIENT, "s" * 40
    settings.AUTHENTICATION_BACKENDS = ["localoffer.login.LockingBackend", "localoffer.openid.OpenIdBackend"]
    made = Provider()
    monkeypatch.setattr(requests, "get", made.get)
    monkeypatch.setattr(requests, "post", made.post)
    openid._known.clear()
    make_home()
    make_user("officer", is_superuser=True)
    return made


def is_in(client) -> bool:
    return client.get("/admin/").status_code == 200


def test_sign_on_when_the_provider_vouches_for_an_officer_then_the_admin_opens(provider):
    client, answer = provider.sign_in(after="/admin/reports/")
    assert answer["Location"] == "/admin/reports/"
    assert is_in(client)
    assert provider.sent["code_challenge_method"] == "S256"
    assert provider.asked["code_verifier"]
    login = Client().get("/admin/login/").content.decode()
    assert f'href="{reverse("sign_on")}' in login


@pytest.mark.parametrize(
    ("token", "claims"),
    [
        ({"iss": "https://evil.example"}, {}),
        ({"aud": "another-site"}, {}),
        ({"aud": [CLIENT, "another-site"]}, {}),
        ({"azp": "another-site"}, {}),
        ({"nonce": "another"}, {}),
        ({"nonce": None}, {}),
        ({"exp": 1_000_000_000}, {}),
        ({"exp": None}, {}),
        ({"iat": 9_999_999_999}, {}),
        ({}, {"sub": "8"}),
        ({}, {"email": "stranger@example.org"}),
        ({}, {"email": None}),
        ({}, {"email": ["officer@example.org"]}),
        ({}, {"email": "officer@example.org\x00"}),
        ({}, {"email": "o\u017f\u017ficer@example.org"}),
        ({"exp": float("inf")}, {}),
        ({"aud": 5}, {}),
        ({"sub": None}, {}),
        ({}, {"email_verified": False}),
    ],
)
def test_sign_on_when_a_token_is_not_for_this_person_here_and_now_then_nobody_comes_in(
    provider, token, claims
):
    provider.token, provider.claims = token, claims
    client, answer = provider.sign_in()
    assert answer["Location"] == reverse("wagtailadmin_login")
    assert "Your sign-on did not work" in client.get(answer["Location"]).content.decode()
    assert not is_in(client)
    assert get_user_model().objects.count() == 1


@pytest.mark.parametrize("names_key", [{"kid": "1"}, {"kid": "2"}, {}])
def test_sign_on_when_another_key_signed_then_nobody_comes_in(provider, names_key):
    provider.signed_by, provider.names_key = OTHER_KEY, names_key
    assert not is_in(provider.sign_in()[0])


def test_sign_on_when_the_only_key_has_no_name_then_an_officer_comes_in(provider):
    provider.names_key = {}
    assert is_in(provider.sign_in()[0])


def test_sign_on_when_the_account_is_closed_or_there_twice_then_nobody_comes_in(provider):
    get_user_model().objects.update(is_active=False)
    assert not is_in(provider.sign_in()[0])
    for name, email in (("one", "officer@example.org"), ("two", "OFFICER@example.org")):
        make_user(name)
        get_user_model().objects.filter(username=name).update(email=email)
    assert not is_in(provider.sign_in()[0])


@pytest.mark.parametrize(
    "changed", [{"state": "forged"}, {"state": ""}, {"code": ""}, {"error": "access_denied"}]
)
def test_callback_when_nobody_here_asked_for_it_then_nobody_comes_in(provider, changed):
    client, answer = provider.sign_in(**changed)
    assert answer.status_code == 302
    assert not is_in(client)
    stranger = Client().get(reverse("sign_on_callback"), {"code": "c", "state": "s"})
    assert stranger["Location"] == reverse("wagtailadmin_login")


def test_callback_when_it_is_sent_a_second_time_then_it_does_nothing(provider):
    client, _ = provider.sign_in()
    sent, provider.asked = {"code": "c", "state": provider.sent["state"]}, None
    assert client.get(reverse("sign_on_callback"), sent)["Location"] == "/admin/"
    assert "did not work" not in client.get("/admin/").content.decode()
    assert Client().get(reverse("sign_on_callback"), sent)["Location"] == reverse("wagtailadmin_login")
    assert provider.asked is None


def test_sign_on_when_very_many_begin_at_one_place_then_asked_to_wait(provider, monkeypatch):
    monkeypatch.setattr(openid, "STARTS_AN_HOUR", 1)
    client = Client()
    assert client.get(reverse("sign_on"))["Location"].startswith(ISSUER)
    answer = client.get(reverse("sign_on"), {"next": "/admin/pages/"}, follow=True)
    assert answer.request["QUERY_STRING"] == "next=%2Fadmin%2Fpages%2F"
    assert "Very many people" in answer.content.decode()


def test_password_form_when_a_code_stands_in_its_address_then_the_provider_is_not_asked(provider):
    request = RequestFactory().post("/admin/login/?code=c&state=s")
    assert authenticate(request, username="officer", password="wrong") is None
    assert provider.asked == {}
    assert authenticate(request, username="officer", password="password") is not None


@pytest.mark.parametrize("away", ["//evil.example/", "https://evil.example/", "/\\evil.example"])
def test_sign_on_when_it_should_lead_to_another_site_then_to_the_admin(provider, away):
    _, answer = provider.sign_in(after=away)
    assert answer["Location"] == "/admin/"


@pytest.mark.parametrize(
    "about",
    [
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://login.example.org/t"},
        {"jwks_uri": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"token_endpoint": 5},
    ],
)
def test_provider_when_it_is_not_what_it_should_be_then_said_and_a_password_still_works(provider, about):
    provider.about = about
    client = Client()
    assert client.get(reverse("sign_on"))["Location"] == reverse("wagtailadmin_login")
    provider.about, provider.down = {}, True
    openid._known.clear()
    answer = client.get(reverse("sign_on"), follow=True)
    assert "does not answer" in answer.content.decode()
    client.post("/admin/login/", {"username": "officer", "password": "password"})
    assert is_in(client)


def test_sign_on_when_the_setting_is_off_then_it_is_not_there():
    make_home()
    assert Client().get(reverse("sign_on")).status_code == 404
    assert Client().get(reverse("sign_on_callback"), {"code": "c", "state": "s"}).status_code == 404
    assert reverse("sign_on") not in Client().get("/admin/login/").content.decode()


RUBBISH = [[], None, 5, "x", {"keys": ["x"], "id_token": 5, "sub": []}, {"keys": None, "id_token": {}}]


@pytest.mark.parametrize("rubbish", RUBBISH, ids=str)
@pytest.mark.parametrize("name", ["openid-configuration", "token_endpoint", "jwks_uri", "userinfo_endpoint"])
def test_sign_on_when_the_provider_answers_rubbish_then_said_in_words(provider, name, rubbish):
    if name != "openid-configuration":
        openid.provider()
    provider.answers[name] = rubbish
    client = Client()
    answer = client.get(reverse("sign_on"), {"next": "/admin/pages/"})
    if name != "openid-configuration":
        sent = parse_qs(urlsplit(answer["Location"]).query)
        provider.nonce = sent["nonce"][0]
        answer = client.get(reverse("sign_on_callback"), {"code": "c", "state": sent["state"][0]})
    assert answer["Location"] == "/admin/login/?next=%2Fadmin%2Fpages%2F"
    assert "Try again" in client.get(answer["Location"]).content.decode()
    assert not is_in(client)


def test_sign_on_when_the_provider_falls_silent_on_the_way_then_told_apart_from_no_account(
    provider, monkeypatch
):
    def silent(*args, **given):
        raise requests.Timeout

    client = Client()
    monkeypatch.setattr(requests, "post", silent)
    answer = provider.sign_in(client)[1]
    assert "does not answer" in client.get(answer["Location"]).content.decode()


def test_sign_on_when_the_clocks_differ_by_seconds_then_an_officer_comes_in(provider):
    provider.token = {"iat": int(time.time()) + 20}
    assert is_in(provider.sign_in()[0])


def test_sign_on_when_letters_only_look_alike_then_it_is_not_that_person(provider):
    """Some databases take a Kelvin sign for a k, and a provider may let anybody own such an address."""
    assert openid._is_same("Kim@example.org", "kim@example.org")
    assert not openid._is_same("kim@example.org", "\u212aim@example.org")
    assert not openid._is_same("kim@example.org", "k\u0131m@example.org")
    assert openid._is_same("k\u0131m@example.org", "k\u0131m@example.org")


@pytest.mark.parametrize("query", ["error=access_denied", "error=x&state=y", "code=c&state=s", ""])
def test_callback_when_somebody_is_sent_there_by_a_link_then_they_stay_signed_in(provider, query):
    client, _ = provider.sign_in()
    client.get(f"{reverse('sign_on_callback')}?{query}")
    assert is_in(client)


def test_account_when_closed_after_the_sign_on_then_nobody_is_signed_in_any_more(provider):
    client, _ = provider.sign_in()
    get_user_model().objects.update(is_active=False)
    assert not is_in(client)
    assert not get_user(AsRequest(client.session)).is_authenticated


def test_provider_when_it_is_down_then_not_asked_again_by_everybody_at_once(provider, monkeypatch):
    """Ten seconds for each who presses the button would leave no thread for families."""
    provider.down = True
    clients = [Client() for _ in range(5)]
    assert {client.get(reverse("sign_on"))["Location"] for client in clients} == {"/admin/login/"}
    assert provider.times == 1
    provider.down = False
    later = time.monotonic() + openid.AGAIN + 1
    monkeypatch.setattr(openid.time, "monotonic", lambda: later)
    assert is_in(provider.sign_in()[0])


def test_provider_when_another_thread_asks_it_then_what_it_said_before_holds(provider, monkeypatch):
    known = openid.provider()
    later = time.monotonic() + openid.KEPT + 1
    monkeypatch.setattr(openid.time, "monotonic", lambda: later)
    with openid._asking:
        assert openid.provider() == known
    provider.down = True
    assert openid.provider() == known
