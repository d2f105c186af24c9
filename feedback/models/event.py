"""Every step of moderation, written once and never changed."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from feedback.enums import EventKind
from feedback.models.action import Action
from feedback.models.comment import Comment


class AppendOnly(TypeError):
    """Somebody tried to change or take away a step of the record."""


class EventQuerySet(models.QuerySet["ModerationEvent"]):
    """Reads and appends; nothing else."""

    def update(self, **kwargs: Any) -> NoReturn:
        raise AppendOnly("A step of the record is never changed.")

    def delete(self) -> NoReturn:
        raise AppendOnly("A step of the record is never deleted.")

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("A step of the record is never changed.")


class ModerationEvent(models.Model):
    """One step. `note` is a reason, in words that name nobody; `details` holds states, never text.

    The account's name stays when the account goes, so that the record still says who did it.
    """

    comment = models.ForeignKey(
        Comment, null=True, blank=True, on_delete=models.PROTECT, related_name="events"
    )
    action = models.ForeignKey(Action, null=True, blank=True, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=20, choices=EventKind.choices)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_name = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField(default=timezone.now, db_index=True)
    note = models.TextField(blank=True)
    details = models.JSONField(default=dict, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = "step in the record"
        verbose_name_plural = "record of every step"
        ordering = ["at", "pk"]
        default_permissions = ("view",)
        constraints = [
            models.CheckConstraint(
                condition=Q(comment__isnull=False) | Q(action__isnull=False), name="event_is_about_something"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {timezone.localtime(self.at):%-d %B %Y}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("A step of the record is never changed.")
        if self.by and not self.by_name:
            self.by_name = self.by.get_username()
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise AppendOnly("A step of the record is never deleted.")
