"""Making sense of one cell: text, ages, phones, web addresses. Pure."""

import re
import unicodedata
from urllib.parse import urlsplit

# What a spreadsheet would run, were the text ever opened in one.
FORMULA_STARTS = ("=", "+", "-", "@")
_HTML = re.compile(r"<\s*[a-zA-Z/!?]")
_AGE = re.compile(r"(\d{1,3})(?:\.0+)?")
_PHONE = re.compile(r"\+?[0-9() .-]{5,30}(?: ?(?:ext|x)\.? ?\d{1,6})?", re.IGNORECASE)
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,}", re.IGNORECASE)
_EMAIL = re.compile(r"[^@\s<>()\",;:]+@(?:[a-z0-9-]+\.)+[a-z]{2,}", re.IGNORECASE)
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


def is_nothing(text: str) -> bool:
    return tidy(text).casefold() in _NOTHING


def words(text: str) -> str:
    """Text for people. BadCell for HTML, and for a formula (= or @)."""
    plain = tidy(text)
    if _HTML.search(plain):
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
