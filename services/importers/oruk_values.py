"""Values of Open Referral JSON made plain: text without HTML, ages, days, hours.

Each reader takes whatever JSON holds. What is empty or of another type is nothing; what is wrong
raises `BadCell` with a sentence for the person who imports.
"""

import re
from datetime import date, time
from typing import Any

from localoffer.sanitising import plain_text
from services.enums import Day
from services.importers.cells import BadCell, quoted, tidy

NOTHING = frozenset({"", "not stated", "n/a", "none", "null", "unknown", "tbc", "-"})
OLDEST = 120
NO_UPPER_AGE = 99
LONGEST_TEXT = 20_000

_BREAKS = re.compile(r"<\s*(?:br|/p|/div|/li|/h[1-6]|/tr)\b[^>]{0,200}>", re.IGNORECASE)
_MARKUP = re.compile(r"<\s*[a-zA-Z/!?]|&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[0-9a-fA-F]{1,6});")


def has_markup(value: Any) -> bool:
    return isinstance(value, str) and bool(_MARKUP.search(value))


def line(value: Any) -> str:
    """One line of visible text without HTML."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return ""
    text = tidy(plain_text(value[:LONGEST_TEXT]) if has_markup(value) else value[:LONGEST_TEXT])
    return "" if text.casefold() in NOTHING else text


def lines(value: Any) -> str:
    """Text that may have several lines; blocks of HTML become lines."""
    if not isinstance(value, str):
        return ""
    broken = _BREAKS.sub("\n", value[:LONGEST_TEXT]) if has_markup(value) else value[:LONGEST_TEXT]
    found = [line(each) for each in broken.replace("\r\n", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(found)).strip()


def shortened(text: str, most: int) -> str:
    """At most so many characters, cut between words."""
    if len(text) <= most:
        return text
    return f"{text[: most - 1].rsplit(' ', 1)[0][: most - 1].rstrip(' ,.;:')}…"


def first_sentence(text: str, most: int) -> str:
    """The start of a text, for a summary."""
    found = re.match(r".+?[.!?](?=\s|$)", text.replace("\n", " ").strip())
    return shortened(found.group() if found else text.replace("\n", " ").strip(), most)


def ages(youngest: Any, oldest: Any) -> tuple[int | None, int | None]:
    """(youngest, oldest) in whole years; None is an open end. BadCell when reversed or no ages."""
    low, high = _age(youngest, "minimum"), _age(oldest, "maximum")
    if low is not None and high is not None and low > high:
        raise BadCell(f"The minimum age, {low}, is above the maximum, {high}.")
    return low, None if high is not None and high >= NO_UPPER_AGE else high


def _age(value: Any, which: str) -> int | None:
    if value is None or value == "":
        return None
    try:
        number = float(value)
        if isinstance(value, bool) or not 0 <= number <= 1_000:
            raise ValueError
    except (TypeError, ValueError) as error:
        raise BadCell(f"The {which} age is {quoted(str(value))}.") from error
    return min(int(number), OLDEST)


def day(value: Any) -> date | None:
    """A date, or the date of a moment."""
    if not isinstance(value, str) or not value.strip():
        return None
    try:
        return date.fromisoformat(value.strip()[:10])
    except ValueError as error:
        raise BadCell(f"{quoted(value)} is not a day such as 2026-11-26.") from error


def clock(value: Any) -> str | None:
    """ "09:30:00"; a time zone at its end is dropped."""
    if not isinstance(value, str) or not value.strip():
        return None
    text = re.sub(r"(?:Z|[+-]\d\d:?\d\d)$", "", value.strip())
    try:
        return time.fromisoformat(text if len(text) > 4 else f"0{text}").replace(microsecond=0).isoformat()
    except ValueError as error:
        raise BadCell(f"{quoted(value)} is not a time such as 09:30.") from error


def days_of_week(value: Any) -> list[str]:
    """iCalendar's BYDAY, "MO,1TU", as our days in the order of the week."""
    said = value if isinstance(value, list) else re.split(r"[,\s;]+", value) if isinstance(value, str) else []
    found = {re.sub(r"^[+-]?\d+", "", str(each)).strip().upper()[:2] for each in said}
    return [each for each in Day.values if each in found]
