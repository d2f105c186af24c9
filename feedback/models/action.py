"""What an authority answers and intends to do, to one comment or to many."""

from datetime import date
from typing import Self

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from wagtail.models import Site

from feedback.enums import OPEN, STATUS_LOOK, ActionStatus
from feedback.models.comment_settings import LONG_OVERDUE_DAYS


class ActionQuerySet(models.QuerySet["Action"]):
    """Reads that read as sentences."""

    def of(self, authority: Site) -> Self:
        return self.filter(authority=authority)

    def open(self) -> Self:
        return self.filter(status__in=OPEN)

    def late(self, today: date | None = None) -> Self:
        """Open past the date that was first promised."""
        today = today or timezone.localdate()
        return self.open().filter(Q(target_date__lt=today) | Q(first_target_date__lt=today))


class Action(models.Model):
    """One answer with its intended action (regulation 56: response and intended action).

    `first_target_date` is the date first promised: when the date is moved, families see both.
    """

    authority = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="feedback_actions")
    key = models.SlugField(max_length=60, blank=True, editable=False)
    title = models.CharField(max_length=120, help_text="A few words, such as “Honest waiting times”.")
    you_said = models.TextField(help_text="What families told you, in their words. Name nobody.")
    response = models.TextField(help_text="Your answer: what you did, are doing, or why you cannot.")
    intended_action = models.TextField(
        "what happens next", blank=True, help_text="What you still intend to do."
    )
    status = models.CharField(
        max_length=20, choices=ActionStatus.choices, default=ActionStatus.CONSIDERING, db_index=True
    )
    reason = models.TextField(blank=True, help_text="Why not, or what you are waiting for.")
    owner_role = models.CharField(
        "who is responsible", max_length=120, help_text="A role, never a person's name."
    )
    target_date = models.DateField("due by", null=True, blank=True)
    first_target_date = models.DateField(null=True, blank=True, editable=False)
    done_on = models.DateField(null=True, blank=True)
    evidence_url = models.CharField(
        "what changed",
        max_length=500,
        blank=True,
        help_text="The address of the page or service that changed, such as /transport/.",
    )
    evidence_title = models.CharField(max_length=300, blank=True, editable=False)
    evidence_revision = models.ForeignKey(
        "wagtailcore.Revision",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text="The version of the page or service that was live when the change was shown.",
    )
    evidence_service = models.ForeignKey(
        "services.Service",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="feedback_actions",
    )
    followed_up_on = models.DateField(null=True, blank=True, editable=False)
    changed_on = models.DateField(default=timezone.localdate, editable=False, db_index=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["-changed_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "key"], condition=~Q(key=""), name="action_authority_key"
            ),
            models.CheckConstraint(
                condition=~Q(status=ActionStatus.DONE) | Q(done_on__isnull=False),
                name="action_done_has_date",
            ),
            models.CheckConstraint(
                condition=~Q(status=ActionStatus.NOT_DOING) | ~Q(reason=""),
                name="action_not_doing_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=sorted(OPEN)) | Q(target_date__isnull=False),
                name="action_open_has_target",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """The same rules as the constraints, in words and at the field."""
        super().clean()
        errors = {}
        if self.status == ActionStatus.DONE and not self.done_on:
            errors["done_on"] = "Enter the date it was done."
        if self.status == ActionStatus.DONE and self.done_on and self.done_on > timezone.localdate():
            errors["done_on"] = "This date has not come yet."
        if self.status == ActionStatus.NOT_DOING and not self.reason.strip():
            errors["reason"] = "Say why you are not doing it. Families see this."
        if self.status in OPEN and not self.target_date:
            errors["target_date"] = "Enter the date that families can expect it by."
        if self.evidence_url and not self.evidence_url.startswith(("/", "https://", "http://")):
            errors["evidence_url"] = "Enter an address such as /transport/ or https://example.org/page."
        if self.evidence_url.startswith("//"):
            errors["evidence_url"] = "Start an address of another site with https://."
        if errors:
            raise ValidationError(errors)

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    def is_late(self, today: date | None = None) -> bool:
        """Whether a date that was promised has passed while it is still open."""
        return self.days_late(today) > 0

    def days_late(self, today: date | None = None) -> int:
        """Days since the first date that was promised, while it is open; 0 where none has passed."""
        today = today or timezone.localdate()
        promised = [d for d in (self.target_date, self.first_target_date) if d]
        return max(0, (today - min(promised)).days) if self.is_open and promised else 0

    def is_long_overdue(self, today: date | None = None) -> bool:
        """Late beyond the authority's patience: come with `authority__commentsettings` to ask no more."""
        try:
            patience = self.authority.commentsettings.long_overdue_days
        except ObjectDoesNotExist:
            patience = LONG_OVERDUE_DAYS
        return self.days_late(today) > patience

    @property
    def begins(self) -> str:
        """How the reply begins: "We did:"."""
        return STATUS_LOOK[self.status][2]
