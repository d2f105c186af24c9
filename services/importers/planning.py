"""What an import would do: the file against what is held and what was imported before.

Three values meet in each field: the source's now, the source's last time (`ImportRecord`) and
ours. Source changed, ours not: it changes. Ours changed, source not: ours stays. Both changed
and differ: a conflict, listed, and ours stays.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from django.db.models import Q
from wagtail.models import Site

from localoffer.batches import batched
from services.importers.base import (
    Changed,
    Entry,
    Facts,
    Importer,
    Part,
    Progress,
    Rejected,
    Skipped,
    Unrecognised,
    UnusableFile,
    Vanished,
    Warned,
    many_rows,
    no_progress,
)
from services.importers.facts import (
    AT,
    CHUNK,
    KINDS,
    LOCATION,
    ORGANISATION,
    OWN,
    ROWS,
    SERVICE,
    Built,
    Kind,
    Packed,
    Vocabulary,
    each_held,
    held_ids,
    version,
    vocabulary,
)
from services.importers.meanings import Meanings, fold
from services.importers.names import Names
from services.importers.spool import Rows, Shelf, Spool
from services.models import ImportKind, ImportRecord, Service

# Words to explain that are kept: nobody explains more, and a hostile file has no end of them.
MOST_WORDS = 5_000
_EMPTY = (None, "", [], False)
# Taken together or not at all.
_TOGETHER = (frozenset({"min_age", "max_age"}), frozenset({"latitude", "longitude"}))
# What conflicts call an entry that staff deleted, or are writing a new version of.
DELETED = "deleted here"
DRAFT = "a draft is waiting"
DOWN = "taken down here"


@dataclass(slots=True)
class Planned:
    """One organisation, place or service of the file, beside what is held of it.

    `held_pk` and `record_pk` are None where there is none. `same` says that the source has not
    changed since its record was written, so that nothing needs to be read or compared. `own` is
    a thing of our own package: a record is written only of what was changed by it.
    """

    kind: Kind
    external_id: str
    digest: str
    held_pk: int | None
    record_pk: int | None
    same: bool = False
    built: Built | None = None
    recorded: Facts = field(default_factory=dict)
    recorded_digest: str = ""
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    conflicts: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    once: Facts = field(default_factory=dict)
    incoming: Facts | None = None
    version: str = ""
    own: bool = False

    def __reduce__(self) -> tuple[Any, ...]:
        """To wait on disk in few bytes: what was made of it is made again from its values."""
        plain = [getattr(self, name) for name in _KEPT]
        return _planned_again, (self.kind.key, self.built and self.built.packed(), plain)

    @property
    def values(self) -> Facts:
        return self.built.values if self.built else self.recorded

    @property
    def is_new(self) -> bool:
        return self.held_pk is None

    @property
    def settled(self) -> Facts:
        """The source's values that are in force here: what the record is to say."""
        settled = {**self.recorded, **self.values}
        for name in self.conflicts:
            if name in self.recorded:
                settled[name] = self.recorded[name]
            else:
                settled.pop(name)
        return settled

    @property
    def settled_digest(self) -> str:
        return "" if self.conflicts else self.digest

    @property
    def does_something(self) -> bool:
        if self.same:
            return False
        if self.own or self.record_pk is None:
            return self.is_new or bool(self.changes)
        stale = self.recorded_digest != self.settled_digest or self.recorded != self.settled
        return self.is_new or bool(self.changes) or stale


_KEPT = tuple(each.name for each in fields(Planned) if each.name not in ("kind", "built"))


def _planned_again(key: ImportKind, built: Packed | None, plain: Sequence[Any]) -> Planned:
    kind = KINDS[key]
    made = Built.unpacked(kind, built) if built else None
    return Planned(kind=kind, built=made, **dict(zip(_KEPT, plain, strict=True)))


@dataclass(frozen=True, slots=True)
class Same:
    """An entry in which nothing differs."""

    line: int
    external_id: str
    name: str


@dataclass(slots=True)
class Unknown:
    """A word that nobody has given a meaning: where it is first, and in how many entries."""

    subject: str
    word: str
    line: int
    count: int = 0


