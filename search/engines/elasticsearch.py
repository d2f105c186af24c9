"""Elasticsearch 8 (or OpenSearch) in front of the embedded engine, which answers whenever it cannot.

The table of documents is written first, as for the embedded engine; the server's index follows it after
commit. An answer says how far the index has followed. One from an index that is behind, half-built or
failing is not used: the embedded engine knows everything that was committed and is always at hand.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Lock, Thread
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from elastic_transport import TransportError
from elasticsearch import ApiError, NotFoundError

from search.documents import SearchDocument
from search.engines.base import Answer, Key, Order, Question
from search.engines.breaker import Breaker
from search.engines.elasticsearch_queries import Asked, Page, Words, read_page, read_ways, read_words
from search.engines.embedded import RANK_STEP, EmbeddedEngine, last_page_start
from search.engines.follower import Follower
from search.engines.server import Server, connect
from search.models import IndexState

logger = logging.getLogger(__name__)

# Questions that wait for the server at once; a server that hangs holds no more than these.
MOST_AT_ONCE = 16
PROBLEMS_KEY = "search:server-problems"
PROBLEMS_SECONDS = 30
# Seconds that a member of staff waits to be told of a server that hangs.
PATIENCE = 1.0


class Reply(NamedTuple):
    """The server's part of an answer; `page` begins at `first`, which is `start` or a little before."""

    words: Words
    page: Page
    start: int
    first: int
    without: dict[str, int]
    wider: dict[float, int]
    beside: "Reply | None"


class Behind(Exception):
    """The server's index lacks something that was committed."""


def in_background(work: Callable[[], None]) -> None:
    """After the reader has the answer. A process that ends waits for it."""
    Thread(target=work, name="search-follower").start()


