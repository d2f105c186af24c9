"""Marks of names: by the words around them, by title, by sign-off, and by lists of first names."""

import re
from collections.abc import Iterator

from feedback.identifiers.kinds import Kind
from feedback.identifiers.words import (
    CAP,
    FULL,
    INITIAL,
    LETTER,
    NAME_NEEDS_NO_LIST,
    NOT_NAMES,
    UPPER,
    WORD_NAMES,
    either,
    is_name,
    is_name_anyhow,
    may_be_name,
    words_in,
)

Span = tuple[int, int, Kind]
ANY_CASE = re.IGNORECASE

# Months and places are no names in the middle of a sentence just because they have a capital.
ALWAYS_CAPITAL = words_in("always_capital.txt")
RELATION = either(
    "son daughter boy girl lad lass child kid baby bab toddler twin twins brother sister sibling "
    "grandson granddaughter grandchild nephew niece cousin stepson stepdaughter husband wife ex-husband "
    "ex-wife partner ex mum mam mom mother dad father nan nanny gran grandma granddad grandad grandpa "
    "aunt auntie aunty uncle friend mate neighbour eldest oldest youngest middle_one little_one "
    "teenager foster_son foster_daughter foster_child carer PA TA LSA tutor teacher head headteacher "
    "SENCO SENDCO keyworker key_worker social_worker caseworker case_worker case_officer support_worker "
    "one-to-one 1:1 therapist OT SALT physio paediatrician consultant psychologist EP nurse doctor GP "
    "counsellor driver taxi_driver escort childminder midwife health_visitor officer helper assistant "
    "coach manager worker lady man woman bloke chap"
)
OWNER = either("my our his her their your the a this that one_of_my one_of_our one_of_the")
TITLE = either(
    "Mr Mrs Ms Miss Mx Dr Doctor Prof Professor Sir Lady Lord Rev Revd Father Imam Rabbi Cllr "
    "Councillor Nurse Sister Auntie Aunty Aunt Uncle Nan Nanny Gran Granny Grandma Grandad Grandpa "
    "Coach PC Sgt Captain"
)
PERSON_VERB = either(
    "said told tells says is was has had needs needed loves loved likes liked hates can't cannot can "
    "won't doesn't didn't isn't wasn't goes went gets got starts started turns turned cries cried lives "
    "lived works worked helps helped rang rings came comes wrote writes refused refuses keeps kept "
    "never always still screamed screams struggles struggled attends attended sits sat uses will would "
    "could promised phoned emailed answered explained sent gave made left thinks thought wants wanted "
    "does did hit shouted laughed looked looks takes took who and_I and_his and_her"
)
FIRST_VERB = either("will is was has had needs loves likes goes went can't doesn't got turns turned")
TOWARDS = either(
    "with asked ask told tell rang ring phoned met meet saw see seen thank thanked thanks_to spoke_to "
    "spoken_to speak_to talked_to emailed messaged contacted called named name_is name's names_are "
    "known_as nicknamed helped helps help blame blamed by like love for about took take taking collect "
    "collected drop dropped pick_up"
)

