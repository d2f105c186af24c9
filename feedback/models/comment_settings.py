"""What an authority sets for the comments of families: days, people to tell, ways to reach it."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, validate_email
from django.db import models
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from localoffer.belonging import OfOneSite

LONG_OVERDUE_DAYS = 90


@register_setting(icon="comment")
class CommentSettings(OfOneSite, BaseSiteSetting):
    """Days are calendar days. An empty list of people means that nobody is mailed."""

    answer_days = models.PositiveSmallIntegerField(
        "days to answer a comment",
        default=28,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text="A comment that is public without an answer shows this date.",
    )
    long_overdue_days = models.PositiveSmallIntegerField(
        "days until an action is long overdue",
        default=LONG_OVERDUE_DAYS,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
        help_text="Counted from the date that was first promised.",
    )
    follow_up_days = models.PositiveSmallIntegerField(
        "days until we ask whether it helped",
        default=28,
        help_text="Counted from the day an action was done. 0 asks nobody.",
    )
    safeguarding_emails = models.TextField(
        "who hears of safeguarding",
        blank=True,
        help_text="Email addresses of named staff, one a line. The mail holds a number and no words.",
    )
    complaints_url = models.URLField("how to complain: web address", max_length=500, blank=True)
    complaints_words = models.CharField(
        "how to complain: words",
        max_length=300,
        blank=True,
        help_text="Such as “Ring 0117 496 0150 or write to the complaints team”.",
    )
    other_ways = models.TextField(
        "other ways to comment",
        blank=True,
        help_text="One a line, such as “Come to the coffee morning on the first Monday of the month”.",
    )
    last_invited_on = models.DateField(
        "when you last asked families for comments", null=True, blank=True, help_text="The law says: seek."
    )
    last_invited_how = models.CharField("how you asked", max_length=200, blank=True)

    panels = [
        MultiFieldPanel(
            [FieldPanel("answer_days"), FieldPanel("long_overdue_days"), FieldPanel("follow_up_days")], "Days"
        ),
        FieldPanel("safeguarding_emails"),
        MultiFieldPanel([FieldPanel("complaints_url"), FieldPanel("complaints_words")], "How to complain"),
        MultiFieldPanel(
            [FieldPanel("other_ways"), FieldPanel("last_invited_on"), FieldPanel("last_invited_how")],
            "Asking families",
        ),
    ]

    class Meta:
        verbose_name = "Comments"

    def __str__(self) -> str:
        return "Settings for comments"

    def clean(self) -> None:
        super().clean()
        for address in self.people_to_tell:
            try:
                validate_email(address)
            except ValidationError:
                raise ValidationError(
                    {"safeguarding_emails": f"“{address}” is not an email address. Put one on each line."}
                ) from None

    @property
    def people_to_tell(self) -> list[str]:
        return [line.strip() for line in self.safeguarding_emails.splitlines() if line.strip()]

    @property
    def more_ways(self) -> list[str]:
        return [line.strip() for line in self.other_ways.splitlines() if line.strip()]
