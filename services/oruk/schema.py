"""A service and what hangs on it as the standard's JSON (HSDS 3.0, UK profile).

Empty values are left out. What the standard requires and nobody told us is "Not stated". What it
has no word for is under `local_offer`. A place whose address is hidden shows the first half of its
postcode and the middle of that, and no name: a name can be an address.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from django.utils.encoding import iri_to_uri

from services.enums import CostKind, Scope, TermKind
from services.models import Contact, CostOption, Location, Organisation, Schedule, Service, ServiceLocation
from services.oruk import taxonomies
from services.oruk.identifiers import derived
from services.oruk.taxonomies import Taxonomy, Term, Terms
from services.wording import cost_words, session_words

Body = dict[str, Any]

UNKNOWN = "Not stated"
COUNTRY = "GB"
# Where a place's county is not known: the offer is of an English council.
NATION = "England"
SECTION_41 = "Approved by the Secretary of State under section 41 of the Children and Families Act 2014"
# Schemes of org-id.guide.
_SCHEMES = {"urn": ("GB-EDU", "URN"), "ofsted_urn": ("", "Ofsted URN"),
            "charity_number": ("GB-CHC", "Charity number")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Writer:
    """What is the same for every service of an answer. `home` is this site's address, "https://host"."""

    terms: Terms
    home: str
    council: str
    area: str

    # -- services ------------------------------------------------------------------

    def service(self, service: Service, *, nested: bool) -> Body:
        """A service with its one-to-one fields; `nested` adds all the rest."""
        contacts = list(service.contacts.all())
        body: Body = {
            "id": str(service.uuid),
            "name": service.name,
            "description": service.description.strip() or service.summary,
            "url": web_uri(service.url),
            "email": next((contact.email for contact in contacts if contact.email), ""),
            "status": "active",
            "fees": _fees(service.costs.all()),
            "accreditations": SECTION_41 if service.section41_approved else "",
            "minimum_age": service.min_age,
            "maximum_age": service.max_age,
            "eligibility_description": service.eligibility,
            "application_process": service.how_to_access,
            "assured_date": _day(service.last_checked),
            "last_modified": _moment(service.modified_at),
        }
        if service.organisation_id:
            body["organization_id"] = str(service.organisation.uuid)
            body["organization"] = self.organisation(service.organisation, nested=nested)
        if nested:
            body |= self._relations(service, contacts)
            body["local_offer"] = pruned(self._local_offer(service))
        return pruned(body)

    def _relations(self, service: Service, contacts: list[Contact]) -> Body:
        places = {row.location_id: row for row in service.service_locations.all()}
        return {
            "schedules": [_schedule(row, places.get(row.location_id)) for row in service.schedules.all()],
            "service_areas": self._areas(service),
            "service_at_locations": [
                {"id": str(row.uuid), "location": self.location(row.location, nested=True)}
                for row in places.values()
            ],
            "languages": [
                {"id": derived(service.uuid, "language", term.key), "name": term.name, "code": term.key}
                for term in self.terms.named(TermKind.LANGUAGE, service.languages)
            ],
            "funding": self._funding(service),
            "cost_options": [_cost(row) for row in service.costs.all()],
            "contacts": [_contact(row, places.get(row.location_id)) for row in contacts],
            "attributes": [_attribute(service.uuid, term) for term in self._terms_of(service)],
        }

    def _terms_of(self, service: Service) -> list[Term]:
        named = self.terms.named
        return [
            *named(taxonomies.HELP, [service.section, *(row.key for row in service.categories.all())]),
            *named(taxonomies.NEED, [need.key for need in service.needs.all()]),
            *map(taxonomies.condition, sorted(service.conditions.all(), key=str)),
            *named(taxonomies.LEVEL, [service.level]),
            *named(taxonomies.SCOPE, [service.scope]),
            *named(TermKind.SEN_STATUS, service.sen_status),
            *named(TermKind.CIRCUMSTANCE, service.circumstances),
            *named(TermKind.ACCESS_ROUTE, service.access_routes),
            *named(TermKind.DELIVERY, service.delivery),
            *named(TermKind.LANGUAGE, service.languages),
        ]

    def _areas(self, service: Service) -> list[Body]:
        """Where its families may live: named, for we hold no boundaries."""
        names = [self.area] if service.scope == Scope.LOCAL else [str(Scope(service.scope).label)]
        names += [site.site_name for site in service.serves.all() if site.site_name] + service.areas
        return [
            {"id": derived(service.uuid, "area", name), "name": name, "service_area": name}
            for name in dict.fromkeys(names)
        ]

    def _funding(self, service: Service) -> list[Body]:
        if not service.commissioned_by_authority:
            return []
        return [{"id": derived(service.uuid, "funding"), "source": self.council}]

    def _local_offer(self, service: Service) -> Body:
        return {
            "page": f"{self.home}{service.get_absolute_url()}",
            "summary": service.summary,
            "keywords": service.keywords,
            "who_decides": service.who_decides,
            "complaints": service.complaints,
            "waiting_time": service.waiting_time,
            "waiting_weeks": service.waiting_weeks,
            "waiting_as_of": _day(service.waiting_as_of),
            "areas_served": service.areas,
            "last_checked_by": service.last_checked_by,
            "review_by": _day(service.review_by),
            "sen_information_report_url": web_uri(service.sen_information_report_url),
            "sen_information_report_date": _day(service.sen_information_report_date),
            "practice": {key: answer for key, _, answer in service.practice},
        }

    # -- organisations and places --------------------------------------------------------

    def organisation(self, organisation: Organisation, *, nested: bool) -> Body:
        """Who runs it; `nested` adds its numbers and its kind."""
        kind = self.terms.named(taxonomies.PROVIDER, [organisation.provider_type])
        described = organisation.description.strip() or (kind[0].name if kind else UNKNOWN)
        body: Body = {
            "id": str(organisation.uuid),
            "name": organisation.name,
            "description": described,
            "email": organisation.email,
            "website": web_uri(organisation.url),
        }
        if nested:
            body["organization_identifiers"] = _identifiers(organisation)
            body["attributes"] = [_attribute(organisation.uuid, term) for term in kind]
        return pruned(body)

    def location(self, location: Location, *, nested: bool) -> Body:
        """A place as the public may know it; `nested` adds its address and access facts."""
        point = public_point(location)
        senses = self.terms.named(TermKind.SENSORY_FACT, location.senses)
        body: Body = {
            "id": str(location.uuid),
            "location_type": "physical",
            "name": "" if location.address_hidden else location.name,
            "description": ". ".join([*(term.name for term in senses), *location.sensory_facts]),
            "latitude": point[0] if point else None,
            "longitude": point[1] if point else None,
        }
        if nested:
            access = self.terms.named(TermKind.ACCESS_FACT, location.access)
            body["addresses"] = _addresses(location)
            body["accessibility"] = [
                {"id": derived(location.uuid, "accessibility", term.key), "description": term.name}
                for term in access
            ]
            body["attributes"] = [_attribute(location.uuid, term) for term in (*access, *senses)]
            body["local_offer"] = pruned(
                {"address_hidden": location.address_hidden or None, "before_you_go": location.sensory_facts}
            )
        return pruned(body)

    def service_at_location(self, row: ServiceLocation, *, nested: bool) -> Body:
        """A service at a place. `name` and `status` stand at its top too: the national validator
        reads its detail as a service."""
        return {
            "id": str(row.uuid),
            "service_id": str(row.service.uuid),
            "location_id": str(row.location.uuid),
            "name": row.service.name,
            "status": "active",
            "location": self.location(row.location, nested=nested),
            "service": self.service(row.service, nested=nested),
        }


