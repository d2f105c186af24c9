"""What families look for and the area does not have, for those who plan and buy services.

Children and Families Act 2014 s.27: the authority considers whether provision is sufficient.
"""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from wagtail.models import Site

from feedback.enums import GAP_OPEN, GapKind, GapStatus
from feedback.models.comment import Comment


class GapQuerySet(models.QuerySet["Gap"]):
    """Reads that read as sentences."""

    def of(self, authority: Site) -> Self:
        return self.filter(authority=authority)

    def open(self) -> Self:
        return self.filter(status__in=GAP_OPEN)


class Gap(models.Model):
    """One thing that is missing, however it was found. `key` makes it be there once.

    `words` are never a family's own: a search that many made, the public text of a comment, or ours.
    `is_found` is false once the latest look did not find it any more.
    """

    authority = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="gaps")
    key = models.CharField(max_length=200, editable=False)
    kind = models.CharField("found by", max_length=10, choices=GapKind.choices, default=GapKind.STAFF)
    title = models.CharField(max_length=200, help_text="What is missing, in a few words. Name nobody.")
    words = models.TextField("what shows it", blank=True)
    need = models.CharField(max_length=20, blank=True)
    ages = models.CharField(max_length=20, blank=True)
    area = models.CharField(max_length=60, blank=True, help_text="The first half of a postcode, or a place.")
    count = models.PositiveIntegerField("how often", default=1)
    comment = models.ForeignKey(
        Comment, null=True, blank=True, on_delete=models.SET_NULL, related_name="gaps", editable=False
    )
    status = models.CharField(max_length=12, choices=GapStatus.choices, default=GapStatus.NEW, db_index=True)
    owner_role = models.CharField("who looks into it", max_length=120, blank=True, help_text="A role.")
    first_seen = models.DateField(default=timezone.localdate, editable=False)
    last_seen = models.DateField(default=timezone.localdate, editable=False)
    is_found = models.BooleanField("still found", default=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = GapQuerySet.as_manager()

    class Meta:
        ordering = ["-last_seen", "-count", "pk"]
        default_permissions = ("view", "add", "change")
        constraints = [
            models.UniqueConstraint(fields=["authority", "key"], name="gap_once"),
            models.CheckConstraint(condition=~Q(title=""), name="gap_has_title"),
        ]

    def __str__(self) -> str:
        return self.title


class GapNote(models.Model):
    """A step in the life of a gap: what was written and what its status became. Never changed."""

    gap = models.ForeignKey(Gap, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField(blank=True)
    status = models.CharField(max_length=12, choices=GapStatus.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_name = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.get_status_display()}, {timezone.localtime(self.at):%-d %B %Y}"
