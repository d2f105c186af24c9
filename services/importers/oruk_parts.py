"""The organisation and the places of an Open Referral service."""

import re
from typing import TYPE_CHECKING, Any

from services import postcodes
from services.enums import ProviderType, TermKind
from services.importers import cells, oruk_values
from services.importers.base import Facts, Part
from services.importers.points import point
from services.oruk.schema import NATION
from services.oruk.taxonomies import PROVIDER

if TYPE_CHECKING:
    from services.importers.oruk import Reading

MOST_PLACES = 200
LONGEST_ID = 100
_NUMBERS = (
    ("urn", r"\burn\b|gb-edu|establishment"),
    ("charity_number", r"charity|gb-chc"),
)
# A place that the public must not be able to find.
_REFUGE = re.compile(r"\brefuges?\b|domestic (?:abuse|violence)|safe ?house", re.IGNORECASE)


def extension(body: Any) -> Facts:
    """What our own exports say beside the standard; empty for every other feed."""
    ours = body.get("local_offer") if isinstance(body, dict) else None
    return ours if isinstance(ours, dict) else {}


def organisation(reading: "Reading") -> Part | None:
    """Who runs it; None where the feed does not say, or only by an id."""
    body = reading.record.get("organization")
    if not isinstance(body, dict):
        return None
    external_id = reading.id_of(body.get("id") or reading.record.get("organization_id"))[:LONGEST_ID]
    name = oruk_values.shortened(oruk_values.line(body.get("name")), 200)
    if not external_id or not name:
        return None
    kinds = reading.context.terms.keys(body.get("attributes"), PROVIDER)
    facts: Facts = {"name": name}
    labels = {str(label) for _, label in ProviderType.choices}
    description = oruk_values.lines(body.get("description"))
    web = body.get("website") or body.get("url")
    said = {
        "description": "" if description in labels else description,
        "provider_type": kinds[0] if kinds else "",
        "url": reading.spare("organisation website", cells.web_address, oruk_values.line(web)),
        "email": reading.spare("organisation email", cells.email, oruk_values.line(body.get("email"))),
        **_identifiers(body.get("organization_identifiers")),
    }
    return Part(external_id, facts | {name: value for name, value in said.items() if value})


def _identifiers(rows: Any) -> Facts:
    found: Facts = {}
    for row in rows if isinstance(rows, list) else ():
        if not isinstance(row, dict):
            continue
        words = f"{row.get('identifier_scheme', '')} {row.get('identifier_type', '')}".casefold()
        number = oruk_values.line(row.get("identifier"))
        if len(number) > 12:
            continue
        names = ["ofsted_urn"] if "ofsted" in words else [n for n, has in _NUMBERS if re.search(has, words)]
        for name in names[:1]:
            found.setdefault(name, number)
    return found


def places(reading: "Reading") -> tuple[Part, ...]:
    """Each place of the service once."""
    rows = reading.record.get("service_at_locations")
    found: dict[str, Part] = {}
    for row in (rows if isinstance(rows, list) else [])[:MOST_PLACES]:
        body = row.get("location") if isinstance(row, dict) else None
        if not isinstance(body, dict) or body.get("location_type") == "virtual":
            continue
        external_id = reading.id_of(body.get("id") or row.get("location_id"))[:LONGEST_ID]
        if external_id:
            found.setdefault(external_id, Part(external_id, _place(reading, body)))
    return tuple(found.values())


def _place(reading: "Reading", body: Facts) -> Facts:
    """A place's facts. One that seems to be a refuge comes with its address hidden."""
    ours = extension(body)
    address = next((row for row in body.get("addresses") or [] if isinstance(row, dict)), {})
    words = f"{reading.name} {body.get('name') or ''}"
    hidden = ours.get("address_hidden") is True
    if not hidden and _REFUGE.search(words):
        reading.warn("address", "It seems to be a refuge, so its address is hidden. Show it if it is none.")
        hidden = True
    postcode = _postcode(reading, address, hidden)
    facts: Facts = {"name": oruk_values.shortened(oruk_values.line(body.get("name")), 200)}
    if address:
        facts |= _address(address, hidden) | {"postcode": postcode}
    spot = reading.spare("place on the map", point, body.get("latitude"), body.get("longitude"), postcode)
    if spot is None and postcode:
        centre = postcodes.lookup(postcode)
        spot = (centre.latitude, centre.longitude) if centre else None
    facts |= {"latitude": spot[0], "longitude": spot[1]} if spot else {}
    facts |= {"address_hidden": True} if hidden else {}
    return facts | _being_there(reading, body, ours)


def _address(address: Facts, hidden: bool) -> Facts:
    if hidden and oruk_values.line(address.get("address_1")).startswith("Near "):
        return {}
    county = oruk_values.line(address.get("state_province"))
    return {
        "address_1": oruk_values.shortened(oruk_values.line(address.get("address_1")), 200),
        "city": oruk_values.shortened(oruk_values.line(address.get("city")), 100),
        "county": "" if county == NATION else oruk_values.shortened(county, 100),
    }


def _postcode(reading: "Reading", address: Facts, hidden: bool) -> str:
    written = oruk_values.line(address.get("postal_code"))
    found = postcodes.parse(written) if written else None
    if written and (found is None or not (found.incode or hidden)):
        reading.warn("postcode", f"{cells.quoted(written)} is not a whole postcode.")
        return ""
    return str(found or "")


def _being_there(reading: "Reading", body: Facts, ours: Facts) -> Facts:
    """Access and sensory facts; an access fact that is not a word of ours is told."""
    keys = reading.context.terms.keys
    access = keys(body.get("attributes"), TermKind.ACCESS_FACT)
    senses = keys(body.get("attributes"), TermKind.SENSORY_FACT)
    known = reading.context.terms.meanings
    for row in body.get("accessibility") or [] if isinstance(body.get("accessibility"), list) else []:
        word = (
            oruk_values.line(row.get("description") or row.get("accessibility"))
            if isinstance(row, dict)
            else ""
        )
        key = known.of(TermKind.ACCESS_FACT, word) if word else ""
        if key:
            access.append(key)
        elif word and key is None and len(word) <= 60:
            reading.tell(TermKind.ACCESS_FACT.value, word)
    before = [oruk_values.line(each) for each in ours.get("before_you_go") or () if isinstance(each, str)]
    facts = {
        "access": list(dict.fromkeys(access)),
        "senses": senses,
        "sensory": "\n".join(filter(None, before)),
    }
    return {name: value for name, value in facts.items() if value}
