"""Word lists of the finder, and what a name looks like in writing."""

import unicodedata
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"


def words_in(name: str) -> frozenset[str]:
    """The words of one of our lists."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


WORD_NAMES = words_in("word_names.txt")
FIRST_NAMES = words_in("first_names.txt") - WORD_NAMES
LOWER_NAMES = frozenset(name.lower() for name in FIRST_NAMES)

UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĢĪŁŃŇŌŐŘŚŞŠŢŤŪŮŰŹŻŽ"
LETTER = r"[^\W\d_]"
# A capitalised word, with its hyphens and the apostrophe of O'Neill, without the 's of a possessive.
CAP = rf"(?<!{LETTER})(?:O['’])?[{UPPER}]{LETTER}{{1,30}}(?:-[{UPPER}]?{LETTER}{{1,30}}){{0,3}}(?!{LETTER})"
INITIAL = rf"[{UPPER}]\.?"
FULL = rf"(?:{INITIAL}\s){{0,3}}{CAP}(?:\s{CAP}){{0,2}}"
# What is no name, though it has a capital letter, however it stands in a sentence.
NOT_NAMES = words_in("not_names.txt")
NAME_NEEDS_NO_LIST = 3  # a name shorter than this has to be in the list


def bare(word: str) -> str:
    """Without accents: "Siân" is listed as "Sian"."""
    parts = unicodedata.normalize("NFD", word)
    return "".join(c for c in parts if not unicodedata.combining(c)).replace("ł", "l").replace("Ł", "L")


def is_name(word: str) -> bool:
    """Whether a word on its own is surely a first name."""
    return any(part in FIRST_NAMES or bare(part) in FIRST_NAMES for part in (word, *word.split("-")))


def may_be_name(word: str) -> bool:
    """Whether a capitalised word may be a name where the words around it speak of a person."""
    return word[:1].isupper() and not word.isupper() and word not in NOT_NAMES


def is_name_anyhow(word: str) -> bool:
    """Whether it is a listed name in any case: "JAYDEN", "jayden"."""
    return bare(word).lower() in LOWER_NAMES or word.capitalize() in WORD_NAMES and word[:1].isupper()


def either(words: str) -> str:
    """A pattern of any of these words; `_` stands for a space, `'` for either apostrophe."""
    listed = sorted(words.split(), key=len, reverse=True)
    return "(?:" + "|".join(word.replace("_", r"\s").replace("'", "['’]") for word in listed) + ")"
