"""What may be asked of the API: each parameter declared once, for reading it and for documenting it."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils.dateparse import parse_date, parse_datetime

from services import postcodes
from services.enums import Day

MOST_A_PAGE = 100
A_PAGE = 50
LAST_PAGE = 1_000_000
LONGEST_SEARCH = 200
OLDEST = 150
FARTHEST = 2_000_000  # metres: the length of Britain and more

Schema = dict[str, Any]


class BadParameters(ValueError):
    """`faults` is (parameter, what is wrong with it) of each."""

    def __init__(self, faults: Sequence[tuple[str, str]]) -> None:
        super().__init__("; ".join(f"{name}: {reason}" for name, reason in faults))
        self.faults = list(faults)


@dataclass(frozen=True, slots=True)
class Parameter:
    """`read` turns what was sent into a value, or raises ValueError with words for a developer."""

    name: str
    description: str
    schema: Schema
    read: Callable[[str], Any]
    example: Any
    many: bool = False


def _whole(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and len(text) <= 9 and least <= int(text) <= most):
            raise ValueError(f"Send a whole number from {least:,} to {most:,}.")
        return int(text)

    return read


def _number(least: float, most: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        problem = f"Send a number from {least:,} to {most:,}."
        try:
            value = float(text)
        except ValueError as error:
            raise ValueError(problem) from error
        if not math.isfinite(value) or not least <= value <= most:
            raise ValueError(problem)
        return value

    return read


def _words(text: str) -> str:
    if len(text) > LONGEST_SEARCH or not text.isprintable():
        raise ValueError(f"Send {LONGEST_SEARCH} visible characters at most.")
    return text


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError as error:
        raise ValueError("Send the id of a taxonomy or term, a UUID.") from error


def _clock(text: str) -> time:
    if not re.fullmatch(r"[0-2]\d:[0-5]\d(:[0-5]\d)?", text):
        raise ValueError("Send a time such as 09:30.")
    try:
        return time.fromisoformat(text)
    except ValueError as error:
        raise ValueError("Send a time such as 09:30.") from error


def _day(text: str) -> str:
    folded = text.strip().casefold()
    for day in Day:
        name = str(day.label).casefold()
        if folded in (day.value.casefold(), name[:3], name):
            return day.value
    raise ValueError("Send a day such as MO or Monday.")


def _moment(text: str) -> datetime:
    """A plus sign in a query arrives as a space; a time with no zone is UTC."""
    whole = text.strip().replace(" ", "+") if "T" in text else text.strip()
    try:
        day = parse_date(whole)
        moment = datetime.combine(day, time()) if day else parse_datetime(whole)
        if moment is None:
            raise ValueError
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise ValueError("Send a moment such as 2026-11-26T09:30:00Z.") from error


def _postcode(text: str) -> postcodes.Place:
    place = postcodes.lookup(text)
    if place is None:
        raise ValueError(postcodes.explain(text))
    return place


def _flag(text: str) -> bool:
    if text.lower() not in ("true", "false", "1", "0"):
        raise ValueError("Send true or false.")
    return text.lower() in ("true", "1")


def _string(**more: Any) -> Schema:
    return {"type": "string", **more}


def _range(kind: str, least: float, most: float, **more: Any) -> Schema:
    return {"type": kind, "minimum": least, "maximum": most, **more}


_DECLARED = (
    Parameter("page", "Which page of the results.", _range("integer", 1, LAST_PAGE, default=1),
              _whole(1, LAST_PAGE), 1),
    Parameter("per_page", "How many results in a page.",
              _range("integer", 1, MOST_A_PAGE, default=A_PAGE), _whole(1, MOST_A_PAGE), 20),
    Parameter("search", "Words that a service has in its name, text or provider: every one of them.",
              _string(maxLength=LONGEST_SEARCH), _words, "autism"),
    Parameter("taxonomy_term_id", "Services with this term. Send it again for services with both.",
              _string(format="uuid"), _uuid, None, many=True),
    Parameter("taxonomy_id", "Services with any term of this taxonomy.", _string(format="uuid"),
              _uuid, None, many=True),
    Parameter("minimum_age", "Services whose own minimum age is this or more. For a child's age use age.",
              _range("number", 0, OLDEST), _number(0, OLDEST), 5),
    Parameter("maximum_age", "Services whose own maximum age is this or less. For a child's age use age.",
              _range("number", 0, OLDEST), _number(0, OLDEST), 18),
    Parameter("start_time", "Services with a session that starts at this time or later.",
              _string(pattern=r"^[0-2]\d:[0-5]\d(:[0-5]\d)?$"), _clock, "09:00"),
    Parameter("end_time", "Services with a session that ends at this time or earlier.",
              _string(pattern=r"^[0-2]\d:[0-5]\d(:[0-5]\d)?$"), _clock, "17:00"),
    Parameter("day", "Services with a session on this day. Day and times must fit one session.",
              _string(enum=[*Day.values, *(str(day.label) for day in Day)]), _day, "SA"),
    Parameter("postcode", "Nearest to this postcode first; with proximity, only what is near.",
              _string(maxLength=20), _postcode, "BS5 6RJ"),
    Parameter("proximity", "Metres from the postcode as the crow flies. Needs a postcode. A service with "
              "no place of its own is in /services at any distance.",
              _range("number", 0, FARTHEST), _number(0, FARTHEST), 5000),
    Parameter("age", "Services for somebody of this age. An open end matches. Ours.",
              _range("integer", 0, 120), _whole(0, 120), 9),
    Parameter("modified_after", "Services that changed at this moment or later.",
              _string(format="date-time"), _moment, "2026-01-01T00:00:00Z"),
    Parameter("full", "Whole services with all that hangs on them, instead of their short form. Ours.",
              {"type": "boolean", "default": False}, _flag, True),
)  # fmt: skip
PARAMETERS: Mapping[str, Parameter] = {each.name: each for each in _DECLARED}

PAGING = ("page", "per_page")
FILTERS = (
    "search", "taxonomy_term_id", "taxonomy_id", "minimum_age", "maximum_age", "start_time", "end_time",
    "day", "postcode", "proximity", "age", "modified_after",
)  # fmt: skip
SERVICES = (*PAGING, *FILTERS, "full")


def read(query: QueryDict, names: Sequence[str]) -> dict[str, Any]:
    """The values of the parameters that were sent and are not empty; others are ignored.

    Raises BadParameters with all that is wrong, never only the first.
    """
    found: dict[str, Any] = {}
    faults: list[tuple[str, str]] = []
    for parameter in (PARAMETERS[name] for name in names):
        sent = [text for text in query.getlist(parameter.name) if text.strip()]
        if len(sent) > 1 and not parameter.many:
            faults.append((parameter.name, "Send it once."))
            continue
        if len(sent) > 20:
            faults.append((parameter.name, "Send 20 at most."))
            continue
        try:
            values = [parameter.read(text) for text in sent]
        except ValueError as error:
            faults.append((parameter.name, str(error)))
            continue
        if values:
            found[parameter.name] = values if parameter.many else values[0]
    if "proximity" in found and "postcode" not in found and "postcode" not in dict(faults):
        faults.append(("proximity", "Send a postcode with it."))
    if faults:
        raise BadParameters(faults)
    return found
