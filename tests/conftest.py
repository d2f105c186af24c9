"""Shared set-up: a council's site, quiet storage and a clean cache."""

import pytest
from django.core.cache import cache

from search import engines
from search.synonyms import thesaurus
from tests.factories import make_authority


@pytest.fixture(autouse=True)
def _clean_cache():
    cache.clear()
    forget_search()
    yield
    cache.clear()


def forget_search() -> None:
    """What a worker remembers of the index and the synonyms belongs to one test's database."""
    engines.current.cache_clear()
    thesaurus.cache_clear()


@pytest.fixture
def authority(db):
    """The default Wagtail site with a council's settings."""
    return make_authority()
