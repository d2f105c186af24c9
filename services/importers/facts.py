"""A service, organisation or place as plain values, and back.

One shape (`Facts`) serves the values an importer reads, those held in the database and those
kept from the last import, so that they compare field by field. Dates are ISO text, money is
text with two decimals, needs and categories are keys.
"""

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from functools import cache, cached_property, lru_cache
from hashlib import blake2b
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.db.models.base import ModelState
from wagtail.models import Site

from localoffer.batches import batched
from services.enums import PRACTICE_QUESTIONS, Day
from services.fields import KeysField
from services.importers.base import Facts
from services.importers.cells import quoted
from services.models import (
    Contact,
    CostOption,
    ImportKind,
    Location,
    Organisation,
    Schedule,
    Service,
    ServiceLocation,
)
from services.models.service import ServiceCondition
from services.vocabulary import KINDS as VOCABULARIES
from services.vocabulary import labels

# The keys of each vocabulary, retired ones too.
Vocabulary = Mapping[str, Collection[str]]

# Rows that a service owns: their model and the columns that make them up, in order.
ROWS: dict[str, tuple[type[models.Model], tuple[str, ...]]] = {
    "contacts": (Contact, ("role", "phone", "email", "location")),
    "costs": (CostOption, ("kind", "amount", "note")),
    "schedules": (
        Schedule,
        ("days", "opens", "closes", "when", "valid_from", "valid_to", "closed", "extra", "note", "location"),
    ),
}
MANY = ("categories", "needs", "conditions", "serves")
LINKS = ("organisation", "locations")
# The column of a row that names one of the places, as `locations` does.
AT = "location"
CHUNK = 500
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# The source of what staff import from our own CSV package, which names all that is held here.
OWN = "csv"
_in_order = json.JSONEncoder(sort_keys=True, default=str, ensure_ascii=False).encode
_refuse_no_address = URLValidator()


def vocabulary() -> Vocabulary:
    """What is known now; read once for a whole file."""
    known = {kind: frozenset(labels(kind, retired=True)) for kind in VOCABULARIES}
    return known | {"site": frozenset(map(site_name, Site.objects.all()))}


def site_name(site: Site) -> str:
    """How facts name a council of this installation: the address of its site."""
    return site.hostname if site.port in (80, 443) else f"{site.hostname}:{site.port}"


def version(facts: Facts) -> str:
    """A short mark of values: the same values, the same mark."""
    text = _in_order(facts)
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def held_ids(
    kind: "Kind", authority: Site, source: str, names: Collection[str] | None = None
) -> dict[str, int]:
    """External id to primary key of what is held from a source: all of it, or what has these names.

    To our own package everything of the council is held: what came from elsewhere, or was made
    here, is known by its UUID.
    """
    if names is None:
        return dict(each_held(kind, authority, source))
    found: dict[str, int] = {}
    for some in batched(sorted(names), CHUNK):
        found.update(each_held(kind, authority, source, some))
    return {name: pk for name, pk in found.items() if name in names}


def each_held(
    kind: "Kind", authority: Site, source: str, names: Sequence[str] | None = None
) -> Iterator[tuple[str, int]]:
    """As `held_ids`, one after the other; `names` are some hundreds at the most."""
    everything = kind.model._default_manager.filter(authority=authority).order_by("pk")
    if source != OWN:
        held = everything.filter(source=source).exclude(external_id="")
        held = held if names is None else held.filter(external_id__in=names)
        yield from held.values_list("external_id", "pk").iterator()
        return
    if names is not None:
        uuids = [name for name in names if _UUID.fullmatch(name)]
        everything = everything.filter(Q(source=OWN, external_id__in=names) | Q(uuid__in=uuids))
    for pk, *called in everything.values_list("pk", "source", "external_id", "uuid").iterator():
        yield own_name(*called), pk


def own_name(source: str | None, external_id: str | None, uuid: Any) -> str:
    """What our own package calls a thing: the id that staff gave it there, else its UUID."""
    return str(external_id if source == OWN and external_id else uuid)


def plain(value: Any) -> Any:
    """A Python value as JSON holds it."""
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, date | time):
        return value.isoformat()
    return value


