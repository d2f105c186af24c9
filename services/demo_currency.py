"""The demonstration's checks: who checked what, whom the council asks, and changes that wait."""

import json
from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from wagtail.models import Site

from services import changes
from services.assurance import suggest_change
from services.enums import CheckedBy, ProviderType
from services.importers.demonstration import DemonstrationImporter
from services.models import OrganisationReview, Service, ServiceReview, Suggestion

FILE = settings.BASE_DIR / "demo" / "suggestions.json"


@transaction.atomic
def load_demo_currency(*, authority: Site) -> int:
    """Once: what staff decided or changed since is kept. Returns how many suggestions were made."""
    ours = Service.objects.filter(authority=authority, source=DemonstrationImporter.source)
    unsaid = ours.exclude(last_checked=None).filter(checked_side="", latest_revision=None)
    by_council = unsaid.filter(organisation__provider_type=ProviderType.COUNCIL).values("pk")
    ours.filter(pk__in=list(by_council.values_list("pk", flat=True))).update(checked_side=CheckedBy.COUNCIL)
    unsaid.update(checked_side=CheckedBy.PROVIDER)
    content = json.loads(FILE.read_text(encoding="utf-8"))
    services = {service.external_id: service for service in ours.select_related("organisation", "authority")}
    if Suggestion.objects.of(authority).exists():
        return 0
    for row in content["asked_at"]:
        ServiceReview.objects.get_or_create(
            service=services[row["service"]],
            defaults={"provider_email": row["email"], "provider_role": row["role"]},
        )
    made = [_suggest(services[row["service"]], row) for row in content["suggestions"]]
    for key in content["trusted"]:
        OrganisationReview.objects.get_or_create(
            organisation=services[key].organisation, defaults={"trusted": True}
        )
    return len(made)


def _suggest(service: Service, row: dict[str, Any]) -> Suggestion:
    """`fields` are new values; `rows` change the first row of a kind."""
    seen = changes.read(service)
    proposed = dict(row["fields"])
    for name, change in row["rows"].items():
        first, *rest = seen[name]
        proposed[name] = [{**first, **change}, *rest]
    made = suggest_change(service=service, seen=seen, proposed=proposed, note=row["note"])
    day = datetime.combine(date.fromisoformat(row["made_on"]), time(10, 15))
    made.made_at = timezone.make_aware(day)
    made.save(update_fields=["made_at"])
    return made
