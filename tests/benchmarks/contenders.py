"""What the engine is measured against: each is given the same documents and must give the same counts."""

import json
import sqlite3
from collections.abc import Iterable
from heapq import nsmallest
from itertools import islice
from math import asin, cos, radians, sin, sqrt
from typing import Any, NamedTuple

from pyroaring import BitMap

from search import facets, words
from search.documents import SearchDocument
from search.engines.base import Order, Question
from search.engines.text import FIELDS, WEIGHTS
from services.postcodes import EARTH_RADIUS_MILES

Counts = dict[str, dict[str, int]]


class Reply(NamedTuple):
    """`order` is None where the contender claims none."""

    total: int
    counts: Counts
    order: list[int] | None


def stems_of(document: SearchDocument) -> dict[str, str]:
    return {name: " ".join(words.stems(document.text.get(name, ""))) for name in FIELDS}


def ages_of(document: SearchDocument) -> tuple[int, int]:
    return document.min_age or 0, 25 if document.max_age is None else min(document.max_age, 25)


def word_of(question: Question) -> str:
    return " ".join(question.concepts[0].own[0]) if question.concepts else ""


class Base:
    """FTS5 holds the words, and a table the cards."""

    def __init__(self, path: str) -> None:
        self.db = sqlite3.connect(path)
        self.db.executescript(
            f"PRAGMA journal_mode=WAL; CREATE VIRTUAL TABLE words USING fts5({', '.join(FIELDS)});"
            "CREATE TABLE card (id INTEGER PRIMARY KEY, card TEXT)"
        )
        self.rank = f"bm25(words, {', '.join(str(WEIGHTS[name]) for name in FIELDS)})"

    def _keep(self, document: SearchDocument) -> None:
        texts = stems_of(document)
        marks = ", ".join("?" * (len(FIELDS) + 1))
        self.db.execute(
            f"INSERT INTO words (rowid, {', '.join(FIELDS)}) VALUES ({marks})",
            [document.object_id, *(texts[name] for name in FIELDS)],
        )
        card = json.dumps(dict(document.card))
        self.db.execute("INSERT INTO card VALUES (?, ?)", [document.object_id, card])

    def cards(self, ids: list[int]) -> list[Any]:
        marks = ", ".join("?" * len(ids))
        found = dict(self.db.execute(f"SELECT id, card FROM card WHERE id IN ({marks})", ids))
        return [json.loads(found[id]) for id in ids]


class Floor(Base):
    """FTS5 and roaring bitmaps with nothing around them: what the method costs at least."""

    name = "floor"

    def __init__(self, path: str, documents: Iterable[SearchDocument]) -> None:
        super().__init__(path)
        self.everything, self.placed = BitMap(), BitMap()
        self.values: dict[str, dict[str, BitMap]] = {}
        self.ages = [BitMap() for _ in range(26)]
        self.names: dict[int, str] = {}
        self.points: dict[int, tuple[float, float]] = {}
        for document in documents:
            self._keep(document)
            self._hold(document)
        self.by_name = [id for _, id in sorted((name, id) for id, name in self.names.items())]
        self.db.commit()

    def _hold(self, document: SearchDocument) -> None:
        id = document.object_id
        self.everything.add(id)
        self.names[id] = " ".join(words.folded(document.name))
        for facet, values in facets.read(document).items():
            for value in values:
                self.values.setdefault(facet, {}).setdefault(value, BitMap()).add(id)
        youngest, oldest = ages_of(document)
        for age in range(youngest, oldest + 1):
            self.ages[age].add(id)
        if document.points:
            self.placed.add(id)
            self.points[id] = document.points[0]

    def search(self, question: Question) -> Reply:
        always = self.everything
        if question.concepts:
            rows = self.db.execute("SELECT rowid FROM words WHERE words MATCH ?", [f'"{word_of(question)}"'])
            always = BitMap(row[0] for row in rows)
        if question.age is not None:
            always = always & self.ages[question.age]
        chosen = {
            facet: BitMap().union(*(self.values[facet].get(value, BitMap()) for value in values))
            for facet, values in question.filters.items()
        }
        away: dict[int, float] = {}
        if question.near and question.within:
            away = {id: miles(question.near, self.points[id]) for id in always & self.placed}
            always = BitMap(id for id, far in away.items() if far <= question.within) | (always - self.placed)
        found = always.intersection(*chosen.values())
        counts: Counts = {}
        for facet, values in self.values.items():
            among = found
            if facet in chosen:
                among = always.intersection(*(ids for name, ids in chosen.items() if name != facet))
            sizes = {value: among.intersection_cardinality(ids) for value, ids in values.items()}
            counts[facet] = {value: size for value, size in sizes.items() if size}
        ids = self._ordered(question, found, away)
        self.cards(ids)
        return Reply(len(found), counts, ids if question.order != Order.RELEVANCE else None)

    def _ordered(self, question: Question, found: BitMap, away: dict[int, float]) -> list[int]:
        if question.order == Order.RELEVANCE:
            given: list[Any] = [f'"{word_of(question)}"']
            narrowed = ""
            if question.filters:
                narrowed = "AND +rowid IN (SELECT value FROM json_each(?))"
                given.append(json.dumps(list(found)))
            sql = f"SELECT rowid FROM words WHERE words MATCH ? {narrowed} ORDER BY {self.rank} LIMIT 20"
            return [row[0] for row in self.db.execute(sql, given)]
        if question.order == Order.DISTANCE:
            key = lambda id: (away.get(id, float("inf")), self.names[id], id)  # noqa: E731
            return nsmallest(20, found, key=key)
        return list(islice((id for id in self.by_name if id in found), 20))


