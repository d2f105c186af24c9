"""Marks of names by the words around them: by relation, title, sign-off, initials and whose they are."""

import re
from collections.abc import Iterator

from feedback.identifiers import beside, listed
from feedback.identifiers.kinds import Kind
from feedback.identifiers.people import (
    ABBREVIATIONS,
    ALWAYS_CAPITAL,
    AND_NAME,
    ANY_CASE,
    OWNER,
    PERSON_VERB,
    POSSESSED,
    RELATION,
    SIGN_OFF_WORDS,
    STAFF_TEAM,
    TITLE,
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
    FULL,
    INITIAL,
    LETTER,
    NAME_NEEDS_NO_LIST,
    NOT_NAMES,
    UPPER,
    WORD_NAMES,
    either,
    english_words,
    is_name,
    is_name_anyhow,
    lower_names,
    may_be_name,
    small_surnames,
)

TITLED = re.compile(rf"\b{TITLE}\.?\s(?P<name>{FULL})")
SMALL_TITLED = re.compile(
    r"\b(?P<title>mr|mrs|ms|dr|doctor|prof|cllr|miss|nurse|auntie|aunty|uncle)\.?\s(?P<name>[a-z]{3,})\b"
)
# "Baby R", "Child A"
LETTERED = re.compile(
    r"\b(?P<name>(?:Baby|Child|Boy|Girl|Pupil|Student|Patient|Young\s[Pp]erson|YP)\s[A-Z])\b(?!['’]?\w)"
)
# "I don't want D to read this"
SPOKEN_INITIAL = re.compile(
    r"\b(?:want|wants|told|tell|tells|ask|asked|for|with|and|about|let|lets|help|helped|gave|like|love|for\smy|thanks\sto)\s"
    r"(?<!A\sand\s)(?P<name>[B-HJ-Z])\b(?=\s[a-z]|[,.!?]?\s*\Z|,)"
)
INITIALLED = re.compile(rf"\b(?:[{UPPER}]\.\s?){{1,3}}(?P<last>{CAP})")
RELATED = re.compile(
    rf"\b(?i:{OWNER})\s(?i:(?:{LETTER}{{1,30}}[ -]){{0,3}}?)"
    rf"(?i:{RELATION})s?(?:,|\s-|\s–|:|\s(?=\())?\s?(?<=[\s(])"
    rf"\(?(?i:(?:is\s|are\s)?(?:called|named|is|was|are|were)\s)?(?P<name>(?:{FULL}|{LETTER}{{1,30}}\b|{INITIAL}(?![\w'’])))"
)
APPOSED = re.compile(
    rf"(?P<name>{FULL}),\s(?i:(?:my|our|his|her|their|the)\s(?:{LETTER}{{1,30}}\s){{0,2}}{RELATION})\b"
)
CALLED_WORDS = either(
    "called named name_is name's name_was names_are known_as nicknamed call_him call_her calls_him "
    "calls_her surname surname_is last_name last_name_is first_name first_name_is goes_by answers_to "
    "passport_says certificate_says form_says plan_says letter_says label_says "
    "wrote_his_name_as facebook_name_is "
    "screen_name_is known_to_us_as"
)
CALLED = re.compile(
    rf"\b(?i:{CALLED_WORDS})[\s:,]{{1,2}}(?P<name>{FULL}|{LETTER}{{1,30}}(?:-{LETTER}{{1,30}})?)"
)
I_AM_WORDS = either("I_am I'm im its it's it_is this_is he's she's from signed")
KIN = either(
    "mum mam mom mother mummy dad daddy father parent parents carer carers nan nana "
    "nanny gran grandma granny "
    "grandad grandfather grandmother grandparent auntie aunty aunt uncle guardian "
    "sister brother stepmum stepdad "
    "behalf friend neighbour tutor teacher childminder keyworker"
)
KIN_OF = re.compile(rf"\b(?i:{KIN})\s(?:to|of|for)\s(?P<name>{FULL}|{LETTER}{{3,30}})")
I_AM = re.compile(rf"\b(?i:{I_AM_WORDS})[\s,:]{{1,2}}(?P<name>{FULL}|{LETTER}{{1,30}})(?P<after>[.,!?\s]|\Z)")
WRITER_ROLE = re.compile(
    r",?\s\(?(?:(?:the\s)?(?:mum|dad|mother|father|parent|carer|nan|gran|foster|auntie|aunt)|again|here|speaking|writing)\b",
    ANY_CASE,
)
SIGN_OFF = re.compile(rf"\b(?i:{SIGN_OFF_WORDS})[\s,.!–-]{{1,4}}(?P<name>{FULL})\s*[.x!]*\s*(?:\n|\Z)")
LAST_WORDS = re.compile(
    rf"(?:[.!?]|\n)\s{{1,5}}(?P<name>{FULL})\s{{0,5}}"
    r"(?:[,.(–-]\s*(?:mum|dad|mother|father|parent|carer|nan|aged?|tel|mob|email|\d|\w+@).*)?[.x!]{0,5}\s{0,5}\Z"
)
FAMILY = re.compile(
    rf"\b[Tt]he\s(?P<name>{CAP}(?:\s{CAP})?\s(?i:family|household|boys|girls|twins|children|kids)"
    rf"|[{UPPER}]{LETTER}{{1,30}}s(?!{LETTER}))\b"
    rf"(?P<home>\snext\sdoor|\s(?:in|on|at|of|from)\s(?:{CAP}\s?){{1,4}})?"
)
FAMILY_CUE = re.compile(
    r"\b(?:famil(?:y|ies)|neighbours?|next\sdoor|household|friends)\b[^.!?]{0,40}\Z", ANY_CASE
)
INITIAL_ACTS = re.compile(
    rf"(?:\A|[.!?,]\s|\n|\b(?:and|but|when|if|that|because|so)\s)"
    rf"(?P<name>[B-HJ-Z](?=\s(?:{PERSON_VERB})\b(?!\.))|A(?=\s(?:is|has|was|can't|goes|needs|loves|said)\b))"
)
# "J's teacher", "L (7)", "D.S. in my class"
INITIAL_OWNS = re.compile(
    rf"\b(?P<name>[B-HJ-RT-Z](?:['’]s(?=\s(?:[a-z]|{POSSESSED}))|(?=\s?\(\d{{1,2}}\b)))|\b(?P<two>(?!P\.\s?S|U\.K|E\.G|I\.E)[A-Z]\.\s?[A-Z]\.)(?=\s[a-z])"
)
ABROAD = either(
    "mój_syn moja_córka mojego_syna mojej_córki synek córeczka syn córka pani "
    "fiul_meu fiica_mea băiatul_meu fetița_mea "
    "doamna domnul wiilkayga gabadhayda cunugayga magacaygu_waa mi_hijo mi_hija "
    "mon_fils ma_fille meu_filho minha_filha "
    "oğlum kızım mano_sūnus mano_dukra me_llamo mam_na_imię mă_numesc"
)
KIN_ABROAD = re.compile(rf"\b(?i:{ABROAD})\s(?P<name>{FULL})")
# Arabic and Urdu: my son, my daughter, my name, his name, her name
RIGHT_TO_LEFT = re.compile(
    r"(?:ابني|ابنتي|بنتي|ولدي|اسمي|اسمه|اسمها|بیٹا|بیٹی|بیٹے|نام)\s(?P<name>[\u0621-\u06d3]{3,20})"
)
POSSESSIVE = re.compile(rf"\b(?P<name>{CAP})['’]s\s(?:{LETTER}{{1,30}}\s)?{POSSESSED}\b")
RELATED_TO = re.compile(rf"\b(?P<name>{CAP})['’]s\s(?:\w+\s)?{RELATION}s?\b(?:,\s(?:{TITLE}\.?\s)?{FULL})?")
IS_A_PERSON = re.compile(rf"\b{RELATION}\s(?:(?:who\s)?(?:is|was)\s)?\Z", ANY_CASE)


