"""The demonstration council's services, one JSON object a line (`demo/services.jsonl`)."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.text import slugify
from wagtail.models import Site

from services.enums import PRACTICE_QUESTIONS, ProviderType
from services.importers.base import Entry, Facts, Item, Part, Progress, UnusableFile

# Languages are names in the file and keys here.
LANGUAGE_KEYS = {"Phone interpreters in most languages": "phone_interpreters"}
# Whom the council pays, as their own words say (requirement edu.provider.commissioned).
COMMISSIONED = {"svc-edu-049", "svc-edu-051", "svc-soc-013", "svc-red-005"}
AS_THEY_ARE = (
    "name", "summary", "description", "section", "categories", "level", "needs", "conditions",
    "min_age", "max_age", "sen_status", "circumstances", "eligibility", "how_to_access", "who_decides",
    "complaints", "access_routes", "waiting_time", "delivery", "scope", "url", "last_checked", "review_by",
)  # fmt: skip


class DemonstrationImporter:
    """Keeps each `id` as the external id, so that comments and graded queries find their service."""

    source = "demo"
    label = "The demonstration council"

    def read(self, path: Path, authority: Site, progress: Progress) -> Iterator[Item]:
        try:
            rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
        except (OSError, ValueError) as error:
            raise UnusableFile(f"{path.name} cannot be read: {error}") from error
        for number, row in enumerate(rows, start=1):
            progress("Reading", number, len(rows))
            yield _entry(number, row)


def _entry(line: int, row: Mapping[str, Any]) -> Entry:
    facts: Facts = {name: row[name] if row[name] is not None else "" for name in AS_THEY_ARE}
    for name in ("min_age", "max_age", "last_checked", "review_by"):
        facts[name] = row[name]
    facts |= {
        "keywords": ", ".join(row["tags"]),
        "languages": [LANGUAGE_KEYS.get(name, slugify(name)) for name in row["languages"]],
        "last_checked_by": "the service" if row["last_checked"] else "",
        "commissioned_by_authority": row["id"] in COMMISSIONED,
        "section41_approved": row["provider"]["type"] == ProviderType.SECTION41,
        "sen_information_report_url": row["sen_information_report_url"] or "",
        "contacts": [{name: row["contact"][name] or "" for name in ("role", "phone", "email")}],
        "costs": [_cost(row["cost"])],
        "schedules": [{**session, "note": ""} for session in row["schedule"]],
    }
    practice = row["practice"] or {}
    facts |= {f"practice_{key}": practice.get(key) or "" for key in PRACTICE_QUESTIONS}
    return Entry(line, row["id"], facts, _provider(row["provider"]), _places(row))


def _cost(cost: Mapping[str, Any]) -> Facts:
    amount = cost["amount"]
    return {
        "kind": cost["kind"],
        "amount": None if amount is None else f"{Decimal(str(amount)):.2f}",
        "note": cost["note"] or "",
    }


def _provider(provider: Mapping[str, Any]) -> Part:
    """Known by name and type: the council also runs a pupil referral unit."""
    facts = {
        "name": provider["name"],
        "provider_type": provider["type"],
        "url": provider["url"] or "",
        "email": provider["email"] or "",
    }
    return Part(f"{slugify(provider['name'])[:80]}-{provider['type']}", facts)


def _places(row: Mapping[str, Any]) -> tuple[Part, ...]:
    places = []
    for number, place in enumerate(row["locations"], start=1):
        facts = {name: place[name] or "" for name in ("name", "address_1", "city", "postcode")}
        facts |= {
            "latitude": place.get("lat"),
            "longitude": place.get("lon"),
            "access": place["access"],
            "sensory": "\n".join(place["sensory"]),
        }
        places.append(Part(f"{row['id']}-{number}", facts))
    return tuple(places)
