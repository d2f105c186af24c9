"""Our own CSV package, or one table of services, into the directory.

A zip of CSV files, a workbook with the same sheets, or `services` alone. A column that is not there
says nothing; a blank cell says that there is nothing. What `services` lacks tables for it may carry
itself, in columns such as `organisation.name` or `location.postcode`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.text import slugify
from wagtail.models import Site

from services import postcodes
from services.importers import cells
from services.importers.base import (
    Entry,
    Facts,
    Item,
    Part,
    Progress,
    Rejected,
    UnknownColumns,
    Unrecognised,
    Warned,
)
from services.importers.cells import BadCell, quoted
from services.importers.csv_cells import value_of
from services.importers.facts import AT, LOCATION, ORGANISATION, OWN, ROWS, Kind, held_ids
from services.importers.files import open_tables
from services.importers.meanings import COLUMN, LEAVE_OUT, SUBJECTS, Meanings, split_list
from services.importers.points import point
from services.importers.table import Row, Table
from services.package.marks import HIDDEN, unmarked
from services.package.schema import LIST, Column, PackageTable, tables

EVERY = 250
LONGEST_ID = 100
MOST_UNKNOWN_COLUMNS = 100
Note = Unrecognised | Warned
HTML = "It holds HTML. Families would see it as it is written: send plain text."
# The first word of a column that services carry for a table they have not.
SINGULAR = {
    "organisation": "organisations",
    "location": "locations",
    "contact": "contacts",
    "cost": "costs",
    "schedule": "schedules",
}


class _Fault(Exception):
    """A cell for which its whole row is refused."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


def flat_columns() -> dict[str, str]:
    """Columns that `services` may carry for tables it comes without: name to words for staff."""
    found = {}
    for word, name in SINGULAR.items():
        table = tables()[name]
        skipped = {"id", "version", "service", AT}
        found |= {
            f"{word}.{column.name}": f"{word.capitalize()}: {column.title.lower()}"
            for column in table.columns
            if column.name not in skipped
        }
    return found


class CsvPackageImporter:
    """`source` "csv"; the external id is the row's own, or the UUID that we exported."""

    source = OWN
    label = "Our own CSV or spreadsheet"

    @property
    def columns(self) -> dict[str, str]:
        own = {column.name: column.title for column in tables()["services"].columns}
        return own | flat_columns()

    def read(self, path: Path, authority: Site, progress: Progress, meanings: Meanings) -> Iterator[Item]:
        with open_tables(path, tuple(tables())) as found:
            if "services" not in found:
                raise UnknownColumns("There is no table of services (services.csv).", [])
            yield from _Reading(found, authority, progress, meanings).items()


@dataclass(slots=True)
class _Broken:
    """A row of another table that cannot be used, and the fault that its service is refused for."""

    where: str
    reason: str


@dataclass(slots=True)
class _Around:
    """What the other tables say, by id. Small facts: the tables themselves are let go."""

    parts: dict[str, dict[str, Part | _Broken]] = field(default_factory=dict)
    rows: dict[str, dict[str, list[tuple[int, Facts]]]] = field(default_factory=dict)
    broken: dict[str, _Broken] = field(default_factory=dict)


