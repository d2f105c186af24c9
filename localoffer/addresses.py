"""Addresses of named pages, worked out once: `reverse` looks its patterns up afresh at every call, and the
frame of a page alone asks for ten."""

from functools import lru_cache

from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse


def of(name: str) -> str:
    """The address of a named page that takes no arguments, or empty where this installation has none."""
    return _reversed(name, get_urlconf(), get_script_prefix())


@lru_cache(maxsize=256)
def _reversed(name: str, urlconf: str | None, prefix: str) -> str:
    """`urlconf` and `prefix` are what else `reverse` depends on."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
