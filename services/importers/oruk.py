"""Services from another directory's Open Referral UK feed (or a file of one).

An entry's key is the feed's own id. What the feed sends is kept whole with the import. Entries that
are ours, because the feed took them from here or is our own, are never taken back from it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from django.utils import timezone
from wagtail.models import Site

from localoffer.models import CouncilSettings
from services.assurance import next_review
from services.enums import ProviderType, SectionKey
from services.importers import cells, oruk_parts, oruk_rows, oruk_values
from services.importers.base import (
    Entry,
    Facts,
    Item,
    Progress,
    Rejected,
    Skipped,
    Unrecognised,
    Warned,
)
from services.importers.cells import BadCell
from services.importers.meanings import Meanings
from services.importers.oruk_records import BadRecord, Record, records
from services.importers.oruk_terms import TermReader
from services.models import Category, ImportKind, ImportRecord, Location, Organisation, Service
from services.oruk.schema import SECTION_41
from services.oruk.taxonomies import Terms

T = TypeVar("T")
SOURCE = "oruk"
EVERY = 100
LONGEST_ID = 100
OURS = "It is an entry of this site: the feed took it from here."
# Which part of the offer an entry belongs to, when nothing but its words can tell.
_SECTION_WORDS = (
    (SectionKey.EDUCATION, r"school|nurser|college|pre-?school|tuition|learning support|education"),
    (SectionKey.HEALTH, r"health|nhs|therap|clinic|hospital|medical|nurse|hearing|sight|autism assessment"),
    (SectionKey.TRANSPORT, r"transport|travel|minibus|bus pass|blue badge"),
    (SectionKey.ADULTHOOD, r"employment|apprentice|supported living|jobs?\b|careers?|housing|adult life"),
    (SectionKey.REDRESS, r"mediation|tribunal|appeal|ombudsman"),
    (SectionKey.ADVICE, r"advice|advoca|helpline|information service|rights|sendiass"),
)


@dataclass(frozen=True, slots=True)
class Context:
    """What is the same for every record. `own` are our ids of entries that did not come from a feed.
    `theirs` leads from our ids of what came from a feed back to the feed's, for a feed that is our own
    or took them from here. `taken` are ids in use, of which a new entry must have none."""

    terms: TermReader
    council: str
    own: frozenset[str]
    theirs: dict[str, str]
    taken: frozenset[str]
    today: date


class OrukImporter:
    """`source` "oruk"; external ids are the feed's."""

    source = SOURCE
    label = "Open Referral UK feed"
    columns: Mapping[str, str] = {}

    def read(self, path: Path, authority: Site, progress: Progress, meanings: Meanings) -> Iterator[Item]:
        context = _context(authority, meanings)
        number = 0
        for number, record in records(path):
            if number % EVERY == 0:
                progress("Reading", number, 0)
            if isinstance(record, BadRecord):
                yield Rejected(number, "record", str(record))
            else:
                yield from Reading(number, record, context).items()
        progress("Reading", number, number)


def as_imported(authority: Site) -> Callable[[str], Record | None]:
    """A service as the feed sent it when it was last imported, by its id."""
    records = ImportRecord.objects.filter(authority=authority, source=SOURCE, kind=ImportKind.SERVICE)
    return lambda external_id: (
        records.filter(external_id=external_id).values_list("incoming", flat=True).first()
    )


def _context(authority: Site, meanings: Meanings) -> Context:
    ours = {"authority": authority}
    others = Service.objects.filter(**ours).exclude(source=SOURCE)
    return Context(
        terms=TermReader(meanings, Terms.current(), dict(Category.objects.values_list("key", "section"))),
        council=CouncilSettings.for_site(authority).council_name,
        own=frozenset(map(str, others.values_list("uuid", flat=True))),
        theirs={
            str(uuid): external_id
            for model in (Service, Organisation, Location)
            for uuid, external_id in model._default_manager.filter(**ours, source=SOURCE).values_list(
                "uuid", "external_id"
            )
        },
        taken=frozenset(map(str, Service.objects.values_list("uuid", flat=True))),
        today=timezone.localdate(),
    )


