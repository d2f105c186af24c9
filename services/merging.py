"""Merging two entries of one service: what is kept, what comes from the other, and where links go then.

The entry that goes is taken off the site and kept with its history; its address leads to the one
that stays, and what hangs on it (comments, in the app above) moves by `services_merged`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.actions.unpublish import UnpublishAction
from wagtail.log_actions import LogActionRegistry, LogFormatter, log
from wagtail.models import ModelLogEntry

from services.bulk import APPROVAL, DRAFT, LOCKED
from services.days import day_words, span_words, spans
from services.enums import PRACTICE_QUESTIONS
from services.models import Contact, CostOption, Schedule, Service, ServiceLocation
from services.signals import services_merged
from services.vocabulary import labels
from services.wording import cost_words, listed, session_words

MERGED = "services.merge"
KEEP, TAKE, BOTH = "keep", "take", "both"

# One value each: the one that stays or the other's.
SINGLE = (
    "name", "organisation", "summary", "description", "keywords", "section", "level", "min_age", "max_age",
    "eligibility", "how_to_access", "who_decides", "complaints", "waiting_time", "waiting_weeks",
    "waiting_as_of", "url", "scope", "areas_served", "commissioned_by_authority", "section41_approved",
    "last_checked", "last_checked_by", "review_by", "sen_information_report_url",
    "sen_information_report_date", *(f"practice_{key}" for key in PRACTICE_QUESTIONS),
)  # fmt: skip
KEYS = ("sen_status", "circumstances", "access_routes", "delivery", "languages")
TERMS = ("categories", "needs", "conditions", "serves")
ROWS = {
    "contacts": ("role", "location", "phone", "email"),
    "costs": ("kind", "amount", "note"),
    "schedules": (
        "days", "opens", "closes", "when", "location", "valid_from", "valid_to", "closed", "extra", "note",
    ),
}  # fmt: skip
PLACES = "service_locations"
MANY = (*KEYS, *TERMS, *ROWS, PLACES)
EMPTY: tuple[Any, ...] = (None, "", [], False)
_WORDS = {"contacts": "contacts", "costs": "costs", "schedules": "when", PLACES: "places"}


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact on which two entries differ: in words, and what may be chosen (the first is the default)."""

    name: str
    label: str
    kept: str
    other: str
    choices: tuple[str, ...]


def differences(kept: Service, other: Service) -> list[Difference]:
    """The facts on which they differ, in the order of the editor; what one leaves out is taken."""
    found = []
    for name in (*SINGLE, *MANY):
        ours, theirs = _words(kept, name), _words(other, name)
        if ours == theirs:
            continue
        many = name in MANY
        if not ours:
            choices = (TAKE, KEEP)
        elif not theirs:
            choices = (KEEP, TAKE)
        else:
            choices = (BOTH, KEEP, TAKE) if many else (KEEP, TAKE)
        found.append(Difference(name, label_of(name), ours, theirs, choices))
    return found


def label_of(name: str) -> str:
    """A fact's name for a person."""
    label = _WORDS.get(name) or str(Service._meta.get_field(name).verbose_name)
    return f"{label[:1].upper()}{label[1:]}"


def why_not(kept: Service, other: Service, user: AbstractBaseUser | None = None) -> str:
    """Why these two cannot be merged now; empty when they can."""
    if kept.pk == other.pk:
        return "Choose two different entries."
    if kept.authority_id != other.authority_id:
        return "They belong to different councils."
    for service in (kept, other):
        if service.merged_into_id:
            return f"“{service}” was merged into another entry already."
        if service.locked and (user is None or service.locked_by_id != user.pk):
            return f"“{service}” stays as it is: {LOCKED}."
        if service.workflow_in_progress:
            return f"“{service}” stays as it is: {APPROVAL}."
        if service.live and service.has_unpublished_changes:
            return f"“{service}” stays as it is: {DRAFT}. Publish or undo that first."
    return ""


@transaction.atomic
def merge(
    *, kept: Service, other: Service, choices: Mapping[str, str], user: AbstractBaseUser | None
) -> Service:
    """Make one entry of two. `choices` says for each fact `keep`, `take` or `both`; the rest is kept.

    Raises ValidationError, with nothing written, when they cannot be merged or the result could
    not be published.
    """
    held = {
        service.pk: service
        for service in Service.objects.select_for_update(of=("self",)).filter(pk__in=[kept.pk, other.pk])
    }
    if set(held) != {kept.pk, other.pk}:
        raise ValidationError("One of the two is no longer there.")
    kept, other = held[kept.pk], held[other.pk]
    if reason := why_not(kept, other, user):
        raise ValidationError(reason)
    taken = [name for name in (*SINGLE, *MANY) if choices.get(name) in {TAKE, BOTH}]
    for name in taken:
        _bring(kept, other, name, both=choices[name] == BOTH)
    was_live = kept.live or other.live
    _move_source(kept, other)
    kept.full_clean()
    _retire(other, kept, user)
    if was_live:
        kept.save_revision(user=user).publish(user=user, log_action=False, skip_permission_checks=True)
    else:
        kept.save()
        kept.save_revision(user=user)
    data = {"kept": kept.pk, "other": other.pk, "other_name": other.name, "facts": taken}
    log(kept, MERGED, user=user, content_changed=True, data=data)
    log(other, MERGED, user=user, content_changed=True, data=data)
    services_merged.send(sender=Service, kept=kept.pk, other=other.pk)
    return Service.objects.get(pk=kept.pk)


