"""Marks of telephone numbers, however they are written. Numbers of services are left alone."""

import re
from collections.abc import Iterator

import phonenumbers
from phonenumbers import PhoneNumberType

from feedback.identifiers.kinds import Kind

Span = tuple[int, int, Kind]

# Ten or eleven digits from 0 or +44; a letter O or l may stand for a digit.
BRITISH = re.compile(r"(?<![\w/])(?:\+44\s?\(?[0O]?\)?|\(?[0O])(?:[\s().·_/-]{0,3}[\dOol]){9,10}(?![\dOol])")
SERVICE = re.compile(r"\A(?:03|080|084|087|0500)")
SERVICE_TYPES = frozenset(
    {
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.UAN,
    }
)
NUMBER_WORD = (
    r"(?:(?:double|triple|treble)[\s-]{1,2})?"
    r"(?:oh|o|zero|nought|one|two|three|four|five|six|seven|eight|nine|hundred|thousand|\d)"
)
IN_WORDS = re.compile(rf"\b(?:oh|o|zero|nought|0)(?:[\s,.-]{{1,3}}{NUMBER_WORD}\b){{7,10}}", re.IGNORECASE)
# A text of more digits than this is a table, not a comment.
MOST_DIGITS = 2000


def find(text: str) -> Iterator[Span]:
    """Numbers of people, not in order; they may overlap."""
    for match in BRITISH.finditer(text):
        number = re.sub(r"\D", "", match[0].translate({ord("O"): "0", ord("o"): "0", ord("l"): "1"}))
        if sum(c.isdigit() for c in match[0]) >= 7 and not SERVICE.match(number):
            yield match.start(), match.end(), Kind.PHONE
    for match in IN_WORDS.finditer(text):
        yield match.start(), match.end(), Kind.PHONE
    if sum(c.isdigit() for c in text) <= MOST_DIGITS:
        for found in phonenumbers.PhoneNumberMatcher(text, "GB"):
            if phonenumbers.number_type(found.number) not in SERVICE_TYPES:
                yield found.start, found.end, Kind.PHONE
