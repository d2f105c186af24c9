"""What a person may be typing: words, filters, guides and services, each a link that works by itself."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from search import cards, engines, facets
from search.engines.base import PAGE, Concept, Found, Order, Phrase, Question
from search.held_words import held_words
from search.models import IndexedWord, IndexState
from search.request import LONGEST_QUERY, clean
from search.synonyms import Thesaurus, thesaurus
from search.words import STOP_WORDS, folded, stems

SHORTEST = 2
MOST_WORDS = 4
MOST_FILTERS = 3
MOST_SERVICES = 4
MOST_GUIDES = 3
# Found things whose names are looked at.
LOOKED_AT = 30
# Words that a prefix may become when it is looked up.
MOST_ENDINGS = 12
# Facets whose labels are words of families.
SUGGESTED = ("need", "category")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`label` and where it leads; `kind` says in a word or two what it is."""

    label: str
    url: str
    kind: str


def suggest(q: str, *, authority: int) -> list[Suggestion]:
    """At most a dozen, the likeliest first; none for less than two letters."""
    typed = " ".join(clean(q[:LONGEST_QUERY]).split())
    words = folded(typed)
    if not words or len(words[-1]) < SHORTEST:
        return []
    state = IndexState.read()
    known = thesaurus(state.synonyms)
    endings = _endings(words[-1], known)
    engines.current().catch_up(state)
    found = [*_searches(typed, endings, authority), *_filters(words)]
    question = Question(
        authority,
        _concepts(words, endings, known),
        order=Order.RELEVANCE,
        size=LOOKED_AT,
        beside=LOOKED_AT,
    )
    answer = engines.current().search(question)
    found += _found(answer.beside, words, "Guide")[:MOST_GUIDES]
    found += _found(answer.found, words, "Service")[:MOST_SERVICES]
    return list({(each.label.casefold(), each.url): each for each in found}.values())


def _endings(prefix: str, known: Thesaurus) -> list[str]:
    """Words that begin so: the word itself, then those that staff have taught, the shortest first."""
    rows = IndexedWord.objects.filter(word__startswith=prefix).order_by("word")
    found = list(rows.values_list("word", flat=True)[:200])
    ranked = sorted(found, key=lambda word: (word != prefix, not known.knows(word), len(word), word))
    return ranked[:MOST_ENDINGS]


def _searches(typed: str, endings: list[str], authority: int) -> list[Suggestion]:
    """What was typed with its last word finished, where that finds something; forms of one word once."""
    before = typed.rsplit(" ", 1)[0] + " " if " " in typed else ""
    by_stem: dict[str, str] = {}
    for word in endings:
        if word not in STOP_WORDS:
            by_stem.setdefault("".join(stems(word)), word)
    held = held_words(by_stem.values(), authority)
    finished = [f"{before}{word}" for word in by_stem.values() if word in held][:MOST_WORDS]
    url = reverse("search:results")
    return [Suggestion(text, f"{url}?{urlencode({'q': text})}", "Search") for text in finished]


def _filters(words: list[str]) -> list[Suggestion]:
    """Needs and kinds of service that hold every word, the last as a beginning."""
    url = reverse("search:results")
    found = []
    for facet in facets.FACETS:
        if facet.key not in SUGGESTED:
            continue
        for option in facet.offer():
            if _holds(folded(option.label), words):
                query = urlencode({facet.key: option.value})
                found.append(Suggestion(option.label, f"{url}?{query}", facet.label))
    return found[:MOST_FILTERS]


def _holds(label: list[str], words: list[str]) -> bool:
    whole = set(label)
    return all(word in whole or word in STOP_WORDS for word in words[:-1]) and any(
        word.startswith(words[-1]) for word in label
    )


def _concepts(words: list[str], endings: list[str], known: Thesaurus) -> tuple[Concept, ...]:
    """The finished words as ever, and the last with every way that it may end."""
    phrases: list[Phrase] = [tuple(stems(word)) for word in endings] or [tuple(stems(words[-1]))]
    last = Concept(words[-1], tuple(dict.fromkeys(phrases)))
    before = known.concepts(" ".join(words[:-1])) if len(words) > 1 else ()
    return (*before, last)


def _found(found: Iterable[Found], words: list[str], kind: str) -> list[Suggestion]:
    """Those whose own name is being typed; the others are what a search is for."""
    named = (one for one in found if _holds(folded(one.card["name"]), words))
    return [Suggestion(one.card["name"], cards.url(one), _kind(one, kind)) for one in named]


def _kind(one: Found, kind: str) -> str:
    return f"{kind}: {one.card['kicker']}" if one.kind == PAGE and one.card["kicker"] != kind else kind
