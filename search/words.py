"""Text to the words that search compares: one analysis for documents, queries and highlights.

A word is folded (no case, accents or apostrophes) and stemmed. Every engine is given these words and
never the text, so engines agree on what matches, and no query syntax can reach them: a word holds
letters and digits and nothing else.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from search.stemming import KEPT_WORDS, stem

LONGEST_WORD = 40
_RUN = re.compile(r"[^\W_]+(?:['’‘`´ʼ][^\W_]+)*", re.UNICODE)
_POSSESSIVE = re.compile(r"['’‘`´ʼ]s$", re.IGNORECASE)

# Words that say nothing about the help that is sought: English grammar, and how families begin
# ("my son wants", "is there any", "I am looking for").
_STOP_WORDS = """
    a about after all also am an and any anyone anything are as at be because been before being but by
    can cant could did do does doing dont else for from get gets getting give go goes going got had has
    hasnt have havent having he her here hers him himself his hows how i id if ill im in into is isnt it
    its ive just keep keeps know like look looking lot make many may me mine more most much must my
    myself near nearby need needs no not now of off on one only or other our ours out over please put
    really same she shes should so some someone something somewhere still such take tell than that thats
    the their theirs them then there theres these they theyre thing things think this those to too up us
    use very want wants was we well were what whats when where wheres whether which while who whos why
    will with within without wont would you your yours
    boy boys child childs children daughter daughters girl girls kid kids lad little old son sons year
    years yr yrs yo aged age
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())


class Token(NamedTuple):
    """A word of a text: its stem, and where it stands in the text."""

    stem: str
    start: int
    end: int


@lru_cache(maxsize=KEPT_WORDS)
def fold(run: str) -> str:
    """One run of letters and digits without case, accents, apostrophes or a possessive s."""
    plain = unicodedata.normalize("NFKD", _POSSESSIVE.sub("", run)).casefold()
    return "".join(letter for letter in plain if letter.isalnum())[:LONGEST_WORD]


@lru_cache(maxsize=KEPT_WORDS)
def _stem_of(run: str) -> str:
    return stem(fold(run))


STOP_STEMS = frozenset(STOP_WORDS | {stem(word) for word in STOP_WORDS})


def tokens(text: str) -> Iterator[Token]:
    """The words of a text with their places, for highlights."""
    for found in _RUN.finditer(text):
        if word := _stem_of(found.group()):
            yield Token(word, found.start(), found.end())


def stems(text: str, limit: int | None = None) -> list[str]:
    """The stems of a text in order, at most `limit`; stop words stay, so that phrases hold."""
    return [word for run in _RUN.findall(text) if (word := _stem_of(run))][:limit]


def folded(text: str) -> list[str]:
    """The folded words of a text, not stemmed: one for each stem of `stems`."""
    return [word for run in _RUN.findall(text) if (word := fold(run))]


def put_right(text: str, right: Mapping[str, str]) -> str:
    """The text with some words replaced; `right`: folded word to what shall stand in its place."""
    return _RUN.sub(lambda found: right.get(fold(found.group()), found.group()), text)


def is_latin(text: str) -> bool:
    """Whether any letter of a text is of the Latin script, as all of English are."""
    return any("LATIN" in unicodedata.name(letter, "") for letter in text)
