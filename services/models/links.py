"""What came back from the addresses that the site sends families to."""

from typing import Self

from django.db import models
from django.utils import timezone

from services.enums import LinkState


class WebLinkQuerySet(models.QuerySet["WebLink"]):
    def broken(self) -> Self:
        return self.filter(state=LinkState.BROKEN)


class WebLink(models.Model):
    """One address and how it last answered. Where it is used is looked up when it is shown."""

    url = models.CharField(max_length=500, unique=True)
    state = models.CharField(max_length=10, choices=LinkState.choices, default=LinkState.NEW, db_index=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True, help_text="HTTP status.")
    problem = models.CharField(max_length=200, blank=True)
    moved_to = models.CharField(max_length=500, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True, db_index=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0, help_text="In a row.")
    not_before = models.DateTimeField(null=True, blank=True, help_text="The site asked us to wait.")
    first_seen = models.DateTimeField(default=timezone.now)

    objects = WebLinkQuerySet.as_manager()

    class Meta:
        ordering = ["url"]

    def __str__(self) -> str:
        return self.url
