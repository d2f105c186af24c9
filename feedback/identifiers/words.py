"""Word lists of the finder, and what a name looks like in writing.

Our own list holds the names of families in England as they are written and shortened. Faker (MIT)
ships lists for the languages they come from; its words that are plain English too are left out.
"""

import re
import unicodedata
from functools import cache
from importlib import import_module
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data"
# The package's lists that are written in Latin letters.
LOCALES = (
    "cs_CZ de_DE en_GB en_IE en_IN en_KE en_NG en_PK en_US es_ES fr_FR ga_IE ha_NG hr_HR hu_HU ig_NG it_IT "
    "lt_LT lv_LV nl_NL pl_PL pt_PT ro_RO sk_SK sw tr_TR tw_GH vi_VN yo_NG zu_ZA"
)
LISTS = ("first_names", "first_names_male", "first_names_female", "first_names_unisex")


def words_in(name: str) -> frozenset[str]:
    """The words of one of our lists."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


WORD_NAMES = words_in("word_names.txt")
OUR_NAMES = words_in("first_names.txt") - WORD_NAMES

UPPER = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĢĪŁŃŇŌŐŘŚŞŠŢŤŪŮŰŹŻŽ"
LETTER = r"[^\W\d_]"
# A capitalised word, with its hyphens and the apostrophe of O'Neill, without the 's of a possessive.
CAP = rf"(?<!{LETTER})(?:O['’])?[{UPPER}]{LETTER}{{1,30}}(?:-[{UPPER}]?{LETTER}{{1,30}}){{0,3}}(?!{LETTER})"
INITIAL = rf"[{UPPER}]\.?"
FULL = rf"(?:{INITIAL}\s){{0,3}}{CAP}(?:\s{CAP}){{0,2}}"
# What is no name, though it has a capital letter, however it stands in a sentence.
NOT_NAMES = words_in("not_names.txt")
NAME_NEEDS_NO_LIST = 3  # a name shorter than this has to be in the list


@cache
def common_words() -> frozenset[str]:
    """The English words that the package makes sentences of: the most frequent thousand."""
    provider = import_module("faker.providers.lorem.en_US").Provider
    return frozenset(word.lower() for word in provider.word_list)


@cache
def english_words() -> frozenset[str]:
    """Many more, for where a capital or a place in the sentence proves nothing."""
    return common_words() | words_in("english.txt")


@cache
def first_names() -> frozenset[str]:
    """Ours and the package's. Read when they are first asked for: it takes a third of a second."""
    found: set[str] = set()
    for locale in LOCALES.split():
        provider = import_module(f"faker.providers.person.{locale}").Provider
        for name in LISTS:
            for written in getattr(provider, name, ()):
                found.update(re.split(r"[\s-]+", written))
    return OUR_NAMES | (_no_words(found) - WORD_NAMES)


@cache
def english_lower_names() -> frozenset[str]:
    """In small letters, those that are no other English word: for texts without capitals."""
    found: set[str] = set(OUR_NAMES)
    for locale in ("en_GB", "en_IE"):
        found.update(getattr(import_module(f"faker.providers.person.{locale}").Provider, "first_names", ()))
    return frozenset(word.lower() for word in _no_words(found) - WORD_NAMES - words_in("small_words.txt"))


@cache
def small_surnames() -> frozenset[str]:
    """Family names in small letters, for names that nobody gave a capital: "muhammad ibrahim khan"."""
    found: set[str] = set()
    for locale in ("en_GB", "en_IE", "en_IN", "en_PK", "en_KE", "pl_PL", "ro_RO", "tr_TR", "yo_NG", "ig_NG"):
        found.update(getattr(import_module(f"faker.providers.person.{locale}").Provider, "last_names", ()))
    return frozenset(word.lower() for word in _no_words(found) - WORD_NAMES)


def _no_words(found: set[str]) -> frozenset[str]:
    """Without what is a plain English word too, or too short to tell."""
    no_names = NOT_NAMES | words_in("not_from_lists.txt")
    return frozenset(
        word
        for word in found - no_names
        if len(word) > 2 and word[:1].isupper() and word.lower() not in common_words()
    )


@cache
def lower_names() -> frozenset[str]:
    return frozenset(name.lower() for name in first_names())


def bare(word: str) -> str:
    """Without accents: "Siân" is listed as "Sian"."""
    parts = unicodedata.normalize("NFD", word)
    return "".join(c for c in parts if not unicodedata.combining(c)).replace("ł", "l").replace("Ł", "L")


def is_name(word: str) -> bool:
    """Whether a word on its own is surely a first name."""
    return any(part in first_names() or bare(part) in first_names() for part in (word, *word.split("-")))


def may_be_name(word: str) -> bool:
    """Whether a capitalised word may be a name where the words around it speak of a person."""
    return word[:1].isupper() and not word.isupper() and word not in NOT_NAMES


def is_name_anyhow(word: str) -> bool:
    """Whether it is a listed name in any case: "JAYDEN", "jayden"."""
    return bare(word).lower() in lower_names() or word.capitalize() in WORD_NAMES and word[:1].isupper()


def either(words: str) -> str:
    """A pattern of any of these words; `_` stands for a space, `'` for either apostrophe."""
    listed = sorted(words.split(), key=len, reverse=True)
    return "(?:" + "|".join(word.replace("_", r"\s").replace("'", "['’]") for word in listed) + ")"