class TunedSql(Base):
    """Tables with covering indexes, one statement for the facets without a filter, one for each other."""

    name = "tuned SQL"

    def __init__(self, path: str, documents: Iterable[SearchDocument]) -> None:
        super().__init__(path)
        self.db.executescript(
            "CREATE TABLE doc (id INTEGER PRIMARY KEY, name TEXT,"
            " youngest INT, oldest INT, lat REAL, lon REAL);"
            "CREATE TABLE held (facet TEXT, value TEXT, doc INT,"
            " PRIMARY KEY (facet, value, doc)) WITHOUT ROWID;"
            "CREATE INDEX by_name ON doc (name, id);"
            "CREATE TEMP TABLE hit (id INTEGER PRIMARY KEY, away REAL)"
        )
        self.db.create_function("away", 4, lambda a, b, c, d: miles((a, b), (c, d)), deterministic=True)
        for document in documents:
            self._keep(document)
            point = document.points[0] if document.points else (None, None)
            row = [document.object_id, " ".join(words.folded(document.name)), *ages_of(document), *point]
            self.db.execute("INSERT INTO doc VALUES (?, ?, ?, ?, ?, ?)", row)
            rows = [(f, v, document.object_id) for f, vs in facets.read(document).items() for v in vs]
            self.db.executemany("INSERT INTO held VALUES (?, ?, ?)", rows)
        self.db.executescript("CREATE INDEX by_doc ON held (doc, facet, value); ANALYZE")
        self.db.commit()

    def search(self, question: Question) -> Reply:
        where, given = self._where(question)
        self.db.execute("DELETE FROM hit")
        column = "NULL"
        if question.near:
            column = f"away({question.near[0]}, {question.near[1]}, lat, lon)"
        self.db.execute(f"INSERT INTO hit SELECT id, CASE WHEN lat IS NULL THEN NULL ELSE {column} END "
                        f"FROM doc WHERE {where}", given)  # fmt: skip
        if question.within:
            self.db.execute("DELETE FROM hit WHERE away > ?", [question.within])
        counts: Counts = {}
        every, all_given = self._passing(question)
        free = "" if not question.filters else f"AND facet NOT IN ({_marks(question.filters)})"
        self._count(counts, f"{every} {free}", [*all_given, *question.filters])
        for facet in question.filters:
            others, some_given = self._passing(question, facet)
            self._count(counts, f"{others} AND facet = ?", [*some_given, facet])
        total = self.db.execute(f"SELECT count(*) FROM hit WHERE {every}", all_given)
        total_count = total.fetchone()[0]
        ids = self._ordered(question, every, all_given)
        self.cards(ids)
        return Reply(total_count, counts, ids if question.order != Order.RELEVANCE else None)

    def _where(self, question: Question) -> tuple[str, list[Any]]:
        parts, given = ["1"], []
        if question.concepts:
            parts.append("id IN (SELECT rowid FROM words WHERE words MATCH ?)")
            given.append(f'"{word_of(question)}"')
        if question.age is not None:
            parts.append("youngest <= ? AND oldest >= ?")
            given += [question.age, question.age]
        return " AND ".join(parts), given

    def _passing(self, question: Question, aside: str = "") -> tuple[str, list[Any]]:
        parts, given = ["1"], []
        for facet, values in question.filters.items():
            if facet != aside:
                parts.append(
                    f"hit.id IN (SELECT doc FROM held WHERE facet = ? AND value IN ({_marks(values)}))"
                )
                given += [facet, *sorted(values)]
        return " AND ".join(parts), given

    def _count(self, counts: Counts, where: str, given: list[Any]) -> None:
        sql = f"SELECT facet, value, count(*) FROM hit JOIN held ON doc = hit.id WHERE {where} GROUP BY 1, 2"
        for facet, value, count in self.db.execute(sql, given):
            counts.setdefault(facet, {})[value] = count

    def _ordered(self, question: Question, where: str, given: list[Any]) -> list[int]:
        if question.order == Order.RELEVANCE:
            sql = (
                "SELECT words.rowid FROM words CROSS JOIN hit ON hit.id = words.rowid"
                f" WHERE words MATCH ? AND {where} ORDER BY {self.rank} LIMIT 20"
            )
            return [row[0] for row in self.db.execute(sql, [f'"{word_of(question)}"', *given])]
        order = "away IS NULL, away, name, doc.id" if question.order == Order.DISTANCE else "name, doc.id"
        sql = f"SELECT doc.id FROM doc JOIN hit ON hit.id = doc.id WHERE {where} ORDER BY {order} LIMIT 20"
        return [row[0] for row in self.db.execute(sql, given)]


