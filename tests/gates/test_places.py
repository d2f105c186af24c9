"""The list of places is whole: nothing that is drawn is missing from it, and nothing in it is gone."""

import json
from fnmatch import fnmatchcase

from django.apps import apps
from django.conf import settings
from django.urls import get_resolver
from wagtail.models import Page

from tests.gates import places, world
from tests.gates.admin_places import ADMIN, EDITORS, NO_ADMIN_PAGE
from tests.test_admin_permissions import _views, our_views

TYPES = {model.__name__ for model in apps.get_models() if issubclass(model, Page)}


def addresses() -> set[str]:
    """Names of every address that is not the admin's."""
    return {name for where, name, _ in _views(get_resolver()) if not where.startswith("admin/")}


def test_page_types_when_there_is_one_then_a_place_shows_it_or_a_reason_says_why_not():
    shown = {place.of for place in places.PUBLIC}
    assert TYPES - shown == set(places.NO_TYPE)


def test_addresses_when_there_is_one_then_a_place_shows_it_or_a_reason_says_why_not():
    shown = {place.of for place in places.PUBLIC}
    assert addresses() - shown == set(places.NO_PAGE)


def test_places_when_listed_then_each_is_of_something_there_is():
    assert {place.of for place in places.PUBLIC} <= TYPES | addresses()
    every = {name for _, name, _ in _views(get_resolver())}
    assert {place.of for place in ADMIN} <= every
    assert set(EDITORS) <= TYPES
    for listed in (places.PUBLIC, ADMIN):
        names = [place.name for place in listed]
        assert len(names) == len(set(names))


def test_admin_when_an_address_of_ours_is_there_then_a_place_shows_it_or_a_reason_says_why_not():
    shown = {place.of for place in ADMIN}
    left = [pattern for patterns, _ in NO_ADMIN_PAGE for pattern in patterns.split()]
    for _, name, _ in our_views():
        assert name in shown or any(fnmatchcase(name, pattern) for pattern in left), name


def test_arguments_when_an_address_needs_them_then_the_world_is_made_with_them():
    """The world is made for `make gates` alone; what it imports has to be there all the same."""
    made = world.World(types={"HomePage": "/"}, given={"as_of": ("2026-01-01", "transport/")})
    assert made.address(places.Place("x", "HomePage", path="no-such-page/")) == "/no-such-page/"
    assert made.address(places.Place("x", "as_of", path="../other/")) == "/as-of/2026-01-01/other/"


def test_statement_when_the_demonstration_shows_it_then_what_only_people_can_check_is_not_claimed():
    statement = json.loads((settings.BASE_DIR / "demo/statement.json").read_text(encoding="utf-8"))
    for words in ("screen reader", "voice control", "magnifier", "Easy Read", "disabled young people"):
        assert words in statement["not_yet_checked"], words
    for checker in ("axe", "HTML_CodeSniffer", "Nu HTML checker", "Tab key"):
        assert checker in statement["method"], checker
    assert "screen reader" not in statement["method"]
    assert statement["compliance"] == "partial"
