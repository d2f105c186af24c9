"""An age among the words of a search: "my 4 yr old", "aged twelve", "club for 15yo". Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from search.request import read_age

# "Three years" alone is how long something has gone on.
_UNITS = frozenset(("y", "yr", "yrs", "year", "years"))
_BEFORE = frozenset(("age", "aged"))
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
        number = _number(word, before, words[at + 1 : at + 3])
        years = read_age(number) if number else None
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
    is_old = len(after) > 1 and after[0] in _UNITS and after[1] == "old"
    return word if is_aged or is_old else ""
