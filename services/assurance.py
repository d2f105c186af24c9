"""Keeping entries true: named writes that check, act, and leave a line in Wagtail's log."""

from datetime import date

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from wagtail.actions.unpublish import UnpublishAction
from wagtail.log_actions import LogActionRegistry, LogFormatter, log
from wagtail.models import ModelLogEntry

from services import changes
from services.enums import CheckedBy, ReminderKind, SuggestionKind, SuggestionState
from services.importers.base import Facts
from services.intervals import next_review
from services.models import (
    OrganisationReview,
    ReviewLink,
    ReviewSettings,
    Service,
    Suggestion,
)
from services.signals import services_changed

CONFIRMED = "services.confirm"
RETIRED = "services.retire"
SUGGESTED = "services.suggest"
PASSED = "services.pass_change"
DECIDED = "services.decide"
NOT_YOURS_TO_CLOSE = "Somebody who may publish takes an entry off the site. Nothing was changed."
# What the step of a reminder says of an entry that it took off the site.
HIDDEN = "Taken off the site"

CHECKED_FIELDS = ("last_checked", "last_checked_by", "checked_side", "review_by")


class ChangedMeanwhile(Exception):
    """Somebody else was quicker, or holds the entry: nothing was written. The message is for staff."""


@transaction.atomic
def confirm(
    *,
    service: Service,
    by_role: str,
    side: CheckedBy = CheckedBy.COUNCIL,
    on: date | None = None,
    user: AbstractBaseUser | None = None,
) -> Service:
    """Record that `by_role` ("Nursery manager") found the entry still right on `on` (today).

    A live entry is published with the new dates and nothing else; so is one that was taken off
    only because nobody checked it, where no editor has touched it since. Changes that wait for
    somebody's approval or hour gain the dates and go on waiting. Raises ValidationError for a
    day to come, or when nobody says who checked.
    """
    on = on or timezone.localdate()
    if on > timezone.localdate():
        raise ValidationError({"last_checked": "This day is still to come."})
    if not by_role.strip():
        raise ValidationError({"last_checked_by": "Say who checked it: a role, such as nursery manager."})
    held = (
        Service.objects.select_for_update(of=("self",))
        .select_related("organisation", "authority")
        .get(pk=service.pk)
    )
    comes_back = _may_come_back(held)
    mark_checked(held, by_role=by_role, side=side, on=on)
    if comes_back or (held.live and not held.has_unpublished_changes):
        held.save_revision(user=user, changed=False, clean=False).publish(
            user=user, changed=False, log_action=False, skip_permission_checks=True
        )
    else:
        _mark_checked_beside_a_draft(held)
    log(held, CONFIRMED, user=user, data={"by_role": held.last_checked_by, "on": on.isoformat()})
    return Service.objects.get(pk=held.pk)


def mark_checked(held: Service, *, by_role: str, side: CheckedBy, on: date) -> None:
    """Set in memory who checked and when, and when it is due again."""
    kind = held.organisation.provider_type if held.organisation else ""
    held.last_checked, held.last_checked_by, held.checked_side = on, by_role.strip()[:100], side
    held.review_by = next_review(checked=on, provider_type=kind, authority=held.authority)


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


def _may_come_back(held: Service) -> bool:
    """Whether it is off the site only because a check was late, and nobody has worked on it since."""
    if held.live or held.review_by is None or held.merged_into_id:
        return False
    hidden = held.reminders.filter(kind=ReminderKind.OVERDUE, due=held.review_by, note=HIDDEN).first()
    if hidden is None or hidden.sent_at is None:
        return False
    return not held.revisions.filter(created_at__gt=hidden.sent_at).exists()


# -- what a provider would change ---------------------------------------------------


def as_edited(service: Service) -> Service:
    """The entry as its editors have it: the draft that waits, or the entry itself."""
    waits = service.has_unpublished_changes and service.latest_revision_id
    return service.get_latest_revision_as_object() if waits else service


@transaction.atomic
def suggest_change(
    *,
    service: Service,
    seen: Facts,
    proposed: Facts,
    note: str = "",
    kind: SuggestionKind = SuggestionKind.CHANGE,
    link: ReviewLink | None = None,
    by_role: str = "The provider",
) -> Suggestion:
    """Keep what a provider would change, to wait for an officer.

    `seen` are the facts they looked at and `proposed` those of the fields that differ. A trusted
    provider's small changes go straight on the site, where nobody else is at work on the entry;
    when that is all of it, the entry counts as checked. Raises ValidationError, with nothing
    written, for facts that the entry could not hold.
    """
    wrong = changes.faults(proposed)
    if wrong:
        raise ValidationError(wrong)
    held = _held(service)
    passed = _passing(held, seen, proposed) if kind == SuggestionKind.CHANGE else []
    made = Suggestion(service=held, link=link, kind=kind, proposed=proposed, note=note.strip(), passed=passed)
    made.seen = {name: seen.get(name) for name in proposed}
    settled = bool(passed) and not made.open_fields and not made.note
    if settled:
        made.state, made.decided_at = SuggestionState.ACCEPTED, timezone.now()
    made.save()
    log(held, SUGGESTED, data={"fields": list(proposed), "kind": kind})
    if passed:
        changes.put(held, {name: proposed[name] for name in passed})
        held.clean()
        if settled:
            mark_checked(held, by_role=by_role, side=CheckedBy.PROVIDER, on=timezone.localdate())
        held.save_revision(clean=False).publish(log_action=False, skip_permission_checks=True)
        log(held, PASSED, data={"fields": passed}, content_changed=True)
    return made


