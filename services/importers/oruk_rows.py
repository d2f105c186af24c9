"""Contacts, costs and sessions of an Open Referral service."""

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from services import days
from services.enums import CostKind, SessionWhen
from services.importers import cells, oruk_values
from services.importers.base import Facts
from services.importers.oruk_parts import extension

if TYPE_CHECKING:
    from services.importers.oruk import Reading

MOST_ROWS = 100
_FREE = re.compile(r"\b(?:free|no charge|no cost|no fee)\b", re.IGNORECASE)
_NOT_FREE = re.compile(r"£|\bpaid\b|charge applies|not free|\bfrom free", re.IGNORECASE)


def rows(reading: "Reading") -> Facts:
    """What the feed says of each; one that it says nothing of is left as it is."""
    found = {
        "contacts": _contacts(reading),
        "costs": _costs(reading),
        "schedules": _schedules(reading),
    }
    return {name: values for name, values in found.items() if values}


def _each(value: Any) -> list[Facts]:
    return [row for row in (value if isinstance(value, list) else []) if isinstance(row, dict)][:MOST_ROWS]


# -- contacts ------------------------------------------------------------------------------


def _contacts(reading: "Reading") -> list[Facts]:
    """Roles with their phones and email. The name of a person is not taken."""
    found: list[Facts] = []
    for row in _each(reading.record.get("contacts")):
        role = oruk_values.line(row.get("title")) or oruk_values.line(row.get("department"))
        email = reading.spare("contact email", cells.email, oruk_values.line(row.get("email"))) or ""
        found += _reaches(reading, role, row.get("phones"), email)
    found += _reaches(reading, "", reading.record.get("phones"), "")
    email = reading.spare("email", cells.email, oruk_values.line(reading.record.get("email")))
    if email and not any(row["email"] == email for row in found):
        bare = next((row for row in found if not row["email"]), None)
        if bare is None:
            found.append({"role": "", "phone": "", "email": email})
        else:
            bare["email"] = email
    return list({tuple(row.values()): row for row in found}.values())


def _reaches(reading: "Reading", role: str, phones: Any, email: str) -> list[Facts]:
    """One row a phone number; the email with the first."""
    found: list[Facts] = []
    for row in _each(phones):
        number = reading.spare("phone", cells.phone, oruk_values.line(row.get("number")))
        if number:
            said = role or oruk_values.line(row.get("description"))
            found.append({"role": oruk_values.shortened(said, 120), "phone": number[:40], "email": ""})
    if found:
        found[0]["email"] = email
    elif email or role:
        found.append({"role": oruk_values.shortened(role, 120), "phone": "", "email": email})
    return found


# -- costs -----------------------------------------------------------------------------------


def _costs(reading: "Reading") -> list[Facts]:
    """A cost is free only where the feed says so in words or as 0."""
    found = [_cost(reading, row) for row in _each(reading.record.get("cost_options"))]
    fees = oruk_values.line(reading.record.get("fees"))
    if not found and fees:
        found = [_cost(reading, {"option": fees})]
    return found


def _cost(reading: "Reading", row: Facts) -> Facts:
    option = oruk_values.line(row.get("option"))
    note = oruk_values.line(row.get("amount_description"))
    amount = reading.spare("cost", _pounds, row)
    kind = reading.context.terms.meanings.of("cost", option) if option else None
    if not kind or (kind == CostKind.FREE and amount):  # "Free, 5": what costs is not called free
        note = ". ".join(filter(None, [option.rstrip("."), note]))
        kind = _kind_of(amount, note)
        amount = amount or None
    shown = None if amount is None else f"{amount:.2f}"
    return {"kind": str(kind), "amount": shown, "note": oruk_values.shortened(note, 250)}


def _kind_of(amount: Decimal | None, words: str) -> CostKind:
    if amount:
        return CostKind.CHARGED
    free = amount is not None or (_FREE.search(words) and not _NOT_FREE.search(words))
    return CostKind.FREE if free else CostKind.NOT_STATED


def _pounds(row: Facts) -> Decimal | None:
    value = row.get("amount")
    if value is None or value == "" or isinstance(value, bool):
        return None
    currency = oruk_values.line(row.get("currency")).upper()
    try:
        amount = Decimal(str(value)).quantize(Decimal("0.01"))
    except InvalidOperation as error:
        raise cells.BadCell(f"The cost {cells.quoted(str(value))} is not a number.") from error
    if not amount.is_finite() or not 0 <= amount < 1_000_000 or currency not in ("", "GBP"):
        raise cells.BadCell(f"The cost {cells.quoted(f'{value} {currency}'.strip())} is not one in pounds.")
    return amount


# -- sessions --------------------------------------------------------------------------------


def _schedules(reading: "Reading") -> list[Facts]:
    held = reading.record.get("schedules")
    found = (_schedule(reading, row) for row in _each(held))
    return [row for row in found if row]


def _schedule(reading: "Reading", row: Facts) -> Facts | None:
    ours = extension(row)
    words = f"{oruk_values.line(row.get('description'))} {oruk_values.line(row.get('notes'))}"
    on = oruk_values.days_of_week(row.get("byday"))
    opens = reading.spare("opens_at", oruk_values.clock, row.get("opens_at"))
    closes = reading.spare("closes_at", oruk_values.clock, row.get("closes_at"))
    first = reading.spare("valid_from", oruk_values.day, row.get("valid_from"))
    last = reading.spare("valid_to", oruk_values.day, row.get("valid_to"))
    if first and last and first > last:
        reading.warn("schedules", f"It ends on {last} before it begins on {first}.")
        first = last = None
    note = oruk_values.line(row.get("notes"))
    if not ours and not note and not on:
        note = oruk_values.line(row.get("description"))
    if not ours and row.get("freq") == "MONTHLY":
        note = ". ".join(filter(None, ["Every month", note]))
    if not (on or opens or closes or note):
        return None
    return {
        "days": on,
        "opens": opens,
        "closes": closes,
        "when": _when(ours.get("when"), words),
        "valid_from": first.isoformat() if first else None,
        "valid_to": last.isoformat() if last else None,
        "closed": _days(ours.get("closed")),
        "extra": _days(ours.get("extra")),
        "note": oruk_values.shortened(note, 250),
    }


def _when(said: Any, words: str) -> str:
    if said in SessionWhen.values:
        return str(said)
    folded = words.casefold()
    if "term time" in folded or "term-time" in folded:
        return SessionWhen.TERM_TIME.value
    holidays = "school holiday" in folded and "not in school holiday" not in folded
    return SessionWhen.SCHOOL_HOLIDAYS.value if holidays else SessionWhen.ALL_YEAR.value


def _days(value: Any) -> list[str]:
    """Closed and extra days of our own exports, as they are kept."""
    return [str(span) for span in days.spans(value if isinstance(value, list) else ())]
