"""Wagtail's own search with `.facet()`, over the same rows and after ANALYZE, as an opponent of our engine.

It counts columns of one value, so four of the facets (`FACETS`), and neither lists of values nor distance;
and with a filter it counts what passes it, its own facet's too. So it answers words alone and the empty page.
Above `MOST` services it is left out: a ranked search takes it a second there already.
"""

import json
from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import connection, models
from wagtail.search import index
from wagtail.search.backends import get_search_backend
from wagtail.search.query import MATCH_ALL

from search import facets
from search.documents import SearchDocument
from search.engines.base import Order, Question
from search.words import folded
from tests.benchmarks.contenders import Reply, stems_of, word_of

FACETS = ("section", "level", "cost", "scope")
MOST = 2_500
BATCH = 1_000


class BenchmarkedService(index.Indexed, models.Model):
    """A service as a plain Wagtail site would index it, its words the stems that every contender is given."""

    name = models.CharField(max_length=200)
    sort_name = models.CharField(max_length=200, db_index=True)
    words = models.TextField()
    card = models.TextField()
    section = models.CharField(max_length=40, db_index=True)
    level = models.CharField(max_length=40, db_index=True)
    cost = models.CharField(max_length=40, db_index=True)
    scope = models.CharField(max_length=40, db_index=True)

    search_fields: ClassVar[list[Any]] = [
        index.SearchField("words"),
        index.FilterField("id"),
        index.FilterField("sort_name"),
        *(index.FilterField(facet) for facet in FACETS),
    ]

    class Meta:
        app_label = "search"

    def __str__(self) -> str:
        return self.name


class WagtailFacets:
    name = "Wagtail"
    # What it counts; the others count every facet.
    counted = FACETS

    def __init__(self, documents: Iterable[SearchDocument]) -> None:
        with connection.schema_editor() as editor:
            editor.create_model(BenchmarkedService)
        self.backend = get_search_backend()
        rows = BenchmarkedService.objects.bulk_create(map(_row, documents), batch_size=BATCH)
        entries = self.backend.get_index_for_model(BenchmarkedService)
        for start in range(0, len(rows), BATCH):
            entries.add_items(BenchmarkedService, rows[start : start + BATCH])
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    def search(self, question: Question) -> Reply | None:
        if question.filters or question.near or question.age is not None:
            return None
        ranked = question.order == Order.RELEVANCE and bool(question.concepts)
        rows = BenchmarkedService.objects.all()
        rows = rows if ranked else rows.order_by("sort_name", "id")
        found = self.backend.search(word_of(question) or MATCH_ALL, rows, order_by_relevance=ranked)
        counts = {key: {value: n for value, n in found.facet(key).items() if value} for key in FACETS}
        shown = list(found[:20])
        for row in shown:
            json.loads(row.card)
        return Reply(found.count(), counts, None if ranked else [row.pk for row in shown])


def _row(document: SearchDocument) -> BenchmarkedService:
    held = facets.read(document)
    return BenchmarkedService(
        pk=document.object_id,
        name=document.name,
        sort_name=" ".join(folded(document.name)),
        words=" . ".join(stems_of(document).values()),
        card=json.dumps(dict(document.card)),
        **{facet: held.get(facet, [""])[0] for facet in FACETS},
    )
