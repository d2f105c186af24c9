"""Actions: what an authority answers and intends, agreed once and changed in the open."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from wagtail.models import Site

from feedback import evidence
from feedback.enums import EventKind
from feedback.gate import ChangedMeanwhile
from feedback.models import Action
from feedback.record import Person, log_step, require_moderator


@transaction.atomic
def agree_action(*, authority: Site, by: Person, at: datetime | None = None, **fields: Any) -> Action:
    """A new action; `fields` are those of `Action`. Raises ValidationError where they do not fit."""
    require_moderator(by, authority)
    action = Action(authority=authority, **fields)
    _link_evidence(action)
    action.first_target_date = action.target_date
    action.changed_on = timezone.localdate(at or timezone.now())
    action.full_clean()
    action.save(force_insert=True)
    log_step(
        None, EventKind.ACTION_AGREED, by, at=at, action=action, status=action.status, due=action.target_date
    )
    return action


@transaction.atomic
def change_action(
    *, action: Action, by: Person, version: int, at: datetime | None = None, **fields: Any
) -> Action:
    """Change an action. The date that was first promised stays on record."""
    require_moderator(by, action.authority)
    if not Action.objects.filter(pk=action.pk, version=version).update(version=F("version") + 1):
        raise ChangedMeanwhile("Somebody changed this action while you were writing. Nothing was saved.")
    action = Action.objects.get(pk=action.pk)
    before, shown = action.status, action.evidence_url
    for name, value in fields.items():
        setattr(action, name, value)
    if action.evidence_url != shown or action.status != before:
        _link_evidence(action)
    action.first_target_date = action.first_target_date or action.target_date
    action.changed_on = timezone.localdate(at or timezone.now())
    action.full_clean()
    action.save()
    log_step(
        None, EventKind.ACTION_CHANGED, by, at=at, action=action,
        before=before, status=action.status, due=action.target_date,
        evidence=action.evidence_url, revision=action.evidence_revision_id,
    )  # fmt: skip
    return action


def _link_evidence(action: Action) -> None:
    """The version that is live now is what the action points to, whatever is published later."""
    for name, value in evidence.of_address(action.evidence_url, action.authority).items():
        setattr(action, name, value)
