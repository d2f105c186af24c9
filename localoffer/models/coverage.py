"""What people and time add to the evidence: a named sign-off, and how coverage stood on a day."""

from datetime import date, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from wagtail.models import Site

# A signature says "I looked"; after a year nobody has.
SIGN_OFF_LASTS = timedelta(days=365)


class SignOff(models.Model):
    """A person has looked at the evidence for a requirement and says it is met.

    Nothing is green without one. Each signature is kept; the latest counts, for a year and while the
    words that were signed for stand: `digest` is theirs, empty where no page answers.
    """

    authority = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="sign_offs")
    requirement = models.CharField(max_length=60, db_index=True)
    signed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="sign_offs"
    )
    name = models.CharField("name and role", max_length=150)
    signed_on = models.DateField(default=timezone.localdate)
    note = models.TextField(blank=True)
    digest = models.CharField(max_length=32, blank=True, editable=False)

    class Meta:
        ordering = ["-signed_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.requirement}: {self.name}, {self.signed_on:%-d %B %Y}"

    def is_current(self, today: date, digest: str) -> bool:
        """Whether it still counts for the words with this digest."""
        return self.digest == digest and self.signed_on <= today <= self.signed_on + SIGN_OFF_LASTS


class CoverageSnapshot(models.Model):
    """The status of every requirement on a day: `statuses` maps key to status."""

    authority = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="coverage_snapshots")
    taken_on = models.DateField()
    statuses = models.JSONField()
    statutory_score = models.FloatField()

    class Meta:
        ordering = ["taken_on", "pk"]
        constraints = [models.UniqueConstraint(fields=["authority", "taken_on"], name="one_snapshot_a_day")]

    def __str__(self) -> str:
        return f"{self.taken_on:%-d %B %Y}: {self.statutory_score:.0f}%"
