"""Schools and colleges from the DfE's list: Get Information about Schools, once EduBase.

Each open establishment becomes an organisation, a place and a service, keyed by its URN. The
names of head teachers (`Head…` columns) are never read. A school is due for review a year
after the day it was first imported: the list tells us that it exists, nobody has checked it.
"""

import difflib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from django.utils import timezone
from wagtail.models import Site

from localoffer.models import CouncilSettings
from services import postcodes
from services.enums import ProviderType, Scope, SectionKey
from services.importers import cells
from services.importers.base import (
    Entry,
    Facts,
    Item,
    Part,
    Progress,
    Rejected,
    Skipped,
    UnknownColumns,
    Unrecognised,
    Warned,
)
from services.importers.cells import BadCell, quoted
from services.importers.files import open_table
from services.importers.gias_types import Establishment, establishment_of
from services.importers.gias_words import School, description, summary
from services.importers.meanings import COLUMN, Meanings
from services.importers.table import Row, Table
from services.intervals import next_review
from services.national_grid import to_wgs84
from services.vocabulary import labels

T = TypeVar("T")
EVERY = 250
OLDEST_KNOWN = 99  # the list's way of saying that there is no upper age

# Our name of a column to the names it has had, written as `_squeeze` writes them.
COLUMNS: dict[str, tuple[str, ...]] = {
    "urn": ("urn",),
    "name": ("establishmentname",),
    "authority": ("laname", "localauthorityname", "localauthority"),
    "type": ("typeofestablishmentname", "typeofestablishment", "establishmenttype"),
    "status": ("establishmentstatusname", "establishmentstatus"),
    "phase": ("phaseofeducationname", "phaseofeducation"),
    "low": ("statutorylowage", "statutorylowestage"),
    "high": ("statutoryhighage", "statutoryhighestage"),
    "street": ("street",),
    "locality": ("locality",),
    "address3": ("address3",),
    "town": ("town",),
    "county": ("countyname", "county"),
    "postcode": ("postcode",),
    "easting": ("easting",),
    "northing": ("northing",),
    "phone": ("telephonenum", "telephonenumber"),
    "website": ("schoolwebsite", "websiteaddress", "website"),
    "gender": ("gendername", "gender"),
    "religion": ("religiouscharactername", "religiouscharacter"),
    "boarders": ("boardersname", "boarders"),
    "nursery": ("nurseryprovisionname",),
    "sixth_form": ("officialsixthformname", "sixthform"),
    "section41": ("section41approvedname", "section41approved"),
    "resourced": ("typeofresourcedprovisionname",),
    **{f"sen{n}": (f"sen{n}name", f"sen{n}") for n in range(1, 14)},
}
REQUIRED = {"urn": "URN", "name": "EstablishmentName", "authority": "LA (name)",
            "type": "TypeOfEstablishment (name)"}  # fmt: skip
# What staff may say that a column with an unknown heading is.
COLUMN_WORDS = {column: column.replace("_", " ").capitalize() for column in COLUMNS} | REQUIRED
SCHOOL_TYPE = "school_type"
# The dash between a need's key and its name.
_AFTER_KEY = re.compile(r"(?<!\s)\s+[-–]\s+")
# Long names that nothing else on the list looks like: a slip of the pen in one is forgiven.
_FORGIVEN = ("name", "type", "status", "low", "high", "phone", "website", "postcode")
_CLOSE = 0.9
NONE_IN_AREA = (
    "No school in the file is in this council's area. If some should be, set how national school "
    "lists name the council, in its settings."
)


class NotForUs(Exception):
    """A sound row that is not imported; the message says why."""


@dataclass(frozen=True, slots=True)
class _Cells:
    """One row by our names of columns; an absent column reads as empty."""

    line: int
    values: list[str]
    places: dict[str, int]

    def __getitem__(self, column: str) -> str:
        place = self.places.get(column)
        return "" if place is None else self.values[place].strip()

    def said(self, column: str) -> str:
        """A value of one of the list's own vocabularies; empty for its ways of saying nothing."""
        written = self[column]
        if not written:
            return ""
        value = cells.tidy(written)
        says_nothing = cells.is_nothing(value) or value.casefold() == "does not apply"
        return "" if says_nothing or not any(map(str.isalpha, value)) else value