class Tantivy:
    """Ranked words with the count of every facet; no distance and no order by name, so words only."""

    name = "tantivy"

    def __init__(self, path: str, documents: Iterable[SearchDocument]) -> None:
        import tantivy

        self.tantivy = tantivy
        builder = tantivy.SchemaBuilder()
        for name in FIELDS:
            builder.add_text_field(name, tokenizer_name="whitespace")
        for facet in facets.FACETS:
            builder.add_text_field(f"f_{facet.key}", tokenizer_name="raw", fast=True)
        builder.add_text_field("card", stored=True, index_option="basic", tokenizer_name="raw")
        builder.add_integer_field("id", stored=True)
        self.index = tantivy.Index(builder.build())
        writer = self.index.writer(100_000_000, 1)
        for document in documents:
            held = {f"f_{facet}": values for facet, values in facets.read(document).items()}
            card = json.dumps(dict(document.card))
            row = {"id": document.object_id, "card": card, **held, **stems_of(document)}
            writer.add_document(tantivy.Document(**row))
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()
        self.schema = self.index.schema

    def search(self, question: Question) -> Reply | None:
        if not question.concepts or question.near or len(question.filters) > 1:
            return None
        query = self._words(question)
        chosen = {facet: self._any(facet, values) for facet, values in question.filters.items()}
        both = query
        if chosen:
            both = self.tantivy.Query.boolean_query(
                [(self.tantivy.Occur.Must, each) for each in (query, *chosen.values())]
            )
        counts = self._counts(both, [f.key for f in facets.FACETS if f.key not in chosen])
        for facet in chosen:
            counts |= self._counts(query, [facet])
        hits = self.searcher.search(both, 20, count=True)
        for _, address in hits.hits:
            json.loads(self.searcher.doc(address)["card"][0])
        return Reply(hits.count, counts, None)

    def _words(self, question: Question) -> Any:
        word, query = word_of(question), self.tantivy.Query
        fields = [
            query.boost_query(query.term_query(self.schema, name, word), WEIGHTS[name]) for name in FIELDS
        ]
        return query.boolean_query([(self.tantivy.Occur.Should, field) for field in fields])

    def _any(self, facet: str, values: Iterable[str]) -> Any:
        terms = [self.tantivy.Query.term_query(self.schema, f"f_{facet}", value) for value in values]
        return self.tantivy.Query.boolean_query([(self.tantivy.Occur.Should, term) for term in terms])

    def _counts(self, query: Any, keys: list[str]) -> Counts:
        asked = {key: {"terms": {"field": f"f_{key}", "size": 1_000}} for key in keys}
        counted = self.searcher.aggregate(query, asked)
        return {key: {b["key"]: b["doc_count"] for b in counted[key]["buckets"]} for key in keys}


def miles(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Along the ground (haversine)."""
    north, east = radians(b[0] - a[0]), radians(b[1] - a[1])
    half = sin(north / 2) ** 2 + cos(radians(a[0])) * cos(radians(b[0])) * sin(east / 2) ** 2
    return 2 * EARTH_RADIUS_MILES * asin(sqrt(half))


def _marks(values: Iterable[Any]) -> str:
    return ", ".join("?" for _ in values)
