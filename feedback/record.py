"""What every step of moderation shares: who may take it, that nobody was quicker, and the record of it."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import F
from django.utils import timezone
from wagtail.models import Site

from feedback.enums import EventKind
from feedback.gate import ChangedMeanwhile
from feedback.models import Action, Comment, ModerationEvent
from localoffer.belonging import authorities_of

Person = AbstractBaseUser | AnonymousUser | Any

MODERATE = "feedback.moderate_comment"


def require_moderator(by: Person, authority: Site | None = None) -> None:
    """Refuse whoever may not moderate; with an authority, whoever may not moderate for it."""
    if not by.has_perm(MODERATE):
        raise PermissionDenied("You may not moderate comments.")
    if authority is not None and authority not in authorities_of(by, MODERATE):
        raise PermissionDenied("You may not moderate comments of this council.")


def claim(comment: Comment, by: Person, version: int) -> Comment:
    """The comment as it is now, if it is still the one its caller has read."""
    require_moderator(by, comment.authority)
    if not Comment.objects.filter(pk=comment.pk, version=version).update(version=F("version") + 1):
        raise ChangedMeanwhile(
            "Somebody changed this comment while you were working on it. Nothing of yours was saved. "
            "Copy what you wrote, then look at the comment again."
        )
    return Comment.objects.get(pk=comment.pk)


def log_step(
    comment: Comment | None,
    kind: EventKind,
    by: Person | None,
    *,
    note: str = "",
    at: datetime | None = None,
    action: Action | None = None,
    **details: Any,
) -> None:
    """Write one step down. `details` are states and numbers, never words of a comment."""
    ModerationEvent.objects.create(
        comment=comment,
        action=action or (comment.action if comment else None),
        kind=kind,
        by=by,
        at=at or timezone.now(),
        note=note.strip(),
        details={k: str(v) for k, v in details.items() if v},
    )
