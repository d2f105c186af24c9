"""Who checks an entry, when they were asked, by which link, and what they would change.

Addresses for reviews stand in tables of their own: an entry's revisions, feeds and exports are
copies of the entry, and these must never be in one.
"""

import uuid
from datetime import datetime
from typing import Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from modelcluster.fields import ParentalKey
from modelcluster.models import ClusterableModel
from wagtail.admin.panels import FieldPanel, FieldRowPanel, InlinePanel, MultiFieldPanel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting
from wagtail.models import Site

from localoffer.belonging import OfOneSite
from services.enums import (
    OverduePolicy,
    ProviderType,
    ReminderKind,
    ReminderState,
    SuggestionKind,
    SuggestionState,
    TrustedField,
)
from services.fields import ChosenField
from services.models.organisation import Organisation
from services.models.service import Service


def usually_trusted() -> list[str]:
    """Facts that change often and mislead nobody for long."""
    return [TrustedField.PHONE, TrustedField.SCHEDULES, TrustedField.URL]


@register_setting(icon="date")
class ReviewSettings(OfOneSite, BaseSiteSetting, ClusterableModel):
    """How one authority keeps its entries right."""

    officer_email = models.EmailField(
        "email address of the team",
        blank=True,
        help_text="Where we write about late entries that nobody owns. Empty: the council's address.",
    )
    use_public_email = models.BooleanField(
        "write to the public address when there is no other",
        default=True,
        help_text="Providers who gave no address for checks are asked at the one that families see.",
    )
    officer_after_days = models.PositiveSmallIntegerField(
        "days late before we tell the officer", default=14, validators=[MaxValueValidator(365)]
    )
    act_after_days = models.PositiveSmallIntegerField(
        "days late before the next step",
        default=60,
        validators=[MaxValueValidator(730)],
        help_text="Never sooner than a week after the officer was told.",
    )
    when_overdue = models.CharField(
        "the next step", max_length=10, choices=OverduePolicy.choices, default=OverduePolicy.FLAG
    )
    link_days = models.PositiveSmallIntegerField(
        "days that a link works",
        default=60,
        validators=[MinValueValidator(1), MaxValueValidator(365)],
        help_text="The link in an email to a provider.",
    )
    trusted_fields = ChosenField(
        "what a trusted provider changes without us",
        choices=TrustedField.choices,
        default=usually_trusted,
        help_text="Goes straight on the site. Everything else waits for you.",
    )

    panels = [
        InlinePanel(
            "intervals",
            heading="How long a check holds",
            label="Kind of provider",
            help_text=(
                "Add a kind to change it. Others: 6 months for charities, companies and groups run by "
                "parents, 12 months for everybody else."
            ),
            panels=[FieldRowPanel([FieldPanel("provider_type"), FieldPanel("months")])],
        ),
        MultiFieldPanel(
            [
                FieldPanel("use_public_email"),
                FieldPanel("link_days"),
                FieldPanel("trusted_fields"),
            ],
            "Asking providers",
        ),
        MultiFieldPanel(
            [
                FieldPanel("officer_email"),
                FieldPanel("officer_after_days"),
                FieldPanel("act_after_days"),
                FieldPanel("when_overdue"),
            ],
            "When an entry is late",
        ),
    ]

    class Meta:
        verbose_name = "Checking services"

    def __str__(self) -> str:
        return "Checking services"

    def clean(self) -> None:
        """The officer hears of it before anything is done."""
        super().clean()
        if (self.act_after_days or 0) < (self.officer_after_days or 0):
            raise ValidationError({"act_after_days": "Give the officer time: choose the same days or more."})


class ReviewInterval(models.Model):
    """How many months a check of one kind of provider holds, where it is not the usual."""

    settings = ParentalKey(ReviewSettings, on_delete=models.CASCADE, related_name="intervals")
    provider_type = models.CharField("kind of provider", max_length=30, choices=ProviderType.choices)
    months = models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(60)])

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["settings", "provider_type"], name="review_interval_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_provider_type_display()}: {self.months} months"


