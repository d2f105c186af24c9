"""`manage.py check` tells of search that is set up wrongly."""

from dataclasses import replace

import pytest
from django.core.exceptions import ImproperlyConfigured

from search import checks, engines, facets


def ids(messages) -> list[str]:
    return [message.id for message in messages]


def test_check_engine_when_embedded_then_nothing_to_say():
    assert checks.check_engine(None) == []


@pytest.mark.parametrize("url", ["elastic://localhost", "http://localhost", "", "embedded"])
def test_check_engine_when_another_then_refused_plainly(settings, url):
    settings.SEARCH_URL = url
    (error,) = checks.check_engine(None)
    assert error.id == "search.E006"
    assert "embedded://" in error.msg
    with pytest.raises(ImproperlyConfigured):
        engines.current()


def test_check_facets_when_declared_well_then_nothing_to_say():
    assert checks.check_facets(None) == []


def test_check_facets_when_declared_twice_reserved_or_nameless_then_told(monkeypatch):
    first = facets.FACETS[0]
    wrong = (*facets.FACETS, first, replace(first, key="age"), replace(first, key="x", label=" "))
    monkeypatch.setattr(facets, "FACETS", wrong)
    assert ids(checks.check_facets(None)) == ["search.E001", "search.E002", "search.E003"]


def test_check_labels_when_a_value_has_none_or_is_there_twice_then_told(db, monkeypatch):
    option = facets.Option("a", "")
    wrong = (replace(facets.FACETS[0], offer=lambda: [option, option]),)
    monkeypatch.setattr(facets, "FACETS", wrong)
    assert ids(checks.check_facet_labels(None, databases=["default"])) == [
        "search.E004",
        "search.E004",
        "search.E005",
    ]
    assert checks.check_facet_labels(None) == []


def test_check_labels_when_declared_well_then_nothing_to_say(db):
    assert checks.check_facet_labels(None, databases=["default"]) == []
