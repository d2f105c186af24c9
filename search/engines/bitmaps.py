"""The part of the embedded engine that lives in a worker's memory. Pure: no database.

One roaring bitmap for each value of each facet, each year of age, each authority and each square of
the map. A filter is a union of bitmaps, a search an intersection, a count the size of one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pyroaring import BitMap

from search.engines import geography
from search.engines.base import FILTERS, SERVICE, Concept, Order, Question, words_needed
from search.engines.columns import Columns, Fact, arrays_of
from search.engines.geography import Cell, Vector

# The name of a bitmap: ("value", "need", "ASD").
Place = tuple[Any, ...]
# Facet to value to number.
Counts = dict[str, dict[str, int]]

AGES = range(26)
# Rings that are searched for the nearest, in miles; beyond the last, everything with a place.
RINGS = (1, 2, 5, 10, 25, 60, 150, 400)
FEW = 2_000


class Entry(NamedTuple):
    """What memory holds of one document. `points` are (latitude, longitude)."""

    id: int
    sort_name: str
    authorities: Sequence[int]
    everywhere: bool
    values: Mapping[str, Sequence[str]]
    min_age: int | None
    max_age: int | None
    points: Sequence[tuple[float, float]]
    checked: int
    kind: str = SERVICE

    def as_json(self) -> dict[str, Any]:
        """The payload of `IndexedDocument.entry`."""
        return {
            "n": self.sort_name,
            "s": list(self.authorities),
            "e": self.everywhere,
            "v": {facet: list(values) for facet, values in self.values.items() if values},
            "a": [self.min_age, self.max_age],
            "p": [list(point) for point in self.points],
            "c": self.checked,
            "k": self.kind,
        }

    @classmethod
    def from_json(cls, id: int, data: Mapping[str, Any]) -> "Entry":
        lowest, highest = data["a"]
        rest = (data["p"], data["c"], data.get("k", SERVICE))
        return cls(id, data["n"], data["s"], data["e"], data["v"], lowest, highest, *rest)

    @property
    def fact(self) -> Fact:
        return Fact(self.id, self.sort_name, self.checked, self.points)

    @property
    def ages(self) -> range:
        """The years of age it is for; an end that nobody stated is open."""
        lowest = 0 if self.min_age is None else self.min_age
        highest = AGES[-1] if self.max_age is None else self.max_age
        return range(max(lowest, 0), min(highest, AGES[-1]) + 1)


class Bitmaps:
    """Every document's facts, turned on their side."""

    def __init__(self) -> None:
        self.everything = BitMap()
        self.everywhere = BitMap()
        self.placed = BitMap()
        self.authorities: dict[int, BitMap] = {}
        self.kinds: dict[str, BitMap] = {}
        self.values: dict[str, dict[str, BitMap]] = {}
        self.ages = [BitMap() for _ in AGES]
        self.cells: dict[Cell, BitMap] = {}
        self.centres: dict[Cell, Vector] = {}
        self.columns = Columns()
        self._unfiltered: dict[tuple[int, str], Counts] = {}

    def __len__(self) -> int:
        return len(self.everything)

    # -- writing ---------------------------------------------------------------

    def load(self, entries: Iterable[Entry]) -> None:
        """Fill an empty index: ids are gathered first, so that each bitmap is made in one go."""
        gathered: dict[Place, list[int]] = {}
        facts = []
        for entry in entries:
            for place in self._places(entry):
                gathered.setdefault(place, []).append(entry.id)
            facts.append(entry.fact)
        for place, ids in gathered.items():
            self.bitmap(place).update(ids)
        self.columns = Columns(arrays_of(facts))
        self._unfiltered.clear()

    def put(self, entry: Entry) -> None:
        """Add one document, or replace what was held of it."""
        self.drop(entry.id)
        for place in self._places(entry):
            self.bitmap(place).add(entry.id)
        self.columns.put(entry.fact)

    def drop(self, id: int) -> None:
        """Forget one document; nothing happens when it was never there."""
        self._unfiltered.clear()
        if id not in self.everything:
            return
        # There are thousands of squares of the map: only its own are touched.
        for cell in self.columns.cells(id):
            self.cells[cell].discard(id)
        for _, bitmap in self._but_cells():
            bitmap.discard(id)
        self.columns.drop(id)

    def _places(self, entry: Entry) -> Iterable[Place]:
        """The names of every bitmap that holds this document."""
        yield ("everything",)
        yield ("kind", entry.kind)
        if entry.everywhere:
            yield ("everywhere",)
        if entry.points:
            yield ("placed",)
        for authority in set(entry.authorities):
            yield ("authority", authority)
        for facet, values in entry.values.items():
            for value in set(values):
                yield ("value", facet, value)
        for age in entry.ages:
            yield ("age", age)
        for cell in {geography.cell(*point) for point in entry.points}:
            yield ("cell", *cell)

    def bitmap(self, place: Place) -> BitMap:
        """The bitmap of that name, made where it is not there."""
        match place:
            case ("everything",):
                return self.everything
            case ("everywhere",):
                return self.everywhere
            case ("placed",):
                return self.placed
            case ("kind", kind):
                return self.kinds.setdefault(kind, BitMap())
            case ("authority", authority):
                return self.authorities.setdefault(authority, BitMap())
            case ("value", facet, value):
                return self.values.setdefault(facet, {}).setdefault(value, BitMap())
            case ("age", age):
                return self.ages[age]
            case (_, row, column):
                self.centres.setdefault((row, column), geography.centre((row, column)))
                return self.cells.setdefault((row, column), BitMap())
        raise KeyError(place)

    def every_bitmap(self) -> Iterator[tuple[Place, BitMap]]:
        """Each with its name."""
        yield from self._but_cells()
        yield from ((("cell", *cell), ids) for cell, ids in self.cells.items())

    def _but_cells(self) -> Iterator[tuple[Place, BitMap]]:
        yield ("everything",), self.everything
        yield ("everywhere",), self.everywhere
        yield ("placed",), self.placed
        yield from ((("authority", key), ids) for key, ids in self.authorities.items())
        yield from ((("kind", key), ids) for key, ids in self.kinds.items())
        for facet, values in self.values.items():
            yield from ((("value", facet, value), ids) for value, ids in values.items())
        yield from ((("age", age), ids) for age, ids in enumerate(self.ages))

    # -- reading ---------------------------------------------------------------

    def visible(self, authority: int, kind: str = SERVICE) -> BitMap:
        """What families of an authority see: its own, what serves it, and what is national."""
        seen = self.everywhere | self.authorities.get(authority, BitMap())
        return seen & self.kinds.get(kind, BitMap())

    def counts_unfiltered(self, authority: int, kind: str) -> Counts:
        """The counts of the page on which nothing is chosen, remembered until something is written."""
        known = self._unfiltered.get((authority, kind))
        if known is None:
            visible = self.visible(authority, kind)
            known = {facet: _sizes(values, visible) for facet, values in self.values.items()}
            self._unfiltered[authority, kind] = known
        return {facet: dict(sizes) for facet, sizes in known.items()}

    def chosen(self, facet: str, values: Iterable[str]) -> BitMap:
        """Documents with any of the values."""
        held = self.values.get(facet, {})
        return BitMap().union(*(held[value] for value in values if value in held))

    def nowhere(self, among: BitMap) -> BitMap:
        """Those without a place: help that comes to you, or is on the phone."""
        return among - self.placed

    def within(self, near: tuple[float, float], miles: float, among: BitMap) -> BitMap:
        """Those of `among` with a place no further than `miles`."""
        origin, reach = geography.vector(*near), geography.reach(miles)
        inside, edge = [], []
        for cell in self._cells_around(near, miles):
            nearest, furthest = geography.span(origin, cell, self.centres[cell])
            if furthest <= miles:
                inside.append(self.cells[cell])
            elif nearest <= miles:
                edge.append(self.cells[cell])
        found = BitMap().union(*inside) & among
        ids, chords = self.columns.chords((BitMap().union(*edge) & among) - found, origin)
        found.update(ids[chords <= reach])
        return found

    def _cells_around(self, near: tuple[float, float], miles: float) -> Iterable[Cell]:
        around = geography.Around(*near, miles)
        if around.size > len(self.cells):
            return [cell for cell in self.cells if cell in around]
        return [cell for cell in around.cells() if cell in self.cells]

    def miles(self, ids: Sequence[int], near: tuple[float, float] | None) -> dict[int, float | None]:
        """The distance of each to its nearest place; None where it has none."""
        away: dict[int, float | None] = dict.fromkeys(ids)
        if near is not None:
            found, chords = self.columns.chords(BitMap(ids) & self.placed, geography.vector(*near))
            away |= dict(zip(found.tolist(), map(geography.miles, chords.tolist()), strict=True))
        return away

    # -- order -----------------------------------------------------------------

    def ordered(self, ids: BitMap, question: Question, start: int) -> list[int]:
        """The ids of one page, in any order but relevance."""
        depth = start + question.size
        if question.order == Order.DISTANCE and question.near:
            return self._nearest(ids, question.near, depth)[start:]
        if question.order == Order.CHECKED:
            return self.columns.latest(ids, depth)[start:]
        return self.columns.by_name(ids, depth)[start:]

    def _nearest(self, ids: BitMap, near: tuple[float, float], depth: int) -> list[int]:
        """Nearest first by growing rings; those without a place follow by name."""
        placed = ids & self.placed
        close = placed
        if len(placed) > FEW:
            for ring in RINGS:
                close = self.within(near, ring, placed)
                if len(close) >= depth:
                    break
            else:
                close = placed
        first = self.columns.nearest(close, geography.vector(*near), depth)
        missing = depth - len(first)
        return first + self.columns.by_name(self.nowhere(ids), missing) if missing > 0 else first


