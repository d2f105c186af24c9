"""Marks that have a shape: addresses, numbers, references and dates."""

import re
from collections.abc import Iterator

from feedback.identifiers import phones
from feedback.identifiers.kinds import Kind
from feedback.identifiers.words import CAP, either

Span = tuple[int, int, Kind]
ANY_CASE = re.IGNORECASE

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
NUMERIC_DATE = (
    r"(?:(?:19|20)\d\d-(?:1[0-2]|0[1-9])-(?:3[01]|[12]\d|0[1-9])"
    r"|(?:3[01]|[12]\d|0?[1-9])[/.-](?:1[0-2]|0?[1-9])[/.-](?:19|20)?\d\d)"
)
WORD_DATE = rf"(?:{DAY}\s(?:of\s)?{MONTH}|{MONTH}\s{DAY}),?\s(?:19|20)\d\d"
DAY_MONTH = rf"(?:{DAY}\s(?:of\s)?{MONTH}\b|{MONTH}\s{DAY}\b)"

EMAIL = re.compile(r"[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,5}")
# "tired mum 74 at gmail dot com", "h.goldsworthy[at]example.org", "priya.nair @ example.org"
DOT = r"(?:\.|\s\.\s|\s?[\[({<]\s?dot\s?[\])}>]\s?|\sdot\s)"
SPELT_EMAIL = re.compile(
    rf"(?:\b[\w.+'-]{{1,64}}(?:\s(?=(?:[\w.]+\s){{0,2}}(?:at|@)\s)[\w.+'-]{{1,20}}){{0,3}}|\b\w+(?:\s\.\s|\s?[\[(]\s?dot\s?[\])]\s?|\sdot\s)\w+)"
    r"(?:\s?@\s?|\s?[\[({<]\s?(?:at|@)\s?[\])}>]\s?|\sat\s)"
    rf"[\w-]{{2,40}}(?:{DOT}[\w-]{{2,20}}){{0,2}}?{DOT}"
    rf"(?:com|co{DOT}uk|org{DOT}uk|gov{DOT}uk|org|net|uk|ie|pl|ro|me|info|email|live)\b",
    ANY_CASE,
)
PROFILE = re.compile(
    r"\b(?:https?://)?(?:www\.|m\.)?(?:facebook|fb|instagram|tiktok|twitter|x|youtube|snapchat|linkedin|threads)"
    r"\.com/[\w./@?=-]{2,80}[\w/]",
    ANY_CASE,
)
ON_A_SITE = re.compile(
    r"\b(?:insta(?:gram)?|snap(?:chat)?|tik\s?tok|twitter|facebook|fb|messenger|discord|xbox|gamertag)\b"
    r"(?:\s(?:name|handle|user(?:name)?|account|page|tag|is|as|at|me|under|called|my|his|her)){0,4}[\s,:]{1,3}"
    r"(?P<name>(?=\w*(?:[\d_]|\.\w))[A-Za-z_][\w.]{2,29}\w)",
    ANY_CASE,
)
HANDLE = re.compile(r"(?<![\w.@])@[A-Za-z_]\w{2,30}\b")
POSTCODE = re.compile(r"\b(?:[A-Z]{1,2}\d[A-Z\d]?)[\s-]{0,2}\d\s?[ABD-HJLNP-UW-Z]{2}\b", ANY_CASE)
NHS = re.compile(r"(?<!\d)[1-9]\d{2}[ -]?\d{3}[ -]?\d{4}(?!\d)")
UPN = re.compile(r"\b[A-HJ-NP-RT-Z]\d{11}[\dA-HJ-NP-RT-Z]\b")
INSURANCE = re.compile(r"\b[A-Z]{2}\s?\d{2}\s?\d{2}\s?\d{2}\s?[A-D]\b", ANY_CASE)
CAR = re.compile(r"\b[A-Z]{2}\d{2}\s?[A-Z]{3}\b")
BANK = re.compile(r"\b\d{2}-\d{2}-\d{2}\b(?:\D{1,12}\b\d{8}\b)?")
REFERENCE = re.compile(r"\b[A-Z]{1,6}[-/]\d{1,8}(?:[-/]?\d{1,8}){0,3}\b")
CUES = either(
    "reference ref case claim file appeal pupil patient hospital nhs upn uln ni insurance passport "
    "mosaic liquid_logic liquidlogic ehc ehcp client record"
)
CUED_NUMBER = re.compile(
    rf"\b{CUES}\b(?:\s(?:number|no|ref|reference|id))?\s?[.:#,]?\s?(?:is\s|was\s)?"
    r"(?P<number>(?=[\w/-]{0,14}\d{3})[A-Z\d][\w/-]{2,14}(?:\s\d{2,5}){0,3})",
    ANY_CASE,
)
STREETS = either(
    "Road Rd Street St Lane Ln Avenue Ave Close Drive Rise Way Gardens Terrace Crescent Court Grove "
    "Place Hill Square Mews Walk Row View Green Parade Vale Croft Mead Park Buildings House"
)
SURE_STREETS = either(
    "Road Street Lane Avenue Close Drive Rise Gardens Terrace Crescent Grove Mews Court Row Parade"
)
ADDRESS = re.compile(
    rf"(?:\b[Tt]he\s(?:{CAP}\s?){{1,3}},\s)?(?:(?:\b[Ff]lat\s\w{{1,4}},?\s)?\b\d{{1,4}}[a-z]?,?\s)(?:{CAP}\s){{1,3}}{STREETS}\b"
)
FLAT = re.compile(
    rf"\b(?:Flat|Apartment|Unit|Room)\s\w{{1,4}},?\s(?:{CAP}\s){{1,2}}(?:House|Court|Tower|Towers|Heights|Point|Building|Lodge|Place)\b"
    r"|\bP\.?\s?O\.?\s?Box\s\d{1,6}\b",
)
# "23 hawthorn close", with no capitals
SMALL_ADDRESS = re.compile(
    r"\b(?:flat\s\w{1,3},?\s)?\d{1,4}[a-z]?,?\s(?!(?:mins?|minutes|miles?|hours?|metres|yards|of|the|a|per|in|to|from|"
    r"down|up|at|on|for|years?|weeks?|months?|days?|people|children|kids|families|st|nd|rd|th)\b)(?:[a-z]{3,15}\s){1,2}?"
    r"(?:road|rd|street|lane|avenue|ave|close|drive|rise|gardens|terrace|crescent|grove|court|mews|square)\b",
    ANY_CASE,
)
BESIDE = either(
    "from near over above below opposite behind beside next_door_to next_to round_the_corner_from"
)
AFTER_STREET = either(
    "Primary School Infant Junior Academy Nursery Surgery Centre Clinic Medical Health Children Library"
)
NEAR_HOME = re.compile(
    rf"(?:\b{BESIDE}\s(?:\w+\s){{1,5}})?(?:\b(?:in|on|at|of|off)\s)(?P<street>(?:{CAP}\s){{1,3}}{SURE_STREETS}\b)"
    rf"(?!\s{AFTER_STREET})"
)
BIRTH = re.compile(
    r"\b(?:d\.?o\.?b\.?|date\sof\sbirth|born|birthday|birth\sdate)\W{1,3}(?:is\s|was\s|on\s|in\s){0,2}(?:the\s)?"
    rf"(?P<date>{NUMERIC_DATE}|{WORD_DATE}|{DAY_MONTH}|{MONTH}\s(?:19|20)\d\d|(?:19|20)\d\d)",
    ANY_CASE,
)
LONG_DATE = re.compile(rf"\b(?:{NUMERIC_DATE}|{WORD_DATE})\b", ANY_CASE)
PUBLIC = either(
    "updated reviewed checked dated published changed written says said stamped copyright version"
)
PUBLIC_DATE = re.compile(rf"{PUBLIC}\W+(?:\w+\W+){{0,2}}\Z", ANY_CASE)
# A day without a year points to one family beside a step of its own case.
CASE_STEP = either(
    "asked applied requested appealed diagnosed referred assessed excluded suspended admitted refused "
    "born died assessment appeal tribunal hearing meeting review appointment operation application "
    "request"
)
CASE_DAY = re.compile(
    rf"\b{CASE_STEP}\b[^.!?\n]{{0,60}}?\bon\s(?:the\s)?(?:\w+day,?\s)?(?P<date>{DAY_MONTH})", ANY_CASE
)
TURNING = re.compile(
    r"\b(?:(?:will\sbe|is|was|be|turn(?:s|ed|ing)?|who's|he's|she's)\s)"
    rf"(?P<age>\d{{1,2}}\s(?:in|on|this|next)\s(?:the\s)?(?:{DAY}\s(?:of\s)?)?{MONTH})\b",
    ANY_CASE,
)
NO_AGE = either("per miles minutes weeks days months th hours")
OLD_WRITER = re.compile(rf"\b(?:I\sam|I['’]?m)\s(?:2[6-9]|[3-9]\d)\b(?!\s?(?:%|{NO_AGE}))", ANY_CASE)


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def is_nhs_number(text: str) -> bool:
    """The check digit of an NHS number (modulus 11)."""
    numbers = [int(d) for d in digits(text)]
    if len(numbers) != 10:
        return False
    check = 11 - sum((10 - place) * number for place, number in enumerate(numbers[:9])) % 11
    return check != 10 and check % 11 == numbers[9]