class _Reading:
    """One package on its way to entries."""

    def __init__(
        self, found: dict[str, Table], authority: Site, progress: Progress, meanings: Meanings
    ) -> None:
        self.found, self.progress, self.meanings = found, progress, meanings
        self.around = _Around()
        kinds = (ORGANISATION, LOCATION)
        self.held = {kind.key: held_ids(kind, authority, OWN) for kind in kinds}
        self.places: dict[str, dict[str, int]] = {}
        self.unknown: dict[str, list[str]] = {}

    def items(self) -> Iterator[Item]:
        for name, table in self.found.items():
            self._find_columns(name, table)
        yield from self._unknown_columns()
        for name in self.found:
            if name != "services":
                yield from self._read_around(name)
        yield from self._services()
        yield from self._orphans()

    # -- columns -------------------------------------------------------------------

    def _find_columns(self, name: str, table: Table) -> None:
        """Our name of each column to its place; what else there is waits for staff to explain."""
        known = self._known(name)
        places, unknown = {}, []
        for place, heading in enumerate(table.header):
            plain = _heading(heading)
            said = self.meanings.said(COLUMN, heading)
            column = plain if plain in known else said
            if column in known:
                places[str(column)] = place
            elif plain and said != LEAVE_OUT:
                unknown.append(heading)
        missing = [column for column in _needed(name) if column not in places]
        if missing:
            there = ", ".join(table.header[:8])
            where = f"{name}.csv" if len(self.found) > 1 else "The file"
            doubt = "" if places else " None is one of ours. Look whether its first line is the header."
            raise UnknownColumns(
                f"{where} has no column {', '.join(missing)}. It has: {there}.{doubt}", table.header
            )
        self.places[name], self.unknown[name] = places, unknown

    def _known(self, name: str) -> set[str]:
        known = set(tables()[name].names)
        return known | set(flat_columns()) if name == "services" else known

    def _unknown_columns(self) -> Iterator[Item]:
        for name, headings in self.unknown.items():
            for heading in headings[:MOST_UNKNOWN_COLUMNS]:
                reason = f"We do not know the column {quoted(heading)} and left it out."
                yield Warned(1, f"{name}.csv", reason)
                yield Unrecognised(1, COLUMN, heading[:200], name)

    # -- the tables around services --------------------------------------------------

    def _read_around(self, name: str) -> Iterator[Item]:
        table = tables()[name]
        owner = "id" if table.kind else "service"
        for row in self.found[name].rows():
            cells_of = self._cells(name, row)
            key = cells.tidy(unmarked(cells_of.get(owner, "")))
            try:
                if row.fault:
                    raise _Fault("row", row.fault)
                notes, facts = self._facts(row.line, table.columns, cells_of, key)
                yield from notes
                self._keep(table, key, row.line, facts, cells_of.get("version", ""))
            except _Fault as fault:
                broken = _Broken(f"{name}.csv line {row.line}, {fault.column}", fault.reason)
                if key and table.kind:
                    self.around.parts.setdefault(name, {})[key] = broken
                elif key:
                    self.around.broken.setdefault(key, broken)
                else:
                    yield Rejected(row.line, f"{name}.csv {fault.column}", fault.reason)

    def _keep(self, table: PackageTable, key: str, line: int, facts: Facts, version: str) -> None:
        if not key:
            raise _Fault("id" if table.kind else "service", "There is no id.")
        if len(key) > LONGEST_ID:
            raise _Fault("id" if table.kind else "service", f"The id is longer than {LONGEST_ID} characters.")
        if table.kind is None:
            self.around.rows.setdefault(table.name, {}).setdefault(key, []).append((line, facts))
            return
        parts = self.around.parts.setdefault(table.name, {})
        if key in parts:
            parts[key] = _Broken(f"{table.name}.csv line {line}, id", f"{quoted(key)} is there twice.")
            return
        if table.kind is LOCATION and key in self.held[LOCATION.key]:
            facts = _of_hidden(facts)
        parts[key] = Part(key, facts, version=cells.tidy(version))

    def _cells(self, name: str, row: Row) -> dict[str, str]:
        width = len(row.cells)
        return {column: row.cells[at] for column, at in self.places[name].items() if at < width}

    # -- cells -----------------------------------------------------------------------

    def _facts(
        self, line: int, columns: Iterable[Column], found: dict[str, str], name: str, prefix: str = ""
    ) -> tuple[list[Note], Facts]:
        """What a row says in those columns that it has; a word nobody knows is left out and noted.

        `prefix` is what the table calls these columns by, such as "location.".
        """
        notes: list[Note] = []
        facts: Facts = {}
        for column in columns:
            if column.name not in found or column.name in ("id", "version", "service"):
                continue
            try:
                cell = found[column.name]
                if column.subject in SUBJECTS:
                    facts |= self._explained(line, column, cell, name, notes)
                else:
                    facts[column.name] = value_of(cell, column)
                    if cells.holds_html(cell):
                        notes.append(Warned(line, f"{prefix}{column.name}", HTML, name))
            except BadCell as fault:
                raise _Fault(f"{prefix}{column.name}", str(fault)) from fault
        try:
            point(facts.get("latitude"), facts.get("longitude"), facts.get("postcode", ""))
        except BadCell as fault:
            # What it says of the place is left out: one that is held stays where it is.
            del facts["latitude"], facts["longitude"]
            notes.append(Warned(line, f"{prefix}latitude", f"{fault} It was left out.", name))
        return notes, facts

    def _explained(self, line: int, column: Column, cell: str, name: str, notes: list[Note]) -> Facts:
        """Words of a vocabulary as its keys."""
        words = split_list(unmarked(cell)) if column.type == LIST else [cells.tidy(unmarked(cell))]
        keys = []
        for word in filter(None, words):
            key = self.meanings.of(column.subject, word)
            if key is None:
                notes.append(Unrecognised(line, column.subject, word[:200], name))
            elif key != LEAVE_OUT:
                keys.append(key)
        if column.type == LIST:
            return {column.name: keys}
        if keys:
            return {column.name: keys[0]}
        if column.required:
            raise BadCell("Choose one that we know: it cannot be blank.")
        return {column.name: ""} if column.blank and not any(words) else {}

    # -- services ----------------------------------------------------------------------

    def _services(self) -> Iterator[Item]:
        table, columns = self.found["services"], tables()["services"].columns
        for count, row in enumerate(table.rows(), start=1):
            if count % EVERY == 0:
                self.progress("Reading", row.line, table.lines)
            found = self._cells("services", row)
            key = name = ""
            notes: list[Note] = []
            try:
                if row.fault:
                    raise _Fault("row", row.fault)
                key = _id(found.get("id", ""))
                name = cells.tidy(unmarked(found.get("name", "")))
                notes, facts = self._facts(row.line, columns, found, name)
                yield self._entry(row.line, key, facts, found, notes)
            except _Fault as fault:
                yield Rejected(row.line, fault.column, fault.reason, key, name)
            finally:
                self._take_rows(key)
            yield from notes
        self.progress("Reading", table.lines, table.lines)

    def _take_rows(self, key: str) -> None:
        """Rows that were used are no orphans."""
        for rows in self.around.rows.values():
            rows.pop(key, None)

    def _entry(self, line: int, key: str, facts: Facts, found: dict[str, str], notes: list[Note]) -> Entry:
        """The entry of a row; what is to be said of the columns it carries for other tables is noted."""
        if key in self.around.broken:
            broken = self.around.broken[key]
            raise _Fault(broken.where, broken.reason)
        if "name" in facts and not any(map(str.isalnum, facts["name"])):
            raise _Fault("name", "There is no name.")
        organisation = facts.pop("organisation", None)
        locations = facts.pop("locations", None)
        for name in ROWS:
            if name in self.found:
                facts[name] = [row for _, row in self.around.rows.get(name, {}).get(key, [])]
        flat = self._flat(line, key, facts, found, notes)
        links = set()
        provider, places = flat.get("organisations"), [flat["locations"]] if "locations" in flat else []
        if provider or organisation is not None:
            links.add("organisation")
        if places or locations is not None:
            links.add("locations")
        if organisation:
            provider = self._part("organisations", ORGANISATION, organisation)
        self._find_places(facts)
        if locations:
            places = [self._part("locations", LOCATION, place) for place in locations]
        return Entry(
            line=line,
            external_id=key,
            facts=facts,
            organisation=provider,
            locations=tuple(places),
            links=frozenset(links),
            version=cells.tidy(found.get("version", "")),
        )

    def _find_places(self, facts: Facts) -> None:
        """A contact or a time may name a place of the package, which must then be sound."""
        for name in ROWS:
            for row in facts.get(name, ()):
                if place := row.get(AT):
                    self._part("locations", LOCATION, place)

    def _part(self, table: str, kind: Kind, key: str) -> Part:
        """The organisation or place of an id: from its table, else one that is held already."""
        part = self.around.parts.get(table, {}).get(key)
        if isinstance(part, _Broken):
            raise _Fault(part.where, part.reason)
        if part is not None:
            return part
        if key in self.held[kind.key]:
            return Part(key, {})
        raise _Fault(table.removesuffix("s"), f"{quoted(key)} is not in {table}.csv, and we do not hold it.")

    def _flat(
        self, line: int, key: str, facts: Facts, found: dict[str, str], notes: list[Note]
    ) -> dict[str, Part]:
        """What a table of services says itself of its organisation, place, contact, cost and times."""
        parts: dict[str, Part] = {}
        for word, name in SINGULAR.items():
            own = {c.removeprefix(f"{word}."): cell for c, cell in found.items() if c.startswith(f"{word}.")}
            if not own or name in self.found:
                continue
            more, said = self._facts(
                line, tables()[name].columns, own, str(facts.get("name", key)), f"{word}."
            )
            notes += more
            blank = not any(cell.strip() for cell in own.values())
            if name in ROWS:
                facts[name] = [] if blank else [said]
            elif not blank:
                parts[name] = Part(_flat_id(name, key, said), said)
        return parts

    def _orphans(self) -> Iterator[Item]:
        """Rows whose service is in no row of services.csv."""
        for name, rows in self.around.rows.items():
            for key, found in rows.items():
                reason = f"No service in services.csv has the id {quoted(key)}."
                yield Warned(found[0][0], f"{name}.csv", reason)


