"""The DfE's types of establishment, old names and new, in the directory's words. Pure.

Source: Get Information about Schools (GIAS), "Establishment types", and the older EduBase lists.
"""

import re
from dataclasses import dataclass

from services.enums import CostKind, Level, ProviderType


@dataclass(frozen=True, slots=True)
class Establishment:
    """What a type of establishment is to a family. `noun` completes "A … for children aged"."""

    provider: ProviderType
    category: str
    level: Level
    noun: str
    cost: CostKind = CostKind.FREE
    run_by: str = ""


_COUNCIL_RUN = "The council maintains it."
_ACADEMY = "It is an academy."
_FREE = "It is a free school."
_INDEPENDENT = "It is an independent school."


def _mainstream(provider: ProviderType, run_by: str) -> Establishment:
    return Establishment(provider, "mainstream_school", Level.UNIVERSAL, "school", run_by=run_by)


def _special(provider: ProviderType, run_by: str, cost: CostKind = CostKind.FREE) -> Establishment:
    return Establishment(provider, "special_school", Level.SPECIALIST, "special school", cost, run_by)


def _alternative(provider: ProviderType, run_by: str, noun: str) -> Establishment:
    return Establishment(provider, "alternative_provision", Level.TARGETED, noun, run_by=run_by)


def _post16(provider: ProviderType, run_by: str, cost: CostKind = CostKind.FREE) -> Establishment:
    return Establishment(provider, "post16_college", Level.UNIVERSAL, "sixth form", cost, run_by)


_MAINTAINED = _mainstream(ProviderType.MAINTAINED_SCHOOL, _COUNCIL_RUN)
_MAINTAINED_SPECIAL = _special(ProviderType.MAINTAINED_SCHOOL, _COUNCIL_RUN)
_ACADEMY_MAINSTREAM = _mainstream(ProviderType.ACADEMY, _ACADEMY)
_ACADEMY_SPECIAL = _special(ProviderType.ACADEMY, _ACADEMY)
_ACADEMY_AP = _alternative(ProviderType.ACADEMY, _ACADEMY, "alternative provision academy")
_ACADEMY_16 = _post16(ProviderType.ACADEMY, _ACADEMY)
_FREE_MAINSTREAM = _mainstream(ProviderType.FREE_SCHOOL, _FREE)

# Fees of a nursery or a college hang on the age and the course: not stated is not free.
_BY_NAME: dict[str, Establishment] = {
    "Community school": _MAINTAINED,
    "Voluntary aided school": _MAINTAINED,
    "Voluntary controlled school": _MAINTAINED,
    "Foundation school": _MAINTAINED,
    "Community special school": _MAINTAINED_SPECIAL,
    "Foundation special school": _MAINTAINED_SPECIAL,
    "Local authority nursery school": Establishment(
        ProviderType.MAINTAINED_SCHOOL,
        "early_years_setting",
        Level.UNIVERSAL,
        "nursery school",
        CostKind.NOT_STATED,
        _COUNCIL_RUN,
    ),
    "Pupil referral unit": _alternative(
        ProviderType.PUPIL_REFERRAL_UNIT, _COUNCIL_RUN, "pupil referral unit"
    ),
    "Academy sponsor led": _ACADEMY_MAINSTREAM,
    "Academy converter": _ACADEMY_MAINSTREAM,
    "City technology college": _ACADEMY_MAINSTREAM,
    "Academy special sponsor led": _ACADEMY_SPECIAL,
    "Academy special converter": _ACADEMY_SPECIAL,
    "Academy alternative provision converter": _ACADEMY_AP,
    "Academy alternative provision sponsor led": _ACADEMY_AP,
    "Academy 16-19 converter": _ACADEMY_16,
    "Academy 16 to 19 sponsor led": _ACADEMY_16,
    "Free schools": _FREE_MAINSTREAM,
    "University technical college": _FREE_MAINSTREAM,
    "Studio schools": _FREE_MAINSTREAM,
    "Free schools special": _special(ProviderType.FREE_SCHOOL, _FREE),
    "Free schools alternative provision": _alternative(
        ProviderType.FREE_SCHOOL, _FREE, "alternative provision free school"
    ),
    "Free schools 16 to 19": _post16(ProviderType.FREE_SCHOOL, _FREE),
    "Non-maintained special school": _special(
        ProviderType.NON_MAINTAINED_SPECIAL,
        "It is a non-maintained special school, run by a charity.",
        CostKind.NOT_STATED,
    ),
    "Other independent special school": _special(
        ProviderType.INDEPENDENT_SPECIAL, _INDEPENDENT, CostKind.NOT_STATED
    ),
    "Other independent school": Establishment(
        ProviderType.INDEPENDENT_SCHOOL,
        "mainstream_school",
        Level.UNIVERSAL,
        "independent school",
        CostKind.CHARGED,
    ),
    "Further education": Establishment(
        ProviderType.FURTHER_EDUCATION, "post16_college", Level.UNIVERSAL, "college", CostKind.NOT_STATED
    ),
    "Sixth form centres": _post16(ProviderType.FURTHER_EDUCATION, "", CostKind.NOT_STATED),
    "Special post 16 institution": Establishment(
        ProviderType.SPECIALIST_POST16,
        "post16_college",
        Level.SPECIALIST,
        "specialist college",
        CostKind.NOT_STATED,
    ),
}

# On the national list, and no place that a family of an English council asks for.
_NOT_OURS = (
    "British schools overseas", "Offshore schools", "Service children's education", "Secure units",
    "Secure 16 to 19 academy", "Academy secure 16 to 19", "Welsh establishment",
    "Higher education institutions", "Institution funded by other government department",
    "Miscellaneous", "Children's centre", "Children's centre linked site", "Online provider",
    "European schools", "International schools", "Playing for success centres", "Training centres",
    "Early years setting", "EY setting", "Other late funded", "State-funded other",
)  # fmt: skip

_OLD_NAMES = {"lanurseryschool": "localauthoritynurseryschool"}


def _squeeze(name: str) -> str:
    """Letters and digits only; "16-19" and "16 to 19" are one."""
    return re.sub(r"[^a-z0-9]", "", re.sub(r"16\s*(?:-|–|to)\s*19", "1619", name.lower()))


# What staff choose from when the list has a type that is new.
TYPE_NAMES = tuple(_BY_NAME)
_TYPES = {_squeeze(name): establishment for name, establishment in _BY_NAME.items()}
_OTHERS = frozenset(map(_squeeze, _NOT_OURS))


def establishment_of(name: str) -> Establishment | None:
    """What a type is to a family; None for one that is on the list and not for families here.

    Raises KeyError for a type that nobody has told us of.
    """
    key = _squeeze(name)
    key = _OLD_NAMES.get(key, key)
    if key in _OTHERS:
        return None
    return _TYPES[key]
