"""Brings the detectors' marks together: overlaps joined, repeated names marked again."""

import re
from collections.abc import Iterable, Iterator

from feedback.identifiers import names, numbers, pointers
from feedback.identifiers.kinds import Identifier, Kind
from feedback.identifiers.words import CAP, NOT_NAMES, WORD_NAMES

Span = tuple[int, int, Kind]
# Where marks overlap, the kind that says most.
STRENGTH = {
    kind: number
    for number, kind in enumerate(
        (
            Kind.EMAIL, Kind.PHONE, Kind.NUMBER, Kind.POSTCODE, Kind.ADDRESS, Kind.STAFF, Kind.NAME,
            Kind.BIRTH, Kind.SETTING, Kind.HEALTH, Kind.ACCOUNT, Kind.POINTER,
        )
    )
}  # fmt: skip


def find(text: str) -> list[Identifier]:
    """Every mark in `text`, in order and apart from one another."""
    spans: list[Span] = [*numbers.find(text), *names.find(text), *pointers.find(text)]
    spans += _repeated(text, spans)
    return [Identifier(start, end, kind, text[start:end]) for start, end, kind in _joined(spans)]


def removed(text: str) -> str:
    """The text with every mark replaced by a word for what was there: a first draft, never the last."""
    kept, at = [], 0
    for mark in find(text):
        kept += [text[at : mark.start], f"[removed: {mark.kind.removed_as}]"]
        at = mark.end
    return "".join([*kept, text[at:]])


def _repeated(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """The same name again, wherever it stands."""
    found = set()
    for start, end, kind in spans:
        if kind in (Kind.NAME, Kind.STAFF):
            found.update(re.findall(CAP, text[start:end]))
    for word in found - NOT_NAMES - WORD_NAMES:
        if len(word) > 2:
            for match in re.finditer(rf"\b{re.escape(word)}\b", text):
                yield match.start(), match.end(), Kind.NAME


def _joined(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end, kind in sorted(spans, key=lambda s: (s[0], -s[1])):
        if joined and start < joined[-1][1]:
            first, last, other = joined[-1]
            joined[-1] = (first, max(last, end), min(kind, other, key=STRENGTH.__getitem__))
        else:
            joined.append((start, end, kind))
    return joined
