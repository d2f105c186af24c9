"""A service whose provider or place changed has changed for whoever reads it: its entry says so.

Open Referral's readers ask for what was modified since they last came (`modified_after`); the feed
of changes and the sitemap say when. Imports write many rows at once and say so themselves.
"""

from typing import Any

from django.db.models.signals import post_save
from django.utils import timezone

from services.models import Location, Organisation, Service


def part_saved(sender: Any, instance: Any, created: bool = False, raw: bool = False, **kwargs: Any) -> None:
    """A new part has no service yet."""
    if created or raw:
        return
    path = "organisation" if sender is Organisation else "service_locations__location"
    touched = Service.objects.filter(**{path: instance}).values("pk")
    Service.objects.filter(pk__in=list(touched.values_list("pk", flat=True))).update(
        modified_at=timezone.now()
    )


def listen() -> None:
    """Called once, when the app is ready."""
    for part in (Organisation, Location):
        post_save.connect(part_saved, sender=part, dispatch_uid=f"services.freshness.{part.__name__}")
