"""Who made a page with the council, taken from the approval itself."""

from django.conf import settings
from django.db import models


class Credit(models.Model):
    """The forum approved these words on that day.

    One row for the whole page (`requirement` is empty) and one for each answer on it. A credit is
    shown only while the live words have its `digest`: it lapses by itself when they change.
    """

    page = models.ForeignKey("wagtailcore.Page", on_delete=models.CASCADE, related_name="credits")
    requirement = models.CharField(max_length=60, blank=True)
    group_name = models.CharField(max_length=100)
    approved_on = models.DateField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="credits"
    )
    digest = models.CharField(max_length=32)
    task_state = models.ForeignKey(
        "wagtailcore.TaskState", null=True, on_delete=models.SET_NULL, related_name="credits"
    )
    published_on = models.DateField(
        null=True, blank=True, help_text="The first day these words were live; empty until then."
    )

    class Meta:
        ordering = ["approved_on", "pk"]
        indexes = [models.Index(fields=["page", "requirement"], name="credit_page_requirement")]
        constraints = [
            models.UniqueConstraint(fields=["task_state", "requirement"], name="one_credit_an_approval")
        ]

    def __str__(self) -> str:
        return f"{self.group_name}, {self.approved_on:%B %Y}"