@dataclass(slots=True)
class Plan:
    """All that an import found and would do. Nothing is written until it is applied.

    Its rows wait on disk (`spool`).
    """

    source: str
    authority: Site
    file_name: str
    spool: Spool = field(default_factory=Spool)
    unrecognised: dict[tuple[str, str], Unknown] = field(default_factory=dict)
    writes: dict[ImportKind, Shelf[Planned]] = field(init=False)
    added: Rows[Changed] = field(init=False)
    changed: Rows[Changed] = field(init=False)
    conflicts: Rows[Changed] = field(init=False)
    same: Rows[Same] = field(init=False)
    rejected: Rows[Rejected] = field(init=False)
    skipped: Rows[Skipped] = field(init=False)
    warnings: Rows[Warned] = field(init=False)
    vanished: Rows[Vanished] = field(init=False)

    def __post_init__(self) -> None:
        self.writes = {kind: Shelf(self.spool) for kind in KINDS}
        for name in ("added", "changed", "conflicts", "same", "rejected", "skipped", "warnings", "vanished"):
            setattr(self, name, Rows(self.spool))

    def forget_writes(self) -> None:
        """Once they are in the database."""
        for writes in self.writes.values():
            writes.clear()

    @property
    def unchanged(self) -> int:
        return len(self.same)

    @property
    def counts(self) -> dict[str, int]:
        names = ("added", "changed", "conflicts", "rejected", "skipped", "warnings", "vanished")
        return {"unchanged": self.unchanged, **{name: len(getattr(self, name)) for name in names}}

    @property
    def is_empty(self) -> bool:
        """Whether applying it would write nothing."""
        return not any(map(len, self.writes.values()))


def make_plan(
    *,
    importer: Importer,
    path: Path,
    authority: Site,
    progress: Progress = no_progress,
    meanings: Meanings | None = None,
    max_entries: int | None = None,
) -> Plan:
    """Read a file and say what importing it would do. Raises UnusableFile; writes nothing.

    `max_entries`: where there are more the file is refused.
    """
    with many_rows():
        return _Planner(importer, path, authority, progress).plan(meanings or Meanings(), max_entries)


