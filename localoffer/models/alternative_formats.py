"""How to have a page without the internet, or in another form, and what families ask for.

SEND Regulations 2014, reg 57: arrangements for people without the internet and for different groups
(requirement R57-2 and R57-3). Who asked stands in a table of its own, and is deleted on a schedule.
"""

from datetime import date, datetime
from typing import Any, ClassVar

from django.db import models
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page, Site

from localoffer.blocks import TEXT_FEATURES
from localoffer.enums import FINISHED, Format, RequestStatus
from localoffer.models.pages import TWINS, Crumbs
from localoffer.reading_panels import PlainLanguagePanel


class AlternativeFormatsPage(Crumbs, Page):
    """What there is, and a form to ask for it."""

    introduction = models.TextField()
    body = RichTextField(features=["h2", *TEXT_FEATURES])
    reply_days = models.PositiveSmallIntegerField(
        "days to answer", default=5, help_text="Working days in which you will answer a request."
    )
    reviewed_on = models.DateField(null=True, blank=True)
    review_by = models.DateField(null=True, blank=True)

    content_panels = [
        *Page.content_panels,
        PlainLanguagePanel(),
        FieldPanel("introduction"),
        FieldPanel("body"),
        FieldPanel("reply_days"),
        FieldRowPanel([FieldPanel("reviewed_on"), FieldPanel("review_by")]),
    ]
    parent_page_types = ["localoffer.HomePage"]
    subpage_types = TWINS
    max_count_per_parent = 1
    template = "localoffer/alternative_formats.html"
    reads: ClassVar = {"page", "asked"}

    class Meta:
        verbose_name = "alternative formats page"

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds an empty form, which a preview shows too."""
        from localoffer import format_views

        return super().get_context(request, *args, **kwargs) | format_views.empty_form(request)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> TemplateResponse:
        """A POST is a request for a copy."""
        from localoffer import format_views

        return format_views.respond(self, request)


class FormatRequestQuerySet(models.QuerySet["FormatRequest"]):
    def of(self, site: Site | int) -> "FormatRequestQuerySet":
        """What was asked of one authority."""
        return self.filter(authority=site)

    def waiting(self) -> "FormatRequestQuerySet":
        """Nobody has sent it or closed it yet."""
        return self.exclude(status__in=FINISHED)

    def with_contact_to_delete(
        self, *, finished_before: datetime, asked_before: datetime
    ) -> "FormatRequestQuerySet":
        """Those whose contact details have been kept long enough."""
        done = models.Q(status__in=FINISHED, changed_at__lt=finished_before)
        return self.filter(contacts__isnull=False).filter(done | models.Q(asked_at__lt=asked_before))


class FormatRequest(ClusterableModel):
    """Somebody wants a page in another form. Nothing here says who."""

    authority = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="format_requests")
    page_wanted = models.CharField("which page", max_length=300)
    format = models.CharField(max_length=20, choices=Format.choices)
    language = models.CharField(max_length=60, blank=True)
    status = models.CharField(max_length=10, choices=RequestStatus.choices, default=RequestStatus.NEW)
    sent_on = models.DateField("sent on", null=True, blank=True)
    note = models.TextField(
        "note for colleagues", blank=True, max_length=1000, help_text="Leave out names and addresses."
    )
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    submission_key = models.CharField(max_length=64, blank=True, editable=False)

    objects = FormatRequestQuerySet.as_manager()

    panels = [
        FieldPanel("authority"),
        FieldPanel("page_wanted"),
        FieldRowPanel([FieldPanel("format"), FieldPanel("language")]),
        InlinePanel("contacts", heading="Who asked, and how to send it", max_num=1),
        MultiFieldPanel(
            [FieldRowPanel([FieldPanel("status"), FieldPanel("sent_on")]), FieldPanel("note")],
            "What we did",
        ),
    ]

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = "format request"
        constraints = [
            models.UniqueConstraint(
                fields=["submission_key"],
                condition=~models.Q(submission_key=""),
                name="one_request_a_submission",
            )
        ]

    def __str__(self) -> str:
        return f"{self.page_wanted} ({self.format_words})"

    @property
    def format_words(self) -> str:
        """ "Large print", or "Another language: Polish"."""
        words = self.get_format_display()
        return f"{words}: {self.language}" if self.language else words

    @property
    def asked_on(self) -> date:
        return timezone.localdate(self.asked_at)

    def save(self, **kwargs: Any) -> None:
        """What is sent was sent on a day."""
        if self.status == RequestStatus.SENT and self.sent_on is None:
            self.sent_on = timezone.localdate()
        super().save(**kwargs)


class FormatRequestContact(models.Model):
    """Who asked: the only personal data, and apart, so that it can go without the count."""

    request = ParentalKey(FormatRequest, on_delete=models.CASCADE, related_name="contacts")
    name = models.CharField(max_length=120, blank=True)
    address = models.TextField(blank=True, max_length=500)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True)

    panels = [FieldPanel("name"), FieldPanel("address"), FieldPanel("email"), FieldPanel("phone")]

    class Meta:
        verbose_name = "contact"
        constraints = [models.UniqueConstraint(fields=["request"], name="one_contact_a_request")]

    def __str__(self) -> str:
        return "Contact details"
