"""One search from question to page: understand the words, ask the engine, put the answer in words."""

from dataclasses import replace

from django.http import QueryDict

from localoffer.models import CouncilSettings
from localoffer.pagination import Pager
from search import cards, engines, facets, spelling, summary
from search.engines.base import DEEPEST, Answer, Concept, Question
from search.models import IndexState
from search.request import DISTANCES, PAGE_SIZE, SearchRequest
from search.results import SearchResults
from search.synonyms import Thesaurus, thesaurus
from search.words import stems


def find(data: QueryDict, *, authority: int, council: CouncilSettings) -> SearchResults:
    """The page for an address. `council` is the one whose site it is."""
    offered = facets.offered()
    asked = SearchRequest.parse(data, facets.values(offered))
    state = IndexState.read()
    engines.current().catch_up(state)
    answer, concepts, corrected = ask(asked, authority=authority, known=thesaurus(state.synonyms))
    asked = asked.with_(page=answer.start // PAGE_SIZE + 1)
    empty = not answer.total
    return SearchResults(
        heading=summary.heading(asked, answer.total),
        total=answer.total,
        hits=cards.hits(answer.found, concepts=concepts, place=asked.place, council=council),
        facets=summary.facets(asked, offered, answer.counts),
        chips=summary.chips(asked, offered),
        sorts=summary.sorts(asked),
        pager=Pager(asked.page, PAGE_SIZE, min(answer.total, DEEPEST), asked.to_query()),
        fields=summary.form_fields(asked),
        distances=summary.distances(asked),
        chosen=asked.chosen,
        problems=summary.problems(asked),
        notes=summary.notes(answer, corrected),
        after=[] if empty else summary.after(asked, answer),
        lead=summary.lead(answer) if empty else "",
        ways_back=summary.ways_back(asked, offered, answer) if empty else (),
        sort=asked.sort.value if asked.sort else "",
        is_bare=asked.is_bare and not data,
    )


def ask(
    asked: SearchRequest, *, authority: int, known: Thesaurus
) -> tuple[Answer, tuple[Concept, ...], dict[str, list[str]]]:
    """The engine's answer, the concepts that were searched, and corrections of words that nothing holds."""
    engine = engines.current()
    concepts = known.concepts(asked.q)
    question = question_of(asked, concepts, authority)
    answer = engine.search(question)
    doubtful = [word for word in answer.unknown if not known.knows(word)]
    corrected = spelling.corrections(doubtful)
    if corrected:
        concepts = tuple(_corrected(concept, corrected, known) for concept in concepts)
        answer = engine.search(replace(question, concepts=concepts))
    return answer, concepts, corrected


def question_of(asked: SearchRequest, concepts: tuple[Concept, ...], authority: int) -> Question:
    """What the engine is asked."""
    place = asked.place
    return Question(
        authority=authority,
        concepts=concepts,
        filters={facet: frozenset(values) for facet, values in asked.filters.items()},
        age=asked.age,
        near=(place.latitude, place.longitude) if place else None,
        within=asked.distance,
        order=asked.order,
        start=asked.start,
        size=PAGE_SIZE,
        widen=tuple(d for d in DISTANCES if asked.distance and d > asked.distance),
    )


def _corrected(concept: Concept, corrected: dict[str, list[str]], known: Thesaurus) -> Concept:
    meanings = corrected.get(concept.typed)
    if not meanings:
        return concept
    return known.concept(concept.typed, list(dict.fromkeys(tuple(stems(word)) for word in meanings)))
