"""The embedded engine keeps the contract, on the database that the tests run on."""

import pytest
from django.db import connection

from search.engines.embedded import EmbeddedEngine
from search.models import IndexedDocument, IndexState
from tests.search.contract import EngineContract, make_document


class TestEmbedded(EngineContract):
    def make_engine(self) -> EmbeddedEngine:
        return EmbeddedEngine()

    def test_catch_up_when_nothing_changed_then_no_query(self, engine, django_assert_num_queries):
        engine.write([make_document(1)])
        state = IndexState.read()
        engine.catch_up(state)
        with django_assert_num_queries(0):
            engine.catch_up(state)

    def test_catch_up_when_one_document_changed_then_only_that_is_read(
        self, engine, django_assert_num_queries
    ):
        engine.write([make_document(n) for n in range(1, 50)])
        engine.catch_up(IndexState.read())
        engine.write([make_document(7, name="sleep")])
        state = IndexState.read()
        with django_assert_num_queries(1) as queries:
            engine.catch_up(state)
        assert "generation" in queries[0]["sql"]
        assert self.ask(engine, words="sleep").total == 1

    def test_search_when_words_filters_and_distance_then_three_queries(
        self, engine, django_assert_num_queries
    ):
        engine.write([make_document(n, name="swim", points=((51.0, -2.0),)) for n in range(1, 5)])
        engine.catch_up(IndexState.read())
        with django_assert_num_queries(3):
            self.ask_without_catching_up(engine)

    def ask_without_catching_up(self, engine: EmbeddedEngine) -> None:
        from search.engines.base import Concept, Order, Question

        concept = Concept("swim", (("swim",),), (("club",),))
        engine.search(Question(1, (concept,), near=(51.0, -2.0), within=5, order=Order.RELEVANCE, age=7))

    def test_write_when_it_fails_half_way_then_nothing_is_written(self, engine, monkeypatch):
        def fail(rows):
            raise RuntimeError("the disk is full")

        monkeypatch.setattr(engine.text, "write", fail)
        with pytest.raises(RuntimeError):
            engine.write([make_document(1)])
        assert not IndexedDocument.objects.exists()
        assert IndexState.read().generation == 0

    def test_optimise_when_rebuilt_then_the_database_knows_its_rows(self, engine):
        engine.rebuild([make_document(n) for n in range(1, 20)])
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'search_indexeddocument'")
                assert cursor.fetchone()[0]
