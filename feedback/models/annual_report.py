"""The pages below /have-your-say/ that staff write, and the yearly report as it was approved.

Regulation 56(3) of the SEND Regulations 2014: comments are published with the response and the intended
action at least once a year.
"""

from typing import Any, NoReturn

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page, Site

from feedback import approvals
from feedback.annual_forms import AnnualReportForm
from feedback.annual_panels import FiguresPanel
from localoffer.blocks import TEXT_FEATURES
from localoffer.models.pages import Crumbs
from localoffer.reading_panels import PlainLanguagePanel

SLUG, REPORTS_SLUG = "have-your-say", "annual-report"
# The parts of a report that people write; the rest is counted.
PROSE = ("introduction", "engagement", "could_not", "next_steps")


class HaveYourSayPage(Crumbs, Page):
    """Holds the pages below /have-your-say/. Its own address is the comment form, which answers first."""

    content_panels = [*Page.content_panels]
    parent_page_types = ["localoffer.HomePage"]
    subpage_types = ["feedback.AnnualReportIndexPage", "feedback.HowWeMadeThisPage"]
    max_count_per_parent = 1
    preview_modes: list[tuple[str, str]] = []

    class Meta:
        verbose_name = "have your say"

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        """The address is fixed: the form and the log are there."""
        self.slug = SLUG
        super().full_clean(*args, **kwargs)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("feedback:comment"))


class AnnualReportIndexPage(Crumbs, Page):
    """Every yearly report, the latest first."""

    introduction = models.TextField(
        blank=True, default="Each year we say what you told us, what we did and what we could not do."
    )

    content_panels = [*Page.content_panels, FieldPanel("introduction")]
    parent_page_types = ["feedback.HaveYourSayPage"]
    subpage_types = ["feedback.AnnualReportPage"]
    max_count_per_parent = 1
    template = "feedback/annual_index.html"

    class Meta:
        verbose_name = "list of yearly reports"

    def full_clean(self, *args: Any, **kwargs: Any) -> None:
        self.slug = REPORTS_SLUG
        super().full_clean(*args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        return {
            **context,
            "reports": AnnualReportPage.objects.child_of(self).live().public().order_by("-start"),
        }


class AnnualReportPage(Crumbs, Page):
    """What families said in a period and what came of it.

    `data` is what `annual_figures.count` counted when it was drafted, see there for its shape. Once it is
    live it is fixed: `FrozenReport` holds what was approved, and only `correction` may still be added.
    """

    start = models.DateField("first day")
    end = models.DateField("last day")
    introduction = models.TextField(help_text="Two or three short sentences.")
    engagement = RichTextField(
        "how we heard from families", features=["h3", *TEXT_FEATURES], blank=True,
        help_text="Events, visits and surveys. Rounds of consultation are listed below it.",
    )  # fmt: skip
    could_not = RichTextField(
        "what we could not do", features=TEXT_FEATURES, blank=True,
        help_text="Actions that you decided against are listed below it with the reason.",
    )  # fmt: skip
    next_steps = RichTextField("what we will do next", features=TEXT_FEATURES, blank=True)
    correction = RichTextField(
        features=TEXT_FEATURES, blank=True,
        help_text="A mistake found after the report was fixed. It is shown above the report.",
    )  # fmt: skip
    data = models.JSONField(default=dict, blank=True)

    base_form_class = AnnualReportForm
    content_panels = [
        *Page.content_panels,
        FiguresPanel(heading="What was counted"),
        FieldRowPanel([FieldPanel("start"), FieldPanel("end")]),
        PlainLanguagePanel(),
        MultiFieldPanel([FieldPanel(name) for name in PROSE], "What you write"),
        FieldPanel("correction"),
    ]
    parent_page_types = ["feedback.AnnualReportIndexPage"]
    subpage_types: list[str] = []
    template = "feedback/annual_report.html"

    class Meta:
        verbose_name = "yearly report"

    def clean(self) -> None:
        super().clean()
        if self.start and self.end and self.end < self.start:
            raise ValidationError({"end": "The last day must be after the first."})

    def save(self, clean: bool = True, **kwargs: Any) -> None:
        """A report goes live only with an approval by somebody else, and is frozen as it does.

        Raises ValidationError otherwise, and where a frozen report would say something else.
        """
        if not self.live:
            super().save(clean=clean, **kwargs)
            return
        record = self.frozen()
        problem = approvals.why_not_live(self) if record is None else ""
        if record is not None and not record.says(self.written()):
            problem = "This report is fixed. Only a correction may be added."
        if problem:
            raise ValidationError(problem)
        with transaction.atomic():
            super().save(clean=clean, **kwargs)
            if record is None:
                FrozenReport.objects.create(
                    page=self,
                    authority=self.get_site(),
                    content={**self.written(), "approvals": approvals.of(self)},
                    digest=approvals.digest(self.written()),
                )

    def written(self) -> dict[str, Any]:
        """All that the report says, but for a correction."""
        days = {"start": self.start.isoformat(), "end": self.end.isoformat()}
        return {
            "title": self.title,
            **days,
            **{name: getattr(self, name) for name in PROSE},
            "data": self.data,
        }

    def frozen(self) -> "FrozenReport | None":
        return FrozenReport.objects.filter(page=self.pk).first() if self.pk else None

    @property
    def is_frozen(self) -> bool:
        return self.frozen() is not None

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        from feedback import annual_pages

        return super().get_context(request, *args, **kwargs) | annual_pages.of_report(self)


class FrozenReport(models.Model):
    """A report as it was approved, written once. `digest` is of all of `content` but its approvals."""

    page = models.OneToOneField(AnnualReportPage, on_delete=models.PROTECT, related_name="record")
    authority = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="annual_reports")
    content = models.JSONField()
    digest = models.CharField(max_length=64)
    frozen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-frozen_at", "-pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.content['title']}, fixed on {timezone.localtime(self.frozen_at):%-d %B %Y}"

    def says(self, written: dict[str, Any]) -> bool:
        return self.digest == approvals.digest(written)

    @property
    def is_intact(self) -> bool:
        """Whether nobody changed it behind the product's back."""
        return self.says({key: value for key, value in self.content.items() if key != "approvals"})

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("A frozen report is never changed.")
        super().save(*args, **{**kwargs, "force_insert": True})

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("A frozen report is never deleted.")
