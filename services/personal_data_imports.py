"""Who is named in what a feed sent: to show them, and to forget it when they ask."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from wagtail.models import Site

from localoffer.personal_data import Held, Identity
from services.importers.forgetting import KEPT_DAYS
from services.models import ImportRecord

MOST = 200


class SentSubject:
    """A person whose email address stands in what a feed sent."""

    right = erase_right = "services.change_service"

    def find(self, site: Site, who: Identity) -> list[Held]:
        """By email address: numbers are written in too many ways to be found in another's text."""
        return [self._held(record) for record in self._of(site, who.email)[:MOST]] if who.email else []

    def _of(self, site: Site, email: str) -> QuerySet[ImportRecord]:
        sent = ImportRecord.objects.filter(authority=site, incoming__isnull=False)
        return sent.annotate(said=Cast("incoming", TextField())).filter(said__icontains=email.strip())

    def _held(self, record: ImportRecord) -> Held:
        return Held(str(record.pk), f"What a feed sent for {record.external_id}", {"sent": record.incoming})

    @transaction.atomic
    def erase(self, *, site: Site, keys: Iterable[str], by: Any, reason: str) -> int:
        """What was sent goes, whole. The entry stays: its contacts are roles, and staff change them there."""
        ids = [int(key) for key in keys if key.isdigit()]
        sent = ImportRecord.objects.filter(authority=site, pk__in=ids, incoming__isnull=False)
        return sent.update(incoming=None)


def kept_words(site: Site) -> str:
    return f"While the entry is on the site. Then {KEPT_DAYS} days after its source last changed it"
