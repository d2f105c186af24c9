"""Rules of search that `manage.py check` proves."""

from collections import Counter
from typing import Any

from django.core.checks import CheckMessage, Error, Tags, Warning
from django.core.checks import register as register_check
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError

from search import engines, facets

# Parameters of the results page that are not facets.
RESERVED = {"q", "age", "postcode", "within", "sort", "page", "show", "saved"}


def check_facets(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every facet is declared once, has words for families, and takes no other parameter's name."""
    errors: list[CheckMessage] = []
    for key, times in Counter(facet.key for facet in facets.FACETS).items():
        if times > 1:
            errors.append(Error(f"The facet “{key}” is declared {times} times.", id="search.E001"))
        if key in RESERVED:
            errors.append(Error(f"The facet “{key}” has the name of another parameter.", id="search.E002"))
    errors += [
        Error(f"The facet “{facet.key}” has no label.", id="search.E003")
        for facet in facets.FACETS
        if not facet.label.strip()
    ]
    return errors


def check_facet_labels(
    app_configs: Any, databases: list[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Every value that is offered has words, and is offered once. Vocabularies are in the database."""
    if not databases:
        return []
    try:
        offered = facets.offered()
    except DatabaseError:  # not migrated yet
        return []
    errors: list[CheckMessage] = []
    for key, options in offered.items():
        errors += [
            Error(f"The facet “{key}” offers “{option.value}” without a label.", id="search.E004")
            for option in options
            if not option.label.strip()
        ]
        twice = [value for value, times in Counter(o.value for o in options).items() if times > 1]
        errors += [Error(f"The facet “{key}” offers “{value}” twice.", id="search.E005") for value in twice]
    return errors


def check_engine(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """SEARCH_URL names an engine that this version has, and its server answers."""
    try:
        if engines.scheme() not in engines.ENGINES:
            raise ImproperlyConfigured(engines.unknown_engine())
        problems = engines.current().problems() if engines.scheme() != "embedded" else []
    except ImproperlyConfigured as error:
        return [Error(str(error), hint="Use SEARCH_URL=embedded://", id="search.E006")]
    except DatabaseError:  # not migrated yet
        return []
    return [Warning(problem, id="search.W001") for problem in problems]


def register() -> None:
    """Called once, when the app is ready."""
    register_check(check_facets, "search")
    register_check(check_engine, "search")
    register_check(check_facet_labels, Tags.database)
