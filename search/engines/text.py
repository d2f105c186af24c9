"""The part of the embedded engine that the database does: which documents hold which words.

Documents and questions reach the database as stems of letters and digits (`search.words`), so the
databases agree on what matches and have nothing to parse that a person wrote.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from django.db import connection
from pyroaring import BitMap

from search.engines.base import Concept, Phrase

TABLE = "search_text"

# The columns of the text and what a word in each is worth.
WEIGHTS: Mapping[str, float] = {
    "name": 6,
    "topics": 4,
    "summary": 2,
    "keywords": 4,
    "description": 1,
    "details": 1,
    "place": 1,
}
FIELDS = tuple(WEIGHTS)
MOST_STEMS_A_FIELD = 2_000
# A synonym, or one word of a phrase that was asked for, is worth this much of the thing itself.
LESSER = 0.3
# A synonym of a phrase is worth more: services seldom say it as a family does, such as "keeps falling over".
OF_PHRASES = 0.7

Texts = Mapping[str, Sequence[str]]
# What is scored, with its worth.
Parts = Sequence[tuple[float, Sequence[Phrase]]]


class TextMatcher(Protocol):
    """Words to document ids."""

    def holding(self, asked: Sequence[Sequence[Phrase]]) -> list[BitMap]:
        """For each list of phrases the documents with any of them, in one query."""

    def ranked(
        self, concepts: Sequence[Concept], holders: Sequence[int], among: BitMap | None, limit: int
    ) -> list[tuple[int, float]]:
        """The best ids with their scores, best first; `holders` is how many documents hold each concept."""

    def scores(self, parts: Parts, among: BitMap) -> list[tuple[int, float]] | None:
        """Every one of `among` that holds a phrase, with its score, where scores are BM25 and so add up with
        those of `postings`; None where they do not."""

    def texts(self, ids: Sequence[int] | None = None) -> Iterator[tuple[int, Texts]]:
        """The stems of documents, or of every document, by id; ids ascending."""

    def write(self, rows: Iterable[tuple[int, Texts]]) -> None:
        """Add or replace the stems of documents, by field."""

    def remove(self, ids: Iterable[int]) -> None: ...

    def remove_strays(self, documents: str) -> None:
        """Words of what has no row in the table named `documents` go: they would count as common."""

    def mend(self) -> None:
        """Before a rebuild: a table that is missing or damaged is made anew."""

    def optimise(self) -> None:
        """After bulk writing: tidy up and let the database count its rows."""


def parts_of(concepts: Sequence[Concept], drop: frozenset[str]) -> list[tuple[float, list[Phrase]]]:
    """What is scored, with its worth: the words themselves, their synonyms, the single words of phrases."""
    own = [phrase for concept in concepts for phrase in concept.own]
    of_phrases = [phrase for concept in concepts if concept.is_phrase for phrase in concept.also]
    also = [phrase for concept in concepts if not concept.is_phrase for phrase in concept.also]
    single = [(word,) for phrase in own if len(phrase) > 1 for word in phrase if word not in drop]
    parts = [(1.0, own), (OF_PHRASES, of_phrases), (LESSER, also), (LESSER, single)]
    return [(worth, sorted(set(phrases))) for worth, phrases in parts if phrases]


def matcher() -> TextMatcher:
    """The matcher of the default database."""
    if connection.vendor == "postgresql":
        from search.engines.text_postgres import PostgresText

        return PostgresText()
    from search.engines.text_sqlite import SqliteText

    return SqliteText()
