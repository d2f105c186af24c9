"""A way through the guided finder: which question comes next, and where the answers lead. Nothing is kept."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.http import urlencode

from search.request import AGE_PROBLEM, read_age
from services import postcodes

# A question that was passed over.
SKIPPED = "-"
# Parameters that are not answers.
ASKED, CHANGE = "asked", "change"
RESERVED = {"age", "postcode", ASKED, CHANGE}
CHOOSE = "Choose one answer."


@dataclass(frozen=True, slots=True)
class Option:
    key: str
    label: str
    hint: str = ""
    filters: tuple[str, ...] = ()
    outcome: str = ""
    then: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """`kind` is choice, age or postcode; `key` is its parameter in the address."""

    kind: str
    key: str
    title: str
    hint: str = ""
    options: tuple[Option, ...] = ()
    within: str = ""

    @property
    def may_skip(self) -> bool:
        return self.kind != "choice"

    def option(self, key: str) -> Option | None:
        return next((option for option in self.options if option.key == key), None)

    def problem(self, typed: str) -> str:
        """What is wrong with an answer, in words; empty when it can be used."""
        if self.kind == "choice":
            return "" if self.option(typed) else CHOOSE
        if typed == SKIPPED:
            return ""
        if self.kind == "age":
            return "" if read_age(typed) is not None else AGE_PROBLEM
        return "" if postcodes.lookup(typed) else postcodes.explain(typed)

    def words(self, typed: str) -> str:
        """An answer as a person reads it."""
        chosen = self.option(typed)
        return chosen.label if chosen else "Not answered" if typed == SKIPPED else typed


@dataclass(frozen=True, slots=True)
class Given:
    """A question with its answer."""

    question: Question
    answer: str

    @property
    def words(self) -> str:
        return self.question.words(self.answer)


@dataclass(frozen=True, slots=True)
class Walk:
    """`asking` is the question to show, None at the end. `typed` is what stands in it, `problem` what
    is wrong with that; `left` is how many questions there are at most from here on."""

    given: tuple[Given, ...] = ()
    asking: Question | None = None
    typed: str = ""
    problem: str = ""
    left: int = 0

    @property
    def outcome(self) -> str:
        """The outcome that the answers lead to: the last of them that leads to any."""
        chosen = (given.question.option(given.answer) for given in self.given)
        return next((o.outcome for o in reversed(list(chosen)) if o and o.outcome), "")

    def pairs(self, until: int | None = None) -> list[tuple[str, str]]:
        """The answers as parameters, or the first `until` of them."""
        return [(given.question.key, given.answer) for given in self.given[:until]]

    def before(self, number: int) -> str:
        """The query that asks question `number` (from 0) again, its answer kept in sight."""
        given = self.given[number]
        again = [(CHANGE, given.question.key), (given.question.key, given.answer)]
        return urlencode([*self.pairs(number), *again])

    @property
    def filters(self) -> tuple[str, ...]:
        """What the answers narrow the search to, as "facet=value"."""
        chosen = (given.question.option(given.answer) for given in self.given)
        return tuple(filter for option in chosen if option for filter in option.filters)


def questions(stream: Iterable[Any]) -> tuple[Question, ...]:
    """The questions of a page, from its blocks."""
    found = []
    for block in stream:
        value = block.value
        key = value["key"] if block.block_type == "choice" else block.block_type
        options = tuple(_option(each) for each in value.get("options") or ())
        within = value.get("within") or ""
        found.append(Question(block.block_type, key, value["title"], value["hint"], options, within))
    return tuple(found)


def parameters(stream: Iterable[Any]) -> set[str]:
    """Names of all that an address may say to these questions."""
    return {ASKED, CHANGE, *(question.key for question in questions(stream))}


def _option(value: Mapping[str, Any]) -> Option:
    filters = tuple(value.get("filters") or ())
    return Option(
        value["key"], value["label"], value.get("hint") or "", filters, value.get("outcome") or "",
        value.get("then") or "",
    )  # fmt: skip


def walk(asked: Sequence[Question], data: Mapping[str, str]) -> Walk:
    """Follow the answers in an address as far as they go; anything that is not an answer is passed over."""
    given: list[Given] = []
    at = 0
    places = {question.key: number for number, question in enumerate(asked)}
    while at < len(asked):
        question = asked[at]
        typed = " ".join(data.get(question.key, "").split())[:100]
        was_asked = data.get(ASKED) == question.key
        problem = question.problem(typed) if typed else (CHOOSE if not question.may_skip else "")
        if not typed and was_asked and question.may_skip:
            typed = SKIPPED
        if not typed or problem or data.get(CHANGE) == question.key:
            shown = problem if was_asked or (typed and question.may_skip and problem) else ""
            kept = "" if typed == SKIPPED else typed
            return Walk(tuple(given), question, kept, shown, len(asked) - at)
        given.append(Given(question, typed))
        option = question.option(typed)
        at = max(places.get(option.then, 0), at + 1) if option and option.then else at + 1
    return Walk(tuple(given))


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where answers lead, in plain values."""

    key: str
    title: str
    introduction: str
    words: str = ""
    filters: tuple[str, ...] = ()
    next_steps: tuple[Any, ...] = ()
    rights: tuple[str, ...] = ()
    people: tuple[Any, ...] = field(default_factory=tuple)


