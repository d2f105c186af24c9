"""A search server that fails costs families nothing: the embedded engine answers, and staff are told."""

import json
import logging

import pytest
from django.core.cache import cache

from search import checks, engines
from search.engines.base import Concept, Order, Question
from search.engines.breaker import Breaker
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.server import WrongAddress, connect
from search.facets import FACETS
from search.models import IndexState
from tests.search.contract import AUTHORITY, make_document
from tests.search.faulty_server import faulty_server
from tests.search.servers import at_once

SWIM = Question(AUTHORITY, (Concept("swim", (("swim",),)),), order=Order.RELEVANCE)
REFUSED = "elasticsearch://127.0.0.1:9"
# What a server answers that has an index under our alias, half-built: no marker in it.
HALF_BUILT = {
    "hits": {"total": {"value": 0}, "hits": []},
    "aggregations": {
        "concepts": {"buckets": {"0": {"doc_count": 0}}},
        "held": {"buckets": {"1": {"doc_count": 0}}},
        "index": {"complete": {"value": None}},
        "placeless": {"doc_count": 0},
        **{f"_filter_{facet.key}": {facet.key: {"buckets": []}} for facet in FACETS},
    },
}
FAULTS = {
    "refused": {},
    "hangs": {"hangs": True},
    "drips": {"drips": True, "body": b" " * 10_000},
    "too many requests": {"status": 429, "body": b'{"error": {"type": "circuit_breaking_exception"}}'},
    "error": {"status": 500, "body": b'{"error": {"type": "x"}}'},
    "not an answer": {"body": b"{}"},
    "not JSON": {"body": b"<html>"},
    "index missing": {"status": 404, "body": b'{"error": {"type": "index_not_found_exception"}}'},
    "half-built": {"body": json.dumps(HALF_BUILT).encode()},
}


@pytest.fixture
def faulty():
    with faulty_server() as server:
        yield server


def engine_on(url: str) -> ElasticsearchEngine:
    engine = ElasticsearchEngine(connect(url), run=at_once)
    engine.write([make_document(1, name="swim"), make_document(2, name="sleep")])
    engine.catch_up(IndexState.read())
    return engine


def spoil(faulty, fault: str) -> str:
    for name, value in FAULTS[fault].items():
        setattr(faulty, name, value)
    return REFUSED if fault == "refused" else faulty.url


@pytest.mark.parametrize("fault", FAULTS)
def test_search_when_the_server_fails_then_the_embedded_engine_answers(db, faulty, fault):
    engine = engine_on(spoil(faulty, fault))
    for _ in range(5):
        assert engine.search(SWIM) == engine.embedded.search(SWIM)
    assert engine.fallbacks == 5
    assert [found.object_id for found in engine.search(SWIM).found] == [1]
    (problem,) = engine.problems()
    assert "built in" in problem


@pytest.mark.parametrize("fault", ["refused", "hangs", "drips", "too many requests", "error", "not JSON"])
def test_search_when_the_server_goes_on_failing_then_it_is_left_alone(db, faulty, fault, caplog):
    engine = engine_on(spoil(faulty, fault))
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            engine.search(SWIM)
    asked = faulty.requests
    for _ in range(20):
        engine.search(SWIM)
    assert faulty.requests == asked
    assert engine.reading.is_open
    assert len([r for r in caplog.records if "does not answer" in r.getMessage()]) == 1
    assert "swim" not in caplog.text


@pytest.mark.parametrize("fault", ["index missing", "half-built"])
def test_search_when_the_index_is_not_whole_then_it_is_made_and_the_server_is_not_blamed(db, faulty, fault):
    engine = engine_on(spoil(faulty, fault))
    engine.search(SWIM)
    assert not engine.reading.is_open
    assert engine.writing.is_open


def test_breaker_when_the_wait_is_over_then_one_may_try_and_success_closes_it():
    now = [0.0]
    breaker = Breaker(most=2, first_wait=5, longest_wait=8, clock=lambda: now[0])
    assert not breaker.failed()
    assert breaker.allows()
    assert breaker.failed()
    assert not breaker.allows()
    now[0] = 5
    assert breaker.allows()
    assert not breaker.allows()
    assert not breaker.failed()
    now[0] = 12.9
    assert not breaker.allows()
    now[0] = 13
    assert breaker.allows()
    breaker.succeeded()
    assert breaker.allows()
    assert breaker.allows()


def test_problems_when_asked_again_then_the_server_is_not(db, faulty):
    engine = engine_on(spoil(faulty, "error"))
    engine.problems()
    asked = faulty.requests
    assert engine.problems()
    assert faulty.requests == asked
    cache.clear()
    engine.problems()
    assert faulty.requests == asked + 1


def test_dashboard_when_the_server_fails_then_staff_are_told(db, faulty, settings, admin_client):
    settings.SEARCH_URL = spoil(faulty, "error")
    engines.of_process.cache_clear()
    page = admin_client.get("/admin/").content.decode()
    assert "Search needs attention" in page
    assert "error 500" in page
    settings.SEARCH_URL = "embedded://"
    engines.of_process.cache_clear()
    assert "Search needs attention" not in admin_client.get("/admin/").content.decode()


def test_check_when_the_server_fails_then_a_warning_and_no_password(db, faulty, settings):
    settings.SEARCH_URL = spoil(faulty, "error").replace("//", "//somebody:hunter2@")
    engines.of_process.cache_clear()
    (warning,) = checks.check_engine(None)
    assert warning.id == "search.W001"
    assert "error 500" in warning.msg
    assert "hunter2" not in warning.msg


@pytest.mark.parametrize(
    "url",
    ["elasticsearch://", "elasticsearch://host:port", "opensearch+ftp://host", "elasticsearch://h?timeout=x"],
)
def test_connect_when_the_address_is_wrong_then_told_without_the_password(url):
    with pytest.raises(WrongAddress) as told:
        connect(url.replace("//", "//somebody:hunter2@", 1))
    assert "hunter2" not in str(told.value)


def test_connect_when_the_address_says_everything_then_read():
    server = connect("opensearch+https://a%40b:c%3Ad@search.example.org:9243/avonmere?timeout=0.1")
    assert (server.place, server.prefix, server.deadline) == (
        "https://search.example.org:9243",
        "avonmere",
        0.1,
    )
    assert connect("elasticsearch://localhost").place == "http://localhost:9200"
    assert connect("elasticsearch+https://localhost").place == "https://localhost:443"