def taxonomy(row: Taxonomy, terms: Iterable[Term] | None = None) -> Body:
    """A taxonomy, with its terms where they are given."""
    body: Body = {"id": row.id, "name": row.name, "description": row.description, "version": "1"}
    return pruned(body | {"taxonomy_terms": [term.body() for term in terms or ()]})


def public_point(location: Location) -> tuple[float, float] | None:
    """(latitude, longitude) as near as the public may know it, with no query for a whole postcode.

    A point that nobody gave is not made up of a postcode here: readers would take it for exact.
    """
    if location.address_hidden or None not in (location.latitude, location.longitude):
        return location.public_point
    return None


def pruned(body: Body) -> Body:
    """Without empty values; 0 and False are values."""
    return {name: value for name, value in body.items() if value not in (None, "", [], {})}


def web_uri(address: str) -> str:
    """An http address as a URI: letters outside ASCII are escaped. Empty for what is none."""
    try:
        parts = urlsplit(address.strip())
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not host or parts.username is not None:
        return ""
    host = f"[{host}]" if ":" in host else host
    escaped = iri_to_uri(parts._replace(netloc=f"{host}{port}").geturl())
    for character in '[]"<>\\^`{|} ' if ":" not in host else '"<>\\^`{|} ':
        escaped = escaped.replace(character, f"%{ord(character):02X}")
    return escaped


