"""A page that begins with a family's worry and leads to what helps."""

from typing import Any

from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from localoffer.models.pages import TWINS, Crumbs
from localoffer.page_blocks import FirstThingsBlock, KindsOfServiceBlock, PeopleBlock, QuestionsBlock, keys
from localoffer.reading_panels import PlainLanguagePanel


class LandingPage(Crumbs, Page):
    """ "I think my child needs more help at school": do this first, then answers, services, people."""

    introduction = models.TextField(help_text="Two or three short sentences.")
    first_things = StreamField(FirstThingsBlock(), verbose_name="do this first")
    questions = StreamField(QuestionsBlock(), blank=True, verbose_name="answers to link to")
    kinds_of_service = StreamField(KindsOfServiceBlock(), blank=True)
    people = StreamField(PeopleBlock(), blank=True, verbose_name="people to talk to")
    reviewed_on = models.DateField(null=True, blank=True)
    review_by = models.DateField(null=True, blank=True)

    content_panels = [
        *Page.content_panels,
        PlainLanguagePanel(),
        FieldPanel("introduction"),
        FieldPanel("first_things"),
        FieldPanel("questions"),
        FieldPanel("kinds_of_service"),
        FieldPanel("people"),
        FieldRowPanel([FieldPanel("reviewed_on"), FieldPanel("review_by")]),
    ]
    parent_page_types = ["localoffer.HomePage"]
    subpage_types = ["localoffer.GuidancePage", *TWINS]
    template = "localoffer/landing.html"

    class Meta:
        verbose_name = "task page"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds `answers` (live ones only, each with its state) and `services_url`."""
        from localoffer import front_page

        context = super().get_context(request, *args, **kwargs)
        context["answers"] = front_page.answers(self.get_parent(), keys(self.questions))
        context["services_url"] = front_page.services_url(keys(self.kinds_of_service))
        return context
