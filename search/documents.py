"""A service as a `SearchDocument`; `page_documents` makes those of pages.

The only module that knows both the directory and the index.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import QuerySet

from localoffer.batches import batched
from search.engines.base import SERVICE, Key
from services.enums import PRACTICE_QUESTIONS, CostKind, Level, Scope, TermKind
from services.models import Category, CostOption, Location, Need, Schedule, Service, ServiceLocation
from services.models.service import ServiceCondition
from services.vocabulary import labels
from services.wording import age_words, cost_words, day_words, wait_words

# Services that are read together.
CHUNK = 500
LONGEST_BODY = 1_500
LONGEST_FACT = 90
_LEVELS = dict(Level.choices)
# Vocabularies whose labels can be searched for, and each one's key to label.
_WORDS = (TermKind.LANGUAGE, TermKind.DELIVERY, TermKind.ACCESS_FACT, TermKind.SENSORY_FACT)
Words = Mapping[str, Mapping[str, str]]
# The columns that a document is made of. One that is read and not named here costs a query a service.
_READ = (
    "name", "slug", "authority", "section", "level", "summary", "keywords", "description", "scope",
    "sen_status", "delivery", "circumstances", "languages", "min_age", "max_age", "eligibility",
    "how_to_access", "who_decides", "waiting_weeks", "waiting_time", "areas_served",
    "last_checked", "review_by",
    *(f"practice_{key}" for key in PRACTICE_QUESTIONS),
    "organisation__name", "organisation__urn", "organisation__ofsted_urn", "organisation__charity_number",
)  # fmt: skip
_READ_OF_PLACES = (
    "name", "address_1", "address_2", "city", "county", "postcode", "latitude", "longitude", "address_hidden",
    "access", "senses", "sensory",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Session:
    """When it happens: two-letter days, hours, and a `SessionWhen`."""

    days: tuple[str, ...]
    opens: time | None
    closes: time | None
    when: str


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """Everything search needs of one thing that can be found.

    `authorities` are site ids whose families see it, `everywhere` says all do. `points` are
    (latitude, longitude) that may be known to the public. `text` is by field of `engines.text.FIELDS`.
    `card` is plain JSON for a result.
    """

    kind: str
    object_id: int
    name: str
    authorities: frozenset[int]
    everywhere: bool = False
    section: str = ""
    needs: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    level: str = ""
    costs: tuple[str, ...] = ()
    sessions: tuple[Session, ...] = ()
    access: tuple[str, ...] = ()
    sen_status: tuple[str, ...] = ()
    delivery: tuple[str, ...] = ()
    circumstances: tuple[str, ...] = ()
    scope: str = ""
    min_age: int | None = None
    max_age: int | None = None
    points: tuple[tuple[float, float], ...] = ()
    last_checked: date | None = None
    text: Mapping[str, str] = field(default_factory=dict)
    card: Mapping[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        return (self.kind, self.object_id)


class _Cost(NamedTuple):
    """What of a `CostOption` is found and shown."""

    kind: str
    amount: Decimal | None
    note: str


@dataclass(slots=True)
class _Parts:
    """The rows around one service."""

    needs: list[Need] = field(default_factory=list)
    categories: list[Category] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    places: list[Location] = field(default_factory=list)
    sessions: list[Session] = field(default_factory=list)
    costs: list[_Cost] = field(default_factory=list)
    serves: list[int] = field(default_factory=list)


def every_document(chunk: int = CHUNK) -> Iterator[SearchDocument]:
    """Every document there should be, in the order of names."""
    for some in batched(_live().order_by("name", "pk").iterator(chunk_size=chunk), chunk):
        yield from _documents(some)


def how_many() -> int:
    return Service.objects.live().count()


def documents_of(ids: Iterable[int]) -> list[SearchDocument]:
    """Documents of the live services among `ids`."""
    return list(_documents(list(_live().filter(pk__in=list(ids)))))


def _live() -> QuerySet[Service]:
    """What may be found, with what is read of it: a service has half as many columns again."""
    return Service.objects.live().select_related("organisation").only(*_READ)


def _documents(services: Sequence[Service]) -> Iterator[SearchDocument]:
    """One query a kind of row for all of them: a relation's own manager would cost a query set each."""
    parts = _parts([service.pk for service in services])
    words = {kind: labels(kind, retired=True) for kind in _WORDS}
    for service in services:
        yield _document(service, parts[service.pk], words)


def _parts(ids: Sequence[int]) -> dict[int, _Parts]:
    found = {id: _Parts() for id in ids}
    needs = {need.pk: need for need in Need.objects.all()}
    rows = Service.needs.through.objects.filter(service__in=ids).order_by("need__order", "need")
    for id, need in rows.values_list("service", "need"):
        found[id].needs.append(needs[need])
    categories = {category.pk: category for category in Category.objects.all()}
    rows = Service.categories.through.objects.filter(service__in=ids).order_by("category__order", "category")
    for id, category in rows.values_list("service", "category"):
        found[id].categories.append(categories[category])
    tags = ServiceCondition.objects.filter(content_object__in=ids).order_by("pk")
    for id, name in tags.values_list("content_object", "tag__name"):
        found[id].conditions.append(name)
    pairs = list(
        ServiceLocation.objects.filter(service__in=ids).order_by("pk").values_list("service", "location")
    )
    places = Location.objects.only(*_READ_OF_PLACES).in_bulk({place for _, place in pairs})
    for id, place in pairs:
        found[id].places.append(places[place])
    times = Schedule.objects.filter(service__in=ids)
    for id, days, opens, closes, when in times.values_list("service", "days", "opens", "closes", "when"):
        found[id].sessions.append(Session(tuple(days or ()), opens, closes, when))
    prices = CostOption.objects.filter(service__in=ids)
    for id, *cost in prices.values_list("service", "kind", "amount", "note"):
        found[id].costs.append(_Cost(*cost))
    for id, site in Service.serves.through.objects.filter(service__in=ids).values_list("service", "site"):
        found[id].serves.append(site)
    return found


