"""The port: what a search engine is asked and what it answers. Pure.

Every engine passes `tests/search/contract.py`: the same documents and questions give the same sets
and the same counts on all of them. The order by relevance is each engine's own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from search.words import STOP_STEMS

if TYPE_CHECKING:
    from search.documents import SearchDocument
    from search.models import IndexState

Phrase = tuple[str, ...]
Key = tuple[str, int]

# What can be found: a service, or a page of content (each answer of a section is one too).
SERVICE = "service"
PAGE = "page"
# Words beyond these add cost and no meaning.
MOST_CONCEPTS = 12
# Fewer services than this hold every word: then those that hold half of the telling words are found too.
ENOUGH = 30
# Fewer services than this are found: then those close in meaning are given, too.
FEW_FOUND = 20
# In `Answer.without`: every filter removed at once, and the words kept.
FILTERS = "filters"
# Page depth: nobody reads further, and a robot may not make us.
DEEPEST = 1_000


class Order(StrEnum):
    RELEVANCE = "relevance"
    DISTANCE = "distance"
    NAME = "name"
    CHECKED = "checked"


@dataclass(frozen=True, slots=True)
class Concept:
    """One thing that is asked for: `own` phrases as typed, `also` what staff say means the same. A document
    holds it that holds one of these, or a `spread`.

    A phrase is a run of stems (`words.stems`). `typed` is what the person wrote.
    """

    typed: str
    own: tuple[Phrase, ...]
    also: tuple[Phrase, ...] = ()

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        return self.own + self.also

    @property
    def is_taught(self) -> bool:
        """Whether staff say what else means the same: it is a word of the field."""
        return bool(self.also)

    @property
    def is_phrase(self) -> bool:
        """Whether it was said in several words."""
        return all(len(phrase) > 1 for phrase in self.own)

    @property
    def spread(self) -> tuple[Phrase, ...]:
        """The telling words of each phrase that was typed: a document that holds all of them anywhere holds
        the concept, too. "After school club" is answered by a club that is after school."""
        telling = (tuple(word for word in phrase if word not in STOP_STEMS) for phrase in self.own)
        return tuple(words for words in telling if len(words) > 1)


@dataclass(frozen=True, slots=True)
class Question:
    """A search as an engine sees it.

    `kind` is what is listed and counted. `beside`: how many pages to give beside the services, see
    `beside_question`; none without words.

    `filters`: facet key to the chosen values, OR inside and AND across. `within` is in miles and
    means nothing without `near` (latitude, longitude). A document with no place is near everywhere.
    """

    authority: int
    concepts: tuple[Concept, ...] = ()
    filters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    age: int | None = None
    near: tuple[float, float] | None = None
    within: float | None = None
    order: Order = Order.NAME
    start: int = 0
    size: int = 20
    # Wider distances to try when nothing is found.
    widen: tuple[float, ...] = ()
    kind: str = SERVICE
    beside: int = 0
    # An age that the words name: what is for it moves up.
    suits: int | None = None
    # What was typed, for its meaning; and how many that lie close to give where few hold the words.
    text: str = ""
    related: int = 0
    # Whether an engine may stop at a word that no document holds: somebody will put it right and ask again.
    stops_at_unknown: bool = False

    @property
    def beside_question(self) -> "Question | None":
        """The same words put to the pages, best match first: no filter of a service holds for them."""
        if not self.beside or not self.concepts:
            return None
        return Question(self.authority, self.concepts, order=Order.RELEVANCE, size=self.beside, kind=PAGE)


@dataclass(frozen=True, slots=True)
class Found:
    """One document of the answer. `miles` to its nearest place; None without a place or `near`."""

    kind: str
    object_id: int
    card: Mapping[str, Any]
    miles: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """`start` is where the page begins: one asked for past the end is the last there is.

    `counts`: facet key to value to how many, its own facet's filter set aside.

    `beside`: pages for the same words, and `beside_total` how many there are. `related`: close in meaning,
    where few hold the words; they pass every filter, and are not part of `total`.

    `partly`: too few held every word, so some hold only half of the telling ones. `unknown`: the typed words
    no document holds. `placeless`: how many of `total` have no place. Only for an empty answer:
    `without` says how many there would be with one filter removed ("words", "age", "within" or a
    facet's key), and `wider` how many within more miles.

    `stopped`: at a word of `unknown`, as the question allowed; nothing else of it is said.
    """

    total: int
    start: int
    found: tuple[Found, ...]
    counts: Mapping[str, Mapping[str, int]]
    placeless: int = 0
    partly: bool = False
    unknown: tuple[str, ...] = ()
    without: Mapping[str, int] = field(default_factory=dict)
    wider: tuple[tuple[float, int], ...] = ()
    beside: tuple[Found, ...] = ()
    beside_total: int = 0
    related: tuple[Found, ...] = ()
    stopped: bool = False

    def with_found(
        self, found: tuple[Found, ...], beside: tuple[Found, ...] = (), related: tuple[Found, ...] = ()
    ) -> "Answer":
        return replace(self, found=found, beside=beside, related=related)


def telling(concepts: Sequence[Concept]) -> tuple[int, ...]:
    """The places of those that say what is sought, where few documents hold every word: what staff have
    taught, such as "drama" in "drama club he would love"; all of them where nothing is taught."""
    taught = tuple(at for at, concept in enumerate(concepts) if concept.is_taught)
    return taught or tuple(range(len(concepts)))


def words_needed(concepts: Sequence[Concept], holding_all: int) -> tuple[tuple[int, ...], int]:
    """Of which concepts, by their places, a document must hold how many: all of all when `ENOUGH` do, else
    half of the telling ones, rounded up."""
    if holding_all >= ENOUGH or len(concepts) < 2:
        return tuple(range(len(concepts))), len(concepts)
    some = telling(concepts)
    return some, (len(some) + 1) // 2


class SearchEngine(Protocol):
    """An engine. Reads never fail on what a person typed; writes are whole or not at all."""

    def catch_up(self, state: "IndexState") -> None:
        """Take in what was written since this worker last looked. Called once a request."""

    def prepare(self) -> None:
        """Be ready before the first question: called when a worker starts."""

    def search(self, question: Question) -> Answer: ...

    def write(self, documents: Sequence["SearchDocument"]) -> None:
        """Add or replace documents."""

    def remove(self, keys: Iterable[Key]) -> None: ...

    def rebuild(self, documents: Iterable["SearchDocument"]) -> int:
        """Write every document and drop what is not among them; searches are answered throughout."""

    def problems(self) -> list[str]:
        """What an administrator should know, in plain words; empty when all is well."""
