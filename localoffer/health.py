"""Whether the site lives (/healthz) and whether it is ready to be sent readers (/readyz).

Both are answered before anything else: by whatever name or address a balancer asks, without HTTPS,
without a cookie. They tell states, and no name, version, path or message of an error.
"""

import logging
import shutil
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.utils.crypto import get_random_string
from wagtail import hooks

logger = logging.getLogger(__name__)
KEPT_SECONDS = 2.0  # however often they are asked, the checks run once in so long
READINESS = "register_readiness_check"


class State(StrEnum):
    """`degraded`: something is gone that the site goes on without."""

    OK = "ok"
    DEGRADED = "degraded"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Check:
    """`probe` gives a state, or raises: then it has failed. Apps below add theirs by the hook READINESS."""

    name: str
    probe: Callable[[], State]


@dataclass(frozen=True, slots=True)
class Readiness:
    """What every check said."""

    states: dict[str, State]

    @property
    def is_ready(self) -> bool:
        return State.FAILED not in self.states.values()


def probe_database() -> State:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return State.OK


_migrated: set[frozenset[tuple[str, str]]] = set()


def probe_migrations() -> State:
    """Every migration of this code is applied. What a database holds beyond it is no harm: see README.

    One query; reading the files again only when what is applied has changed.
    """
    applied = frozenset(MigrationRecorder(connection).applied_migrations())
    if applied in _migrated:
        return State.OK
    loader = MigrationLoader(connection)
    if set(loader.graph.nodes) - set(loader.applied_migrations):
        return State.FAILED
    _migrated.clear()
    _migrated.add(applied)
    return State.OK


def probe_disk() -> State:
    """Room for what is written: the database's files, uploads and imports."""
    least = settings.DISK_FREE_LEAST * 1_000_000
    for folder in {settings.VAR_DIR, _existing(Path(settings.MEDIA_ROOT))}:
        if shutil.disk_usage(folder).free < least:
            return State.FAILED
    return State.OK


def _existing(folder: Path) -> Path:
    """The folder, or the nearest above it that is there."""
    return next((f for f in (folder, *folder.parents) if f.exists()), folder)


def probe_cache() -> State:
    """The site goes on without its cache, more slowly."""
    value = get_random_string(8)
    cache.set("localoffer.health", value, 10)
    return State.OK if cache.get("localoffer.health") == value else State.DEGRADED


OWN = (
    Check("database", probe_database),
    Check("migrations", probe_migrations),
    Check("disk", probe_disk),
    Check("cache", probe_cache),
)


def checks() -> Iterable[Check]:
    return (*OWN, *(make() for make in hooks.get_hooks(READINESS)))


def look() -> Readiness:
    return Readiness({check.name: _state(check) for check in checks()})


def _state(check: Check) -> State:
    try:
        state = check.probe()
    except Exception as error:  # whatever is wrong, the balancer must be told
        logger.error("The check of %s failed: %s", check.name, type(error).__name__)
        return State.FAILED
    if state is State.FAILED:
        logger.error("The check of %s failed.", check.name)
    return state


class HealthMiddleware:
    """Answers /healthz and /readyz; every other request goes on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.kept: Readiness | None = None
        self.until = 0.0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answers = {"/healthz": self.alive, "/readyz": self.ready}
        answer = answers.get(request.path_info)
        if answer is None:
            return self.get_response(request)
        response = answer() if request.method in ("GET", "HEAD") else HttpResponseNotAllowed(["GET", "HEAD"])
        response["Cache-Control"] = "no-store"
        response["X-Content-Type-Options"] = "nosniff"
        return response

    def alive(self) -> HttpResponse:
        """This process answers. Touches nothing, so that a database's trouble starts no server anew."""
        return JsonResponse({"alive": True})

    def ready(self) -> HttpResponse:
        if self.kept is None or time.monotonic() >= self.until:
            self.kept = look()
            self.until = time.monotonic() + KEPT_SECONDS
        found = self.kept
        status = 200 if found.is_ready else 503
        return JsonResponse({"ready": found.is_ready, "checks": found.states}, status=status)
