"""Outpost's bulk-import CSV (wearefuturegov/outpost): one row a service, and rows that add to it.

A row with `import_id_reference` adds a contact, a place, a cost, a time or a link to the service of
that id, wherever in the file it stands. Notes, labels and contacts that Outpost hides are for its
own staff and are never taken. What Outpost hides from the public comes in as a draft.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from django.utils import timezone
from django.utils.text import slugify
from wagtail.models import Site

from services import postcodes
from services.enums import CostKind, Scope, SectionKey, SessionWhen
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
from services.importers.files import open_table
from services.importers.meanings import COLUMN, LEAVE_OUT, Meanings, split_list
from services.importers.outpost_words import ACCESS, NEEDS
from services.importers.table import Row, Table
from services.models import Category

T = TypeVar("T")
EVERY = 250
LONGEST_ID = 90
ID, REFERENCE = "import_id", "import_id_reference"
REQUIRED = (ID, "name")
# Our name of each column that we take, with words for staff. Notes and labels are not taken.
COLUMNS = {
    ID: "Id",
    REFERENCE: "Id of the service that a row adds to",
    "name": "Name of the service",
    "description": "Description",
    "organisation": "Organisation",
    "url": "Website",
    "approved": "Approved",
    "visible_from": "Shown from",
    "visible_to": "Shown until",
    "visible": "Shown to the public",
    "needs_referral": "Needs a referral",
    "min_age": "Youngest age",
    "max_age": "Oldest age",
    "service_taxonomies": "Kinds of help",
    "contact_title": "Contact: role",
    "contact_visible": "Contact: shown to the public",
    "contact_email": "Contact: email",
    "contact_phone": "Contact: phone",
    "location_name": "Place: name",
    "location_latitude": "Place: latitude",
    "location_longitude": "Place: longitude",
    "location_address_1": "Place: address",
    "location_city": "Place: town",
    "location_postcode": "Place: postcode",
    "location_visible": "Place: shown to the public",
    "mask_exact_address": "Place: hide the exact address",
    "location_accessibilities": "Place: access facts",
    "free": "Free",
    "cost_option": "Cost: for whom",
    "cost_amount": "Cost: amount",
    "cost_type": "Cost: how often",
    "temporarily_closed": "Closed for now",
    "schedules_opens_at": "Opens at",
    "schedules_closes_at": "Closes at",
    "scheduled_weekday": "Day",
    "links_label": "Link: words",
    "links_url": "Link: address",
    "suitabilities": "Who it suits",
    "send_needs_support": "Needs it supports",
    "support_description": "How it helps",
    "recent_send_report": "SEN report",
    "outcomes": "Outcomes",
    "recent_send_training": "Training of its staff",
    "parental_involvement": "How parents take part",
    "information_sharing": "How it shares information",
    "environment_accessibility": "How easy the building is to use",
    "how_to_start": "How to start",
    "future_plans": "Plans for moving on",
}
IGNORED = frozenset({
    "notes", "labels", "contact_name", "preferred_for_post", "is_local_offer",
})  # fmt: skip
# Answers of Outpost's local offer to our questions; two of its answers may be one of ours.
ANSWERS = {
    "practice_support": ("support_description", "future_plans"),
    "practice_effectiveness": ("outcomes",),
    "practice_expertise": ("recent_send_training",),
    "practice_progress": ("parental_involvement", "information_sharing"),
    "practice_facilities": ("environment_accessibility",),
    "how_to_access": ("how_to_start",),
}
# What a row that adds to a service may add.
GROUPS = ("contact_", "location_", "cost_", "free", "schedule", "links_")


class _Fault(Exception):
    """A cell for which its whole service is refused."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column, self.reason = column, reason


@dataclass(frozen=True, slots=True)
class _Line:
    """A row by our names of columns, without the columns that are blank in it."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


class OutpostImporter:
    """`source` "outpost"; the external id is the row's `import_id`."""

    source = "outpost"
    label = "Outpost's CSV"
    columns = COLUMNS

    def read(self, path: Path, authority: Site, progress: Progress, meanings: Meanings) -> Iterator[Item]:
        table = open_table(path)
        places, unknown = find_columns(table, meanings)
        for heading in unknown:
            reason = f"We do not know the column {quoted(heading)} and left it out."
            yield Warned(1, heading[:60], reason)
            yield Unrecognised(1, COLUMN, heading[:200])
        added, main = _added_to(table, places)
        sections = dict(Category.objects.values_list("key", "section"))
        for count, row in enumerate(table.rows(), start=1):
            if count % EVERY == 0:
                progress("Reading", row.line, table.lines)
            line = _line(row, places)
            if line[REFERENCE].strip():
                if row.fault:
                    yield Rejected(row.line, "row", row.fault, line[ID])
            else:
                extra = added.pop(line[ID].strip(), [])
                yield from _Reading(line, extra, row.fault, set(places), meanings, sections).items()
        progress("Reading", table.lines, table.lines)
        for key, rows in added.items():
            reason = f"It adds to {quoted(key)}, which is the id of no service in the file."
            if key not in main:
                yield from (Rejected(row.line, REFERENCE, reason, row[ID]) for row in rows)


