"""Filters of the inbox: how long it has waited, how urgent it is, whose it is, how it stands."""

from datetime import timedelta
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from wagtail.admin.filters import WagtailFilterSet

from feedback.enums import PENDING, SHOWN, EventKind
from feedback.models import Comment, ModerationEvent
from feedback.permissions import moderators
from feedback.record import MODERATE
from localoffer.belonging import authorities_of, belonging

# key → (label, at least, at most) in days
WAITS = {
    "week": ("Up to a week", 0, 7),
    "month": ("A week to four weeks", 8, 28),
    "longer": ("More than four weeks", 29, 36_500),
}


def hasty_events() -> QuerySet[ModerationEvent]:
    """The receiving of comments that came back sooner than a person can write."""
    return ModerationEvent.objects.filter(kind=EventKind.RECEIVED, details__has_key="hasty")


def _assignable(request: HttpRequest | None) -> QuerySet[Any]:
    """Moderators of the authorities that somebody moderates for."""
    if request is None or belonging(request.user).is_everywhere([MODERATE]):
        return moderators()
    ours = authorities_of(request.user, MODERATE)
    keys = {person.pk for site in ours for person in moderators(site)}
    return moderators().filter(pk__in=keys)


class CommentFilterSet(WagtailFilterSet):
    waiting = django_filters.ChoiceFilter(
        label="Waiting for", method="waits", choices=[(key, words) for key, (words, _, _) in WAITS.items()]
    )
    urgency = django_filters.ChoiceFilter(
        label="Urgency",
        method="is_urgent",
        choices=[("urgent", "Urgent or safeguarding"), ("safeguarding", "Safeguarding"), ("no", "Neither")],
    )
    answer = django_filters.ChoiceFilter(
        label="Answer",
        method="answers",
        choices=[("due", "Public, answer still to come"), ("late", "Public, answer late")],
    )
    robot = django_filters.ChoiceFilter(
        label="Robots",
        method="is_robot",
        choices=[("hasty", "Sent faster than a person writes"), ("no", "The others")],
    )
    assigned_to = django_filters.ModelChoiceFilter(
        label="Looked after by", queryset=lambda request: _assignable(request), null_label="Nobody yet"
    )

    class Meta:
        model = Comment
        fields = ["disposition", "topic", "section", "role", "channel", "authority"]

    def waits(self, queryset: QuerySet[Comment], name: str, value: str) -> QuerySet[Comment]:
        _, least, most = WAITS[value]
        today = timezone.localdate()
        first, last = today - timedelta(days=most), today - timedelta(days=least)
        return queryset.filter(disposition__in=PENDING, received_on__range=(first, last))

    def is_urgent(self, queryset: QuerySet[Comment], name: str, value: str) -> QuerySet[Comment]:
        urgent = Q(safeguarding=True) if value == "safeguarding" else Q(urgent=True) | Q(safeguarding=True)
        return queryset.exclude(urgent) if value == "no" else queryset.filter(urgent)

    def is_robot(self, queryset: QuerySet[Comment], name: str, value: str) -> QuerySet[Comment]:
        hasty = Exists(hasty_events().filter(comment=OuterRef("pk")))
        return queryset.filter(~hasty if value == "no" else hasty)

    def answers(self, queryset: QuerySet[Comment], name: str, value: str) -> QuerySet[Comment]:
        due = queryset.filter(disposition__in=SHOWN, answer_due__isnull=False)
        return due.filter(answer_due__lt=timezone.localdate()) if value == "late" else due
