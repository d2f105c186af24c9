"""All that a template sees of a search: plain values, labels and addresses."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from django.utils.safestring import SafeString

from localoffer.pagination import Pager

Fact = tuple[str, str, str]


class FacetValue(NamedTuple):
    """A checkbox. `group` is the heading it stands under; those of a group are together.

    `count` is written out already. A tuple, for there are a hundred of them on a page.
    """

    key: str
    label: str
    count: str
    chosen: bool
    group: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """As `templates/components/facet.html` draws it."""

    key: str
    label: str
    values: Sequence[FacetValue]
    chosen_count: int
    is_open: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """A chosen filter; `url` is the same search without it."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class SortLink:
    label: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class Hit:
    """One result as a card. `summary` and `passage` are escaped, with <mark> around matched words."""

    id: int
    title: str
    url: str
    kicker: str
    summary: SafeString
    passage: SafeString
    facts: Sequence[Fact]
    last_checked: date | None
    review_by: date | None


@dataclass(frozen=True, slots=True)
class Guide:
    """A page, an answer or a word of the glossary that was found, or what staff put first.

    `title` and `summary` are escaped, with <mark> around matched words.
    """

    title: SafeString
    url: str
    kicker: str
    summary: SafeString


@dataclass(frozen=True, slots=True)
class Guides:
    """Guides among services: `above` them when the words are in a title, else below. `all_url` lists all."""

    guides: Sequence[Guide] = ()
    total: int = 0
    all_url: str = ""
    above: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form: what stands in it, and what to do about it."""

    name: str
    value: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Distance:
    """An option of "How far can you go?"."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class WayBack:
    """From no results to some: what to change, and how many that gives."""

    change: str
    count: str
    url: str


@dataclass(frozen=True, slots=True)
class Meant:
    """What was looked for in place of misspelt words: `typed` says which (“slepe” or “clinix”), `links` are
    (words, url) of each search that may have been meant. All of them were looked for."""

    typed: str
    links: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class SearchResults:
    """`heading` is also the title. `problems` are (field, message); `notes` say how we searched."""

    heading: str
    total: int
    hits: Sequence[Hit]
    facets: Sequence[Facet]
    chips: Sequence[Chip]
    sorts: Sequence[SortLink]
    pager: Pager
    fields: dict[str, Field]
    distances: Sequence[Distance]
    chosen: int
    problems: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()
    after: Sequence[str] = ()
    lead: str = ""
    ways_back: Sequence[WayBack] = field(default_factory=tuple)
    best: Sequence[Guide] = ()
    guides: Guides = field(default_factory=Guides)
    listed_guides: Sequence[Guide] = ()
    related: Sequence[Hit] = ()
    services_url: str = ""
    meant: Meant | None = None
    saved: str = ""
    saved_url: str = ""
    sort: str = ""
    is_bare: bool = True