def _sizes(values: Mapping[str, BitMap], among: BitMap) -> dict[str, int]:
    """How many of `among` have each value; none that nobody has."""
    sizes = ((value, among.intersection_cardinality(ids)) for value, ids in values.items())
    return {value: size for value, size in sizes if size}


class Sieve:
    """One question put to the bitmaps: the sets behind the answer, each worked out once."""

    def __init__(self, held: Bitmaps, question: Question, holding: Sequence[BitMap]) -> None:
        self.held = held
        self.question = question
        self.visible = held.visible(question.authority, question.kind)
        self.unknown: tuple[str, ...] = ()
        self.partly = False
        self.parts: dict[str, BitMap] = {}
        if question.concepts:
            self.parts["words"] = self._words(question.concepts, [self.visible & ids for ids in holding])
        if question.age is not None:
            self.parts["age"] = held.ages[question.age] if question.age in AGES else BitMap()
        if question.near and question.within is not None:
            # Only where words and age allow, which no facet's count sets aside.
            self.parts["within"] = self.around(question.within, self.except_())
        for facet, values in question.filters.items():
            self.parts[facet] = held.chosen(facet, values)
        self.all = self.except_()

    def _words(self, concepts: Sequence[Concept], holding: Sequence[BitMap]) -> BitMap:
        """Documents that hold enough of the words."""
        self.unknown = tuple(concept.typed for concept, ids in zip(concepts, holding, strict=True) if not ids)
        known = [(concept, ids) for concept, ids in zip(concepts, holding, strict=True) if ids]
        if not known:
            return BitMap()
        everything = BitMap.intersection(*(ids for _, ids in known))
        counted, needed = words_needed([concept for concept, _ in known], len(everything))
        self.partly = bool(self.unknown) or needed < len(known)
        # at_least[n]: documents that hold n or more of the concepts seen so far.
        at_least = [self.visible, *(BitMap() for _ in range(needed))]
        for at in counted:
            for n in range(needed, 0, -1):
                at_least[n] |= at_least[n - 1] & known[at][1]
        return next(ids for ids in reversed(at_least) if ids)

    def around(self, miles: float, among: BitMap) -> BitMap:
        """Those within `miles`, and those with no place, which no distance may hide."""
        if not self.question.near:
            return among
        return self.held.within(self.question.near, miles, among) | self.held.nowhere(among)

    def except_(self, *names: str) -> BitMap:
        """What passes every filter but those named."""
        return self.visible.intersection(*(ids for name, ids in self.parts.items() if name not in names))

    def counts(self) -> Counts:
        """How many each value of each facet would give, its own facet's filter set aside."""
        if not self.parts:
            return self.held.counts_unfiltered(self.question.authority, self.question.kind)
        return {
            facet: _sizes(values, self.except_(facet) if facet in self.parts else self.all)
            for facet, values in self.held.values.items()
        }

    def without(self) -> dict[str, int]:
        """How many there would be with each one filter removed."""
        found = {}
        for name in self.parts:
            ids = self.except_(name, "within")
            if name != "within" and self.question.within is not None:
                ids = self.around(self.question.within, ids)
            found[name] = len(ids)
        if "words" in self.parts and len(self.parts) > 1:
            found[FILTERS] = len(self.parts["words"])
        return found

    def wider(self) -> tuple[tuple[float, int], ...]:
        """How many there would be within more miles."""
        if "within" not in self.parts:
            return ()
        among = self.except_("within")
        return tuple((miles, len(self.around(miles, among))) for miles in self.question.widen)
