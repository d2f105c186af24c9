"""Who runs a service."""

import uuid

from django.db import models
from wagtail.models import Site

from services.enums import ProviderType


class Organisation(models.Model):
    """A provider (Open Referral `organization`)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    authority = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="organisations")
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    provider_type = models.CharField(
        max_length=30, choices=ProviderType.choices, default=ProviderType.VOLUNTARY, db_index=True
    )
    url = models.URLField("website", max_length=500, blank=True)
    email = models.EmailField(blank=True)
    urn = models.CharField("school number (URN)", max_length=12, blank=True)
    ofsted_urn = models.CharField("Ofsted number", max_length=12, blank=True)
    charity_number = models.CharField(max_length=12, blank=True)
    source = models.CharField(max_length=40, blank=True, editable=False)
    external_id = models.CharField(max_length=100, blank=True, editable=False)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "source", "external_id"],
                condition=~models.Q(external_id=""),
                name="organisation_source_id",
            )
        ]

    def __str__(self) -> str:
        return self.name
