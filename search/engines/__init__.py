"""Engines behind one port (`base.SearchEngine`), picked by one setting, SEARCH_URL."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from search.engines.base import SearchEngine

_EMBEDDED = "search.engines.embedded.EmbeddedEngine"
_SERVER = "search.engines.elasticsearch.ElasticsearchEngine"
# Scheme of SEARCH_URL to the engine that answers it.
ENGINES = {
    "embedded": _EMBEDDED,
    "elasticsearch": _SERVER,
    "elasticsearch+https": _SERVER,
    "opensearch": _SERVER,
    "opensearch+https": _SERVER,
}
_instead: ContextVar[SearchEngine | None] = ContextVar("engine", default=None)


def scheme() -> str:
    return urlsplit(settings.SEARCH_URL).scheme


def current() -> SearchEngine:
    """The engine of this process."""
    return _instead.get() or of_process()


@cache
def of_process() -> SearchEngine:
    """Made at the first question, so that each worker has its own."""
    from django.utils.module_loading import import_string

    if scheme() not in ENGINES:
        raise ImproperlyConfigured(unknown_engine())
    engine: SearchEngine = import_string(ENGINES[scheme()])()
    return engine


@contextmanager
def instead(engine: SearchEngine) -> Iterator[None]:
    """Ask this engine inside the block, to measure it."""
    token = _instead.set(engine)
    try:
        yield
    finally:
        _instead.reset(token)


def unknown_engine() -> str:
    """Names the scheme alone: the rest may hold a password."""
    known = ", ".join(f"{name}://" for name in ENGINES)
    return f"SEARCH_URL begins with “{scheme()}”. It must begin with one of {known}."
