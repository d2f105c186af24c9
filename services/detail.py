"""What the public page of a service says, as plain values: the template only prints them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Prefetch, Value
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Site

from localoffer.clock import today
from localoffer.models import CouncilSettings
from services import school_terms, sessions
from services.enums import ProviderType, Scope, TermKind
from services.models import Category, Contact, Location, Need, Schedule, Service, ServiceLocation
from services.models.service import ServiceQuerySet
from services.schema_org import describe
from services.vocabulary import labels
from services.wording import (
    NOT_STATED,
    age_words,
    calendar_words,
    cost_words,
    listed,
    phone_link,
    session_words,
    wait_words,
    web_link,
)

# What families call the place that answers Schedule 2 paragraph 5.
_COLLEGES = {ProviderType.FURTHER_EDUCATION, ProviderType.SPECIALIST_POST16}
# What to say of a place when (access, sensory) facts are known or not.
_NOT_TOLD = {
    (True, True): "",
    (True, False): "No one has told us about noise, light or crowds here yet.",
    (False, True): "No one has told us about steps, toilets or parking here yet.",
    (False, False): "No one has told us about steps, toilets, noise or crowds here yet.",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A term and what is known of it: one text, or several short lines."""

    term: str
    text: str = ""
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """One location. A hidden address is only "Near BS5", and has no link to a map."""

    title: str
    address: str
    map_url: str
    access: tuple[str, ...]
    senses: tuple[str, ...]
    before_you_go: tuple[str, ...]
    not_told: str


@dataclass(frozen=True, slots=True)
class Reach:
    """A way to reach the service: a role, where it sits, and its number or email address."""

    role: str
    place: str
    phone: str
    phone_href: str
    email: str


@dataclass(frozen=True, slots=True)
class ServicePage:
    """Everything `templates/services/detail.html` prints."""

    name: str
    kicker: str
    lead: str
    description: str
    is_late: bool
    last_checked: date | None
    checked_side: str
    review_by: date | None
    at_a_glance: tuple[Row, ...]
    getting_it: tuple[Row, ...]
    who_runs_it: tuple[Row, ...]
    calendar_url: str
    places: tuple[Place, ...]
    anywhere: str
    contacts: tuple[Reach, ...]
    website: str
    school: str
    practice: tuple[Row, ...]
    report_url: str
    report_date: date | None
    json_ld: str
    breadcrumb: list[tuple[str, str]] = field(default_factory=list)

    @property
    def has_contact(self) -> bool:
        return bool(self.contacts or self.website)


def for_page(services: ServiceQuerySet) -> ServiceQuerySet:
    """Fetch what the page reads and no more, in a fixed number of queries; `hold_labels` fetches the rest."""
    places = Prefetch("service_locations", ServiceLocation.objects.select_related("location"))
    schedules = Prefetch("schedules", Schedule.objects.select_related("location"))
    contacts = Prefetch("contacts", Contact.objects.select_related("location"))
    return services.select_related("organisation").prefetch_related(
        "conditions", places, schedules, "costs", contacts
    )


def hold_labels(service: Service) -> Service:
    """Needs, categories and other areas in one query instead of three: held in memory as those of a preview
    are, with what their labels need and no more."""
    needs = Need.objects.filter(services=service).order_by()
    categories = Category.objects.filter(services=service).order_by()
    areas = Site.objects.filter(shared_services=service).order_by()
    rows = needs.values_list(Value("needs"), "pk", "label", Value(""), "order").union(
        categories.values_list(Value("categories"), "pk", "label", Value(""), "order"),
        areas.values_list(Value("serves"), "pk", "site_name", "hostname", Value(0)),
        all=True,
    )
    found = sorted(rows)
    service.needs.set([Need(pk=pk, label=name, order=at) for of, pk, name, _, at in found if of == "needs"])
    service.categories.set(
        [Category(pk=pk, label=name, order=at) for of, pk, name, _, at in found if of == "categories"]
    )
    service.serves.set(
        [Site(pk=pk, site_name=name, hostname=host) for of, pk, name, host, _ in found if of == "serves"]
    )
    return service


