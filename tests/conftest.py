"""Shared set-up: a council's site, quiet storage and a clean cache."""

import gc
import os
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.cache import cache
from django.test import TestCase, TransactionTestCase, client
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

from localoffer import page_cache
from search import engines, facets, log
from search.best_bets import bets
from search.synonyms import thesaurus
from services import id_lists
from tests import migrated, restoring
from tests.factories import make_authority

# A busy machine is no fault of the code: no example has a time limit.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")


# A password that is slow to guess is slow to set: most of the time of a test that makes an officer.
PBKDF2PasswordHasher.iterations = 1


def _keep_each_template_once(
    store: dict[str, Any], signal: Any, sender: Any, template: Any, context: Any, **kwargs: Any
) -> None:
    """For `response.context`: a form draws one template of a widget a hundred times, and each time all that
    the page knows was copied."""
    seen = store.setdefault("seen", set())
    if template.name is None or template.name not in seen:
        seen.add(template.name)
        _keep_template(store, signal, sender, template, context, **kwargs)


_keep_template = client.store_rendered_templates
client.store_rendered_templates = _keep_each_template_once


def pytest_collection_finish(session: pytest.Session) -> None:
    """What has been read by now stays: it need not be looked through for rubbish after every test."""
    if session.config.getoption("loadgroup", False):  # a worker: names tell the groups
        assert all("@" in item.nodeid for item in session.items if item.get_closest_marker("xdist_group"))
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


def _take_own_cache() -> None:
    """Workers share one Redis: each empties a database of its own, as do the servers that it starts."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    shared = site_settings.CACHES["default"]
    if "redis" in shared["BACKEND"].lower():
        shared["LOCATION"] = re.sub(r"(/\d*)?$", f"/{worker}", shared["LOCATION"], count=1)
        os.environ["CACHE_URL"] = shared["LOCATION"]


_take_own_cache()
TransactionTestCase._fixture_setup = classmethod(restoring.set_up)
TransactionTestCase._fixture_teardown = restoring.tear_down


@pytest.fixture(scope="session")
def workers_folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """What the workers of a parallel run share, where this is one of them."""
    return tmp_path_factory.getbasetemp().parent if hasattr(request.config, "workerinput") else None


@pytest.fixture(scope="session")
def _one_migrates(
    workers_folder: Path | None, django_db_modify_db_settings_parallel_suffix: None
) -> Iterator[ExitStack]:
    with ExitStack() as until_made:
        if workers_folder:
            until_made.enter_context(migrated.alone(workers_folder))
            if copy := migrated.begin_with_copy(workers_folder):
                until_made.callback(copy.close)
        yield until_made


@pytest.fixture(scope="session")
def django_db_modify_db_settings(_one_migrates: ExitStack) -> None:
    """What pytest-django asks for before it makes the databases."""


@pytest.fixture(scope="session")
def django_db_setup(
    workers_folder: Path | None,
    _one_migrates: ExitStack,
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[None]:
    """The databases of the tests, and what the migrations put there."""
    left = False
    with django_db_blocker.unblock():
        if workers_folder:
            left = migrated.leave_copy(workers_folder)
        _one_migrates.close()
        restoring.remember_migrated()
    yield
    if left and workers_folder:
        with django_db_blocker.unblock(), migrated.alone(workers_folder):
            migrated.take_copy_away(workers_folder)


@pytest.fixture(scope="module")
def kept_rows(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """For a fixture of a module that is dear to make: its rows stay until the module ends, and each test's
    own changes are taken back to them."""
    with django_db_blocker.unblock():
        blocks = TestCase._enter_atomics()
        try:
            yield
        finally:
            TestCase._rollback_atomics(blocks)


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """What shares rows stays in one worker, which makes them once; said before it looks for groups."""
    for item in items:
        if issubclass(getattr(item, "cls", None) or object, TestCase):
            item.add_marker(pytest.mark.xdist_group(item.cls.__name__))
        elif "kept_rows" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group(item.path.stem))
    return (yield)


@pytest.fixture(autouse=True)
def _clean_cache():
    cache.clear()
    page_cache.kept.clear()
    id_lists.kept.clear()
    forget_search()
    yield
    cache.clear()


def forget_search() -> None:
    """What a worker remembers of the index and the synonyms belongs to one test's database."""
    engines.of_process.cache_clear()
    thesaurus.cache_clear()
    bets.cache_clear()
    facets.options_at.cache_clear()
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