@dataclass(frozen=True)
class Kind:
    """One kind of thing that imports write, and which of its columns they may."""

    key: ImportKind
    model: type[models.Model]
    columns: tuple[str, ...]

    @cached_property
    def _fields(self) -> dict[str, models.Field]:
        return {name: self.model._meta.get_field(name) for name in self.columns}

    @property
    def names(self) -> tuple[str, ...]:
        """Every fact of this kind of thing."""
        return (*self.columns, *(RELATED if self.key == ImportKind.SERVICE else ()))

    @cached_property
    def keys_columns(self) -> dict[str, str]:
        """Column to `TermKind` of those that hold vocabulary keys."""
        fields = (self.model._meta.get_field(name) for name in self.columns)
        return {each.name: each.kind for each in fields if isinstance(each, KeysField)}

    @cached_property
    def _keyed(self) -> dict[str, str]:
        """The same for every fact that is keys, those in tables of their own too."""
        return {**self.keys_columns, "needs": "need", "categories": "category", "serves": "site"}

    def build(self, facts: Facts, known: Vocabulary) -> "Built":
        """Run every check of the model that needs no query.

        Uniqueness is the planner's, who knows what the source's ids are; the database has the
        last word. Raises KeyError for a field that imports cannot write.
        """
        unknown = set(facts) - set(self.columns) - set(ROWS) - set(MANY) - set(LINKS)
        if unknown:
            raise KeyError(f"Imports cannot write {', '.join(sorted(unknown))}.")
        columns = [name for name in facts if name in self.columns]
        built = Built(_made(self.model, {name: facts[name] for name in columns}))
        built.faults = _faults_of(built.made, self._fields, columns)
        if not built.faults:
            built.faults = _faults_together(built.made)
        if built.faults:
            return built
        built.values = {**facts, **{name: plain(getattr(built.made, name)) for name in columns}}
        _tidy_lists(built.values, (*self.keys_columns, *MANY))
        built.faults = self._unknown_keys(built.values, known)
        _build_rows(built)
        return built

    def _unknown_keys(self, facts: Facts, known: Vocabulary) -> dict[str, str]:
        faults = {}
        for name in self._keyed.keys() & facts.keys():
            strange = [key for key in facts[name] if key not in known[self._keyed[name]]]
            if strange:
                faults[name] = f"We do not know {quoted(', '.join(map(str, strange)))}."
        return faults

    def read_many(self, pks: Sequence[int], names: Collection[str], source: str) -> dict[int, Facts]:
        """The named facts of stored things, by primary key, in a fixed number of queries."""
        columns = [name for name in names if name in self.columns]
        held = self.model._default_manager.filter(pk__in=pks).values("pk", *columns)
        found = {row["pk"]: {name: plain(row[name]) for name in columns} for row in held}
        for name in names:
            if name in RELATIONS:
                _gather(found, name, RELATIONS[name](pks, source))
        return found


@dataclass(slots=True)
class Built:
    """A thing made from facts and not saved: `values` are the facts as they would be read back.

    `rows` are each with the name of its place, or with nothing.
    """

    made: Any
    values: Facts = field(default_factory=dict)
    rows: dict[str, list[tuple[Any, str]]] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    def packed(self) -> "Packed":
        """What of it must be kept to make it again: the columns that the facts name."""
        made = vars(self.made)
        rows = {}
        for name, owned in self.rows.items():
            own = [column for column in ROWS[name][1] if column != AT]
            rows[name] = [({column: getattr(row, column) for column in own}, place) for row, place in owned]
        return {name: made[name] for name in self.values if name in made}, self.values, rows

    @classmethod
    def unpacked(cls, kind: Kind, packed: "Packed") -> "Built":
        columns, values, rows = packed
        made = {
            name: [(_made(ROWS[name][0], columns_of), place) for columns_of, place in owned]
            for name, owned in rows.items()
        }
        return cls(_made(kind.model, columns), values, made)


Packed = tuple[Facts, Facts, dict[str, list[tuple[Facts, str]]]]


