"""Keeping the index true: after commit, from what the database holds then."""

from collections.abc import Callable, Iterable, Iterator
from threading import local

from django.db import transaction

from search import documents, engines
from search.documents import SERVICE, SearchDocument
from search.models import IndexedDocument

_waiting = local()


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
    """`refresh` once this transaction is kept; many calls in one transaction make one refresh.

    What a transaction that was rolled back left waiting is refreshed with the next: it costs a
    read and changes nothing.
    """
    waiting: set[int] = getattr(_waiting, "ids", set())
    waiting.update(ids)
    _waiting.ids = waiting
    transaction.on_commit(_refresh_waiting, robust=True)


def _refresh_waiting() -> None:
    waiting: set[int] = getattr(_waiting, "ids", set())
    _waiting.ids = set()
    if waiting:
        refresh(waiting)


def rebuild(watch: Callable[[Iterator[SearchDocument]], Iterable[SearchDocument]] = iter) -> int:
    """Write every document afresh and drop the rest; how many there are. `watch` may count them."""
    return engines.current().rebuild(watch(documents.every_document()))


def how_many() -> int:
    """How many documents the index holds."""
    return IndexedDocument.objects.filter(removed=False).count()
