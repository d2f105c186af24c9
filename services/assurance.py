"""Keeping entries true: named writes that check, act, and leave a line in Wagtail's log."""

import calendar
from datetime import date

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.actions.unpublish import UnpublishAction
from wagtail.log_actions import LogActionRegistry, LogFormatter, log
from wagtail.models import ModelLogEntry

from services.enums import ProviderType
from services.models import Service
from services.signals import services_changed

CONFIRMED = "services.confirm"
RETIRED = "services.retire"

CHECKED_FIELDS = ("last_checked", "last_checked_by", "review_by")

YEARLY_MONTHS = 12
# Small groups change their hours, phone and people more often than a school does.
HALF_YEARLY_MONTHS = 6
_HALF_YEARLY = frozenset({ProviderType.VOLUNTARY, ProviderType.PARENT_LED, ProviderType.PRIVATE})


def review_months(provider_type: str) -> int:
    """How many months a check holds for a kind of provider."""
    return HALF_YEARLY_MONTHS if provider_type in _HALF_YEARLY else YEARLY_MONTHS


def next_review(*, checked: date, provider_type: str) -> date:
    """When an entry checked on `checked` is due again; a day that month lacks becomes its last."""
    year, month = divmod(checked.year * 12 + checked.month - 1 + review_months(provider_type), 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(checked.day, last))


@transaction.atomic
def confirm(
    *, service: Service, by_role: str, on: date | None = None, user: AbstractBaseUser | None = None
) -> Service:
    """Record that `by_role` ("Nursery manager") found the entry still right on `on` (today).

    A live entry is published with the new dates and nothing else. Changes that wait for
    somebody's approval or hour gain the dates and go on waiting. Raises ValidationError for a
    day to come, or when nobody says who checked.
    """
    on = on or timezone.localdate()
    if on > timezone.localdate():
        raise ValidationError({"last_checked": "This day is still to come."})
    if not by_role.strip():
        raise ValidationError({"last_checked_by": "Say who checked it: a role, such as nursery manager."})
    held = Service.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=service.pk)
    kind = held.organisation.provider_type if held.organisation else ""
    held.last_checked, held.last_checked_by = on, by_role.strip()
    held.review_by = next_review(checked=on, provider_type=kind)
    if held.live and not held.has_unpublished_changes:
        held.save_revision(user=user, changed=False, clean=False).publish(
            user=user, changed=False, log_action=False, skip_permission_checks=True
        )
    else:
        _mark_checked_beside_a_draft(held)
    log(held, CONFIRMED, user=user, data={"by_role": held.last_checked_by, "on": on.isoformat()})
    return Service.objects.get(pk=held.pk)


def _mark_checked_beside_a_draft(held: Service) -> None:
    """Write the dates to the row and to what waits beside it.

    Publishing instead would end the draft's workflow and its scheduled hour.
    """
    held.save(update_fields=[*CHECKED_FIELDS, "modified_at"])
    waiting = Q(pk=held.latest_revision_id) | Q(approved_go_live_at__isnull=False)
    for revision in held.revisions.filter(waiting):
        for field in CHECKED_FIELDS:
            revision.content[field] = held._meta.get_field(field).value_to_string(held)
        revision.save(update_fields=["content"])
    if held.live:
        transaction.on_commit(lambda: services_changed.send(sender=Service, ids=[held.pk]))


@transaction.atomic
def retire(
    *, service: Service, by_role: str, reason: str = "", user: AbstractBaseUser | None = None
) -> Service:
    """Take an entry off the public site, keeping it and its history. An entry that is off stays so."""
    if not by_role.strip():
        raise ValidationError("Say who took it down: a role, such as local offer officer.")
    held = Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
    if held.live:
        UnpublishAction(held, user=user).execute(skip_permission_checks=True)
        log(held, RETIRED, user=user, data={"by_role": by_role.strip(), "reason": reason.strip()})
    return Service.objects.get(pk=held.pk)


class _ConfirmedFormatter(LogFormatter):
    label = "Found still right"

    def format_message(self, log_entry: ModelLogEntry) -> str:
        return f"Found still right by {log_entry.data.get('by_role', 'somebody')}"


class _RetiredFormatter(LogFormatter):
    label = "Taken down"

    def format_message(self, log_entry: ModelLogEntry) -> str:
        reason = log_entry.data.get("reason")
        words = f"Taken down by {log_entry.data.get('by_role', 'somebody')}"
        return f"{words}: {reason}" if reason else words


def register_log_actions(actions: LogActionRegistry) -> None:
    """Tell Wagtail's history how to read what this module logs."""
    actions.register_action(CONFIRMED)(_ConfirmedFormatter)
    actions.register_action(RETIRED)(_RetiredFormatter)
