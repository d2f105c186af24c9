"""Real search servers for tests, and the engine that is tested on them."""

import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest

from search.documents import SearchDocument
from search.engines.base import Answer, Key, Question
from search.engines.elasticsearch import ElasticsearchEngine
from search.engines.follower import Follower
from search.engines.server import connect
from search.models import IndexState

SCRIPT = Path(__file__).parents[2] / "scripts" / "elasticsearch.sh"
# Where `scripts/elasticsearch.sh` and `scripts/opensearch.sh` say that their servers listen.
URLS = {"elasticsearch": "TEST_ELASTICSEARCH_URL", "opensearch": "TEST_OPENSEARCH_URL"}


def url_of(product: str) -> str:
    """The address of a real server. Skipped where there is none; in CI that is a failure."""
    url = os.environ.get(URLS[product], "")
    if not url:
        reason = f"{URLS[product]} is not set: start a server with scripts/{product}.sh"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return url


def at_once(work: Callable[[], None]) -> None:
    work()


class TestedEngine(ElasticsearchEngine):
    """Follows the table before it answers, remembers what it was given (these documents are of no
    directory), and counts an answer from the embedded engine as a failure."""

    __test__ = False

    def __init__(self, url: str, written: dict[Key, SearchDocument]) -> None:
        server = connect(f"{url}?timeout=30")
        self.written = written
        source = Follower(server, lambda keys: [written[key] for key in keys if key in written])
        super().__init__(server, source, at_once)

    def catch_up(self, state: IndexState) -> None:
        super().catch_up(state)
        self.follow()

    def search(self, question: Question) -> Answer:
        answer = super().search(question)
        assert not self.fallbacks, "The server did not answer: " + "; ".join(self._problems())
        return answer

    def write(self, documents: Iterable[SearchDocument]) -> None:
        documents = list(documents)
        self.written.update({document.key: document for document in documents})
        super().write(documents)

    def remove(self, keys: Iterable[Key]) -> None:
        keys = list(keys)
        for key in keys:
            self.written.pop(key, None)
        super().remove(keys)

    def rebuild(self, documents: Iterable[SearchDocument]) -> int:
        before = dict(self.written)
        kept: dict[Key, SearchDocument] = {}

        def watched() -> Iterator[SearchDocument]:
            for document in documents:
                self.written[document.key] = kept[document.key] = document
                yield document

        def work() -> Iterator[SearchDocument]:
            yield from watched()
            for key in before.keys() - kept.keys():
                self.written.pop(key, None)

        return super().rebuild(work())


def fresh_prefix() -> str:
    return f"test-{uuid4().hex[:12]}"


@contextmanager
def running() -> Iterator[tuple[str, Callable[[], None]]]:
    """An Elasticsearch of this test's own, and what kills it without a goodbye."""
    with TemporaryDirectory() as name, socket.socket() as taken:
        folder = Path(name)
        folder.chmod(0o755)
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        taken.close()
        told = subprocess.run(
            [SCRIPT, "start", name, str(port)],
            check=True,
            capture_output=True,
            text=True,
            env={**os.environ, "HEAP": "256m"},
        )

        def kill() -> None:
            with suppress(ProcessLookupError, FileNotFoundError):
                os.kill(int((folder / "pid").read_text()), signal.SIGKILL)

        try:
            yield told.stdout.strip(), kill
        finally:
            kill()


def forget(url: str) -> None:
    """Delete a test's indices."""
    server = connect(url)
    names = list(server.client.indices.get_alias(index=f"{server.prefix}-*").body)
    for name in names:
        server.client.indices.delete(index=name)