def find_columns(table: Table, meanings: Meanings) -> tuple[dict[str, int], list[str]]:
    """(our name of each column to its place, headings nobody knows). Raises UnknownColumns."""
    places: dict[str, int] = {}
    unknown = []
    for place, heading in enumerate(table.header):
        plain = re.sub(r"[\s-]+", "_", cells.tidy(heading).casefold())
        said = meanings.said(COLUMN, heading)
        column = plain if plain in COLUMNS else said
        if column in COLUMNS:
            places[str(column)] = place
        elif plain and plain not in IGNORED and said != LEAVE_OUT:
            unknown.append(heading)
    missing = [column for column in REQUIRED if column not in places]
    if missing:
        raise UnknownColumns(
            f"This is not a file of Outpost's: there is no column {', '.join(missing)}. "
            f"The file has: {', '.join(table.header[:8])}.",
            table.header,
        )
    return places, unknown


def _line(row: Row, places: dict[str, int]) -> _Line:
    width = len(row.cells)
    found = {column: row.cells[at] for column, at in places.items() if at < width}
    return _Line(row.line, {column: cell for column, cell in found.items() if cell.strip()})


def _added_to(table: Table, places: dict[str, int]) -> tuple[dict[str, list[_Line]], set[str]]:
    """(rows that add to a service by its id, ids of services), from a first look through the file."""
    added: dict[str, list[_Line]] = {}
    main = set()
    for row in table.rows():
        line = _line(row, places)
        reference = line[REFERENCE].strip()
        if reference and not row.fault:
            kept = {
                c: v for c, v in line.cells.items() if c.startswith(GROUPS) or c in (ID, "mask_exact_address")
            }
            added.setdefault(reference, []).append(_Line(row.line, kept))
        elif not reference:
            main.add(line[ID].strip())
    return added, main