def page_context(
    service: Service, council: CouncilSettings | None = None, *, root: str = ""
) -> dict[str, object]:
    """The template's context; `council` is the one whose site shows it (default: the owner's).

    `root` is the site's address, "https://offer.example.org", for what must name whole addresses.

    Reads only through the relations' managers, so that an unsaved preview with its rows in
    memory is shown as it will be.
    """
    council = council or _owner(service)
    places = tuple(_place(row.location) for row in service.service_locations.all() if row.location_id)
    categories = [category.label for category in service.categories.all()]
    provider = service.organisation.name if service.organisation_id else ""
    anywhere = "" if places else _anywhere(service, council.area_name)
    page = ServicePage(
        name=service.name,
        kicker=" · ".join(filter(None, [provider, categories[0] if categories else _section(service)])),
        lead=service.summary,
        description=service.description.strip(),
        is_late=service.is_overdue,
        last_checked=service.last_checked,
        checked_side=service.get_checked_side_display() if service.checked_side else "",
        review_by=service.review_by,
        at_a_glance=_at_a_glance(service),
        getting_it=_getting_it(service),
        who_runs_it=_who_runs_it(service),
        calendar_url=_calendar_url(service),
        places=places,
        anywhere=anywhere,
        contacts=_contacts(service),
        website=web_link(service.url) or (web_link(service.organisation.url) if provider else ""),
        school=_school_word(service),
        practice=tuple(Row(question, answer) for _, question, answer in service.practice),
        report_url=web_link(service.sen_information_report_url),
        report_date=service.sen_information_report_date,
        json_ld=_json_ld(service, anywhere, root),
        breadcrumb=[("Home", "/"), ("Find services", reverse("search:results"))],
    )
    return {"service": service, "page": page}


def _owner(service: Service) -> CouncilSettings:
    return CouncilSettings.for_site(service.authority) if service.authority_id else CouncilSettings()


def _section(service: Service) -> str:
    return service.get_section_display() if service.section else ""


def _anywhere(service: Service, area: str) -> str:
    return f"Anywhere in {area}" if service.scope == Scope.LOCAL else service.get_scope_display()


def _named(kind: str, keys: Iterable[str]) -> list[str]:
    """Labels of keys in their vocabulary's order; a key since retired reads as its own words."""
    known = labels(kind)
    chosen = set(keys)
    return [known[key] for key in known if key in chosen] + [
        key.replace("_", " ").capitalize() for key in keys if key not in known
    ]


def _rows(*pairs: tuple[str, str | list[str]]) -> tuple[Row, ...]:
    """A row for each (term, text or short lines) that says something."""
    rows = (
        Row(term, text=known.strip()) if isinstance(known, str) else Row(term, lines=tuple(known))
        for term, known in pairs
    )
    return tuple(row for row in rows if row.text or row.lines)


def _at_a_glance(service: Service) -> tuple[Row, ...]:
    costs = [cost_words(row.kind, row.amount, row.note) for row in service.costs.all()]
    times = [_session(row) for row in service.schedules.all()]
    return (
        Row("Age", age_words(service.min_age, service.max_age)),
        Row("Cost", lines=tuple(costs) or (NOT_STATED,)),
        Row("When", lines=tuple(filter(None, times)) or (NOT_STATED,)),
        *_rows(
            ("Waiting time", wait_words(service.waiting_weeks, service.waiting_time, service.waiting_as_of)),
            ("Type of help", service.get_level_display() if service.level else ""),
            ("Can help with", _helps_with(service)),
            ("How it happens", _named(TermKind.DELIVERY, service.delivery)),
            ("Languages", listed(_named(TermKind.LANGUAGE, service.languages))),
            ("Area", "" if service.scope == Scope.LOCAL else service.get_scope_display()),
            ("It also serves", listed(_areas(service))),
        ),
    )


def _session(row: Schedule) -> str:
    """One session in a line: days, hours and season, then where, then what makes some weeks different."""
    usual = session_words(row.days or (), row.opens, row.closes, row.when, row.note)
    where = f"At {row.location.public_name}" if row.location and row.location.public_name else ""
    parts = [part.removesuffix(".") for part in (usual, where, calendar_words(row, today())) if part]
    return f"{'. '.join(parts)}." if len(parts) > 1 else usual


def _calendar_url(service: Service) -> str:
    """The calendar file, where some session has a day that we know."""
    if not service.pk:
        return ""
    terms = school_terms.known(service.authority_id)
    if not any(sessions.has_any(row, terms, timezone.localdate()) for row in service.schedules.all()):
        return ""
    return reverse("services:calendar", args=[service.pk])


