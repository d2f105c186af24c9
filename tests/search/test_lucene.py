"""A real Elasticsearch and a real OpenSearch keep the contract, to the last set and count."""

from collections.abc import Iterator
from threading import Barrier, Thread

import pytest
from django.db import connections
from elasticsearch import ConflictError

from search.documents import SearchDocument
from search.engines.base import Concept, Order, Question
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.elasticsearch_documents import source_of
from search.engines.follower import Follower
from search.engines.server import connect
from search.models import IndexState
from tests.search import servers
from tests.search.contract import AUTHORITY, EngineContract, make_document
from tests.search.servers import TestedEngine


class ServerContract(EngineContract):
    product = ""

    @pytest.fixture(autouse=True)
    def _index(self):
        self.url = f"{servers.url_of(self.product)}/{servers.fresh_prefix()}"
        self.written = {}
        yield
        servers.forget(self.url)

    def make_engine(self) -> TestedEngine:
        return TestedEngine(self.url, self.written)


@pytest.mark.lucene
class TestElasticsearch(ServerContract):
    product = "elasticsearch"


@pytest.mark.lucene
class TestOpenSearch(ServerContract):
    product = "opensearch"


@pytest.mark.lucene
class TestFollowing:
    """What happens to the index of a real server."""

    @pytest.fixture(params=["elasticsearch", "opensearch"])
    def engine(self, request, db) -> Iterator[ElasticsearchEngine]:
        self.written = {}
        url = f"{servers.url_of(request.param)}/{servers.fresh_prefix()}"
        server = connect(f"{url}?timeout=30")
        follower = Follower(server, lambda keys: [self.written[k] for k in keys if k in self.written])
        yield ElasticsearchEngine(server, follower, servers.at_once)
        servers.forget(url)

    def write(self, engine: ElasticsearchEngine, *documents: SearchDocument) -> None:
        self.written.update({document.key: document for document in documents})
        engine.write(documents)

    def ask(self, engine: ElasticsearchEngine) -> tuple[int, bool]:
        """How many there are, and whether the server said so."""
        engine.catch_up(IndexState.read())
        before = engine.fallbacks
        return engine.search(Question(AUTHORITY)).total, engine.fallbacks == before

    def test_search_when_a_change_has_not_reached_the_server_then_embedded_and_next_time_the_server(
        self, engine
    ):
        self.write(engine, make_document(1))
        assert self.ask(engine) == (1, False)
        assert self.ask(engine) == (1, True)
        self.write(engine, make_document(2))
        assert self.ask(engine) == (2, False)
        assert self.ask(engine) == (2, True)
        assert engine.problems() == []

    def test_search_when_the_index_is_deleted_then_it_is_made_again(self, engine):
        self.write(engine, make_document(1))
        self.ask(engine)
        engine.server.client.indices.delete(index=engine.follower.index())
        assert self.ask(engine) == (1, False)
        assert self.ask(engine) == (1, True)

    def test_search_when_changes_were_made_while_the_server_was_away_then_all_are_taken_in(self, engine):
        self.write(engine, make_document(1), make_document(2))
        self.ask(engine)
        away, client = connect("elasticsearch://127.0.0.1:9"), engine.follower.client
        engine.follower.client = away.client
        self.write(engine, make_document(3))
        engine.remove([("service", 1)])
        assert self.ask(engine) == (2, False)
        assert engine.writing.is_open
        engine.follower.client = client
        engine.writing.succeeded()
        self.ask(engine)
        assert self.ask(engine) == (2, True)

    def test_rebuild_when_it_fails_half_way_then_the_old_index_answers_and_nothing_is_left(self, engine):
        self.write(engine, *(make_document(n) for n in range(1, 4)))
        self.ask(engine)
        kept = engine.follower.index()

        def fail(keys):
            raise RuntimeError("the database went away")

        source, engine.follower.source = engine.follower.source, fail
        engine.rebuild(list(self.written.values()))
        assert engine.follower.index() == kept
        names = engine.server.client.indices.get_alias(index=f"{engine.server.prefix}-*").body
        assert list(names) == [kept]
        engine.follower.source = source
        engine.writing.succeeded()
        self.ask(engine)
        assert self.ask(engine) == (3, True)
        assert engine.rebuild(list(self.written.values())) == 3
        assert engine.follower.index() != kept

    def test_write_when_a_document_does_not_fit_the_mapping_then_nothing_is_called_complete(self, engine):
        self.write(engine, make_document(1))
        self.ask(engine)
        self.write(engine, make_document(2, text={"name": "x", "unheard of": "words"}))
        assert self.ask(engine) == (2, False)
        assert engine.writing.is_open
        assert self.ask(engine) == (2, False)
        assert "lacks the last change." in engine.problems()[0]

    def test_follow_when_an_older_copy_comes_late_then_the_newer_stays(self, engine):
        self.write(engine, make_document(1, name="old"))
        self.ask(engine)
        self.write(engine, make_document(1, name="new"))
        self.ask(engine)
        late = {**source_of(make_document(1, name="old"), 1, 1)}
        with pytest.raises(ConflictError):
            engine.server.client.index(
                index=engine.follower.alias,
                id="service-1",
                document=late,
                version=1,
                version_type="external_gte",
            )
        assert engine.search(Question(AUTHORITY)).found[0].card == {"name": "new"}


@pytest.mark.lucene
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_search_when_the_server_is_killed_under_load_then_no_request_is_lost():
    """Four readers ask without pause; the server is killed outright in the midst of it."""
    servers.url_of("elasticsearch")
    with servers.running() as (url, kill):
        documents = {d.key: d for d in (make_document(n, name=f"swim {n:03}") for n in range(1, 200))}
        server = connect(f"{url}/{servers.fresh_prefix()}?timeout=2")
        follower = Follower(server, lambda keys: [documents[key] for key in keys if key in documents])
        engine = ElasticsearchEngine(server, follower, servers.at_once)
        engine.rebuild(list(documents.values()))
        engine.catch_up(IndexState.read())
        question = Question(AUTHORITY, (Concept("swim", (("swim",),)),), order=Order.RELEVANCE)
        assert (engine.search(question).total, engine.fallbacks) == (199, 0)
        halfway, totals = Barrier(5), []

        def read() -> None:
            try:
                for number in range(60):
                    if number == 20:
                        halfway.wait()
                    totals.append(engine.search(question).total)
            finally:
                connections.close_all()

        readers = [Thread(target=read) for _ in range(4)]
        for reader in readers:
            reader.start()
        halfway.wait()
        kill()
        for reader in readers:
            reader.join()
    assert totals == [199] * 240
    assert engine.fallbacks > 0
    assert engine.reading.is_open
