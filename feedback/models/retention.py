"""How long an authority keeps what families told it of themselves."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from localoffer.belonging import OfOneSite

TEN_YEARS = 3650


@register_setting(icon="lock")
class RetentionSettings(OfOneSite, BaseSiteSetting):
    """Read by `feedback.privacy.purge`, which a daily command runs. Days are calendar days."""

    contact_days = models.PositiveSmallIntegerField(
        "days to keep contact details after a comment is closed",
        default=90,
        validators=[MaxValueValidator(TEN_YEARS)],
        help_text="Closed: we do not show it, or it is answered and nothing is left to do.",
    )
    contact_at_most_days = models.PositiveSmallIntegerField(
        "days to keep contact details at most",
        default=365,
        validators=[MinValueValidator(1), MaxValueValidator(TEN_YEARS)],
        help_text="Counted from the day they were given, whatever became of the comment.",
    )
    original_days = models.PositiveSmallIntegerField(
        "days to keep what was written, word for word",
        default=1095,
        validators=[MinValueValidator(28), MaxValueValidator(TEN_YEARS)],
        help_text="Counted from the day a comment came, once it is closed. The public text stays.",
    )

    panels = [FieldPanel("contact_days"), FieldPanel("contact_at_most_days"), FieldPanel("original_days")]

    class Meta:
        verbose_name = "How long we keep comments"

    def __str__(self) -> str:
        return "How long comments are kept"