def _made(model: type[models.Model], values: Facts) -> Any:
    """A new object of plain columns, as the model's constructor would make it.

    Asking that for a hundred columns at every row, most of them left at their defaults, took a fifth
    of an import. Raises KeyError for what is no plain column.
    """
    fixed, called = _defaults_of(model)
    unknown = values.keys() - fixed.keys() - called.keys()
    if unknown:
        raise KeyError(f"No columns of {model.__name__}: {', '.join(sorted(unknown))}.")
    made = model.__new__(model)
    made._state = ModelState()
    made.__dict__.update(fixed)
    made.__dict__.update({name: give() for name, give in called.items() if name not in values})
    made.__dict__.update(values)
    return made


@cache
def _defaults_of(model: type[models.Model]) -> tuple[dict[str, Any], dict[str, Callable[[], Any]]]:
    """Defaults of a model's columns, by name: those that are one value, and those made for each object."""
    fixed, called = {}, {}
    for each in model._meta.concrete_fields:
        if each.has_default() and callable(each.default):
            called[each.attname] = each.default
        else:
            fixed[each.attname] = each.get_default()
    return fixed, called


def _is_sound_text(field: models.Field, value: Any) -> bool:
    """Text that fits a column without other rules, or is one of its choices: `clean` would find nothing."""
    if type(value) is not str:
        return False
    if type(field) is models.CharField:
        return value in _choices_of(field) if field.choices else len(value) <= field.max_length
    if type(field) is models.URLField:
        return len(value) <= field.max_length and _is_web_address(value)
    return type(field) is models.TextField and not field.choices


@lru_cache(maxsize=CHUNK)
def _is_web_address(value: str) -> bool:
    """As a URLField asks. A school and its service have the same one."""
    try:
        _refuse_no_address(value)
    except ValidationError:
        return False
    return True


@cache
def _choices_of(field: models.Field) -> frozenset[str]:
    return frozenset(key for key, _ in field.flatchoices)


def _faults_of(
    made: models.Model, fields: Mapping[str, models.Field], names: Iterable[str]
) -> dict[str, str]:
    """What is wrong with the named columns; as `clean_fields`, which asks every field there is."""
    faults = {}
    for name in names:
        field = fields[name]
        value = getattr(made, name)
        if (field.blank and value in field.empty_values) or (value and _is_sound_text(field, value)):
            continue
        try:
            setattr(made, name, field.clean(value, made))
        except ValidationError as error:
            faults[name] = " ".join(error.messages)
    return faults


def _faults_together(made: models.Model) -> dict[str, str]:
    """What the model says of its columns together."""
    try:
        made.clean()
    except ValidationError as error:
        return {name: " ".join(texts) for name, texts in error.message_dict.items()}
    return {}


def _tidy_lists(facts: Facts, names: Collection[str]) -> None:
    """Each word once; needs, categories and conditions in order, as they are read back."""
    for name in names:
        if name == "conditions" and name in facts:
            facts[name] = [condition.lower() for condition in facts[name]]
        if name in facts:
            unique = dict.fromkeys(facts[name])
            facts[name] = sorted(unique) if name in MANY else list(unique)


def _build_rows(built: Built) -> None:
    """Make and check the rows that a service owns."""
    for name in ROWS.keys() & built.values.keys():
        model, columns = ROWS[name]
        own = [column for column in columns if column != AT]
        fields = {column: model._meta.get_field(column) for column in own}
        places = [row.get(AT) or "" for row in built.values[name]]
        children = [
            _made(model, {key: value for key, value in row.items() if key != AT})
            for row in built.values[name]
        ]
        for child in children:
            faults = _faults_of(child, fields, own) or _faults_together(child)
            if faults:
                built.faults[name] = "; ".join(f"{column}: {text}" for column, text in faults.items())
        built.rows[name] = list(zip(children, places, strict=True))
        built.values[name] = [
            {column: plain(getattr(child, column)) for column in own} | ({AT: place} if AT in columns else {})
            for child, place in built.rows[name]
        ]
        if name == "schedules" and any(set(row.days) - set(Day.values) for row in children):
            built.faults[name] = "Days are two letters, MO to SU."


# What hangs on services: (service, value) in the order in which it is to be read.
Pairs = Iterable[tuple[int, Any]]


def _keys(through: type[models.Model], column: str) -> Callable[[Sequence[int], str], Pairs]:
    return lambda pks, source: (
        through._default_manager.filter(service__in=pks)
        .order_by(f"{column}__key")
        .values_list("service_id", f"{column}__key")
    )


