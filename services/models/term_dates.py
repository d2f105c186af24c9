"""The council's school terms: what "in term time" and "in school holidays" mean on a calendar."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import models
from wagtail.models import Site

LONGEST_TERM_DAYS = 130


class SchoolTerm(models.Model):
    """A stretch of school days without a holiday inside: each half of a term is one row."""

    authority = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="school_terms")
    name = models.CharField(max_length=100, help_text="Such as: Autumn term 2026, first half.")
    starts = models.DateField("first day", db_index=True)
    ends = models.DateField("last day")

    class Meta:
        ordering = ["starts", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "starts"], name="school_term_once"),
            models.CheckConstraint(
                condition=models.Q(starts__lte=models.F("ends")), name="school_term_in_order"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Days in order, of a length that a term can have, and inside no other term."""
        super().clean()
        if not isinstance(self.starts, date) or not isinstance(self.ends, date):
            return
        if self.starts > self.ends:
            raise ValidationError({"ends": "The last day must be the first day, or later."})
        if (self.ends - self.starts).days > LONGEST_TERM_DAYS:
            raise ValidationError({"ends": "No term is this long. Give each half of a term its own dates."})
        others = SchoolTerm.objects.filter(
            authority=self.authority_id, starts__lte=self.ends, ends__gte=self.starts
        ).exclude(pk=self.pk)
        if other := others.first():
            raise ValidationError({"starts": f"These days run into “{other}”."})