def _attribute(owner: object, term: Term) -> Body:
    return {
        "id": derived(owner, "attribute", term.taxonomy, term.key),
        "link_type": term.taxonomy,
        "taxonomy_term_id": term.id,
        "taxonomy_term": term.body(),
    }


def _identifiers(organisation: Organisation) -> list[Body]:
    rows = ((name, getattr(organisation, name), *known) for name, known in _SCHEMES.items())
    return [
        pruned(
            {
                "id": derived(organisation.uuid, "identifier", name),
                "identifier_scheme": scheme,
                "identifier_type": kind,
                "identifier": value,
            }
        )
        for name, value, scheme, kind in rows
        if value
    ]


def _addresses(location: Location) -> list[Body]:
    """One address, or none where nothing is known. The standard requires each of its lines."""
    if location.address_hidden:
        first, city, county = f"Near {location.outcode}" if location.outcode else "", "", ""
    else:
        first = ", ".join(filter(None, [location.address_1 or location.name, location.address_2]))
        city, county = location.city, location.county
    postcode = location.outcode if location.address_hidden else location.postcode
    if not (first or postcode or city):
        return []
    return [
        {
            "id": derived(location.uuid, "address"),
            "address_1": first or UNKNOWN,
            "city": city or UNKNOWN,
            "state_province": county or NATION,
            "postal_code": postcode or UNKNOWN,
            "country": COUNTRY,
            "address_type": "physical",
        }
    ]


def _schedule(row: Schedule, place: ServiceLocation | None) -> Body:
    ours = {"when": row.when, "closed": row.closed, "extra": row.extra}
    return pruned(
        {
            "id": str(row.uuid),
            "service_at_location_id": str(place.uuid) if place else "",
            "valid_from": _day(row.valid_from),
            "valid_to": _day(row.valid_to),
            "freq": "WEEKLY" if row.days else "",
            "interval": 1 if row.days else None,
            "byday": ",".join(row.days),
            "opens_at": row.opens.isoformat() if row.opens else "",
            "closes_at": row.closes.isoformat() if row.closes else "",
            "description": session_words(row.days, row.opens, row.closes, row.when),
            "notes": row.note,
            "local_offer": pruned(ours),
        }
    )


def _cost(row: CostOption) -> Body:
    return pruned(
        {
            "id": str(row.uuid),
            "option": str(CostKind(row.kind).label) if row.kind in CostKind.values else row.kind,
            "amount": _pounds(row.amount),
            "currency": "GBP" if row.amount is not None else "",
            "amount_description": row.note,
        }
    )


def _pounds(amount: Decimal | None) -> int | float | None:
    if amount is None:
        return None
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _fees(costs: Iterable[CostOption]) -> str:
    """What it costs in words; nothing while nobody stated it."""
    stated = [row for row in costs if row.kind != CostKind.NOT_STATED or row.note]
    return "; ".join(cost_words(row.kind, row.amount, row.note) for row in stated)


def _contact(row: Contact, place: ServiceLocation | None) -> Body:
    """A role, never a person. Phones hang on their contact, as in HSDS."""
    phones = [{"id": derived(row.uuid, "phone"), "number": row.phone}] if row.phone.strip() else []
    body: Body = {"id": str(row.uuid), "title": row.role, "email": row.email, "phones": phones}
    return pruned(body | ({"location_id": str(place.location.uuid)} if place else {}))


def _day(day: Any) -> str:
    return day.isoformat() if day else ""


def _moment(moment: Any) -> str:
    return moment.isoformat() if moment else ""