def _held(service: Service) -> Service:
    rows = Service.objects.select_for_update(of=("self",)).select_related("organisation", "authority")
    return rows.get(pk=service.pk)


def _passing(held: Service, seen: Facts, proposed: Facts) -> list[str]:
    trusts = OrganisationReview.objects.filter(organisation=held.organisation_id, trusted=True).exists()
    if not trusts or not held.live or held.has_unpublished_changes or held.locked:
        return []
    trusted = ReviewSettings.for_site(held.authority).trusted_fields
    current = changes.read(held)
    passing = changes.may_pass(seen, proposed, trusted)
    return [name for name in proposed if name in passing and current[name] == seen.get(name)]


@transaction.atomic
def apply_suggestion(
    *,
    suggestion: Suggestion,
    fields: list[str] | None,
    looked_at: str,
    user: AbstractBaseUser,
    message: str = "",
    by_role: str = "The provider",
    may_publish: bool = True,
) -> Suggestion:
    """Accept `fields` of what waits, all or some; None accepts nothing.

    That it no longer runs is accepted by any list, and so is a note without a field.
    `looked_at` is the digest (`what_stands`) of what the officer saw. Raises ChangedMeanwhile, with
    nothing written, when the entry or the suggestion is not as it was then, or somebody else has
    locked the entry. Beside a draft, and for a user who may not publish, the fields go into the
    draft. Accepting anything makes the entry checked on the day that the provider wrote. Raises
    ValidationError for a user who may not publish and accepts that a live entry no longer runs.
    """
    held, found = _held(suggestion.service), Suggestion.objects.select_for_update().get(pk=suggestion.pk)
    _refuse_if_changed(held, found, looked_at, user)
    accepted = [name for name in found.open_fields if name in (fields or ())]
    declined = fields is None or (bool(found.open_fields) and not accepted)
    closing = found.kind == SuggestionKind.CLOSED and not declined
    if closing and held.live and not may_publish:
        raise ValidationError(NOT_YOURS_TO_CLOSE)
    found.accepted, found.message = accepted, message.strip()
    found.state = _state_after(found, declined)
    found.decided_at, found.decided_by = timezone.now(), user
    found.save()
    log(
        held,
        DECIDED,
        user=user,
        data={"state": found.state, "fields": accepted},
        content_changed=bool(accepted),
    )
    if closing:
        retire(service=held, by_role="The provider", reason="It no longer runs.", user=user)
    elif found.state != SuggestionState.DECLINED:
        _write_accepted(held, found, by_role, user, may_publish)
    return found


def what_stands(service: Service, suggestion: Suggestion) -> str:
    """A print of the fields that a suggestion touches, as they stand now."""
    current = changes.read(as_edited(service))
    return changes.digest({name: current[name] for name in suggestion.open_fields})


def _refuse_if_changed(held: Service, found: Suggestion, looked_at: str, user: AbstractBaseUser) -> None:
    if found.state != SuggestionState.WAITING:
        raise ChangedMeanwhile("Somebody else has already decided on this. Nothing was changed again.")
    if held.locked and held.locked_by_id != user.pk:
        raise ChangedMeanwhile("Somebody has locked this entry. Nothing was changed. Try again later.")
    if what_stands(held, found) != looked_at:
        raise ChangedMeanwhile(
            "The entry changed while you had this open. Nothing was saved. Look at it again below."
        )


def _state_after(found: Suggestion, declined: bool) -> SuggestionState:
    """What went straight on the site before counts as a part."""
    if declined:
        return SuggestionState.PARTLY if found.passed else SuggestionState.DECLINED
    whole = len(found.accepted) == len(found.open_fields)
    return SuggestionState.ACCEPTED if whole else SuggestionState.PARTLY


def _write_accepted(
    held: Service, found: Suggestion, by_role: str, user: AbstractBaseUser, may_publish: bool
) -> None:
    target, comes_back = as_edited(held), _may_come_back(held)
    beside_a_draft = target is not held
    changes.put(target, {name: found.proposed[name] for name in found.accepted})
    target.clean()
    mark_checked(
        target, by_role=by_role, side=CheckedBy.PROVIDER, on=timezone.localtime(found.made_at).date()
    )
    revision = target.save_revision(user=user, clean=False)
    if may_publish and not beside_a_draft and (held.live or comes_back):
        revision.publish(user=user, skip_permission_checks=True)


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


class _FieldsFormatter(LogFormatter):
    """Names the fields of a suggestion, and never what stood in them."""

    def format_message(self, log_entry: ModelLogEntry) -> str:
        names = [changes.LABELS.get(name, name) for name in log_entry.data.get("fields", ())]
        return f"{self.label}: {', '.join(names)}" if names else str(self.label)


class _SuggestedFormatter(_FieldsFormatter):
    label = "Provider suggested a change"


class _PassedFormatter(_FieldsFormatter):
    label = "Changed by a trusted provider"


class _DecidedFormatter(_FieldsFormatter):
    label = "Decided on a suggested change"


def register_log_actions(actions: LogActionRegistry) -> None:
    """Tell Wagtail's history how to read what this module logs."""
    actions.register_action(CONFIRMED)(_ConfirmedFormatter)
    actions.register_action(RETIRED)(_RetiredFormatter)
    actions.register_action(SUGGESTED)(_SuggestedFormatter)
    actions.register_action(PASSED)(_PassedFormatter)
    actions.register_action(DECIDED)(_DecidedFormatter)
