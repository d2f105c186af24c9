"""A council whose directory holds the whole demonstration."""

import pytest

from services.demo_services import load_demo_services
from services.vocabulary import load
from tests.factories import make_authority


@pytest.fixture
def council(db):
    load()
    return make_authority(council_name="Avonmere Council", area_name="Avonmere")


@pytest.fixture
def demonstration(council):
    load_demo_services(authority=council)
    return council
