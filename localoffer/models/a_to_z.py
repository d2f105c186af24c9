"""Everything on the site, by its first letter."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.models import Page

from localoffer.models.pages import Crumbs


class AToZPage(Crumbs, Page):
    """Live pages, the questions they answer, and what the apps above add, by letter."""

    introduction = models.TextField(blank=True)

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    parent_page_types = ["localoffer.HomePage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1
    template = "localoffer/a_to_z.html"

    class Meta:
        verbose_name = "A to Z page"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds `letters`, each with its entries."""
        from localoffer import a_to_z

        context = super().get_context(request, *args, **kwargs)
        context["letters"] = a_to_z.letters(self.get_site())
        return context
