"""The embedded engine: words in the database, everything else in bitmaps. Needs no server of its own."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from json import loads
from threading import Lock, RLock

from django.db import connection, transaction
from pyroaring import BitMap

from localoffer.batches import batched
from search import facets, meaning, words
from search.documents import SearchDocument
from search.engines import text
from search.engines.base import (
    DEEPEST,
    FEW_FOUND,
    SERVICE,
    Answer,
    Concept,
    Found,
    Key,
    Order,
    Phrase,
    Question,
)
from search.engines.bitmaps import Entry, Sieve
from search.engines.meanings import CLOSENESS_WORTH, blended
from search.engines.memory import WORTH_A_FILE, Memory, prepared
from search.models import IndexedDocument, IndexState
from search.words import STOP_STEMS
from services import row_writing

BATCH = 500
# Written in so many goes since a worker looked: then it asks how much that was.
MANY_GENERATIONS = 20
# Ranks are fetched in steps of this many, so that two pages agree about ties.
RANK_STEP = 200
# Documents that are not asked for (other kinds, others' own): up to so many are ranked and passed over,
# which costs less than naming every document that is asked for.
FEW_OTHERS = 2_000
# How much is added to words by nearness where a place was named, and by being for an age that was named.
NEARNESS_WORTH, AGE_WORTH = 1.0, 0.3
# The miles of a bus ride, and from where on all is equally far.
BUS_RIDE, FAR = 5.0, 10.0
# Fields whose words may correct a misspelt one, and the shortest of them worth keeping.
SPELLING_FIELDS = ("name", "topics", "summary", "keywords", "description")
SHORTEST_KEPT_WORD = 4
_CARDS = "SELECT id, kind, object_id, card FROM search_indexeddocument WHERE id IN ({}) AND NOT removed"
_ROW = ("kind", "object_id", "generation", "removed", "entry", "card", "meaning")
# Not `bulk_create`: most words are there already, and this asks nothing of the ORM for each.
_ADD_WORD = "INSERT INTO search_indexedword (word) VALUES (%s) ON CONFLICT DO NOTHING"


class EmbeddedEngine:
    """One in each worker: its bitmaps follow the table, which every worker shares."""

    def __init__(self) -> None:
        self.text = text.matcher()
        self.memory = Memory()
        self._lock = RLock()
        self._starting = Lock()
        self._is_loading = False

    # -- reading ---------------------------------------------------------------

    def catch_up(self, state: IndexState) -> None:
        """Apply what is new; start afresh after a purge, or when the table went back in time.

        While one thread starts afresh, others go on answering with what there is."""
        if self.memory.generation == state.generation or (self._is_loading and len(self.memory)):
            return
        with self._starting:
            if self.memory.generation > state.generation:
                # Another thread saw a later state, or the table is older than what is held.
                state = IndexState.read()
            if self.memory.generation == state.generation:
                return
            if self._is_current(self.memory, state):
                with self._lock:
                    self.memory.apply(state.generation, self.text)
                return
            self._is_loading = True
            try:
                self.memory = self._load(state)
            finally:
                self._is_loading = False

    def _is_current(self, held: Memory, state: IndexState) -> bool:
        """Whether what was written since is known, and little enough to be taken in one by one."""
        if not len(held) or not state.purged <= held.generation < state.generation:
            return False
        far = state.generation - held.generation > MANY_GENERATIONS
        return not far or held.behind().count() <= max(WORTH_A_FILE, len(held) // 5)

    def _load(self, state: IndexState) -> Memory:
        """What is on this server's disk, or else every row: a family is waiting, so nothing is made ready."""
        held = Memory.of_file(state) or Memory.of_rows(state.generation)
        if not self._is_current(held, state) and held.generation < state.generation:
            held = Memory.of_rows(state.generation)
        if held.generation < state.generation:
            held.apply(state.generation, self.text)
        return held

    def prepare(self) -> None:
        """Be ready before the first question; makes what is missing on this server's disk."""
        state = IndexState.read()
        if self.memory.generation != state.generation:
            self.memory = prepared(state, self.text)

    def search(self, question: Question) -> Answer:
        holding = self.holding(question.concepts) if question.concepts else []
        with self._lock:
            held = self.memory.bitmaps
            sieve = Sieve(held, question, holding)
            if question.stops_at_unknown and sieve.unknown:
                return Answer(0, 0, (), {}, unknown=sieve.unknown, stopped=True)
            holders = [len(ids) for ids in holding]
            total = len(sieve.all)
            start = last_page_start(question.start, question.size, total)
            counts = sieve.counts()
            pages = self._beside(question, holding)
            scored = self._scored(sieve, pages, start, holders)
            ids = self._page(sieve, start, scored)
            beside = self._page(pages, 0, scored) if pages else []
            close = self.close(question, total, sieve.except_("words"), ids)
            miles = held.miles([*ids, *close], question.near)
            empty = not total
            answer = Answer(
                total=total,
                start=start,
                found=(),
                counts=counts,
                placeless=len(held.nowhere(sieve.all)),
                partly=sieve.partly,
                unknown=sieve.unknown,
                without=sieve.without() if empty else {},
                wider=sieve.wider() if empty else (),
                beside_total=len(pages.all) if pages else 0,
            )
        found = self.cards([*ids, *beside, *close], miles)
        pick = [tuple(found[id] for id in some if id in found) for some in (ids, beside, close)]
        return answer.with_found(*pick)

    def holding(self, concepts: Sequence[Concept]) -> list[BitMap]:
        """For each concept the documents with any of its phrases, or with a `spread` of it."""
        single = sorted({word for concept in concepts for each in concept.spread for word in each})
        found = self._with_any([*(concept.phrases for concept in concepts), *([(word,)] for word in single)])
        holding, of_word = found[: len(concepts)], dict(zip(single, found[len(concepts) :], strict=True))
        for ids, concept in zip(holding, concepts, strict=True):
            for each in concept.spread:
                ids |= of_word[each[0]].intersection(*(of_word[word] for word in each[1:]))
        return holding

    def _with_any(self, asked: Sequence[Sequence[Phrase]]) -> list[BitMap]:
        """For each list of phrases the documents with any of them: the commoner words from memory, the rest
        in one query. The bitmaps are the caller's own."""
        words = self.memory.words
        if not words:
            return self.text.holding(asked)
        apart = [words.apart(phrases) for phrases in asked]
        rest = [at for at, (_, others) in enumerate(apart) if others]
        found = self.text.holding([apart[at][1] for at in rest]) if rest else []
        with self._lock:
            holding = [words.holding(stems) for stems, _ in apart]
        for at, ids in zip(rest, found, strict=True):
            holding[at] |= ids
        return holding

    def close(self, question: Question, total: int, passing: BitMap, found: Sequence[int]) -> list[int]:
        """Ids close in meaning where few were found: among those that pass the filters, the found aside."""
        if not question.related or not question.concepts or total >= FEW_FOUND:
            return []
        asked = meaning.vector(question.text)
        if asked is None:
            return []
        return self.memory.meanings.nearest(asked, passing - BitMap(found), question.related, found)

    def _beside(self, question: Question, holding: Sequence[BitMap]) -> Sieve | None:
        """The sets behind the pages to give beside the services."""
        pages = question.beside_question
        return Sieve(self.memory.bitmaps, pages, holding) if pages else None

    def _scored(
        self, sieve: Sieve, pages: Sieve | None, start: int, holders: Sequence[int]
    ) -> list[tuple[int, float]]:
        """Services and pages in one ranking; nothing where another order was asked for both."""
        question = sieve.question
        wanted = pages.all if pages else BitMap()
        limit = len(wanted)
        by_words = question.order == Order.RELEVANCE and bool(question.concepts)
        if by_words:
            limit += -(-min(start + question.size, DEEPEST) // RANK_STEP) * RANK_STEP
            wanted = wanted | sieve.all
        if not wanted:
            return []
        ranked = self._ready_made(question.concepts, wanted, limit)
        if ranked is not None:
            return ranked
        others = len(self.memory) - len(sieve.visible)
        only_words = by_words and len(sieve.parts) == 1 and question.kind == SERVICE
        # A single word of a phrase is scored, but does not make a document one of those that are asked for.
        phrases = any(concept.spread for concept in question.concepts)
        if only_words and not phrases and others <= FEW_OTHERS:
            return self.text.ranked(question.concepts, holders, None, limit + others)
        return self.text.ranked(question.concepts, holders, wanted, limit)

    def _ready_made(
        self, concepts: Sequence[Concept], wanted: BitMap, limit: int
    ) -> list[tuple[int, float]] | None:
        """The ranking by scores that are in memory, with those of rarer words and phrases added to them."""
        words = self.memory.words
        ready, rest = words.parts_apart(text.parts_of(concepts, STOP_STEMS)) if words else ([], [])
        if not ready:
            return None
        more = self.text.scores(rest, wanted) if rest else []
        return None if more is None else words.best(ready, wanted, limit, more)

    def _page(self, sieve: Sieve, start: int, scored: Sequence[tuple[int, float]]) -> list[int]:
        """The ids of one page in the order that was asked for."""
        question = sieve.question
        held = self.memory.bitmaps
        if question.order != Order.RELEVANCE or not question.concepts:
            return held.ordered(sieve.all, question, start)
        passed = [(id, score) for id, score in scored if id in sieve.all]
        names = held.columns.names([id for id, _ in passed])
        wanted = [(-round(score, 9), names[id], id) for id, score in passed]
        # A later page asks for more steps: what is in the earlier ones may not change by it.
        steps = (sorted(wanted[at : at + RANK_STEP]) for at in range(0, len(wanted), RANK_STEP))
        ranked = {id: -score for step in steps for score, _, id in step}
        return self.by_meaning(ranked, question, start)

    def by_meaning(
        self, scores: Mapping[int, float], question: Question, start: int, begins: int = 0
    ) -> list[int]:
        """One page of ids that are ranked by words, the first of them at `begins`, each with its score:
        those closer in meaning, and nearer where a place was named, move up within their step."""
        ranked = list(scores)
        end = min(start + question.size, DEEPEST)
        asked = meaning.vector(question.text)
        if asked is None:
            return ranked[start - begins : end - begins]
        first = start // RANK_STEP * RANK_STEP
        moved: list[int] = []
        for at in range(first - begins, end - begins, RANK_STEP):
            step = ranked[at : at + RANK_STEP]
            closeness = self.memory.meanings.closeness(step, asked)
            measures = [({id: scores[id] for id in step}, 1.0), (closeness, CLOSENESS_WORTH)]
            if question.near:
                measures.append((self._nearness(step, question.near), NEARNESS_WORTH))
            if question.suits is not None:
                measures.append((self._suiting(step, question.suits), AGE_WORTH))
            moved += blended(step, *measures)
        return moved[start - first : end - first]

    def related(self, question: Question, total: int, found: Sequence[int]) -> list[int]:
        """`close` for an engine whose words are elsewhere."""
        if not question.related or total >= FEW_FOUND:
            return []
        with self._lock:
            sieve = Sieve(self.memory.bitmaps, replace(question, concepts=()), [])
            return self.close(question, total, sieve.all, found)

    def miles(self, ids: Sequence[int], near: tuple[float, float] | None) -> dict[int, float | None]:
        return self.memory.bitmaps.miles(ids, near)

    def _nearness(self, ids: Sequence[int], near: tuple[float, float]) -> dict[int, float]:
        """From 1 for here to 0 for far. What has no place is taken to be a bus ride away."""
        miles = self.miles(ids, near)
        return {id: max(0.0, 1 - (BUS_RIDE if away is None else away) / FAR) for id, away in miles.items()}

    def _suiting(self, ids: Sequence[int], age: int) -> dict[int, float]:
        """1 for what is for an age."""
        return dict.fromkeys(self.memory.bitmaps.ages[age] & BitMap(ids), 1.0)

    def cards(self, ids: Sequence[int], miles: dict[int, float | None]) -> dict[int, Found]:
        """One query for the cards; what was removed meanwhile is left out. By hand: it is part of every
        search, and the ORM would take as long to make the statement as it takes to answer it."""
        if not ids:
            return {}
        marks = ", ".join(["%s"] * len(ids))
        with connection.cursor() as cursor:
            cursor.execute(_CARDS.format(marks), list(ids))
            rows = cursor.fetchall()
        return {id: Found(kind, object_id, loads(card), miles.get(id)) for id, kind, object_id, card in rows}

    # -- writing ---------------------------------------------------------------

    def write(self, documents: Sequence[SearchDocument]) -> None:
        with transaction.atomic():
            generation = IndexState.advance()
            for batch in batched(documents, BATCH):
                self._write(batch, generation)
                _keep_words(batch)

    def _write(self, documents: Sequence[SearchDocument], generation: int) -> None:
        vectors = meaning.of_documents([document.text for document in documents])
        rows = (
            (*document.key, generation, False, entry_of(document).as_json(), dict(document.card), vector)
            for document, vector in zip(documents, vectors, strict=True)
        )
        row_writing.insert_rows(IndexedDocument, _ROW, rows, known_by=("kind", "object_id"))
        written = IndexedDocument.objects.filter(
            generation=generation, object_id__in=[document.object_id for document in documents]
        )
        keys = {(kind, id): pk for kind, id, pk in written.values_list("kind", "object_id", "pk")}
        self.text.write((keys[document.key], texts) for document, texts in _stems(documents))

    def remove(self, keys: Iterable[Key]) -> None:
        by_kind: dict[str, list[int]] = {}
        for kind, object_id in keys:
            by_kind.setdefault(kind, []).append(object_id)
        with transaction.atomic():
            generation = IndexState.advance()
            for kind, object_ids in by_kind.items():
                for batch in batched(object_ids, BATCH):
                    rows = IndexedDocument.objects.filter(kind=kind, object_id__in=batch, removed=False)
                    self._remove(list(rows.values_list("pk", flat=True)), generation)

    def _remove(self, ids: list[int], generation: int) -> None:
        self.text.remove(ids)
        IndexedDocument.objects.filter(pk__in=ids).update(
            removed=True, generation=generation, entry={}, card={}, meaning=b""
        )

    def rebuild(self, documents: Iterable[SearchDocument]) -> int:
        """Batch by batch in place: at every moment each document is there, old or new."""
        before = IndexState.read().generation
        written = 0
        for batch in batched(documents, BATCH):
            self.write(batch)
            written += len(batch)
        with transaction.atomic():
            generation = IndexState.advance()
            stale = IndexedDocument.objects.filter(generation__lte=before)
            for ids in batched(list(stale.filter(removed=False).values_list("pk", flat=True)), BATCH):
                self._remove(ids, generation)
            self.text.remove_strays(IndexedDocument._meta.db_table)
        self.text.optimise()
        if written >= WORTH_A_FILE:
            # Before the purge, so that workers that must start afresh find a file to start with.
            prepared(IndexState.read(), self.text)
        self._purge(before)
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


def _stems(documents: Sequence[SearchDocument]) -> Iterator[tuple[SearchDocument, text.Texts]]:
    """Each with its stems by field. Those of one kind say much the same: a text is taken apart once."""
    every = {value for document in documents for value in document.text.values()}
    known = {value: words.stems(value, text.MOST_STEMS_A_FIELD) for value in every}
    for document in documents:
        yield document, {name: known[value] for name, value in document.text.items()}


def _keep_words(documents: Iterable[SearchDocument]) -> None:
    """Words a misspelt one may have meant."""
    texts = {document.text.get(name, "") for document in documents for name in SPELLING_FIELDS}
    found = {word for value in texts for word in words.folded(value)}
    kept = sorted(word for word in found if len(word) >= SHORTEST_KEPT_WORD and word.isalpha())
    with connection.cursor() as cursor:
        cursor.executemany(_ADD_WORD, [(word,) for word in kept])
