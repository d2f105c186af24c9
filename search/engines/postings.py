"""The commoner words, ready made: which documents hold each, and its worth in them. Pure but for numpy.

Asking a full-text table for a word that half of all services hold means reading half of it, and again to
rank them. Here such a word is one bitmap and one row of scores, which may lie in a file that every worker
maps. The scores are BM25 as SQLite's FTS5 works it out, so they add up with those of words not held here.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import log
from typing import Any

import numpy as np
from cachetools import LRUCache
from pyroaring import BitMap

from localoffer.batches import batched
from search.engines.arrays import Array
from search.engines.base import Phrase
from search.engines.columns import numbers
from search.engines.text import WEIGHTS, Parts, Texts

Weighted = Sequence[tuple[float, str]]
# Held by fewer documents than this, or by fewer than one in so many, a word is quickly asked for.
FEW_HOLDERS, ONE_IN = 20, 1_000
_K1, _B = 1.2, 0.75
_LEAST_RARITY = 1e-6
_CHUNK = 5_000
# Bitmaps that are kept unpacked: 40 kB each, at most, among 300,000 documents.
_KEPT = 256


def rarity(documents: int, holders: int) -> float:
    """Of a word that `holders` of so many documents hold: at least a little."""
    without = max(documents - holders, 0)  # a document that has just come may be held and not yet counted
    return max(log((without + 0.5) / (holders + 0.5)), _LEAST_RARITY)


def saturated(weight: Any, length: Any, average: float) -> Any:
    """The part of BM25 that depends on the document; `weight` is the sum over the places of the word."""
    return weight * (_K1 + 1) / (weight + _K1 * (1 - _B + _B * length / average))


class Postings:
    def __init__(self, arrays: Mapping[str, Array] | None = None, documents: int = 0) -> None:
        self.base = arrays = arrays or gather(())
        stems = arrays["stems"].tobytes().decode().split("\n") if len(arrays["stems"]) else []
        self._at = {stem: at for at, stem in enumerate(stems)}
        self._starts, self._scores = arrays["starts"], arrays["scores"]
        self._packed, self._packed_starts = arrays["packed"], arrays["packed_starts"]
        self._documents, self._average = documents, float(arrays["average"][0])
        self._gone = BitMap()  # of the arrays: what was dropped or replaced
        self._changed: dict[int, list[str]] = {}
        self._fresh: dict[str, dict[int, float]] = {}
        self._kept: LRUCache[str, BitMap] = LRUCache(_KEPT)

    def __len__(self) -> int:
        return len(self._at)

    def apart(self, phrases: Sequence[Phrase]) -> tuple[list[str], list[Phrase]]:
        """(the single words that are held here, the rest)."""
        stems = [phrase[0] for phrase in phrases if len(phrase) == 1 and phrase[0] in self._at]
        return stems, [phrase for phrase in phrases if len(phrase) > 1 or phrase[0] not in self._at]

    def parts_apart(self, parts: Parts) -> tuple[list[tuple[float, str]], list[tuple[float, list[Phrase]]]]:
        """The same for what is scored, each with its worth."""
        ready: list[tuple[float, str]] = []
        rest: list[tuple[float, list[Phrase]]] = []
        for worth, phrases in parts:
            stems, others = self.apart(phrases)
            ready += [(worth, stem) for stem in stems]
            rest += [(worth, others)] if others else []
        return ready, rest

    # -- writing ---------------------------------------------------------------

    def put(self, id: int, texts: Texts) -> None:
        """What a document holds now."""
        self.drop(id)
        weights, length = weights_of(texts)
        self._changed[id] = [stem for stem in weights if stem in self._at]
        for stem in self._changed[id]:
            at = self._at[stem]
            holders = int(self._starts[at + 1] - self._starts[at])
            part = saturated(weights[stem], length, self._average)
            self._fresh.setdefault(stem, {})[id] = rarity(self._documents, holders) * part

    def drop(self, id: int) -> None:
        for stem in self._changed.pop(id, ()):
            del self._fresh[stem][id]
        self._gone.add(id)

    # -- reading ---------------------------------------------------------------

    def _base(self, stem: str) -> BitMap:
        if (kept := self._kept.get(stem)) is None:
            at = self._at[stem]
            packed = self._packed[self._packed_starts[at] : self._packed_starts[at + 1]]
            kept = self._kept[stem] = BitMap.deserialize(packed.tobytes())
        return kept

    def holding(self, stems: Iterable[str]) -> BitMap:
        """Documents with any of the words, all of which are held here."""
        found = BitMap().union(*(self._base(stem) for stem in stems))
        if self._gone:
            found -= self._gone
        for stem in stems:
            found.update(self._fresh.get(stem, ()))
        return found

    def best(
        self, weighted: Weighted, wanted: BitMap, limit: int, more: Iterable[tuple[int, float]] = ()
    ) -> list[tuple[int, float]]:
        """The best of `wanted` with their scores, best first; `more` are scores from elsewhere to add."""
        ids = numbers(wanted)
        scores = np.zeros(len(ids), dtype=np.float32)
        for worth, stem in weighted:
            self._add(scores, ids, wanted, worth, stem)
        fresh = [
            (id, worth * score) for worth, stem in weighted for id, score in self._fresh.get(stem, {}).items()
        ]
        _add_each(scores, ids, [*fresh, *more])
        return _best(ids, scores, limit)

    def _add(self, scores: Array, ids: Array, wanted: BitMap, worth: float, stem: str) -> None:
        at, base = self._at[stem], self._base(stem)
        held = self._scores[self._starts[at] : self._starts[at + 1]]
        both = base & wanted if not self._gone else (base - self._gone) & wanted
        if len(both) == len(base):
            some = held
        elif both:
            some = held[numbers(base).searchsorted(numbers(both))]
        else:
            return
        if len(both) == len(ids):
            scores += np.float32(worth) * some
        else:
            scores[ids.searchsorted(numbers(both))] += np.float32(worth) * some


def _add_each(scores: Array, ids: Array, each: Sequence[tuple[int, float]]) -> None:
    if not each or not len(ids):
        return
    more = np.array([id for id, _ in each], dtype=np.uint32)
    rows = np.minimum(ids.searchsorted(more), len(ids) - 1)
    there = ids[rows] == more
    worth = np.array([score for _, score in each], dtype=np.float32)
    np.add.at(scores, rows[there], worth[there])


def _best(ids: Array, scores: Array, limit: int) -> list[tuple[int, float]]:
    """What is as good as the last of them is weighed by id, so that a longer list begins the same."""
    if len(ids) > limit:
        least = np.partition(scores, len(scores) - limit)[len(scores) - limit]
        good = np.flatnonzero(scores >= least)
        ids, scores = ids[good], scores[good]
    order = np.lexsort((ids, -scores))[:limit]
    return list(zip(ids[order].tolist(), scores[order].tolist(), strict=True))


# -- making -----------------------------------------------------------------------


def weights_of(texts: Texts) -> tuple[dict[str, float], int]:
    """(stem to the summed worth of its places, how many words there are)."""
    weights: dict[str, float] = {}
    for field, words in texts.items():
        worth = WEIGHTS[field]
        for word in words:
            weights[word] = weights.get(word, 0) + worth
    return weights, sum(map(len, texts.values()))


def gather(rows: Iterable[tuple[int, Texts]], documents: int = 0) -> dict[str, Array]:
    """The arrays of `Postings` from the words of every document, ids ascending. `documents`: how many."""
    known: dict[str, int] = {}
    chunks = list(_chunks(rows, known))
    lengths = np.concatenate([*(part[3] for part in chunks), np.zeros(0)])
    average = float(lengths.mean()) if len(lengths) else 1.0
    holders = np.zeros(len(known), dtype=np.int64)
    for stems, *_ in chunks:
        holders += np.bincount(stems, minlength=len(known))
    common = holders >= max(FEW_HOLDERS, documents // ONE_IN)
    starts = np.concatenate([[0], np.cumsum(np.where(common, holders, 0))]).astype(np.int64)
    ids = np.empty(starts[-1], dtype=np.uint32)
    scores = np.empty(starts[-1], dtype=np.float32)
    worth = np.array([rarity(documents, int(count)) for count in holders], dtype=np.float64)
    filled = starts[:-1].copy()
    while chunks:
        stems, some, weights, _, per_row = chunks.pop(0)
        keep = common[stems]
        stems, some, weights, per_row = stems[keep], some[keep], weights[keep], per_row[keep]
        order = np.argsort(stems, kind="stable")
        stems = stems[order]
        counts = np.bincount(stems, minlength=len(known))
        within = np.arange(len(stems)) - np.repeat(np.cumsum(counts) - counts, counts)
        at = filled[stems] + within
        ids[at] = some[order]
        scores[at] = worth[stems] * saturated(weights[order], per_row[order], average)
        filled += counts
    return _packed(list(known), common, starts, ids, scores, average)


def _chunks(rows: Iterable[tuple[int, Texts]], known: dict[str, int]) -> Iterator[tuple[Array, ...]]:
    """(number of the stem, document, weight, length of each document, length again by pair), by document;
    `known` numbers the stems."""
    for some in batched(rows, _CHUNK):
        stems: list[int] = []
        weights: list[float] = []
        counts, lengths = [], []
        for _, texts in some:
            held, length = weights_of(texts)
            stems += [known.setdefault(stem, len(known)) for stem in held]
            weights += held.values()
            counts.append(len(held))
            lengths.append(length)
        every = np.array(lengths, dtype=np.float32)
        ids = np.repeat(np.array([id for id, _ in some], dtype=np.uint32), counts)
        pairs = np.array(stems, dtype=np.int32), ids, np.array(weights, dtype=np.float32)
        yield (*pairs, every, np.repeat(every, counts))


def _packed(
    names: list[str], common: Array, starts: Array, ids: Array, scores: Array, average: float
) -> dict[str, Array]:
    packed, stems, begins, packed_begins = bytearray(), [], [0], [0]
    for at in np.flatnonzero(common).tolist():
        held = array("I", ids[starts[at] : starts[at + 1]].tobytes())
        packed += BitMap(held).serialize()
        stems.append(names[at])
        begins.append(int(starts[at + 1]))
        packed_begins.append(len(packed))
    return {
        "stems": np.frombuffer("\n".join(stems).encode(), dtype=np.uint8),
        "starts": np.array(begins, dtype=np.int64),
        "scores": scores,
        "packed": np.frombuffer(packed, dtype=np.uint8),
        "packed_starts": np.array(packed_begins, dtype=np.int64),
        "average": np.array([average]),
    }
