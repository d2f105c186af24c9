"""How well families' searches are answered: measures over queries with graded answers. Pure.

A grade is 3 (exactly what was sought), 2 (clearly useful) or 1 (partly).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log2

Grades = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Score:
    """One query's answer, measured."""

    id: str
    query: str
    ndcg: float
    recall: float
    useful: bool
    found: int


def ndcg(answers: Sequence[str], grades: Grades, depth: int = 10) -> float:
    """Discounted gain (2^grade - 1 over log2 of the place) over the best there could be."""
    best = sorted(grades.values(), reverse=True)[:depth]
    ideal = _gain(best)
    gained = _gain([grades.get(answer, 0) for answer in answers[:depth]])
    return gained / ideal if ideal else 0.0


def _gain(grades: Sequence[int]) -> float:
    return sum((pow(2.0, grade) - 1) / log2(place + 2) for place, grade in enumerate(grades))


def recall(answers: Sequence[str], grades: Grades, depth: int = 20) -> float:
    """The share of all graded answers among the first `depth`."""
    return len(set(answers[:depth]) & grades.keys()) / len(grades) if grades else 0.0


def useful(answers: Sequence[str], grades: Grades, depth: int = 3) -> bool:
    """Whether a grade 2 or 3 is among the first `depth`."""
    return any(grades.get(answer, 0) >= 2 for answer in answers[:depth])


def score(id: str, query: str, answers: Sequence[str], grades: Grades, found: int) -> Score:
    return Score(
        id, query, ndcg(answers, grades), recall(answers, grades), useful(answers, grades), found
    )  # fmt: skip


def means(scores: Sequence[Score]) -> dict[str, float]:
    """The three measures over all queries."""
    count = len(scores) or 1
    return {
        "ndcg_at_10": sum(s.ndcg for s in scores) / count,
        "recall_at_20": sum(s.recall for s in scores) / count,
        "useful_in_first_3": sum(s.useful for s in scores) / count,
    }
