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

# Words that say nothing about the help that is sought: English grammar, how families begin ("my son wants",
# "is there any", "I am looking for"), and "help", which every service here is.
_STOP_WORDS = """
    a about actually after again all already also always am an and any anyone anything are arent as at be
    because been before being but by can cant could couldnt did didnt do does doesnt doing dont else even
    ever every everything for from get gets getting give go goes going gone got had has hasnt have havent
    having he her here hers hes him himself his how hows i id if ill im in instead into is isnt it its ive
    just keep keeps know let lets like look looking lot lots make many may me mine more most much must my
    myself near nearby need needs never no nobody not nothing now of off on one only or other our ours out
    over please put quite really said same saying says she shell shes should so some someone something
    sometimes somewhere still such take tell tells than that thats the their theirs them then there theres
    these they theyre thing things think this those to told too up us use very want wants was wasnt we well
    went were what whats when where wheres whether which while who whos why will with within without wont
    would wouldnt yet you your yours
    boy boys child childs children daughter daughters girl girls kid kids lad little old son sons year
    years yr yrs yo aged age
    help helps helping
"""
STOP_WORDS = frozenset(_STOP_WORDS.split())
# Words for what a child does not do or finds hard, which families use for each other: "can't read", "doesn't
# read", "not reading", "trouble with reading".
_NOT_WORDS = """
    barely cannot cant couldnt didnt difficult difficulties difficulty doesnt dont hard hardly hasnt havent
    isnt never no not poor problem problems refuses refusing struggle struggled struggles struggling trouble
    unable wasnt wont wouldnt
"""
NOT_WORDS = frozenset(_NOT_WORDS.split())
# Stands for each of them; no word that is typed can be it.
NOT = "-"


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


def gist(word: str) -> str:
    """What a folded word says in a phrase: nothing for one that may be left out or put in, such as "the",
    and one and the same for all that say what is hard."""
    if word in NOT_WORDS:
        return NOT
    return "" if word in STOP_WORDS else stem(word)


def put_right(text: str, right: Mapping[str, str]) -> str:
    """The text with some words replaced; `right`: folded word to what shall stand in its place."""
    return _RUN.sub(lambda found: right.get(fold(found.group()), found.group()), text)


def is_latin(text: str) -> bool:
    """Whether any letter of a text is of the Latin script, as all of English are."""
    return any("LATIN" in unicodedata.name(letter, "") for letter in text)
