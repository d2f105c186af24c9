"""Every setting of README's table is read, has the default it says and does what it says."""

import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from tests.test_settings import GOOD

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
LISTED = re.findall(r"^\| `([A-Z_]+)` \| ([^|]*) \|", README, re.MULTILINE)
# These have tests of their own.
APART = ("VAR_DIR", "FORWARDED_ALLOW_IPS", "SIGN_ON_HEADER", "OIDC_ISSUER")
ONE_BY_ONE = [name for name, _ in LISTED if name not in APART]
SQLITE, POSTGRES = "django.db.backends.sqlite3", "django.db.backends.postgresql"


@pytest.fixture
def read(monkeypatch, tmp_path):
    """The settings, and gunicorn's, as they are with nothing but these variables set."""
    for name, _ in LISTED:
        monkeypatch.delenv(name, raising=False)

    def read(**given: str) -> dict[str, Any]:
        for name, value in {"VAR_DIR": str(tmp_path), **given}.items():
            monkeypatch.setenv(name, value)
        both = runpy.run_path(str(ROOT / "localoffer/settings.py"))
        return {**runpy.run_path(str(ROOT / "gunicorn.conf.py")), **both}

    return read


def setting(name: str):
    return lambda values: values[name]


# name → what is read, its default, a value that is given, what it then is.
TABLE: dict[str, tuple[Any, Any, str, Any]] = {
    "DEBUG": (setting("DEBUG"), True, "true", True),
    "SECRET_KEY": (lambda v: v["SECRET_KEY"][:11], "development", "x" * 60, "x" * 11),
    "ALLOWED_HOSTS": (
        setting("ALLOWED_HOSTS"), ["localhost", ".localhost", "127.0.0.1", "[::1]", "testserver"],
        "a.test,b.test", ["a.test", "b.test"],
    ),
    "BASE_URL": (setting("WAGTAILADMIN_BASE_URL"), "http://127.0.0.1:8000", "https://a.test", "https://a.test"),
    "CSRF_TRUSTED_ORIGINS": (setting("CSRF_TRUSTED_ORIGINS"), [], "https://a.test", ["https://a.test"]),
    "MEDIA_ROOT": (lambda v: v["MEDIA_ROOT"].name, "media", "/elsewhere/files", "files"),
    "IMPORTS_ROOT": (lambda v: v["IMPORTS_ROOT"].name, "imports", "/elsewhere/in", "in"),
    "BACKUP_DIR": (lambda v: v["BACKUP_DIR"].name, "backups", "/elsewhere/kept", "kept"),
    "DISK_FREE_LEAST": (setting("DISK_FREE_LEAST"), 200, "9", 9),
    "DATABASE_URL": (lambda v: v["DATABASES"]["default"]["ENGINE"], SQLITE, "postgres://u:p@h/n", POSTGRES),
    "CACHE_URL": (
        lambda v: (v["CACHES"]["default"]["BACKEND"].rpartition(".")[2], v["CACHES"]["default"]["LOCATION"]),
        ("LocMemCache", ""), "rediscache://h:6379/1", ("SteadyRedisCache", "redis://h:6379/1"),
    ),
    "SEARCH_URL": (setting("SEARCH_URL"), "embedded://", "opensearch://h", "opensearch://h"),
    "EMAIL_URL": (
        lambda v: (v["EMAIL_BACKEND"].split(".")[-2], v.get("EMAIL_USE_TLS", False)),
        ("console", False), "smtp+tls://u:p@h:587", ("smtp", True),
    ),
    "GOVUK_NOTIFY_API_KEY": (
        lambda v: v["EMAIL_BACKEND"].rpartition(".")[2], "EmailBackend", "k", "NotifyEmailBackend",
    ),
    "GOVUK_NOTIFY_TEMPLATE_ID": (setting("GOVUK_NOTIFY_TEMPLATE_ID"), "", "t", "t"),
    "GOVUK_NOTIFY_URL": (
        setting("GOVUK_NOTIFY_URL"), "https://api.notifications.service.gov.uk", "http://h", "http://h",
    ),
    "DEFAULT_FROM_EMAIL": (setting("DEFAULT_FROM_EMAIL"), "local-offer@example.org", "a@b.test", "a@b.test"),
    "COMMENTS_AN_HOUR_FROM_ONE_PLACE": (setting("COMMENTS_AN_HOUR_FROM_ONE_PLACE"), 60, "5", 5),
    "COMMENTS_AN_HOUR": (setting("COMMENTS_AN_HOUR"), 1000, "5", 5),
    "HTTPS": (
        lambda v: (v["SESSION_COOKIE_SECURE"], v["SECURE_SSL_REDIRECT"], v["SECURE_HSTS_SECONDS"]),
        (False, False, 0), "1", (True, True, 31_536_000),
    ),
    "SECURE_SSL_REDIRECT": (setting("SECURE_SSL_REDIRECT"), False, "0", False),
    "SECURE_HSTS_SECONDS": (setting("SECURE_HSTS_SECONDS"), 0, "3600", 3600),
    "BEHIND_PROXY": (
        lambda v: (v.get("SECURE_PROXY_SSL_HEADER"), v["forwarded_allow_ips"]),
        (None, ""), "1", (("HTTP_X_FORWARDED_PROTO", "https"), "127.0.0.1,::1"),
    ),
    "OIDC_CLIENT_ID": (setting("OIDC_CLIENT_ID"), "", "site", "site"),
    "OIDC_CLIENT_SECRET": (setting("OIDC_CLIENT_SECRET"), "", "s", "s"),
    "FETCH_LOOPBACK": (setting("FETCH_LOOPBACK"), False, "1", True),
    "LOG_FORMAT": (lambda v: v["LOGGING"]["handlers"]["console"]["formatter"], "plain", "json", "json"),
    "LOG_LEVEL": (lambda v: v["LOGGING"]["root"]["level"], "WARNING", "ERROR", "ERROR"),
    "PAGE_CACHE_MB": (setting("PAGE_CACHE_MB"), 32, "0", 0),
    "BIND": (setting("bind"), "127.0.0.1:8000", "0.0.0.0:80", "0.0.0.0:80"),
    "WEB_CONCURRENCY": (setting("workers"), 2, "7", 7),
    "WEB_THREADS": (setting("threads"), 4, "1", 1),
}  # fmt: skip


