"""Marks of details that point to one person though they name nobody."""

import re
from collections.abc import Iterator

from feedback.identifiers.kinds import Kind
from feedback.identifiers.numbers import DAY_MONTH
from feedback.identifiers.words import CAP, NOT_NAMES, either

Span = tuple[int, int, Kind]
ANY_CASE = re.IGNORECASE

SETTING_END = either(
    "School Primary Primary_School Primary_Academy Academy Junior Juniors Junior_School Infant Infants "
    "Infant_School High High_School Secondary Secondary_School Grammar Grammar_School College "
    "Sixth_Form Nursery Preschool Pre-school Playgroup Centre Hall House Unit Hospital Surgery Clinic "
    "Ward Farm Club"
)
SETTING_NAME = (
    rf"(?:St\.?\s)?{CAP}(?:['’]s)?(?:\s(?:of\s|and\s|the\s)?{CAP}(?:['’]s)?){{0,3}}?\s{SETTING_END}"
)
SETTING = re.compile(rf"(?:(?:the\s)?(?P<name>{SETTING_NAME}))\b")
YEAR_AT = re.compile(
    rf"\b(?:in\s)?(?P<year>(?i:year\s\d{{1,2}}|reception|nursery|y\d{{1,2}}|class\s\w+|\d{{1,2}}[a-e]))\s(?:at|in|of)\s"
    rf"(?P<at>(?:the\s)?(?:{SETTING_NAME}|{CAP}(?:\s{CAP}){{0,3}}))"
)
YEAR_NOW = re.compile(
    r"\b(?:(?:he|she|they)(?:['’]s|\sis|\sare)?|who(?:['’]s|\sis)|my\s\w+\sis)\s(?:now\s|currently\s|just\s)?"
    r"in\s(?:year\s\d{1,2}|reception)\b",
    ANY_CASE,
)
YOUNG = either(
    "son daughter boy girl lad child kid grandson granddaughter baby twin twins tutor teacher eldest "
    "youngest nephew niece brother sister"
)
CHILD = re.compile(
    rf"\b(?:he|she|him|her|his|hers|(?:my|our)\s(?:\w+\s){{0,2}}?{YOUNG}|I\sgo\sto|I\sam\sat|I['’]?m\sat|a\ssmall\sboy"
    r"|a\slittle\sgirl|a\slittle\sboy|a\ssmall\sgirl)\b",
    ANY_CASE,
)
ONE_PERSON = either(
    "child boy girl lad kid pupil student person one family parent mum mother dad father signer user "
    "wheelchair_user teenager baby patient member player driver speaker carer twin "
    "twins school class nursery household"
)
ONLY = re.compile(
    rf"\bthe\sonly\s(?:[\w'’-]+\s){{0,4}}?{ONE_PERSON}\s(?:(?:with|who|on)\s(?:[\w'’-]+\s){{1,6}}?)?"
    r"(?:in|at|on|with|who|from|of)\s"
    r"(?:(?:the|my|our|his|her|this|that|year\s\d+|all)\s?){0,2}(?:(?:at|in|of)\s)?"
    rf"(?:(?-i:{CAP}(?:\s{CAP}){{0,3}})|\w+)",
    ANY_CASE,
)
SEEN_AS = re.compile(
    rf"\b(?:is|he['’]?s|she['’]?s|they['’]?re|are|was|am|that['’]?s)\s(?:(?:my|our)\s\w+,?\s)?"
    rf"(?P<who>the\s(?:\w+\s)?(?:{ONE_PERSON}|girl|lady|man|woman|lad)\s(?:in|with|on)\s(?:the|a|an)\s(?:[\w-]+\s){{0,2}}[\w-]+)",
    ANY_CASE,
)
# "the boy with the tracheostomy at Coombe Vale Infants"
SEEN_AT = re.compile(
    rf"\bthe\s(?:\w+\s)?(?:boy|girl|lad|child|kid|pupil|student|teenager|family)\s(?:with|in|on)\s(?:the|a|an)\s"
    rf"(?:[\w-]+\s){{1,3}}(?:at|in|from)\s(?-i:{SETTING_NAME})\b",
    ANY_CASE,
)
CRASH = re.compile(
    rf"\b(?:the|a)\s(?:\w+\s)?(?:crash|fire|accident|explosion|attack|flood|stabbing|shooting)\s(?:in|on|at|of)\s"
    rf"(?:(?:19|20)\d\d|(?-i:{CAP})(?:\s(?-i:{CAP}))?)",
    ANY_CASE,
)
FEW = re.compile(
    rf"\b(?:one\sof\s(?:only\s|just\s)?(?:two|three|four|[234])\s(?:[\w'’-]+\s){{0,2}}?"
    rf"(?:children|kids|families|pupils|people|boys|girls|students|teenagers)"
    rf"|no\sother\s(?:[\w'’-]+\s){{0,2}}?{ONE_PERSON}|nobody\selse|no\sone\selse|the\sfirst\s(?:[\w'’-]+\s){{0,3}}?{ONE_PERSON})"
    rf"\s(?:in|at|on|from)\s(?:(?:the|my|our|his|her|this|that|whole|all)\s){{0,2}}"
    rf"(?:(?-i:{CAP}(?:\s{CAP}){{0,2}})|year\s\d+|school|class|college|city|town|village|county|street|bus|area)\b",
    ANY_CASE,
)
KNOWN_FOR = re.compile(
    r"\bthe\s(?:\w+\s)?(?:boy|girl|lad|child|kid|pupil|student|man|woman|family|mum|dad)\swho\s(?:was\s|were\s|got\s|had\s)?"
    r"(?:fell|drowned|died|escaped|jumped|collapsed|ran\s(?:off|away|out)|went\smissing|stabbed|bitten|found|arrested|"
    r"burned|burnt|hit\sby|locked\sin|left\son|in\sthe\s(?:paper|news)|on\sthe\s(?:news|telly))(?:\s[\w'’-]+){0,5}"
    r"|\b(?:was|were|been|are)\s(?:in|on)\sthe\s(?:local\s|front\sof\sthe\s)?(?:paper|papers|news|telly|radio|Echo|Gazette)\b",
    ANY_CASE,
)
RIDE = re.compile(
    rf"\bthe\s\d{{1,2}}[.:]\d\d\s(?:school\s)?(?:bus|taxi|minibus|train|coach)\s(?:from|to|at)\s(?-i:{CAP}(?:\s{CAP}){{0,2}})",
    ANY_CASE,
)
OWN_SCHOOL = re.compile(
    rf"\b(?:(?i:his|her|my|our|their)|{CAP}['’]s)\s(?:\w+\s)?"
    rf"(?i:school|college|nursery|academy|unit|hospital|respite|club|playgroup|preschool|childminder)"
    rf"(?:,|:|\s(?:is|was)(?:\scalled)?|\scalled)\s(?P<at>(?:[Tt]he\s)?{CAP}(?:['’]s)?(?:\s{CAP}){{0,3}})"
)
ANYBODY = re.compile(r"\s(?:person|one)\swho\b", ANY_CASE)
DAY_WITH_CHILD = re.compile(rf"\bon\s(?:the\s)?(?:\w+day,?\s)?(?P<date>{DAY_MONTH})", ANY_CASE)
ATTENDED = either(
    "goes_to went_to go_to attends attended respite_at stay_at stays_at stayed_at "
    "lives_at lived_at placed_at "
    "is_at was_at is_under was_under diagnosed_at seen_at born_at treated_at operated_on_at doctor_at "
    "consultant_at admitted_to discharged_from excluded_from expelled_from taken_out_of pupil_at student_at "
    "starts_at started_at moved_to works_at working_at"
)
ATTENDS = re.compile(rf"\b{ATTENDED}\s(?P<at>(?:[Tt]he\s)?{CAP}(?:\s{CAP}){{0,3}})")
TWIN = re.compile(
    r"\b(?:(?:his|her|their|my|our)\s)?(?:identical\s)?(?:twins|triplets)\b"
    r"|\b(?:his|her|their|my|our)\s(?:identical\s)?(?:twin|triplet)(?:\s(?:brother|sister))?\b",
    ANY_CASE,
)
LOSS = re.compile(
    r"\bI\s(?:lost|had|broke|survived|was\s\w+(?:\swith)?)\s(?:my\s)?[\w\s-]{2,30}?\s"
    r"(?:in\smy\s(?:teens|twenties|thirties|forties|fifties|sixties|\d0s)|when\sI\swas\s\w+|at\s(?:the\sage\sof\s)?\d+)\b",
    ANY_CASE,
)
YEAR_APART = re.compile(
    r"\b(?:stay|stays|stayed|staying|kept|keep|held|hold|put|moved?|going|go)\s(?:down|back|up)\sa\syear\b"
    r"|\b(?:skip|skipped|repeat|repeated|repeating)\s(?:a\syear|year\s\d+|reception)\b",
    ANY_CASE,
)
FATE = either(
    "died passed_away is_in_prison went_to_prison was_killed is_dying has_cancer has_dementia "
    "was_arrested was_deported took_his_own_life took_her_own_life"
)
FAMILY_FACT = re.compile(
    r"\b(?:his|her|their|my|our)\s(?:dad|father|mum|mother|husband|wife|partner|brother|sister|grandad|nan)\s"
    rf"(?:\w+\s){{0,2}}?{FATE}\b",
    ANY_CASE,
)
STAFF = either(
    "SENCO SENDCO Senco senco head headteacher head_teacher deputy deputy_head tutor teacher TA "
    "keyworker key_worker social_worker caseworker case_worker case_officer therapist nurse "
    "receptionist manager paediatrician consultant psychologist driver escort helper helpers caretaker "
    "cook coach leader principal dinner_lady"
)
OWN_STAFF = re.compile(
    rf"\b(?i:my|his|her|our|their|the)\s(?:\w+\s)?{STAFF}\s(?:at|of|from|in)\s(?:the\s)?(?P<at>{CAP}(?:\s{CAP}){{0,4}})"
)
CONDITION = either("syndrome disease disorder dystrophy ataxia")
RARE = re.compile(rf"\b(?P<name>{CAP}(?:[\s–-]{CAP}){{0,2}}(?:['’]s)?)\s{CONDITION}\b")
COMMON_CONDITIONS = re.compile(r"\A(?:Down|Tourette|Asperger)(?:['’]?s)?\Z")
SESSION = re.compile(
    r"\b(?:the\s)?(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\s)(?:\w+\s){1,3}(?:at|in)\s"
    rf"(?=(?:the\s)?{SETTING_NAME})"
)
HOW_OFTEN = re.compile(
    r"\s(?:\w+|\d)\s(?:days?|mornings?|afternoons?|hours?)\s(?:a|per|each)\sweek\b|\s(?:on|every)\s\w+days?\b",
    ANY_CASE,
)
SENTENCE_END = re.compile(r"[.!?]\s|\n")


