"""What every search engine must do. Subclass it, say how to make the engine, and it is tested."""

from dataclasses import replace
from datetime import date
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.documents import SearchDocument
from search.engines import base
from search.engines.base import Answer, Concept, Order, Question, SearchEngine
from search.models import IndexState
from search.words import stems
from tests.search import strategies
from tests.search.oracle import Oracle

AUTHORITY = 1
# What is syntax to FTS5, to tsquery or to Lucene, and what pages must not repeat as markup.
HOSTILE = (
    '"', "name:swim", "swim*", "*:*", "sw?m~2 ^9", "NEAR(swim, 3)", "a AND NOT (b",
    "swim & !x | y:*", "'a' <-> 'b'",
    "/.*/", "[* TO *]", "_exists_:name", "'; DROP TABLE search_text; --", "<script>alert(1)</script>",
    "\\", "\x00",
    '{"match_all": {}}', "swim " * 2_000, "ﷺ" * 100, "🦄",
)  # fmt: skip
# An example writes a whole index, so it asks several questions of it.
_settings = settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        # One test for every engine is what a contract is.
        HealthCheck.differing_executors,
    ],
)


def make_document(object_id: int, **fields) -> SearchDocument:
    name = fields.pop("name", f"Service {object_id}")
    text = {"name": name, **fields.pop("text", {})}
    fields.setdefault("authorities", frozenset({AUTHORITY}))
    fields.setdefault("card", {"name": name})
    return SearchDocument("service", object_id, name, text=text, **fields)


def make_page(object_id: int, **fields) -> SearchDocument:
    return replace(make_document(object_id, **fields), kind="page")


def _in_them(concept: Concept) -> bool:
    """Whether the two documents of the test below hold any phrase of a concept."""
    held = {*stems("swim"), *stems("and or not near title")}
    return any(held.issuperset(phrase) for phrase in concept.phrases)


