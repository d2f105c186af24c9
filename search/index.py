"""Keeping the index true: after commit, from what the database holds then."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from django.db import transaction

from localoffer.batches import batched
from search import documents, engines, page_documents
from search.documents import SearchDocument
from search.engines import text
from search.engines.base import PAGE, SERVICE, Found, Key
from search.models import IndexedDocument
from search.page_documents import PARTS


def refresh(ids: Iterable[int]) -> None:
    """Make the index agree with the directory about these services: written when live, else removed."""
    for chunk in batched(dict.fromkeys(ids), documents.CHUNK):
        found = documents.documents_of(chunk)
        live = {document.object_id for document in found}
        _write(found, [(SERVICE, id) for id in chunk if id not in live])


def refresh_pages(ids: Iterable[int]) -> None:
    """The same for pages, each with all its parts: an answer that was cut goes, too."""
    for id in dict.fromkeys(ids):
        found = page_documents.documents_of_pages([id])
        kept = {document.object_id for document in found}
        held = IndexedDocument.objects.filter(
            kind=PAGE, object_id__gte=id * PARTS, object_id__lt=(id + 1) * PARTS, removed=False
        )
        stale = [(PAGE, part) for part in held.values_list("object_id", flat=True) if part not in kept]
        _write(found, stale)


def _write(found: list[SearchDocument], gone: list[Key]) -> None:
    with transaction.atomic():
        if found:
            engines.current().write(found)
        if gone:
            engines.current().remove(gone)


def refresh_after_commit(ids: Iterable[int]) -> None:
    """`refresh` once this transaction is kept; many calls in one transaction make one refresh."""
    _wait_for(services=ids)


def refresh_pages_after_commit(ids: Iterable[int]) -> None:
    """`refresh_pages` once this transaction is kept."""
    _wait_for(pages=ids)


def _wait_for(services: Iterable[int] = (), pages: Iterable[int] = ()) -> None:
    waiting = _waiting_here()
    waiting.services.update(services)
    waiting.pages.update(pages)
    transaction.on_commit(waiting.refresh, robust=True)


@dataclass(eq=False, slots=True)
class _Waiting:
    """What one transaction has changed; empty again once it was refreshed."""

    services: set[int] = field(default_factory=set)
    pages: set[int] = field(default_factory=set)

    def refresh(self) -> None:
        services, self.services = self.services, set()
        pages, self.pages = self.pages, set()
        if services:
            refresh(services)
        if pages:
            refresh_pages(pages)


def _waiting_here() -> _Waiting:
    """What this transaction has waiting. A rollback forgets it with the transaction's other callbacks."""
    for _, callback, _ in transaction.get_connection().run_on_commit:
        owner = getattr(callback, "__self__", None)
        if isinstance(owner, _Waiting):
            return owner
    return _Waiting()


def rebuild(watch: Callable[[Iterator[SearchDocument]], Iterable[SearchDocument]] = iter) -> int:
    """Write every document afresh and drop the rest; how many there are. `watch` may count them."""
    text.matcher().mend()
    every = chain(documents.every_document(), page_documents.every_document())
    return engines.current().rebuild(watch(every))


def should_hold() -> int:
    """How many documents there should be."""
    return documents.how_many() + page_documents.how_many()


def how_many(kind: str = "") -> int:
    """How many documents the index holds, or how many of a kind."""
    held = IndexedDocument.objects.filter(removed=False)
    return (held.filter(kind=kind) if kind else held).count()


def found_by_key(keys: Iterable[Key]) -> list[Found]:
    """What the index holds under these keys, in their order, whatever they match; one query a kind."""
    wanted = list(dict.fromkeys(keys))
    cards: dict[Key, Found] = {}
    for kind in {kind for kind, _ in wanted}:
        ids = [id for each, id in wanted if each == kind]
        rows = IndexedDocument.objects.filter(kind=kind, object_id__in=ids, removed=False)
        for id, card in rows.values_list("object_id", "card"):
            cards[kind, id] = Found(kind, id, card)
    return [cards[key] for key in wanted if key in cards]
