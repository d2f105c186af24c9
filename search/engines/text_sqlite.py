"""SQLite's FTS5: which documents hold which words, and how well (bm25)."""

import json
from collections.abc import Iterable, Iterator, Sequence

from django.db import DatabaseError, connection, transaction
from pyroaring import BitMap

from search.engines.base import Concept, Phrase
from search.engines.text import FIELDS, TABLE, WEIGHTS, Parts, Texts, parts_of
from search.words import STOP_STEMS

CREATE = f"CREATE VIRTUAL TABLE {TABLE} USING fts5({', '.join(FIELDS)}, tokenize = 'ascii')"
DROP = f"DROP TABLE {TABLE}"
_BM25 = f"-bm25({TABLE}, {', '.join(str(WEIGHTS[name]) for name in FIELDS)})"
_INSERT = f"INSERT INTO {TABLE} (rowid, {', '.join(FIELDS)}) VALUES ({', '.join(['%s'] * (len(FIELDS) + 1))})"


def match_expression(phrases: Sequence[Phrase]) -> str:
    """An FTS5 query of quoted phrases. Stems hold letters and digits only, so nothing needs escaping."""
    return " OR ".join(f'"{" ".join(phrase)}"' for phrase in phrases)


class SqliteText:
    def holding(self, asked: Sequence[Sequence[Phrase]]) -> list[BitMap]:
        one = f"SELECT %s, group_concat(rowid) FROM {TABLE} WHERE {TABLE} MATCH %s"
        given: list[object] = []
        for number, phrases in enumerate(asked):
            given += [number, match_expression(phrases)]
        found = [BitMap() for _ in asked]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join([one] * len(asked)), given)
            for number, ids in cursor.fetchall():
                if ids:
                    found[number] = BitMap(map(int, str(ids).split(",")))
        return found

    def ranked(
        self, concepts: Sequence[Concept], holders: Sequence[int], among: BitMap | None, limit: int
    ) -> list[tuple[int, float]]:
        return self._scored(parts_of(concepts, STOP_STEMS), among, limit)

    def scores(self, parts: Parts, among: BitMap) -> list[tuple[int, float]]:
        return self._scored(parts, among, -1)

    def _scored(self, parts: Parts, among: BitMap | None, limit: int) -> list[tuple[int, float]]:
        """The best first; all of them where `limit` is -1."""
        one = f"SELECT rowid AS id, {_BM25} * %s AS score FROM {TABLE} WHERE {TABLE} MATCH %s"
        if among is not None:
            one += " AND +rowid IN (SELECT value FROM json_each(%s))"
        ids = json.dumps(list(among)) if among is not None else ""
        given: list[object] = []
        for worth, phrases in parts:
            given += [worth, match_expression(phrases), *([ids] if among is not None else [])]
        if len(parts) == 1:
            sql = f"{one} ORDER BY score DESC, id LIMIT %s"
        else:
            # Materialised: bm25() may not be moved into the sum.
            every = " UNION ALL ".join([one] * len(parts))
            sql = (
                f"WITH part AS MATERIALIZED ({every})"
                " SELECT id, SUM(score) FROM part GROUP BY id ORDER BY 2 DESC, id LIMIT %s"
            )
        with connection.cursor() as cursor:
            cursor.execute(sql, [*given, limit])
            return [(int(id), float(score)) for id, score in cursor.fetchall()]

    def texts(self, ids: Sequence[int] | None = None) -> Iterator[tuple[int, Texts]]:
        sql, given = f"SELECT rowid, {', '.join(FIELDS)} FROM {TABLE}", []
        if ids is not None:
            sql, given = f"{sql} WHERE rowid IN (SELECT value FROM json_each(%s))", [json.dumps(list(ids))]
        with connection.cursor() as cursor:
            cursor.execute(f"{sql} ORDER BY rowid", given)
            for id, *texts in cursor:
                yield id, {name: text.split() for name, text in zip(FIELDS, texts, strict=True)}

    def write(self, rows: Iterable[tuple[int, Texts]]) -> None:
        rows = list(rows)
        self.remove(id for id, _ in rows)
        with connection.cursor() as cursor:
            cursor.executemany(
                _INSERT, [(id, *(" ".join(texts.get(name, ())) for name in FIELDS)) for id, texts in rows]
            )

    def remove(self, ids: Iterable[int]) -> None:
        with connection.cursor() as cursor:
            cursor.executemany(f"DELETE FROM {TABLE} WHERE rowid = %s", [(id,) for id in ids])

    def remove_strays(self, documents: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {TABLE} WHERE rowid NOT IN (SELECT id FROM {documents})")

    def mend(self) -> None:
        """Make the table anew where it is missing or damaged: everything must then be written again."""
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"INSERT INTO {TABLE} ({TABLE}) VALUES ('integrity-check')")
        except DatabaseError:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"DROP TABLE IF EXISTS {TABLE}")
                cursor.execute(CREATE)

    def optimise(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {TABLE} ({TABLE}) VALUES ('optimize')")
            cursor.execute("ANALYZE")
