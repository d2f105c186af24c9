"""What was changed between two texts, word by word. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

TOKEN = re.compile(r"\[removed:[^\]]*\]|\w+|\s+|[^\w\s]")
# Beyond this many words, whole lines are compared: the work stays small whatever is sent in.
MOST_WORDS = 4000


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words that are the `same`, were taken `out` or were put `in`."""

    kind: str
    words: str


def between(before: str, after: str) -> list[Stretch]:
    """Stretches that give `before` without what is "in", and `after` without what is "out"."""
    one, other = _tokens(before), _tokens(after)
    if max(len(one), len(other)) > 2 * MOST_WORDS:
        one, other = before.splitlines(keepends=True), after.splitlines(keepends=True)
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return [
        stretch
        for _, a, b, c, d in matcher.get_opcodes()
        for stretch in _of("".join(one[a:b]), "".join(other[c:d]))
    ]


def _tokens(text: str) -> list[str]:
    return TOKEN.findall(text)


def _of(gone: str, new: str) -> Iterator[Stretch]:
    if gone == new:
        yield Stretch("same", gone)
        return
    if gone:
        yield Stretch("out", gone)
    if new:
        yield Stretch("in", new)
