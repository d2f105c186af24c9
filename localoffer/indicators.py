"""What a scorecard can measure against England: the indicators that the department's open statistics
hold. Pure. Names and definitions are in our own words; `column` is the name in the published file.

Source: Department for Education, "Education, health and care plans" and Ministry of Justice, "SEND
tribunal appeal rate", both under the Open Government Licence v3.0.
"""

from dataclasses import dataclass
from enum import StrEnum


class Head(StrEnum):
    """The three heads that success is measured under (accountability paper of 2015)."""

    EXPERIENCE = "experience"
    OUTCOMES = "outcomes"
    ADULTHOOD = "adulthood"


class Unit(StrEnum):
    PERCENT = "percent"
    NUMBER = "number"
    YES_NO = "yes_no"


class Good(StrEnum):
    """Which way is better for families. Neither: it describes, it does not judge."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


HEAD_WORDS = {
    Head.EXPERIENCE: "How families find it",
    Head.OUTCOMES: "What children and young people achieve",
    Head.ADULTHOOD: "Growing up and adult life",
}
UNIT_WORDS = {Unit.PERCENT: "percent", Unit.NUMBER: "number", Unit.YES_NO: "yes or no"}
GOOD_WORDS = {
    Good.HIGHER: "Higher is better",
    Good.LOWER: "Lower is better",
    Good.NEITHER: "Neither higher nor lower is better",
}


@dataclass(frozen=True, slots=True)
class Indicator:
    """One measure of the open statistics. `release` is the key of the file that holds `column`."""

    key: str
    head: Head
    title: str
    definition: str
    unit: Unit
    good: Good
    release: str
    column: str
    source: str = "Department for Education, Education, health and care plans"
    next_month: int = 6


def _need(code: str, words: str) -> Indicator:
    return Indicator(
        f"needs_{code}",
        Head.OUTCOMES,
        f"Plans whose main need is {words}",
        f"Of all education, health and care plans, the share whose main need is {words}.",
        Unit.PERCENT,
        Good.NEITHER,
        "needs",
        f"{code}_pc",
    )


def _placed(key: str, words: str, column: str, head: Head = Head.OUTCOMES) -> Indicator:
    return Indicator(
        key,
        head,
        f"Children and young people with a plan {words}",
        f"Of all education, health and care plans, the share who are {words}.",
        Unit.PERCENT,
        Good.NEITHER,
        "caseload",
        column,
    )


def _officer(key: str, words: str, column: str) -> Indicator:
    return Indicator(
        key,
        Head.EXPERIENCE,
        f"A {words} is in post",
        f"Whether the area has a {words}, who links the council with others about plans.",
        Unit.YES_NO,
        Good.HIGHER,
        "officers",
        column,
    )


INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "plans_20_weeks",
        Head.EXPERIENCE,
        "New plans made within 20 weeks",
        "Of the new plans in the year, the share made within 20 weeks. Plans that the law allows to be "
        "late are left out.",
        Unit.PERCENT,
        Good.HIGHER,
        "timeliness",
        "PC_plans_issued_20_weeks_ex",
    ),
    Indicator(
        "plans_20_weeks_all",
        Head.EXPERIENCE,
        "New plans made within 20 weeks, every plan counted",
        "Of all new plans in the year, the share made within 20 weeks.",
        Unit.PERCENT,
        Good.HIGHER,
        "timeliness",
        "pc_plans_issued_within_20_weeks",
    ),
    Indicator(
        "plans_new",
        Head.EXPERIENCE,
        "New plans",
        "How many new education, health and care plans were made in the year.",
        Unit.NUMBER,
        Good.NEITHER,
        "timeliness",
        "plans_issued_den",
    ),
    Indicator(
        "requests",
        Head.EXPERIENCE,
        "Requests for an assessment",
        "How many requests for an education, health and care needs assessment came in the year.",
        Unit.NUMBER,
        Good.NEITHER,
        "requests",
        "requests_received_in_year",
    ),
    Indicator(
        "requests_refused",
        Head.EXPERIENCE,
        "Requests that were refused",
        "Of the requests in the year, the share where the council decided not to assess.",
        Unit.PERCENT,
        Good.NEITHER,
        "requests",
        "request_not_assess_pc",
    ),
    Indicator(
        "requests_refused_number",
        Head.EXPERIENCE,
        "Requests that were refused, as a number",
        "How many times in the year the council decided not to assess.",
        Unit.NUMBER,
        Good.NEITHER,
        "requests",
        "requests_decided_not_to_assess",
    ),
    Indicator(
        "requests_6_weeks",
        Head.EXPERIENCE,
        "Requests answered within 6 weeks",
        "Of the requests in the year, the share where the decision came within 6 weeks.",
        Unit.PERCENT,
        Good.HIGHER,
        "requests",
        "request_outcome_six_weeks_pc",
    ),
    Indicator(
        "reviews_4_weeks",
        Head.EXPERIENCE,
        "Yearly reviews decided within 4 weeks",
        "Of the yearly reviews with a decision, the share decided within 4 weeks of the meeting.",
        Unit.PERCENT,
        Good.HIGHER,
        "annual_reviews",
        "pc_decsion_4weeks",
    ),
    Indicator(
        "reviews_decided_late",
        Head.EXPERIENCE,
        "Yearly reviews decided after 4 weeks",
        "Of the yearly reviews with a decision, the share decided later than 4 weeks after the meeting.",
        Unit.PERCENT,
        Good.LOWER,
        "annual_reviews",
        "pc_decision_gt_4weeks",
    ),
    Indicator(
        "appeal_rate",
        Head.EXPERIENCE,
        "Decisions that families appealed",
        "Of the decisions that can be appealed, the share that went to the SEND Tribunal.",
        Unit.PERCENT,
        Good.LOWER,
        "tribunal",
        "SEND Tribunal Appeal Rate",
        source="Ministry of Justice, SEND tribunal appeal rate",
        next_month=12,
    ),
    Indicator(
        "appeals",
        Head.EXPERIENCE,
        "Appeals to the SEND Tribunal",
        "How many appeals were registered in the year.",
        Unit.NUMBER,
        Good.NEITHER,
        "tribunal",
        "Appeals registered",
        source="Ministry of Justice, SEND tribunal appeal rate",
        next_month=12,
    ),
    Indicator(
        "plans",
        Head.OUTCOMES,
        "Children and young people with a plan",
        "How many education, health and care plans there were in January.",
        Unit.NUMBER,
        Good.NEITHER,
        "caseload",
        "ehcplans",
    ),
    _placed("plans_mainstream", "in a mainstream school", "mainstream_total_pc"),
    _placed("plans_special", "in a special school", "special_total_pc"),
    _placed("plans_alternative", "in alternative provision", "AP_PRU_total_pc"),
    _placed("plans_elsewhere", "taught somewhere other than a school or college", "ed_elsewhere_pc"),
    _placed("plans_college", "in further education", "fe_total_pc", Head.ADULTHOOD),
    Indicator(
        "plans_specialist_post16",
        Head.ADULTHOOD,
        "Young people with a plan in a specialist college",
        "How many young people with a plan are in a specialist post-16 college.",
        Unit.NUMBER,
        Good.NEITHER,
        "caseload",
        "specialist_post_16_institutions",
    ),
    Indicator(
        "plans_neet",
        Head.ADULTHOOD,
        "Young people with a plan who are not in school, training or work",
        "How many young people with a plan are not in education, employment or training.",
        Unit.NUMBER,
        Good.LOWER,
        "caseload",
        "neet",
    ),
    _officer("officer_medical", "designated medical officer", "des_med_off"),
    _officer("officer_clinical", "designated clinical officer", "des_clin_off"),
    _officer("officer_social_care", "designated social care officer", "des_so_care_off"),
    _need("asd", "autism"),
    _need("slcn", "speech, language and communication"),
    _need("semh", "feelings, behaviour and mental health"),
    _need("mld", "a moderate learning difficulty"),
    _need("sld", "a severe learning difficulty"),
    _need("pmld", "profound and multiple learning difficulty"),
    _need("spld", "dyslexia, dyspraxia or the like"),
    _need("pd", "a physical disability"),
    _need("hi", "being deaf or hard of hearing"),
    _need("vi", "being blind or low vision"),
    _need("msi", "both sight and hearing"),
    _need("oth", "another difficulty"),
)
_BY_KEY = {indicator.key: indicator for indicator in INDICATORS}


def get_indicator(key: str) -> Indicator:
    """Raises KeyError for a key that is no indicator."""
    return _BY_KEY[key]


def is_indicator(key: str) -> bool:
    return key in _BY_KEY


def of_release(release: str) -> tuple[Indicator, ...]:
    """The indicators that one kind of file holds."""
    return tuple(indicator for indicator in INDICATORS if indicator.release == release)
