"""One worker of a parallel run migrates; the others begin with a copy of its empty database.

To migrate takes longer than a hundred tests do. Django migrates the copy too, and finds nothing to do.
"""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

SUFFIX = "migrated"


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One worker of the run at a time."""
    with (folder / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def begin_with_copy(folder: Path) -> sqlite3.Connection | None:
    """Before Django makes the database of a worker: let it be a copy, where another worker left one.

    On SQLite the answer is what keeps the copy in memory: close it once Django has opened it.
    """
    connection = connections["default"]
    if connection.vendor == "sqlite":
        return _begin_in_memory(connection, _file_in(folder))
    if _name_in(folder).exists():
        connection.settings_dict["TEST"]["TEMPLATE"] = _name_in(folder).read_text(encoding="utf-8")
    return None


def _begin_in_memory(connection: BaseDatabaseWrapper, copy: Path) -> sqlite3.Connection | None:
    memory = connection.creation._get_test_db_name()
    if not copy.exists() or not connection.creation.is_in_memory_db(memory):
        return None
    held = sqlite3.connect(memory, uri=True)
    with closing(sqlite3.connect(copy)) as source:
        source.backup(held)
    return held


def leave_copy(folder: Path) -> bool:
    """After Django made the database of a worker: leave a copy, where there is none. Whether one was left."""
    connection = connections["default"]
    if _file_in(folder).exists() or _name_in(folder).exists():
        return False
    if connection.vendor == "sqlite":
        connection.ensure_connection()
        with closing(sqlite3.connect(_file_in(folder))) as copy:
            connection.connection.backup(copy)
    else:
        connection.creation.clone_test_db(SUFFIX, verbosity=0, autoclobber=True)
        name = connection.creation.get_test_db_clone_settings(SUFFIX)["NAME"]
        _name_in(folder).write_text(name, encoding="utf-8")
    return True


def take_copy_away(folder: Path) -> None:
    """On PostgreSQL: a worker that has not begun by now migrates for itself."""
    if _name_in(folder).exists():
        _name_in(folder).unlink()
        connections["default"].creation.destroy_test_db(suffix=SUFFIX, verbosity=0)


def _file_in(folder: Path) -> Path:
    return folder / "migrated.sqlite3"


def _name_in(folder: Path) -> Path:
    return folder / "migrated.name"
