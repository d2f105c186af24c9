"""A worker begins with a file that it maps: the contract holds as it does when every row is read."""

import random
import threading
from math import log

import pytest
from pyroaring import BitMap
from wagtail import hooks

from search import engines, readiness
from search.engines import arrays, embedded, memory, postings, snapshots, text
from search.engines.base import Concept, Order, Question
from search.engines.embedded import EmbeddedEngine
from search.engines.memory import Memory
from search.models import IndexedDocument, IndexSnapshot, IndexState
from search.synonyms import Thesaurus
from search.words import STOP_STEMS, stems
from tests.search.contract import AUTHORITY, EngineContract, make_document

WORDS = ["swim", "club", "sleep", "autism", "help", "school", "bus", "quiet", "family", "music"]


@pytest.fixture
def small(monkeypatch, settings, tmp_path):
    """Files and ready-made words from the first document on."""
    settings.VAR_DIR = tmp_path
    for module in (memory, embedded):
        monkeypatch.setattr(module, "WORTH_A_FILE", 1)
    monkeypatch.setattr(postings, "FEW_HOLDERS", 1)
    return tmp_path


@pytest.mark.usefixtures("small")
class TestEmbeddedFromAFile(EngineContract):
    def make_engine(self) -> EmbeddedEngine:
        return EmbeddedEngine()


def some_documents(count: int, seed: int = 1) -> list:
    pick = random.Random(seed)

    def words(most: int) -> str:
        return " ".join(pick.choices(WORDS, k=pick.randint(1, most)))

    return [
        make_document(
            n,
            name=words(3),
            text={"summary": words(5), "description": words(20), "details": words(3)},
            points=((51 + n / 100, -2.0),) if n % 3 else (),
        )
        for n in range(1, count + 1)
    ]


@pytest.fixture
def rebuilt(db, small) -> EmbeddedEngine:
    """An engine as a new worker has it after a rebuild."""
    EmbeddedEngine().rebuild(some_documents(60))
    fresh = EmbeddedEngine()
    fresh.catch_up(IndexState.read())
    return fresh


def concepts(words: str) -> tuple[Concept, ...]:
    return tuple(Concept(word, (tuple(stems(word)),)) for word in words.split())


def test_catch_up_when_a_file_is_there_then_no_row_is_read(db, small, django_assert_num_queries):
    EmbeddedEngine().rebuild(some_documents(60))
    state, fresh = IndexState.read(), EmbeddedEngine()
    with django_assert_num_queries(1) as queries:
        fresh.catch_up(state)
    assert "indexsnapshot" in queries[0]["sql"]
    assert len(fresh.memory) == 60
    assert len(fresh.memory.words) == len(WORDS)


def bm25(engine: EmbeddedEngine, words: list[str]) -> dict[int, float]:
    """The formula as books give it, word by word and document by document."""
    held = {id: postings.weights_of(texts) for id, texts in engine.text.texts()}
    average = sum(length for _, length in held.values()) / len(held)
    found: dict[int, float] = {}
    for word in words:
        holders = [id for id, (weights, _) in held.items() if word in weights]
        rarity = max(log((len(held) - len(holders) + 0.5) / (len(holders) + 0.5)), 1e-6)
        for id in holders:
            weights, length = held[id]
            part = weights[word] * 2.2 / (weights[word] + 1.2 * (0.25 + 0.75 * length / average))
            found[id] = found.get(id, 0) + rarity * part
    return found


def test_parts_of_when_a_phrase_has_synonyms_then_they_are_worth_more_than_those_of_a_word():
    known = Thesaurus([["falls over", "unsteady"], ["physio", "physiotherapy"]])
    worth = {
        phrase: part
        for part, phrases in text.parts_of(known.concepts("falls over physio"), STOP_STEMS)
        for phrase in phrases
    }
    assert worth[("physio",)] > worth[("unsteadi",)] > worth[("physiotherapi",)]


@pytest.mark.parametrize("typed", ["swim", "swim sleep", "music bus quiet school"])
def test_best_when_words_are_ready_made_then_scored_by_bm25_as_sqlite_does(rebuilt, typed):
    parts = text.parts_of(concepts(typed), STOP_STEMS)
    ready, rest = rebuilt.memory.words.parts_apart(parts)
    everything = rebuilt.memory.bitmaps.everything
    expected = bm25(rebuilt, [stem for _, stem in ready])
    found = rebuilt.memory.words.best(ready, everything, len(expected))
    assert rest == []
    assert dict(found) == pytest.approx(expected, rel=1e-4)
    of_database = rebuilt.text.scores(parts, everything)
    assert of_database is None or dict(of_database) == pytest.approx(expected, rel=1e-4)


def test_search_when_a_phrase_is_asked_for_too_then_ranked_as_without_a_file(rebuilt):
    asked = Concept("swim", (("swim",), ("swim", "club")), (("sleep",), (*stems("quiet"), *stems("school"))))
    question = Question(AUTHORITY, (asked,), order=Order.RELEVANCE, size=60)
    plain = EmbeddedEngine()
    plain.memory = Memory.of_rows(IndexState.read().generation)
    assert not plain.memory.words
    ranked = [one.object_id for one in rebuilt.search(question).found]
    assert ranked == [one.object_id for one in plain.search(question).found]
    assert len(ranked) > 20


def test_catch_up_when_documents_change_after_the_file_then_their_new_words_are_found(rebuilt):
    writer = EmbeddedEngine()
    writer.write([make_document(1, name="sleep sleep sleep"), make_document(99, name="swim")])
    writer.remove([("service", 2)])
    rebuilt.catch_up(IndexState.read())
    for word in WORDS:
        question = Question(AUTHORITY, concepts(word), order=Order.RELEVANCE, size=100)
        plain = EmbeddedEngine()
        plain.memory = Memory.of_rows(IndexState.read().generation)
        assert {one.object_id for one in rebuilt.search(question).found} == {
            one.object_id for one in plain.search(question).found
        }
    first = rebuilt.search(Question(AUTHORITY, concepts("sleep"), order=Order.RELEVANCE)).found[0]
    assert first.object_id == 1


