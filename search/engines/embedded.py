"""The embedded engine: words in the database, everything else in bitmaps. Needs no server of its own."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from threading import RLock
from typing import TypeVar

from django.db import connection, transaction
from pyroaring import BitMap

from search import facets, words
from search.documents import SearchDocument
from search.engines import text
from search.engines.base import DEEPEST, SERVICE, Answer, Found, Key, Order, Question
from search.engines.bitmaps import Bitmaps, Entry, Sieve
from search.models import IndexedDocument, IndexState

T = TypeVar("T")
BATCH = 500
# Ranks are fetched in steps of this many, so that two pages agree about ties.
RANK_STEP = 200
# Documents that are not asked for (other kinds, others' own): up to so many are ranked and passed over,
# which costs less than naming every document that is asked for.
FEW_OTHERS = 2_000
# Fields whose words may correct a misspelt one, and the shortest of them worth keeping.
SPELLING_FIELDS = ("name", "topics", "summary", "keywords", "description")
SHORTEST_KEPT_WORD = 4
# Not `bulk_create`: most words are there already, and this asks nothing of the ORM for each.
_ADD_WORD = "INSERT INTO search_indexedword (word) VALUES (%s) ON CONFLICT DO NOTHING"


class EmbeddedEngine:
    """One in each worker: its bitmaps follow the table, which every worker shares."""

    def __init__(self) -> None:
        self.text = text.matcher()
        self.held = Bitmaps()
        self.generation = -1
        self._lock = RLock()

    # -- reading ---------------------------------------------------------------

    def catch_up(self, state: IndexState) -> None:
        """Apply what is new; start afresh after a purge, or when the table went back in time."""
        if self.generation == state.generation:
            return
        with self._lock:
            if self.generation < state.purged or self.generation > state.generation or not len(self.held):
                self._load(state.generation)
            elif self.generation < state.generation:
                self._apply(state.generation)

    def _load(self, generation: int) -> None:
        rows = IndexedDocument.objects.filter(removed=False).values_list("pk", "entry")
        held = Bitmaps()
        held.load(Entry.from_json(pk, entry) for pk, entry in rows.iterator(chunk_size=5_000))
        self.held, self.generation = held, generation

    def _apply(self, generation: int) -> None:
        rows = IndexedDocument.objects.filter(generation__gt=self.generation)
        for pk, removed, entry in rows.values_list("pk", "removed", "entry"):
            if removed:
                self.held.drop(pk)
            else:
                self.held.put(Entry.from_json(pk, entry))
        self.generation = generation

    def search(self, question: Question) -> Answer:
        holding = self.text.holding(question.concepts) if question.concepts else []
        with self._lock:
            sieve = Sieve(self.held, question, holding)
            holders = [len(ids) for ids in holding]
            total = len(sieve.all)
            start = last_page_start(question.start, question.size, total)
            counts = sieve.counts()
            pages = self._beside(question, holding)
            scored = self._scored(sieve, pages, start, holders)
            ids = self._page(sieve, start, scored)
            beside = self._page(pages, 0, scored) if pages else []
            miles = {id: self.held.miles(id, question.near) for id in ids}
            empty = not total
            answer = Answer(
                total=total,
                start=start,
                found=(),
                counts=counts,
                placeless=len(self.held.nowhere(sieve.all)),
                partly=sieve.partly,
                unknown=sieve.unknown,
                without=sieve.without() if empty else {},
                wider=sieve.wider() if empty else (),
                beside_total=len(pages.all) if pages else 0,
            )
        found = self._found([*ids, *beside], miles)
        pick = [tuple(found[id] for id in some if id in found) for some in (ids, beside)]
        return answer.with_found(*pick)

    def _beside(self, question: Question, holding: Sequence[BitMap]) -> Sieve | None:
        """The sets behind the pages to give beside the services."""
        pages = question.beside_question
        return Sieve(self.held, pages, holding) if pages else None

    def _scored(
        self, sieve: Sieve, pages: Sieve | None, start: int, holders: Sequence[int]
    ) -> list[tuple[int, float]]:
        """Services and pages in one ranking; nothing where another order was asked for both."""
        question = sieve.question
        wanted = pages.all if pages else BitMap()
        limit = len(wanted)
        if question.order == Order.RELEVANCE and question.concepts:
            limit += -(-min(start + question.size, DEEPEST) // RANK_STEP) * RANK_STEP
            wanted = wanted | sieve.all
            others = len(self.held) - len(sieve.visible)
            if len(sieve.parts) == 1 and question.kind == SERVICE and others <= FEW_OTHERS:
                return self.text.ranked(question.concepts, holders, None, limit + others)
        return self.text.ranked(question.concepts, holders, wanted, limit) if wanted else []

    def _page(self, sieve: Sieve, start: int, scored: Sequence[tuple[int, float]]) -> list[int]:
        """The ids of one page in the order that was asked for."""
        question = sieve.question
        if question.order != Order.RELEVANCE or not question.concepts:
            return self.held.ordered(sieve.all, question, start)
        names = self.held.names
        ranked = sorted((-round(score, 9), names[id], id) for id, score in scored if id in sieve.all)
        return [id for _, _, id in ranked[start : min(start + question.size, DEEPEST)]]

    def _found(self, ids: Sequence[int], miles: dict[int, float | None]) -> dict[int, Found]:
        """One query for the cards; what was removed meanwhile is left out."""
        if not ids:
            return {}
        rows = IndexedDocument.objects.filter(pk__in=ids, removed=False)
        cards = rows.values_list("pk", "kind", "object_id", "card")
        return {id: Found(kind, object_id, card, miles.get(id)) for id, kind, object_id, card in cards}

    # -- writing ---------------------------------------------------------------

    def write(self, documents: Sequence[SearchDocument]) -> None:
        with transaction.atomic():
            generation = IndexState.advance()
            for batch in batches(documents):
                self._write(batch, generation)
                _keep_words(batch)

    def _write(self, documents: Sequence[SearchDocument], generation: int) -> None:
        rows = [
            IndexedDocument(
                kind=document.kind,
                object_id=document.object_id,
                generation=generation,
                removed=False,
                entry=entry_of(document).as_json(),
                card=dict(document.card),
            )
            for document in documents
        ]
        stored = IndexedDocument.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["kind", "object_id"],
            update_fields=["generation", "removed", "entry", "card"],
        )
        stems = (
            {name: words.stems(value, text.MOST_STEMS_A_FIELD) for name, value in document.text.items()}
            for document in documents
        )
        self.text.write((row.pk, texts) for row, texts in zip(stored, stems, strict=True))

    def remove(self, keys: Iterable[Key]) -> None:
        by_kind: dict[str, list[int]] = {}
        for kind, object_id in keys:
            by_kind.setdefault(kind, []).append(object_id)
        with transaction.atomic():
            generation = IndexState.advance()
            for kind, object_ids in by_kind.items():
                for batch in batches(object_ids):
                    rows = IndexedDocument.objects.filter(kind=kind, object_id__in=batch, removed=False)
                    self._remove(list(rows.values_list("pk", flat=True)), generation)

    def _remove(self, ids: list[int], generation: int) -> None:
        self.text.remove(ids)
        IndexedDocument.objects.filter(pk__in=ids).update(
            removed=True, generation=generation, entry={}, card={}
        )

    def rebuild(self, documents: Iterable[SearchDocument]) -> int:
        """Batch by batch in place: at every moment each document is there, old or new."""
        before = IndexState.read().generation
        written = 0
        for batch in batches(documents):
            self.write(batch)
            written += len(batch)
        with transaction.atomic():
            generation = IndexState.advance()
            stale = IndexedDocument.objects.filter(generation__lte=before)
            for ids in batches(list(stale.filter(removed=False).values_list("pk", flat=True))):
                self._remove(ids, generation)
        self._purge(before)
        self.text.optimise()
        return written

    def _purge(self, before: int) -> None:
        """Markers of removals older than this rebuild go; a worker that slept longer loads afresh."""
        with transaction.atomic():
            IndexedDocument.objects.filter(removed=True, generation__lte=before).delete()
            IndexState.objects.filter(pk=IndexState.ONLY).update(purged=before)

    def problems(self) -> list[str]:
        return []


def last_page_start(start: int, size: int, total: int) -> int:
    """Where the page starts that is shown: one past the end becomes the last there is."""
    shown = min(total, DEEPEST)
    return min(start, (shown - 1) // size * size) if shown else 0


def entry_of(document: SearchDocument) -> Entry:
    """What memory holds of a document; the id is the row's own."""
    return Entry(
        id=0,
        sort_name=" ".join(words.folded(document.name)),
        authorities=sorted(document.authorities),
        everywhere=document.everywhere,
        values=facets.read(document),
        min_age=document.min_age,
        max_age=document.max_age,
        points=document.points,
        checked=document.last_checked.toordinal() if document.last_checked else 0,
        kind=document.kind,
    )


def batches(things: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(things)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _keep_words(documents: Iterable[SearchDocument]) -> None:
    """Words a misspelt one may have meant."""
    texts = (document.text.get(name, "") for document in documents for name in SPELLING_FIELDS)
    found = {word for value in texts for word in words.folded(value)}
    kept = sorted(word for word in found if len(word) >= SHORTEST_KEPT_WORD and word.isalpha())
    with connection.cursor() as cursor:
        cursor.executemany(_ADD_WORD, [(word,) for word in kept])
