"""Long lists as their ids in order, remembered by this worker: page 3,000 costs what page 1 costs.

A database that is told to skip a million rows reads them. So a list's ids are read once, kept
narrow, and every page is a slice of them, until somebody changes the directory (`versions`).
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from threading import Lock
from typing import Any

from cachetools import LRUCache
from django.db.models import QuerySet
from pyroaring import BitMap
from wagtail.models import Site

from localoffer import versions
from services.models import Service
from services.models.service import ServiceQuerySet

# What a worker keeps of all lists. A list of 300,000 ids in a row takes 40 kB, by distance 2.4 MB.
MOST_BYTES = 16 * 1024 * 1024
# Fewer than SQLite takes parameters.
CHUNK = 5_000
SUBJECTS = (versions.SERVICES, versions.WORDS, versions.CONTENT)


class IdList(Sequence[int]):
    """Ids in an order. In the order of their numbers they are kept as a bitmap."""

    def __init__(self, ids: BitMap | Sequence[int]) -> None:
        self._ids: Any = ids if isinstance(ids, BitMap) else array("q", ids)

    def __len__(self) -> int:
        return len(self._ids)

    def __getitem__(self, which: Any) -> Any:
        """One id, or those of a slice as a list."""
        return list(self._ids[which]) if isinstance(which, slice) else self._ids[which]

    def __iter__(self) -> Iterator[int]:
        return iter(self._ids)

    def chunks(self) -> Iterator[list[int]]:
        """Some thousands at a time, for a condition on them: no database holds a million in one, and none
        finds a way of its own through so many that takes minutes."""
        return (self[start : start + CHUNK] for start in range(0, len(self), CHUNK))

    @property
    def weight(self) -> int:
        """Bytes that it takes, and what hangs on it."""
        if isinstance(self._ids, BitMap):
            return len(self._ids.serialize()) + 500
        return len(self._ids) * self._ids.itemsize + 500


class _Kept:
    """The lists of this worker, the least asked for let go first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._lists: LRUCache[Any, IdList] = LRUCache(MOST_BYTES, getsizeof=lambda ids: ids.weight)

    def get(self, key: Any) -> IdList | None:
        with self._lock:
            return self._lists.get(key)

    def keep(self, key: Any, ids: IdList) -> None:
        with self._lock:
            if ids.weight <= self._lists.maxsize:
                self._lists[key] = ids

    def clear(self) -> None:
        with self._lock:
            self._lists.clear()


kept = _Kept()


def remember_ids(name: str, read: Callable[[], IdList]) -> IdList:
    """The list of this name as it is now."""
    key = (name, versions.current().of(SUBJECTS))
    found = kept.get(key)
    if found is None:
        found = read()
        kept.keep(key, found)
    return found


def by_number(rows: QuerySet[Any] | Iterable[int]) -> IdList:
    """Ids, each once, in the order of their numbers; of a queryset the ids of its rows."""
    if isinstance(rows, QuerySet):
        rows = rows.order_by().values_list("pk", flat=True).iterator(chunk_size=10_000)
    return IdList(BitMap(rows))


def in_order(rows: QuerySet[Any], ids: Sequence[int]) -> list[Any]:
    """The rows of these ids, in that order. What was deleted meanwhile is left out."""
    found = rows.in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def visible(site: Site) -> ServiceQuerySet:
    """Every live service that families of a site can use."""
    return Service.objects.live().all_visible_to(site)


def visible_ids(site: Site) -> IdList:
    """Their ids in the order of their numbers."""
    return remember_ids(f"visible:{site.pk}", lambda: by_number(visible(site)))
