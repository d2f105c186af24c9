"""Keeps a search server's index true: it follows the table of documents, as each worker's memory does.

Every document goes to the server under the generation of its row, so that an older copy never replaces a
newer one, whoever sends it. A marker says up to which generation nothing is missing; it is written last.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from elasticsearch import BadRequestError, NotFoundError
from elasticsearch.helpers import streaming_bulk

from localoffer.batches import batched
from search import sources
from search.documents import SearchDocument
from search.engines.base import Key
from search.engines.elasticsearch_documents import MARKER, body, fingerprint, id_of, source_of
from search.engines.embedded import BATCH
from search.engines.server import Server
from search.models import IndexedDocument, IndexState

logger = logging.getLogger(__name__)

Source = Callable[[Iterable[Key]], list[SearchDocument]]
# An index that was begun so long ago and never finished was left by a worker that stopped.
ABANDONED = timedelta(minutes=30)


class NotWritten(Exception):
    """The server refused a document; the message says which and why."""


class _Row(NamedTuple):
    pk: int
    kind: str
    object_id: int
    generation: int
    removed: bool


class Follower:
    """`source` gives documents by key as they are now."""

    def __init__(self, server: Server, source: Source = sources.documents_of) -> None:
        self.server = server
        self.client = server.client
        self.source = source
        # What searches ask; the shape of the index is in its name.
        self.alias = f"{server.prefix}-{fingerprint()}"

    def catch_up(self) -> int:
        """Bring the index up to the table, making it where it is missing; the generation it then has."""
        state = IndexState.read()
        index = self.index()
        complete = self.complete(index) if index else -1
        if not index or complete < state.purged or complete > state.generation:
            return self.rebuild(state)
        if complete < state.generation:
            self._push(index, state.generation, after=complete)
        return state.generation

    def index(self) -> str | None:
        """The index behind the alias."""
        try:
            return next(iter(self.client.indices.get_alias(name=self.alias).body))
        except NotFoundError:
            return None

    def complete(self, index: str) -> int:
        """Up to which generation nothing is missing; -1 when nobody has said."""
        try:
            marker = self.client.get(index=index, id=MARKER, source_includes=["complete"])
        except NotFoundError:
            return -1
        return int(marker["_source"]["complete"])

    def followed(self) -> int:
        """Up to which generation the index that searches ask lacks nothing; -1 without one."""
        index = self.index()
        return self.complete(index) if index else -1

    def rebuild(self, state: IndexState) -> int:
        """A new index beside the old one, then the alias moves in one step; searches never see half."""
        name = f"{self.alias}-{state.generation}"
        if not self._begin(name):
            return -1
        try:
            self._push(name, state.generation)
        except BaseException:
            self.client.options(ignore_status=404).indices.delete(index=name)
            raise
        old = self.client.options(ignore_status=404).indices.get_alias(name=self.alias).body
        moves: list[dict[str, Any]] = [{"add": {"index": name, "alias": self.alias}}]
        if "error" not in old:
            moves += [{"remove_index": {"index": other}} for other in old if other != name]
        self.client.indices.update_aliases(actions=moves)
        self._tidy(name)
        return state.generation

    def _begin(self, name: str) -> bool:
        """Make the index; False while another worker is at it."""
        for _ in range(2):
            try:
                self.client.indices.create(index=name, **body())
                return True
            except BadRequestError as error:
                if error.error != "resource_already_exists_exception":
                    raise
                if name != self.index() and not self._is_abandoned(name):
                    return False
                self.client.options(ignore_status=404).indices.delete(index=name)
        return False

    def _is_abandoned(self, name: str) -> bool:
        settings = self.client.indices.get_settings(index=name).body
        made = int(settings[name]["settings"]["index"]["creation_date"]) / 1000
        return datetime.now(UTC) - datetime.fromtimestamp(made, UTC) > ABANDONED

    def _tidy(self, kept: str) -> None:
        """Delete what workers that stopped half-way, and versions of another shape, have left."""
        known = self.client.indices.get_alias(index=f"{self.server.prefix}-*").body
        for name, about in known.items():
            if name != kept and not about["aliases"] and self._is_abandoned(name):
                self.client.options(ignore_status=404).indices.delete(index=name)

    def _push(self, index: str, generation: int, after: int | None = None) -> None:
        """Send rows newer than `after` (every live row without it), then the marker."""
        rows = IndexedDocument.objects.order_by("pk")
        rows = rows.filter(removed=False) if after is None else rows.filter(generation__gt=after)
        short = rows.values_list(*_Row._fields).iterator(chunk_size=BATCH)
        for action, result in self._results(index, map(_Row._make, short)):
            # Gone already, or there in a newer version.
            if result["status"] not in (200, 201, 404, 409):
                why = result.get("error", {}).get("type", result["status"])
                raise NotWritten(f"{action} {result['_id']}: {why}")
        self.client.indices.refresh(index=index)
        self.client.index(
            index=index,
            id=MARKER,
            document={"complete": generation},
            version=generation,
            version_type="external_gte",
            refresh=True,
        )

    def _results(self, index: str, rows: Iterator[_Row]) -> Iterator[tuple[str, dict[str, Any]]]:
        sent = streaming_bulk(
            self.client,
            self._actions(index, rows),
            chunk_size=BATCH,
            raise_on_error=False,
            max_retries=3,
            initial_backoff=0.5,
        )
        for _, result in sent:
            yield next(iter(result.items()))

    def _actions(self, index: str, rows: Iterator[_Row]) -> Iterator[dict[str, Any]]:
        for batch in batched(rows, BATCH):
            live = [(row.kind, row.object_id) for row in batch if not row.removed]
            found = {document.key: document for document in self.source(live)}
            for row in batch:
                document = found.get((row.kind, row.object_id))
                action: dict[str, Any] = {
                    "_op_type": "index" if document else "delete",
                    "_index": index,
                    "_id": id_of(row.kind, row.object_id),
                    "version": row.generation,
                    "version_type": "external_gte",
                }
                yield (
                    {**action, "_source": source_of(document, row.pk, row.generation)} if document else action
                )
