"""The contract of every importer: read -> plan -> apply.

An importer turns its file into entries of plain values (`read`). The planner compares them
with what is held, and what was imported before, and says what would happen (`Plan`). Nothing
is written until the plan is applied, all or nothing.
"""

import gc
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from django.db import connection
from wagtail.models import Site

if TYPE_CHECKING:
    from services.importers.meanings import Meanings

# Values that JSON can hold, by the name of the field they are for (`services.importers.facts`).
Facts = dict[str, Any]


# Somebody else holds what is to be written, or the whole of SQLite: to say, with what to do next.
BUSY = "The database was busy with other work. Nothing was written."


class UnusableFile(ValueError):
    """A file of which nothing can be used; the message is for the person who chose it."""


class UnknownColumns(UnusableFile):
    """A table without a column that it must have. Staff may say which of `header` it is."""

    def __init__(self, message: str, header: Sequence[str]) -> None:
        super().__init__(message)
        self.header = list(header)


class ChangedMeanwhile(Exception):
    """What is held is no longer what a plan was made from. Nothing was written."""


class Progress(Protocol):
    """Told now and then how far a step has come; `total` is 0 when nobody knows."""

    def __call__(self, step: str, done: int, total: int) -> None: ...


def no_progress(step: str, done: int, total: int) -> None:
    """For callers with nobody watching."""


def _map_file(size: int) -> int:
    """Let SQLite map so many bytes of its file into memory; how many it did before."""
    if connection.vendor != "sqlite":
        return 0
    connection.ensure_connection()
    before = connection.connection.execute("PRAGMA mmap_size").fetchone()
    connection.connection.execute(f"PRAGMA mmap_size={int(size)}")
    return before[0] if before else 0


@contextmanager
def many_rows() -> Iterator[None]:
    """For work on many rows at once: what Python and Django do beside each of them is held back.

    By default Python's cycle collector walks every live object each time their number grows by some
    hundreds, which is a third of the time of a large import. Here it looks at the young ones only,
    and seldom. And while `DEBUG` is on Django keeps the text of its last 9,000 queries, which here
    hold whole files; here it keeps none. SQLite reads its file with less memory of the process.
    """
    before, log = gc.get_threshold(), connection.queries_log
    gc.set_threshold(20_000, 20, 1000)
    if not connection.force_debug_cursor:
        connection.queries_log = deque(maxlen=0)
    mapped = _map_file(0)
    try:
        yield
    finally:
        _map_file(mapped)
        connection.queries_log = log
        gc.set_threshold(*before)


BOTH_LINKS = frozenset({"organisation", "locations"})


@dataclass(frozen=True, slots=True)
class Part:
    """An organisation or place that an entry names, under the source's own id.

    `incoming` and `version` are as in `Entry`.
    """

    external_id: str
    facts: Facts
    incoming: Facts | None = None
    version: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One service as its source has it.

    `facts` holds only what the source says: a field it lacks is never touched. `once` holds
    values for a new service that later imports leave alone. `line` is where it starts. `links`
    names those of organisation and locations that the source speaks of: one that it says nothing
    of stays as it is. `incoming` is what the source sent, whole, kept with the import's record.
    `version` is what our own export said the entry was (`facts.version`): while it still is, the
    file was made from what is held and nothing was edited here since.
    """

    line: int
    external_id: str
    facts: Facts
    organisation: Part | None = None
    locations: tuple[Part, ...] = ()
    once: Facts = field(default_factory=dict)
    links: frozenset[str] = BOTH_LINKS
    incoming: Facts | None = None
    version: str = ""

    @property
    def name(self) -> str:
        return str(self.facts.get("name", self.external_id))


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that cannot be used, and why."""

    line: int
    field: str
    reason: str
    external_id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is sound and is not for us, such as a closed school."""

    line: int
    reason: str
    external_id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Warned:
    """A value that was left out while its row was used."""

    line: int
    field: str
    reason: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Unrecognised:
    """A word of the source that we do not know and left out. Staff may say what it means.

    `subject` is one of `meanings.SUBJECTS`, such as "need" or "column".
    """

    line: int
    subject: str
    value: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """An entry with the fields that differ: name of the field to (value here, value in the source)."""

    line: int
    external_id: str
    name: str
    fields: dict[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Vanished:
    """Held here and no longer in the source. Listed for a person to look at; never deleted."""

    external_id: str
    name: str
    reason: str


Item = Entry | Rejected | Skipped | Warned | Unrecognised


class Importer(Protocol):
    """One format. `source` is stored with each entry; with its external id it is the entry's key.

    `columns` are our names of a table's columns, with words for staff, of those that a column
    with an unknown heading may be said to be; empty for a format that is no table.
    """

    source: str
    label: str
    columns: Mapping[str, str]

    def read(self, path: Path, authority: Site, progress: Progress, meanings: "Meanings") -> Iterator[Item]:
        """Entries of the file, streamed. Raises UnusableFile before the first when it is not one of these.

        A word that is in no vocabulary is looked up in `meanings`; one that is not there either is
        left out, and said as `Unrecognised`.
        """
        ...