def find(text: str) -> Iterator[Span]:
    """Marks of names, not in order; they may overlap."""
    for pattern in (TITLED, APPOSED):
        for match in pattern.finditer(text):
            if pattern is TITLED or _fits(match["name"]) or _first(match["name"]) in WORD_NAMES:
                start = match.start() if pattern is TITLED else match.start("name")
                team = STAFF_TEAM.match(text, match.end("name"))
                yield start, team.end() if team else match.end("name"), Kind.STAFF if team else Kind.NAME
    for match in SMALL_TITLED.finditer(text):
        name, sure = match["name"], match["title"] in ("mr", "mrs", "ms", "dr", "prof", "cllr")
        unheard = name.capitalize() not in NOT_NAMES and name not in english_words()
        if (sure and unheard) or name in lower_names() | small_surnames():
            yield match.start(), match.end(), Kind.NAME
    for pattern in (LETTERED, SPOKEN_INITIAL):
        for match in pattern.finditer(text):
            yield match.start("name"), match.end("name"), Kind.NAME
    for match in INITIALLED.finditer(text):
        if is_strange(match["last"]) or is_name(match["last"]):
            yield match.start(), match.end(), Kind.NAME
    for pattern in (INITIAL_ACTS, KIN_ABROAD, RIGHT_TO_LEFT):
        for match in pattern.finditer(text):
            yield match.start("name"), match.end("name"), Kind.NAME
    for match in INITIAL_OWNS.finditer(text):
        group = "name" if match["name"] else "two"
        yield match.start(group), match.end(group), Kind.NAME
    for pattern in (RELATED, CALLED, I_AM, KIN_OF):
        for start, end, kind in _in_words_of_a_person(pattern, text):
            yield start, end, kind
            more = AND_NAME.match(text, end)
            if more and (is_name_anyhow(more["name"]) or is_stranger(more["name"])):
                yield more.start("name"), more.end("name"), Kind.NAME
    for pattern in (SIGN_OFF, LAST_WORDS):
        for match in pattern.finditer(text):
            if _is_signature(match["name"]):
                yield match.start("name"), match.end("name"), Kind.NAME
    for match in POSSESSIVE.finditer(text):
        if known(match["name"]) or (may_be_name(match["name"]) and in_sentence(text, match.start())):
            yield match.start("name"), match.end("name"), Kind.NAME
    for match in RELATED_TO.finditer(text):
        if known(match["name"]) or may_be_name(match["name"]):
            yield match.start(), match.end(), Kind.NAME
    yield from _families(text)
    yield from beside.find(text)
    yield from listed.find(text)


