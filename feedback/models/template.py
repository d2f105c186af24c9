"""Answers that are written once and used again."""

from django.db import models
from wagtail.models import Site

from feedback.enums import Topic


class ResponseTemplate(models.Model):
    """A moderator starts from its words and changes them. It names nobody."""

    authority = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="response_templates")
    title = models.CharField(max_length=80)
    topic = models.CharField(
        max_length=20, choices=Topic.choices, blank=True, help_text="Offered first for this subject."
    )
    text = models.TextField(help_text="Plain words, “you” and “your child”. Name nobody, promise nothing.")

    class Meta:
        verbose_name = "ready answer"
        ordering = ["title", "pk"]
        constraints = [models.UniqueConstraint(fields=["authority", "title"], name="response_template_title")]

    def __str__(self) -> str:
        return self.title