@pytest.mark.django_db
class EngineContract:
    """`make_engine` gives an engine as a new worker would have it."""

    def make_engine(self) -> SearchEngine:
        raise NotImplementedError

    @pytest.fixture
    def engine(self, db) -> SearchEngine:
        return self.make_engine()

    def ask(self, engine: SearchEngine, **question) -> Answer:
        engine.catch_up(IndexState.read())
        concepts = tuple(Concept(word, ((word,),)) for word in question.pop("words", "").split())
        return engine.search(Question(**{"authority": AUTHORITY, "concepts": concepts, **question}))

    def ask_typed(self, engine: SearchEngine, typed: str) -> Answer:
        """With what `strategies.THESAURUS` teaches."""
        engine.catch_up(IndexState.read())
        return engine.search(Question(authority=AUTHORITY, concepts=strategies.THESAURUS.concepts(typed)))

    def ids(self, engine: SearchEngine, **question) -> list[int]:
        return [found.object_id for found in self.ask(engine, **question).found]

    # -- the sets and the counts -------------------------------------------------

    @_settings
    @given(st.data())
    def test_search_when_compared_with_the_oracle_then_sets_counts_and_order_agree(self, data):
        engine = self.make_engine()
        documents = data.draw(strategies.documents())
        engine.rebuild(documents)
        with patch.object(base, "ENOUGH", 3):
            for question in data.draw(st.lists(strategies.questions(), min_size=6, max_size=6)):
                engine.catch_up(IndexState.read())
                answer = engine.search(question)
                self.compare(answer, Oracle(documents, question))
                self.compare_beside(answer, question, documents)

    def compare_beside(self, answer: Answer, question: Question, documents: list[SearchDocument]) -> None:
        if not question.beside_question:
            assert (answer.beside, answer.beside_total) == ((), 0)
            return
        expected = Oracle(documents, question.beside_question).found
        found = {(one.kind, one.object_id) for one in answer.beside}
        assert answer.beside_total == len(expected)
        assert found <= expected
        assert len(found) == len(answer.beside) == min(question.beside, len(expected))

    def compare(self, answer: Answer, oracle: Oracle) -> None:
        question = oracle.question
        assert answer.total == len(oracle.found)
        assert {f: c for f, c in answer.counts.items() if c} == oracle.counts()
        found = [(one.kind, one.object_id) for one in answer.found]
        assert len(found) == len(set(found)) == min(question.size, answer.total - answer.start)
        assert set(found) <= oracle.found
        if question.order != Order.RELEVANCE or not question.concepts:
            expected = oracle.ordered()
            assert found == expected[answer.start : answer.start + question.size]
        places = {d.key: d for d in oracle.visible}
        for one in answer.found:
            document = places[(one.kind, one.object_id)]
            if question.near and document.points:
                assert one.miles == pytest.approx(oracle.miles(document), abs=1e-6)
            else:
                assert one.miles is None
        assert answer.placeless == len([k for k in oracle.found if not places[k].points])
        if not oracle.found:
            removed = {name: len(oracle.passing(name)) for name in oracle.filters}
            assert {name: answer.without[name] for name in removed} == removed
            if "within" in oracle.filters:
                among = oracle.passing("within")
                assert dict(answer.wider) == {m: len(among & oracle.around(m)) for m in question.widen}

    @_settings
    @given(st.lists(st.text(max_size=60) | st.sampled_from(HOSTILE), min_size=1, max_size=8))
    def test_search_when_anything_is_typed_then_answered_and_never_read_as_syntax(self, typed):
        engine = self.make_engine()
        engine.rebuild([make_document(1, name="swim"), make_document(2, name="and or not near title")])
        engine.catch_up(IndexState.read())
        for text in typed:
            concepts = strategies.THESAURUS.concepts(text)
            asked = Question(AUTHORITY, concepts, order=Order.RELEVANCE, text=text, related=5)
            answer = engine.search(asked)
            if concepts and not any(_in_them(concept) for concept in concepts):
                assert answer.total == 0

    # -- words -------------------------------------------------------------------

    def test_search_when_the_words_of_a_phrase_stand_apart_then_found_after_where_they_stand_together(
        self, engine
    ):
        engine.write(
            [
                make_document(1, name="Pool", text={"description": "a hydro spa"}),
                make_document(2, name="Hydro pool"),
                make_document(3, name="Pool table"),
                make_document(4, name="Swim", text={"description": "school"}),
            ]
        )
        pool, spectrum = (strategies.THESAURUS.concepts(text) for text in ("hydro pool", "on the spectrum"))
        assert self.ids(engine, concepts=pool, order=Order.RELEVANCE)[0] == 2
        assert set(self.ids(engine, concepts=pool)) == {1, 2, 4}
        assert self.ids(engine, concepts=spectrum) == []

    def test_search_when_a_word_is_in_the_name_then_it_ranks_above_the_description(self, engine):
        engine.write(
            [
                make_document(1, name="Aardvark", text={"description": "there is swim here " * 3}),
                make_document(2, name="Zebra swim"),
            ]
        )
        assert self.ids(engine, words="swim", order=Order.RELEVANCE) == [2, 1]

    def test_search_when_ranks_are_equal_then_by_name(self, engine):
        engine.write([make_document(n, name=f"{name} swim") for n, name in enumerate("dbca", start=1)])
        assert self.ids(engine, words="swim", order=Order.RELEVANCE) == [4, 2, 3, 1]

    def test_search_when_filtered_then_ranked_within_the_filter(self, engine):
        engine.write([make_document(n, name="swim", needs=("ASD",) if n > 50 else ()) for n in range(1, 61)])
        answer = self.ask(engine, words="swim", order=Order.RELEVANCE, filters={"need": frozenset({"ASD"})})
        assert answer.total == 10
        assert sorted(found.object_id for found in answer.found) == list(range(51, 61))

    def test_search_when_few_hold_every_word_then_half_will_do_and_it_says_so(self, engine):
        engine.write([make_document(1, name="swim club quiet"), make_document(2, name="swim club")])
        answer = self.ask(engine, words="swim club quiet sleep")
        assert answer.partly
        assert answer.total == 2
        assert answer.unknown == ("sleep",)

    def test_search_when_few_hold_every_word_then_a_taught_word_is_needed_and_no_other(self, engine):
        engine.write([make_document(1, name="hydro pool"), make_document(2, name="he loves a quiet club")])
        answer = self.ask_typed(engine, "swim he loves quiet club")
        assert answer.partly
        assert [found.object_id for found in answer.found] == [1]

    def test_search_when_no_taught_word_is_held_then_half_of_the_others_will_do(self, engine):
        engine.write([make_document(2, name="quiet club")])
        answer = self.ask_typed(engine, "swim quiet club")
        assert (answer.total, answer.unknown) == (1, ("swim",))

    def test_search_when_enough_hold_every_word_then_all_words_are_needed(self, engine):
        whole = [make_document(n, name="swim club") for n in range(1, base.ENOUGH + 1)]
        engine.write([*whole, make_document(999, name="swim")])
        answer = self.ask(engine, words="swim club")
        assert answer.total == base.ENOUGH
        assert not answer.partly

    def test_search_when_no_word_is_held_then_nothing_and_each_is_named(self, engine):
        engine.write([make_document(1)])
        answer = self.ask(engine, words="xylophone zither")
        assert (answer.total, answer.unknown) == (0, ("xylophone", "zither"))
        assert answer.without == {"words": 1}

    # -- pages beside services -----------------------------------------------------

    def test_search_when_pages_are_indexed_then_services_are_counted_alone(self, engine):
        engine.write([make_document(1, name="swim"), make_page(1, name="swim"), make_page(2, name="swim")])
        answer = self.ask(engine, words="swim", order=Order.RELEVANCE)
        assert (answer.total, [one.kind for one in answer.found], answer.beside) == (1, ["service"], ())
        assert self.ask(engine).total == 1

    def test_search_when_pages_are_asked_for_beside_then_no_filter_of_a_service_hides_them(self, engine):
        engine.write([make_document(1, name="swim"), make_page(1, name="swim"), make_page(2, name="sleep")])
        filters = {"need": frozenset({"ASD"})}
        answer = self.ask(engine, words="swim", filters=filters, age=7, beside=3)
        assert (answer.total, answer.beside_total) == (0, 1)
        assert [(one.kind, one.object_id, one.miles) for one in answer.beside] == [("page", 1, None)]

    def test_search_when_pages_are_listed_then_by_themselves(self, engine):
        engine.write([make_document(1), make_page(1, name="B"), make_page(2, name="A")])
        answer = self.ask(engine, kind="page")
        assert [(one.kind, one.object_id) for one in answer.found] == [("page", 2), ("page", 1)]
        assert not any(answer.counts.values())

    def test_remove_when_a_page_then_the_service_of_the_same_number_stays(self, engine):
        engine.write([make_document(1, name="swim"), make_page(1, name="swim")])
        engine.remove([("page", 1)])
        answer = self.ask(engine, words="swim", beside=3)
        assert (answer.total, answer.beside_total) == (1, 0)

    # -- who sees what -----------------------------------------------------------

    def test_search_when_two_authorities_then_each_sees_its_own_shared_and_national(self, engine):
        engine.write(
            [
                make_document(1, authorities=frozenset({1})),
                make_document(2, authorities=frozenset({2})),
                make_document(3, authorities=frozenset({1, 2})),
                make_document(4, authorities=frozenset({7}), everywhere=True),
            ]
        )
        assert self.ids(engine, authority=1) == [1, 3, 4]
        assert self.ids(engine, authority=2) == [2, 3, 4]
        assert self.ids(engine, authority=3) == [4]

    def test_search_when_a_word_is_only_anothers_then_it_counts_as_unknown(self, engine):
        engine.write([make_document(1, name="swim"), make_document(2, name="zither", authorities={2})])
        answer = self.ask(engine, words="swim zither")
        assert (answer.total, answer.unknown) == (1, ("zither",))

    # -- pages -------------------------------------------------------------------

    def test_search_when_the_page_is_past_the_end_then_the_last_page(self, engine):
        engine.write([make_document(n, name=f"{n:02}") for n in range(1, 8)])
        answer = self.ask(engine, start=990, size=3)
        assert (answer.start, [found.object_id for found in answer.found]) == (6, [7])

    def test_search_when_paged_by_relevance_then_every_document_comes_once(self, engine):
        engine.write([make_document(n, name="swim " * (n % 3 + 1)) for n in range(1, 12)])
        pages = [
            self.ids(engine, words="swim", order=Order.RELEVANCE, start=start, size=4) for start in (0, 4, 8)
        ]
        assert sorted(id for page in pages for id in page) == list(range(1, 12))

    # -- writing -----------------------------------------------------------------

    def test_write_when_repeated_then_the_document_is_replaced(self, engine):
        engine.write([make_document(1, name="swim", needs=("ASD",), points=((51.0, -2.0),), min_age=3)])
        self.ask(engine)
        engine.write([make_document(1, name="sleep", needs=("PD",), max_age=9)])
        answer = self.ask(engine)
        assert answer.total == answer.placeless == 1
        assert answer.counts["need"] == {"PD": 1}
        assert answer.found[0].card == {"name": "sleep"}
        assert self.ask(engine, words="swim").total == 0
        assert self.ask(engine, words="sleep", age=1).total == 1

    def test_remove_when_done_then_found_nowhere_and_repeating_is_harmless(self, engine):
        engine.write([make_document(1, name="swim"), make_document(2, name="swim")])
        for _ in range(2):
            engine.remove([("service", 1), ("service", 77), ("page", 2)])
        assert self.ids(engine) == [2]
        assert self.ids(engine, words="swim", order=Order.RELEVANCE) == [2]

    def test_counts_when_things_come_change_and_go_then_the_page_with_nothing_chosen_tells(self, engine):
        def needs(authority: int = AUTHORITY) -> dict[str, int]:
            counts = self.ask(engine, authority=authority).counts
            return {value: size for value, size in counts.get("need", {}).items() if size}

        assert needs() == {}
        engine.write([make_document(1, needs=("ASD",)), make_document(2, needs=("ASD", "PD"))])
        assert needs() == {"ASD": 2, "PD": 1}
        self.ask(engine).counts["need"].clear()  # what one reader does with an answer is not another's
        assert needs() == {"ASD": 2, "PD": 1}
        engine.write([make_document(1, needs=("SLCN",)), make_document(3, authorities={2}, needs=("HI",))])
        assert (needs(), needs(2)) == ({"ASD": 1, "PD": 1, "SLCN": 1}, {"HI": 1})
        engine.remove([("service", 2)])
        assert (needs(), needs(2)) == ({"SLCN": 1}, {"HI": 1})
        engine.rebuild([make_document(4, needs=("VI",))])
        assert (needs(), needs(2)) == ({"VI": 1}, {})

    def test_remove_when_written_again_then_it_is_back(self, engine):
        engine.write([make_document(1)])
        engine.remove([("service", 1)])
        assert self.ids(engine) == []
        engine.write([make_document(1)])
        assert self.ids(engine) == [1]

    def test_rebuild_when_something_is_gone_then_it_is_dropped_and_the_rest_stays(self, engine):
        engine.write([make_document(n, last_checked=date(2026, 1, n)) for n in (1, 2)])
        assert engine.rebuild([make_document(2), make_document(3)]) == 2
        assert self.ids(engine) == [2, 3]

    def test_rebuild_when_under_way_then_searches_find_everything(self, engine):
        documents = [make_document(n, name=f"swim {n:04}") for n in range(1, 1_101)]
        engine.rebuild(documents)
        totals = []

        def watched():
            for number, document in enumerate(documents):
                if number % 100 == 0:
                    totals.append(self.ask(engine, words="swim").total)
                yield document

        engine.rebuild(watched())
        assert totals == [1_100] * 11

    # -- workers -----------------------------------------------------------------

    def test_catch_up_when_another_worker_writes_then_this_one_sees_it(self, engine):
        other = self.make_engine()
        engine.write([make_document(1), make_document(2)])
        assert self.ids(other) == self.ids(engine) == [1, 2]
        engine.remove([("service", 1)])
        other.write([make_document(3)])
        assert self.ids(other) == self.ids(engine) == [2, 3]

    def test_catch_up_when_a_worker_slept_through_a_rebuild_then_it_sees_the_removals(self, engine):
        sleeper = self.make_engine()
        engine.write([make_document(1), make_document(2)])
        assert self.ids(sleeper) == [1, 2]
        engine.remove([("service", 1)])
        engine.rebuild([make_document(2), make_document(4)])
        engine.rebuild([make_document(2), make_document(4)])
        assert self.ids(sleeper) == self.ids(self.make_engine()) == [2, 4]