@dataclass(frozen=True, slots=True)
class _Context:
    """What is the same for every row. `ours` are the council's own names, case folded."""

    meanings: Meanings
    ours: frozenset[str]
    needs: frozenset[str]
    today: date


class _Fault(Exception):
    """A cell for which its whole row is refused."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


class GiasImporter:
    """`source` "gias"; the external id of everything is the URN."""

    source = "gias"
    label = "Schools from Get Information about Schools (GIAS)"
    columns = COLUMN_WORDS

    def read(self, path: Path, authority: Site, progress: Progress, meanings: Meanings) -> Iterator[Item]:
        table = open_table(path)
        places = find_columns(table, meanings)
        context = _Context(
            meanings=meanings,
            ours=_names_of(CouncilSettings.for_site(authority)),
            needs=frozenset(labels("need", retired=True)),
            today=timezone.localdate(),
        )
        in_area = sound = 0
        for rows, row in enumerate(table.rows(), start=1):
            if rows % EVERY == 0:
                progress("Reading", row.line, table.lines)
            for item in self._row(row, places, context):
                sound += isinstance(item, Entry | Skipped)
                in_area += isinstance(item, Entry) and item.facts["scope"] == Scope.LOCAL
                yield item
        progress("Reading", table.lines, table.lines)
        if sound and not in_area:
            yield Warned(0, REQUIRED["authority"], NONE_IN_AREA)

    def _row(self, row: Row, places: dict[str, int], context: _Context) -> Iterator[Item]:
        if row.fault:
            yield Rejected(row.line, "row", row.fault)
            return
        values = _Cells(row.line, row.cells, places)
        notes: list[Warned | Unrecognised] = []
        urn = name = ""
        try:
            urn = _urn(values)
            name = _need(values, "name", cells.name)
            yield _Reading(values, urn, name, context, notes).entry()
            yield from notes
        except NotForUs as reason:
            yield Skipped(row.line, str(reason), urn, name)
        except _Fault as fault:
            yield Rejected(row.line, fault.column, fault.reason, urn, name)
            yield from (note for note in notes if isinstance(note, Unrecognised))


def find_columns(table: Table, meanings: Meanings) -> dict[str, int]:
    """Our name of each column to its place; UnusableFile when one that we must have is missing."""
    squeezed = [_squeeze(name) for name in table.header]
    places: dict[str, int] = {}
    for column, names in COLUMNS.items():
        found = next((name for name in names if name in squeezed), None)
        if found is None and column in _FORGIVEN:
            close = (difflib.get_close_matches(name, squeezed, 1, _CLOSE) for name in names)
            found = next((match[0] for match in close if match), None)
        if found is not None:
            places[column] = squeezed.index(found)
    for place, heading in enumerate(table.header):
        if (said := meanings.said(COLUMN, heading)) in COLUMNS:
            places[str(said)] = place
    missing = [label for column, label in REQUIRED.items() if column not in places]
    if missing:
        there = ", ".join(table.header[:8])
        raise UnknownColumns(
            f"This is not a list of schools: there is no column {', '.join(missing)}. "
            f"The file has: {there}{' …' if len(table.header) > 8 else ''}.",
            table.header,
        )
    return places


def _squeeze(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _names_of(council: CouncilSettings) -> frozenset[str]:
    """How the list names this council's own schools; its own names where settings say nothing."""
    listed = council.local_authority_names.split(";")
    names = [name for name in listed if name.strip()] or [council.area_name, council.council_name]
    return frozenset(cells.tidy(name).casefold() for name in names)


def _urn(values: _Cells) -> str:
    urn = re.sub(r"\.0+$", "", values["urn"])
    if not urn:
        raise _Fault("URN", "There is no URN.")
    if not (urn.isascii() and urn.isdigit() and 4 <= len(urn) <= 8):
        raise _Fault("URN", f"{quoted(urn)} is not a URN: it is a number of six digits.")
    return urn


