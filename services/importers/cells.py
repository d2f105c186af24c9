"""Making sense of one cell: text, ages, phones, web addresses. Pure."""

import re
import unicodedata
from datetime import date
from urllib.parse import urlsplit

from services.enums import Day

# What a spreadsheet would run, were the text ever opened in one.
FORMULA_STARTS = ("=", "+", "-", "@")
_HTML = re.compile(r"<\s*[a-zA-Z/!?]")
_AGE = re.compile(r"(\d{1,3})(?:\.0+)?")
_PHONE = re.compile(r"\+?[0-9() .-]{5,30}(?: ?(?:ext|x)\.? ?\d{1,6})?", re.IGNORECASE)
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s<>()\",;:]+@(?:[a-z0-9-]+\.)+[a-z]{2,}", re.IGNORECASE)
_YES, _NO = {"true", "t", "yes", "y", "1"}, {"false", "f", "no", "n", "0", ""}
_AMOUNT = re.compile(r"£?\s*(\d{1,6}(?:\.\d{1,2})?)", re.ASCII)
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::[0-5]\d(?:\.0+)?)?", re.ASCII)
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
# How lists say that there is nothing to say.
_NOTHING = {"", "n/a", "na", "none", "not applicable", "not recorded", "-", "--", "tbc", "unknown"}


class BadCell(ValueError):
    """What is wrong with a value, in a sentence for the person who sent it."""


def quoted(text: str) -> str:
    """The value as we repeat it in a message: short, and in quotation marks."""
    return f"“{text if len(text) <= 40 else text[:39] + '…'}”"


def tidy(text: str) -> str:
    """One line of visible text: no control or direction marks, single spaces."""
    if not text.isprintable():
        text = "".join(map(_visible, text))
    return " ".join(text.split())


def _visible(character: str) -> str:
    kind = unicodedata.category(character)
    if kind in ("Cf", "Cs", "Co", "Cn"):
        return ""
    return " " if kind in ("Cc", "Zl", "Zp", "Zs") else character


def is_nothing(plain: str) -> bool:
    """Whether a tidy cell says that there is nothing to say."""
    return plain.casefold() in _NOTHING


def holds_html(text: str) -> bool:
    return "<" in text and bool(_HTML.search(text))


def words(text: str) -> str:
    """Text for people. BadCell for HTML, and for a formula (= or @)."""
    plain = tidy(text)
    if holds_html(plain):
        raise BadCell(f"{quoted(plain)} holds HTML. Send plain text.")
    if plain.startswith(("=", "@")):
        raise BadCell(f"{quoted(plain)} begins like a spreadsheet formula ({plain[0]}).")
    return plain


def name(text: str) -> str:
    """A name: as `words`, and there must be one, with a letter or number at its start or soon after."""
    plain = words(text)
    if not plain:
        raise BadCell("There is no name.")
    if plain.startswith(FORMULA_STARTS):
        raise BadCell(f"{quoted(plain)} begins like a spreadsheet formula ({plain[0]}).")
    if not any(c.isalnum() for c in plain):
        raise BadCell(f"{quoted(plain)} is not a name.")
    return plain


def age(text: str) -> int | None:
    """Whole years; None for an empty cell. "N/A" is refused: it may hide a mistake."""
    plain = tidy(text)
    if not plain:
        return None
    found = _AGE.fullmatch(plain) if plain.isascii() else None
    if found is None or int(found[1]) > 120:
        raise BadCell(f"{quoted(plain)} is not an age in years.")
    return int(found[1])


def phone(text: str) -> str:
    """A phone number as it was written; the 0 that a spreadsheet took from a UK number is put back."""
    plain = tidy(text)
    if is_nothing(plain):
        return ""
    if not _PHONE.fullmatch(plain):
        raise BadCell(f"{quoted(plain)} is not a phone number.")
    return f"0{plain}" if re.fullmatch(r"[1-37-9]\d{8,9}", plain) else plain


def email(text: str) -> str:
    plain = tidy(text)
    if is_nothing(plain):
        return ""
    if not _EMAIL.fullmatch(plain):
        raise BadCell(f"{quoted(plain)} is not an email address.")
    return plain


def web_address(text: str) -> str:
    """An http or https address; "http://" is put before a bare host. Anything else is refused."""
    plain = tidy(text).rstrip(".,;")
    if is_nothing(plain):
        return ""
    address = plain if "://" in plain else f"http://{plain}"
    try:
        parts = urlsplit(address)
        host, scheme, signed_in = parts.hostname or "", parts.scheme.lower(), parts.username
        parts.port  # noqa: B018  # raises ValueError for a port that is no number
    except ValueError:
        host, scheme, signed_in = "", "", None
    if scheme not in ("http", "https") or signed_in or " " in plain or not _HOST.fullmatch(host):
        raise BadCell(f"{quoted(plain)} is not a web address.")
    return address


def truth(text: str) -> bool:
    """Yes or no in the ways that spreadsheets write them; an empty cell is no."""
    word = tidy(text).casefold()
    if word not in _YES | _NO:
        raise BadCell(f"{quoted(word)} is neither true nor false.")
    return word in _YES


def money(text: str) -> str | None:
    """Pounds as text, "4.50"; None for an empty cell."""
    plain = tidy(text)
    if not plain:
        return None
    found = _AMOUNT.fullmatch(plain)
    if found is None:
        raise BadCell(f"{quoted(plain)} is not an amount in pounds.")
    return found[1]


def weekday(text: str) -> str:
    """Two letters, "MO", for the name of a day or its first three letters; empty for an empty cell."""
    plain = tidy(text).casefold()
    days = {day.label.casefold(): str(day.value) for day in Day}
    found = next((key for name, key in days.items() if plain in (name, name[:3], key.casefold())), "")
    if plain and not found:
        raise BadCell(f"{quoted(plain)} is not a day of the week.")
    return found


def clock(text: str) -> str | None:
    """A time of day, "09:30:00"; None for an empty cell."""
    plain = tidy(text)
    if not plain:
        return None
    found = _TIME.fullmatch(plain)
    if found is None:
        raise BadCell(f"{quoted(plain)} is not a time, such as 09:30.")
    return f"{int(found[1]):02}:{found[2]}:00"


def degrees(text: str) -> float | None:
    """Latitude or longitude; None for an empty cell."""
    plain = tidy(text)
    try:
        number = float(plain) if plain else None
    except ValueError as error:
        raise BadCell(f"{quoted(plain)} is not a number of degrees.") from error
    if number is not None and not -180 <= number <= 180:
        raise BadCell(f"{quoted(plain)} is not a number of degrees.")
    return number


def day(text: str) -> str | None:
    """A date as ISO; the day may come first, as spreadsheets write it here. None for an empty cell."""
    plain = tidy(text)
    found = _DATE.fullmatch(plain)
    iso = f"{found[3]}-{found[2]:0>2}-{found[1]:0>2}" if found else plain
    try:
        return date.fromisoformat(iso[:10]).isoformat() if iso else None
    except ValueError as error:
        raise BadCell(f"{quoted(plain)} is not a date, such as 2026-01-31.") from error
