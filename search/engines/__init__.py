"""Engines behind one port (`base.SearchEngine`), picked by one setting, SEARCH_URL."""

from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from search.engines.base import SearchEngine

# Scheme of SEARCH_URL to the engine that answers it.
ENGINES = {"embedded": "search.engines.embedded.EmbeddedEngine"}


def scheme() -> str:
    return urlsplit(settings.SEARCH_URL).scheme


@cache
def current() -> SearchEngine:
    """The engine of this process."""
    from django.utils.module_loading import import_string

    if scheme() not in ENGINES:
        raise ImproperlyConfigured(unknown_engine())
    engine: SearchEngine = import_string(ENGINES[scheme()])()
    return engine


def unknown_engine() -> str:
    known = " or ".join(f"{name}://" for name in ENGINES)
    return f"SEARCH_URL is “{settings.SEARCH_URL}”. This version knows {known} only."
