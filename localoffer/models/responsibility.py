"""Who is responsible: agencies, what the law asks of each, and the role that answers for it."""

from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from localoffer.accountability_blocks import ResponsibilitiesBlock
from localoffer.models.pages import Crumbs
from localoffer.reading_panels import PlainLanguagePanel


class ResponsibilityPage(Crumbs, Page):
    """A table of agencies, duties and roles. Roles, never names: people move on."""

    introduction = models.TextField(help_text="Two or three short sentences.")
    responsibilities = StreamField(ResponsibilitiesBlock())
    reviewed_on = models.DateField(null=True, blank=True)
    review_by = models.DateField(null=True, blank=True)

    content_panels = [
        *Page.content_panels,
        PlainLanguagePanel(),
        FieldPanel("introduction"),
        FieldPanel("responsibilities"),
        FieldRowPanel([FieldPanel("reviewed_on"), FieldPanel("review_by")]),
    ]
    parent_page_types = ["localoffer.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    template = "localoffer/responsibility.html"

    class Meta:
        verbose_name = "page of who is responsible"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds `agencies`: each with its duties, and where on the site each role answers."""
        from localoffer import responsibility

        context = super().get_context(request, *args, **kwargs)
        context["agencies"] = responsibility.read(self)
        return context
