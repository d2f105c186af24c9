"""Shared set-up: a council's site, quiet storage and a clean cache."""

import os
import re

import pytest
from django.conf import settings as site_settings
from django.core.cache import cache
from django.db import connections
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings

from localoffer import page_cache
from search import engines, log
from search.best_bets import bets
from search.synonyms import thesaurus
from tests.factories import make_authority

# A busy machine is no fault of the code: no example has a time limit.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


def _take_own_cache() -> None:
    """Workers share one Redis: each empties a database of its own, as do the servers that it starts."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    shared = site_settings.CACHES["default"]
    if "redis" in shared["BACKEND"].lower():
        shared["LOCATION"] = re.sub(r"(/\d*)?$", f"/{worker}", shared["LOCATION"], count=1)
        os.environ["CACHE_URL"] = shared["LOCATION"]


_take_own_cache()
_flush = TransactionTestCase._fixture_teardown


def _flush_and_restore(self: TransactionTestCase) -> None:
    """A test that commits empties every table: put back what the migrations made, the root page
    among it, so that the next test of this worker finds the database as it expects."""
    assert self.serialized_rollback, "Say django_db(transaction=True, serialized_rollback=True)."
    _flush(self)
    for alias in self._databases_names(include_mirrors=False):
        connection = connections[alias]
        connection.creation.deserialize_db_from_string(connection._test_serialized_contents)


TransactionTestCase._fixture_teardown = _flush_and_restore


@pytest.fixture(autouse=True)
def _clean_cache():
    cache.clear()
    page_cache.kept.clear()
    forget_search()
    yield
    cache.clear()


def forget_search() -> None:
    """What a worker remembers of the index and the synonyms belongs to one test's database."""
    engines.of_process.cache_clear()
    thesaurus.cache_clear()
    bets.cache_clear()
    log.forget()


@pytest.fixture(autouse=True)
def _own_locks(settings):
    """Workers of one run share the folder, and each has a database of its own: a command that one of
    them runs does not hold back the same command of another."""
    settings.VAR_DIR = settings.VAR_DIR / os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    settings.VAR_DIR.mkdir(exist_ok=True)


@pytest.fixture
def authority(db):
    """The default Wagtail site with a council's settings."""
    return make_authority()