@pytest.mark.parametrize("name", ONE_BY_ONE)
def test_setting_when_not_set_then_its_default_and_when_set_then_read(name, read):
    found, default, given, then = TABLE[name]
    assert found(read()) == default
    assert found(read(**{name: given})) == then


def test_sign_on_when_named_then_only_behind_a_proxy_and_only_for_known_people(read):
    known = "localoffer.sign_on.KnownPeopleBackend"
    assert read()["SIGN_ON_HEADER"] == ""
    assert known not in read()["AUTHENTICATION_BACKENDS"]
    with pytest.raises(ImproperlyConfigured, match="SIGN_ON_HEADER"):
        read(SIGN_ON_HEADER="X-Remote-User")
    values = read(SIGN_ON_HEADER="X-Remote-User", BEHIND_PROXY="1")
    assert values["SIGN_ON_HEADER"] == "X-Remote-User"
    assert known in values["AUTHENTICATION_BACKENDS"]


def test_openid_when_named_then_only_whole_and_only_safe(read):
    backend = "localoffer.openid.OpenIdBackend"
    assert read()["OIDC_ISSUER"] == ""
    assert backend not in read()["AUTHENTICATION_BACKENDS"]
    with pytest.raises(ImproperlyConfigured, match="OIDC_CLIENT_SECRET"):
        read(OIDC_ISSUER="https://login.example.org", OIDC_CLIENT_ID="site")
    values = read(OIDC_CLIENT_SECRET="s" * 40)
    assert values["OIDC_ISSUER"] == "https://login.example.org"
    assert backend in values["AUTHENTICATION_BACKENDS"]
    with pytest.raises(ImproperlyConfigured, match="https://"):
        read(OIDC_ISSUER="http://login.example.org", DEBUG="0")