TITLED = re.compile(rf"\b{TITLE}\.?\s(?P<name>{FULL})")
SMALL_TITLED = re.compile(r"\b(?:mr|mrs)\.?\s(?P<name>[a-z]{3,})\b")
RELATED = re.compile(
    rf"\b(?i:{OWNER})\s(?i:(?:{LETTER}{{1,30}}[ -]){{0,3}}?)(?i:{RELATION})s?(?:,|\s-|\s–|:)?\s"
    rf"(?i:(?:is\s)?(?:called|named|is|was)\s)?(?P<name>(?:{FULL}|{LETTER}{{1,30}}\b|{INITIAL}(?![\w'’])))"
)
APPOSED = re.compile(
    rf"(?P<name>{FULL}),\s(?i:(?:my|our|his|her|their|the)\s(?:{LETTER}{{1,30}}\s){{0,2}}{RELATION})\b"
)
CALLED_WORDS = either(
    "called named name_is name's name_was names_are known_as nicknamed call_him call_her calls_him "
    "calls_her surname surname_is last_name last_name_is first_name first_name_is"
)
CALLED = re.compile(
    rf"\b(?i:{CALLED_WORDS})[\s:,]{{1,2}}(?P<name>{FULL}|{LETTER}{{1,30}}(?:-{LETTER}{{1,30}})?)"
)
I_AM_WORDS = either(
    "I_am I'm im its it's it_is this_is he's she's from signed parent_of mum_of mother_of dad_of "
    "father_of carer_of carer_for nan_of"
)
I_AM = re.compile(rf"\b(?i:{I_AM_WORDS})[\s,:]{{1,2}}(?P<name>{FULL}|{LETTER}{{1,30}})(?P<after>[.,!?\s]|\Z)")
WRITER_ROLE = re.compile(
    r",?\s(?:the\s)?(?:mum|dad|mother|father|parent|carer|nan|gran|foster|auntie|aunt)\b", ANY_CASE
)
INITIAL_ACTS = re.compile(
    rf"(?:\A|[.!?,]\s|\n|\b(?:and|but|when|if|that|because|so)\s)(?P<name>[B-HJ-Z])\s(?:{PERSON_VERB})\b(?!\.)"
)
AND_NAME = re.compile(rf"(?:\sand\s|\s&\s|,\s)(?P<name>{LETTER}{{3,}})\b")
SIGN_OFF_WORDS = either(
    "cheers thanks thank_you many_thanks kind_regards best_wishes warm_regards regards best yours "
    "yours_sincerely yours_faithfully yours_truly sincerely love from signed ta x xx xxx"
)
SIGN_OFF = re.compile(rf"\b(?i:{SIGN_OFF_WORDS})[\s,.!–-]{{1,4}}(?P<name>{FULL})\s*[.x!]*\s*(?:\n|\Z)")
LAST_WORDS = re.compile(
    rf"(?:[.!?]|\n)\s{{1,5}}(?P<name>{FULL})\s{{0,5}}"
    r"(?:[,.(–-]\s*(?:mum|dad|mother|father|parent|carer|nan|aged?|tel|mob|email|\d|\w+@).*)?[.x!]{0,5}\s{0,5}\Z"
)
FAMILY = re.compile(
    rf"\b[Tt]he\s(?P<name>[{UPPER}]{LETTER}{{1,30}}s(?!{LETTER})"
    rf"|{CAP}(?:\s{CAP})?\s(?i:family|household|boys|girls|twins|children|kids))\b"
    rf"(?P<home>\s(?:in|on|at|of|from)\s(?:{CAP}\s?){{1,4}})?"
)
FAMILY_CUE = re.compile(
    r"\b(?:famil(?:y|ies)|neighbours?|next\sdoor|household|friends)\b[^.!?]{0,40}\Z", ANY_CASE
)
POSSESSED = either(
    "plan EHCP EHC school teacher class SENCO therapist mum mother dad father nan brother sister "
    "birthday behaviour diagnosis needs form taxi bus review report appointment appeal case draft "
    "assessment funding hours support place social speech medication wheelchair chair autism ADHD "
    "epilepsy anxiety meltdowns day name"
)
POSSESSIVE = re.compile(rf"\b(?P<name>{CAP})['’]s\s(?:{LETTER}{{1,30}}\s)?{POSSESSED}\b")
TEAM = either(
    "desk team office reception department dept service surgery ward clinic panel helpline line hub "
    "unit front_desk"
)
STAFF_TEAM = re.compile(
    rf"\s(?:on|in|from|at|of)\s(?:(?:the|your|our|their)\s(?:\w+\s){{0,3}}?{TEAM}|(?:reception|the\sdoor))\b"
)
WORD = re.compile(rf"{CAP}|{INITIAL}(?=\s{CAP})")
SPOKEN_OF = re.compile(rf"(?P<before>(?<=\s){TOWARDS}\s)(?P<name>{CAP}(?:\s{CAP})?)")
ACTING = re.compile(rf"(?P<name>{CAP})\s{PERSON_VERB}\b")
TOOL = re.compile(r"\b(?:works?|working|compatible|use[ds]?|login|log\sin)\s(?:with|by)\s\Z", ANY_CASE)
BEFORE_PLACE = re.compile(r"\b(?:in|at|near|to|from|of|around|across|outside|via|through|the)\s\Z", ANY_CASE)
ORGANISATIONS = either(
    "School Primary Academy Junior Juniors Infant Infants College Nursery Centre Center Hall House "
    "Hospital Surgery Clinic Trust Council Road Street Lane Close Avenue Park Church Club Group "
    "Association Society Library University Unit Ward Court Farm Bridge Hill Leisure Community "
    "Foundation Project Voice Forum Table Network Partnership High Grammar Sixth Team Service Services "
    "Pool Baths Gym Arena Stadium Museum Theatre Cinema Gardens Syndrome syndrome disease Disease Law "
    "Act Code Award Scheme Campaign"
)
ORGANISATION = re.compile(rf"\A(?:\s(?:and|&|of|for)?\s?{CAP}){{0,3}}\s{ORGANISATIONS}\b")


