"""PostgreSQL's full text: which documents hold which words, and how well (ts_rank and rarity)."""

from collections.abc import Iterable, Iterator, Sequence
from math import log, sqrt

from django.db import connection, transaction
from pyroaring import BitMap

from search.engines.base import Concept, Phrase
from search.engines.text import FIELDS, TABLE, Parts, Texts, parts_of
from search.words import STOP_STEMS

CREATE = (
    f"CREATE TABLE {TABLE} (id bigint PRIMARY KEY, vector tsvector NOT NULL);"
    f"CREATE INDEX {TABLE}_vector ON {TABLE} USING gin (vector)"
)
DROP = f"DROP TABLE {TABLE}"

# PostgreSQL knows four weights; D, C, B and A are worth these. Flatter than `text.WEIGHTS`: ts_rank lets a
# word count less each time it comes again, so that many places in a text never outdo one in a name.
_LETTERS = {"name": "A", "topics": "B", "keywords": "B", "summary": "C"}
_WORTHS = "'{0.5, 0.7, 0.9, 1.0}'"
_FIELDS_AGAIN = {"A": "name", "B": "topics", "C": "summary"}
# Between fields, so that no phrase runs from one into the next.
_GAP = 10
_LAST_POSITION = 16_383


def match_expression(phrases: Sequence[Phrase]) -> str:
    """A tsquery. Stems hold letters and digits only, so nothing needs escaping."""
    return " | ".join("(" + " <-> ".join(f"'{word}'" for word in phrase) + ")" for phrase in phrases)


def vector(texts: Texts) -> str:
    """A tsvector literal: each stem with its positions and weights."""
    places: dict[str, list[str]] = {}
    position = 1
    for name in FIELDS:
        letter = _LETTERS.get(name, "D")
        for word in texts.get(name, ()):
            if position < _LAST_POSITION:
                places.setdefault(word, []).append(f"{position}{letter}")
            position += 1
        position += _GAP
    return " ".join(f"'{word}':{','.join(found)}" for word, found in places.items())


def texts_of(literal: str) -> Texts:
    """The stems of a tsvector literal, in fields of the same weight."""
    found: dict[str, list[str]] = {}
    for each in literal.split():
        word, _, places = each.rpartition(":")
        for place in places.split(","):
            found.setdefault(_FIELDS_AGAIN.get(place[-1], "description"), []).append(word.strip("'"))
    return found


def _undiluted(phrases: Sequence[Phrase]) -> float:
    """ts_rank divides by how many words may be held: a service would match less well for each further synonym
    that staff teach. The root of it is given back, so that many synonyms neither drown nor rule."""
    return sqrt(len({word for phrase in phrases for word in phrase})) if len(phrases) > 1 else 1.0


class PostgresText:
    def holding(self, asked: Sequence[Sequence[Phrase]]) -> list[BitMap]:
        one = f"SELECT %s, array_agg(id) FROM {TABLE} WHERE vector @@ %s::tsquery"
        given: list[object] = []
        for number, phrases in enumerate(asked):
            given += [number, match_expression(phrases)]
        found = [BitMap() for _ in asked]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join([one] * len(asked)), given)
            for number, ids in cursor.fetchall():
                found[number] = BitMap(ids or ())
        return found

    def ranked(
        self, concepts: Sequence[Concept], holders: Sequence[int], among: BitMap | None, limit: int
    ) -> list[tuple[int, float]]:
        """ts_rank knows nothing of rarity, so each concept's rank is multiplied by its own."""
        scored: list[str] = []
        given: list[object] = []
        every: set[Phrase] = set()
        for concept, holding in zip(concepts, holders, strict=True):
            rarity = log(1 + max(sum(holders), 1) / (holding + 0.5))
            for worth, phrases in parts_of([concept], STOP_STEMS):
                scored.append(f"%s * ts_rank({_WORTHS}, vector, %s::tsquery, 1)")
                given += [worth * rarity * _undiluted(phrases), match_expression(phrases)]
                every.update(phrases)
        where = "vector @@ %s::tsquery"
        given.append(match_expression(sorted(every)))
        if among is not None:
            where += " AND id = ANY(%s)"
            given.append(list(among))
        sql = (
            f"SELECT id, {' + '.join(scored)} AS score FROM {TABLE} WHERE {where}"
            " ORDER BY score DESC, id LIMIT %s"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [*given, limit])
            return [(int(id), float(score)) for id, score in cursor.fetchall()]

    def scores(self, parts: Parts, among: BitMap) -> None:
        """Nothing: ts_rank is another measure."""

    def texts(self, ids: Sequence[int] | None = None) -> Iterator[tuple[int, Texts]]:
        """By the four weights: which field of one weight held a word is not known any more."""
        sql, given = f"SELECT id, vector::text FROM {TABLE}", []
        if ids is not None:
            sql, given = f"{sql} WHERE id = ANY(%s)", [list(ids)]
        with connection.chunked_cursor() as cursor:
            cursor.execute(f"{sql} ORDER BY id", given)
            while rows := cursor.fetchmany(5_000):
                for id, held in rows:
                    yield id, texts_of(held)

    def write(self, rows: Iterable[tuple[int, Texts]]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {TABLE} (id, vector) VALUES (%s, %s::tsvector)"
                " ON CONFLICT (id) DO UPDATE SET vector = EXCLUDED.vector",
                [(id, vector(texts)) for id, texts in rows],
            )

    def remove(self, ids: Iterable[int]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {TABLE} WHERE id = ANY(%s)", [list(ids)])

    def remove_strays(self, documents: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {TABLE} AS held WHERE NOT EXISTS"
                f" (SELECT 1 FROM {documents} AS document WHERE document.id = held.id)"
            )

    def mend(self) -> None:
        """Make the table anew where it is missing: everything must then be written again."""
        if TABLE not in connection.introspection.table_names():
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(CREATE)

    def optimise(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {TABLE}")
