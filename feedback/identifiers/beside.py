"""Marks of names that only the words beside them give away: initials, a pair, a desk, a short nickname."""

import re
from collections.abc import Iterator

from feedback.identifiers.kinds import Kind
from feedback.identifiers.people import ABBREVIATIONS, PERSON_VERB, TEAM, Span, is_strange, is_stranger
from feedback.identifiers.words import CAP, either, english_lower_names, is_name

KIN = either("mum mam mom dad parent parents carer carers nan gran grandad guardian aunt auntie uncle tutor")
# "foster carer for J."; not "carer for A and E"
KIN_OF_INITIAL = re.compile(rf"\b(?i:{KIN})\s(?:to|of|for)\s(?P<name>[B-HJ-Z]\.?)(?=\s[a-zI]|[,.!?]|\s*\Z)")
# "Mrs H in the office"
TITLED_INITIAL = re.compile(r"\b(?P<name>(?:Mr|Mrs|Ms|Miss|Mx|Dr)\.?\s[A-Z])(?![\w'’.]\w)\b")
AGE = either(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
)
# "DB is nine", "KT (7)"
INITIALS_WITH_AGE = re.compile(
    rf"(?:\A|[.!?]\s|\n)(?P<name>[A-Z]{{2,3}})(?:\s(?:is|was|has\sjust\sturned|turned|just\sturned)\s"
    rf"(?:just\s|only\s|now\s|nearly\s)?(?:\d{{1,2}}|{AGE})\b(?!\s?(?:%|pages?|hours?|minutes?|weeks?|months?|miles?))"
    rf"|\s\(\d{{1,2}}\))"
)
# "Jaz n Leo": beside a name that is known, a word that is no English one.
PAIR = re.compile(rf"(?P<name>{CAP})\s(?:and|n|&|'n'|’n’)\s(?P<other>{CAP})")
# "sharon on the front desk"
AT_A_DESK = re.compile(
    rf"\b(?P<name>[a-z]{{3,}})\s(?:on|at|from|in)\s(?:the|your)\s(?:\w+\s){{0,2}}?(?:{TEAM}|phones?|switchboard|counter)\b"
)
# "my boy ty likes": a nickname too short for the lists.
SHORT = re.compile(
    rf"\b(?i:my|our)\s(?:[a-z]+\s)?(?:son|daughter|boy|girl|lad|lass|child|eldest|youngest|grandson|granddaughter)\s"
    rf"(?P<name>[a-z]{{2,3}})\s(?:{PERSON_VERB})\b"
)
# What stands there in a hurry: "my boy hes nine".
HASTY = frozenset({"hes", "shes", "who", "whos", "its", "has", "cant", "wont", "ur", "im", "ive", "n"})


def find(text: str) -> Iterator[Span]:
    """Marks of names, not in order; they may overlap."""
    for pattern in (KIN_OF_INITIAL, TITLED_INITIAL):
        for match in pattern.finditer(text):
            yield match.start("name"), match.end("name"), Kind.NAME
    for match in INITIALS_WITH_AGE.finditer(text):
        if match["name"] not in ABBREVIATIONS:
            yield match.start("name"), match.end("name"), Kind.NAME
    for match in PAIR.finditer(text):
        if is_name(match["other"]) and is_strange(match["name"]) and is_stranger(match["name"]):
            yield match.start("name"), match.end("name"), Kind.NAME
    for match in AT_A_DESK.finditer(text):
        if match["name"] in english_lower_names():
            yield match.start(), match.end(), Kind.STAFF
    for match in SHORT.finditer(text):
        if match["name"] not in HASTY and is_stranger(match["name"]):
            yield match.start("name"), match.end("name"), Kind.NAME
