"""/healthz says that the process lives, /readyz that readers may be sent: and neither says more."""

import json
from collections import namedtuple

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client, RequestFactory

from localoffer import health
from localoffer.health import HealthMiddleware, State
from search import index
from search.engines.text import TABLE
from search.models import IndexedDocument
from tests.factories import make_service


def ask(path: str = "/readyz", method: str = "get", **extra):
    """A worker that has not been asked before."""
    request = getattr(RequestFactory(), method)(path, **extra)
    return HealthMiddleware(lambda request: pytest.fail("It went on to the site."))(request)


def told(response) -> dict[str, str]:
    return json.loads(response.content)["checks"]


def test_healthz_when_the_database_is_gone_then_still_alive_for_it_touches_nothing(monkeypatch):
    """No database mark: a query would raise."""
    monkeypatch.setattr(health, "look", lambda: pytest.fail("It looked."))
    response = Client().get("/healthz", HTTP_HOST="10.1.2.3:8000")
    assert response.status_code == 200
    assert response.json() == {"alive": True}


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_when_asked_by_an_address_of_a_balancer_then_answered_without_redirect_or_cookie(
    path, settings, authority
):
    settings.SECURE_SSL_REDIRECT = True
    settings.ALLOWED_HOSTS = ["offer.test"]
    response = Client().get(path, HTTP_HOST="10.1.2.3")
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies
    assert Client().get("/", HTTP_HOST="10.1.2.3").status_code == 400


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_when_posted_to_then_refused(path):
    assert ask(path, "post").status_code == 405


@pytest.mark.django_db
def test_readyz_when_all_is_well_then_every_check_is_named_and_ok(authority):
    response = ask()
    assert response.status_code == 200
    assert json.loads(response.content)["ready"] is True
    assert told(response) == dict.fromkeys(["database", "migrations", "disk", "cache", "search"], "ok")


@pytest.mark.django_db
def test_readyz_when_asked_often_then_looked_at_once_and_cheaply(authority, django_assert_max_num_queries):
    ready = HealthMiddleware(lambda request: None)
    ready(RequestFactory().get("/readyz"))
    with django_assert_max_num_queries(0):
        for _ in range(100):
            ready(RequestFactory().get("/readyz"))
    with django_assert_max_num_queries(9):
        ask()


@pytest.mark.django_db
def test_readyz_when_the_database_does_not_answer_then_503_and_no_word_of_why(monkeypatch, authority, caplog):
    def gone(*args, **kwargs):
        raise OperationalError("connection to server at 10.0.0.5, user secret, failed")

    monkeypatch.setattr(connection, "cursor", gone)
    response = ask()
    assert response.status_code == 503
    assert told(response)["database"] == "failed"
    for text in (response.content.decode(), caplog.text):
        assert "secret" not in text
        assert "10.0.0.5" not in text
    assert "The check of database failed: OperationalError" in caplog.text


@pytest.mark.django_db
def test_readyz_when_a_migration_is_not_applied_then_503_until_it_is(authority):
    assert told(ask())["migrations"] == "ok"
    recorder = MigrationRecorder(connection)
    recorder.record_unapplied("feedback", "0001_initial")
    response = ask()
    assert response.status_code == 503
    assert told(response)["migrations"] == "failed"
    recorder.record_applied("feedback", "0001_initial")
    assert told(ask())["migrations"] == "ok"


@pytest.mark.django_db
def test_readyz_when_the_database_is_newer_than_this_release_then_ready_so_that_two_can_run(authority):
    MigrationRecorder(connection).record_applied("feedback", "9999_of_the_next_release")
    assert told(ask())["migrations"] == "ok"


@pytest.mark.django_db
def test_readyz_when_a_disk_is_nearly_full_then_503(monkeypatch, authority):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(health.shutil, "disk_usage", lambda path: usage(10**12, 10**12, 199_999_999))
    response = ask()
    assert response.status_code == 503
    assert told(response)["disk"] == "failed"
    monkeypatch.setattr(health.shutil, "disk_usage", lambda path: usage(10**12, 0, 200_000_000))
    assert told(ask())["disk"] == "ok"


@pytest.mark.django_db
def test_readyz_when_the_cache_is_gone_then_degraded_and_still_ready(monkeypatch, authority):
    monkeypatch.setattr(caches["default"], "get", lambda *args, **kwargs: None)
    response = ask()
    assert response.status_code == 200
    assert told(response)["cache"] == "degraded"


@pytest.mark.django_db
def test_readyz_when_the_index_is_empty_and_should_not_be_then_503_until_it_is_rebuilt(authority):
    make_service(authority)
    IndexedDocument.objects.all().delete()
    response = ask()
    assert response.status_code == 503
    assert told(response)["search"] == "failed"
    index.rebuild()
    assert told(ask())["search"] == "ok"


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_search_when_its_table_of_words_is_gone_then_told_so_with_words_kept_and_a_rebuild_mends_it(client):
    """The table cannot be dropped inside a transaction that others share."""
    from tests.factories import make_home

    site = make_home().get_site()
    make_service(site, name="Otter Swimming")
    index.rebuild()
    client.raise_request_exception = False
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {TABLE}")
        response = client.get("/services/?q=swimming")
        assert response.status_code == 503
        assert "Sorry, this is not working just now" in response.content.decode()
        assert told(ask())["search"] == "failed"
        assert client.get("/services/").status_code == 200
    finally:
        index.rebuild()
    assert "Otter Swimming" in client.get("/services/?q=swimming").content.decode()
    assert told(ask())["search"] == "ok"


@pytest.mark.django_db
def test_readyz_when_the_search_server_is_gone_then_degraded_for_the_built_in_search_answers(
    monkeypatch, authority
):
    class Lame:
        def problems(self) -> list[str]:
            return ["The search server at h does not answer."]

    monkeypatch.setattr("search.readiness.engines.current", Lame)
    response = ask()
    assert response.status_code == 200
    assert told(response)["search"] == "degraded"
    assert "server" not in response.content.decode()


def test_states_when_one_raises_something_odd_then_failed():
    assert health._state(health.Check("odd", lambda: 1 / 0)) is State.FAILED


def test_disk_when_the_folder_is_not_there_yet_then_the_one_above_is_measured(settings, tmp_path):
    assert health._existing(tmp_path / "a" / "b") == tmp_path


def test_health_when_served_then_before_everything_else():
    assert settings.MIDDLEWARE[0] == "localoffer.health.HealthMiddleware"
