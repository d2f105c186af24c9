"""Whether one source sends too much, without keeping who it is.

The source is a hash of its address with the day and the site's secret: it cannot be turned back,
means nothing tomorrow, and is forgotten within two hours. The count is a row of the database, so
that it is the same for every worker and every server.
"""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta
from ipaddress import IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from localoffer.models import ThrottleCount

KEPT = timedelta(hours=2)


def is_flood(request: HttpRequest, *, name: str, hourly: int) -> bool:
    """Whether this source has done `name` more than `hourly` times this hour; counts this one."""
    source = address_of(request)
    return bool(source) and is_flood_of(source, name=name, hourly=hourly)


def is_flood_of(source: str, *, name: str, hourly: int) -> bool:
    """The same for any source that has a name, such as "everybody"."""
    now = timezone.now()
    return _count(_key(source, name, now), now) > hourly


# Name of the count, whose it is, and how many an hour.
Limit = tuple[str, str, int]


def is_reached(limits: Iterable[Limit]) -> bool:
    """Whether any of them is used up; counts nothing."""
    return any(hits(source, name=name) >= most for name, source, most in limits)


def take(limits: Iterable[Limit]) -> list[str] | None:
    """Count once for each before the thing is tried: of many who try at one moment no more get through than
    of many who come in turn. What was counted, for `give_back`; None, and nothing counted, where one of
    them is used up."""
    now = timezone.now()
    taken: list[str] = []
    for name, source, most in limits:
        key = _key(source, name, now)
        counts = ThrottleCount.objects.filter(key=key)
        if not counts.filter(hits__lt=most).update(hits=F("hits") + 1) and (
            counts.exists() or _count(key, now) > most
        ):
            give_back(taken)
            return None
        taken.append(key)
    return taken


def give_back(taken: Iterable[str]) -> None:
    """It was none of those that are limited, such as the right password."""
    ThrottleCount.objects.filter(key__in=list(taken), hits__gt=0).update(hits=F("hits") - 1)


def hits(source: str, *, name: str) -> int:
    """How often a source did something this hour, without counting this time."""
    found = ThrottleCount.objects.filter(key=_key(source, name, timezone.now()))
    return found.values_list("hits", flat=True).first() or 0


def _key(source: str, name: str, now: datetime) -> str:
    message = f"{name}|{now:%Y-%m-%d}|{source}".encode()
    digest = hmac.new(settings.SECRET_KEY.encode(), message, hashlib.sha256).hexdigest()[:24]
    return f"{name}:{digest}:{now:%H}"


def _count(key: str, now: datetime) -> int:
    """Add one to a count and say how much it is; the first of an hour clears what is old."""
    counts = ThrottleCount.objects.filter(key=key)
    if not counts.update(hits=F("hits") + 1):
        ThrottleCount.objects.filter(made_at__lt=now - KEPT).delete()
        try:
            with transaction.atomic():
                ThrottleCount.objects.create(key=key, made_at=now)
        except IntegrityError:  # another worker was a moment quicker
            counts.update(hits=F("hits") + 1)
    return counts.values_list("hits", flat=True).first() or 0


def address_of(request: HttpRequest) -> str:
    """The client's network address, as far as we can trust who tells us."""
    if getattr(settings, "BEHIND_PROXY", False):
        forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "")
        return _place(str(forwarded).rpartition(",")[2].strip()[:100])
    return _place(str(request.META.get("REMOTE_ADDR", "")))


def _place(given: str) -> str:
    """Where an address is, without the port that some proxies add. One household or company has 2**64
    addresses of IPv6 to choose from, which are one place."""
    bare = given.partition("]")[0].removeprefix("[") if given.startswith("[") else given
    bare = bare.partition(":")[0] if bare.count(":") == 1 else bare
    try:
        found = ip_address(bare.partition("%")[0])
    except ValueError:
        return given
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(IPv6Network((found, 64), strict=False))
    return str(found)
