"""The demonstration council's services, one JSON object a line (`demo/services.jsonl`)."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from django.utils.text import slugify
from wagtail.models import Site

from services.enums import PRACTICE_QUESTIONS, ProviderType
from services.importers.base import Entry, Facts, Item, Part, Progress, Rejected, UnusableFile
from services.importers.meanings import Meanings

AS_THEY_ARE = (
    "name", "summary", "section", "categories", "level", "needs", "conditions", "min_age", "max_age",
    "sen_status", "circumstances", "access_routes", "delivery", "scope", "last_checked", "review_by",
)  # fmt: skip
TEXTS = (
    "description", "eligibility", "how_to_access", "who_decides", "complaints", "waiting_time", "url",
    "sen_information_report_url",
)  # fmt: skip
# Languages are names in the file and keys here.
LANGUAGE_KEYS = {"Phone interpreters in most languages": "phone_interpreters"}
# Whom the council pays, as their own words say (requirement edu.provider.commissioned).
COMMISSIONED = {"svc-edu-049", "svc-edu-051", "svc-soc-013", "svc-red-005"}


class DemonstrationImporter:
    """Keeps each `id` as the external id, so that comments and graded queries find their service."""

    source = "demo"
    label = "The demonstration council"
    columns: Mapping[str, str] = {}

    def read(self, path: Path, authority: Site, progress: Progress, meanings: Meanings) -> Iterator[Item]:
        try:
            lines = path.read_text(encoding="utf-8").strip().split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise UnusableFile(f"{path.name} cannot be read.") from error
        places: dict[str, str] = {}
        for number, line in enumerate(lines, start=1):
            progress("Reading", number, len(lines))
            try:
                yield _entry(number, json.loads(line), places)
            except (ValueError, KeyError, TypeError) as error:
                yield Rejected(
                    number, "line", f"It is not a service as the demonstration writes them: {error}"
                )


def _entry(line: int, row: dict[str, Any], places: dict[str, str]) -> Entry:
    provider = row["provider"]
    practice = row["practice"] or {}
    amount = row["cost"]["amount"]
    hidden = provider["type"] == ProviderType.CHILDMINDER  # a childminder's place is a home
    facts: Facts = {name: row[name] for name in AS_THEY_ARE}
    facts |= {name: row[name] or "" for name in TEXTS}
    facts |= {f"practice_{key}": practice.get(key, "") for key in PRACTICE_QUESTIONS}
    facts |= {
        "keywords": ", ".join(row["tags"]),
        "languages": [LANGUAGE_KEYS.get(name, slugify(name)) for name in row["languages"]],
        "commissioned_by_authority": row["id"] in COMMISSIONED,
        "section41_approved": provider["type"] == ProviderType.SECTION41,
        "last_checked_by": row["contact"]["role"],
        "waiting_weeks": row["waiting_weeks"],
        "waiting_as_of": row["last_checked"] if row["waiting_weeks"] is not None else None,
        "areas_served": "\n".join(row.get("areas_served", ())),
        "sen_information_report_date": row.get("sen_information_report_date"),
        "contacts": [{key: row["contact"][key] or "" for key in ("role", "phone", "email")}],
        "costs": [{**row["cost"], "amount": None if amount is None else str(amount)}],
        "schedules": [{**session, "note": ""} for session in row["schedule"]],
    }
    return Entry(
        line=line,
        external_id=row["id"],
        facts=facts,
        organisation=_organisation(provider),
        locations=tuple(
            _place(f"{row['id']}-{number}", place | {"hidden": hidden}, places)
            for number, place in enumerate(row["locations"], start=1)
        ),
    )


def _organisation(provider: dict[str, Any]) -> Part:
    """One for each name and type: the first to name it gives its address on the web."""
    return Part(
        f"{provider['type']}:{slugify(provider['name'])}"[:100],
        {
            "name": provider["name"],
            "provider_type": provider["type"],
            "url": provider.get("url") or "",
            "email": provider.get("email") or "",
        },
    )


def _place(external_id: str, place: dict[str, Any], places: dict[str, str]) -> Part:
    """One for each address with the same facts: what it is like there can differ by service."""
    content = json.dumps(place, sort_keys=True)
    return Part(
        places.setdefault(content, external_id),
        {
            "name": place["name"],
            "address_1": place["address_1"],
            "city": place["city"],
            "postcode": place["postcode"],
            "latitude": place.get("lat"),
            "longitude": place.get("lon"),
            "address_hidden": place["hidden"],
            "access": place["access"],
            "senses": place["senses"],
            "sensory": "\n".join(place["sensory"]),
        },
    )
