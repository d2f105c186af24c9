"""English word endings taken off, so that "swimming" finds "swim".

The method is M. F. Porter's ("An algorithm for suffix stripping", Program 14(3), 1980). It is done here
and not in the database, so that SQLite, PostgreSQL and any later engine agree on which words are the same.
"""

import re
from functools import lru_cache

# So many words are kept with what was made of them: the commoner ones of any directory, in some 3 MB each.
KEPT_WORDS = 16_384
_STEP_2 = (
    ("ational", "ate"),
    ("tional", "tion"),
    ("enci", "ence"),
    ("anci", "ance"),
    ("izer", "ize"),
    ("iser", "ise"),
    ("abli", "able"),
    ("alli", "al"),
    ("entli", "ent"),
    ("eli", "e"),
    ("ousli", "ous"),
    ("ization", "ize"),
    ("isation", "ise"),
    ("ation", "ate"),
    ("ator", "ate"),
    ("alism", "al"),
    ("iveness", "ive"),
    ("fulness", "ful"),
    ("ousness", "ous"),
    ("aliti", "al"),
    ("iviti", "ive"),
    ("biliti", "ble"),
)
_STEP_3 = (
    ("icate", "ic"),
    ("ative", ""),
    ("alize", "al"),
    ("alise", "al"),
    ("iciti", "ic"),
    ("ical", "ic"),
    ("ful", ""),
    ("ness", ""),
)
_STEP_4 = (
    "ement", "ance", "ence", "able", "ible", "ment", "ant", "ent", "ism", "ate", "iti", "ous", "ive",
    "ize", "ise", "ion", "al", "er", "ic", "ou",
)  # fmt: skip
_IRREGULAR = {
    "children": "child",
    "feet": "foot",
    "men": "man",
    "mom": "mum",
    "moms": "mum",
    "people": "person",
    "program": "programm",
    "programs": "programm",
    "swam": "swim",
    "taught": "teach",
    "teeth": "tooth",
    "women": "woman",
}
# American spellings, which phones suggest, to those of the texts here: how such words begin.
_AMERICAN = {
    "behavior": "behaviour",
    "center": "centre",
    "color": "colour",
    "counselor": "counsellor",
    "favorit": "favourit",
    "fetal": "foetal",
    "neighbor": "neighbour",
    "orthoped": "orthopaed",
    "pediatri": "paediatri",
}
_AMERICAN_BEGIN = re.compile("|".join(_AMERICAN))


def _shape(word: str) -> str:
    """The word as v and c; a y after a consonant is a vowel."""
    shape = ""
    for at, letter in enumerate(word):
        vowel = letter in "aeiou" or (letter == "y" and at > 0 and shape[at - 1] == "c")
        shape += "v" if vowel else "c"
    return shape


def _measure(word: str) -> int:
    """Porter's m: how many times a vowel run is followed by a consonant run."""
    return len(re.findall("vc", _shape(word)))


def _short_end(word: str) -> bool:
    """Porter's *o: consonant, vowel, consonant, the last not w, x or y ("hop", not "snow")."""
    return _shape(word)[-3:] == "cvc" and word[-1] not in "wxy"


def _plural(word: str) -> str:
    if word.endswith("ies"):
        return word[:-2] if len(word) > 4 else word[:-1]
    if word.endswith("sses"):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _past(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) > 0 else word
    for ending in ("ed", "ing"):
        root = word.removesuffix(ending)
        if root != word and "v" in _shape(root):
            if root.endswith(("at", "bl", "iz", "is")):
                return root + "e"
            if len(root) > 1 and root[-1] == root[-2] and _shape(root)[-1] == "c" and root[-1] not in "lsz":
                return root[:-1]
            return root + "e" if _measure(root) == 1 and _short_end(root) else root
    return word


def _swap(word: str, table: tuple[tuple[str, str], ...]) -> str:
    for ending, instead in table:
        if word.endswith(ending):
            root = word.removesuffix(ending)
            return root + instead if _measure(root) > 0 else word
    return word


def _drop(word: str) -> str:
    for ending in _STEP_4:
        if word.endswith(ending):
            root = word.removesuffix(ending)
            if ending == "ion" and not root.endswith(("s", "t")):
                return word
            return root if _measure(root) > 1 else word
    return word


def _tidy(word: str) -> str:
    if word.endswith("e"):
        root = word[:-1]
        if _measure(root) > 1 or (_measure(root) == 1 and not _short_end(root)):
            word = root
    return word[:-1] if word.endswith("ll") and _measure(word[:-1]) > 1 else word


@lru_cache(maxsize=KEPT_WORDS)
def stem(word: str) -> str:
    """The stem of one lower-case word; what is not plain a to z is given back as it came."""
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 3 or not (word.isascii() and word.isalpha()):
        return word
    if found := _AMERICAN_BEGIN.match(word):
        word = _AMERICAN[found[0]] + word[found.end() :]
    word = _past(_plural(word))
    if word.endswith("y") and "v" in _shape(word[:-1]):
        word = word[:-1] + "i"
    return _tidy(_drop(_swap(_swap(word, _STEP_2), _STEP_3)))
