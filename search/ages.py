"""An age among the words of a search: "my 4 yr old", "aged twelve", "club for 15yo". Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from search.request import read_age

# "Three years" alone is how long something has gone on.
_UNITS = frozenset(("y", "yr", "yrs", "year", "years"))
_BEFORE = frozenset(("age", "aged"))
# "He's 3", "she is 11", "turning 18".
_IS = frozenset(("he", "hes", "she", "shes", "is", "im", "turning", "turns", "turned"))
# What follows an age that a search begins with: "11 and still in nappies".
_AFTER_FIRST = frozenset(("and", "but", "with"))
# What follows a number that is no age: "is 3 weeks late", "is 5 miles away".
_UNIT_WORDS = """
    day days week weeks wk wks month months mth mths mile miles hour hours hr hrs minute minutes min mins
"""
_OTHER_UNITS = frozenset(_UNIT_WORDS.split())
# Year 1 to 13 of school. Children in year 1 are five when it begins.
_SCHOOL_YEAR = re.compile(r"(?:y|yr|year)?([1-9]|1[0-3])")
_SCHOOL_YEAR_BEFORE = frozenset(("year", "yr"))
_AGE_IN_YEAR_1 = 5
_JOINED = re.compile(r"(\d{1,2})(yo|y|yr|yrs|year|years|yearold)")


@dataclass(frozen=True, slots=True)
class NamedAge:
    """In whole years; `at` is which word the number is."""

    years: int
    at: int


def named_age(words: Sequence[str]) -> NamedAge | None:
    """The first age that folded words (`words.folded`) name. A bare number says nothing: it may be a bus."""
    for at, word in enumerate(words):
        before = words[at - 1] if at else ""
        after = words[at + 1 : at + 3]
        number = _number(word, before, after)
        years = read_age(number) if number else _school_year(word, before, after)
        if years is not None:
            return NamedAge(years, at)
    return None


def _number(word: str, before: str, after: Sequence[str]) -> str:
    """What of a word is an age in years, by the words around it; nothing where it is none."""
    joined = _JOINED.fullmatch(word)
    if joined:
        is_whole = joined[2] in ("yo", "yearold")
        return joined[1] if is_whole or before in _BEFORE or after[:1] == ["old"] else ""
    is_aged = before in _BEFORE or after[:1] in (["yo"], ["yearold"])
    is_first = not before and word.isdigit() and bool(after) and after[0] in _AFTER_FIRST
    is_old = len(after) > 1 and after[0] in _UNITS and after[1] == "old"
    return word if is_aged or is_first or is_old or _is_said(word, before, after) else ""


def _is_said(word: str, before: str, after: Sequence[str]) -> bool:
    """Whether it is an age without "old": "hes 3 yrs", but not "is 3 weeks" or "is 2 years behind"."""
    if not word.isdigit() or before not in _IS:
        return False
    if not after:
        return True
    is_other = after[0] in _OTHER_UNITS or after[0].isdigit()  # "what is 1:1"
    return not is_other and (after[0] not in _UNITS or len(after) == 1)


def _school_year(word: str, before: str, after: Sequence[str]) -> int | None:
    """The age of children in the year of school that a word names: "year 9", "yr 5", "y7"."""
    found = _SCHOOL_YEAR.fullmatch(word)
    is_named = found and (before in _SCHOOL_YEAR_BEFORE or not word.isdigit())
    if not found or not is_named or after[:1] and after[0] in _OTHER_UNITS | _UNITS | {"old", "olds"}:
        return None
    return int(found[1]) - 1 + _AGE_IN_YEAR_1