def _retire(other: Service, kept: Service, user: AbstractBaseUser | None) -> None:
    """Off the site, pointing at the one that stays; so does whatever pointed at this one."""
    if other.live:
        UnpublishAction(other, user=user).execute(skip_permission_checks=True)
    Service.objects.filter(merged_into=other.pk).update(merged_into=kept.pk)
    other.merged_into = kept
    other.save(update_fields=["merged_into", "source", "external_id", "modified_at"])


def _move_source(kept: Service, other: Service) -> None:
    """An import goes on finding its entry: the identity moves to the one that stays, if it has none.

    Where both came from somewhere, each keeps its own: the next import then lists the one that
    went as taken down here, and does not make it again.
    """
    if kept.external_id or not other.external_id:
        return
    kept.source, kept.external_id = other.source, other.external_id
    other.source = other.external_id = ""
    Service.objects.filter(pk=other.pk).update(source="", external_id="")  # before the same id is written
    other.import_records.update(service=kept)


def _bring(kept: Service, other: Service, name: str, *, both: bool) -> None:
    """Take one fact over from the other entry, or add it to what is there."""
    if name in SINGLE:
        setattr(kept, name, getattr(other, name))
    elif name in KEYS:
        ours = getattr(kept, name) if both else []
        setattr(kept, name, list(dict.fromkeys([*ours, *getattr(other, name)])))
    elif name == "conditions":
        names = {tag.name for tag in other.conditions.all()}
        if both:
            names |= {tag.name for tag in kept.conditions.all()}
        kept.conditions.set(sorted(names))
    elif name in TERMS:
        rows = [*(getattr(kept, name).all() if both else ()), *getattr(other, name).all()]
        setattr(kept, name, list(dict.fromkeys(rows)))
    elif name == PLACES:
        ours = list(kept.service_locations.all())
        wanted = dict.fromkeys(row.location_id for row in other.service_locations.all())
        stay = [row for row in ours if both or row.location_id in wanted]
        there = {row.location_id for row in stay}
        new = [ServiceLocation(location_id=pk) for pk in wanted if pk not in there]
        kept.service_locations.set([*stay, *new])
    else:
        _bring_rows(kept, other, name, both=both)


def _bring_rows(kept: Service, other: Service, name: str, *, both: bool) -> None:
    """Contacts, costs or sessions, each once."""
    columns = ROWS[name]
    ours = list(getattr(kept, name).all()) if both else []
    said = {_row_values(row, columns) for row in ours}
    new = [row for row in getattr(other, name).all() if _row_values(row, columns) not in said]
    model = getattr(kept, name).model
    copies = [model(**{column: getattr(row, column) for column in columns}) for row in new]
    getattr(kept, name).set([*ours, *copies])


def _row_values(row: Any, columns: tuple[str, ...]) -> str:
    return repr([getattr(row, column) for column in columns])


def _words(service: Service, name: str) -> str:
    """A fact as a person reads it; empty when nothing is known."""
    if name in KEYS:
        terms = labels(Service._meta.get_field(name).kind, retired=True)
        return ", ".join(sorted(terms.get(key, key) for key in getattr(service, name)))
    if name == PLACES:
        return "\n".join(sorted(str(row.location) for row in service.service_locations.all()))
    if name in ROWS:
        return "\n".join(sorted(_row_words(row) for row in getattr(service, name).all()))
    if name in TERMS:
        return ", ".join(sorted(str(term) for term in getattr(service, name).all()))
    if (choice := getattr(service, f"get_{name}_display", None)) and getattr(service, name):
        return str(choice())
    value = getattr(service, name)
    if isinstance(value, date):
        return day_words(value)
    return "" if value in EMPTY and value != 0 or value is False else _value_words(value)


def _row_words(row: Contact | CostOption | Schedule) -> str:
    """A contact, a cost or a session in a line, as families read it."""
    if isinstance(row, CostOption):
        return cost_words(row.kind, row.amount, row.note)
    if isinstance(row, Contact):
        parts = [row.role, row.location, row.phone, row.email]
    else:
        hours = session_words(row.days, row.opens, row.closes, row.when, row.note)
        dates = {"from": row.valid_from, "until": row.valid_to}
        said = [f"{word} {day_words(day)}" for word, day in dates.items() if day]
        marked = {"closed on": row.closed, "also on": row.extra}
        said += [f"{word} {listed([span_words(s) for s in spans(d)])}" for word, d in marked.items() if d]
        parts = [hours, row.location, *said]
    return ", ".join(str(part) for part in parts if part)


def _value_words(value: Any) -> str:
    if value is True:
        return "Yes"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


class _MergedFormatter(LogFormatter):
    label = "Merged"

    def format_message(self, log_entry: ModelLogEntry) -> str:
        data = log_entry.data or {}
        if str(data.get("kept")) == log_entry.object_id:
            return f"“{data.get('other_name', 'Another entry')}” was merged into this entry"
        return f"Merged into entry {data.get('kept', '')}, which its address leads to now"


def register_log_actions(actions: LogActionRegistry) -> None:
    actions.register_action(MERGED)(_MergedFormatter)
