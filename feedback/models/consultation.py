"""Whom an authority asked when it made or reviewed its offer, and what families told it.

Regulation 54 of the SEND Regulations 2014 lists who is consulted, when preparing and when reviewing
(requirement R54-1); regulation 55 what families are asked about (requirement R55-1).
"""

from datetime import date
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page, Site

from feedback.enums import RoundKind
from localoffer.blocks import TEXT_FEATURES
from localoffer.models.pages import Crumbs
from localoffer.reading_panels import PlainLanguagePanel


class ConsulteeCategory(models.Model):
    """Somebody the law has consulted. The key is fixed; the label changes as bodies are renamed.

    `is_checked` is false where the words were not checked against the legislation (requirement R54-3):
    such a category is offered, flagged and never called missing.
    """

    key = models.SlugField(max_length=40, unique=True, editable=False)
    label = models.CharField(max_length=120, help_text="The name of the body today, in plain words.")
    reference = models.CharField(max_length=40, blank=True, editable=False)
    is_checked = models.BooleanField("checked against the legislation", default=False, editable=False)
    is_required = models.BooleanField("the law names it", default=False, editable=False)
    retired = models.BooleanField(default=False, help_text="No longer asked. What it told you stays.")
    order = models.PositiveSmallIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["order", "key"]
        verbose_name = "consultee"
        default_permissions = ("view", "change")

    def __str__(self) -> str:
        return self.label if self.is_checked else f"{self.label} (not checked against the law)"


class RoundQuerySet(models.QuerySet["ConsultationRound"]):
    """Reads that read as sentences."""

    def of(self, authority: Site) -> Self:
        return self.filter(authority=authority)

    def public(self) -> Self:
        return self.filter(published=True)

    def between(self, start: date, end: date) -> Self:
        """Open on any day from `start` to `end`."""
        return self.filter(opened__lte=end).filter(Q(closed=None) | Q(closed__gte=start))


class ConsultationRound(ClusterableModel):
    """One time of asking: who was invited, who answered, and what families said."""

    authority = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="consultation_rounds")
    title = models.CharField(max_length=120, help_text="Such as “Autumn review 2026”.")
    kind = models.CharField(max_length=10, choices=RoundKind.choices)
    opened = models.DateField(default=timezone.localdate)
    closed = models.DateField(null=True, blank=True)
    method = models.TextField("how you asked", help_text="Meetings, letters, a survey, visits to groups.")
    summary = models.TextField("what you heard", blank=True, help_text="Name nobody.")
    views_on_services = models.TextField(
        "what services families need", blank=True, help_text="What families said of this. Name nobody."
    )
    views_on_layout = models.TextField("how the information should be set out", blank=True)
    views_on_offline = models.TextField("how people without the internet get it", blank=True)
    views_on_commenting = models.TextField("how families can comment on it", blank=True)
    what_changed = models.TextField("what you changed because of it", blank=True)
    published = models.BooleanField("show it on “How we made this”", default=False)

    objects = RoundQuerySet.as_manager()

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("authority"),
                FieldPanel("title"),
                FieldPanel("kind"),
                FieldRowPanel([FieldPanel("opened"), FieldPanel("closed")]),
                FieldPanel("method"),
                FieldPanel("published"),
            ],
            "The round",
        ),
        MultiFieldPanel(
            [
                FieldPanel("summary"),
                FieldPanel("views_on_services"),
                FieldPanel("views_on_layout"),
                FieldPanel("views_on_offline"),
                FieldPanel("views_on_commenting"),
                FieldPanel("what_changed"),
            ],
            "What families and others said (regulation 55)",
        ),
        InlinePanel("records", heading="Who was asked (regulation 54)", label="consultee"),
    ]

    class Meta:
        ordering = ["-opened", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed=None) | Q(closed__gte=models.F("opened")), name="round_dates_in_order"
            )
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Dates in order, and nothing public that says nothing."""
        super().clean()
        if self.closed and self.opened and self.closed < self.opened:
            raise ValidationError({"closed": "It cannot close before it opens."})
        if self.published and not self.summary.strip():
            raise ValidationError({"summary": "Write what you heard before you show it to families."})

    @property
    def subjects(self) -> list[tuple[str, str]]:
        """The four subjects of regulation 55 that something was said of: (subject, words)."""
        names = ("views_on_services", "views_on_layout", "views_on_offline", "views_on_commenting")
        labels = {name: str(self._meta.get_field(name).verbose_name) for name in names}
        return [
            (label[0].upper() + label[1:], getattr(self, name))
            for name, label in labels.items()
            if getattr(self, name).strip()
        ]


class ConsulteeRecord(models.Model):
    """One category of consultee in one round. Names a body or a group, never a person."""

    round = ParentalKey(ConsultationRound, on_delete=models.CASCADE, related_name="records")
    category = models.ForeignKey(ConsulteeCategory, on_delete=models.PROTECT, related_name="records")
    invited_on = models.DateField(null=True, blank=True)
    how = models.CharField("how they were invited", max_length=200, blank=True)
    responded = models.BooleanField("they answered", default=False)
    summary = models.TextField("what they said", blank=True, help_text="Name nobody.")

    panels = [
        FieldPanel("category"),
        FieldRowPanel([FieldPanel("invited_on"), FieldPanel("how"), FieldPanel("responded")]),
        FieldPanel("summary"),
    ]

    class Meta:
        ordering = ["category__order", "pk"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["round", "category"], name="consultee_once_a_round"),
            models.CheckConstraint(
                condition=Q(responded=False) | Q(invited_on__isnull=False),
                name="consultee_answered_was_invited",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.category}: {'invited' if self.invited_on else 'not invited'}"

    def clean(self) -> None:
        super().clean()
        if self.responded and not self.invited_on:
            raise ValidationError({"invited_on": "They answered, so give the day they were invited."})


class HowWeMadeThisPage(Crumbs, Page):
    """How the offer is made and reviewed with families: words by staff, then every round of asking."""

    introduction = models.TextField(blank=True)
    body = RichTextField(features=["h2", *TEXT_FEATURES], blank=True)

    content_panels = [
        *Page.content_panels,
        PlainLanguagePanel(),
        FieldPanel("introduction"),
        FieldPanel("body"),
    ]
    parent_page_types = ["feedback.HaveYourSayPage"]
    subpage_types: list[str] = []
    max_count_per_parent = 1
    template = "feedback/how_we_made_this.html"

    class Meta:
        verbose_name = "how we made this"

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """The address is fixed: the footer leads there."""
        self.slug = "how-we-made-this"
        super().full_clean(*args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from feedback import consultation

        return super().get_context(request, *args, **kwargs) | consultation.of_page(self.get_site())
