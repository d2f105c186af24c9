"""A process told step by step, with the time that each step may take."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from localoffer.blocks import TEXT_FEATURES
from localoffer.contents import ContentsEntry
from localoffer.models.pages import TWINS, Crumbs
from localoffer.page_blocks import StepsBlock
from localoffer.reading_panels import PlainLanguagePanel


class StepByStepPage(Crumbs, Page):
    """Steps in order: what happens, by when, who does it, what to do if it is late."""

    introduction = models.TextField(help_text="Two or three short sentences.")
    steps = StreamField(StepsBlock())
    afterwards = RichTextField(
        blank=True, features=["h2", *TEXT_FEATURES], help_text="What comes after, or if a family disagrees."
    )
    reviewed_on = models.DateField(null=True, blank=True)
    review_by = models.DateField(null=True, blank=True)

    content_panels = [
        *Page.content_panels,
        PlainLanguagePanel(),
        FieldPanel("introduction"),
        FieldPanel("steps"),
        FieldPanel("afterwards"),
        FieldRowPanel([FieldPanel("reviewed_on"), FieldPanel("review_by")]),
    ]
    parent_page_types = ["localoffer.HomePage"]
    subpage_types = ["localoffer.GuidancePage", *TWINS]
    template = "localoffer/step_by_step.html"

    class Meta:
        verbose_name = "step-by-step page"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds `contents`: a line for each step, with its time."""
        context = super().get_context(request, *args, **kwargs)
        context["contents"] = [
            ContentsEntry(f"{block.value['timing']}: {block.value['title']}", f"step-{number}")
            for number, block in enumerate(self.steps, start=1)
        ]
        return context
