"""What a council sets for its own site: name, colours, contacts."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from localoffer.belonging import OfOneSite
from localoffer.colour import HEX, contrast, luminance

colour_validator = RegexValidator(HEX, "Enter a colour such as #0b5351.")


@register_setting(icon="site")
class CouncilSettings(OfOneSite, BaseSiteSetting):
    """One authority's identity. `legal_name` is the Act's (s.30(4)) name for the offer."""

    council_name = models.CharField(max_length=100, default="Your Council")
    area_name = models.CharField(
        max_length=60, default="our area", help_text="The place, as in “Anywhere in Avonmere”."
    )
    site_name = models.CharField(max_length=60, default="SEND Local Offer")
    legal_name = models.CharField(max_length=100, default="SEN and disability local offer")
    region = models.CharField(max_length=40, blank=True, help_text="Regional services are shared in it.")
    local_authority_names = models.CharField(
        max_length=300,
        blank=True,
        help_text="How national school lists name this council, separated by semicolons.",
    )
    brand_colour = models.CharField(
        max_length=7,
        default="#0b5351",
        validators=[colour_validator],
        help_text="Must stand out on white by 7 to 1.",
    )
    accent_colour = models.CharField(max_length=7, default="#f3b23c", validators=[colour_validator])
    paper_colour = models.CharField(
        max_length=7, default="#fbf7ef", validators=[colour_validator], help_text="A very light colour."
    )
    phone = models.CharField(max_length=30, blank=True)
    phone_hours = models.CharField(max_length=100, blank=True)
    email = models.EmailField(blank=True)
    postal_address = models.TextField(blank=True)
    advice_service_name = models.CharField(
        "advice service (SENDIASS)",
        max_length=100,
        blank=True,
        help_text="The independent advice service every council must arrange.",
    )
    advice_service_phone = models.CharField(max_length=30, blank=True)
    advice_service_url = models.URLField(max_length=500, blank=True)
    forum_name = models.CharField("parent carer forum", max_length=100, blank=True)
    made_with = models.CharField(
        max_length=200, blank=True, help_text="Shown in the footer: who made this site with you."
    )
    comment_reply_days = models.PositiveSmallIntegerField(
        "days to read a comment", default=5, help_text="Working days."
    )
    public_history = models.BooleanField(
        "show older versions to the public",
        default=False,
        help_text="Anybody may then see each page as it was on an earlier day. Staff always can.",
    )

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("council_name"),
                FieldPanel("area_name"),
                FieldPanel("site_name"),
                FieldPanel("legal_name"),
                FieldPanel("region"),
                FieldPanel("local_authority_names"),
            ],
            "Who you are",
        ),
        MultiFieldPanel(
            [
                FieldRowPanel(
                    [FieldPanel("brand_colour"), FieldPanel("accent_colour"), FieldPanel("paper_colour")]
                )
            ],
            "Colours",
        ),
        MultiFieldPanel(
            [
                FieldPanel("phone"),
                FieldPanel("phone_hours"),
                FieldPanel("email"),
                FieldPanel("postal_address"),
            ],
            "Talk to a person",
        ),
        MultiFieldPanel(
            [
                FieldPanel("advice_service_name"),
                FieldPanel("advice_service_phone"),
                FieldPanel("advice_service_url"),
                FieldPanel("forum_name"),
                FieldPanel("made_with"),
                FieldPanel("comment_reply_days"),
            ],
            "People you work with",
        ),
        FieldPanel("public_history"),
    ]

    class Meta:
        verbose_name = "Council"

    def __str__(self) -> str:
        return self.council_name

    def clean(self) -> None:
        """A brand colour that families could not read is refused."""
        super().clean()
        errors = {}
        if HEX.match(self.brand_colour) and contrast(self.brand_colour, "#ffffff") < 7:
            errors["brand_colour"] = "This colour is too light to read on white. Choose a darker one."
        if HEX.match(self.paper_colour) and luminance(self.paper_colour) < 0.88:
            errors["paper_colour"] = "This colour is too dark for a page. Choose a lighter one."
        if errors:
            raise ValidationError(errors)