def find(text: str) -> Iterator[Span]:
    """Marks by shape, not in order; they may overlap."""
    for match in EMAIL.finditer(text):
        yield match.start(), match.end(), Kind.EMAIL
    for match in SPELT_EMAIL.finditer(text):
        yield match.start(), match.end(), Kind.EMAIL
    for match in PROFILE.finditer(text):
        yield match.start(), match.end(), Kind.ACCOUNT
    for match in ON_A_SITE.finditer(text):
        yield match.start("name"), match.end("name"), Kind.ACCOUNT
    for match in HANDLE.finditer(text):
        yield match.start(), match.end(), Kind.ACCOUNT
    yield from phones.find(text)
    for match in POSTCODE.finditer(text):
        yield match.start(), match.end(), Kind.POSTCODE
    yield from _numbers(text)
    yield from _dates(text)
    for pattern in (SMALL_ADDRESS, FLAT):
        for match in pattern.finditer(text):
            yield match.start(), match.end(), Kind.ADDRESS
    for match in ADDRESS.finditer(text):
        yield match.start(), match.end(), Kind.ADDRESS
    for match in NEAR_HOME.finditer(text):
        starts_at = match.start() if match.start("street") - match.start() > 4 else match.start("street")
        yield starts_at, match.end(), Kind.ADDRESS