class _Planner:
    """The working memory of one plan. Entries are compared a few hundred at a time."""

    def __init__(self, importer: Importer, path: Path, authority: Site, progress: Progress) -> None:
        self.importer, self.path, self.progress = importer, path, progress
        self.result = Plan(importer.source, authority, path.name)
        self.known: Vocabulary = vocabulary()
        if not self.known["category"]:
            raise UnusableFile("The vocabularies are not loaded yet. Run `manage.py load_vocabularies`.")
        self.ours = Q(authority=authority, source=importer.source)
        # Of the entries that are looked at just now, and of no others.
        self.held: dict[ImportKind, dict[str, int]] = {}
        self.marks: dict[tuple[str, str], tuple[int, str]] = {}
        self.standing: dict[int, tuple[bool, bool]] = {}
        self.near: dict[tuple[ImportKind, str], Planned] = {}
        self.fresh: dict[int, Planned] = {}
        self.names = Names(authority, importer.source)
        # Of all entries, on disk.
        self.lines: Shelf[int] = Shelf(self.result.spool)
        self.count = 0
        self.told_of_words = False
        self.reasons: Shelf[str] = Shelf(self.result.spool)
        self.parts = {
            kind: Shelf[Planned](self.result.spool) for kind in (ImportKind.ORGANISATION, ImportKind.LOCATION)
        }

    def plan(self, meanings: Meanings, max_entries: int | None) -> Plan:
        read_any, entries = False, []
        for item in self.importer.read(self.path, self.result.authority, self.progress, meanings):
            read_any = True
            if isinstance(item, Entry):
                entries.append(item)
            else:
                self._note(item)
            if len(entries) >= CHUNK:
                self._take(entries)
                entries = []
                self._refuse_too_many(max_entries)
        self._take(entries)
        self._refuse_too_many(max_entries)
        if not read_any:
            raise UnusableFile("The file has a header and no rows. Add a row for each service and try again.")
        self._list_vanished()
        return self.result

    def _refuse_too_many(self, most: int | None) -> None:
        if most is not None and self.count > most:
            raise UnusableFile(
                f"The file has more than {most:,} services. Split it, or ask whoever runs "
                "the site to import it with manage.py import_services."
            )

    def _note(self, item: Rejected | Skipped | Warned | Unrecognised) -> None:
        match item:
            case Warned():
                self.result.warnings.append(item)
            case Rejected():
                self._reject(item)
            case Skipped():
                self.result.skipped.append(item)
                if item.external_id:
                    self.reasons[item.external_id] = item.reason
            case Unrecognised():
                self._count_word(item)

    def _count_word(self, item: Unrecognised) -> None:
        key, words = (item.subject, fold(item.value)), self.result.unrecognised
        if key not in words and len(words) == MOST_WORDS:
            reason = f"The file has more than {MOST_WORDS:,} words that we do not know. No more are listed."
            if not self.told_of_words:
                self.result.warnings.append(Warned(item.line, "words", reason, item.name))
            self.told_of_words = True
            return
        words.setdefault(key, Unknown(item.subject, item.value, item.line)).count += 1

    def _reject(self, row: Rejected) -> None:
        self.result.rejected.append(row)
        if row.external_id and row.external_id not in self.lines:
            self.lines[row.external_id] = row.line

    def _take(self, entries: list[Entry]) -> None:
        """Plan some entries, keep what is found on disk, and let it go."""
        self._look_up(entries)
        begun = [(entry, everything) for entry in entries if (everything := self._begin(entry))]
        self._compare(list(self.fresh.values()))
        self.names.find([planned for _, everything in begun for planned in everything])
        for entry, everything in begun:
            self._place(entry, everything)
        for (kind, external_id), part in self.near.items():
            if id(part) in self.fresh and external_id not in self.result.writes[kind]:
                self.parts[kind][external_id] = part
        self.near.clear()
        self.fresh.clear()

    def _look_up(self, entries: Sequence[Entry]) -> None:
        """What is held and what was recorded of everything that some entries name."""
        authority, source = self.result.authority, self.importer.source
        named = {
            ImportKind.SERVICE: {entry.external_id for entry in entries},
            ImportKind.ORGANISATION: {e.organisation.external_id for e in entries if e.organisation},
            ImportKind.LOCATION: {place for entry in entries for place in _places_of(entry)},
        }
        self.held = {key: held_ids(KINDS[key], authority, source, names) for key, names in named.items()}
        self.marks = {
            (kind, external_id): (pk, digest)
            for kind, names in named.items()
            for external_id, pk, digest in self._recorded(kind, names)
        }

    def _recorded(self, kind: ImportKind, names: Iterable[str]) -> Iterator[tuple[str, int, str]]:
        ours = ImportRecord.objects.filter(self.ours, kind=kind)
        for some in batched(names, CHUNK):
            yield from ours.filter(external_id__in=some).values_list("external_id", "pk", "digest")

    def _begin(self, entry: Entry) -> list[Planned]:
        """The service of an entry, then its parts; empty when the entry is rejected."""
        first = self.lines.get(entry.external_id)
        if first is not None:
            reason = f"{entry.external_id} is also on line {first}. Only the first is used."
            self.result.rejected.append(Rejected(entry.line, "id", reason, entry.external_id, entry.name))
            return []
        self.lines[entry.external_id] = entry.line
        self.count += 1
        links = {
            "organisation": entry.organisation.external_id if entry.organisation else "",
            "locations": [place.external_id for place in entry.locations],
        }
        try:
            said = {name: value for name, value in links.items() if name in entry.links}
            self._refuse_strange_places(entry, links["locations"])
            own = Part(entry.external_id, entry.facts | said, entry.incoming, entry.version)
            service = self._planned(SERVICE, own)
            parts = [self._part(ORGANISATION, entry.organisation)] if entry.organisation else []
            parts += [self._part(LOCATION, place) for place in entry.locations]
        except _Unfit as unfit:
            about = (entry.external_id, entry.name)
            self.result.rejected.append(Rejected(entry.line, unfit.field, unfit.reason, *about))
            return []
        service.once = entry.once
        return [service, *parts]

    def _refuse_strange_places(self, entry: Entry, places: list[str]) -> None:
        """A contact or a time may be at a place of its service, or at one that is held."""
        for name, (_, columns) in ROWS.items():
            for row in entry.facts.get(name, ()) if AT in columns else ():
                place = row.get(AT)
                if place and place not in places and place not in self.held[ImportKind.LOCATION]:
                    raise _Unfit(name, f"Its place “{place}” is none that we know.")

    def _part(self, kind: Kind, part: Part) -> Planned:
        """The planned organisation or place, the same one for every entry that names it."""
        key = (kind.key, part.external_id)
        if key not in self.near:
            before = (self.result.writes[kind.key], self.parts[kind.key])
            found = next((held for shelf in before if (held := shelf.get(part.external_id))), None)
            self.near[key] = found or self._planned(kind, part)
        return self.near[key]

    def _planned(self, kind: Kind, part: Part) -> Planned:
        record_pk, digest = self.marks.get((kind.key, part.external_id), (None, ""))
        held_pk = self.held[kind.key].get(part.external_id)
        planned = Planned(kind, part.external_id, version(part.facts), held_pk, record_pk)
        planned.incoming, planned.version = part.incoming, part.version
        planned.own = self.importer.source == OWN
        planned.recorded_digest = digest
        planned.same = held_pk is not None and digest == planned.digest
        if not planned.same:
            planned.built = kind.build(part.facts, self.known)
            for name, reason in planned.built.faults.items():
                raise _Unfit(_field_name(kind, name), reason)
        self.fresh[id(planned)] = planned
        return planned

    def _compare(self, everything: list[Planned]) -> None:
        """Fill in the changes and conflicts of what is held and not the same as last time."""
        with_record = [p for p in everything if not p.same and p.record_pk]
        recorded = dict(
            ImportRecord.objects.filter(pk__in=[p.record_pk for p in with_record]).values_list("pk", "values")
        )
        for planned in with_record:
            planned.recorded = recorded[planned.record_pk]
        for kind in KINDS.values():
            some = {p.held_pk: p for p in everything if p.kind is kind and p.held_pk and not p.same}
            names = {name for planned in some.values() for name in planned.values}
            names |= {"min_age", "max_age"} if kind is SERVICE else set()
            if any(planned.version for planned in some.values()):
                names |= set(kind.names)
            if kind is SERVICE:
                held = Service.objects.filter(pk__in=some)
                self.standing = {
                    pk: flags for pk, *flags in held.values_list("pk", "live", "has_unpublished_changes")
                }
            for pk, facts in kind.read_many(list(some), names, self.importer.source).items():
                self._compare_one(some[pk], facts)

    def _compare_one(self, planned: Planned, ours: Facts) -> None:
        before = planned.recorded
        as_exported = bool(planned.version) and planned.version == version(ours)
        for name, theirs in planned.values.items():
            if alike(ours[name], theirs) or (name in before and before[name] == theirs):
                continue
            if as_exported or ours[name] in _EMPTY and name not in before:
                untouched = True
            else:
                untouched = name in before and ours[name] == before[name]
            side = planned.changes if untouched else planned.conflicts
            side[name] = (ours[name], theirs)
        for pair in _TOGETHER:
            if pair & planned.conflicts.keys() or crossed(ours, planned.changes):
                for name in pair & planned.changes.keys():
                    planned.conflicts[name] = planned.changes.pop(name)
        if planned.changes and planned.kind is SERVICE:
            live, has_draft = self.standing[planned.held_pk]
            if has_draft or not live:
                why = DRAFT if live else DOWN
                planned.conflicts |= {name: (why, new) for name, (_, new) in planned.changes.items()}
                planned.changes.clear()

    def _place(self, entry: Entry, everything: list[Planned]) -> None:
        """Put an entry where it belongs in the plan, and its writes among those to be done."""
        service = everything[0]
        if service.is_new and service.record_pk is not None:
            gone = {"entry": (DELETED, "in the file")}
            self.result.conflicts.append(Changed(entry.line, entry.external_id, entry.name, gone))
            return
        for planned in everything:
            if planned.does_something and (not planned.is_new or self._is_needed(planned, service)):
                writes = self.result.writes[planned.kind.key]
                if planned.external_id not in writes:
                    writes[planned.external_id] = planned
        self._report(entry, everything)

    @staticmethod
    def _is_needed(part: Planned, service: Planned) -> bool:
        """A part that is not here is made only for a service that will point at it."""
        link = "organisation" if part.kind is ORGANISATION else "locations"
        return service.is_new or link in service.changes

    def _report(self, entry: Entry, everything: list[Planned]) -> None:
        about = (entry.line, entry.external_id, entry.name)
        changes = dict(_named((p, self.names.told(p.changes)) for p in everything if p.changes))
        conflicts = dict(_named((p, self.names.told(p.conflicts)) for p in everything if p.conflicts))
        if conflicts:
            self.result.conflicts.append(Changed(*about, conflicts))
        if everything[0].is_new:
            self.result.added.append(Changed(*about, {}))
        elif changes:
            self.result.changed.append(Changed(*about, changes))
        else:
            self.result.same.append(Same(*about))

    def _list_vanished(self) -> None:
        """What is held of this source and is not in the file; to our own package, what came by it before."""
        held = each_held(SERVICE, self.result.authority, self.importer.source)
        missing = ((external_id, pk) for external_id, pk in held if external_id not in self.lines)
        for some in batched(missing, CHUNK):
            if self.importer.source == OWN:
                named = {name for name, *_ in self._recorded(ImportKind.SERVICE, [name for name, _ in some])}
                some = [(name, pk) for name, pk in some if name in named]
            names = dict(Service.objects.filter(pk__in=[pk for _, pk in some]).values_list("pk", "name"))
            for external_id, pk in some:
                reason = self.reasons.get(external_id) or "It is not in the file."
                self.result.vanished.append(Vanished(external_id, names[pk], reason))