def _conditions(pks: Sequence[int], source: str) -> Pairs:
    rows = ServiceCondition.objects.filter(content_object__in=pks).values_list(
        "content_object_id", "tag__name"
    )
    return sorted((pk, name.lower()) for pk, name in rows)


def _link(source: str, thing_source: str | None, external_id: str | None, pk: int | None, uuid: Any) -> str:
    """How facts name an organisation or place: the source's own id, or "#7" for one that is ours."""
    if pk is None:
        return ""
    if source == OWN:
        return own_name(thing_source, external_id, uuid)
    return str(external_id) if thing_source == source and external_id else f"#{pk}"


def _organisations(pks: Sequence[int], source: str) -> Pairs:
    rows = Service.objects.filter(pk__in=pks).values_list(
        "pk", "organisation__source", "organisation__external_id", "organisation_id", "organisation__uuid"
    )
    return ((pk, _link(source, *link)) for pk, *link in rows)


def _places(pks: Sequence[int], source: str) -> Pairs:
    rows = (
        ServiceLocation.objects.filter(service__in=pks)
        .order_by("pk")
        .values_list(
            "service_id", "location__source", "location__external_id", "location_id", "location__uuid"
        )
    )
    return ((pk, _link(source, *link)) for pk, *link in rows)


def _serves(pks: Sequence[int], source: str) -> Pairs:
    sites = {site.pk: site_name(site) for site in Site.objects.all()}
    rows = Service.serves.through.objects.filter(service__in=pks).values_list("service_id", "site_id")
    return sorted((service, sites[site]) for service, site in rows)


def _rows(name: str) -> Callable[[Sequence[int], str], Pairs]:
    model, columns = ROWS[name]

    def read(pks: Sequence[int], source: str) -> Pairs:
        rows = model._default_manager.filter(service__in=pks).order_by("pk")
        own = [column for column in columns if column != AT]
        place = [f"{AT}__source", f"{AT}__external_id", f"{AT}_id", f"{AT}__uuid"] if AT in columns else []
        for pk, *values in rows.values_list("service_id", *own, *place):
            row = dict(zip(own, map(plain, values), strict=False))
            yield pk, row | ({AT: _link(source, *values[len(own) :])} if place else {})

    return read


RELATIONS: dict[str, Callable[[Sequence[int], str], Pairs]] = {
    "categories": _keys(Service.categories.through, "category"),
    "needs": _keys(Service.needs.through, "need"),
    "conditions": _conditions,
    "serves": _serves,
    "organisation": _organisations,
    "locations": _places,
    **{name: _rows(name) for name in ROWS},
}


def _gather(found: dict[int, Facts], name: str, pairs: Pairs) -> None:
    """Put values read from a relation with their services; one organisation, many of the rest."""
    for facts in found.values():
        facts[name] = "" if name == "organisation" else []
    for pk, value in pairs:
        if name == "organisation":
            found[pk][name] = value
        else:
            found[pk][name].append(value)


SERVICE = Kind(
    ImportKind.SERVICE,
    Service,
    (
        "name", "summary", "description", "keywords", "section", "level", "min_age", "max_age",
        "sen_status", "circumstances", "eligibility", "how_to_access", "who_decides", "complaints",
        "access_routes", "waiting_time", "waiting_weeks", "waiting_as_of", "delivery", "languages",
        "url", "scope", "areas_served",
        "commissioned_by_authority", "section41_approved",
        "last_checked", "last_checked_by", "checked_side", "review_by",
        "sen_information_report_url", "sen_information_report_date",
        *(f"practice_{key}" for key in PRACTICE_QUESTIONS),
    ),
)  # fmt: skip
ORGANISATION = Kind(
    ImportKind.ORGANISATION,
    Organisation,
    ("name", "description", "provider_type", "url", "email", "urn", "ofsted_urn", "charity_number"),
)
LOCATION = Kind(
    ImportKind.LOCATION,
    Location,
    (
        "name", "address_1", "address_2", "city", "county", "postcode", "latitude", "longitude",
        "address_hidden", "access", "senses", "sensory",
    ),
)  # fmt: skip
RELATED = (*LINKS, *MANY, *ROWS)
KINDS = {kind.key: kind for kind in (ORGANISATION, LOCATION, SERVICE)}
