"""One search from question to page: understand the words, ask the engine, put the answer in words."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from django.http import QueryDict

from localoffer.models import CouncilSettings
from localoffer.pagination import Pager
from search import cards, engines, facets, highlights, log, shortlist, spelling, summary
from search.ages import named_age
from search.best_bets import bets
from search.engines.base import DEEPEST, FILTERS, PAGE, Answer, Concept, Order, Question
from search.held_words import held_words
from search.models import IndexState
from search.request import DISTANCES, PAGE_SIZE, SearchRequest
from search.results import SearchResults
from search.synonyms import Thesaurus, thesaurus
from search.words import folded, put_right, stems
from services.postcodes import Place

# Guides beside services: more would push the services away.
GUIDES_SHOWN = 3
# Close in meaning, after what was found where that is little.
RELATED_SHOWN = 15


def find(data: QueryDict, *, authority: int, council: CouncilSettings) -> SearchResults:
    """The page for an address. `council` is the one whose site it is."""
    offered = facets.offered()
    asked = SearchRequest.parse(data, facets.values(offered))
    state = IndexState.read()
    engines.current().catch_up(state)
    known = thesaurus(state.synonyms)
    answer, concepts, corrected = ask(asked, authority=authority, known=known)
    read = as_meant(asked, corrected)
    named = named_place(read, known)
    place = asked.place or named
    first = bets(state.synonyms).of(authority, asked.q) if asked.page == 1 and not asked.show else []
    best = cards.best(first)
    if asked.page == 1:
        _count(asked, outcome(answer, concepts, has_best=bool(best)), authority)
    asked = asked.with_(page=answer.start // PAGE_SIZE + 1)
    empty, listed = not answer.total, asked.kind == PAGE
    meant = summary.meant(asked, corrected)
    told = asked.with_(q=meant.links[0][0]) if meant and len(meant.links) == 1 else asked
    return SearchResults(
        heading=summary.heading(told, answer.total),
        total=answer.total,
        hits=[] if listed else cards.hits(answer.found, concepts=concepts, place=place, council=council),
        related=cards.hits(answer.related, concepts=concepts, place=place, council=council),
        listed_guides=cards.guides(answer.found, concepts) if listed else [],
        best=best,
        guides=summary.guides(asked, answer, cards.guides(answer.beside, concepts), best),
        services_url=summary.address(asked.with_(show="")) if listed else "",
        facets=summary.facets(asked, offered, answer.counts),
        chips=summary.chips(asked, offered),
        sorts=summary.sorts(asked, place, order_of(asked, concepts, named)),
        meant=meant,
        saved=shortlist.write(asked.saved),
        saved_url=shortlist.address(asked.saved),
        pager=Pager(asked.page, PAGE_SIZE, min(answer.total, DEEPEST), asked.to_query()),
        fields=summary.form_fields(asked),
        distances=summary.distances(asked),
        chosen=asked.chosen,
        problems=summary.problems(asked),
        notes=[
            *summary.near_notes(named),
            *summary.age_notes(said_age(asked)),
            *summary.notes(answer, corrected),
        ],
        after=[] if empty else summary.after(asked, answer),
        lead=summary.lead(asked, answer) if empty else "",
        ways_back=summary.ways_back(asked, offered, answer) if empty else (),
        sort=asked.sort.value if asked.sort else "",
        is_bare=asked.is_bare and not data,
    )


def named_place(asked: SearchRequest, known: Thesaurus) -> Place | None:
    """A place among the words, where no postcode says where to look."""
    return None if asked.place or asked.kind == PAGE else known.place(asked.q)


def said_age(asked: SearchRequest) -> int | None:
    """An age among the words, where the field for it is empty."""
    age = named_age(folded(asked.q)) if asked.age is None and asked.kind != PAGE else None
    return age.years if age else None


def order_of(asked: SearchRequest, concepts: Sequence[Concept], named: Place | None) -> Order:
    """As chosen; where the words name a place, that makes "nearest" possible, and its own order where they
    say no more."""
    if not named:
        return asked.order
    return asked.sort or (Order.RELEVANCE if concepts else Order.DISTANCE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a search came to. `missing` are words that no service mentions and no guide that was found;
    `has_best` says that staff put something first for it."""

    total: int
    missing: tuple[str, ...]
    failed: bool
    has_best: bool = False


