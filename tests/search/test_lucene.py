"""A real Elasticsearch and a real OpenSearch keep the contract, to the last set and count."""

import pytest

from tests.search import servers
from tests.search.contract import EngineContract
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
