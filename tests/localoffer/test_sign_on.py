"""Sign-on by a proxy's header: in the admin alone, for known people, and never without the proxy."""

import os
import subprocess
import sys

import pytest
from django.conf import settings as project
from django.contrib.auth import get_user_model
from django.test import Client

from tests.factories import make_home, make_user

pytestmark = pytest.mark.django_db
HEADER = {"x-remote-user": "officer"}


@pytest.fixture
def proxied(settings):
    settings.SIGN_ON_HEADER, settings.BEHIND_PROXY = "X-Remote-User", True
    settings.AUTHENTICATION_BACKENDS = [
        "localoffer.login.LockingBackend",
        "localoffer.sign_on.KnownPeopleBackend",
    ]
    make_home()
    make_user("officer", is_superuser=True)


def test_header_when_the_proxy_names_an_officer_then_the_admin_opens_and_closes_again(proxied):
    client = Client()
    assert client.get("/admin/", headers=HEADER).status_code == 200
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize(
    ("allowed", "comes_from", "opens"),
    [
        (["127.0.0.1"], "203.0.113.9", False),
        (["10.1.0.0/16", "::1"], "10.1.2.3", True),
        (["10.1.0.0/16", "::1"], "10.2.2.3", False),
        (["127.0.0.1"], "", True),
        (["*"], "203.0.113.9", True),
        (["a word"], "203.0.113.9", False),
        (["10.1.0.0/16"], "::ffff:10.1.2.3", True),
        (["10.1.0.0/16"], "::ffff:10.2.2.3", False),
        (["::1"], "::ffff:127.0.0.1", False),
        (["2001:db8:5::/48", "10.1.2.3"], "2001:db8:5:1::9", True),
        (["2001:db8:5::/48"], "2001:db8:6::9", False),
        (["fe80::1"], "fe80::2%eth0", False),
    ],
)
def test_header_when_it_comes_past_the_proxy_then_it_means_nothing(
    proxied, settings, allowed, comes_from, opens
):
    settings.PROXY_ADDRESSES = allowed
    answer = Client(REMOTE_ADDR=comes_from).get("/admin/", headers=HEADER)
    assert (answer.status_code == 200) == opens


@pytest.mark.parametrize(
    "named",
    [
        "stranger",
        "",
        " ",
        "officer,officer",
        "officer,",
        "OFFICER",
        "officer\x00",
        "\u00e9\u00ff",
        "a" * 5000,
        "' OR 1=1",
    ],
)
def test_header_when_it_names_nobody_known_then_the_way_in_is_shown_and_nobody_is_made(proxied, named):
    answer = Client().get("/admin/", headers={"x-remote-user": named})
    assert get_user_model().objects.count() == 1
    assert answer.status_code == 302
    assert "/login/" in answer["Location"]


def test_header_when_sent_to_a_page_for_families_then_no_cookie(proxied):
    client = Client()
    assert client.get("/", headers=HEADER).status_code == 200
    assert not client.cookies


def test_header_when_the_setting_is_off_then_it_means_nothing():
    make_home()
    make_user("officer", is_superuser=True)
    assert Client().get("/admin/", headers=HEADER).status_code == 302


def test_setting_when_there_is_no_proxy_then_the_site_does_not_start(tmp_path):
    found = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=project.BASE_DIR,
        env={**os.environ, "SIGN_ON_HEADER": "X-Remote-User", "BEHIND_PROXY": "0", "VAR_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode != 0
    assert "SIGN_ON_HEADER" in found.stderr
