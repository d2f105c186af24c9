"""The guided finder: a page whose questions, options and outcomes staff edit as any other content."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from localoffer.models.pages import Crumbs
from search.guided_blocks import OutcomesBlock, QuestionsBlock


class GuidedFinderPage(Crumbs, Page):
    """One question a page; nothing that is answered is kept anywhere but in the address."""

    introduction = models.TextField(
        blank=True, help_text="Shown above the first question. Two or three short sentences."
    )
    questions = StreamField(QuestionsBlock())
    outcomes = StreamField(
        OutcomesBlock(), help_text="Where answers lead. The last one is for those that lead nowhere else."
    )

    content_panels = [
        *Page.content_panels,
        FieldPanel("introduction"),
        FieldPanel("questions"),
        FieldPanel("outcomes"),
    ]
    parent_page_types = ["localoffer.HomePage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1

    class Meta:
        verbose_name = "guided finder"

    def clean(self) -> None:
        """Every way through the questions leads somewhere."""
        from search.guided import faults

        super().clean()
        found = faults(self.questions, self.outcomes)
        if found:
            raise ValidationError(found)

    def reads(self) -> set[str]:
        """The parameters of its address: one for each question, and which is asked again."""
        from search.guided import parameters

        return parameters(self.questions)

    def get_template(self, request: HttpRequest, *args: Any, **kwargs: Any) -> str:
        return "search/guided.html"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from search.guided_view import context_of

        return {**super().get_context(request, *args, **kwargs), **context_of(self, request)}
