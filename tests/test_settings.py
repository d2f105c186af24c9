"""Production mode is strict, and says which setting is missing."""

import os
import runpy
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from django.urls import reverse
from gunicorn.config import Config
from gunicorn.http.parser import RequestParser
from gunicorn.http.wsgi import create

from localoffer.regulations import Section
from tests.factories import make_section

ROOT = Path(__file__).resolve().parent.parent
GOOD = {
    "DEBUG": "0",
    "SECRET_KEY": "k" * 25 + "abcdefghijklmnopqrstuvwxyz0123456789",
    "ALLOWED_HOSTS": "offer.test",
    "BASE_URL": "https://offer.test",
    "EMAIL_URL": "smtp+tls://user:hush@mail.test:587",
    "DEFAULT_FROM_EMAIL": "offer@council.test",
}


def check(tmp_path: Path, **changes: str | None) -> subprocess.CompletedProcess[str]:
    wanted = {**GOOD, "VAR_DIR": str(tmp_path), **changes}
    # The browser tests of the same worker allow what no deployment may.
    unset = set(GOOD) | {"DATABASE_URL", "CACHE_URL", "HTTPS", "DJANGO_ALLOW_ASYNC_UNSAFE"}
    env = {k: v for k, v in os.environ.items() if k not in unset}
    env |= {name: value for name, value in wanted.items() if value is not None}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)  # noqa: S603 our own command


def test_production_when_set_up_then_fit_to_deploy(tmp_path):
    done = check(tmp_path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"SEARCH_URL": "nonsense://x"}, "SEARCH_URL"),
        ({"FETCH_LOOPBACK": "1"}, "FETCH_LOOPBACK"),
        ({"HTTPS": "0"}, "HTTPS"),
        ({"BASE_URL": None}, "BASE_URL"),
        ({"BASE_URL": "http://offer.test"}, "BASE_URL"),
        ({"EMAIL_URL": None}, "EMAIL_URL"),
        ({"DEFAULT_FROM_EMAIL": None}, "DEFAULT_FROM_EMAIL"),
        ({"GOVUK_NOTIFY_API_KEY": "key"}, "GOVUK_NOTIFY_TEMPLATE_ID"),
        ({"CSRF_TRUSTED_ORIGINS": "http://offer.test"}, "CSRF_TRUSTED_ORIGINS"),
        ({"LOG_FORMAT": "xml"}, "LOG_FORMAT"),
    ],
)
def test_production_when_a_setting_is_unsafe_then_refused_by_name(tmp_path, changes, named):
    done = check(tmp_path, **changes)
    assert done.returncode != 0
    assert named in done.stderr
    if named != "SEARCH_URL":  # a check of the site, with a hint
        assert len(done.stderr.strip().splitlines()) == 1
    assert "hush" not in done.stderr


def test_production_when_many_settings_are_missing_then_all_are_named_at_once(tmp_path):
    done = check(tmp_path, **dict.fromkeys(GOOD, None) | {"DEBUG": "0"})
    for named in ("SECRET_KEY", "ALLOWED_HOSTS", "BASE_URL", "EMAIL_URL", "DEFAULT_FROM_EMAIL"):
        assert named in done.stderr


def test_gunicorn_when_a_setting_is_missing_then_one_line_names_it_and_no_worker_starts(tmp_path):
    env = {**os.environ, **GOOD, "VAR_DIR": str(tmp_path), "BIND": "127.0.0.1:0"}
    del env["SECRET_KEY"]
    command = [sys.executable, "-m", "gunicorn", "localoffer.wsgi"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)  # noqa: S603 our own command
    assert done.returncode != 0
    assert "The site was not started: DEBUG=0 is production mode. SECRET_KEY must be set" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.django_db
def test_frames_when_a_page_is_read_then_denied_and_a_preview_allowed(client, admin_user):
    page = make_section(Section.ADVICE)
    assert client.get(page.get_url())["X-Frame-Options"] == "DENY"
    client.force_login(admin_user)
    preview = client.get(reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk]))
    assert preview.status_code == 200
    assert preview["X-Frame-Options"].upper() == "SAMEORIGIN"


def test_gunicorn_when_a_request_names_the_path_by_a_header_then_not_taken():
    """One request with SCRIPT_NAME, let through by a proxy, gave every reader's pages wrong links."""
    config = Config()
    config.set("forwarder_headers", runpy.run_path(str(ROOT / "gunicorn.conf.py"))["forwarder_headers"])
    assert config.forwarder_headers == []


def test_gunicorn_when_a_worker_has_one_thread_then_a_long_answer_is_not_cut_off(monkeypatch):
    """A worker without threads is killed when one answer takes longer than its time limit."""
    monkeypatch.setenv("WEB_THREADS", "1")
    config = Config()
    for name, value in runpy.run_path(str(ROOT / "gunicorn.conf.py")).items():
        if name in config.settings:
            config.set(name, value)
    assert (config.threads, config.worker_class_str) == (1, "gthread")


@pytest.mark.parametrize(("ours", "taken"), [(True, ""), (False, "/evil")])
def test_gunicorn_when_the_attack_is_read_as_it_reads_it_then_the_links_stay(ours, taken):
    """The second case shows that the header does harm where it is taken."""
    config = Config()
    config.set("forwarded_allow_ips", "127.0.0.1")
    if ours:
        config.set("forwarder_headers", runpy.run_path(str(ROOT / "gunicorn.conf.py"))["forwarder_headers"])
    here, there = socket.socketpair()
    with here, there:
        there.sendall(b"GET /evil/coverage/ HTTP/1.1\r\nHost: localhost\r\nSCRIPT_NAME: /evil\r\n\r\n")
        client = ("127.0.0.1", 40000)
        asked = next(RequestParser(config, here, client))
        _, environ = create(asked, here, client, ("127.0.0.1", 8000), config)
    assert environ.get("SCRIPT_NAME", "") == taken
