"""Rows that wait on disk: an import of any length takes the memory of a middling one.

What a plan finds, and what it would write, is put here as it is found and read back some at a time.
What there is little of stays in memory, since writing it out and making it again costs a fifth of an import.
It is a private file of SQLite's that has no name and is gone with its owner, also after a crash.
"""

import pickle
import sqlite3
from collections.abc import Iterator, Sequence
from operator import eq
from typing import Any, Generic, TypeVar, overload
from weakref import finalize

T = TypeVar("T")
# How many rows are held in all before any goes to disk: those of some 6,000 services.
MOST_HELD = 32_000
# From then on how many of a kind are held before they go to disk, and how many are read back at once.
HELD = 500
CACHE_KB = 4_000
_TABLES = """
CREATE TABLE list (owner INTEGER, n INTEGER, body BLOB);
CREATE INDEX list_order ON list (owner, n);
CREATE TABLE shelf (n INTEGER PRIMARY KEY, owner INTEGER, key TEXT, body BLOB, UNIQUE (owner, key));
CREATE INDEX shelf_order ON shelf (owner, n);
"""


class Spool:
    """The file that rows wait in. It is made when there is more than memory should hold."""

    def __init__(self) -> None:
        self._owners = 0
        self._taken = 0
        self._file: sqlite3.Connection | None = None

    def new_owner(self) -> int:
        self._owners += 1
        return self._owners

    def must_write(self, held: int) -> bool:
        """Whether an owner that holds so many rows, one of them new, is to write them out."""
        self._taken += 1
        return held >= HELD and self._taken > MOST_HELD

    @property
    def file(self) -> sqlite3.Connection:
        if self._file is None:
            self._file = sqlite3.connect("", isolation_level=None, check_same_thread=False)
            finalize(self, self._file.close)
            self._file.execute("PRAGMA journal_mode=OFF")
            self._file.execute(f"PRAGMA cache_size=-{CACHE_KB}")
            self._file.executescript(_TABLES)
            self._file.execute("BEGIN")
        return self._file


class Rows(Sequence[T], Generic[T]):
    """Like a list that only grows."""

    def __init__(self, spool: Spool) -> None:
        self._spool, self._owner = spool, spool.new_owner()
        self._written = 0
        self._held: list[T] = []

    def append(self, row: T) -> None:
        self._held.append(row)
        if self._spool.must_write(len(self._held)):
            bodies = ((self._owner, n, _packed(each)) for n, each in enumerate(self._held, self._written))
            self._spool.file.executemany("INSERT INTO list VALUES (?, ?, ?)", bodies)
            self._written += len(self._held)
            self._held = []

    def __len__(self) -> int:
        return self._written + len(self._held)

    def between(self, start: int, stop: int) -> list[T]:
        """Rows `start` to before `stop`."""
        found: list[T] = []
        if start < self._written:
            sql = "SELECT body FROM list WHERE owner = ? AND n >= ? AND n < ? ORDER BY n"
            asked = (self._owner, start, stop)
            found = [_unpacked(body) for (body,) in self._spool.file.execute(sql, asked)]
        return found + self._held[max(0, start - self._written) : max(0, stop - self._written)]

    def __iter__(self) -> Iterator[T]:
        for start in range(0, len(self), HELD):
            yield from self.between(start, start + HELD)

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> list[T]: ...
    def __getitem__(self, at: int | slice) -> T | list[T]:
        if isinstance(at, slice):
            start, stop, step = at.indices(len(self))
            return self.between(start, stop)[::step] if step > 0 else list(self)[at]
        place = at + len(self) if at < 0 else at
        if not 0 <= place < len(self):
            raise IndexError(at)
        return self.between(place, place + 1)[0]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(map(eq, self, other))

    __hash__ = None

    def __repr__(self) -> str:
        return f"{self[:3]!r}, {len(self):,} in all"


class Shelf(Generic[T]):
    """Like a dict of text keys, in the order in which they first came."""

    def __init__(self, spool: Spool) -> None:
        self._spool, self._owner = spool, spool.new_owner()
        self._written = False
        self._held: dict[str, T] = {}

    def __setitem__(self, key: str, value: T) -> None:
        self._held[key] = value
        if self._spool.must_write(len(self._held)):
            self._write()

    def _write(self) -> None:
        if not self._held:
            return
        bodies = ((self._owner, _text(key), _packed(value)) for key, value in self._held.items())
        self._spool.file.executemany(
            "INSERT INTO shelf (owner, key, body) VALUES (?, ?, ?) "
            "ON CONFLICT (owner, key) DO UPDATE SET body = excluded.body",
            bodies,
        )
        self._written, self._held = True, {}

    def get(self, key: str) -> T | None:
        if key in self._held:
            return self._held[key]
        if not self._written:
            return None
        sql = "SELECT body FROM shelf WHERE owner = ? AND key = ?"
        found = self._spool.file.execute(sql, (self._owner, _text(key))).fetchone()
        return _unpacked(found[0]) if found else None

    def __contains__(self, key: str) -> bool:
        if key in self._held or not self._written:
            return key in self._held
        sql = "SELECT 1 FROM shelf WHERE owner = ? AND key = ?"
        return self._spool.file.execute(sql, (self._owner, _text(key))).fetchone() is not None

    def pop(self, key: str) -> T | None:
        """What was under a key, which is taken off; None where there is nothing."""
        found = self.get(key)
        self._held.pop(key, None)
        if self._written:
            sql = "DELETE FROM shelf WHERE owner = ? AND key = ?"
            self._spool.file.execute(sql, (self._owner, _text(key)))
        return found

    def clear(self) -> None:
        if self._written:
            self._spool.file.execute("DELETE FROM shelf WHERE owner = ?", (self._owner,))
        self._written, self._held = False, {}

    def __len__(self) -> int:
        if not self._written:
            return len(self._held)
        self._write()
        sql = "SELECT count(*) FROM shelf WHERE owner = ?"
        return int(self._spool.file.execute(sql, (self._owner,)).fetchone()[0])

    def items(self) -> Iterator[tuple[str, T]]:
        if not self._written:
            yield from list(self._held.items())
            return
        self._write()
        last, some = 0, [()]
        while some:
            sql = "SELECT n, key, body FROM shelf WHERE owner = ? AND n > ? ORDER BY n LIMIT ?"
            some = self._spool.file.execute(sql, (self._owner, last, HELD)).fetchall()
            yield from ((key, _unpacked(body)) for _, key, body in some)
            last = some[-1][0] if some else last

    def values(self) -> Iterator[T]:
        return (value for _, value in self.items())


def _text(key: str) -> str:
    """A key as UTF-8 can hold it: a hostile file may send half of a pair of surrogates."""
    return key.encode("utf-8", "backslashreplace").decode()


def _packed(value: Any) -> bytes:
    return pickle.dumps(value, protocol=5)


def _unpacked(body: bytes) -> Any:
    return pickle.loads(body)  # noqa: S301  # what was packed here, in a file that nobody else can open
