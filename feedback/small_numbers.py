"""Keeps people out of numbers: a count so small that it may point at somebody is not shown.

Hiding one number of a sum that is known hides nothing, so another goes with it. Pure.
"""

from collections.abc import Hashable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)

LEAST = 5
NOT_SHOWN = "Too few to show"


def suppress(counts: Mapping[Key, int], least: int = LEAST) -> dict[Key, int | None]:
    """The counts with None for what is hidden. Zero is shown: it points at nobody.

    Hidden numbers are never one alone, and together never below `least`: the total less what is
    shown would tell them. Where that cannot be, every number but zero is hidden.
    """
    hidden = {key for key, number in counts.items() if 0 < number < least}
    rest = sorted((key for key in counts if counts[key] >= least), key=lambda key: counts[key])
    while hidden and (len(hidden) < 2 or sum(counts[key] for key in hidden) < least) and rest:
        hidden.add(rest.pop(0))
    return {key: None if key in hidden else number for key, number in counts.items()}


def words(number: int | None) -> str:
    """As a table shows it."""
    return NOT_SHOWN if number is None else f"{number:,}"