def outcome(answer: Answer, concepts: Sequence[Concept], *, has_best: bool = False) -> Outcome:
    """A search has failed when a word of it is nowhere here, or nothing holds its words together. It has
    not when only a filter emptied it, or staff put something first for it."""
    texts = [f"{one.card['name']} {one.card['summary']} {one.card['body']}" for one in answer.beside]
    strange = [concept for concept in concepts if concept.typed in answer.unknown]
    missing = tuple(
        concept.typed
        for concept in strange
        if not any("<mark>" in highlights.mark(text, concept.phrases) for text in texts)
    )
    emptied = not answer.total and not answer.beside_total and not answer.without.get(FILTERS)
    return Outcome(answer.total, missing, not has_best and bool(missing or emptied), has_best)


def _count(asked: SearchRequest, found: Outcome, authority: int) -> None:
    """Count what was looked for."""
    outcode = asked.place.label.split(" ")[0] if asked.place else ""
    log.record(authority=authority, q=asked.q, failed=found.failed, outcode=outcode)


def look(data: QueryDict, *, authority: int) -> Outcome:
    """What an address finds, without a page made of it and without being counted."""
    asked = SearchRequest.parse(data, facets.values(facets.offered()))
    state = IndexState.read()
    engines.current().catch_up(state)
    answer, concepts, _ = ask(asked, authority=authority, known=thesaurus(state.synonyms))
    first = bets(state.synonyms).of(authority, asked.q)
    return outcome(answer, concepts, has_best=bool(first))


def ask(
    asked: SearchRequest, *, authority: int, known: Thesaurus
) -> tuple[Answer, tuple[Concept, ...], dict[str, list[str]]]:
    """The engine's answer, the concepts that were searched, and corrections of words that nothing holds."""
    engine = engines.current()
    question = _understood(asked, authority, known)
    answer = engine.search(replace(question, stops_at_unknown=True))
    doubtful = [word for word in answer.unknown if not known.knows(word)]
    corrected = spelling.corrections(doubtful, known.place_words)
    while corrected:
        read = as_meant(asked, corrected)
        right = _understood(read, authority, known)
        if read == asked:
            each = tuple(_corrected(concept, corrected, known) for concept in question.concepts)
            right = replace(question, concepts=each)
        better = engine.search(right)
        held = _held(corrected, better.unknown, authority)
        if held == corrected:
            return better, right.concepts, corrected
        corrected = held
    if answer.stopped:
        answer = engine.search(question)
    return answer, question.concepts, {}


def _understood(asked: SearchRequest, authority: int, known: Thesaurus) -> Question:
    """What the words ask for, a place among them too."""
    concepts = known.concepts(asked.q)
    question = question_of(asked, concepts, authority)
    place = named_place(asked, known)
    if not place:
        return question
    order = order_of(asked, concepts, place)
    return replace(question, near=(place.latitude, place.longitude), order=order)


def as_meant(asked: SearchRequest, corrected: Mapping[str, Sequence[str]]) -> SearchRequest:
    """With its words put right, where each can have meant one only: they are then read anew, since "panic
    atacks" is a phrase that staff have taught, and "Southmed" a place."""
    if not corrected or any(len(meanings) > 1 for meanings in corrected.values()):
        return asked
    return asked.with_(q=put_right(asked.q, {typed: meanings[0] for typed, meanings in corrected.items()}))


def _held(corrected: dict[str, list[str]], unknown: Collection[str], authority: int) -> dict[str, list[str]]:
    """Corrections by which families find something now. `unknown`: what the search with them did not find;
    a single meaning that it found needs no second look."""
    missed = {word for typed in unknown for word in typed.split()}
    sure = {
        typed
        for typed, meanings in corrected.items()
        if len(meanings) == 1 and missed.isdisjoint((typed, *meanings))
    }
    doubtful = [word for typed, meanings in corrected.items() if typed not in sure for word in meanings]
    held = held_words(doubtful, authority) if doubtful else set()
    left = {
        typed: meanings if typed in sure else [word for word in meanings if word in held]
        for typed, meanings in corrected.items()
    }
    return {typed: meanings for typed, meanings in left.items() if meanings}


def question_of(asked: SearchRequest, concepts: tuple[Concept, ...], authority: int) -> Question:
    """What the engine is asked."""
    place = asked.place
    if asked.kind == PAGE:
        order = Order.RELEVANCE if concepts else Order.NAME
        return Question(authority, concepts, order=order, start=asked.start, size=PAGE_SIZE, kind=PAGE)
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
        kind=asked.kind,
        beside=GUIDES_SHOWN if asked.has_guides else 0,
        suits=said_age(asked),
        text=asked.q,
        related=RELATED_SHOWN,
    )


def _corrected(concept: Concept, corrected: dict[str, list[str]], known: Thesaurus) -> Concept:
    meanings = corrected.get(concept.typed)
    if not meanings:
        return concept
    return known.concept(concept.typed, list(dict.fromkeys(tuple(stems(word)) for word in meanings)))
