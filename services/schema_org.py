"""A service in schema.org's words, for search engines. Only what the public may read goes in."""

from typing import Any

from django.urls import reverse

from services.enums import CostKind, Day, ProviderType, SessionWhen
from services.models import Location, Organisation, Service
from services.wording import web_link

_SCHOOLS = {
    ProviderType.MAINTAINED_SCHOOL,
    ProviderType.ACADEMY,
    ProviderType.FREE_SCHOOL,
    ProviderType.NON_MAINTAINED_SPECIAL,
    ProviderType.INDEPENDENT_SPECIAL,
    ProviderType.SECTION41,
    ProviderType.PUPIL_REFERRAL_UNIT,
    ProviderType.INDEPENDENT_SCHOOL,
}
_TYPES = {
    **dict.fromkeys(_SCHOOLS, "School"),
    ProviderType.EARLY_YEARS: "Preschool",
    ProviderType.CHILDMINDER: "ChildCare",
    ProviderType.FURTHER_EDUCATION: "CollegeOrUniversity",
    ProviderType.SPECIALIST_POST16: "CollegeOrUniversity",
    ProviderType.COUNCIL: "GovernmentOrganization",
    ProviderType.NHS: "MedicalOrganization",
}
_PUBLIC_BODIES = {ProviderType.COUNCIL, ProviderType.NHS}

Node = dict[str, Any]


def describe(service: Service, *, anywhere: str, root: str) -> Node:
    """A `Service` and its trail, as one graph. `root` is the site's address, or empty in a preview.

    Only a stated free service has an offer of nothing; what nobody stated is left out.
    """
    page = f"{root}{service.get_absolute_url()}" if root and service.pk else ""
    graph = [_service(service, anywhere, page)]
    if root:
        graph.append(_trail(service, root, page))
    return {"@context": "https://schema.org", "@graph": graph}


def _service(service: Service, anywhere: str, page: str) -> Node:
    provider = service.organisation if service.organisation_id else None
    public = provider is not None and provider.provider_type in _PUBLIC_BODIES
    places = [row.location for row in service.service_locations.all() if row.location_id]
    return _known(
        {
            "@type": "GovernmentService" if public else "Service",
            "@id": f"urn:uuid:{service.uuid}",
            "identifier": str(service.uuid),
            "name": service.name,
            "description": service.summary,
            "url": page,
            "serviceType": [category.label for category in service.categories.all()],
            "provider": _provider(provider) if provider else None,
            "audience": _audience(service),
            "areaServed": service.areas or (anywhere if not places else None),
            "availableChannel": _channels(service, places),
            "hoursAvailable": _hours(service),
            "offers": _offers(service),
        }
    )


def _provider(provider: Organisation) -> Node:
    numbers = {
        "URN": provider.urn,
        "Ofsted": provider.ofsted_urn,
        "Charity number": provider.charity_number,
    }
    return _known(
        {
            "@type": _TYPES.get(ProviderType(provider.provider_type), "Organization")
            if provider.provider_type in ProviderType.values
            else "Organization",
            "name": provider.name,
            "url": web_link(provider.url),
            "identifier": [
                {"@type": "PropertyValue", "propertyID": name, "value": value}
                for name, value in numbers.items()
                if value
            ],
        }
    )


def _audience(service: Service) -> Node | None:
    if service.min_age is None and service.max_age is None:
        return None
    return _known(
        {
            "@type": "PeopleAudience",
            "suggestedMinAge": service.min_age,
            "suggestedMaxAge": service.max_age,
        }
    )


def _channels(service: Service, places: list[Location]) -> list[Node]:
    """Each place, each contact and the website: ways to reach the service."""
    found: list[Node] = [{"serviceLocation": _place(place)} for place in places]
    for row in service.contacts.all():
        contact = _known(
            {
                "@type": "ContactPoint",
                "contactType": row.role,
                "telephone": row.phone.strip(),
                "email": row.email,
            }
        )
        if row.phone.strip() or row.email:
            found.append({"servicePhone": contact})  # its range is ContactPoint, with or without a number
    if link := web_link(service.url):
        found.append({"serviceUrl": link})
    return [{"@type": "ServiceChannel", **channel} for channel in found]


def _place(place: Location) -> Node:
    """A hidden place is a postal district and nothing nearer."""
    if place.address_hidden:
        address = {"@type": "PostalAddress", "postalCode": place.outcode, "addressCountry": "GB"}
        return {"@type": "Place", "address": _known(address)}
    address = {
        "@type": "PostalAddress",
        "streetAddress": ", ".join(filter(None, [place.address_1, place.address_2])),
        "addressLocality": place.city,
        "addressRegion": place.county,
        "postalCode": place.postcode,
        "addressCountry": "GB",
    }
    point = place.public_point
    geo = {"@type": "GeoCoordinates", "latitude": point[0], "longitude": point[1]} if point else None
    return _known({"@type": "Place", "name": place.name, "address": _known(address), "geo": geo})


def _hours(service: Service) -> list[Node]:
    """Sessions of the whole year with days and hours; schema.org has no word for term time."""
    return [
        _known(
            {
                "@type": "OpeningHoursSpecification",
                "dayOfWeek": [f"https://schema.org/{name}" for name in row.day_names],
                "opens": row.opens and row.opens.isoformat("minutes"),
                "closes": row.closes and row.closes.isoformat("minutes"),
                "validFrom": row.valid_from and row.valid_from.isoformat(),
                "validThrough": row.valid_to and row.valid_to.isoformat(),
            }
        )
        for row in service.schedules.all()
        if row.when == SessionWhen.ALL_YEAR and set(row.days or ()) & set(Day.values) and row.opens
    ]


def _offers(service: Service) -> list[Node]:
    found = []
    for row in service.costs.all():
        price = 0 if row.kind == CostKind.FREE else row.amount
        if price is not None and row.kind in {CostKind.FREE, CostKind.CHARGED, CostKind.SUBSIDISED}:
            offer = {
                "@type": "Offer",
                "price": f"{price:.2f}",
                "priceCurrency": "GBP",
                "description": row.note,
            }
            found.append(_known(offer))
    return found


def _trail(service: Service, root: str, page: str) -> Node:
    steps = [
        ("Home", f"{root}/"),
        ("Find services", f"{root}{reverse('search:results')}"),
        (service.name, page),
    ]
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            _known({"@type": "ListItem", "position": place, "name": name, "item": address})
            for place, (name, address) in enumerate(steps, start=1)
        ],
    }


def _known(node: Node) -> Node:
    """Without what nobody has stated."""
    return {name: value for name, value in node.items() if value not in (None, "", [])}