def test_catch_up_when_the_file_is_damaged_then_the_rows_are_read(db, small):
    EmbeddedEngine().rebuild(some_documents(30))
    for path in snapshots.folder().iterdir():
        path.write_bytes(path.read_bytes()[:-70])
    fresh = EmbeddedEngine()
    fresh.catch_up(IndexState.read())
    assert len(fresh.memory) == 30


def test_catch_up_when_the_bitmaps_are_damaged_then_the_rows_are_read(rebuilt):
    (path,) = (path for path in snapshots.folder().iterdir() if path.suffix)
    held, about = arrays.read(path)
    arrays.write(path, held, about | {"checksum": about["checksum"] ^ 1})
    fresh = EmbeddedEngine()
    fresh.catch_up(IndexState.read())
    assert len(fresh.memory) == 60
    assert not fresh.memory.words


def test_newest_when_the_database_went_back_in_time_then_its_future_is_not_used(rebuilt):
    state = IndexState.read()
    assert snapshots.newest(state)
    state.generation -= 1
    assert snapshots.newest(state) is None
    IndexSnapshot.objects.all().delete()
    assert snapshots.newest(IndexState.read()) is None


def test_keep_when_the_disk_refuses_then_nothing_is_promised(rebuilt, monkeypatch):
    IndexSnapshot.objects.all().delete()

    def refuse(*args):
        raise OSError("no space left")

    monkeypatch.setattr(arrays, "write", refuse)
    rebuilt.memory.keep(rebuilt.text)
    assert not IndexSnapshot.objects.exists()


def test_keep_when_many_were_kept_then_only_the_last_two_files_stay(rebuilt):
    for _ in range(4):
        rebuilt.memory.keep(rebuilt.text)
    assert len([path for path in snapshots.folder().iterdir() if path.suffix]) == snapshots.MOST_FILES


def test_prepare_when_much_was_written_since_then_a_new_file_is_made(rebuilt):
    before = IndexSnapshot.objects.count()
    EmbeddedEngine().write(some_documents(40, seed=2))
    fresh = EmbeddedEngine()
    fresh.prepare()
    assert IndexSnapshot.objects.count() == before + 1
    assert fresh.memory.generation == IndexState.read().generation
    again = EmbeddedEngine()
    again.prepare()
    assert IndexSnapshot.objects.count() == before + 1


def test_prepare_when_a_worker_starts_then_its_first_question_reads_no_row(
    rebuilt, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(engines, "of_process", lambda: starting)
    monkeypatch.setattr(readiness, "close_old_connections", lambda: None)  # the test's own, on PostgreSQL
    starting = EmbeddedEngine()
    for make_ready in hooks.get_hooks("localoffer_worker_starts"):
        make_ready()
    state = IndexState.read()
    with django_assert_num_queries(0):
        starting.catch_up(state)
    assert len(starting.memory) == 60


def test_catch_up_when_another_thread_starts_afresh_then_the_old_answer_is_given(rebuilt, monkeypatch):
    """A rebuild of a large index may not make every family wait for one worker."""
    IndexedDocument.objects.filter(object_id=1).update(removed=True, generation=10_000)
    state = IndexState.read()
    state.generation = state.purged = 10_000
    answers: list[int] = []

    def load(state: IndexState) -> Memory:
        other = threading.Thread(
            target=lambda: (rebuilt.catch_up(state), answers.append(len(rebuilt.memory)))
        )
        other.start()
        other.join(timeout=20)
        return Memory()

    monkeypatch.setattr(rebuilt, "_load", load)
    rebuilt.catch_up(state)
    assert answers == [60]


def test_catch_up_when_a_thread_saw_an_earlier_state_then_nothing_is_read_again(rebuilt, monkeypatch):
    earlier = IndexState.read()
    EmbeddedEngine().write([make_document(7, name="bus")])
    rebuilt.catch_up(IndexState.read())
    monkeypatch.setattr(rebuilt, "_load", lambda state: pytest.fail("read everything again"))
    rebuilt.catch_up(earlier)
    assert rebuilt.memory.generation == IndexState.read().generation


def test_write_when_read_then_the_same_arrays_and_a_stranger_is_refused(tmp_path):
    import numpy as np

    held = {"a": np.arange(5, dtype=np.int64), "b": np.zeros((0, 4), dtype=np.int8)}
    arrays.write(tmp_path / "x", held, {"said": [1, "two"]})
    found, about = arrays.read(tmp_path / "x")
    assert found["a"].tolist() == [0, 1, 2, 3, 4]
    assert (found["b"].shape, about) == ((0, 4), {"said": [1, "two"]})
    (tmp_path / "y").write_bytes(b"something else entirely, and longer than a header")
    with pytest.raises(arrays.Damaged):
        arrays.read(tmp_path / "y")


def test_columns_when_some_have_changed_then_in_order_with_the_rest(rebuilt):
    EmbeddedEngine().write([make_document(5, name="aaa"), make_document(6, name="zzz")])
    rebuilt.catch_up(IndexState.read())
    columns = rebuilt.memory.bitmaps.columns
    everything = rebuilt.memory.bitmaps.everything
    ids = list(everything)
    expected = sorted(ids, key=lambda id: (columns.name(id), id))
    assert columns.by_name(everything, 100) == expected
    assert columns.by_name(BitMap(ids[:9]), 4) == [id for id in expected if id in ids[:9]][:4]
