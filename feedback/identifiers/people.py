"""How families speak of people: words and patterns that the finders of names share."""

import re

from feedback.identifiers.kinds import Kind
from feedback.identifiers.words import (
    CAP,
    LETTER,
    NOT_NAMES,
    WORD_NAMES,
    common_words,
    either,
    english_words,
    is_name,
    lower_names,
    may_be_name,
    small_surnames,
    words_in,
)

Span = tuple[int, int, Kind]
ANY_CASE = re.IGNORECASE
# Months and places are no names in the middle of a sentence just because they have a capital.
ALWAYS_CAPITAL = words_in("always_capital.txt")
ABBREVIATIONS = words_in("abbreviations.txt")
RELATION = either(
    "son daughter boy girl lad lass child kid baby bab toddler twin twins brother sister sibling "
    "grandson granddaughter grandchild nephew niece cousin stepson stepdaughter husband wife ex-husband "
    "ex-wife partner ex mum mam mom mother dad father nan nanny gran grandma granddad grandad grandpa "
    "aunt auntie aunty uncle friend mate neighbour eldest oldest youngest middle_one little_one "
    "teenager foster_son foster_daughter foster_child carer PA TA LSA tutor teacher head headteacher "
    "SENCO SENDCO keyworker key_worker social_worker caseworker case_worker "
    "case_officer support_worker psych ed_psych "
    "one-to-one 1:1 therapist OT SALT physio paediatrician consultant psychologist EP nurse doctor GP "
    "counsellor driver taxi_driver escort childminder midwife health_visitor officer helper assistant "
    "coach manager worker lady man woman bloke chap"
)
OWNER = either("my our his her their your the a this that one_of_my one_of_our one_of_the")
TITLE = either(
    "Mr Mrs Ms Miss Mx Dr Doctor Prof Professor Sir Lady Lord Rev Revd Father Imam Rabbi Cllr "
    "Councillor Nurse Sister Auntie Aunty Aunt Uncle Nan Nanny Gran Granny Grandma Grandad Grandpa "
    "Coach PC Sgt Captain Officer Constable Inspector Matron"
)
PERSON_VERB = either(
    "said told tells says is was has had needs needed loves loved likes liked hates can't cannot can "
    "won't doesn't didn't isn't wasn't goes went gets got starts started turns turned cries cried lives "
    "lived works worked helps helped rang rings came comes wrote writes refused refuses keeps kept "
    "never always still screamed screams struggles struggled attends attended sits sat uses will would "
    "could promised phoned emailed answered explained sent gave made left thinks thought wants wanted "
    "does did hit shouted laughed looked looks takes took who and_I and_his and_her"
)
FIRST_VERB = either(
    "will is was has had needs loves likes goes went can't cannot doesn't didn't got "
    "turns turned said says told "
    "tells rang came wrote waits lives started never helped keeps wants gets works "
    "shares hates who here again"
)
TOWARDS = either(
    "with asked ask told tell rang ring phoned met meet saw see seen thank thanked thanks_to spoke_to "
    "spoken_to speak_to talked_to emailed messaged contacted called named name_is name's names_are "
    "known_as nicknamed helped helps help blame blamed by like love for about took take taking collect "
    "collected drop dropped pick_up"
)
AND_NAME = re.compile(rf"(?:\sand\s|\s&\s|,\s)(?P<name>{LETTER}{{3,}})\b")
SIGN_OFF_WORDS = either(
    "cheers thanks thank_you many_thanks kind_regards best_wishes warm_regards regards best yours "
    "yours_sincerely yours_faithfully yours_truly sincerely love from signed ta x xx xxx"
)
POSSESSED = either(
    "plan EHCP EHC school teacher class SENCO therapist mum mother dad father nan brother sister "
    "birthday behaviour diagnosis needs form taxi bus review report appointment appeal case draft "
    "assessment funding hours support place social speech medication wheelchair chair autism ADHD "
    "epilepsy anxiety meltdowns day name"
)
TEAM = either(
    "desk team office reception department dept service surgery ward clinic panel helpline line hub "
    "unit front_desk phone_line centre day_centre club"
)
STAFF_TEAM = re.compile(
    rf"\s(?:on|in|from|at|of)\s(?:(?:(?:the|your|our|their)\s)?(?:\w+\s){{0,3}}?{TEAM}|(?:reception|the\sdoor|transport|"
    rf"admissions|finance|the\s\w+\shub))\b(?:\s(?:at|of|in)\s(?:{CAP}\s?){{1,3}}(?<!\s))?"
)
ORGANISATIONS = either(
    "School Primary Academy Junior Juniors Infant Infants College Nursery Centre Center Hall House "
    "Hospital Surgery Clinic Trust Council Road Street Lane Close Avenue Park Church Club Group "
    "Association Society Library University Unit Ward Court Farm Bridge Hill Leisure Community "
    "Foundation Project Voice Forum Table Network Partnership High Grammar Sixth Team Service Services "
    "Pool Baths Gym Arena Stadium Museum Theatre Cinema Gardens Syndrome syndrome disease Disease Law "
    "Act Code Award Scheme Campaign"
)
ORGANISATION = re.compile(rf"\A(?:\s(?:and|&|of|for)?\s?{CAP}){{0,3}}\s{ORGANISATIONS}\b")
LOOKS_ENGLISH = re.compile(
    r"(?:ing|ed|tion|sion|ment|ness|ly|ers|ors|ies|ity|ance|ence|ful|less|ism|ship|ways|ure|ages|ists|ents|ians|body|one|"
    r"thing|ous|able|ible|ists?|care|line|side|time|work|book|room|ground)\Z"
)
SMALL_ORGANISATION = re.compile(rf"\s{ORGANISATIONS}\b", ANY_CASE)


def is_organisation(text: str, end: int) -> bool:
    """Whether the word that ends there begins the name of a school, a street or a group."""
    return bool(ORGANISATION.match(text[end : end + 90]))


def known(word: str) -> bool:
    return is_name(word) or word in WORD_NAMES - ALWAYS_CAPITAL


def with_small_surnames(text: str, end: int) -> int:
    """Where a name in small letters ends: "muhammad" goes on to "muhammad ibrahim khan"."""
    for _ in range(3):
        more = re.match(rf"\s({LETTER}{{3,}})\b", text[end : end + 32])
        if not more or more[1] not in lower_names() | small_surnames():
            break
        end += more.end()
    return end


def in_sentence(text: str, at: int) -> bool:
    """Whether the word there has its capital for another reason than starting a sentence."""
    before = text[:at].rstrip(" \"'“‘(")
    return bool(before) and before[-1] not in ".!?:\n"


def is_stranger(word: str) -> bool:
    """Beside a name, a word in small letters that is no English one: "jayden and kaiden"."""
    plain = word.lower()
    return (
        plain not in english_words()
        and word.capitalize() not in NOT_NAMES
        and not LOOKS_ENGLISH.search(plain)
    )


def is_strange(word: str) -> bool:
    if any(c.isupper() for c in re.sub(r"[-'’].|\A(?:Mc|Mac|De|La|Le|O)", "", word)[1:]):
        return False
    return may_be_name(word) and word not in ALWAYS_CAPITAL and word.lower() not in common_words()
