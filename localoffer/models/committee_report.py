"""Reports by cycle: named audiences, and a report in the layout that committees read."""

from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page, Site

from localoffer.blocks import TEXT_FEATURES
from localoffer.models.accountability import AccountPage
from localoffer.reading_panels import PlainLanguagePanel

PROSE = ("purpose", "summary", "progress", "next_steps", "recommendation")


class Audience(models.Model):
    """Who is reported to, and how often. `last_sent` is the day its last report was fixed."""

    authority = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="audiences")
    name = models.CharField(max_length=120, help_text="Such as “Children's scrutiny committee”.")
    every_months = models.PositiveSmallIntegerField("every how many months", default=6)
    first_due = models.DateField(help_text="When the first report is due.")

    panels = [
        FieldPanel("authority"),
        FieldPanel("name"),
        FieldRowPanel([FieldPanel("every_months"), FieldPanel("first_due")]),
    ]

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["authority", "name"], name="one_audience_a_name")]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        super().clean()
        if not self.every_months or self.every_months > 36:
            raise ValidationError({"every_months": "Choose from 1 to 36 months."})

    @property
    def last_sent(self) -> date | None:
        """The day that its latest report was fixed; None before the first."""
        latest = self.reports.exclude(frozen_on=None).order_by("-frozen_on").first()
        return latest.frozen_on if latest else None

    @property
    def next_due(self) -> date:
        last = self.last_sent
        return add_months(last, self.every_months) if last else self.first_due

    @property
    def has_draft(self) -> bool:
        """Whether a report for it waits to be published."""
        return self.reports.filter(frozen_on=None).exists()

    @property
    def is_overdue(self) -> bool:
        return self.next_due < timezone.localdate()


def add_months(day: date, months: int) -> date:
    """The same day so many months on, or the last day of a shorter month."""
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - date.resolution).day
    return date(year, month, min(day.day, last))


class CommitteeReportPage(AccountPage):
    """Purpose, summary, ratings and movement, progress, next steps, recommendation.

    Its figures are counted when it is drafted, and it is fixed with them as it goes live: what is
    counted later does not alter it.
    """

    audience = models.ForeignKey(Audience, on_delete=models.PROTECT, related_name="reports")
    start = models.DateField("first day")
    end = models.DateField("last day")
    purpose = RichTextField(features=TEXT_FEATURES)
    summary = RichTextField(features=TEXT_FEATURES)
    progress = RichTextField("progress since last time", features=TEXT_FEATURES, blank=True)
    next_steps = RichTextField(features=TEXT_FEATURES, blank=True)
    recommendation = RichTextField(features=TEXT_FEATURES)
    figures = models.JSONField(default=dict, blank=True, editable=False)
    frozen_on = models.DateField(null=True, blank=True, editable=False)
    digest = models.CharField(max_length=32, blank=True, editable=False)

    content_panels = [
        *Page.content_panels,
        FieldRowPanel([FieldPanel("audience"), FieldPanel("start"), FieldPanel("end")]),
        PlainLanguagePanel(),
        MultiFieldPanel([FieldPanel(name) for name in PROSE], "What you write"),
        FieldPanel("visibility"),
    ]
    exclude_fields_in_copy: ClassVar[list[str]] = ["frozen_on", "digest"]
    parent_page_types = ["localoffer.HomePage"]
    subpage_types: ClassVar[list[str]] = []
    template = "localoffer/committee_report.html"

    class Meta:
        verbose_name = "committee report"

    @property
    def counted_on(self) -> date | None:
        """The day of its figures; None where none were counted."""
        day = self.figures.get("counted_on")
        return date.fromisoformat(day) if day else None

    def clean(self) -> None:
        super().clean()
        if self.start and self.end and self.end < self.start:
            raise ValidationError({"end": "The last day must be after the first."})
        self.refuse_change()

    def read_frozen(self) -> None:
        """Take over whether it is fixed from the database: an older draft does not know."""
        rows = type(self).objects.filter(pk=self.pk).exclude(frozen_on=None)
        for self.frozen_on, self.digest in rows.values_list("frozen_on", "digest"):
            return

    def refuse_change(self) -> None:
        """Raises ValidationError where a fixed report would say something else."""
        from localoffer import committee_reports

        self.read_frozen()
        if self.frozen_on and self.digest != committee_reports.digest_of(self):
            raise ValidationError("This report is fixed, as the committee has it. Draft a new one.")

    @transaction.atomic
    def save(self, *args: Any, **kwargs: Any) -> Any:
        """Fixes the report as it goes live for the first time."""
        from localoffer import committee_reports

        if self.live:
            self.refuse_change()
            if not self.frozen_on:
                self.frozen_on = timezone.localdate()
                self.digest = committee_reports.digest_of(self)
        return super().save(*args, **kwargs)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds `written`: name to rich text, and `tables`: the ratings as they were kept."""
        from localoffer import committee_reports

        context = super().get_context(request, *args, **kwargs)
        context["tables"] = committee_reports.tables_of(self)
        context["written"] = {name: getattr(self, name) for name in PROSE}
        return context
