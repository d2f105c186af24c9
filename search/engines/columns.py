"""What is known of each document, one array for each kind of fact. Pure but for numpy.

The arrays may lie in a file that every worker maps (`snapshots`), so they are never written to: what changes
afterwards is kept beside them, by document.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

import numpy as np
from pyroaring import BitMap

from search.engines import geography
from search.engines.arrays import Array
from search.engines.geography import Cell, Vector

# Documents that are looked up together in the order of names.
STRIDE = 512


class Fact(NamedTuple):
    """`points` are (latitude, longitude); `checked` is the day it was last checked, as an ordinal."""

    id: int
    name: str
    checked: int
    points: Sequence[tuple[float, float]]


def arrays_of(facts: Iterable[Fact]) -> dict[str, Array]:
    """The arrays of `Columns`, rows in the order of ids; `point_starts` has one more than there are rows."""
    rows = sorted(facts)
    texts = [row.name.encode() for row in rows]
    points = [point for row in rows for point in row.points]
    vectors = np.array([geography.vector(*point) for point in points], dtype=np.float64).reshape(-1, 3)
    by_name = sorted(range(len(rows)), key=lambda at: (rows[at].name, rows[at].id))
    place = np.empty(len(rows), dtype=np.int64)
    place[by_name] = np.arange(len(rows))
    return {
        "ids": np.array([row.id for row in rows], dtype=np.uint32),
        "text": np.frombuffer(b"".join(texts), dtype=np.uint8),
        "text_starts": _starts([len(text) for text in texts]),
        "by_name": np.array([rows[at].id for at in by_name], dtype=np.uint32),
        "place": place,
        "checked": np.array([row.checked for row in rows], dtype=np.int64),
        "point_starts": _starts([len(row.points) for row in rows]),
        "latitude": np.array([point[0] for point in points], dtype=np.float64),
        "longitude": np.array([point[1] for point in points], dtype=np.float64),
        "x": np.ascontiguousarray(vectors[:, 0]),
        "y": np.ascontiguousarray(vectors[:, 1]),
        "z": np.ascontiguousarray(vectors[:, 2]),
    }


def _starts(lengths: Sequence[int]) -> Array:
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64)


def numbers(ids: BitMap) -> Array:
    """The ids of a set, ascending."""
    return np.frombuffer(ids.to_array(), dtype=np.uint32)


class Columns:
    def __init__(self, arrays: Mapping[str, Array] | None = None) -> None:
        self.base = dict(arrays or arrays_of(()))
        self.ids = self.base["ids"]
        first = int(self.ids[0]) if len(self.ids) else 0
        # Where no id is missing, a row is found by counting.
        self._first = first if len(self.ids) and int(self.ids[-1]) - first + 1 == len(self.ids) else None
        self.changed: dict[int, Fact] = {}
        self._fresh = BitMap()  # the ids of `changed`

    # -- writing ---------------------------------------------------------------

    def put(self, fact: Fact) -> None:
        """Add one, or replace what is known of it."""
        self.drop(fact.id)
        self.changed[fact.id] = fact
        self._fresh.add(fact.id)

    def drop(self, id: int) -> None:
        if self.changed.pop(id, None):
            self._fresh.discard(id)

    # -- one document ----------------------------------------------------------

    def _row(self, id: int) -> int:
        return id - self._first if self._first is not None else int(self.ids.searchsorted(id))

    def name(self, id: int) -> str:
        if held := self.changed.get(id):
            return held.name
        row, starts = self._row(id), self.base["text_starts"]
        return self.base["text"][starts[row] : starts[row + 1]].tobytes().decode()

    def checked(self, id: int) -> int:
        held = self.changed.get(id)
        return held.checked if held else int(self.base["checked"][self._row(id)])

    def cells(self, id: int) -> set[Cell]:
        """The squares of the map that hold its places."""
        if held := self.changed.get(id):
            return {geography.cell(*point) for point in held.points}
        row, starts = self._row(id), self.base["point_starts"]
        at = slice(int(starts[row]), int(starts[row + 1]))
        where = zip(self.base["latitude"][at].tolist(), self.base["longitude"][at].tolist(), strict=True)
        return {geography.cell(*point) for point in where}

    # -- many documents --------------------------------------------------------

    def _rows(self, ids: Array) -> Array:
        if self._first is not None:
            return ids.astype(np.int64) - self._first
        return np.asarray(self.ids.searchsorted(ids))

    def chords(self, ids: BitMap, origin: Vector) -> tuple[Array, Array]:
        """(ids, squared chord from `origin` to the nearest place of each); all of them have a place."""
        fresh = ids & self._fresh
        held = numbers(ids - fresh) if fresh else numbers(ids)
        near = self._chords(self._rows(held), origin)
        if not fresh:
            return held, near
        found = {id: self._chord(self.changed[id], origin) for id in fresh}
        more = np.fromiter(found.keys(), dtype=np.uint32, count=len(found))
        return np.concatenate([held, more]), np.concatenate([near, list(found.values())])

    def _chords(self, rows: Array, origin: Vector) -> Array:
        starts = self.base["point_starts"]
        first = starts[rows]
        counts = starts[rows + 1] - first
        if not len(rows):
            return np.zeros(0)
        if counts.max() == 1:
            return self._squared(first, origin)
        begins = np.cumsum(counts) - counts
        every = np.repeat(first - begins, counts) + np.arange(int(counts.sum()))
        return np.asarray(np.minimum.reduceat(self._squared(every, origin), begins))

    def _squared(self, at: Array, origin: Vector) -> Array:
        a, b, c = (self.base[axis][at] - middle for axis, middle in zip("xyz", origin, strict=True))
        return np.asarray(a * a + b * b + c * c)

    def _chord(self, fact: Fact, origin: Vector) -> float:
        return min(geography.chord_squared(geography.vector(*point), origin) for point in fact.points)

    # -- order -----------------------------------------------------------------

    def names(self, ids: Sequence[int]) -> dict[int, tuple[int, str]]:
        """A key for each id by which they sort as their names do. Without a change no name is read."""
        if not any(id in self._fresh for id in ids):
            places = self.base["place"][self._rows(np.array(ids, dtype=np.uint32))]
            return {id: (place, "") for id, place in zip(ids, places.tolist(), strict=True)}
        return {id: (0, self.name(id)) for id in ids}

    def nearest(self, ids: BitMap, origin: Vector, depth: int) -> list[int]:
        """The nearest of `ids`, all of which have a place; what is as near by name."""
        found, near = self.chords(ids, origin)
        if len(found) > depth:
            furthest = np.partition(near, depth - 1)[depth - 1]
            found, near = found[near <= furthest], near[near <= furthest]
        away = dict(zip(found.tolist(), near.tolist(), strict=True))
        names = self.names(list(away))
        return sorted(away, key=lambda id: (away[id], names[id], id))[:depth]

    def latest(self, ids: BitMap, depth: int) -> list[int]:
        """Those checked last, first; then by name."""
        held = numbers(ids - self._fresh)
        rows = self._rows(held)
        # One number a row: days backwards, then the place among the names (fewer than 2**32).
        first = self._least(held, (-self.base["checked"][rows] << 32) + self.base["place"][rows], depth)
        return self._merged(first, ids, depth, lambda id: (-self.checked(id), self.name(id), id))

    def by_name(self, ids: BitMap, depth: int) -> list[int]:
        """The first of `ids` by name: walk the names where many are wanted, else sort the few."""
        held = ids - self._fresh if self._fresh else ids
        if len(held) ** 2 > (depth + 1) * len(self.ids):
            first = list(islice(self._in_order(held), depth))
        else:
            some = numbers(held)
            first = self._least(some, self.base["place"][self._rows(some)], depth)
        return self._merged(first, ids, depth, lambda id: (self.name(id), id))

    def _in_order(self, ids: BitMap) -> Iterator[int]:
        for at in range(0, len(self.ids), STRIDE):
            yield from (id for id in self.base["by_name"][at : at + STRIDE].tolist() if id in ids)

    def _least(self, ids: Array, keys: Array, depth: int) -> list[int]:
        if len(ids) > depth:
            some = np.argpartition(keys, depth)[:depth]
            ids, keys = ids[some], keys[some]
        return [int(id) for id in ids[np.argsort(keys)].tolist()]

    def _merged(self, first: list[int], ids: BitMap, depth: int, key: Any) -> list[int]:
        """With those that have changed, in their places."""
        fresh = ids & self._fresh if self._fresh else None
        return sorted([*first, *fresh], key=key)[:depth] if fresh else first[:depth]
