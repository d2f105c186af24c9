"""Things in the order of the alphabet, under their letters. Pure."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")

NUMBERS, OTHER = "0 to 9", "Other"
_LEADING = re.compile(r"\A(?:the|a|an)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Letter(Generic[T]):
    """A letter and what begins with it."""

    letter: str
    items: tuple[T, ...]

    @property
    def anchor(self) -> str:
        return f"letter-{self.letter.lower().replace(' ', '-')}"


def plain_form(title: str) -> str:
    """As it is sorted: no accents, marks or leading article, in small letters."""
    folded = unicodedata.normalize("NFKD", title).casefold()
    bare = "".join(c for c in folded if not unicodedata.combining(c)).strip(" \t\n\"'“”‘’([{.,-–—")
    return _LEADING.sub("", bare)


def letter_of(title: str) -> str:
    """The letter it stands under: A to Z, "0 to 9" or "Other"."""
    first = plain_form(title)[:1]
    if first.isascii() and first.isalpha():
        return first.upper()
    return NUMBERS if first.isdigit() else OTHER


def by_letter(items: Iterable[T], title: Callable[[T], str]) -> list[Letter[T]]:
    """Only letters with something under them; numbers come before A and other signs after Z."""
    groups: dict[str, list[T]] = {}
    for item in sorted(items, key=lambda item: (plain_form(title(item)), title(item))):
        groups.setdefault(letter_of(title(item)), []).append(item)
    order = {NUMBERS: -1, OTHER: 1}
    names = sorted(groups, key=lambda name: (order.get(name, 0), name))
    return [Letter(name, tuple(groups[name])) for name in names]
