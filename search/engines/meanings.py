"""The vectors of documents in a worker's memory: 256 bytes each. Pure but for numpy."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from pyroaring import BitMap

from search.meaning import SIZE, Vector

# Rows that are worked out at once, to keep memory small.
CHUNK = 4_096
# Less than this and two texts are about different things.
NEAR = 0.3
# Results whose meaning, beside the question's own, says what lies close.
EXAMPLES = 2
# Of a place in either order; the smaller, the more the first places count. (Reciprocal rank fusion.)
_SMOOTHING = 10
CLOSENESS_WORTH = 0.6


class Meanings:
    """Rows of a matrix by document id; a dropped row is filled by the last."""

    def __init__(self) -> None:
        self._row: dict[int, int] = {}
        self._ids: NDArray[np.int64] = np.zeros(0, dtype=np.int64)
        self._vectors: NDArray[np.int8] = np.zeros((0, SIZE), dtype=np.int8)
        self._lengths: Vector = np.zeros(0, dtype=np.float32)

    def __len__(self) -> int:
        return len(self._row)

    def load(self, rows: Iterable[tuple[int, bytes]]) -> None:
        """Fill an empty index."""
        ids: list[int] = []
        joined = bytearray()
        for id, packed in rows:
            if len(packed) == SIZE:
                ids.append(id)
                joined += packed
        self._row = {id: row for row, id in enumerate(ids)}
        self._ids = np.array(ids, dtype=np.int64)
        self._vectors = np.frombuffer(joined, dtype=np.int8).reshape(len(ids), SIZE)
        self._lengths = _lengths(self._vectors)

    def put(self, id: int, packed: bytes) -> None:
        if len(packed) != SIZE:
            self.drop(id)
            return
        row = self._row.setdefault(id, len(self._row))
        if row >= len(self._ids):
            self._grow(max(64, row * 2))
        self._ids[row] = id
        self._vectors[row] = np.frombuffer(packed, dtype=np.int8)
        self._lengths[row : row + 1] = _lengths(self._vectors[row : row + 1])

    def _grow(self, size: int) -> None:
        more = size - len(self._ids)
        self._ids = np.concatenate([self._ids, np.zeros(more, dtype=np.int64)])
        self._vectors = np.concatenate([self._vectors, np.zeros((more, SIZE), dtype=np.int8)])
        self._lengths = np.concatenate([self._lengths, np.zeros(more, dtype=np.float32)])

    def drop(self, id: int) -> None:
        row = self._row.pop(id, None)
        last = len(self._row)
        if row is None or row == last:
            return
        moved = int(self._ids[last])
        self._ids[row], self._row[moved] = moved, row
        self._vectors[row], self._lengths[row] = self._vectors[last], self._lengths[last]

    def closeness(self, ids: Sequence[int], to: Vector) -> dict[int, float]:
        """From -1 to 1 for each of `ids` that has a vector."""
        known = [id for id in ids if id in self._row]
        close = self._close(np.array([self._row[id] for id in known], dtype=np.int64), to)
        return dict(zip(known, close.tolist(), strict=True))

    def _close(self, rows: NDArray[np.int64], to: Vector) -> Vector:
        parts = [rows[at : at + CHUNK] for at in range(0, len(rows), CHUNK)]
        close = [self._vectors[some].astype(np.float32) @ to for some in parts]
        return np.concatenate([*close, np.zeros(0, dtype=np.float32)]) / self._lengths[rows]

    def nearest(self, to: Vector, among: BitMap, most: int, like: Sequence[int] = ()) -> list[int]:
        """The closest of `among`, closest first. `like`: documents that were found already; the first
        say what is meant as much as the words do."""
        examples = [self._row[id] for id in like[:EXAMPLES] if id in self._row]
        if examples:
            shown = self._vectors[examples].astype(np.float32) / self._lengths[examples][:, None]
            to = to + shown.mean(axis=0)
            to = to / np.float32(np.linalg.norm(to) or 1)
        wanted = np.fromiter(among, dtype=np.int64, count=len(among))
        rows = np.flatnonzero(np.isin(self._ids[: len(self._row)], wanted))
        close = self._close(rows, to)
        best = np.argsort(-close, kind="stable")[:most]
        return [int(self._ids[rows[at]]) for at in best if close[at] >= NEAR]


def _lengths(vectors: NDArray[np.int8]) -> Vector:
    squares = np.einsum("ij,ij->i", vectors, vectors, dtype=np.int32)
    return np.sqrt(np.maximum(squares, 1)).astype(np.float32)


def fused(ids: Sequence[int], *orders: tuple[Mapping[int, float], float]) -> list[int]:
    """`ids`, best first by words, moved up by other orders: each is (number by id, worth); a larger
    number is better, and what has none comes last."""
    scores = {id: 1 / (_SMOOTHING + place) for place, id in enumerate(ids)}
    for numbers, worth in orders:
        ranked = sorted(ids, key=lambda id: -numbers.get(id, float("-inf")))
        for place, id in enumerate(ranked):
            scores[id] += worth / (_SMOOTHING + place)
    return sorted(ids, key=lambda id: -scores[id])
