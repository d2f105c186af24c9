"""The index as one file on this server's disk, which every worker maps instead of reading every row.

A file belongs to a moment of one database: its name is in the database's own table beside the generation it
holds, so that a file of another database, or of a past that a restored backup has undone, is never used.
"""

import logging
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any

from django.conf import settings
from numpy.typing import NDArray

from search.engines import arrays
from search.models import IndexSnapshot, IndexState

logger = logging.getLogger(__name__)

# Files of another shape are passed over; count up when an array changes.
SHAPE = 1
# Names that are kept: each server makes its own, and workers may still begin with the last but one.
MOST_NAMES, MOST_FILES = 40, 2
# Seconds after which a file that the database does not know is nobody's.
FORGOTTEN = 7 * 24 * 3_600

Content = tuple[dict[str, NDArray[Any]], Any]


def folder() -> Path:
    return Path(settings.VAR_DIR) / "search"


def _path(name: str) -> Path:
    return folder() / f"{name}.v{SHAPE}"


def newest(state: IndexState) -> tuple[int, Content] | None:
    """(generation, content) of the newest file that is true for this state; None without one."""
    known = IndexSnapshot.objects.filter(generation__gte=state.purged, generation__lte=state.generation)
    for name, generation in known.order_by("-generation", "-pk").values_list("name", "generation"):
        if not _path(name).exists():
            continue
        try:
            return generation, arrays.read(_path(name))
        except (OSError, ValueError, arrays.Damaged) as error:
            logger.warning("A file of the search index cannot be read: %s", error)
    return None


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Of the workers that start on this server together one makes the file, and the others wait for it."""
    with ExitStack() as held:
        try:
            folder().mkdir(parents=True, exist_ok=True)
            lock = held.enter_context((folder() / "lock").open("w"))
            flock(lock, LOCK_EX)
        except OSError as error:
            logger.warning("The folder of the search index cannot be used: %s", error)
        yield


def keep(generation: int, held: Mapping[str, NDArray[Any]], about: Mapping[str, Any]) -> None:
    """Write a file for other workers to begin with. A full disk is no error: they read the rows."""
    name = secrets.token_hex(16)
    try:
        folder().mkdir(parents=True, exist_ok=True)
        arrays.write(_path(name), held, about)
    except OSError as error:
        logger.warning("The search index could not be kept on disk: %s", error)
        return
    IndexSnapshot.objects.create(name=name, generation=generation)
    _tidy()


def _tidy() -> None:
    """Files that are mapped may go: who maps them keeps them until it ends."""
    names = list(IndexSnapshot.objects.order_by("-pk").values_list("name", flat=True))
    IndexSnapshot.objects.filter(name__in=names[MOST_NAMES:]).delete()
    here = [name for name in names if _path(name).exists()]
    for name in here[MOST_FILES:]:
        _path(name).unlink(missing_ok=True)
    for path in folder().iterdir():
        if path.suffix and path.stem not in here and time.time() - path.stat().st_mtime > FORGOTTEN:
            path.unlink(missing_ok=True)
