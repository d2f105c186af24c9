"""Whether one source sends too much, without keeping who it is.

The source is a hash of its address with the day and the site's secret: it cannot be turned back,
means nothing tomorrow and is kept in the cache alone.
"""

import hashlib
import hmac

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

HOUR = 3600


def is_flood(request: HttpRequest, *, name: str, hourly: int) -> bool:
    """Whether this source has done `name` more than `hourly` times this hour; counts this one."""
    source = _address(request)
    if not source:
        return False
    now = timezone.now()
    message = f"{name}|{now:%Y-%m-%d}|{source}".encode()
    digest = hmac.new(settings.SECRET_KEY.encode(), message, hashlib.sha256).hexdigest()[:24]
    key = f"throttle:{name}:{digest}:{now:%H}"
    if cache.add(key, 1, HOUR):
        return False
    try:
        return cache.incr(key) > hourly
    except ValueError:  # it expired in between
        cache.add(key, 1, HOUR)
        return False


def _address(request: HttpRequest) -> str:
    """The client's network address, as far as we can trust who tells us."""
    if getattr(settings, "BEHIND_PROXY", False):
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
        return str(forwarded).rpartition(",")[2].strip()[:100]
    return str(request.META.get("REMOTE_ADDR", ""))