def find(text: str) -> Iterator[Span]:
    """Marks of names, not in order; they may overlap."""
    for pattern in (TITLED, APPOSED):
        for match in pattern.finditer(text):
            if pattern is TITLED or _fits(match["name"]):
                yield (
                    (match.start() if pattern is TITLED else match.start("name")),
                    match.end("name"),
                    Kind.NAME,
                )
    for match in SMALL_TITLED.finditer(text):
        if match["name"].capitalize() not in NOT_NAMES:
            yield match.start(), match.end(), Kind.NAME
    for match in INITIAL_ACTS.finditer(text):
        yield match.start("name"), match.end("name"), Kind.NAME
    for pattern in (RELATED, CALLED, I_AM):
        for start, end, kind in _in_words_of_a_person(pattern, text):
            yield start, end, kind
            more = AND_NAME.match(text, end)
            if more and is_name_anyhow(more["name"]):
                yield more.start("name"), more.end("name"), Kind.NAME
    for pattern in (SIGN_OFF, LAST_WORDS):
        for match in pattern.finditer(text):
            if _is_signature(match["name"]):
                yield match.start("name"), match.end("name"), Kind.NAME
    for match in POSSESSIVE.finditer(text):
        if _known(match["name"]) or (may_be_name(match["name"]) and _in_sentence(text, match.start())):
            yield match.start("name"), match.end("name"), Kind.NAME
    yield from _families(text)
    yield from _listed(text)
    yield from _unlisted(text)


def _is_organisation(text: str, end: int) -> bool:
    """Whether the word that ends there begins the name of a school, a street or a group."""
    return bool(ORGANISATION.match(text[end : end + 90]))


def _first(name: str) -> str:
    """The first word of a name that is no initial."""
    return next((word for word in name.split() if len(word.strip(".")) > 1), name)


def _known(word: str) -> bool:
    return is_name(word) or word in WORD_NAMES - ALWAYS_CAPITAL


def _fits(name: str) -> bool:
    return may_be_name(_first(name))


