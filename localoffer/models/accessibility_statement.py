"""The accessibility statement, with what the law requires of it.

The Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018
(SI 2018/952), reg 8 and the model statement: scope, compliance, what is not accessible and why,
alternatives, contact, enforcement, how and when it was prepared. It is kept under regular review;
after a year it says of itself that it is old.
"""

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.fields import RichTextField
from wagtail.models import Page

from localoffer.blocks import TEXT_FEATURES
from localoffer.clock import today
from localoffer.enums import Compliance
from localoffer.forms import StatementForm
from localoffer.models.pages import TWINS, Crumbs
from localoffer.reading_panels import PlainLanguagePanel, StatementAgePanel

GOES_OLD_AFTER = timedelta(days=365)
STANDARD = "Web Content Accessibility Guidelines version 2.2 AA standard"
REGULATIONS = "Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018"
EASS_URL = "https://www.equalityadvisoryservice.com/"


class AccessibilityStatementPage(Crumbs, Page):
    """What works, what does not, and what to do about it."""

    scope = models.TextField(help_text="Which site and addresses it is about.")
    introduction = RichTextField(
        blank=True, features=TEXT_FEATURES, help_text="What people should be able to do here."
    )
    compliance = models.CharField(max_length=10, choices=Compliance.choices, default=Compliance.PARTIAL)
    not_accessible = RichTextField(
        "what does not meet the standard, and why",
        blank=True,
        features=TEXT_FEATURES,
        help_text="Each fault, which success criterion it fails, and when it will be mended.",
    )
    disproportionate_burden = RichTextField(
        blank=True, features=TEXT_FEATURES, help_text="What would cost too much to mend, and why. Or empty."
    )
    outside_the_law = RichTextField(
        "not covered by the regulations", blank=True, features=TEXT_FEATURES, help_text="Or empty."
    )
    alternatives = RichTextField(
        "other ways to get it", features=TEXT_FEATURES, help_text="How to have it in another form."
    )
    contact_email = models.EmailField()
    contact_phone = models.CharField(max_length=30, blank=True)
    response_days = models.PositiveSmallIntegerField("days to answer", default=5, help_text="Working days.")
    prepared_on = models.DateField()
    last_reviewed_on = models.DateField()
    last_tested_on = models.DateField()
    tested_by = models.CharField(max_length=150, help_text="A team or company, not a person.")
    method = RichTextField("how it was tested", features=TEXT_FEATURES)
    not_yet_checked = RichTextField(
        "checks by people not done yet", blank=True, features=TEXT_FEATURES, help_text="Be honest."
    )

    content_panels = [
        *Page.content_panels,
        StatementAgePanel(),
        PlainLanguagePanel(),
        FieldPanel("scope"),
        FieldPanel("introduction"),
        MultiFieldPanel(
            [
                FieldPanel("compliance"),
                FieldPanel("not_accessible"),
                FieldPanel("disproportionate_burden"),
                FieldPanel("outside_the_law"),
                FieldPanel("alternatives"),
            ],
            "How accessible it is",
        ),
        MultiFieldPanel(
            [FieldPanel("contact_email"), FieldPanel("contact_phone"), FieldPanel("response_days")],
            "Telling you of a problem",
        ),
        MultiFieldPanel(
            [
                FieldRowPanel(
                    [
                        FieldPanel("prepared_on"),
                        FieldPanel("last_reviewed_on"),
                        FieldPanel("last_tested_on"),
                    ]
                ),
                FieldPanel("tested_by"),
                FieldPanel("method"),
                FieldPanel("not_yet_checked"),
            ],
            "How it was prepared",
        ),
    ]
    base_form_class = StatementForm
    parent_page_types = ["localoffer.HomePage"]
    subpage_types = TWINS
    max_count_per_parent = 1
    template = "localoffer/accessibility_statement.html"

    class Meta:
        verbose_name = "accessibility statement"

    @property
    def oldest_check(self) -> date | None:
        """The older of the last review and the last test; None while neither is known."""
        return min((day for day in (self.last_reviewed_on, self.last_tested_on) if day), default=None)

    @property
    def good_until(self) -> date | None:
        """The last day of its year."""
        return self.oldest_check + GOES_OLD_AFTER if self.oldest_check else None

    def is_old(self, on: date | None = None) -> bool:
        """Whether a year has passed since somebody reviewed it, or tested the site."""
        good_until = self.good_until
        return good_until is not None and good_until < (on or timezone.localdate())

    def clean(self) -> None:
        """Nothing was tested tomorrow."""
        super().clean()
        days = {name: getattr(self, name) for name in ("prepared_on", "last_reviewed_on", "last_tested_on")}
        future = [name for name, day in days.items() if day and day > timezone.localdate()]
        if future:
            errors = dict.fromkeys(future, "This day has not come yet.")
            raise ValidationError(errors)

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Adds the legal names that the statement must use, and whether it is old."""
        context = super().get_context(request, *args, **kwargs)
        return {
            **context,
            "standard": STANDARD,
            "regulations": REGULATIONS,
            "eass_url": EASS_URL,
            "old": self.is_old(today()),
        }
