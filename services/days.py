"""Single days and stretches of days, as people write them and as one JSON column keeps them. Pure.

Kept as ISO text: "2026-12-25", or "2026-12-21/2027-01-01" for a stretch, both ends included.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple, Self

MOST_LINES = 120
LONGEST_STRETCH = 400
EXAMPLE = "Write one on a line, such as 25/12/2026 or 21 December 2026 to 1 January 2027."

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_SLASHED = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
_TO = re.compile(r"(?<!\s)\s+(?:to|until|-|–)\s+", re.IGNORECASE)
_SPELT = re.compile(r"(?:[a-z]+,? )?(\d{1,2})(?:st|nd|rd|th)? ([a-z]+) (\d{4})")


class Span(NamedTuple):
    """A stretch of days, both ends included; one day where they are the same."""

    first: date
    last: date

    @classmethod
    def of(cls, kept: str) -> Self:
        """Read one kept value. Raises ValueError for anything else."""
        first, _, last = kept.partition("/")
        span = cls(date.fromisoformat(first), date.fromisoformat(last or first))
        if not 0 <= (span.last - span.first).days < LONGEST_STRETCH:
            raise ValueError(f"{kept} does not run from one day to a later one within a year.")
        return span

    def __str__(self) -> str:
        return f"{self.first}" if self.first == self.last else f"{self.first}/{self.last}"

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last

    def days(self) -> Iterator[date]:
        return (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))


def spans(kept: Iterable[object]) -> list[Span]:
    """What a column holds, in order of time; whatever is not a day is left out."""
    found = []
    for value in kept or ():
        try:
            found.append(Span.of(str(value)))
        except ValueError:
            continue
    return sorted(set(found))


def read(text: str) -> list[str]:
    """Kept values of what a person typed, one a line. Raises ValueError that quotes the line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise ValueError(f"Give {MOST_LINES} lines at most.")
    return list(dict.fromkeys(str(_read_line(line)) for line in lines))


def written(kept: Sequence[object]) -> str:
    """The lines that `read` gives back as `kept`."""
    return "\n".join(
        " to ".join(f"{day:%d/%m/%Y}" for day in dict.fromkeys((span.first, span.last)))
        for span in spans(kept)
    )


def day_words(day: date) -> str:
    """ "25 December 2026"."""
    return f"{day.day} {day:%B %Y}"


def span_words(span: Span) -> str:
    """ "25 December 2026", "21 December 2026 to 1 January 2027"."""
    if span.first == span.last:
        return day_words(span.first)
    return f"{day_words(span.first)} to {day_words(span.last)}"


def _read_line(line: str) -> Span:
    first, *rest = _TO.split(line, maxsplit=1)
    try:
        start = _read_day(first)
        return Span.of(str(Span(start, _read_day(rest[0]) if rest else start)))
    except ValueError as error:
        shown = line if len(line) <= 40 else f"{line[:39]}…"
        raise ValueError(f"We cannot read “{shown}”. {EXAMPLE}") from error


def _read_day(text: str) -> date:
    text = " ".join(text.lower().split())
    if found := _ISO.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif found := _SLASHED.fullmatch(text):
        day, month, year = map(int, found.groups())
    elif found := _SPELT.fullmatch(text):
        day, month, year = int(found[1]), _MONTHS.index(found[2][:3]) + 1, int(found[3])
    else:
        raise ValueError("no day")
    if not 2000 <= year <= 2100:
        raise ValueError("no year of ours")
    return date(year, month, day)
