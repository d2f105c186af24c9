"""How an area judges itself: sets of questions in versions, ratings by month, and what comes next."""

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest, HttpResponse
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel
from wagtail.fields import StreamField
from wagtail.models import Orderable, Page, Site

from localoffer.accountability_blocks import EvidenceBlock
from localoffer.models.accountability import AccountPage
from localoffer.reading_panels import PlainLanguagePanel
from localoffer.spreadsheets import csv_response


class EvaluationSet(ClusterableModel):
    """A framework's questions in one version. `authority` is empty for a set that came with the site.

    `ratings`: from worst to best, {"key", "word", "symbol"}: what red, amber and green mean here.
    """

    authority = models.ForeignKey(Site, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    key = models.SlugField(max_length=40)
    version = models.CharField(max_length=20)
    title = models.CharField(max_length=120)
    about = models.TextField(blank=True)
    ratings = models.JSONField(default=list, editable=False)
    retired = models.BooleanField(default=False, help_text="No new page may use it. Pages that do keep it.")

    panels = [
        FieldPanel("title"),
        FieldPanel("about"),
        FieldRowPanel([FieldPanel("key"), FieldPanel("version")]),
        FieldPanel("retired"),
        InlinePanel("items", label="Question"),
    ]

    class Meta:
        ordering = ["title", "-version", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["authority", "key", "version"], name="one_set_a_version"),
            models.UniqueConstraint(
                fields=["key", "version"],
                condition=models.Q(authority=None),
                name="one_shared_set_a_version",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.version})"

    def clean(self) -> None:
        """Each council may have a set of its own under the same name as another's."""
        same = type(self).objects.filter(authority=self.authority_id, key=self.key, version=self.version)
        if same.exclude(pk=self.pk).exists():
            raise ValidationError({"version": "You have this set in this version. Give it another version."})

    @property
    def scale(self) -> list[dict[str, str]]:
        """Its ratings, or those of every set where it has none of its own."""
        return self.ratings or DEFAULT_RATINGS


# Our own words; the same three in every set that ships.
DEFAULT_RATINGS = [
    {"key": "red", "word": "Substantial work to do", "symbol": "square"},
    {"key": "amber", "word": "Started, not yet embedded", "symbol": "triangle"},
    {"key": "green", "word": "In place, with strengths", "symbol": "circle"},
]


class EvaluationItem(Orderable):
    """One question of a set. With history it is retired, never deleted."""

    set = ParentalKey(EvaluationSet, on_delete=models.CASCADE, related_name="items")
    code = models.CharField(max_length=10)
    heading = models.CharField(max_length=200, blank=True)
    text = models.CharField(max_length=400)
    suggested_evidence = models.TextField(blank=True, help_text="One a line.")
    retired = models.BooleanField(default=False)

    class Meta(Orderable.Meta):
        constraints = [models.UniqueConstraint(fields=["set", "code"], name="one_item_a_code")]

    def __str__(self) -> str:
        return f"{self.code}. {self.text}"

    @classmethod
    def public_to(cls, authorities: Iterable[Site]) -> models.Q:
        """Questions that nobody has to own to answer them: those of the sets that all share."""
        return models.Q(set__authority=None)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """A question that has history is retired instead, so that the history can still be read."""
        if self.pk and (self.ratings.exists() or self.entries.exists()):
            type(self).objects.filter(pk=self.pk).update(retired=True)
            return 0, {}
        return super().delete(*args, **kwargs)


class SelfEvaluationPage(AccountPage):
    """A set of questions answered by one authority, month after month."""

    introduction = models.TextField(help_text="Two or three short sentences.")
    evaluation_set = models.ForeignKey(EvaluationSet, on_delete=models.PROTECT, related_name="pages")

    content_panels = [
        *Page.content_panels,
        PlainLanguagePanel(),
        FieldPanel("introduction"),
        FieldPanel("evaluation_set"),
        FieldPanel("visibility"),
        InlinePanel("entries", label="What we have done, and what is next"),
    ]
    parent_page_types = ["localoffer.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    template = "localoffer/self_evaluation.html"
    reads: ClassVar = {"format"}

    class Meta:
        verbose_name = "self-evaluation"

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page; with `?format=csv` its exception report, for the same readers."""
        if request.GET.get("format") != "csv":
            return super().serve(request, *args, **kwargs)
        from localoffer import evaluation

        rows = evaluation.exception_rows(evaluation.read(self))
        return csv_response(f"{self.slug}-what-needs-most-work", evaluation.EXCEPTION_HEADINGS, rows)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds `evaluation`: every question with its ratings and how they moved."""
        from localoffer import evaluation

        context = super().get_context(request, *args, **kwargs)
        context["evaluation"] = evaluation.read(self)
        return context


class EvaluationEntry(Orderable):
    """What an authority says of one question."""

    page = ParentalKey(SelfEvaluationPage, on_delete=models.CASCADE, related_name="entries")
    item = models.ForeignKey(EvaluationItem, on_delete=models.PROTECT, related_name="entries")
    achieved = models.TextField("achieved so far", blank=True)
    next_steps = models.TextField("what next", blank=True)
    owner = models.CharField(max_length=100, blank=True, help_text="A role, not a name.")
    due_on = models.DateField("due by", null=True, blank=True)
    evidence = StreamField(EvidenceBlock(), blank=True)

    panels = [
        FieldPanel("item"),
        FieldPanel("achieved"),
        FieldPanel("next_steps"),
        FieldRowPanel([FieldPanel("owner"), FieldPanel("due_on")]),
        FieldPanel("evidence"),
    ]

    def __str__(self) -> str:
        return f"{self.item.code}: {self.page}"

    def clean(self) -> None:
        super().clean()
        if self.item_id and self.page_id and self.item.set_id != self.page.evaluation_set_id:
            raise ValidationError({"item": "This question belongs to another set than the page's."})


class Rating(models.Model):
    """How one question stood in one month; `month` is its first day. Later months never change it."""

    page = models.ForeignKey(SelfEvaluationPage, on_delete=models.CASCADE, related_name="ratings")
    item = models.ForeignKey(EvaluationItem, on_delete=models.PROTECT, related_name="ratings")
    month = models.DateField()
    rating = models.CharField(max_length=20)
    rated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    rated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["month", "pk"]
        constraints = [models.UniqueConstraint(fields=["page", "item", "month"], name="one_rating_a_month")]

    def __str__(self) -> str:
        return f"{self.item.code}, {self.month:%B %Y}: {self.rating}"


def first_of(day: date) -> date:
    """The month of a day, as `Rating.month` keeps it."""
    return day.replace(day=1)
