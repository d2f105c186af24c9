"""What a person typed, as concepts: words and phrases with what staff say means the same."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from search.ages import named_age
from search.engines.base import MOST_CONCEPTS, Concept, Phrase
from search.models import SynonymGroup
from search.words import STOP_STEMS, STOP_WORDS, folded, gist, stems
from services import postcodes

LONGEST_PHRASE = 8
_DISTRICT = re.compile(r"[a-z]{1,2}\d[a-z\d]?", re.IGNORECASE)


class Thesaurus:
    """Groups of terms, by the stems of each. A group with a postcode district in it names a place:
    "Southmead" and "BS10". `place_words` are the words of such names."""

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        placed = [(group, next(filter(None, map(_district, group)), None)) for group in groups]
        named = [(term, found) for group, found in placed if found for term in group]
        self._places = {tuple(stems(term, LONGEST_PHRASE)): found for term, found in named}
        self.place_words = frozenset(word for term, _ in named for word in folded(term) if word.isalpha())
        groups = [group for group, found in placed if not found]
        self._groups = [
            tuple(dict.fromkeys(phrase for term in group if (phrase := tuple(stems(term, LONGEST_PHRASE)))))
            for group in groups
        ]
        self._of: dict[Phrase, list[int]] = {}
        for number, phrases in enumerate(self._groups):
            for phrase in phrases:
                self._of.setdefault(phrase, []).append(number)
        self._longest = max(map(len, [*self._of, *self._places]), default=0)
        self._loosely: dict[Phrase, list[int]] = {}
        for number, group in enumerate(groups):
            for key in dict.fromkeys(_loose(map(gist, folded(term)[:LONGEST_PHRASE])) for term in group):
                if key:
                    self._loosely.setdefault(key, []).append(number)
        self._loose_words = frozenset(word for key in self._loosely for word in key)

    def concepts(self, typed: str) -> tuple[Concept, ...]:
        """The concepts of a text, the longest known phrase first at each word.

        Words that say nothing (`STOP_WORDS`) are left out, unless there are no others. A place is none
        of them: see `place`. Nor is the number of an age: see `ages`.
        """
        found, plain = stems(typed), folded(typed)
        gists = [gist(word) for word in plain]
        age = named_age(plain)
        concepts: list[Concept] = []
        quiet: list[Concept] = []
        at, placed = 0, False
        while at < len(found):
            phrase = self._known(found, at)
            if phrase and self._place(phrase):
                placed = True
                at += len(phrase)
                continue
            loosely = self._loosely_known(gists, at)
            if loosely > len(phrase):
                concepts.append(self._meant(plain[at : at + loosely], found[at : at + loosely], phrase))
                at += loosely
                continue
            if phrase and not _is_quiet(plain[at : at + len(phrase)]):
                concepts.append(self.concept(" ".join(plain[at : at + len(phrase)]), [phrase]))
                at += len(phrase)
                continue
            concept = Concept(plain[at], ((found[at],),))
            says_nothing = plain[at] in STOP_WORDS or (age and at == age.at)
            (quiet if says_nothing else concepts).append(concept)
            at += 1
        unique: dict[tuple[Phrase, ...], Concept] = {}
        for concept in concepts or ([] if placed else quiet):
            unique.setdefault(concept.own, concept)
        return tuple(unique.values())[:MOST_CONCEPTS]

    def place(self, typed: str) -> postcodes.Place | None:
        """The first place that is named in a text: one that staff have taught, or a postcode district."""
        found = stems(typed)
        phrases = (self._known(found, at) for at in range(len(found)))
        return next((place for phrase in phrases if (place := self._place(phrase))), None)

    def _place(self, phrase: Phrase) -> postcodes.Place | None:
        if phrase in self._places:
            return self._places[phrase]
        return _district(phrase[0]) if len(phrase) == 1 and phrase not in self._of else None

    def concept(self, typed: str, phrases: Sequence[Phrase], groups: Iterable[int] = ()) -> Concept:
        """Phrases that stand for what was typed, with all that means the same. `groups`: numbers of further
        groups that they belong to."""
        known = (number for phrase in phrases for number in self._of.get(phrase, ()))
        groups = dict.fromkeys([*known, *groups])
        meant = (phrase for number in groups for phrase in self._groups[number])
        # "HI" has the stem of "his": what is typed may be it, but nearly every text holds it.
        also = dict.fromkeys(phrase for phrase in meant if not STOP_STEMS.issuperset(phrase))
        return Concept(typed, tuple(phrases), tuple(phrase for phrase in also if phrase not in phrases))

    def _meant(self, plain: Sequence[str], stemmed: Sequence[str], begin: Phrase) -> Concept:
        """The concept of words that say what a term says; `begin`: a term that they begin with."""
        groups = self._loosely[_loose(map(gist, plain))]
        phrases = [tuple(stemmed), *([begin] if begin in self._of else [])]
        return self.concept(" ".join(plain), phrases, groups)

    def knows(self, word: str) -> bool:
        """Whether staff have taught this word, so that it is not misspelt."""
        return tuple(stems(word)) in self._of

    def _known(self, found: Sequence[str], at: int) -> Phrase:
        for length in range(min(self._longest, len(found) - at), 0, -1):
            phrase = tuple(found[at : at + length])
            if phrase in self._of or phrase in self._places:
                return phrase
        return (found[at],) if _district(found[at]) else ()

    def _loosely_known(self, gists: Sequence[str], at: int) -> int:
        """How many words from `at` on say what a term says, with others put in between or left out; 0 where
        none do."""
        best = 0
        if gists[at]:
            for end in range(at + 1, min(at + LONGEST_PHRASE, len(gists)) + 1):
                last = gists[end - 1]
                if last and last not in self._loose_words:
                    break
                if last and _loose(gists[at:end]) in self._loosely:
                    best = end - at
        return best


def _loose(gists: Iterable[str]) -> Phrase:
    """What a phrase of several telling words says, in whatever order; nothing where there are too few."""
    found = tuple(sorted(each for each in gists if each))
    return found if len(found) > 1 else ()


def _is_quiet(words: Sequence[str]) -> bool:
    """Whether a known term is one word that says nothing, such as "his", which has the stem of "HI"."""
    return len(words) == 1 and words[0] in STOP_WORDS


def _district(term: str) -> postcodes.Place | None:
    """The place of a postcode district such as "BS10"; None for any other word."""
    return postcodes.lookup(term) if _DISTRICT.fullmatch(term.strip()) else None


@lru_cache(maxsize=2)
def thesaurus(version: int) -> Thesaurus:
    """The staff's synonyms as of `IndexState.synonyms`, read once a version."""
    groups = SynonymGroup.objects.filter(active=True).order_by("pk")
    return Thesaurus([group.term_list for group in groups])
