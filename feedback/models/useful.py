"""Whether families found a page or a service useful: two numbers a month, and nothing else."""

from datetime import date
from typing import Self

from django.db import models
from wagtail.models import Site


class UsefulQuerySet(models.QuerySet["UsefulCount"]):
    """Reads that read as sentences."""

    def of(self, authority: Site) -> Self:
        return self.filter(authority=authority)

    def between(self, start: date, end: date) -> Self:
        """Of the months that the two days and those between them are in."""
        return self.filter(month__gte=start.replace(day=1), month__lte=end)


class UsefulCount(models.Model):
    """Answers of one month about one address. Who answered, and when in the month, is never kept."""

    authority = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="useful_counts")
    month = models.DateField(help_text="Its first day.")
    path = models.CharField(max_length=500)
    title = models.CharField(max_length=300)
    yes = models.PositiveIntegerField(default=0)
    no = models.PositiveIntegerField(default=0)

    objects = UsefulQuerySet.as_manager()

    class Meta:
        ordering = ["-month", "path", "pk"]
        default_permissions = ("view",)
        constraints = [
            models.UniqueConstraint(fields=["authority", "month", "path"], name="useful_once_a_month")
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.month:%B %Y}"