def _numbers(text: str) -> Iterator[Span]:
    for match in NHS.finditer(text):
        if is_nhs_number(match[0]):
            yield match.start(), match.end(), Kind.NUMBER
    for pattern in (UPN, INSURANCE, CAR, BANK):
        for match in pattern.finditer(text):
            yield match.start(), match.end(), Kind.NUMBER
    for match in REFERENCE.finditer(text):
        if len(digits(match[0])) >= 4:
            yield match.start(), match.end(), Kind.NUMBER
    for match in CUED_NUMBER.finditer(text):
        yield match.start("number"), match.end("number"), Kind.NUMBER


def _dates(text: str) -> Iterator[Span]:
    for match in BIRTH.finditer(text):
        yield match.start("date"), match.end("date"), Kind.BIRTH
    for match in LONG_DATE.finditer(text):
        if not PUBLIC_DATE.search(text[max(0, match.start() - 40) : match.start()]):
            yield match.start(), match.end(), Kind.BIRTH
    for match in CASE_DAY.finditer(text):
        yield match.start("date"), match.end("date"), Kind.BIRTH
    for match in TURNING.finditer(text):
        yield match.start("age"), match.end("age"), Kind.BIRTH
    for match in OLD_WRITER.finditer(text):
        yield match.start(), match.end(), Kind.BIRTH