class ElasticsearchEngine:
    """`run` starts the work of following the table."""

    def __init__(
        self,
        server: Server | None = None,
        follower: Follower | None = None,
        run: Callable[[Callable[[], None]], None] = in_background,
    ) -> None:
        self.server = server or connect(settings.SEARCH_URL)
        self.embedded = EmbeddedEngine()
        self.follower = follower or Follower(self.server)
        self.reading, self.writing = Breaker(), Breaker(most=1)
        self.generation = 0
        # How many questions the embedded engine answered instead.
        self.fallbacks = 0
        self._run = run
        self._pool = ThreadPoolExecutor(MOST_AT_ONCE, "search-question")
        self._following = Lock()
        self._asked_again = False

    # -- reading ---------------------------------------------------------------

    def catch_up(self, state: IndexState) -> None:
        """The embedded engine is kept warm, and answers are measured against what was committed."""
        self.embedded.catch_up(state)
        self.generation = state.generation

    def prepare(self) -> None:
        self.embedded.prepare()

    def search(self, question: Question) -> Answer:
        """The server's answer if it comes whole and in time, else the embedded engine's."""
        if self.reading.allows():
            try:
                asked = self._pool.submit(self._ask, question, self.generation)
                reply = asked.result(self.server.deadline)
            except (Behind, NotFoundError):
                self.reading.succeeded()
                self.follow()
            except Exception as error:
                # Whatever a broken server does, families get their answer; staff are told below.
                self._failed(error)
            else:
                self.reading.succeeded()
                return self._answer(question, reply)
        self.fallbacks += 1
        return self.embedded.search(question)

    def _failed(self, error: Exception) -> None:
        if self.reading.failed():
            logger.warning(
                "%s does not answer (%s). The embedded search answers.", self.server.place, told(error)
            )

    def _ask(self, question: Question, generation: int) -> Reply:
        """What the server says. Runs in a thread of the pool, and asks the database nothing."""
        reader, index = self.server.reader, self.follower.alias
        words = read_words(reader, index, question) if question.concepts else Words()
        asked = Asked(question, words)
        page, first = self._page(asked, question.start, generation)
        start = last_page_start(question.start, question.size, page.total)
        if start != question.start:
            page, first = self._page(asked, start, generation)
        without, wider = ({}, {}) if page.total else read_ways(reader, index, asked)
        beside = self._ask(question.beside_question, generation) if question.beside_question else None
        return Reply(words, page, start, first, without, wider, beside)

    def _page(self, asked: Asked, start: int, generation: int) -> tuple[Page, int]:
        """The page, or the whole step of the ranking that it is in where meaning may move what is in
        it; and where the rows begin."""
        question = asked.question
        size = question.size
        if question.order == Order.RELEVANCE and question.concepts and question.text:
            size = max(size, RANK_STEP)
            start = start // RANK_STEP * RANK_STEP
        page = read_page(self.server.reader, self.follower.alias, asked, start, size)
        if page.complete < generation:
            raise Behind
        return page, start

    def _answer(self, question: Question, reply: Reply) -> Answer:
        """The server's rows as cards of the table, those closer in meaning moved up."""
        embedded, page = self.embedded, reply.page
        rows = page.rows
        if question.order == Order.RELEVANCE and question.concepts and question.text:
            scores = dict(zip(rows, page.scores, strict=True))
            rows = embedded.by_meaning(scores, question, reply.start, reply.first)
        beside = reply.beside.page.rows if reply.beside else []
        close = embedded.related(question, page.total, rows)
        miles = embedded.miles([*rows, *close], question.near)
        found = embedded.cards([*rows, *beside, *close], miles)
        pick = [tuple(found[row] for row in some if row in found) for some in (rows, beside, close)]
        return Answer(
            total=page.total,
            start=reply.start,
            found=(),
            counts=page.counts,
            placeless=page.placeless,
            partly=reply.words.partly,
            unknown=reply.words.unknown,
            without=reply.without,
            wider=tuple(reply.wider.items()),
            beside_total=reply.beside.page.total if reply.beside else 0,
        ).with_found(*pick)

    # -- writing ---------------------------------------------------------------

    def write(self, documents: Sequence[SearchDocument]) -> None:
        self.embedded.write(documents)
        transaction.on_commit(self.follow, robust=True)

    def remove(self, keys: Iterable[Key]) -> None:
        self.embedded.remove(keys)
        transaction.on_commit(self.follow, robust=True)

    def rebuild(self, documents: Iterable[SearchDocument]) -> int:
        """The table first, then a new index on the server; `problems` says where that failed."""
        written = self.embedded.rebuild(documents)
        self._catch_up_server(lambda: self.follower.rebuild(IndexState.read()))
        return written

    def follow(self) -> None:
        """Have the server's index brought up to date, by one thread of this process at a time."""
        self._asked_again = True
        if self.writing.allows() and self._following.acquire(blocking=False):
            self._run(self._follow)

    def _follow(self) -> None:
        """What was written while the thread was at it is taken in too."""
        try:
            while self._asked_again:
                self._asked_again = False
                if not self._catch_up_server(self.follower.catch_up):
                    return
        finally:
            self._following.release()
            if not connection.in_atomic_block:
                connection.close()

    def _catch_up_server(self, work: Callable[[], int]) -> bool:
        try:
            work()
        except Exception as error:
            # Tried again by a later question; nothing is lost, since the table knows what is missing.
            if self.writing.failed():
                logger.warning("The index on %s is not up to date (%s).", self.server.place, told(error))
            return False
        self.writing.succeeded()
        cache.delete(PROBLEMS_KEY)
        return True

    # -- what staff should know --------------------------------------------------

    def problems(self) -> list[str]:
        """Asks the server, at most once in half a minute for all workers."""
        held: list[str] | None = cache.get(PROBLEMS_KEY)
        if held is None:
            held = self._problems()
            cache.set(PROBLEMS_KEY, held, PROBLEMS_SECONDS)
        return held

    def _problems(self) -> list[str]:
        try:
            complete = self._pool.submit(self.follower.followed).result(PATIENCE)
        except Exception as error:
            return [
                f"The search server at {self.server.place} does not answer ({told(error)})."
                " Families still get every answer, from the search that is built in."
            ]
        if complete < 0:
            return [
                f"The search server at {self.server.place} has no index yet."
                " Families get their answers from the search that is built in."
                " Run manage.py rebuild_index, or wait: the index is made in the background."
            ]
        behind = IndexState.read().generation - complete
        if behind > 0:
            changes = "change" if behind == 1 else f"{behind} changes"
            return [
                f"The search server at {self.server.place} lacks the last {changes}."
                " Families get their answers from the search that is built in until it has them."
            ]
        return []


def told(error: Exception) -> str:
    """A failure in few words, without what was asked."""
    if isinstance(error, TimeoutError):
        return "too slow"
    if isinstance(error, ApiError):
        return f"error {error.status_code}"
    if isinstance(error, TransportError):
        return type(error).__name__
    return f"{type(error).__name__}: {error}"[:200]