def _first(name: str) -> str:
    """The first word of a name that is no initial."""
    return next((word for word in name.split() if len(word.strip(".")) > 1), name)


def _fits(name: str) -> bool:
    return may_be_name(_first(name))


def _in_words_of_a_person(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    """A name right after words that lead to one. In small letters or capitals only if it is listed."""
    surely = pattern is CALLED
    for match in pattern.finditer(text):
        name = match["name"]
        first = _first(name)
        if is_organisation(text, match.end("name")):
            continue
        if len(name.strip(".")) == 1:
            if name.isupper() and name[0] not in "IA" and pattern is RELATED:
                yield match.start("name"), match.end("name"), Kind.NAME
            continue
        if pattern is RELATED and name.isupper() and 2 <= len(name) <= 3 and name not in ABBREVIATIONS:
            fits = bool(re.match(rf"\s{PERSON_VERB}\b", text[match.end("name") : match.end("name") + 14]))
        elif pattern is I_AM:
            fits = known(first) and (first[:1].isupper() or is_name_anyhow(first))
            fits = fits or (
                is_name_anyhow(first) and len(first) >= NAME_NEEDS_NO_LIST and not first.isupper()
            )
            is_led = bool(WRITER_ROLE.match(text, match.end("name")))
            fits = fits or (may_be_name(first) and is_led)
        elif first[:1].isupper() and not first.isupper():
            fits = may_be_name(first) or (first in WORD_NAMES and first not in ALWAYS_CAPITAL)
        else:
            fits = is_name_anyhow(first) or (surely and first.isalpha() and _may_be_small_name(match, text))
            fits = fits or (pattern is RELATED and _is_small_word_name(first, text, match.end("name")))
            fits = fits or (
                pattern in (RELATED, KIN_OF) and first.islower() and len(first) > 3 and is_stranger(first)
            )
        if fits:
            end = match.start("name") + _length(name)
            yield match.start("name"), with_small_surnames(text, end) if name.islower() else end, Kind.NAME


def _is_small_word_name(word: str, text: str, end: int) -> bool:
    """ "the manager ivy said": a name that is a word too, in small letters, where a person acts."""
    acts = re.match(rf"\s{PERSON_VERB}\b", text[end : end + 14])
    return word.capitalize() in WORD_NAMES and word.islower() and bool(acts)


def _may_be_small_name(match: re.Match[str], text: str) -> bool:
    """ "called amelia" but not "called the office": never the words that follow "called" otherwise."""
    plain = match["name"].lower()
    lead = match[0][: match.start("name") - match.start()].lower()
    before = text[max(0, match.start() - 30) : match.start()]
    leads = "name" in lead or (lead.strip() in ("called", "named") and IS_A_PERSON.search(before))
    unheard = plain.capitalize() not in NOT_NAMES and plain not in english_words()
    return bool(leads) and unheard and len(plain) >= NAME_NEEDS_NO_LIST


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
        any(known(word) for word in words)
        or len(words) in (2, 3)
        or len(words) == 1
        and may_be_name(words[0])
    )


def _families(text: str) -> Iterator[Span]:
    for match in FAMILY.finditer(text):
        name = match["name"]
        if name.split()[0] in NOT_NAMES:
            continue
        has_cue = bool(FAMILY_CUE.search(text[max(0, match.start() - 60) : match.start()]))
        is_group = not name.endswith("s") or name.split()[-1].lower() in ("boys", "girls", "twins", "kids")
        if is_group or has_cue or match["home"]:
            yield match.start(), match.end(), Kind.NAME