def _in_words_of_a_person(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    """A name right after words that lead to one. In small letters or capitals only if it is listed."""
    surely = pattern is CALLED
    for match in pattern.finditer(text):
        name = match["name"]
        first = _first(name)
        if _is_organisation(text, match.end("name")):
            continue
        if len(name.strip(".")) == 1:
            if name.isupper() and name[0] not in "IA" and pattern is RELATED:
                yield match.start("name"), match.end("name"), Kind.NAME
            continue
        if pattern is I_AM:
            fits = _known(first) and (first[:1].isupper() or is_name_anyhow(first))
            fits = fits or (
                is_name_anyhow(first) and len(first) >= NAME_NEEDS_NO_LIST and not first.isupper()
            )
            led = match[0][: match.start("name") - match.start()].lower().rstrip(" ,:")
            is_led = led.endswith((" of", " for")) or bool(WRITER_ROLE.match(text, match.end("name")))
            fits = fits or (may_be_name(first) and is_led)
        elif first[:1].isupper() and not first.isupper():
            fits = may_be_name(first) or (first in WORD_NAMES and first not in ALWAYS_CAPITAL)
        else:
            fits = is_name_anyhow(first) or (surely and first.isalpha() and _may_be_small_name(match, text))
        if fits:
            yield match.start("name"), match.start("name") + _length(name), Kind.NAME


def _may_be_small_name(match: re.Match[str], text: str) -> bool:
    """ "called amelia" but not "called the office": never the words that follow "called" otherwise."""
    plain = match["name"].lower()
    lead = match[0][: match.start("name") - match.start()].lower()
    return "name" in lead and plain.capitalize() not in NOT_NAMES and len(plain) >= NAME_NEEDS_NO_LIST


def _length(name: str) -> int:
    """Up to the last word that may belong to a name: "Jayden Has" ends after "Jayden"."""
    end = 0
    for match in re.finditer(r"\S+", name):
        if match.start() and match[0] in NOT_NAMES:
            break
        end = match.end()
    return end


def _is_signature(name: str) -> bool:
    words = name.split()
    return all(word not in NOT_NAMES for word in words) and (
        any(_known(word) for word in words)
        or len(words) in (2, 3)
        or len(words) == 1
        and may_be_name(words[0])
    )


def _in_sentence(text: str, at: int) -> bool:
    """Whether the word there has its capital for another reason than starting a sentence."""
    before = text[:at].rstrip(" \"'“‘(")
    return bool(before) and before[-1] not in ".!?:\n"


def _families(text: str) -> Iterator[Span]:
    for match in FAMILY.finditer(text):
        name = match["name"]
        if name.split()[0] in NOT_NAMES:
            continue
        has_cue = bool(FAMILY_CUE.search(text[max(0, match.start() - 60) : match.start()]))
        is_group = not name.endswith("s") or name.split()[-1].lower() in ("boys", "girls", "twins", "kids")
        if is_group or has_cue or match["home"]:
            yield match.start(), match.end(), Kind.NAME


def _listed(text: str) -> Iterator[Span]:
    """Names of the list wherever they stand; names that are words only where a word would be small."""
    spans = [(m.start(), m.end(), m[0]) for m in WORD.finditer(text)]
    for number, (start, end, word) in enumerate(spans):
        if _is_organisation(text, end) or _is_shouted(text, start, end):
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


def _is_shouted(text: str, start: int, end: int) -> bool:
    return text[start:end].isupper() and end - start > 1


def _is_name_here(text: str, start: int, end: int, word: str) -> bool:
    """ "lads like Will" and "Will will be 18", but not "will it open in May"."""
    after = text[end : end + 12]
    if re.match(r"['’]s\s", after) and word not in ALWAYS_CAPITAL:
        return True
    if _in_sentence(text, start):
        return word not in ALWAYS_CAPITAL and not _beside_capitals(text, start, end)
    if STAFF_TEAM.match(text, end) and word not in ALWAYS_CAPITAL:
        return True
    verbs = rf"\s(?:{FIRST_VERB}|and\s[{UPPER}])\b"
    return (
        word not in ALWAYS_CAPITAL
        and bool(re.match(verbs, after))
        and not (word == "Will" and after[1:4] == "the")
    )


def _beside_capitals(text: str, start: int, end: int) -> bool:
    """Whether it is part of a longer title, such as "Hope and Grace Trust" or "The Rose Room"."""
    before = re.search(rf"({CAP})\s\Z", text[max(0, start - 25) : start])
    after = re.match(rf"\s(?:and\s|of\s|&\s)?({CAP})", text[end : end + 30])
    joined = [m[1] for m in (before, after) if m]
    return any(not _known(word) and word not in ("Mr", "Mrs", "Ms", "Miss") for word in joined) and bool(
        joined
    )


def _unlisted(text: str) -> Iterator[Span]:
    """Names nobody listed, where the sentence treats a word as a person."""
    for pattern in (SPOKEN_OF, ACTING):
        for match in pattern.finditer(text):
            start, end = match.span("name")
            first = match["name"].split()[0]
            if not _in_sentence(text, start) or not may_be_name(first) or first in ALWAYS_CAPITAL:
                continue
            if TOOL.search(text[max(0, start - 14) : start]):
                continue
            if pattern is ACTING and BEFORE_PLACE.search(text[max(0, start - 12) : start]):
                continue
            if _is_organisation(text, end) or _beside_capitals(text, start, end):
                continue
            if any(word in NOT_NAMES for word in match["name"].split()):
                continue
            yield start, end, Kind.NAME
