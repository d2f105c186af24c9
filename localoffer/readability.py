"""How hard a text is to read: its sentences, its words and LIX. Pure.

LIX (Björnsson 1968) is the mean number of words in a sentence plus the percentage of words of more
than six letters. The thresholds are those of the content metrics in Wagtail's editor, so that the
report and the editor never tell a person two things. It sorts pages for a person to look at; it is
never a gate.
"""

import re
from dataclasses import dataclass

from localoffer.markup import text_of

LONG_WORD = 6
FEWEST_WORDS = 10
GOOD_BELOW = 35
FAIR_BELOW = 45

_WORD = re.compile(r"[^\W_]+(?:['’.][^\W_]+|(?<=\d),\d+)*")
_STOP = re.compile(r"(?<![.!?…])([.!?…]+)[\"'”’)\]]*\s+")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a text reads. `lix` is 0 for a text too short to measure."""

    words: int
    sentences: int
    lix: float
    longest: str = ""

    @property
    def rating(self) -> str:
        """ "Good", "Fair" or "Complex"; empty for a text too short to measure."""
        if self.words < FEWEST_WORDS:
            return ""
        if self.lix < GOOD_BELOW:
            return "Good"
        return "Fair" if self.lix < FAIR_BELOW else "Complex"

    @property
    def longest_words(self) -> int:
        """How many words the longest sentence has."""
        return len(words(self.longest))


def words(text: str) -> list[str]:
    """The words and numbers; an apostrophe or a point inside one does not split it."""
    return [match[0] for match in _WORD.finditer(text)]


def sentences(text: str) -> list[str]:
    """Sentences with at least one word. The end of a line ends a sentence."""
    return [part for line in text.splitlines() for part in _split(line) if _WORD.search(part)]


def _split(line: str) -> list[str]:
    """A full stop before a small letter ends nothing: "e.g. a card"."""
    parts, start = [], 0
    for match in _STOP.finditer(line):
        following = line[match.end() : match.end() + 1]
        if set(match[1]) & set("!?") or not following.islower():
            parts.append(line[start : match.end()].strip())
            start = match.end()
    return [*parts, line[start:].strip()]


def measure_html(html: str) -> Reading:
    """How some HTML reads."""
    return measure(text_of(html))


def measure(text: str) -> Reading:
    """How a plain text reads."""
    found = sentences(text)
    counted = [len(words(sentence)) for sentence in found]
    total = sum(counted)
    longest = found[counted.index(max(counted))] if found else ""
    if not found or total < FEWEST_WORDS:
        return Reading(total, len(found), 0.0, longest)
    long = sum(len(word) > LONG_WORD for sentence in found for word in words(sentence))
    return Reading(total, len(found), total / len(found) + 100 * long / total, longest)
