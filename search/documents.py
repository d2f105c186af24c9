"""What is searched: a service (later also a page) as a `SearchDocument`.

The only module that knows both the directory and the index.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from django.db.models import Prefetch

from search.engines.base import Key
from services.enums import CostKind, Scope, TermKind
from services.models import Location, Service, ServiceLocation
from services.models.service import ServiceQuerySet
from services.postcodes import lookup
from services.vocabulary import labels
from services.wording import age_words, cost_words, day_words

SERVICE = "service"
# Services that are read together.
CHUNK = 500
LONGEST_BODY = 1_500
LONGEST_FACT = 90


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


def fetched(services: ServiceQuerySet) -> ServiceQuerySet:
    """With all that a document reads, in a fixed number of queries."""
    places = Prefetch("service_locations", ServiceLocation.objects.select_related("location"))
    return services.select_related("organisation").prefetch_related(
        "needs", "categories", "conditions", places, "schedules", "costs", "serves"
    )


def every_document(chunk: int = CHUNK) -> Iterator[SearchDocument]:
    """Every document there should be, in the order of names."""
    for service in fetched(Service.objects.live().order_by("name", "pk")).iterator(chunk_size=chunk):
        yield from_service(service)


def how_many() -> int:
    return Service.objects.live().count()


def documents_of(ids: Iterable[int]) -> list[SearchDocument]:
    """Documents of the live services among `ids`."""
    return [from_service(service) for service in fetched(Service.objects.live().filter(pk__in=list(ids)))]


def from_service(service: Service) -> SearchDocument:
    """A service as search sees it. Nothing of a hidden address goes in but its outward postcode."""
    places = [row.location for row in service.service_locations.all()]
    located = [(place, point) for place in places if (point := public_point(place))]
    sessions = tuple(
        Session(tuple(row.days or ()), row.opens, row.closes, row.when) for row in service.schedules.all()
    )
    return SearchDocument(
        kind=SERVICE,
        object_id=service.pk,
        name=service.name,
        authorities=frozenset({service.authority_id, *(site.pk for site in service.serves.all())}),
        everywhere=service.scope == Scope.NATIONAL,
        section=service.section,
        needs=tuple(need.key for need in service.needs.all()),
        categories=tuple(category.key for category in service.categories.all()),
        level=service.level,
        costs=tuple(cost.kind for cost in service.costs.all()),
        sessions=sessions,
        access=tuple({fact for place in places for fact in place.access}),
        sen_status=tuple(service.sen_status),
        delivery=tuple(service.delivery),
        circumstances=tuple(service.circumstances),
        scope=service.scope,
        min_age=service.min_age,
        max_age=service.max_age,
        points=tuple(dict.fromkeys(point for _, point in located)),
        last_checked=service.last_checked,
        text=_text(service, places),
        card=_card(service, places, sessions),
    )


def public_point(place: Location) -> tuple[float, float] | None:
    """Where a location is, as near as the public may know; None when nobody knows."""
    if not place.address_hidden and place.latitude is not None and place.longitude is not None:
        return (place.latitude, place.longitude)
    found = lookup(place.outcode if place.address_hidden else place.postcode) if place.postcode else None
    return (found.latitude, found.longitude) if found else None


def _text(service: Service, places: list[Location]) -> dict[str, str]:
    """The words of a service, by field. Complaints are left out: every service has some."""
    topics = [text for category in service.categories.all() for text in (category.label, category.hint)]
    topics += [text for need in service.needs.all() for text in (need.label, need.dfe_label, need.hint)]
    topics += [tag.name for tag in service.conditions.all()]
    details = [service.eligibility, service.how_to_access, service.who_decides, service.waiting_time]
    details += [cost.note for cost in service.costs.all()]
    details += [answer for _, _, answer in service.practice]
    where = [service.organisation.name if service.organisation else ""]
    where += _labels(TermKind.LANGUAGE, service.languages) + _labels(TermKind.DELIVERY, service.delivery)
    for place in places:
        named = [place.outcode] if place.address_hidden else [place.name, *place.address_lines]
        where += [*named, *place.sensory_facts, *_labels(TermKind.ACCESS_FACT, place.access)]
    return {
        "name": service.name,
        "topics": _joined(topics),
        "summary": service.summary,
        "keywords": service.keywords,
        "description": service.description,
        "details": _joined(details),
        "place": _joined(where),
    }


def _joined(parts: Iterable[str]) -> str:
    return " . ".join(part for part in parts if part)


def _labels(kind: str, keys: Iterable[str]) -> list[str]:
    known = labels(kind, retired=True)
    return [known[key] for key in keys if key in known]


def _card(service: Service, places: list[Location], sessions: tuple[Session, ...]) -> dict[str, Any]:
    """What a result shows, in words that do not depend on who asks."""
    shown = [(_place_label(place), public_point(place)) for place in places]
    return {
        "name": service.name,
        "slug": service.slug,
        "authority": service.authority_id,
        "provider": service.organisation.name if service.organisation else "",
        "level": service.get_level_display() if service.level else "",
        "summary": service.summary,
        "body": service.description[:LONGEST_BODY],
        "places": [[label, *(point or (None, None))] for label, point in shown if label],
        "scope": service.scope,
        "who": _who(service),
        "cost": _cost(service),
        "when": _when(sessions),
        "wait": _brief(service.waiting_time),
        "checked": service.last_checked and service.last_checked.isoformat(),
        "review": service.review_by and service.review_by.isoformat(),
    }


def _place_label(place: Location) -> str:
    if place.address_hidden:
        return f"Near {place.outcode}" if place.outcode else ""
    return place.name or place.address_1 or place.city or place.postcode


def _who(service: Service) -> str:
    """ "Ages 5 to 17", "Age 7", "Ages 14 and over", "Up to age 11", "Age not stated"."""
    if service.min_age is None and service.max_age is None:
        return "Age not stated"
    if service.min_age is None:
        return f"Up to age {service.max_age}"
    words = age_words(service.min_age, service.max_age)
    return f"Age {words}" if service.min_age == service.max_age else f"Ages {words}"


def _cost(service: Service) -> str:
    costs = list(service.costs.all())
    if not costs or costs[0].kind == CostKind.NOT_STATED:
        return "Cost not stated"
    first = _brief(cost_words(costs[0].kind, costs[0].amount, costs[0].note))
    return f"{first}, and other prices" if len(costs) > 1 else first


def _when(sessions: tuple[Session, ...]) -> str:
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