def _document(service: Service, parts: _Parts, words: Words) -> SearchDocument:
    """A service as search sees it. Nothing of a hidden address goes in but its outward postcode."""
    points = [point for place in parts.places if (point := place.public_point)]
    return SearchDocument(
        kind=SERVICE,
        object_id=service.pk,
        name=service.name,
        authorities=frozenset({service.authority_id, *parts.serves}),
        everywhere=service.scope == Scope.NATIONAL,
        section=service.section,
        needs=tuple(need.key for need in parts.needs),
        categories=tuple(category.key for category in parts.categories),
        level=service.level,
        costs=tuple(cost.kind for cost in parts.costs),
        sessions=tuple(parts.sessions),
        access=tuple({fact for place in parts.places for fact in place.access}),
        sen_status=tuple(service.sen_status),
        delivery=tuple(service.delivery),
        circumstances=tuple(service.circumstances),
        scope=service.scope,
        min_age=service.min_age,
        max_age=service.max_age,
        points=tuple(dict.fromkeys(points)),
        last_checked=service.last_checked,
        text=_text(service, parts, words),
        card=_card(service, parts),
    )


def _text(service: Service, parts: _Parts, words: Words) -> dict[str, str]:
    """The words of a service, by field. Complaints are left out: every service has some."""
    topics = [text for category in parts.categories for text in (category.label, category.hint)]
    topics += [text for need in parts.needs for text in (need.label, need.dfe_label, need.hint)]
    topics += parts.conditions
    wait = wait_words(service.waiting_weeks, service.waiting_time, None)
    details = [service.eligibility, service.how_to_access, service.who_decides, wait]
    details += [cost.note for cost in parts.costs]
    details += [answer for _, _, answer in service.practice]
    where = [*_provider_names(service), *service.areas]
    where += _labels(words[TermKind.LANGUAGE], service.languages)
    where += _labels(words[TermKind.DELIVERY], service.delivery)
    for place in parts.places:
        named = [place.outcode] if place.address_hidden else [place.name, *place.address_lines]
        where += [*named, *place.sensory_facts]
        where += _labels(words[TermKind.ACCESS_FACT], place.access)
        where += _labels(words[TermKind.SENSORY_FACT], place.senses)
    return {
        "name": service.name,
        "topics": _joined(topics),
        "summary": service.summary,
        "keywords": service.keywords,
        "description": service.description,
        "details": _joined(details),
        "place": _joined(where),
    }


def _provider_names(service: Service) -> list[str]:
    """The provider's name and the numbers it is registered by: people paste those."""
    provider = service.organisation
    return [provider.name, provider.urn, provider.ofsted_urn, provider.charity_number] if provider else []


def _joined(parts: Iterable[str]) -> str:
    return " . ".join(part for part in parts if part)


def _labels(known: Mapping[str, str], keys: Sequence[str]) -> list[str]:
    return [known[key] for key in keys if key in known]


def _card(service: Service, parts: _Parts) -> dict[str, Any]:
    """What a result shows, in words that do not depend on who asks."""
    shown = [(place.public_name, place.public_point) for place in parts.places]
    return {
        "name": service.name,
        "slug": service.slug,
        "authority": service.authority_id,
        "provider": service.organisation.name if service.organisation else "",
        "level": _LEVELS.get(service.level, ""),
        "summary": service.summary,
        "body": service.description[:LONGEST_BODY],
        "places": [[label, *(point or (None, None))] for label, point in shown if label],
        "scope": service.scope,
        "who": _who(service),
        "cost": _cost(parts.costs),
        "when": _when(parts.sessions),
        "wait": _brief(wait_words(service.waiting_weeks, service.waiting_time, None)),
        "checked": service.last_checked and service.last_checked.isoformat(),
        "review": service.review_by and service.review_by.isoformat(),
    }


def _who(service: Service) -> str:
    """ "Ages 5 to 17", "Age 7", "Ages 14 and over", "Up to age 11", "Age not stated"."""
    if service.min_age is None and service.max_age is None:
        return "Age not stated"
    if service.min_age is None:
        return f"Up to age {service.max_age}"
    words = age_words(service.min_age, service.max_age)
    return f"Age {words}" if service.min_age == service.max_age else f"Ages {words}"


def _cost(costs: Sequence[_Cost]) -> str:
    if not costs or costs[0].kind == CostKind.NOT_STATED:
        return "Cost not stated"
    first = _brief(cost_words(costs[0].kind, costs[0].amount, costs[0].note))
    return f"{first}, and other prices" if len(costs) > 1 else first


def _when(sessions: Sequence[Session]) -> str:
    """ "Monday to Friday in term time", "School holidays"; nothing when nobody has said."""
    seasons = {"term_time": "in term time", "school_holidays": "in school holidays"}
    lines = [f"{day_words(s.days)} {seasons.get(s.when, '')}".strip() for s in sessions]
    lines = list(dict.fromkeys(line[:1].upper() + line[1:] for line in lines if line))
    return f"{lines[0]}, and other times" if len(lines) > 1 else "".join(lines)


def _brief(text: str) -> str:
    """The first sentence, shortened at a word."""
    text = " ".join(text.split())
    first = text.split(". ")[0].removesuffix(".")
    if len(first) <= LONGEST_FACT:
        return first
    return first[:LONGEST_FACT].rsplit(" ", 1)[0] + " …"
