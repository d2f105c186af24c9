"""Marks of names by lists, by capitals, and by a word that nothing else explains."""

import re
from collections.abc import Iterator

from feedback.identifiers.kinds import Kind
from feedback.identifiers.people import (
    ABBREVIATIONS,
    ALWAYS_CAPITAL,
    AND_NAME,
    ANY_CASE,
    FIRST_VERB,
    ORGANISATIONS,
    PERSON_VERB,
    RELATION,
    SIGN_OFF_WORDS,
    SMALL_ORGANISATION,
    STAFF_TEAM,
    TOWARDS,
    Span,
    in_sentence,
    is_organisation,
    is_strange,
    is_stranger,
    known,
    with_small_surnames,
)
from feedback.identifiers.words import (
    CAP,
    INITIAL,
    NOT_NAMES,
    UPPER,
    WORD_NAMES,
    bare,
    english_lower_names,
    is_name,
    lower_names,
    may_be_name,
    words_in,
)

OWNED = re.compile(
    rf"\b(?i:our|my|your|poor|little|baby|young|big)\s(?P<name>{CAP})(?=['’]s\b|[,.!?]|\s(?:{PERSON_VERB})\b|\s*\Z)"
)
AT_START = re.compile(rf"(?:\A|[.!?\n]\s{{0,60}})(?P<name>{CAP}(?:\s{CAP}){{1,2}})(?P<after>\W+\w+|\W*\Z)")
WORD = re.compile(rf"{CAP}|{INITIAL}(?=\s{CAP})")
SPOKEN_OF = re.compile(rf"(?P<before>(?<=\s){TOWARDS}\s)(?P<name>{CAP}(?:\s{CAP})?)")
ACTING = re.compile(rf"(?P<name>{CAP})\s{PERSON_VERB}\b")
TOOL = re.compile(r"\b(?:works?|working|compatible|use[ds]?|login|log\sin)\s(?:with|by)\s\Z", ANY_CASE)
BEFORE_PLACE = re.compile(r"\b(?:in|at|near|to|from|of|around|across|outside|via|through|the)\s\Z", ANY_CASE)
PERSON_FOLLOWS = (
    r"(?:,\s(?:my|our|his|her|their|the|who|aged?|DOB|d\.o\.b|\d)|\s\(?\d{1,2}\b|\s\((?:aged?|my|our)"
    r"|\sfrom\s(?:the|your|our)\b)"
)
# Words that have a capital because they begin a sentence, and that speak to or of a person.
OPENERS = words_in("openers.txt")
OPENED = re.compile(rf"\b(?:{'|'.join(sorted(OPENERS))})\s\Z")
OPENED_BY = re.compile(rf"(?:{'|'.join(sorted(OPENERS))})\s(?=[{UPPER}])")
UNFAMILIAR = re.compile(rf"{CAP}(?:\s{CAP}){{0,2}}")
SMALL_SPOKEN_OF = re.compile(
    rf"\b(?i:{TOWARDS}|to|from|and|was|is|it's|its|hi|hello|dear|thanks|thank\syou|cheers|sorry|please)\s(?P<name>[a-z]{{3,}})\b"
)
SMALL_ACTING = re.compile(rf"\b(?P<name>[a-z]{{3,}})\s(?:{PERSON_VERB})\b")
SMALL_SIGN_OFF = re.compile(
    rf"\b(?i:{SIGN_OFF_WORDS})[\s,.!–-]{{1,4}}(?P<name>[a-z]{{3,}})(?:\s[a-z]+)?\s*[.x!]*\s*(?:\n|\Z)"
)
STRANGER_FIRST = re.compile(
    rf"(?:\A|[.!?\n]\s{{0,60}})(?P<name>{CAP})(?=\s(?:{PERSON_VERB}|{FIRST_VERB}|and\s{CAP}|or\s{CAP})\b|,\s(?:my|our|his|her|the|who|aged|\d)"
    r"|,?\s\(?\d{1,2}\b|\s\((?:he|she|they|my|our|aged|her|his)|,\s*\Z|\s*\Z)"
)
NOT_BEFORE_A_PERSON = re.compile(
    r"(?:\b(?:in|at|near|around|across|outside|via|through|the|a|an|this|that|these|your|our|new|old|on|"
    r"use|uses|used|using|word|words|called|page|pages|not|speaks?|no|into|off|as|than|per)|[A-Z]\w+|[“\"'‘(/&-])\s?\Z"
)
MONTH_BEFORE = re.compile(
    r"\b(?:in|from|since|of|by|until|till|this|last|next|to|for|early|late)\s\Z", ANY_CASE
)
PERSON_AFTER = re.compile(
    r"\W+(?:here|speaking|writing|said|says|told|is\smy|is\sour|and|wrote|rang|has|was|needs)\b", ANY_CASE
)
SHOUTED = re.compile(rf"\b[{UPPER}]{{3,}}(?:-[{UPPER}]{{2,}})?\b")
SHOUTED_PERSON = re.compile(rf"{RELATION},?\s\||\|\s{PERSON_VERB}\b", ANY_CASE)


