"""Changing many entries at once: named writes that check each, act, log, and say what they left alone.

An entry that somebody has locked, is writing a draft of, or has sent for approval is left alone
with the reason: a bulk change must not publish another person's half-written words.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.actions.unpublish import UnpublishAction
from wagtail.log_actions import LogActionRegistry, LogFormatter, log
from wagtail.models import ModelLogEntry

from services.models import Category, Need, Service

EDITED = "services.bulk_edit"
# What one request may change: at some 20 ms an entry, ten seconds.
MOST_AT_ONCE = 500

LOCKED = "somebody has locked it"
DRAFT = "a draft of it is waiting"
APPROVAL = "it is waiting for approval"
MERGED = "it was merged into another entry"


@dataclass(slots=True)
class Outcome:
    """What became of each: `done` were changed, `same` needed nothing, `left` (entry, reason) were not."""

    done: list[Service] = field(default_factory=list)
    same: list[Service] = field(default_factory=list)
    left: list[tuple[Service, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Changes:
    """What a bulk edit sets; None or empty leaves a fact as it is."""

    section: str | None = None
    level: str | None = None
    scope: str | None = None
    review_by: date | None = None
    add_needs: Collection[Need] = ()
    remove_needs: Collection[Need] = ()
    add_categories: Collection[Category] = ()
    remove_categories: Collection[Category] = ()

    @property
    def is_empty(self) -> bool:
        facts = (self.section, self.level, self.scope, self.review_by)
        lists = (self.add_needs, self.remove_needs, self.add_categories, self.remove_categories)
        return all(fact is None for fact in facts) and not any(lists)


@transaction.atomic
def edit_many(*, services: Iterable[Service], changes: Changes, user: AbstractBaseUser | None) -> Outcome:
    """Set the facts; a live entry is published with them, a draft keeps them as its newest draft."""

    def edit(service: Service) -> bool | str:
        before = _facts(service)
        _apply(service, changes)
        changed = {name: value for name, value in _facts(service).items() if value != before[name]}
        if not changed:
            return False
        if service.live:
            revision = service.save_revision(user=user)
            revision.publish(user=user, log_action=False, skip_permission_checks=True)
        else:
            service.save()
            service.save_revision(user=user)
        log(service, EDITED, user=user, content_changed=True, data={"facts": changed})
        return True

    return _each(services, user, edit)


@transaction.atomic
def publish_many(*, services: Iterable[Service], user: AbstractBaseUser | None) -> Outcome:
    """Publish what is off the site, when it says enough to be published."""

    def publish(service: Service) -> bool | str:
        if service.live:
            return False
        latest = service.get_latest_revision_as_object() if service.latest_revision_id else service
        try:
            latest.full_clean()
        except ValidationError as error:
            names = [_field_words(name) for name in error.message_dict]
            return f"look at {', '.join(names)} first"
        revision = service.latest_revision if service.latest_revision_id else service.save_revision(user=user)
        revision.publish(user=user, skip_permission_checks=True)
        return True

    return _each(services, user, publish, drafts_wait=False)


@transaction.atomic
def unpublish_many(*, services: Iterable[Service], user: AbstractBaseUser | None) -> Outcome:
    """Take entries off the site, keeping them and their history."""

    def unpublish(service: Service) -> bool | str:
        if not service.live:
            return False
        UnpublishAction(service, user=user).execute(skip_permission_checks=True)
        return True

    return _each(services, user, unpublish, drafts_wait=False)


def _each(
    services: Iterable[Service],
    user: AbstractBaseUser | None,
    act: Callable[[Service], bool | str],
    *,
    drafts_wait: bool = True,
) -> Outcome:
    """Do one thing to each entry as the database holds it now, and sort them by what came of it."""
    outcome = Outcome()
    pks = [service.pk for service in services]
    if len(pks) > MOST_AT_ONCE:
        raise ValidationError(f"Choose {MOST_AT_ONCE} entries at most, then do the rest.")
    for service in Service.objects.select_for_update(of=("self",)).filter(pk__in=pks).order_by("name", "pk"):
        reason = _why_not(service, user, drafts_wait=drafts_wait)
        result = reason or act(service)
        if isinstance(result, str):
            outcome.left.append((service, result))
        else:
            (outcome.done if result else outcome.same).append(service)
    return outcome


def _why_not(service: Service, user: AbstractBaseUser | None, *, drafts_wait: bool) -> str:
    """Why this entry is left alone; empty when it may be changed."""
    if service.merged_into_id:
        return MERGED
    if service.locked and (user is None or service.locked_by_id != user.pk):
        return LOCKED
    if service.workflow_in_progress:
        return APPROVAL
    return DRAFT if drafts_wait and service.live and service.has_unpublished_changes else ""


def _facts(service: Service) -> dict[str, object]:
    """What a bulk edit can change, as plain values for the log."""
    return {
        "section": service.section,
        "level": service.level,
        "scope": service.scope,
        "review_by": service.review_by.isoformat() if service.review_by else "",
        "needs": sorted(need.key for need in service.needs.all()),
        "categories": sorted(category.key for category in service.categories.all()),
    }


def _apply(service: Service, changes: Changes) -> None:
    for name in ("section", "level", "scope", "review_by"):
        value = getattr(changes, name)
        if value is not None:
            setattr(service, name, value)
    for name, add, remove in (
        ("needs", changes.add_needs, changes.remove_needs),
        ("categories", changes.add_categories, changes.remove_categories),
    ):
        if add or remove:
            held = {term.pk: term for term in getattr(service, name).all()}
            gone = {term.pk for term in remove}
            held |= {term.pk: term for term in add}
            setattr(service, name, [term for pk, term in held.items() if pk not in gone])


def _field_words(name: str) -> str:
    return str(Service._meta.get_field(name).verbose_name) if name != "__all__" else "what it says"


class _EditedFormatter(LogFormatter):
    label = "Changed with others"

    def format_message(self, log_entry: ModelLogEntry) -> str:
        facts = (log_entry.data or {}).get("facts", {})
        return f"Changed with other entries: {', '.join(map(_field_words, facts)) or 'nothing'}"


def register_log_actions(actions: LogActionRegistry) -> None:
    actions.register_action(EDITED)(_EditedFormatter)
