"""The year that a report is about, and when the next report is due. Pure."""

from calendar import isleap
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from localoffer import periods
from localoffer.regulations import Period

AMBER_DAYS = 60
FIRST_MONTH = 9  # a school year starts on 1 September


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """From `start` to `end`, both counted; a school year unless somebody chose other days."""

    start: date
    end: date

    @classmethod
    def of_school_year(cls, year: int) -> Self:
        """The school year that begins on 1 September of `year`."""
        return cls(date(year, FIRST_MONTH, 1), date(year + 1, FIRST_MONTH, 1) - timedelta(days=1))

    @classmethod
    def latest_whole(cls, today: date) -> Self:
        """The last school year that has ended."""
        year = today.year if today.month >= FIRST_MONTH else today.year - 1
        return cls.of_school_year(year - 1)

    @classmethod
    def parse(cls, text: str) -> Self:
        """ "2025-2026" or "2025-26". Raises ValueError in words for anything else."""
        span = periods.parse(text, Period.ACADEMIC_YEAR_BY_31_MAY)
        if span is None or span[1].year != span[0].year + 1:
            raise ValueError(f"“{text[:40]}” is no school year. Write it such as 2025-2026.")
        return cls(*span)

    @property
    def is_school_year(self) -> bool:
        return self == type(self).of_school_year(self.start.year)

    @property
    def slug(self) -> str:
        """The end of the report's address, "2025-2026"."""
        if self.is_school_year:
            return f"{self.start.year}-{self.end.year}"
        return f"{self.start:%Y-%m-%d}-to-{self.end:%Y-%m-%d}"

    @property
    def short(self) -> str:
        """ "2025 to 2026", or the days where it is no school year."""
        return f"{self.start.year} to {self.end.year}" if self.is_school_year else self.words

    @property
    def words(self) -> str:
        """ "1 September 2025 to 31 August 2026"."""
        return f"{day_words(self.start)} to {day_words(self.end)}"

    @property
    def before(self) -> "ReportPeriod":
        """The period of the same length that ends the day before this one starts."""
        if self.is_school_year:
            return type(self).of_school_year(self.start.year - 1)
        end = self.start - timedelta(days=1)
        return type(self)(end - (self.end - self.start), end)


@dataclass(frozen=True, slots=True)
class Due:
    """When the next yearly report must be there. `last` is the day the last one was published."""

    last: date | None
    today: date

    @property
    def by(self) -> date | None:
        """Twelve months after the last one; None where there is none to count from."""
        return twelve_months_after(self.last) if self.last else None

    @property
    def days_left(self) -> int:
        return (self.by - self.today).days if self.by else -1

    @property
    def state(self) -> str:
        """ "fine", "soon" (60 days or fewer), "overdue" or "never"."""
        if self.by is None:
            return "never"
        if self.days_left < 0:
            return "overdue"
        return "soon" if self.days_left <= AMBER_DAYS else "fine"

    @property
    def words(self) -> str:
        if self.by is None:
            return "There is no yearly report yet. The law asks for one at least every 12 months."
        by, days = day_words(self.by), abs(self.days_left)
        counted = f"{days} day{'' if days == 1 else 's'}"
        if self.state == "overdue":
            return f"Overdue: the yearly report was due by {by}. That is {counted} ago."
        if days == 0:
            return f"The yearly report is due today, {by}."
        return f"The next yearly report is due by {by}. {counted} left."


def twelve_months_after(day: date) -> date:
    """The same day of the next year; 28 February after a leap day."""
    if (day.month, day.day) == (2, 29) and not isleap(day.year + 1):
        return date(day.year + 1, 2, 28)
    return day.replace(year=day.year + 1)


def day_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def working_days(start: date, end: date) -> int:
    """Mondays to Fridays after `start` up to `end`; bank holidays count as working days.

    0 where `end` is not after `start`.
    """
    days = (end - start).days
    if days <= 0:
        return 0
    weeks, rest = divmod(days, 7)
    return weeks * 5 + sum((start.weekday() + step) % 7 < 5 for step in range(1, rest + 1))