def _owned(text: str) -> Iterator[Span]:
    """ "Our Sonny is 11", "my Max": a name that is a word too, right after whose it is."""
    for match in OWNED.finditer(text):
        word = match["name"]
        if word in WORD_NAMES - ALWAYS_CAPITAL or is_name(word):
            yield match.start("name"), match.end("name"), Kind.NAME


def _in_small_letters(text: str) -> Iterator[Span]:
    """ "i wrote to hannah", "kyle hit him", "thanks, joanne": English names where a person is meant."""
    for pattern in (SMALL_SPOKEN_OF, SMALL_ACTING, SMALL_SIGN_OFF):
        for match in pattern.finditer(text):
            if match["name"] in english_lower_names():
                yield match.start("name"), with_small_surnames(text, match.end("name")), Kind.NAME


def _strangers_first(text: str) -> Iterator[Span]:
    """A word that nobody listed, first in a sentence, that does what only people do."""
    for match in STRANGER_FIRST.finditer(text):
        word = match["name"]
        if is_strange(word) and is_stranger(word):
            yield match.start("name"), match.end("name"), Kind.NAME


def _listed(text: str) -> Iterator[Span]:
    """Names of the list wherever they stand; names that are words only where a word would be small."""
    spans = [(m.start(), m.end(), m[0]) for m in WORD.finditer(text)]
    for number, (start, end, word) in enumerate(spans):
        if is_organisation(text, end) or _is_shouted(text, start, end):
            continue
        if is_name(word) or (word in WORD_NAMES and _is_name_here(text, start, end, word)):
            stop = end
            for next_start, next_end, next_word in spans[number + 1 : number + 3]:
                if text[stop:next_start] != " " or next_word in NOT_NAMES:
                    break
                stop = next_end
            team = STAFF_TEAM.match(text, stop)
            yield start, team.end() if team else stop, Kind.STAFF if team else Kind.NAME
            more = AND_NAME.match(text, stop)
            if more and text[stop] != "," and may_be_name(more["name"]):
                yield more.start("name"), more.end("name"), Kind.NAME


def _at_the_start(text: str) -> Iterator[Span]:
    """ "Summer Rowbotham is my key worker": two names, and then what is said of people."""
    for match in AT_START.finditer(text):
        words = match["name"].split()
        if any(word in NOT_NAMES - WORD_NAMES for word in words) or words[-1] in NOT_NAMES:
            continue
        if words[0] in ALWAYS_CAPITAL and not is_strange(words[1]):
            continue
        if is_organisation(text, match.end("name")) or SMALL_ORGANISATION.match(text, match.end("name")):
            continue
        if known(words[0]) or words[0] in WORD_NAMES or PERSON_AFTER.match(match["after"]):
            yield match.start("name"), match.end("name"), Kind.NAME


def _shouted(text: str) -> Iterator[Span]:
    """A name in capitals: in a text that is all in capitals, or a longer one that is no abbreviation."""
    letters = [c for c in text if c.isalpha()]
    all_capitals = sum(c.isupper() for c in letters) > 0.6 * max(1, len(letters))
    for match in SHOUTED.finditer(text):
        word = match[0]
        if word in ABBREVIATIONS or not (all_capitals or len(word) > 3) or is_organisation(text, match.end()):
            continue
        if all_capitals and _is_organisation_shouted(text, match.end()):
            continue
        plain = word.capitalize()
        is_word = (
            all_capitals
            and plain in WORD_NAMES - ALWAYS_CAPITAL
            and SHOUTED_PERSON.search(
                text[max(0, match.start() - 24) : match.start()] + "|" + text[match.end() : match.end() + 14]
            )
        )
        if is_word or (bare(word).lower() in lower_names() and plain not in NOT_NAMES):
            yield match.start(), match.end(), Kind.NAME


