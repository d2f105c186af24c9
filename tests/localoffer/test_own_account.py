"""What somebody may do with their own account, and with a screen that a colleague left open."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.users.models import UserProfile

from localoffer import login, own_account
from tests.factories import make_home, make_user

pytestmark = pytest.mark.django_db
ACCOUNT = reverse("wagtailadmin_account")
NEW = "A new and longer one 77"


@pytest.fixture
def officer(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # many guesses, quickly
    make_home()
    return make_user("officer", is_superuser=True)


@pytest.fixture
def client(officer):
    client = Client()
    client.force_login(officer)
    return client


def save(client, **changed):
    """The answer to the account's form, sent as it opens with some of it changed."""
    sent = {"name_email-first_name": "Ola", "name_email-last_name": "Officer"}
    sent |= {"name_email-email": "officer@example.org", "locale-current_time_zone": ""}
    sent |= {"theme-theme": "system", "theme-contrast": "system", "theme-density": "default"}
    return client.post(ACCOUNT, sent | changed)


def change(client, old):
    return save(
        client,
        **{"password-old_password": old, "password-new_password1": NEW, "password-new_password2": NEW},
    )


def test_password_when_the_old_one_is_guessed_too_often_then_the_right_one_is_refused_with_words(
    client, officer
):
    for _ in range(login.MOST_FOR_ONE_FROM_ONE_PLACE - 1):
        assert own_account.WRONG in change(client, "not this one").content.decode()
    change(client, "not this one")
    refused = change(client, "password")
    assert "Too many wrong passwords" in refused.content.decode()
    officer.refresh_from_db()
    assert officer.check_password("password")


def test_password_when_the_old_one_is_right_then_changed_and_other_sessions_end(client, officer):
    other = Client()
    other.force_login(officer)
    change(client, "not this one")
    assert change(client, "password").status_code == 302
    officer.refresh_from_db()
    assert officer.check_password(NEW)
    assert client.get(ACCOUNT).status_code == 200
    assert other.get(ACCOUNT).status_code == 302


def test_email_when_it_is_that_of_another_account_then_refused(client, officer):
    make_user("colleague")
    known = {"name_email-present_password": "password"}
    answer = save(client, **{"name_email-email": "Colleague@Example.org"}, **known)
    assert own_account.TAKEN in answer.content.decode()
    assert save(client, **{"name_email-email": "ola@example.org"}, **known).status_code == 302
    officer.refresh_from_db()
    assert officer.email == "ola@example.org"


@pytest.mark.parametrize(
    ("given", "words"), [("", own_account.NONE), ("not this one", own_account.WRONG)], ids=["none", "wrong"]
)
def test_email_when_the_password_is_not_known_then_it_stays(client, officer, given, words):
    """A letter with a link to a new password would go to the new address."""
    sent = {"name_email-email": "thief@example.org", "name_email-present_password": given}
    assert words in save(client, **sent).content.decode()
    officer.refresh_from_db()
    assert officer.email == "officer@example.org"


def test_account_when_the_email_address_stays_then_no_password_is_asked_for(client, officer):
    assert save(client, **{"name_email-first_name": "Olu"}).status_code == 302
    officer.refresh_from_db()
    assert officer.first_name == "Olu"


def test_picture_when_it_is_sent_all_the_same_then_none_is_kept(client, officer):
    """Pillow read what was sent, PostScript too, and nothing served it."""
    assert "avatar-avatar" not in client.get(ACCOUNT).content.decode()
    picture = SimpleUploadedFile("a.eps", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n%%EndComments\n")
    assert save(client, **{"avatar-avatar": picture}).status_code == 302
    assert not UserProfile.objects.get(user=officer).avatar
