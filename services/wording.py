"""Facts of a service as a family reads them: ages, days, hours, money, links. Pure.

Shared by the page of a service, by results and by feeds, so that one fact has one wording.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, time
from decimal import Decimal
from urllib.parse import urlsplit

from services.days import day_words as day_of_year
from services.days import span_words, spans
from services.enums import CostKind, Day, SessionWhen
from services.sessions import Sitting

NOT_STATED = "Not stated"
MOST_DAYS = 6

_WEEK = [day.value for day in Day]
_OFTEN = re.compile(r"(?:an?|per|each|every|for)\b", re.IGNORECASE)
_COSTS = dict(CostKind.choices)
_WHEN = {
    SessionWhen.ALL_YEAR: "all year",
    SessionWhen.TERM_TIME: "in term time",
    SessionWhen.SCHOOL_HOLIDAYS: "in school holidays",
}


def listed(words: Sequence[str], joiner: str = "and") -> str:
    """ "one", "one and two", "one, two and three"."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {joiner} {words[-1]}"


def age_words(youngest: int | None, oldest: int | None) -> str:
    """ "5 to 17", "7", "14 and over", "Up to 11"; an age nobody gave is not stated."""
    if youngest is None and oldest is None:
        return NOT_STATED
    if oldest is None:
        return f"{youngest} and over"
    if youngest is None:
        return f"Up to {oldest}"
    return str(oldest) if youngest == oldest else f"{youngest} to {oldest}"


def money_words(amount: Decimal) -> str:
    """ "£12", "£6.80"."""
    return f"£{amount:,.0f}" if amount == amount.to_integral_value() else f"£{amount:,.2f}"


def cost_words(kind: str, amount: Decimal | None, note: str) -> str:
    """One cost in a line. An amount says how often ("£6.80 an hour") when the note begins so.

    What nobody stated is "Not stated"; only `CostKind.FREE` is called free.
    """
    note = note.strip()
    if kind in {CostKind.CHARGED, CostKind.SUBSIDISED} and amount:
        money = money_words(amount)
        if note.startswith("£"):
            start = note
        elif _OFTEN.match(note):
            start = f"{money} {note[0].lower()}{note[1:]}"
        else:
            start = f"{money}. {note}" if note else money
        return start if kind == CostKind.CHARGED else f"{_ended(start)} {CostKind.SUBSIDISED.label}."
    label = _COSTS.get(kind, NOT_STATED)
    return f"{label}. {note}" if note else label


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "!", "?")) else f"{sentence}."


def day_words(days: Iterable[str]) -> str:
    """ "Monday to Friday", "Monday, Wednesday and Friday"; unknown days are left out."""
    chosen = [code for code in _WEEK if code in set(days)]
    names = [Day(code).label for code in chosen]
    if len(chosen) > 2 and "".join(chosen) in "".join(_WEEK):
        return "Every day" if len(chosen) == len(_WEEK) else f"{names[0]} to {names[-1]}"
    return listed(names)


def hour_words(moment: time) -> str:
    """ "9am", "3:30pm", "midday"."""
    if (moment.hour, moment.minute) == (12, 0):
        return "midday"
    minutes = f":{moment.minute:02}" if moment.minute else ""
    return f"{(moment.hour - 1) % 12 + 1}{minutes}{'am' if moment.hour < 12 else 'pm'}"


def session_words(
    days: Iterable[str], opens: time | None, closes: time | None, when: str, note: str = ""
) -> str:
    """ "Monday to Friday, 10am to 3:30pm, in school holidays"."""
    hours = ""
    if opens and closes:
        hours = f"{hour_words(opens)} to {hour_words(closes)}"
    elif opens:
        hours = f"from {hour_words(opens)}"
    elif closes:
        hours = f"until {hour_words(closes)}"
    line = ", ".join(part for part in (day_words(days), hours) if part)
    season = _WHEN.get(SessionWhen(when), "") if when in SessionWhen.values else ""
    line = ", ".join(part for part in (line, season) if part)
    line = f"{line[:1].upper()}{line[1:]}"
    return f"{line}. {note.strip()}" if note.strip() else line


def calendar_words(sitting: Sitting, today: date) -> str:
    """The days that make a session's weeks different: "From 1 September 2026. Closed on 25 December 2026."

    What is over is left out; so is an empty sentence.
    """
    first, last = sitting.valid_from, sitting.valid_to
    said = []
    if first and first > today:
        said.append(f"From {day_of_year(first)}{f' to {day_of_year(last)}' if last else ''}")
    elif last:
        said.append(f"{'Until' if last >= today else 'It ended on'} {day_of_year(last)}")
    closed = [span_words(span) for span in spans(sitting.closed) if span.last >= today]
    if closed:
        said.append(f"Closed on {_some(closed)}")
    extra = [span_words(span) for span in spans(sitting.extra) if span.last >= today]
    if extra:
        said.append(f"Also on {_some(extra)}")
    return " ".join(f"{sentence}." for sentence in said)


def _some(words: Sequence[str]) -> str:
    """All of a short list; the first few of a long one."""
    if len(words) <= MOST_DAYS:
        return listed(words)
    return f"{', '.join(words[:MOST_DAYS])} and {len(words) - MOST_DAYS} more"


def wait_words(weeks: int | None, text: str, as_of: date | None) -> str:
    """ "About 6 weeks. Half days are sooner. Looked at on 3 June 2026."; nothing when nobody has said."""
    known = ""
    if weeks is not None and not _says_weeks(text, weeks):
        known = "There is no wait." if weeks == 0 else f"About {weeks} week{'' if weeks == 1 else 's'}."
    said = " ".join(filter(None, [known, text.strip()]))
    return f"{_ended(said)} Looked at on {day_of_year(as_of)}." if said and as_of else said


def _says_weeks(text: str, weeks: int) -> bool:
    """Whether the text says the number itself: "About 6 weeks for a full day place.", "No wait"."""
    said = text.casefold()
    return "no wait" in said if weeks == 0 else re.search(rf"\b{weeks} weeks?\b", said) is not None


def web_link(url: str) -> str:
    """`url` when it is a whole http or https address; else nothing."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    return url.strip() if parts.scheme.lower() in {"http", "https"} and parts.netloc else ""


def phone_link(phone: str) -> str:
    """The `tel:` address of the first number in `phone`, in international form; nothing without one."""
    found = re.search(r"\+?[\d(][\d\s().-]{2,}", phone)
    digits = re.sub(r"\D", "", found.group()) if found else ""
    if len(digits) < 3:
        return ""
    if found and found.group().startswith("+"):
        return f"tel:+{digits}"
    # Short numbers (111, 119) are dialled as they are.
    return f"tel:+44{digits[1:]}" if digits.startswith("0") and len(digits) > 6 else f"tel:{digits}"
