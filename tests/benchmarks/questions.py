"""The five kinds of request that every contender answers."""

from random import Random

from search.engines.base import Concept, Order, Question
from search.words import stems
from tests.benchmarks.corpus import AUTHORITY, CENTRE, COMMON

KINDS = ("full", "words and a filter", "words", "filters", "empty page")


def questions(kind: str, count: int = 12, seed: int = 5) -> list[Question]:
    random = Random(f"{kind}{seed}")
    return [_question(kind, random) for _ in range(count)]


def _question(kind: str, random: Random) -> Question:
    word = random.choice(COMMON[:30])
    concepts = (Concept(word, (tuple(stems(word)),)),)
    need = frozenset({random.choice(("ASD", "SLCN", "PD"))})
    more = {"access": frozenset({"step_free"}), "delivery": frozenset({"in_person", "online"})}
    if kind == "full":
        return Question(
            AUTHORITY,
            concepts,
            {"need": need, **more},
            age=random.randint(3, 17),
            near=CENTRE,
            within=5,
            order=Order.DISTANCE,
            text=word,
        )
    if kind == "words and a filter":
        return Question(AUTHORITY, concepts, {"need": need}, order=Order.RELEVANCE, text=word)
    if kind == "words":
        return Question(AUTHORITY, concepts, order=Order.RELEVANCE, text=word)
    return Question(AUTHORITY, filters={"need": need, **more} if kind == "filters" else {})