def test_var_dir_when_set_then_made_and_everything_is_below(read, tmp_path):
    there = tmp_path / "a" / "b"
    values = read(VAR_DIR=str(there))
    assert there.is_dir()
    kept = (values["DATABASES"]["default"]["NAME"], values["MEDIA_ROOT"], values["BACKUP_DIR"])
    assert all(str(path).startswith(str(there)) for path in kept)


def test_var_dir_when_it_cannot_be_made_then_refused_by_name(read, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ImproperlyConfigured, match="VAR_DIR"):
        read(VAR_DIR=str(tmp_path / "file" / "below"))


def test_proxy_when_named_then_only_it_is_believed_and_only_behind_a_proxy(read):
    assert read(FORWARDED_ALLOW_IPS="10.0.0.9")["forwarded_allow_ips"] == ""
    assert read(FORWARDED_ALLOW_IPS="10.0.0.9", BEHIND_PROXY="1")["forwarded_allow_ips"] == "10.0.0.9"


@pytest.mark.parametrize("default", [default for _, default in LISTED])
def test_default_when_readme_says_a_value_then_it_is_one_of_the_tables(default):
    said = re.fullmatch(r"`([^`]*)`", default)
    if said and not said[1].startswith("var"):
        known = {str(row[1]).strip() for row in TABLE.values()}
        others = {"1", "0", "consolemail://", "locmemcache://", "127.0.0.1,::1"}
        assert said[1] in known | others


def test_postgresql_when_chosen_then_connections_are_checked_and_never_awaited_for_long(read):
    database = read(DATABASE_URL="postgres://u:p@h/n")["DATABASES"]["default"]
    assert database["CONN_HEALTH_CHECKS"]
    assert database["OPTIONS"]["connect_timeout"] == 5


def test_sqlite_when_chosen_then_readers_and_a_writer_go_together_and_a_writer_waits(read):
    options = read()["DATABASES"]["default"]["OPTIONS"]
    assert options["timeout"] == 20
    assert options["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in options["init_command"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HTTPS", "ture"),
        ("DEBUG", "2"),
        ("SECURE_HSTS_SECONDS", "a year"),
        ("COMMENTS_AN_HOUR", "1.5"),
        ("LOG_FORMAT", "xml"),
        ("LOG_LEVEL", "LOUD"),
        ("DATABASE_URL", "oracel://u:hush@h/n"),
        ("CACHE_URL", "nonsense://h"),
        ("EMAIL_URL", "pigeon://u:hush@h"),
        ("WEB_CONCURRENCY", "many"),
    ],
)
def test_setting_when_it_cannot_be_read_then_refused_by_name_and_no_password_is_quoted(name, value, read):
    with pytest.raises((ImproperlyConfigured, SystemExit)) as refused:
        read(**{name: value})
    assert name in str(refused.value)
    assert "hush" not in str(refused.value)


def test_production_when_all_is_set_then_strict(read):
    values = read(**GOOD)
    assert values["SECURE_SSL_REDIRECT"]
    assert values["LOGGING"]["handlers"]["console"]["formatter"] == "json"
    assert values["LOGGING"]["root"]["level"] == "INFO"
    assert not read(**GOOD, SECURE_SSL_REDIRECT="0")["SECURE_SSL_REDIRECT"]


def test_production_when_mail_goes_by_notify_then_no_mail_server_is_needed(read):
    given = {**GOOD, "GOVUK_NOTIFY_API_KEY": "k", "GOVUK_NOTIFY_TEMPLATE_ID": "t"}
    del given["EMAIL_URL"], given["DEFAULT_FROM_EMAIL"]
    assert read(**given)["EMAIL_BACKEND"].endswith("NotifyEmailBackend")


def test_production_when_tried_on_this_machine_then_only_the_key_and_the_hosts_are_needed(read):
    key = GOOD["SECRET_KEY"]
    assert not read(DEBUG="0", HTTPS="0", ALLOWED_HOSTS="localhost,127.0.0.1", SECRET_KEY=key)["DEBUG"]