def outcome(stream: Iterable[Any], key: str) -> Outcome | None:
    """The outcome of that name, or the last there is."""
    found = [
        Outcome(
            key=value["key"],
            title=value["title"],
            introduction=value["introduction"],
            words=value["words"] or "",
            filters=tuple(value["filters"]),
            next_steps=tuple(value["next_steps"]),
            rights=tuple(value["rights"]),
            people=tuple(value["people"]),
        )
        for value in (block.value for block in stream)
    ]
    return next((each for each in found if each.key == key), found[-1] if found else None)


def search_query(at_end: Walk, reached: Outcome) -> str:
    """The address of the search that the answers come to, without "?"."""
    pairs: list[tuple[str, str]] = [("q", reached.words)] if reached.words else []
    for given in at_end.given:
        if given.question.kind != "choice" and given.answer != SKIPPED:
            pairs.append((given.question.kind, given.answer))
            if given.question.within:
                pairs.append(("within", given.question.within))
    chosen = dict.fromkeys([*reached.filters, *at_end.filters])
    pairs += [(facet, value) for facet, _, value in (filter.partition("=") for filter in chosen)]
    return str(urlencode(pairs))


def faults(question_stream: Iterable[Any], outcome_stream: Iterable[Any]) -> dict[str, ValidationError]:
    """What would lead a family nowhere, by field."""
    asked, found = questions(question_stream), {}
    keys = [question.key for question in asked]
    outcomes = [block.value["key"] for block in outcome_stream]
    wrong = []
    for number, question in enumerate(asked):
        if keys.count(question.key) > 1:
            wrong.append(f"Two questions have the short name “{question.key}”.")
        if question.kind == "choice" and question.key in RESERVED:
            wrong.append(f"“{question.key}” is taken. Give the question another short name.")
        names = [option.key for option in question.options]
        for option in question.options:
            where = f"“{question.title}”, “{option.label}”: "
            if names.count(option.key) > 1:
                wrong.append(f"{where}two options have the short name “{option.key}”.")
            if option.outcome and option.outcome not in outcomes:
                wrong.append(f"{where}there is no outcome “{option.outcome}”.")
            if option.then and option.then not in keys[number + 1 :]:
                wrong.append(f"{where}there is no later question “{option.then}”.")
    if wrong:
        found["questions"] = ValidationError(list(dict.fromkeys(wrong)))
    twice = [key for key in dict.fromkeys(outcomes) if outcomes.count(key) > 1]
    if twice:
        found["outcomes"] = ValidationError(f"Two outcomes have the short name “{twice[0]}”.")
    return found