def _is_organisation_shouted(text: str, end: int) -> bool:
    return bool(re.match(rf"\s{ORGANISATIONS}\b", text[end : end + 40], ANY_CASE))


def _is_shouted(text: str, start: int, end: int) -> bool:
    return text[start:end].isupper() and end - start > 1


def _is_name_here(text: str, start: int, end: int, word: str) -> bool:
    """ "lads like Will" and "Will will be 18", but not "will it open in May"."""
    after = text[end : end + 12]
    if re.match(r"['’]s\s", after) and word not in ALWAYS_CAPITAL:
        return True
    if STAFF_TEAM.match(text, end) and (
        word not in ALWAYS_CAPITAL or not MONTH_BEFORE.search(text[max(0, start - 12) : start])
    ):
        return True
    if in_sentence(text, start):
        return word not in ALWAYS_CAPITAL and not _beside_capitals(text, start, end)
    if re.match(PERSON_FOLLOWS, text[end : end + 40]) and word not in ALWAYS_CAPITAL:
        return True
    verbs = rf"\s(?:{FIRST_VERB}|and\s{CAP})"
    return (
        word not in ALWAYS_CAPITAL
        and bool(re.match(rf"{verbs}\b", text[end : end + 32]))
        and not (word == "Will" and after[1:4] == "the")
    )


def _beside_capitals(text: str, start: int, end: int) -> bool:
    """Whether it is part of a longer title, such as "Hope and Grace Trust" or "The Rose Room"."""
    before = re.search(rf"({CAP})\s\Z", text[max(0, start - 25) : start])
    after = re.match(rf"\s(?:and\s|of\s|&\s)?({CAP})", text[end : end + 30])
    joined = [m[1] for m in (before, after) if m and m[1] not in OPENERS]
    return any(not known(word) and word not in ("Mr", "Mrs", "Ms", "Miss") for word in joined) and bool(
        joined
    )


def _unfamiliar(text: str) -> Iterator[Span]:
    """A capital in the middle of a sentence that nothing else explains. Marks more than it must."""
    for match in UNFAMILIAR.finditer(text):
        opener = OPENED_BY.match(match[0])
        start, end = match.start() + (opener.end() if opener else 0), match.end()
        words = text[start:end].split()
        if not in_sentence(text, start) or any(not is_strange(word) for word in words):
            continue
        before = OPENED.sub("", text[max(0, start - 24) : start])
        if NOT_BEFORE_A_PERSON.search(before) or _beside_capitals(text, start, end):
            continue
        if is_organisation(text, end) or SMALL_ORGANISATION.match(text, end):
            continue
        yield start, end, Kind.NAME


def _unlisted(text: str) -> Iterator[Span]:
    """Names nobody listed, where the sentence treats a word as a person."""
    for pattern in (SPOKEN_OF, ACTING):
        for match in pattern.finditer(text):
            start, end = match.span("name")
            first = match["name"].split()[0]
            if not in_sentence(text, start) or not may_be_name(first) or first in ALWAYS_CAPITAL:
                continue
            if TOOL.search(text[max(0, start - 14) : start]):
                continue
            if pattern is ACTING and BEFORE_PLACE.search(text[max(0, start - 12) : start]):
                continue
            if is_organisation(text, end) or _beside_capitals(text, start, end):
                continue
            if any(word in NOT_NAMES for word in match["name"].split()):
                continue
            yield start, end, Kind.NAME


def find(text: str) -> Iterator[Span]:
    """Marks, not in order; they may overlap."""
    for finder in (
        _owned, _in_small_letters, _at_the_start, _shouted, _listed, _unlisted, _unfamiliar, _strangers_first
    ):  # fmt: skip
        yield from finder(text)