def _need(values: _Cells, column: str, read: Callable[[str], T]) -> T:
    """A cell without which, or with a fault in which, the row is refused."""
    try:
        return read(values[column])
    except BadCell as fault:
        raise _Fault(REQUIRED.get(column, column), str(fault)) from fault


class _Reading:
    """One row on its way to an entry; values left out are noted in `notes`."""

    def __init__(
        self,
        values: _Cells,
        urn: str,
        name: str,
        context: _Context,
        notes: list[Warned | Unrecognised],
    ) -> None:
        self.values, self.urn, self.name = values, urn, name
        self.context, self.notes = context, notes

    def entry(self) -> Entry:
        closing = self._refuse_closed()
        kind = self._establishment()
        low, high = self._ages()
        section41 = self.values.said("section41").casefold() == "approved"
        provider = ProviderType.SECTION41 if section41 and _may_be_listed(kind) else kind.provider
        address = self._address()
        school = self._school(kind, low, high, address["city"], closing)
        website = self._spare("website", cells.web_address)
        facts: Facts = {
            "name": self.name,
            "summary": summary(school),
            "description": description(school),
            "section": SectionKey.EDUCATION.value,
            "categories": self._categories(kind),
            "level": kind.level.value,
            "delivery": ["in_person"],
            "scope": self._scope().value,
            "costs": [{"kind": kind.cost.value, "amount": None, "note": ""}],
        }
        organisation: Facts = {"name": self.name, "provider_type": provider.value, "urn": self.urn}
        facts |= self._given("low", {"min_age": low}) | self._given("high", {"max_age": high})
        facts |= self._given("sen1", {"needs": self._needs()})
        facts |= self._given("section41", {"section41_approved": section41})
        facts |= self._given("phone", {"contacts": self._contacts()})
        facts |= self._given("website", {"url": website})
        organisation |= self._given("website", {"url": website})
        return Entry(
            line=self.values.line,
            external_id=self.urn,
            facts=facts,
            organisation=Part(self.urn, organisation),
            locations=(Part(self.urn, address | self._where(address["postcode"])),),
            once={"review_by": next_review(checked=self.context.today, provider_type=provider)},
        )  # fmt: skip

    def _given(self, column: str, facts: Facts) -> Facts:
        """The facts, when the file has the column they come from: what it lacks it says nothing of."""
        return facts if column in self.values.places else {}

    def _spare(self, column: str, read: Callable[[str], T], empty: T | str = "") -> T | str:
        """A cell that the row can do without: a fault leaves it out, with a warning."""
        try:
            return read(self.values[column])
        except BadCell as fault:
            self._warn(column, str(fault))
            return empty

    def _warn(self, column: str, reason: str) -> None:
        self.notes.append(Warned(self.values.line, column, reason, self.name))

    def _refuse_closed(self) -> bool:
        """True for a school about to close. One that is closed or not yet open is not for us."""
        status = self.values.said("status").casefold()
        if status and not status.startswith("open"):
            raise NotForUs(f"Its status is {quoted(self.values.said('status'))}.")
        return "close" in status

    def _establishment(self) -> Establishment:
        kind = _need(self.values, "type", cells.words)
        if not kind:
            raise _Fault(REQUIRED["type"], "There is no type of establishment.")
        try:
            found = establishment_of(kind)
        except KeyError as error:
            found = self._said_to_be(kind, error)
        if found is None:
            raise NotForUs(f"Its type is {quoted(kind)}.")
        return found

    def _said_to_be(self, kind: str, error: KeyError) -> Establishment | None:
        """What staff said a new type is like."""
        said = self.context.meanings.said(SCHOOL_TYPE, kind)
        if said is None:
            self.notes.append(Unrecognised(self.values.line, SCHOOL_TYPE, kind, self.name))
            raise _Fault(REQUIRED["type"], f"We do not know the type {quoted(kind)}.") from error
        return establishment_of(said) if said else None

    def _ages(self) -> tuple[int | None, int | None]:
        low, high = _need(self.values, "low", cells.age), _need(self.values, "high", cells.age)
        if low is not None and high is not None and low > high:
            raise _Fault("age", f"The lowest age, {low}, is above the highest, {high}.")
        return low, None if high is not None and high >= OLDEST_KNOWN else high

    def _categories(self, kind: Establishment) -> list[str]:
        found = [kind.category]
        if (
            self.values.said("sixth_form").casefold() == "has a sixth form"
            and kind.category == "mainstream_school"
        ):
            found.append("post16_college")
        if self.values.said("nursery").casefold() == "has nursery classes":
            found.append("early_years_setting")
        if self.values.said("resourced"):
            found.append("resourced_provision")
        return found

    def _has_sixth_form(self) -> bool:
        return self.values.said("sixth_form").casefold() == "has a sixth form"

    def _needs(self) -> list[str]:
        """Keys of the needs in SEN1 to SEN13 ("ASD - Autistic Spectrum Disorder")."""
        found = []
        for number in range(1, 14):
            named = self.values.said(f"sen{number}")
            if not named:
                continue
            key = _AFTER_KEY.split(named)[0].strip().upper()
            if key in self.context.needs:
                found.append(key)
            elif key and (said := self.context.meanings.of("need", named)):
                found.append(said)
            elif key and said is None:
                self._warn(f"SEN{number}", f"We do not know the need {quoted(named)}.")
                self.notes.append(Unrecognised(self.values.line, "need", named, self.name))
        return found

    def _scope(self) -> Scope:
        authority = cells.tidy(self.values["authority"]).casefold()
        return Scope.LOCAL if authority in self.context.ours else Scope.NEIGHBOURING

    def _contacts(self) -> list[Facts]:
        number = self._spare("phone", cells.phone)
        return [{"role": "School office", "phone": number, "email": ""}] if number else []

    def _address(self) -> Facts:
        lines = [_need(self.values, column, cells.words) for column in ("street", "locality", "address3")]
        first, *rest = [line for line in lines if line] or [""]
        return {
            "name": self.name,
            "address_1": first,
            "address_2": ", ".join(rest),
            "city": _need(self.values, "town", cells.words),
            "county": _need(self.values, "county", cells.words),
            "postcode": self._postcode(),
        }

    def _postcode(self) -> str:
        written = self.values.said("postcode")
        found = postcodes.parse(written) if written else None
        if written and (found is None or not found.incode):
            self._warn("postcode", f"{quoted(written)} is not a whole postcode.")
            return ""
        return str(found or "")

    def _where(self, postcode: str) -> Facts:
        """Coordinates: from the grid reference, else the middle of the outward code, else none."""
        try:
            point = to_wgs84(float(self.values["easting"] or 0), float(self.values["northing"] or 0))
        except ValueError:
            place = postcodes.lookup(postcode)
            if place is None:
                self._warn("postcode", "We do not know where it is: it has no place on a map.")
                return {"latitude": None, "longitude": None}
            point = place.latitude, place.longitude
        return {"latitude": point[0], "longitude": point[1]}

    def _school(
        self, kind: Establishment, low: int | None, high: int | None, town: str, closing: bool
    ) -> School:
        return School(
            name=self.name,
            kind=kind,
            phase=self.values.said("phase"),
            low=low,
            high=high,
            place=town or cells.tidy(self.values["authority"]),
            gender=self.values.said("gender"),
            religion=self.values.said("religion"),
            boards=self.values.said("boarders").casefold().endswith("boarding school")
            or self.values.said("boarders").casefold().startswith("children's home"),
            sixth_form=self._has_sixth_form(),
            closing=closing,
        )


def _may_be_listed(kind: Establishment) -> bool:
    """Section 41 of the Act lists independent special schools and specialist colleges."""
    return kind.provider in (ProviderType.INDEPENDENT_SPECIAL, ProviderType.SPECIALIST_POST16)
