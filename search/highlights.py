"""Why a result was found: its text, which is plain, escaped and with the matched words marked. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from html import escape

from django.utils.html import format_html
from django.utils.safestring import SafeString

from search.engines.base import Phrase
from search.words import STOP_STEMS, Token, stems, tokens

PASSAGE_WORDS = 28
WORDS_BEFORE = 8


def mark(text: str, phrases: Iterable[Phrase]) -> SafeString:
    """The text, escaped, with <mark> around each phrase."""
    found = _places(text, _useful(tuple(phrases)))
    return _marked(text, _matches(*found)) if found else SafeString(escape(text))


def passage(text: str, phrases: Iterable[Phrase]) -> SafeString:
    """Some words around the first match, marked; empty when nothing matches."""
    places = _places(text, _useful(tuple(phrases)))
    matches = _matches(*places) if places else []
    if not places or not matches:
        return SafeString("")
    found = places[0]
    at = next(number for number, token in enumerate(found) if token.start == matches[0][0])
    first = max(0, at - WORDS_BEFORE)
    last = min(len(found), first + PASSAGE_WORDS) - 1
    start, end = found[first].start, found[last].end
    before = "… " if first else ""
    after = " …" if last < len(found) - 1 else text[end:]
    inside = [(a - start, b - start) for a, b in matches if a >= start and b <= end]
    return format_html("{}{}{}", before, _marked(text[start:end], inside), after)


def _places(
    text: str, by_first: Mapping[str, list[Phrase]]
) -> tuple[Sequence[Token], Mapping[str, list[Phrase]]] | None:
    """The words with their places, where any phrase may begin among them: most texts hold none."""
    if not by_first or by_first.keys().isdisjoint(stems(text)):
        return None
    return list(tokens(text)), by_first


@lru_cache(maxsize=64)
def _useful(phrases: tuple[Phrase, ...]) -> Mapping[str, list[Phrase]]:
    """Phrases by their first word; a phrase of nothing but stop words marks nothing."""
    by_first: dict[str, list[Phrase]] = {}
    for phrase in phrases:
        if any(word not in STOP_STEMS for word in phrase):
            by_first.setdefault(phrase[0], []).append(phrase)
    return by_first


def _matches(found: Sequence[Token], by_first: Mapping[str, list[Phrase]]) -> list[tuple[int, int]]:
    """Where the longest phrase at each word begins and ends."""
    matches: list[tuple[int, int]] = []
    at = 0
    while at < len(found):
        length = max((len(p) for p in by_first.get(found[at].stem, ()) if _stands(found, at, p)), default=0)
        if length:
            matches.append((found[at].start, found[at + length - 1].end))
        at += length or 1
    return matches


def _stands(found: Sequence[Token], at: int, phrase: Phrase) -> bool:
    return tuple(token.stem for token in found[at : at + len(phrase)]) == phrase


def _marked(text: str, matches: Sequence[tuple[int, int]]) -> SafeString:
    parts: list[str] = []
    done = 0
    for start, end in matches:
        parts += [escape(text[done:start]), f"<mark>{escape(text[start:end])}</mark>"]
        done = end
    return SafeString("".join([*parts, escape(text[done:])]))