class _Reading:
    """One service on its way to an entry; what is left out is noted."""

    def __init__(
        self,
        row: _Line,
        added: list[_Line],
        fault: str,
        has: set[str],
        meanings: Meanings,
        sections: dict[str, str],
    ) -> None:
        self.row, self.lines, self.fault, self.has = row, [row, *added], fault, has
        self.meanings, self.sections = meanings, sections
        self.notes: list[Warned | Unrecognised] = []
        self.key = cells.tidy(row[ID])
        self.name = cells.tidy(row["name"])

    def items(self) -> Iterator[Item]:
        try:
            if self.fault:
                raise _Fault("row", self.fault)
            yield self._entry()
        except _Fault as fault:
            yield Rejected(self.row.line, fault.column, fault.reason, self.key, self.name)
        yield from self.notes

    # -- cells -----------------------------------------------------------------------

    def _must(self, column: str, read: Callable[[str], T]) -> T:
        try:
            return read(self.row[column])
        except BadCell as fault:
            raise _Fault(column, str(fault)) from fault

    def _spare(self, line: _Line, column: str, read: Callable[[str], T], empty: T) -> T:
        """A cell that the service can do without: a fault leaves it out, with a warning."""
        try:
            return read(line[column])
        except BadCell as fault:
            self._warn(line, column, str(fault))
            return empty

    def _warn(self, line: _Line, column: str, reason: str) -> None:
        self.notes.append(Warned(line.line, column, reason, self.name))

    def _yes(self, line: _Line, column: str, missing: bool = False) -> bool:
        return self._spare(line, column, cells.truth, missing) if line[column] else missing

    def _keys(
        self, line: _Line, column: str, subject: str, separators: str, own: dict[str, str]
    ) -> list[str]:
        """Words of a list as our keys: Outpost's own words first, then ours, then as staff said."""
        keys = []
        for word in split_list(line[column], separators):
            said = self.meanings.said(subject, word)
            key = said if said is not None else own.get(word.casefold(), self.meanings.of(subject, word))
            if key is None:
                self._warn(line, column, f"We do not know {quoted(word)} and left it out.")
                self.notes.append(Unrecognised(line.line, subject, word[:200], self.name))
            elif key != LEAVE_OUT:
                keys.append(key)
        return list(dict.fromkeys(keys))

    def _given(self, columns: Iterable[str], facts: Facts) -> Facts:
        """The facts, when the file has one of the columns: what it lacks it says nothing of."""
        return facts if self.has.intersection(columns) else {}

    # -- the service -------------------------------------------------------------------

    def _entry(self) -> Entry:
        if not self.key:
            raise _Fault(ID, "There is no import_id.")
        if len(self.key) > LONGEST_ID:
            raise _Fault(ID, f"The id is longer than {LONGEST_ID} characters.")
        name = self._must("name", cells.name)
        categories = self._keys(self.row, "service_taxonomies", "category", ";", {})
        facts: Facts = {
            "name": name,
            "section": self._section(categories),
            "scope": Scope.LOCAL.value,
        }
        facts |= self._given(["description"], {"description": self._text("description")})
        facts |= self._given(["service_taxonomies"], {"categories": categories})
        facts |= self._given(["suitabilities", "send_needs_support"], {"needs": self._needs()})
        facts |= self._given(["url", "links_url"], {"url": self._web()})
        facts |= self._given(["needs_referral"], {"eligibility": self._referral()})
        facts |= self._ages()
        facts |= self._answers()
        facts |= self._around()
        organisation = cells.tidy(self.row["organisation"])
        links = {"organisation"} & self.has
        links |= {"locations"} if any(column.startswith("location_") for column in self.has) else set()
        return Entry(
            line=self.row.line,
            external_id=self.key,
            facts=facts,
            organisation=self._organisation(organisation) if organisation else None,
            locations=tuple(self._places()),
            links=frozenset(links),
            once={} if self._is_shown() else {"live": False},
        )

    def _text(self, column: str) -> str:
        """Text with its lines kept."""
        lines = self.row[column].replace("\r", "\n").split("\n")
        try:
            return "\n".join(cells.words(line) for line in lines).strip()
        except BadCell as fault:
            raise _Fault(column, str(fault)) from fault

    def _section(self, categories: list[str]) -> str:
        """Outpost has no parts of the offer: that of its first kind of help, else advice."""
        found = next((self.sections[key] for key in categories if key in self.sections), None)
        if found is None:
            self._warn(self.row, "service_taxonomies", NO_SECTION)
        return found or SectionKey.ADVICE.value

    def _needs(self) -> list[str]:
        suits = self._keys(self.row, "suitabilities", "need", ";,", NEEDS)
        return suits + self._keys(self.row, "send_needs_support", "need", ";,", NEEDS)

    def _web(self) -> str:
        """Its own address, else that of its first link: we keep one."""
        own = self._spare(self.row, "url", cells.web_address, "")
        others = [line for line in self.lines if line["links_url"]]
        links = [self._spare(line, "links_url", cells.web_address, "") for line in others]
        return own or next(filter(None, links), "")

    def _referral(self) -> str:
        return (
            "You need a referral: somebody must ask for you." if self._yes(self.row, "needs_referral") else ""
        )

    def _ages(self) -> Facts:
        low, high = self._must("min_age", cells.age), self._must("max_age", cells.age)
        if low is not None and high is not None and low > high:
            raise _Fault("age", f"The lowest age, {low}, is above the highest, {high}.")
        ages = {"min_age": low, "max_age": None if high is not None and high >= OLDEST else high}
        return {name: age for name, age in ages.items() if name in self.has}

    def _answers(self) -> Facts:
        found: Facts = {}
        for name, columns in ANSWERS.items():
            if self.has.intersection(columns):
                found[name] = "\n".join(filter(None, map(self._text, columns)))
        if "recent_send_report" in self.has:
            report = self._spare(self.row, "recent_send_report", cells.web_address, "")
            found["sen_information_report_url"] = report
        return found

    def _is_shown(self) -> bool:
        """Whether Outpost shows it. One that it hides, or has closed for now, comes as a draft."""
        hidden = [
            why for column, missing, good, why in STANDING if self._yes(self.row, column, missing) is not good
        ]
        today = timezone.localdate().isoformat()
        start, end = (self._spare(self.row, f"visible_{word}", cells.day, None) for word in ("from", "to"))
        if (start and start > today) or (end and end < today):
            hidden.append("Outpost does not show it today.")
        if hidden:
            self._warn(self.row, "visible", f"{' '.join(hidden)} It comes in as a draft when it is new.")
        return not hidden

    # -- what hangs on it ----------------------------------------------------------------

    def _organisation(self, name: str) -> Part:
        try:
            plain = cells.name(name)
        except BadCell as fault:
            raise _Fault("organisation", str(fault)) from fault
        return Part(f"{slugify(plain) or 'organisation'}"[:100], {"name": plain})

    def _around(self) -> Facts:
        found: Facts = {}
        if "contact_phone" in self.has or "contact_email" in self.has:
            found["contacts"] = [row for line in self.lines if (row := self._contact(line))]
        if "free" in self.has or "cost_amount" in self.has:
            found["costs"] = [row for line in self.lines if (row := self._cost(line))]
        if "scheduled_weekday" in self.has:
            found["schedules"] = [row for line in self.lines if (row := self._session(line))]
        return found

    def _contact(self, line: _Line) -> Facts | None:
        """A role and how to reach it; the name of a person is never taken."""
        if not self._yes(line, "contact_visible", missing=True):
            return None
        phone = self._spare(line, "contact_phone", cells.phone, "")
        email = self._spare(line, "contact_email", cells.email, "")
        role = self._spare(line, "contact_title", cells.words, "")[:120]
        return {"role": role, "phone": phone, "email": email} if phone or email else None

    def _cost(self, line: _Line) -> Facts | None:
        """Free is said, or is an amount of nothing. What nobody says is not stated, never free."""
        words = [self._spare(line, column, cells.words, "") for column in ("cost_option", "cost_type")]
        note = ", ".join(filter(None, words))[:250]
        amount = self._spare(line, "cost_amount", cells.money, None)
        if self._yes(line, "free") or (amount is not None and float(amount) == 0):
            return {"kind": CostKind.FREE.value, "amount": None, "note": note}
        if amount is None and not note:
            return None
        kind = CostKind.NOT_STATED if amount is None else CostKind.CHARGED
        return {"kind": kind.value, "amount": amount, "note": note}

    def _session(self, line: _Line) -> Facts | None:
        day = self._spare(line, "scheduled_weekday", cells.weekday, "")
        if not day:
            return None
        return {
            "days": [day],
            "opens": self._spare(line, "schedules_opens_at", cells.clock, None),
            "closes": self._spare(line, "schedules_closes_at", cells.clock, None),
            "when": SessionWhen.ALL_YEAR.value,
            "note": "",
        }

    def _places(self) -> Iterator[Part]:
        columns = ("location_name", "location_address_1", "location_postcode", "location_latitude")
        lines = [line for line in self.lines if any(line[column] for column in columns)]
        for number, line in enumerate(lines, start=1):
            yield Part(f"{self.key}-{number}", self._place(line))

    def _place(self, line: _Line) -> Facts:
        texts = {"name": "location_name", "address_1": "location_address_1", "city": "location_city"}
        place: Facts = {name: self._spare(line, column, cells.words, "") for name, column in texts.items()}
        written = cells.tidy(line["location_postcode"])
        postcode = postcodes.parse(written) if written else None
        if written and postcode is None:
            self._warn(line, "location_postcode", f"{quoted(written)} is not a postcode.")
        hidden = self._yes(line, "mask_exact_address") or not self._yes(
            line, "location_visible", missing=True
        )
        latitude = self._spare(line, "location_latitude", cells.degrees, None)
        longitude = self._spare(line, "location_longitude", cells.degrees, None)
        known = latitude is not None and longitude is not None and in_britain(latitude, longitude)
        if (latitude, longitude) != (None, None) and not known:
            self._warn(line, "location_latitude", "The place on the map is not in Britain.")
        return place | {
            "postcode": str(postcode or ""),
            "latitude": latitude if known else None,
            "longitude": longitude if known else None,
            "address_hidden": hidden,
            "access": self._keys(line, "location_accessibilities", "access_fact", ";", ACCESS),
        }


OLDEST = 99
NO_SECTION = "No kind of help that we know says which part of the offer it belongs to. It goes under advice."
# (column, what a blank cell means, what it is for one that is shown, why it is not)
STANDING = (
    ("approved", True, True, "Outpost has not approved it."),
    ("visible", True, True, "Outpost does not show it."),
    ("temporarily_closed", False, False, "It is closed for now."),
)


def in_britain(latitude: float, longitude: float) -> bool:
    return 49.8 <= latitude <= 61 and -8.7 <= longitude <= 1.8
