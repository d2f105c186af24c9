"""What a person asked for, read from the address of the page.

Forgiving: it never raises on what a person typed. What was understood is in the fields, what was
not is in `unread` as it was typed, and `problems` says in plain words what to do about it. Pure but
for the postcode, which `services.postcode_table` looks up.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from django.http import QueryDict
from django.utils.http import urlencode

from localoffer.plain_text import TURNS
from search import shortlist
from search.engines.base import DEEPEST, MOST_CONCEPTS, PAGE, SERVICE, Order
from search.words import STOP_WORDS, folded
from services import postcode_table, postcodes

PAGE_SIZE = 20
OLDEST = 25
# What a link carries of the words, and what the field gives back of them.
LONGEST_QUERY = 200
LONGEST_KEPT = 10_000
LONGEST_SHORT_FIELD = 40
MOST_VALUES = 40
FURTHEST = 200
DISTANCES = (1, 2, 5, 10, 20, 40)
# The value of `show` for guides instead of services.
GUIDES = "guides"
# A filter that says something of pages, too.
SECTION = "section"

_AGE = re.compile(
    r"(?:age[ds]? ?)?(?P<number>\d{1,4})(?:[.,]\d{1,2}|½|¼|¾)? ?"
    r"(?P<unit>years?|yrs?|y|months?|mths?|weeks?|wks?)?(?: ?old)?"
)
_NUMBER_WORDS = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
    seventeen eighteen nineteen twenty twenty-one twenty-two twenty-three twenty-four twenty-five
"""
_NUMBERS = _NUMBER_WORDS.split()
_MILES = re.compile(r"(?P<number>\d{1,4}(?:\.\d{1,2})?) ?(?:miles?|mi|m)?")

NO_WORDS_PROBLEM = "We found no words in what you typed. Use words, such as autism or swimming."
MANY_WORDS_PROBLEM = f"That is a lot of words. We searched for the first {MOST_CONCEPTS}."
AGE_PROBLEM = f"Enter an age in years from 0 to {OLDEST}, such as 7."
DISTANCE_PROBLEM = f"Choose a distance up to {FURTHEST} miles."
NO_PLACE_PROBLEM = "Enter a postcode too, so that we can measure the distance from it."


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """`filters`: facet key to chosen values, in the order they are offered. `within` is in miles.

    `saved` is the shortlist of a person without JavaScript, which goes along from page to page.
    """

    q: str = ""
    age: int | None = None
    place: postcodes.Place | None = None
    within: float | None = None
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Order | None = None
    page: int = 1
    show: str = ""
    saved: tuple[int, ...] = ()
    unread: Mapping[str, str] = field(default_factory=dict)
    problems: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def parse(cls, data: QueryDict, offered: Mapping[str, Sequence[str]]) -> Self:
        """Read an address. `offered`: every facet's key and the values it knows."""
        reader = _Reader(data)
        q = reader.words()
        age = reader.age()
        place = reader.place()
        return cls(
            q=q,
            age=age,
            place=place,
            within=reader.within(place is not None),
            filters=reader.filters(offered),
            sort=reader.sort(),
            page=reader.page(),
            show=GUIDES if reader.show_guides() else "",
            saved=shortlist.read(data.get(shortlist.CARRIED, "")),
            unread=reader.unread,
            problems=reader.problems,
        )

    @property
    def order(self) -> Order:
        """As chosen, where that is possible; else best match for words, nearest for a place, A to Z."""
        if self.sort == Order.DISTANCE and not self.place or self.sort == Order.RELEVANCE and not self.q:
            return self.default_order
        return self.sort or self.default_order

    @property
    def default_order(self) -> Order:
        if self.q:
            return Order.RELEVANCE
        return Order.DISTANCE if self.place else Order.NAME

    @property
    def distance(self) -> float | None:
        """`within`, when there is a place to measure from."""
        return self.within if self.place else None

    @property
    def start(self) -> int:
        return min((self.page - 1) * PAGE_SIZE, DEEPEST - PAGE_SIZE)

    @property
    def is_bare(self) -> bool:
        """Nothing asked: the page that robots may index."""
        return not self.pairs(page=True)

    @property
    def kind(self) -> str:
        """What is listed."""
        return PAGE if self.show == GUIDES else SERVICE

    @property
    def has_guides(self) -> bool:
        """Whether guides stand among the services: on the first page of a search for words, unless it
        is narrowed by what only a service has."""
        return bool(self.q) and self.page == 1 and not self.show and self.filters.keys() <= {SECTION}

    @property
    def chosen(self) -> int:
        """How many filters there are beside the words."""
        values = sum(len(chosen) for chosen in self.filters.values())
        return values + (self.age is not None) + (self.place is not None)

    def shown(self, name: str) -> str:
        """What stands in a field of the form: as typed where it was not understood."""
        if name in self.unread:
            return self.unread[name]
        return dict(self._fields()).get(name, "")

    def _fields(self) -> list[tuple[str, str]]:
        return [
            ("q", self.q),
            ("age", "" if self.age is None else str(self.age)),
            ("postcode", self.place.label if self.place else ""),
            ("within", "" if self.within is None else f"{self.within:g}"),
        ]

    def pairs(self, *, page: bool = False) -> list[tuple[str, str]]:
        """The canonical parameters, in order; what was not understood goes along, shortened."""
        pairs = [
            (name, value or self.unread.get(name, "")[:LONGEST_SHORT_FIELD]) for name, value in self._fields()
        ]
        pairs += [(facet, value) for facet, values in self.filters.items() for value in values]
        pairs.append(("sort", self.sort.value if self.sort and self.sort != self.default_order else ""))
        pairs += [("show", self.show), (shortlist.CARRIED, shortlist.write(self.saved))]
        pairs.append(("page", str(self.page) if page and self.page > 1 else ""))
        return [(name, value) for name, value in pairs if value]

    def to_query(self, *, page: bool = False) -> str:
        """The canonical query of this search, without "?"."""
        return str(urlencode(self.pairs(page=page)))

    def with_(self, **changes: Any) -> Self:
        """The same search but for some fields, from its first page."""
        changes.setdefault("page", 1)
        return replace(self, **changes)

    def without(self, name: str, value: str | None = None) -> Self:
        """The same search without a field, a facet or one value of it, from its first page."""
        unread = {key: typed for key, typed in self.unread.items() if key != name}
        problems = {key: text for key, text in self.problems.items() if key != name}
        less = replace(self, page=1, unread=unread, problems=problems)
        if name == "postcode":
            return replace(less, place=None, within=None)
        if name == "q":
            return replace(less, q="")
        if name == "age":
            return replace(less, age=None)
        if name == "within":
            return replace(less, within=None)
        kept = tuple(v for v in self.filters.get(name, ()) if value is not None and v != value)
        filters = {facet: values for facet, values in self.filters.items() if facet != name or kept}
        return replace(less, filters={**filters, name: kept} if kept else filters)


