"""One run of a command at a time. The lock goes with the process: a crash leaves none behind."""

import fcntl
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection


class AlreadyRunning(Exception):
    """Another run of the same command has not ended."""


@contextmanager
def only_one(name: str) -> Iterator[None]:
    """Within it no other process runs `name` on this database. Raises AlreadyRunning at once.

    PostgreSQL keeps the lock with the connection, for any number of servers. SQLite is a file of
    one machine, and so is the lock.
    """
    if connection.vendor == "postgresql":
        with _advisory(zlib.crc32(name.encode())):
            yield
        return
    path = settings.VAR_DIR / f"{name}.lock"
    with path.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunning(name) from error
        yield


@contextmanager
def _advisory(number: int) -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [number])
        if not cursor.fetchone()[0]:
            raise AlreadyRunning(str(number))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [number])