class ServiceReview(models.Model):
    """Who answers for one entry: the officer here, and whom we ask at the provider. Never public."""

    service = models.OneToOneField(Service, on_delete=models.CASCADE, related_name="review")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name="officer",
        help_text="Who hears when it is late. Empty: the team.",
    )
    owner_role = models.CharField("officer's role", max_length=100, blank=True)
    provider_email = models.EmailField(
        "email address at the provider", blank=True, help_text="For checks only. Families never see it."
    )
    provider_role = models.CharField(
        "role at the provider",
        max_length=100,
        blank=True,
        help_text="Such as nursery manager. Families see it as who checked. Not a name.",
    )

    class Meta:
        verbose_name = "who checks a service"

    def __str__(self) -> str:
        return f"Who checks service {self.service_id}"


class OrganisationReview(models.Model):
    """Whom we ask about everything that an organisation runs, and whether we trust it. Never public."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, related_name="review")
    email = models.EmailField(
        "email address of the organisation",
        blank=True,
        help_text="For checks of all its services that have no address of their own.",
    )
    trusted = models.BooleanField(
        "trusted provider",
        default=False,
        help_text="Small changes go straight on the site. Which ones is in Settings, Checking services.",
    )

    class Meta:
        verbose_name = "who checks an organisation"

    def __str__(self) -> str:
        return f"Who checks organisation {self.organisation_id}"


class Reminder(models.Model):
    """One step of asking about one entry that is due: kept before it is taken and after.

    `due` is the day the check was due: a new check starts anew. A step is taken once. Holds no address.
    """

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="reminders")
    due = models.DateField()
    kind = models.CharField(max_length=10, choices=ReminderKind.choices)
    state = models.CharField(
        max_length=10, choices=ReminderState.choices, default=ReminderState.PENDING, db_index=True
    )
    run = models.UUIDField(null=True, editable=False)
    tries = models.PositiveSmallIntegerField(default=0)
    note = models.CharField(max_length=80, blank=True, help_text="What became of it. No address.")
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["service", "due", "kind"], name="reminder_once")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, due {self.due}: {self.get_state_display()}"


class ReviewLink(models.Model):
    """The link of an email: opens one entry's check, until it is used or its time is over.

    The address holds `key` with a signature of the site's secret; the key alone opens nothing.
    """

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="review_links")
    key = models.CharField(max_length=32, unique=True)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return f"Link for service {self.service_id}, until {self.expires_at:%d %B %Y}"

    def is_open(self, now: datetime | None = None) -> bool:
        """Whether it can still be used."""
        return self.used_at is None and self.expires_at > (now or timezone.now())


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def waiting(self) -> Self:
        return self.filter(state=SuggestionState.WAITING)

    def of(self, authority: Site) -> Self:
        return self.filter(service__authority=authority)


class Suggestion(models.Model):
    """What a provider would change. `seen` and `proposed` are facts (services.importers.facts) of
    the fields that differ: as they were when the provider looked, and as they should be."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="suggestions")
    link = models.OneToOneField(
        ReviewLink, null=True, blank=True, on_delete=models.SET_NULL, related_name="suggestion"
    )
    kind = models.CharField(max_length=10, choices=SuggestionKind.choices, default=SuggestionKind.CHANGE)
    state = models.CharField(
        max_length=10, choices=SuggestionState.choices, default=SuggestionState.WAITING, db_index=True
    )
    seen = models.JSONField(default=dict)
    proposed = models.JSONField(default=dict)
    note = models.TextField("note to the council", blank=True)
    passed = models.JSONField(
        default=list, help_text="Fields that went straight on the site: the provider is trusted."
    )
    accepted = models.JSONField(default=list, help_text="Fields that an officer accepted.")
    message = models.TextField("message back", blank=True)
    made_at = models.DateTimeField(default=timezone.now, db_index=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    told = models.CharField(max_length=10, choices=ReminderState.choices, blank=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        ordering = ["made_at", "pk"]
        verbose_name = "suggested change"

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.service}"

    @property
    def open_fields(self) -> list[str]:
        """Fields that wait for an officer."""
        return [name for name in self.proposed if name not in self.passed]