class _Reader:
    """Reads each parameter once, and notes what it could not understand."""

    def __init__(self, data: QueryDict) -> None:
        self.data = data
        self.unread: dict[str, str] = {}
        self.problems: dict[str, str] = {}

    def _typed(self, name: str) -> str:
        """The last that was given and is not empty, made safe to show."""
        given = [clean(text[:LONGEST_KEPT]) for text in self.data.getlist(name)]
        return next((text for text in reversed(given) if text), "")

    def _refuse(self, name: str, typed: str, problem: str) -> None:
        self.unread[name] = typed
        self.problems[name] = problem

    def words(self) -> str:
        typed = self._typed("q")
        short = typed
        if len(typed) > LONGEST_QUERY:
            short = typed[:LONGEST_QUERY].rsplit(" ", 1)[0]
        telling = [word for word in folded(typed) if word not in STOP_WORDS]
        if typed and not folded(typed):
            self._refuse(
                "q", typed, "We found no words in what you typed. Use words, such as autism or swimming."
            )
            return ""
        if short != typed or len(telling) > MOST_CONCEPTS:
            self._refuse("q", typed, MANY_WORDS_PROBLEM)
        return short

    def age(self) -> int | None:
        typed = self._typed("age")
        if not typed:
            return None
        age = read_age(typed)
        if age is None:
            self._refuse("age", typed, AGE_PROBLEM)
        return age

    def place(self) -> postcodes.Place | None:
        typed = self._typed("postcode")
        place = postcode_table.locate(typed) if typed else None
        if typed and not place:
            self._refuse("postcode", typed, postcodes.explain(typed))
        return place

    def within(self, has_place: bool) -> float | None:
        typed = self._typed("within")
        if typed.casefold() in ("", "any"):
            return None
        found = _MILES.fullmatch(typed.casefold())
        miles = float(found["number"]) if found else 0
        if not 0 < miles <= FURTHEST:
            self._refuse("within", typed, DISTANCE_PROBLEM)
            return None
        if not has_place and "postcode" not in self.problems:
            self.problems["postcode"] = NO_PLACE_PROBLEM
        return miles

    def filters(self, offered: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
        """Chosen values that are known, case aside; each unknown one is told of and left out."""
        chosen: dict[str, tuple[str, ...]] = {}
        for facet, values in offered.items():
            asked = [text for text in map(clean, self.data.getlist(facet)[:MOST_VALUES]) if text]
            if not asked:
                continue
            wanted = {text.casefold() for text in asked}
            known = tuple(value for value in values if value.casefold() in wanted)
            if known:
                chosen[facet] = known
            strange = sorted(wanted - {value.casefold() for value in known})
            if strange:
                self.problems[facet] = (
                    f"We do not know “{strange[0][:LONGEST_SHORT_FIELD]}”, so we left it out."
                )
        return chosen

    def sort(self) -> Order | None:
        typed = self._typed("sort").casefold()
        return Order(typed) if typed in set(Order) else None

    def show_guides(self) -> bool:
        return self._typed("show").casefold() == GUIDES

    def page(self) -> int:
        typed = self._typed("page")
        number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 9 else 1
        return min(max(1, number), DEEPEST // PAGE_SIZE)


def read_age(typed: str) -> int | None:
    """ "7", "seven", "age 7", "7 years old", "18 months": whole years, or None."""
    text = " ".join(typed.casefold().split())
    if text in _NUMBERS:
        return _NUMBERS.index(text)
    found = _AGE.fullmatch(text)
    if not found:
        return None
    number, unit = int(found["number"]), found["unit"] or ""
    years = number // 12 if unit.startswith("m") else number // 52 if unit.startswith("w") else number
    return years if years <= OLDEST else None


def clean(text: str) -> str:
    """Without spaces around it, what no page can hold (controls, lone surrogates), or what would turn
    the direction of the text after it."""
    return "".join(" " if _unfit(letter) else letter for letter in text).strip()


def _unfit(letter: str) -> bool:
    return letter in TURNS or unicodedata.category(letter) in ("Cc", "Cs", "Zl", "Zp")
