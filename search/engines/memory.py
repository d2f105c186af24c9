"""What a worker of the embedded engine holds in memory, and how it gets there."""

import logging
from collections.abc import Mapping
from typing import Any
from zlib import crc32

import numpy as np
from django.db.models import QuerySet
from numpy.typing import NDArray
from pyroaring import BitMap

from search.engines import meanings, postings, snapshots
from search.engines.arrays import Damaged
from search.engines.bitmaps import Bitmaps, Entry
from search.engines.columns import Columns
from search.engines.meanings import Meanings
from search.engines.postings import Postings
from search.engines.text import TextMatcher
from search.models import IndexedDocument, IndexState

logger = logging.getLogger(__name__)

# From so many documents on it is quicker to map a file than to read the rows.
WORTH_A_FILE = 1_000
CHUNK = 5_000
Arrays = Mapping[str, NDArray[Any]]


class Memory:
    """Everything of one generation. `words` is empty where nobody has prepared the commoner words."""

    def __init__(self) -> None:
        self.generation = -1
        self.bitmaps, self.meanings, self.words = Bitmaps(), Meanings(), Postings()

    def __len__(self) -> int:
        return len(self.bitmaps)

    @classmethod
    def of_rows(cls, generation: int) -> "Memory":
        """Read every row."""
        held = cls()
        held.generation = generation
        rows = _live().values_list("pk", "entry")
        held.bitmaps.load(Entry.from_json(pk, entry) for pk, entry in rows.iterator(chunk_size=CHUNK))
        vectors = _live().values_list("pk", "meaning")
        held.meanings = Meanings(meanings.arrays_of(vectors.iterator(chunk_size=CHUNK)))
        return held

    @classmethod
    def of_file(cls, state: IndexState) -> "Memory | None":
        """Map the newest file that is true for this state; its generation may be behind."""
        found = snapshots.newest(state)
        try:
            return cls._of_content(*found) if found else None
        except (Damaged, KeyError) as error:
            logger.warning("A file of the search index cannot be used: %s", error)
            return None

    @classmethod
    def _of_content(cls, generation: int, content: snapshots.Content) -> "Memory":
        arrays, about = content
        held = cls()
        held.generation = generation
        held.bitmaps.columns = Columns(_under("facts", arrays))
        packed = arrays["bitmaps"]
        if crc32(packed) != about["checksum"]:
            raise Damaged("The bitmaps are not what was written.")
        for place, start, end in about["bitmaps"]:
            held.bitmaps.bitmap(tuple(place)).update(BitMap.deserialize(packed[start:end].tobytes()))
        held.meanings = Meanings(_under("meanings", arrays))
        held.words = Postings(_under("words", arrays), about["documents"])
        return held

    def keep(self, text: TextMatcher) -> None:
        """Write what was just read of the rows to a file, with the commoner words."""
        packed, places = bytearray(), []
        for place, ids in self.bitmaps.every_bitmap():
            start = len(packed)
            packed += ids.serialize()
            places.append((place, start, len(packed)))
        documents = len(self)
        self.words = Postings(postings.gather(text.texts(), documents), documents)
        held = {f"facts.{name}": array for name, array in self.bitmaps.columns.base.items()}
        held |= {f"meanings.{name}": array for name, array in self.meanings.base.items()}
        held |= {f"words.{name}": array for name, array in self.words.base.items()}
        held["bitmaps"] = np.frombuffer(packed, dtype=np.uint8)
        about = {"bitmaps": places, "checksum": crc32(packed), "documents": documents}
        snapshots.keep(self.generation, held, about)

    def behind(self) -> "QuerySet[IndexedDocument]":
        """What was written since."""
        return IndexedDocument.objects.filter(generation__gt=self.generation)

    def apply(self, generation: int, text: TextMatcher) -> None:
        """Take in what was written since."""
        changed = []
        for pk, removed, entry, packed in self.behind().values_list("pk", "removed", "entry", "meaning"):
            if removed:
                self.bitmaps.drop(pk)
                self.meanings.drop(pk)
                self.words.drop(pk)
            else:
                self.bitmaps.put(Entry.from_json(pk, entry))
                self.meanings.put(pk, bytes(packed))
                changed.append(pk)
        if self.words and changed:
            for pk, texts in text.texts(changed):
                self.words.put(pk, texts)
        self.generation = generation


def _live() -> "QuerySet[IndexedDocument]":
    return IndexedDocument.objects.filter(removed=False)


def _under(name: str, arrays: Arrays) -> dict[str, NDArray[Any]]:
    start = f"{name}."
    return {key.removeprefix(start): array for key, array in arrays.items() if key.startswith(start)}


def prepared(state: IndexState, text: TextMatcher) -> Memory:
    """The index of now; who finds no file that is nearly new makes one, for all that begin after it."""
    held = _nearly_new(state)
    if held is None:
        with snapshots.one_at_a_time():
            held = _nearly_new(state) or _made_anew(state, text)
    held.apply(state.generation, text)
    return held


def _nearly_new(state: IndexState) -> Memory | None:
    held = Memory.of_file(state)
    if held is None or held.behind().count() > max(WORTH_A_FILE, len(held) // 10):
        return None
    return held


def _made_anew(state: IndexState, text: TextMatcher) -> Memory:
    held = Memory.of_rows(state.generation)
    if len(held) < WORTH_A_FILE:
        return held
    held.keep(text)
    return Memory.of_file(state) or held
