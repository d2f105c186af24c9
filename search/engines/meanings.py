"""The vectors of documents in a worker's memory: 256 bytes each. Pure but for numpy."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from search.engines.columns import numbers
from search.meaning import SIZE, Vector

# Rows that are worked out at once, to keep memory small.
CHUNK = 4_096
# Less than this and two texts are about different things.
NEAR = 0.3
# Results whose meaning, beside the question's own, says what lies close.
EXAMPLES = 2
# Of the best match by words, which is worth 1.
CLOSENESS_WORTH = 0.7


class Meanings:
    """Rows of a matrix in the order of document ids, never written to: they may lie in a file that every
    worker maps. What changes afterwards is kept beside them."""

    def __init__(self, arrays: Mapping[str, NDArray[Any]] | None = None) -> None:
        self.base = arrays = arrays or arrays_of(())
        self._ids: NDArray[np.uint32] = arrays["ids"]
        self._vectors: NDArray[np.int8] = arrays["vectors"]
        self._lengths: Vector = arrays["lengths"]
        self._gone = BitMap()  # of the rows: what was dropped or replaced
        self._changed: dict[int, bytes] = {}

    def __len__(self) -> int:
        return len(self._ids) - len(self._gone) + len(self._changed)

    def put(self, id: int, packed: bytes) -> None:
        self.drop(id)
        if len(packed) == SIZE:
            self._changed[id] = packed

    def drop(self, id: int) -> None:
        self._changed.pop(id, None)
        if len(self._rows(np.array([id], dtype=np.uint32))[0]):
            self._gone.add(id)

    def _rows(self, ids: NDArray[np.uint32]) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
        """Those of `ids` that have a row, and their rows."""
        if not len(self._ids):
            return ids[:0], np.zeros(0, dtype=np.int64)
        rows = np.minimum(self._ids.searchsorted(ids), len(self._ids) - 1)
        there = self._ids[rows] == ids
        return ids[there], rows[there]

    def _found(self, among: BitMap) -> Iterator[tuple[NDArray[np.uint32], NDArray[np.int8], Vector]]:
        """(ids, vectors, lengths) of those that have a vector, some at a time, to keep memory small."""
        ids, rows = self._rows(numbers(among - self._gone))
        for at in range(0, len(ids), CHUNK):
            some = rows[at : at + CHUNK]
            yield ids[at : at + CHUNK], self._vectors[some], self._lengths[some]
        changed = [id for id in among if id in self._changed] if self._changed else []
        for at in range(0, len(changed), CHUNK):
            few = changed[at : at + CHUNK]
            vectors = np.frombuffer(b"".join(self._changed[id] for id in few), dtype=np.int8)
            vectors = vectors.reshape(-1, SIZE)
            yield np.array(few, dtype=np.uint32), vectors, _lengths(vectors)

    def _close(self, among: BitMap, to: Vector) -> tuple[NDArray[np.uint32], Vector]:
        """(ids, closeness from -1 to 1)."""
        parts = [
            (ids, (vectors.astype(np.float32) @ to) / lengths) for ids, vectors, lengths in self._found(among)
        ]
        ids = np.concatenate([*(ids for ids, _ in parts), np.zeros(0, dtype=np.uint32)])
        return ids, np.concatenate([*(close for _, close in parts), np.zeros(0, dtype=np.float32)])

    def closeness(self, ids: Sequence[int], to: Vector) -> dict[int, float]:
        """From -1 to 1 for each of `ids` that has a vector."""
        found, close = self._close(BitMap(ids), to)
        return dict(zip(found.tolist(), close.tolist(), strict=True))

    def nearest(self, to: Vector, among: BitMap, most: int, like: Sequence[int] = ()) -> list[int]:
        """The closest of `among`, closest first. `like`: documents that were found already; the first
        say what is meant as much as the words do."""
        shown = [
            vectors.astype(np.float32) / lengths[:, None]
            for _, vectors, lengths in self._found(BitMap(like[:EXAMPLES]))
        ]
        if shown:
            to = to + np.concatenate(shown).mean(axis=0)
            to = to / np.float32(np.linalg.norm(to) or 1)
        ids, close = self._close(among, to)
        best = np.lexsort((ids, -close))[:most]
        return [int(ids[at]) for at in best if close[at] >= NEAR]


def arrays_of(rows: Iterable[tuple[int, bytes]]) -> dict[str, NDArray[Any]]:
    """The arrays of `Meanings` from (id, packed vector); what has no vector has no row."""
    ids: list[int] = []
    joined = bytearray()
    for id, packed in rows:
        if len(packed) == SIZE:
            ids.append(id)
            joined += packed
    order = np.argsort(np.array(ids, dtype=np.int64))
    vectors = np.frombuffer(joined, dtype=np.int8).reshape(len(ids), SIZE)
    if len(ids) and (order[1:] < order[:-1]).any():
        vectors = vectors[order]
    return {
        "ids": np.array(ids, dtype=np.uint32)[order],
        "vectors": vectors,
        "lengths": _lengths(vectors),
    }


def _lengths(vectors: NDArray[np.int8]) -> Vector:
    squares = np.einsum("ij,ij->i", vectors, vectors, dtype=np.int32)
    return np.sqrt(np.maximum(squares, 1)).astype(np.float32)


def blended(ids: Sequence[int], *measures: tuple[Mapping[int, float], float]) -> list[int]:
    """`ids` anew, best first. Each measure is (number by id, worth): a larger number is better, and counts
    as its share of the largest; what has none has nothing of it. Equals stay in their order."""
    totals = [0.0] * len(ids)
    for found, worth in measures:
        most = max(found.values(), default=0)
        if most > 0:
            for place, id in enumerate(ids):
                totals[place] += worth * found.get(id, 0) / most
    # Rounded: where a row lies in a matrix may change its last digits.
    best = sorted(range(len(ids)), key=lambda at: round(totals[at], 6), reverse=True)
    return [ids[at] for at in best]