def _needed(name: str) -> tuple[str, ...]:
    table = tables()[name]
    if table.kind is None:
        return ("service",)
    return ("id", "name") if name == "services" else ("id",)


def _heading(heading: str) -> str:
    """A heading as we write it: "Min age" and "min_age" are one."""
    return re.sub(r"[\s-]+", "_", cells.tidy(heading).casefold())


def _id(cell: str) -> str:
    key = cells.tidy(unmarked(cell))
    if not key:
        raise _Fault("id", "There is no id. Give each service one of your own that never changes.")
    if len(key) > LONGEST_ID:
        raise _Fault("id", f"The id is longer than {LONGEST_ID} characters.")
    return key


def _flat_id(name: str, key: str, said: Facts) -> str:
    """An organisation is known by its name, a place by its service."""
    if name == "organisations":
        if not said.get("name"):
            raise _Fault("organisation.name", "There is no name.")
        return f"name:{slugify(said['name'])}"[:LONGEST_ID]
    return f"{key[: LONGEST_ID - 2]}-1"


def _of_hidden(facts: Facts) -> Facts:
    """A hidden place whose address is blank, or an outward postcode, says nothing of its address."""
    if not facts.get("address_hidden"):
        return facts
    found = postcodes.parse(str(facts.get("postcode") or ""))
    outward_alone = found is None or not found.incode
    told = any(facts.get(name) for name in HIDDEN if name != "postcode")
    if told or not outward_alone:
        return facts
    return {name: value for name, value in facts.items() if name not in HIDDEN}
