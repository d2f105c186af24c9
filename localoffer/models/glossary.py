"""What words mean: an authority's terms, and the page that lists them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Lower
from django.http import HttpRequest
from django.utils.text import slugify
from wagtail.admin.panels import FieldPanel, HelpPanel
from wagtail.models import Page, Site

from localoffer.glossary import Term
from localoffer.letters import by_letter
from localoffer.models.pages import Crumbs


class GlossaryTermQuerySet(models.QuerySet["GlossaryTerm"]):
    def of(self, site: Site | int) -> "GlossaryTermQuerySet":
        """The words of one authority."""
        return self.filter(authority=site)


class GlossaryTerm(models.Model):
    """A word and what it means, in words a child of ten can read."""

    authority = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="glossary_terms")
    term = models.CharField("word", max_length=80, help_text="As people write it, such as “EHCP”.")
    expansion = models.CharField(
        "in full", max_length=150, blank=True, help_text="What the letters stand for. Empty for other words."
    )
    plain_meaning = models.TextField(
        "meaning", max_length=400, help_text="One or two short sentences. The first one is shown in brackets."
    )
    also = models.TextField(
        "other ways to write it",
        blank=True,
        max_length=600,
        help_text="One a line. Families do not see them.",
    )
    explain_inline = models.BooleanField(
        "explain it inside text",
        default=False,
        help_text="Abbreviations are explained at their first use on a page anyway. Tick for another word.",
    )

    objects = GlossaryTermQuerySet.as_manager()

    panels = [
        FieldPanel("authority"),
        FieldPanel("term"),
        FieldPanel("expansion"),
        FieldPanel("plain_meaning"),
        FieldPanel("also"),
        FieldPanel("explain_inline"),
    ]

    class Meta:
        ordering = [Lower("term"), "pk"]
        verbose_name = "glossary word"
        constraints = [
            models.UniqueConstraint(
                "authority",
                Lower("term"),
                name="one_meaning_a_word",
                violation_error_message="This word is in the glossary already.",
            )
        ]

    def __str__(self) -> str:
        return self.term

    @property
    def other_ways(self) -> tuple[str, ...]:
        lines = (" ".join(line.split()) for line in self.also.splitlines())
        return tuple(dict.fromkeys(line for line in lines if line))

    @property
    def anchor(self) -> str:
        return f"word-{slugify(self.term) or self.pk}"

    def clean(self) -> None:
        """A word of one letter would be found everywhere."""
        super().clean()
        self.term, self.expansion = " ".join(self.term.split()), " ".join(self.expansion.split())
        self.plain_meaning = " ".join(self.plain_meaning.split())
        self.also = "\n".join(self.other_ways)
        if any(len(word) < 2 for word in (self.term, *self.other_ways)):
            raise ValidationError("A word needs two letters or more.")

    def as_term(self) -> Term:
        """As the matcher takes it."""
        return Term(self.term, self.plain_meaning, self.expansion, self.other_ways, self.explain_inline)


class GlossaryPage(Crumbs, Page):
    """Every word of the authority's glossary, by letter."""

    introduction = models.TextField(blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("introduction"),
        HelpPanel("<p>The words are under “Glossary” in the menu.</p>"),
    ]
    parent_page_types = ["localoffer.HomePage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1
    template = "localoffer/glossary.html"

    class Meta:
        verbose_name = "glossary page"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds `letters`, each with its words."""
        context = super().get_context(request, *args, **kwargs)
        site = self.get_site()
        terms = GlossaryTerm.objects.of(site) if site else GlossaryTerm.objects.none()
        context["letters"] = by_letter(terms, lambda term: term.term)
        return context
