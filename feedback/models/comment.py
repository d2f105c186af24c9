"""A comment: the original kept apart from what the public reads."""

import secrets
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from wagtail.models import Site

from feedback.enums import (
    PENDING,
    SECTION_CHOICES,
    SHOWN,
    Channel,
    Consent,
    Disposition,
    Role,
    Topic,
)
from feedback.models.action import Action

# No letter or digit that can be misheard or that makes words.
REFERENCE_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXYZ"


def new_reference() -> str:
    """Such as "HYS-7K3Q9-2M": 28 to the power of 7, about 13,500 million, cannot be guessed."""
    letters = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(7))
    return f"HYS-{letters[:5]}-{letters[5:]}"


# Of comments that are shown: whose words, or those of the group it is in, the public reads.
IN_PUBLIC = Q(together_with__isnull=False) | ~Q(public_text="")


class CommentQuerySet(models.QuerySet["Comment"]):
    """Reads that read as sentences."""

    def of(self, authority: Site) -> Self:
        return self.filter(authority=authority)

    def pending(self) -> Self:
        return self.filter(disposition__in=PENDING)

    def shown(self) -> Self:
        """Whose words, or those of the group it is in, the public reads."""
        return self.filter(disposition__in=SHOWN).filter(IN_PUBLIC)

    def answered(self) -> Self:
        """Public, grouped or counted: whose writer may hear of its action."""
        return self.filter(disposition__in=SHOWN)

    def entries(self) -> Self:
        """One for each entry of the public log: a group counts once."""
        return self.filter(disposition__in=SHOWN, together_with__isnull=True, gate_confirmed=True).exclude(
            public_text=""
        )

    def with_action(self) -> Self:
        """With all that an entry tells of its action, in the same query."""
        related = ("action__authority__commentsettings", "action__evidence_revision")
        return self.select_related(*related).defer("action__evidence_revision__content")


class Comment(models.Model):
    """What somebody told an authority about its local offer (regulation 56).

    `original` and the contact are for moderators only. `public_text` is what is published; a group
    is one comment that holds the public text and others `together_with` it. The address and the
    title of what it is about are kept even if the page goes. `version` guards against two moderators
    at once. No time of day, no network address and no name of the writer is ever kept.
    """

    authority = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="comments")
    reference = models.CharField(max_length=14, unique=True, default=new_reference, editable=False)
    submission_key = models.CharField(max_length=64, unique=True, null=True, blank=True, editable=False)
    received_on = models.DateField(default=timezone.localdate, db_index=True)
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.WEB)
    language = models.CharField(max_length=12, default="en")
    role = models.CharField(max_length=20, choices=Role.choices)
    topic = models.CharField(max_length=20, choices=Topic.choices)
    section = models.CharField(max_length=20, choices=SECTION_CHOICES, blank=True)
    consent = models.CharField(max_length=12, choices=Consent.choices)
    original = models.TextField()
    about_page = models.ForeignKey(
        "wagtailcore.Page", null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    about_service = models.ForeignKey(
        "services.Service", null=True, blank=True, on_delete=models.SET_NULL, related_name="comments"
    )
    about_url = models.CharField(max_length=500, blank=True)
    about_title = models.CharField(max_length=300, blank=True)

    disposition = models.CharField(
        max_length=20, choices=Disposition.choices, default=Disposition.NEW, db_index=True
    )
    urgent = models.BooleanField(default=False, help_text="Words in it may mean that somebody is in danger.")
    safeguarding = models.BooleanField(default=False, help_text="It tells of harm. It is never published.")
    heading = models.CharField(max_length=100, blank=True, help_text="A few words for the public log.")
    public_text = models.TextField(blank=True)
    together_with = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="others"
    )
    gate_confirmed = models.BooleanField("nobody can be identified", default=False)
    gate_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    gate_confirmed_at = models.DateTimeField(null=True, blank=True)
    response = models.TextField(blank=True, help_text="Our answer to this comment.")
    action = models.ForeignKey(
        Action, null=True, blank=True, on_delete=models.PROTECT, related_name="comments"
    )
    answer_due = models.DateField("answer due by", null=True, blank=True)
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    was_edited = models.BooleanField(
        default=False, help_text="The public text is not word for word what was written."
    )
    withheld_reason = models.TextField(blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    published_on = models.DateField(null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    erased_on = models.DateField(
        null=True,
        blank=True,
        editable=False,
        help_text="The day `original` was replaced: nobody has it any more.",
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["-received_on", "-pk"]
        default_permissions = ("view",)
        permissions = [("moderate_comment", "Can read, moderate and answer comments")]
        indexes = [models.Index(fields=["authority", "disposition", "received_on"], name="comment_log")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(disposition=Disposition.PUBLISHED)
                | (Q(gate_confirmed=True) & ~Q(public_text="")),
                name="comment_published_passed_gate",
            ),
            models.CheckConstraint(
                condition=~Q(disposition=Disposition.GROUPED) | Q(public_text="") | Q(gate_confirmed=True),
                name="comment_grouped_passed_gate",
            ),
            models.CheckConstraint(
                condition=~Q(disposition__in=sorted(SHOWN))
                | ~Q(response="")
                | Q(action__isnull=False)
                | Q(answer_due__isnull=False)
                | Q(together_with__isnull=False),
                name="comment_shown_has_answer_or_date",
            ),
            models.CheckConstraint(
                condition=~Q(disposition__in=sorted(SHOWN)) | Q(safeguarding=False),
                name="comment_safeguarding_never_shown",
            ),
            models.CheckConstraint(
                condition=~(Q(disposition__in=sorted(SHOWN)) & Q(consent=Consent.COUNT_ONLY))
                | Q(public_text=""),
                name="comment_without_consent_not_shown",
            ),
            models.CheckConstraint(
                condition=~Q(
                    disposition__in=[Disposition.WITHHELD_VEXATIOUS, Disposition.WITHHELD_INDIVIDUAL]
                )
                | ~Q(withheld_reason=""),
                name="comment_withheld_has_reason",
            ),
            models.CheckConstraint(condition=~Q(original=""), name="comment_not_empty"),
        ]

    def __str__(self) -> str:
        return self.reference

    def get_absolute_url(self) -> str:
        return reverse("feedback:log_entry", args=[self.reference])

    @property
    def is_pending(self) -> bool:
        return self.disposition in PENDING

    @property
    def is_entry(self) -> bool:
        """Whether it has its own place in the public log."""
        return (
            self.disposition in SHOWN
            and self.together_with_id is None
            and self.gate_confirmed
            and bool(self.public_text)
        )

    @property
    def public_heading(self) -> str:
        """The moderator's heading, or the first words of the public text."""
        if self.heading:
            return self.heading
        first = self.public_text.strip().partition("\n")[0]
        for end in (". ", "? ", "! "):
            first = first.partition(end)[0] if len(first.partition(end)[0]) >= 15 else first
        return Truncator(first.rstrip(".")).words(11, truncate=" …")
