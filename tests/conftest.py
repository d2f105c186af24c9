"""Shared set-up: a council's site, quiet storage and a clean cache."""

import pytest
from django.core.cache import cache

from tests.factories import make_authority


@pytest.fixture(autouse=True)
def _clean_cache():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def authority(db):
    """The default Wagtail site with a council's settings."""
    return make_authority()
