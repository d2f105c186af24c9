"""The slow and obvious search: every engine must agree with it."""

from collections import Counter
from math import ceil

from search import facets, words
from search.documents import SearchDocument
from search.engines import base
from search.engines.base import Concept, Order, Question
from services.postcodes import distance_miles


class Oracle:
    """One question over documents, with loops instead of an index."""

    def __init__(self, documents: list[SearchDocument], question: Question) -> None:
        self.question = question
        self.visible = [
            d
            for d in documents
            if d.kind == question.kind and (d.everywhere or question.authority in d.authorities)
        ]
        self.filters = {name: self._holds(name) for name in self._names()}
        self.found = self.passing()

    def _names(self) -> list[str]:
        asked = self.question
        names = ["words"] if asked.concepts else []
        names += ["age"] if asked.age is not None else []
        names += ["within"] if asked.near and asked.within is not None else []
        return [*names, *asked.filters]

    def _holds(self, name: str) -> set[base.Key]:
        asked = self.question
        if name == "words":
            return self._with_words()
        if name == "age":
            return {d.key for d in self.visible if (d.min_age or 0) <= asked.age <= _oldest(d)}
        if name == "within":
            return self.around(asked.within)
        return {d.key for d in self.visible if asked.filters[name] & set(facets.read(d).get(name, []))}

    def around(self, miles: float) -> set[base.Key]:
        return {d.key for d in self.visible if not d.points or self.miles(d) <= miles}

    def miles(self, document: SearchDocument) -> float:
        return min(distance_miles(*self.question.near, *point) for point in document.points)

    def _with_words(self) -> set[base.Key]:
        concepts = self.question.concepts
        held = [(c, {d.key for d in self.visible if holds(d, c)}) for c in concepts]
        held = [(c, keys) for c, keys in held if keys]
        all_of_them = set.intersection(*(keys for _, keys in held)) if held else set()
        needed = len(held)
        if len(all_of_them) < base.ENOUGH and len(held) > 1:
            held = [(c, keys) for c, keys in held if c.also] or held
            needed = ceil(len(held) / 2)
        times = Counter(key for _, keys in held for key in keys)
        while needed > 1 and not any(n >= needed for n in times.values()):
            needed -= 1
        return {key for key, n in times.items() if n >= needed}

    def passing(self, *set_aside: str) -> set[base.Key]:
        keys = {d.key for d in self.visible}
        for name, held in self.filters.items():
            if name not in set_aside:
                keys &= held
        return keys

    def counts(self) -> dict[str, dict[str, int]]:
        counted: dict[str, Counter[str]] = {}
        for document in self.visible:
            for facet, values in facets.read(document).items():
                if document.key in self.passing(facet):
                    counted.setdefault(facet, Counter()).update(values)
        return {facet: dict(values) for facet, values in counted.items()}

    def ordered(self) -> list[base.Key]:
        """Every key, in any order but relevance."""
        documents = [d for d in self.visible if d.key in self.found]
        documents.sort(key=lambda d: " ".join(words.folded(d.name)))
        if self.question.order == Order.DISTANCE and self.question.near:
            documents.sort(key=lambda d: self.miles(d) if d.points else float("inf"))
        if self.question.order == Order.CHECKED:
            documents.sort(key=lambda d: -(d.last_checked.toordinal() if d.last_checked else 0))
        return [d.key for d in documents]


def _oldest(document: SearchDocument) -> int:
    return 25 if document.max_age is None else document.max_age


def holds(document: SearchDocument, concept: Concept) -> bool:
    """Whether any phrase stands in any field, or every telling word of one that was typed somewhere."""
    fields = [tuple(words.stems(text)) for text in document.text.values()]
    held = {word for field in fields for word in field}
    telling = [[word for word in phrase if word not in words.STOP_STEMS] for phrase in concept.own]
    spread = any(len(some) > 1 and held.issuperset(some) for some in telling)
    return spread or any(_stands(field, phrase) for field in fields for phrase in concept.phrases)


def _stands(field: tuple[str, ...], phrase: tuple[str, ...]) -> bool:
    return any(field[at : at + len(phrase)] == phrase for at in range(len(field)))
