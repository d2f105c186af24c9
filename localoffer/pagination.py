"""Pages of a long list, as links that keep every other choice in the address."""

from dataclasses import dataclass
from functools import lru_cache
from math import ceil

from django.http import QueryDict
from django.utils.http import urlencode

EITHER_SIDE = 2


@dataclass(frozen=True, slots=True)
class PageLink:
    """One number of the pager; `number` 0 is the gap between two runs of numbers."""

    number: int
    url: str = ""
    current: bool = False


@dataclass(frozen=True, slots=True)
class Pager:
    """One page of a list of `total` things, `per_page` to a page. Made by `paginate`."""

    number: int
    per_page: int
    total: int
    query: str
    parameter: str = "page"

    @property
    def pages(self) -> int:
        """How many pages there are; one, even of nothing."""
        return max(1, ceil(self.total / self.per_page))

    @property
    def slice(self) -> slice:
        """Where this page's things stand in the whole list."""
        start = (self.number - 1) * self.per_page
        return slice(start, min(start + self.per_page, self.total))

    @property
    def first(self) -> int:
        """Number of the first thing shown, from 1; 0 where there are none."""
        return self.slice.start + 1 if self.total else 0

    @property
    def last(self) -> int:
        return self.slice.stop

    @property
    def previous_url(self) -> str:
        return self.url(self.number - 1) if self.number > 1 else ""

    @property
    def next_url(self) -> str:
        return self.url(self.number + 1) if self.number < self.pages else ""

    @property
    def links(self) -> list[PageLink]:
        """First, last and the pages around this one, with a gap where numbers are left out."""
        near = range(self.number - EITHER_SIDE, self.number + EITHER_SIDE + 1)
        shown = sorted({1, self.pages, *(n for n in near if 1 <= n <= self.pages)})
        links: list[PageLink] = []
        for number in shown:
            if links and number - links[-1].number > 1:
                links.append(PageLink(0))
            links.append(PageLink(number, self.url(number), number == self.number))
        return links

    def url(self, number: int) -> str:
        """This list's address at a page; the first page needs no number."""
        rest = _without(self.query, self.parameter)
        page = urlencode({self.parameter: number}) if number > 1 else ""
        return f"?{'&'.join(filter(None, [rest, page]))}"


@lru_cache(maxsize=64)
def _without(query: str, parameter: str) -> str:
    """A query but for one parameter: every link of a pager begins with it."""
    given = QueryDict(query, mutable=True)
    given.pop(parameter, None)
    return given.urlencode()


def paginate(total: int, query: QueryDict, *, per_page: int = 20, parameter: str = "page") -> Pager:
    """The page that an address asks for. Nonsense means the first, too far means the last."""
    pages = max(1, ceil(total / per_page))
    return Pager(
        number=min(max(1, _number(query.get(parameter, ""))), pages),
        per_page=per_page,
        total=total,
        query=query.urlencode(),
        parameter=parameter,
    )


def _number(asked: str) -> int:
    """A whole number a person may have typed; 1 where it is none."""
    asked = asked.strip()
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= 9 else 1
