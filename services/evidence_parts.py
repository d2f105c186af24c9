"""What the directory gives to the evidence pack: how fresh the entries are, by kind of provider."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone
from wagtail.models import Site

from localoffer.evidence_pack import Part
from services.enums import ProviderType
from services.models import Service


def parts(site: Site, start: date, end: date) -> list[Part]:
    """For the hook `register_evidence_parts`."""
    return [
        Part(
            "freshness",
            "How fresh the directory is",
            "Live services of this area by kind of provider: how many were checked in time, how many are "
            "late, and how many nobody has dated.",
            ("Kind of provider", "Live services", "Checked in time", "Late", "No review date"),
            lambda: _freshness(site),
            20,
        ),
    ]


def _freshness(site: Site) -> Iterator[Sequence[Any]]:
    today = timezone.localdate()
    kinds = dict(ProviderType.choices)
    rows = (
        Service.objects.live()
        .owned_by(site)
        .order_by()
        .values_list("organisation__provider_type")
        .annotate(
            live=Count("pk"),
            fresh=Count("pk", filter=Q(review_by__gte=today)),
            late=Count("pk", filter=Q(review_by__lt=today)),
            undated=Count("pk", filter=Q(review_by=None)),
        )
    )
    for kind, *counts in sorted(rows, key=lambda row: str(row[0])):
        yield kinds.get(kind or "", "Not stated"), *counts
