"""What a provider may change, as plain facts: read off an entry, compared, worded, put back.

The facts are those of imports (`services.importers.facts`), so one shape serves both. An entry is
read through its managers: a draft in memory is read as it will be.
"""

import hashlib
import json
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import Any

from django.utils import timezone

from services.enums import TrustedField
from services.importers.base import Facts
from services.importers.facts import AT, SERVICE, plain, vocabulary
from services.importers.facts import ROWS as IMPORTED_ROWS
from services.models import Service
from services.wording import cost_words, session_words

# In the order of the form and of the officer's page: field, and what it is called.
LABELS = {
    "name": "Name",
    "summary": "In one sentence",
    "description": "What it is like",
    "min_age": "Youngest age",
    "max_age": "Oldest age",
    "eligibility": "Who it is for",
    "how_to_access": "How to get a place",
    "who_decides": "Who decides",
    "waiting_time": "Waiting time",
    "waiting_weeks": "Waiting time in weeks",
    "contacts": "Phone and email",
    "costs": "Cost",
    "schedules": "Days and times",
    "url": "Website",
    "complaints": "If a family is unhappy",
}
# Rows of an entry and their columns, without the place of each: that is an officer's to choose.
ROWS = {
    name: (model, tuple(column for column in columns if column != AT))
    for name, (model, columns) in IMPORTED_ROWS.items()
}
COLUMNS = tuple(name for name in LABELS if name not in ROWS)
# An entry with more rows of a kind than this is changed by an officer, from the note.
MOST_ROWS = 20


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of a suggestion, ready to print. `now` is what the entry says at this moment."""

    name: str
    label: str
    now: tuple[str, ...]
    proposed: tuple[str, ...]
    seen: tuple[str, ...]
    conflict: bool = False
    done: bool = False


def named(names: set[str]) -> list[str]:
    """What fields are called, in the order of the form: a database may keep them in another."""
    return [label for name, label in LABELS.items() if name in names]


def read(service: Service) -> Facts:
    """The facts that a provider may change."""
    facts: Facts = {name: plain(getattr(service, name)) for name in COLUMNS}
    return facts | {name: [_row(name, row) for row in getattr(service, name).all()] for name in ROWS}


def _row(name: str, row: Any) -> Facts:
    return {column: plain(getattr(row, column)) for column in ROWS[name][1]}


def changed(before: Facts, after: Facts) -> Facts:
    """What `after` says otherwise, in the order of the form."""
    return {name: after[name] for name in LABELS if name in after and after[name] != before.get(name)}


def faults(facts: Facts) -> dict[str, str]:
    """What the entry's own rules have against these facts: field to message. None is good."""
    return SERVICE.build(facts, vocabulary()).faults


def tidied(facts: Facts) -> Facts:
    """The facts as they would be read back; unchanged where there is a fault."""
    built = SERVICE.build(facts, vocabulary())
    if built.faults:
        return facts
    rows = {name: [_row(name, row) for row, _ in built.rows[name]] for name in built.rows}
    return {**built.values, **rows}


def put(service: Service, facts: Facts) -> None:
    """Write the facts into an entry in memory. Rows that stay keep their id, their uuid and their place.

    Raises ValueError for facts that the entry could not hold.
    """
    built = SERVICE.build(facts, vocabulary())
    if built.faults:
        raise ValueError(f"These facts cannot be kept: {', '.join(sorted(built.faults))}.")
    for name in facts:
        if name in ROWS:
            wanted = [row for row, _ in built.rows[name]]
            setattr(service, name, _matched(name, list(getattr(service, name).all()), wanted))
        else:
            setattr(service, name, getattr(built.made, name))
    if facts.keys() & {"waiting_time", "waiting_weeks"}:
        service.waiting_as_of = timezone.localdate()


def _matched(name: str, held: list[Any], wanted: list[Any]) -> list[Any]:
    """The rows held that say what is wanted, those left over made to say it, and new ones."""
    unlike: list[int] = []
    found: dict[int, Any] = {}
    for at, new in enumerate(wanted):
        same = next((row for row in held if _row(name, row) == _row(name, new)), None)
        if same is None:
            unlike.append(at)
        else:
            held.remove(same)
            found[at] = same
    for at in unlike:
        row = held.pop(0) if held else wanted[at]
        for column in ROWS[name][1]:
            setattr(row, column, getattr(wanted[at], column))
        found[at] = row
    return [found[at] for at in range(len(wanted))]


def differences(service: Service, seen: Facts, proposed: Facts, passed: list[str]) -> list[Difference]:
    """The suggestion beside the entry as it is now.

    A field is in conflict when the entry has changed since the provider looked, and not into what
    they ask for. `done` is a field that already says it.
    """
    current = read(service)
    return [
        Difference(
            name=name,
            label=LABELS[name],
            now=words(name, current[name]),
            proposed=words(name, proposed[name]),
            seen=words(name, seen.get(name)),
            conflict=name not in passed and current[name] not in (seen.get(name), proposed[name]),
            done=name in passed or current[name] == proposed[name],
        )
        for name in LABELS
        if name in proposed
    ]


def digest(facts: Facts) -> str:
    """A short print of some facts: equal when nothing changed."""
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def may_pass(seen: Facts, proposed: Facts, trusted: list[str]) -> list[str]:
    """The fields that a trusted provider changes without waiting."""
    passing = [name for name in proposed if name in trusted]
    if TrustedField.WAITING_TIME in trusted and "waiting_weeks" in proposed:
        passing.append("waiting_weeks")
    if TrustedField.PHONE in trusted and "contacts" in proposed and _only_phones(seen, proposed):
        passing.append("contacts")
    return passing


def _only_phones(seen: Facts, proposed: Facts) -> bool:
    """An email address or a role is no phone number: with one of those it waits."""
    before, after = (
        [{**row, "phone": ""} for row in facts.get("contacts", ())] for facts in (seen, proposed)
    )
    return before == after


def words(name: str, value: Any) -> tuple[str, ...]:
    """A value as lines that a person reads; none for nothing."""
    if value in (None, "", []):
        return ()
    if name == "contacts":
        return tuple(", ".join(filter(None, (r["role"], r["phone"], r["email"]))) for r in value)
    if name == "costs":
        return tuple(cost_words(r["kind"], _money(r["amount"]), r["note"]) for r in value)
    if name == "schedules":
        return tuple(
            session_words(r["days"], _hour(r["opens"]), _hour(r["closes"]), r["when"], r["note"])
            for r in value
        )
    if name == "waiting_weeks":
        return ("1 week" if value == 1 else f"{value} weeks",)
    return tuple(str(value).splitlines())


def _money(text: str | None) -> Decimal | None:
    return Decimal(text) if text else None


def _hour(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None