def _areas(service: Service) -> list[str]:
    """Other councils' areas: those of this installation, then those written by name."""
    if service.scope == Scope.LOCAL:
        return []
    named = [site.site_name or site.hostname for site in service.serves.all()]
    return list(dict.fromkeys([*named, *service.areas]))


def _who_runs_it(service: Service) -> tuple[Row, ...]:
    """The provider, what it is registered as, and who stands behind the entry."""
    provider = service.organisation if service.organisation_id else None
    approved = "Yes. You can ask for it to be named in an EHC plan."
    return _rows(
        ("Name", provider.name if provider else ""),
        ("Kind of provider", provider.get_provider_type_display() if provider else ""),
        ("About them", provider.description if provider else ""),
        ("School number (URN)", provider.urn if provider else ""),
        ("Ofsted number", provider.ofsted_urn if provider else ""),
        ("Charity number", provider.charity_number if provider else ""),
        ("Paid for by the council", "Yes" if service.commissioned_by_authority else ""),
        ("On the national approved list", approved if service.section41_approved else ""),
        ("Checked by", service.last_checked_by if service.last_checked else ""),
    )


def _helps_with(service: Service) -> list[str]:
    """Needs, then conditions that say something more."""
    needs = [need.label for need in service.needs.all()]
    said = {label.casefold() for label in needs}
    conditions = (tag.name for tag in service.conditions.all() if tag.name.casefold() not in said)
    return needs + [f"{name[:1].upper()}{name[1:]}" for name in conditions]


def _getting_it(service: Service) -> tuple[Row, ...]:
    support = ["any"] if "any" in service.sen_status else service.sen_status
    return _rows(
        ("Who it is for", service.eligibility),
        ("Plan or support", _named(TermKind.SEN_STATUS, support)),
        ("It may also suit", _named(TermKind.CIRCUMSTANCE, service.circumstances)),
        ("What to do", service.how_to_access),
        ("Who can ask", _named(TermKind.ACCESS_ROUTE, service.access_routes)),
        ("Who decides", service.who_decides),
        ("If you are unhappy", service.complaints),
    )


def _place(location: Location) -> Place:
    """A hidden place keeps its name to itself too: a name can be an address."""
    address = ", ".join(location.address_lines)
    title = address if location.address_hidden else location.name or location.address_1 or address
    access = tuple(_named(TermKind.ACCESS_FACT, location.access))
    senses = tuple(_named(TermKind.SENSORY_FACT, location.senses))
    before = tuple(location.sensory_facts)
    return Place(
        title=title or "Address not given out",
        address="" if title == address else address,
        map_url=_map_url(location),
        access=access,
        senses=senses,
        before_you_go=before,
        not_told=_NOT_TOLD[bool(access), bool(senses or before)],
    )


def _map_url(location: Location) -> str:
    """A link to an open map, which is asked for nothing until somebody follows it."""
    if location.address_hidden or location.latitude is None or location.longitude is None:
        return ""
    at = f"{location.latitude:.5f}", f"{location.longitude:.5f}"
    return f"https://www.openstreetmap.org/?mlat={at[0]}&mlon={at[1]}#map=17/{at[0]}/{at[1]}"


def _contacts(service: Service) -> tuple[Reach, ...]:
    found = [
        Reach(
            row.role,
            row.location.public_name if row.location else "",
            row.phone.strip(),
            phone_link(row.phone),
            row.email,
        )
        for row in service.contacts.all()
        if row.phone.strip() or row.email
    ]
    if not found and service.organisation_id and service.organisation.email:
        found = [Reach(service.organisation.name, "", "", "", service.organisation.email)]
    return tuple(found)


def _school_word(service: Service) -> str:
    kind = service.organisation.provider_type if service.organisation_id else ""
    return "college" if kind in _COLLEGES else "school"


def _json_ld(service: Service, anywhere: str, root: str) -> str:
    """JSON-LD for a data block: `<`, `>` and `&` are written as escapes, so no text can end the block."""
    text = json.dumps(describe(service, anywhere=anywhere, root=root), ensure_ascii=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003C").replace(">", "\\u003E")
