"""Keeping the index true: after commit, from what the database holds then."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.db import transaction

from search import documents, engines
from search.documents import SERVICE, SearchDocument
from search.models import IndexedDocument


def refresh(ids: Iterable[int]) -> None:
    """Make the index agree with the directory about these services: written when live, else removed."""
    wanted = list(dict.fromkeys(ids))
    for start in range(0, len(wanted), documents.CHUNK):
        chunk = wanted[start : start + documents.CHUNK]
        found = documents.documents_of(chunk)
        live = {document.object_id for document in found}
        gone = [(SERVICE, id) for id in chunk if id not in live]
        with transaction.atomic():
            if found:
                engines.current().write(found)
            if gone:
                engines.current().remove(gone)


def refresh_after_commit(ids: Iterable[int]) -> None:
    """`refresh` once this transaction is kept; many calls in one transaction make one refresh."""
    waiting = _waiting_here()
    waiting.ids.update(ids)
    transaction.on_commit(waiting.refresh, robust=True)


@dataclass(eq=False, slots=True)
class _Waiting:
    """The services that one transaction has changed; empty again once they were refreshed."""

    ids: set[int] = field(default_factory=set)

    def refresh(self) -> None:
        ids, self.ids = self.ids, set()
        if ids:
            refresh(ids)


def _waiting_here() -> _Waiting:
    """What this transaction has waiting. A rollback forgets it with the transaction's other callbacks."""
    for _, callback, _ in transaction.get_connection().run_on_commit:
        owner = getattr(callback, "__self__", None)
        if isinstance(owner, _Waiting):
            return owner
    return _Waiting()


def rebuild(watch: Callable[[Iterator[SearchDocument]], Iterable[SearchDocument]] = iter) -> int:
    """Write every document afresh and drop the rest; how many there are. `watch` may count them."""
    return engines.current().rebuild(watch(documents.every_document()))


def how_many() -> int:
    """How many documents the index holds."""
    return IndexedDocument.objects.filter(removed=False).count()
