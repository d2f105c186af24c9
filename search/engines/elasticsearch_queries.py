"""A `Question` as Elasticsearch is asked it, and its answer read back.

One request gives the page of results and every count, each facet's own filter set aside; words need one
before it (which of them are held, and how many documents hold how many of them), and an empty answer one
after it (what would help).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any

from elasticsearch import Elasticsearch
from elasticsearch.dsl import FacetedSearch, Search, TermsFacet
from elasticsearch.dsl.query import (
    Bool,
    DisMax,
    Exists,
    GeoDistance,
    MatchAll,
    MatchNone,
    MatchPhrase,
    Query,
    Range,
    Term,
    Terms,
)

from search.engines.base import FILTERS, Concept, Order, Phrase, Question, words_needed
from search.engines.bitmaps import AGES
from search.engines.elasticsearch_documents import IndexedHelp
from search.engines.text import WEIGHTS, parts_of
from search.facets import FACETS
from search.words import STOP_STEMS
from services.postcodes import EARTH_RADIUS_MILES

# The ball that Lucene measures on, in metres: the same angle gives the same answer as our own miles.
LUCENE_RADIUS = 6_371_008.7714
# More values than any vocabulary has, so that none is left out of the counts.
MOST_VALUES = 2_000
# What a word is worth anywhere in a document, beside the worth of its fields: how often all of it has the
# word says more than any one field. And how much fields beside the best one add.
ANYWHERE, OTHER_FIELDS = 10, 0.3


def _metres(miles: float) -> str:
    return f"{miles / EARTH_RADIUS_MILES * LUCENE_RADIUS:.3f}m"


# -- what is asked ---------------------------------------------------------------


def holds(concept: Concept) -> Query:
    """Documents in which any phrase of a concept stands in any field, or all words of one that was typed."""
    spread = [Bool(filter=[_stands("words", (word,)) for word in words]) for words in concept.spread]
    return Bool(filter=[Bool(should=[*(_stands("words", phrase) for phrase in concept.phrases), *spread])])


def _stands(field: str, phrase: Phrase, boost: float = 1) -> Query:
    """Stems hold letters and digits and the server parts them at spaces: there is no syntax to reach."""
    if len(phrase) == 1:
        return Term(**{field: {"value": phrase[0], "boost": boost}})
    return MatchPhrase(**{field: {"query": " ".join(phrase), "boost": boost}})


@dataclass(frozen=True, slots=True)
class Words:
    """How the words of a question are held by what its family may see."""

    counted: tuple[Concept, ...] = ()
    unknown: tuple[str, ...] = ()
    needed: int = 0
    partly: bool = False

    @classmethod
    def read(
        cls, concepts: Sequence[Concept], holding: Sequence[int], any_: Sequence[int], taught: Sequence[int]
    ) -> "Words":
        """`holding`: how many documents hold each concept. `any_[n - 1]`: how many hold n or more of them,
        and `taught[n - 1]` of those that staff have taught."""
        pairs = list(zip(concepts, holding, strict=True))
        known = tuple(concept for concept, count in pairs if count)
        unknown = tuple(concept.typed for concept, count in pairs if not count)
        if not known:
            return cls(unknown=unknown)
        places, needed = words_needed(known, any_[len(known) - 1])
        partly = bool(unknown) or needed < len(known)
        at_least = any_ if len(places) == len(known) else taught
        while needed > 1 and not at_least[needed - 1]:
            needed -= 1
        return cls(tuple(known[at] for at in places), unknown, needed, partly)

    @property
    def query(self) -> Query:
        if not self.counted:
            return MatchNone()
        return Bool(should=[holds(concept) for concept in self.counted], minimum_should_match=self.needed)


class Asked:
    """A question as queries: what is always so, and each filter by its name."""

    def __init__(self, question: Question, words: Words) -> None:
        self.question = question
        self.visible = visible(question)
        self.always: dict[str, Query] = {}
        if question.concepts:
            self.always["words"] = words.query
        if question.age is not None:
            self.always["age"] = _for_age(question.age)
        if question.near and question.within is not None:
            self.always["within"] = self.around(question.within)
        self.filters: dict[str, Query] = {
            facet: Terms(**{f"values.{facet}": sorted(values)}) for facet, values in question.filters.items()
        }

    @property
    def parts(self) -> dict[str, Query]:
        return {**self.always, **self.filters}

    def except_(self, *names: str) -> Query:
        """What passes every filter but those named."""
        return Bool(filter=[self.visible, *(q for name, q in self.parts.items() if name not in names)])

    def around(self, miles: float) -> Query:
        """Those within `miles`, and those with no place, which no distance may hide."""
        if not self.question.near:
            return MatchAll()
        latitude, longitude = self.question.near
        near = GeoDistance(distance=_metres(miles), points={"lat": latitude, "lon": longitude})
        return Bool(should=[near, placeless()])

    @property
    def by_score(self) -> bool:
        return self.question.order == Order.RELEVANCE and bool(self.question.concepts)

    @property
    def order(self) -> list[Any]:
        question = self.question
        by_name: list[Any] = ["sort_name", "kind", "object_id"]
        if self.by_score:
            return [{"_score": "desc"}, *by_name]
        if question.order == Order.CHECKED:
            return [{"checked": "desc"}, *by_name]
        if question.order == Order.DISTANCE and question.near:
            latitude, longitude = question.near
            points = {"lat": latitude, "lon": longitude}
            return [{"_geo_distance": {"points": points, "order": "asc", "mode": "min"}}, *by_name]
        return by_name


def visible(question: Question) -> Query:
    """What families of an authority see: its own, what serves it, and what is national."""
    own = Term(authorities=str(question.authority))
    return Bool(filter=[Term(kind=question.kind), Bool(should=[own, Term(everywhere=True)])])


def placeless() -> Query:
    return Bool(must_not=[Exists(field="points")])


def _for_age(age: int) -> Query:
    if age not in AGES:
        return MatchNone()
    return Bool(filter=[Range(youngest={"lte": age}), Range(oldest={"gte": age})])


def scores(concepts: Sequence[Concept]) -> list[Query]:
    """What is scored: each phrase anywhere and by its best field, the others adding a little."""
    parts = parts_of(concepts, STOP_STEMS)
    return [query for worth, phrases in parts for phrase in phrases for query in _scored(phrase, worth)]


def _scored(phrase: Phrase, worth: float) -> tuple[Query, Query]:
    fields = [_stands(f"text.{name}", phrase, weight * worth) for name, weight in WEIGHTS.items()]
    return _stands("words", phrase, ANYWHERE * worth), DisMax(queries=fields, tie_breaker=OTHER_FIELDS)


class FindHelp(FacetedSearch):
    """One page of an answer with the counts of every facet."""

    doc_types = [IndexedHelp]
    facets = {facet.key: TermsFacet(field=f"values.{facet.key}", size=MOST_VALUES) for facet in FACETS}

    def __init__(self, client: Elasticsearch, index: str, asked: Asked, start: int, size: int) -> None:
        self.using, self.index = client, index
        self.asked, self.start, self.size = asked, start, size
        super().__init__(filters={name: sorted(v) for name, v in asked.question.filters.items()})

    def search(self) -> Search:
        question = self.asked.question
        found = super().search().source(False).sort(*self.asked.order)
        found = found.extra(from_=self.start, size=self.size, track_total_hits=True, docvalue_fields=["row"])
        return found.query(
            Bool(
                filter=[self.asked.visible, *self.asked.always.values()],
                should=scores(question.concepts) if self.asked.by_score else [],
                minimum_should_match=0,
            )
        ).params(**_STRICT)

    def aggregate(self, search: Search) -> None:
        super().aggregate(search)
        everything = reduce(and_, [*self.asked.filters.values(), placeless()])
        search.aggs.bucket("placeless", "filter", filter=everything)
        _ask_marker(search)


# A shard that fails must not shorten the answer.
_STRICT: Mapping[str, Any] = {"allow_partial_search_results": False}


def _ask_marker(search: Search) -> None:
    search.aggs.bucket("index", "global").metric("complete", "max", field="complete")


def _counting(client: Elasticsearch, index: str) -> Search:
    return Search(using=client, index=index).extra(size=0).params(**_STRICT)


# -- what is answered ------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    """`rows`: keys of `IndexedDocument`, in order, and the `scores` of their words where that is the order.
    `complete`: the generation up to which the index that answered holds everything; -1 if unknown."""

    total: int
    rows: list[int]
    scores: list[float]
    counts: dict[str, dict[str, int]]
    placeless: int
    complete: int


def read_words(client: Elasticsearch, index: str, question: Question) -> Words:
    """Which words are held, and how many must be."""
    concepts = question.concepts
    queries = [holds(concept) for concept in concepts]
    taught = [query for query, concept in zip(queries, concepts, strict=True) if concept.is_taught]
    search = _counting(client, index).query(Bool(filter=[visible(question)]))
    search.aggs.bucket("concepts", "filters", filters={str(at): q for at, q in enumerate(queries)})
    for name, some in (("any", queries), ("taught", taught)):
        if some:
            search.aggs.bucket(name, "filters", filters=_at_least(some))
    counted = search.execute().to_dict()["aggregations"]
    holding = [counted["concepts"]["buckets"][str(at)]["doc_count"] for at in range(len(concepts))]
    return Words.read(concepts, holding, *(_counts(counted.get(name)) for name in ("any", "taught")))


def _at_least(queries: Sequence[Query]) -> dict[str, Query]:
    """What holds n or more of them, by n."""
    return {str(n): Bool(should=queries, minimum_should_match=n) for n in range(1, len(queries) + 1)}


def _counts(counted: Mapping[str, Any] | None) -> list[int]:
    """How many documents `_at_least` found, from 1 on."""
    buckets = counted["buckets"] if counted else {}
    return [buckets[str(n)]["doc_count"] for n in range(1, len(buckets) + 1)]


def read_page(client: Elasticsearch, index: str, asked: Asked, start: int, size: int) -> Page:
    """The rows from `start`, with every count."""
    response = FindHelp(client, index, asked, start, size).execute()
    data = response.to_dict()
    counted, hits = data["aggregations"], data["hits"]["hits"]
    complete = counted["index"]["complete"]["value"]
    return Page(
        total=data["hits"]["total"]["value"],
        rows=[int(hit["fields"]["row"][0]) for hit in hits],
        scores=[float(hit["sort"][0]) for hit in hits] if asked.by_score else [],
        counts={
            facet.key: {
                bucket["key"]: bucket["doc_count"]
                for bucket in counted[f"_filter_{facet.key}"][facet.key]["buckets"]
            }
            for facet in FACETS
        },
        placeless=counted["placeless"]["doc_count"],
        complete=-1 if complete is None else int(complete),
    )


def read_ways(client: Elasticsearch, index: str, asked: Asked) -> tuple[dict[str, int], dict[float, int]]:
    """For an empty answer: how many without each one filter, and within more miles."""
    question = asked.question
    ways = {f"without {name}": asked.except_(name) for name in asked.parts}
    if "words" in asked.parts and len(asked.parts) > 1:
        ways[f"without {FILTERS}"] = Bool(filter=[asked.visible, asked.parts["words"]])
    if "within" in asked.parts:
        among = asked.except_("within")
        ways.update(
            {f"within {miles:g}": Bool(filter=[among, asked.around(miles)]) for miles in question.widen}
        )
    if not ways:
        return {}, {}
    search = _counting(client, index)
    search.aggs.bucket("ways", "filters", filters=ways)
    buckets = search.execute().to_dict()["aggregations"]["ways"]["buckets"]
    counts = {way: bucket["doc_count"] for way, bucket in buckets.items()}
    without = {way.removeprefix("without "): n for way, n in counts.items() if way.startswith("without ")}
    wider = {miles: counts[f"within {miles:g}"] for miles in question.widen if "within" in asked.parts}
    return without, wider