class Reading:
    """One record on its way to an entry. What is left out is noted and told beside it."""

    def __init__(self, number: int, record: Record, context: Context) -> None:
        self.number, self.record, self.context = number, record, context
        self.ours = oruk_parts.extension(record)
        self.name = ""
        self.notes: list[Warned | Unrecognised] = []

    def items(self) -> Iterator[Item]:
        external_id = self.id_of(self.record.get("id"))
        self.name = oruk_values.shortened(oruk_values.line(self.record.get("name")), 200)
        about = (external_id[:LONGEST_ID], self.name)
        status = oruk_values.line(self.record.get("status")).casefold() or "active"
        if not external_id or len(external_id) > LONGEST_ID:
            yield Rejected(self.number, "id", "It has no id, or one that is too long.", "", self.name)
        elif external_id in self.context.own:
            yield Skipped(self.number, OURS, *about)
        elif status != "active":
            yield Skipped(self.number, f"Its status is {cells.quoted(status)}.", *about)
        else:
            try:
                cells.name(self.name)
            except BadCell as fault:
                yield Rejected(self.number, "name", str(fault), *about)
                return
            yield self._entry(external_id)
            yield from self.notes

    def id_of(self, value: Any) -> str:
        """The feed's id of something; where the feed sends ours, the one that it came with."""
        found = oruk_values.line(value)
        return self.context.theirs.get(found, found)

    # -- notes ---------------------------------------------------------------------------------

    def warn(self, field: str, reason: str) -> None:
        self.notes.append(Warned(self.number, field, reason, self.name))

    def tell(self, subject: str, word: str) -> None:
        self.notes.append(Unrecognised(self.number, subject, word, self.name))

    def spare(self, field: str, read: Callable[..., T], *values: Any) -> T | None:
        """A value that the entry can do without: a fault leaves it out, with a warning."""
        try:
            return read(*values)
        except BadCell as fault:
            self.warn(field, str(fault))
            return None

    # -- the entry ------------------------------------------------------------------------------

    def _entry(self, external_id: str) -> Entry:
        if oruk_values.has_markup(self.record.get("name")):
            self.warn("name", "It held HTML, which was taken out.")
        terms = self.context.terms.of_service(self.record.get("attributes"), self.tell)
        places = oruk_parts.places(self)
        provider = oruk_parts.organisation(self)
        facts = self._texts() | self._numbers() | oruk_rows.rows(self) | terms
        facts.setdefault("section", self._section(facts))
        languages = self._languages(facts.get("languages", []))
        facts |= {"languages": languages} if languages else {}
        links = {"organisation"} if provider else set()
        links |= {"locations"} if isinstance(self.record.get("service_at_locations"), list) else set()
        kind = str(provider.facts.get("provider_type", "")) if provider else ""
        once: Facts = {}
        if "review_by" not in facts:
            checked = (
                date.fromisoformat(facts["last_checked"]) if "last_checked" in facts else self.context.today
            )
            once["review_by"] = next_review(checked=checked, provider_type=kind or ProviderType.VOLUNTARY)
        if _is_uuid(external_id) and external_id not in self.context.taken:
            once["uuid"] = UUID(external_id)
        return Entry(
            line=self.number,
            external_id=external_id,
            facts=facts,
            organisation=provider,
            locations=places,
            once=once,
            links=frozenset(links),
            incoming=self.record,
        )

    def _texts(self) -> Facts:
        get = self.record.get
        description = oruk_values.lines(get("description"))
        facts: Facts = {"name": self.name}
        if self.ours:
            summary = oruk_values.line(self.ours.get("summary"))
            facts["summary"] = oruk_values.shortened(summary, 300)
            facts["description"] = "" if description == summary else description
        elif description:
            facts["summary"] = oruk_values.first_sentence(description, 300)
            facts["description"] = description
        said = {
            "eligibility": oruk_values.lines(get("eligibility_description")),
            "how_to_access": oruk_values.lines(get("application_process")),
            "who_decides": oruk_values.lines(self.ours.get("who_decides")),
            "complaints": oruk_values.lines(self.ours.get("complaints")),
            "keywords": oruk_values.lines(self.ours.get("keywords")),
            "waiting_time": oruk_values.shortened(oruk_values.line(self.ours.get("waiting_time")), 250),
            "areas_served": "\n".join(map(oruk_values.line, _list(self.ours.get("areas_served")))),
            "url": self.spare("url", cells.web_address, oruk_values.line(get("url"))),
            "sen_information_report_url": self.spare(
                "sen_information_report_url",
                cells.web_address,
                oruk_values.line(self.ours.get("sen_information_report_url")),
            ),
            "section41_approved": SECTION_41.casefold() in oruk_values.line(get("accreditations")).casefold(),
            "commissioned_by_authority": any(
                isinstance(row, dict) and oruk_values.line(row.get("source")) == self.context.council
                for row in _list(get("funding"))
            ),
        }
        return facts | {name: value for name, value in said.items() if value} | self._practice()

    def _practice(self) -> Facts:
        answers = self.ours.get("practice")
        answers = answers if isinstance(answers, dict) else {}
        found = ((f"practice_{key}", oruk_values.lines(text)) for key, text in answers.items())
        return {name: text for name, text in found if text and name in _PRACTICE}

    def _numbers(self) -> Facts:
        """Ages, days and the wait."""
        facts: Facts = {}
        get = self.record.get
        found = self.spare("ages", oruk_values.ages, get("minimum_age"), get("maximum_age"))
        if found:
            facts |= {"min_age": found[0]} if get("minimum_age") is not None else {}
            facts |= {"max_age": found[1]} if get("maximum_age") is not None else {}
        days = {
            "last_checked": get("assured_date"),
            "review_by": self.ours.get("review_by"),
            "sen_information_report_date": self.ours.get("sen_information_report_date"),
            "waiting_as_of": self.ours.get("waiting_as_of"),
        }
        for name, value in days.items():
            day = self.spare(name, oruk_values.day, value)
            if day and name != "review_by" and day > self.context.today:
                self.warn(name, f"{day.isoformat()} is still to come.")
            elif day:
                facts[name] = day.isoformat()
        if "last_checked" in facts:
            by = oruk_values.line(self.ours.get("last_checked_by")) or "The provider"
            facts["last_checked_by"] = oruk_values.shortened(by, 100)
        weeks = self.ours.get("waiting_weeks")
        if isinstance(weeks, int) and 0 <= weeks <= 1_000:
            facts["waiting_weeks"] = weeks
        return facts

    def _section(self, facts: Facts) -> str:
        """The part of the offer that its words speak of most plainly; told, for it is a guess."""
        words = f"{facts['name']} {facts.get('summary', '')}".casefold()
        guess = next(
            (key for key, found in _SECTION_WORDS if re.search(found, words)), SectionKey.SOCIAL_CARE
        )
        self.warn("section", f"Nothing says which part of the offer it is in. We chose “{guess.label}”.")
        return guess.value

    def _languages(self, known: list[str]) -> list[str]:
        found = list(known)
        for row in _list(self.record.get("languages")):
            words = (
                [oruk_values.line(row.get(name)) for name in ("code", "name")]
                if isinstance(row, dict)
                else []
            )
            words = [word for word in words if word]
            keys = [key for word in words if (key := self.context.terms.meanings.of("language", word))]
            if keys:
                found += keys[:1]
            elif words:
                self.tell("language", words[-1])
        return list(dict.fromkeys(found))


_PRACTICE = {field.name for field in Service._meta.concrete_fields if field.name.startswith("practice_")}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_uuid(text: str) -> bool:
    return bool(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text))