def _places_of(entry: Entry) -> Iterator[str]:
    """Ids of the places that an entry names, as its own or as those of its contacts and times."""
    yield from (place.external_id for place in entry.locations)
    for name, (_, columns) in ROWS.items():
        if AT in columns:
            yield from (str(row[AT]) for row in entry.facts.get(name, ()) if row.get(AT))


def alike(ours: Any, theirs: Any) -> bool:
    """Whether two values are the same to a reader.

    Spaces and line ends may differ, and a row may leave out what it says nothing of.
    """
    return bool(ours == theirs) or _spaced(ours) == _spaced(theirs)


def _spaced(value: Any) -> Any:
    if isinstance(value, str):
        return " ".join(value.split())
    if isinstance(value, list):
        return [_spaced(each) for each in value]
    if isinstance(value, dict):
        return {key: _spaced(each) for key, each in value.items() if each not in _EMPTY}
    return value


class _Unfit(Exception):
    """A thing that its model refuses."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.reason = field, reason


def crossed(ours: Facts, changes: dict[str, tuple[Any, Any]]) -> bool:
    """Whether the youngest age would come out above the oldest, one of them being a local edit."""
    youngest, oldest = (changes.get(name, (None, ours.get(name)))[1] for name in ("min_age", "max_age"))
    return youngest is not None and oldest is not None and youngest > oldest


def _named(
    parts: Iterable[tuple[Planned, dict[str, tuple[Any, Any]]]],
) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """Fields as a person reads them: those of a part carry its kind, "organisation name"."""
    for planned, differing in parts:
        for name, values in differing.items():
            yield _field_name(planned.kind, name), values


def _field_name(kind: Kind, name: str) -> str:
    prefix = "" if kind is SERVICE else f"{kind.key.label.lower()} "
    return f"{prefix}{name.replace('_', ' ')}"


def field_words(value: Any, longest: int = 80) -> str:
    """A value of a change in one short line, of `longest` characters at most."""
    if value in _EMPTY and value is not False:
        return "nothing"
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    text = " ".join(text.split())
    return text if len(text) <= longest else f"{text[: longest - 1]}…"
