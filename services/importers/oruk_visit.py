"""Fetching a feed while somebody waits in the admin: for half a minute at most, then where it stopped.

What was fetched is kept. Whoever waits presses the button again, and the fetch goes on from there.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.core.files import File
from wagtail.models import Site

from localoffer.run_lock import AlreadyRunning, only_one
from services.fetching import Limits
from services.importers.base import UnusableFile
from services.importers.oruk import as_imported
from services.importers.oruk_feed import Politeness, gather, services_address

# Seconds. A page that begins in time may take its own limit more: below what a web server allows.
PATIENCE = 30.0
DELAY = 0.5
LIMITS = Limits(wait=15, total=30, size=20 * 1024 * 1024)
COMMAND = "Ask whoever runs the site to import it with manage.py import_services."


class _Visit:
    """One fetch against the clock."""

    def __init__(self) -> None:
        self.ends = time.monotonic() + PATIENCE
        self.count = 0

    def progress(self, step: str, done: int, total: int) -> None:
        """After each page, when all up to it is kept."""
        self.count = done
        if done < total and time.monotonic() > self.ends:
            raise UnusableFile(
                f"The feed is long. {done:,} of {total:,} services are fetched and kept. "
                "Press the button again to go on."
            )

    def sleep(self, seconds: float) -> None:
        """Between requests, and after an answer that asks us to wait."""
        if time.monotonic() + seconds <= self.ends:
            time.sleep(seconds)
        elif self.count:
            raise UnusableFile(
                "The feed is slow now. What was fetched is kept. Press the button again later."
            )
        else:
            raise UnusableFile(f"The feed answers too slowly to wait for it here. {COMMAND}")


@contextmanager
def fetched(url: str, *, authority: Site) -> Iterator[File]:
    """The services of a feed as a file, named by the feed's address without what may be secret in it.

    Raises UnusableFile when it cannot be fetched, or not yet all of it.
    """
    with gathered(url, authority).open("rb") as held:
        yield File(held, name=shown(url))


def gathered(url: str, authority: Site) -> Path:
    visit = _Visit()
    try:
        with only_one("fetch-feed"):
            return gather(
                url,
                politeness=Politeness(delay=DELAY, limits=LIMITS, sleep=visit.sleep),
                progress=visit.progress,
                known=as_imported(authority),
            )
    except AlreadyRunning as error:
        raise UnusableFile("Somebody else fetches a feed just now. Try again in a minute.") from error


def shown(url: str) -> str:
    """A feed's address without name, password and query."""
    parts = urlsplit(services_address(url))
    return f"{parts.hostname}{parts.path}"
