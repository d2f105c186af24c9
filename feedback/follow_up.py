"""Some weeks after an action is done, the people who asked for it are asked whether it helped."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from wagtail.models import Site

from feedback import letters
from feedback.enums import ActionStatus, EventKind
from feedback.letters import Letter
from feedback.models import Action, Comment, CommentSettings
from feedback.record import log_step


@dataclass(frozen=True, slots=True)
class FollowUp:
    """An action that was followed up, and how many writers could be asked."""

    action: Action
    asked: int


def due(authority: Site, today: date | None = None) -> list[Action]:
    """Done long enough ago and not followed up yet; none where the authority asks nobody."""
    days = CommentSettings.for_site(authority).follow_up_days
    if not days:
        return []
    last = (today or timezone.localdate()) - timedelta(days=days)
    done = Action.objects.of(authority).filter(status=ActionStatus.DONE, done_on__lte=last)
    return list(done.filter(followed_up_on__isnull=True).order_by("done_on", "pk"))


@transaction.atomic
def follow_up(*, action: Action, today: date | None = None) -> FollowUp:
    """Ask every writer of its public or counted comments who gave an address; once for each action."""
    action = Action.objects.select_for_update().get(pk=action.pk)
    if action.followed_up_on:
        return FollowUp(action, 0)
    action.followed_up_on = today or timezone.localdate()
    action.save(update_fields=["followed_up_on"])
    comments = Comment.objects.of(action.authority).answered().filter(action=action)
    asked = sum(letters.write_to_writer(comment, Letter.FOLLOW_UP, action) for comment in comments)
    log_step(None, EventKind.FOLLOWED_UP, None, action=action, asked=asked)
    return FollowUp(action, asked)