def find(text: str) -> Iterator[Span]:
    """Marks of details, not in order; they may overlap."""
    named_setting = False
    for match in YEAR_AT.finditer(text):
        if match["at"].removeprefix("the ").split()[0] in NOT_NAMES:
            continue
        named_setting = True
        yield match.start("year"), match.end("at"), Kind.SETTING
    for start, end in _settings_with_a_child(text):
        named_setting = True
        yield start, end, Kind.SETTING
    for match in ATTENDS.finditer(text):
        words = re.sub(r"^[Tt]he\s", "", match["at"]).split()
        if words[0] not in NOT_NAMES or (len(words) > 1 and not all(word in NOT_NAMES for word in words)):
            named_setting = True
            yield match.start("at"), match.end("at"), Kind.SETTING
    for match in OWN_SCHOOL.finditer(text):
        if not all(_is_general(word) for word in match["at"].split()):
            yield match.start("at"), match.end("at"), Kind.SETTING
    if named_setting:
        for match in YEAR_NOW.finditer(text):
            yield match.start(), match.end(), Kind.SETTING
    for match in OWN_STAFF.finditer(text):
        yield match.start(), match.end(), Kind.STAFF
    for match in ONLY.finditer(text):
        if not ANYBODY.search(match[0]):
            yield match.start(), match.end(), Kind.POINTER
    for match in DAY_WITH_CHILD.finditer(text):
        if CHILD.search(text, *_sentence_around(text, match.start(), match.end())):
            yield match.start("date"), match.end("date"), Kind.BIRTH
    for match in SEEN_AS.finditer(text):
        yield match.start("who"), match.end("who"), Kind.POINTER
    for pattern in (TWIN, LOSS, YEAR_APART, FAMILY_FACT, SEEN_AT, CRASH, FEW, KNOWN_FOR, RIDE):
        for match in pattern.finditer(text):
            yield match.start(), match.end(), Kind.POINTER
    for match in RARE.finditer(text):
        if not COMMON_CONDITIONS.match(match["name"]):
            yield match.start(), match.end(), Kind.HEALTH


def _settings_with_a_child(text: str) -> Iterator[tuple[int, int]]:
    """A named school or place in a sentence that tells of a child there."""
    for match in SETTING.finditer(text):
        first, last = _sentence_around(text, match.start(), match.end())
        words = match["name"].replace("’", "'").removesuffix("'s").split()[:-1]
        if not CHILD.search(text, first, last) or all(_is_general(word) for word in words):
            continue
        start, end = match.start(), match.end()
        for session in SESSION.finditer(text, max(first, start - 60), end):
            if session.end() in (start, start + 4, match.start("name")):
                start = session.start()
        often = HOW_OFTEN.match(text, end)
        yield start, often.end() if often else end


def _is_general(word: str) -> bool:
    """ "Children's" in "the Children's Hospital" says nothing of which."""
    word = word.removesuffix("'s")
    return word in NOT_NAMES or word in ("and", "of", "the")


def _sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    first = max(0, start - 600)
    for found in SENTENCE_END.finditer(text, first, start):
        first = found.end()
    after = SENTENCE_END.search(text, end)
    return first, after.start() if after else len(text)
