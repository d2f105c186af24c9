"""Many rows, some at a time: a database takes so many values in one statement and no more."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def batched(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of `size` rows, the last as long as is left; read as they are asked for."""
    each = iter(rows)
    while some := list(islice(each, size)):
        yield some
