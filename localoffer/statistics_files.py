"""Reading the open statistics as they are published: found by their headings, never by their place. Pure.

Two shapes: the department's own ("time_period, geographic_level, …, one column a measure") and the
Tribunal's, with two rows of headings, a year over three columns. A mark of suppression is "not
available" and never a number.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path

from localoffer.indicators import Indicator, Unit, of_release

LARGEST = 50 * 1024 * 1024
MOST_PROBLEMS = 20
HEADING_ROWS = 12
# What stands in a cell where there is no number: not collected, not applicable, too few, not returned.
MARKS = frozenset({"x", "z", "c", "k", "u", "low", "~", ":", "..", "-", "", "n/a", "na", "not returned"})
ANSWERS = {"yes": Decimal(1), "no": Decimal(0)}
# Two halves of London, which the files give beside the region itself.
NOT_AREAS = frozenset({"E13000001", "E13000002"})
RELEASES = {
    "timeliness": "Plans made within 20 weeks",
    "requests": "Requests for an assessment",
    "annual_reviews": "Yearly reviews",
    "needs": "Main needs in plans",
    "caseload": "Plans and where children are",
    "officers": "Designated officers",
    "tribunal": "Appeals to the SEND Tribunal",
}
ENGLAND = "E92000001"
AREAS = Path(__file__).parent / "data" / "areas.csv"
FOOTNOTES = re.compile(r"(?<![\d,])[\d,]+$")


class UnreadableStatistics(ValueError):
    """The file cannot be used; `problems` say where and why, one a line."""

    def __init__(self, *problems: str) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Area:
    """England, a region or an authority. `code` is the department's number for an authority, which
    outlives changes of boundary; `gss` is the present national code."""

    code: str
    name: str
    level: str
    region: str
    gss: str


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure of one area and period, such as "2024" or "2024/25". `value` is None where the file
    has a `mark` in place of a number; percentages are out of 100."""

    indicator: str
    area: str
    period: str
    value: Decimal | None
    mark: str = ""


@dataclass(frozen=True, slots=True)
class StatisticsFile:
    """One release, read whole: `readings` by (indicator, area, period)."""

    release: str
    readings: Mapping[tuple[str, str, str], Reading]

    @property
    def title(self) -> str:
        return RELEASES[self.release]


def areas() -> dict[str, Area]:
    """Every area that the statistics name, by code."""
    with AREAS.open(encoding="utf-8", newline="") as file:
        return {row["code"]: Area(**row) for row in csv.DictReader(file)}


def read(path: Path) -> StatisticsFile:
    """Read one file. Raises UnreadableStatistics with every problem found, up to a limit."""
    try:
        rows = list(csv.reader(_text(path).splitlines(keepends=True)))
    except csv.Error as error:
        raise UnreadableStatistics(f"{path.name}: not a CSV file ({error}).") from error
    reader = _Reader(areas())
    for number, row in enumerate(rows[:HEADING_ROWS]):
        names = [cell.strip().casefold() for cell in row]
        if "time_period" in names and "geographic_level" in names:
            return reader.department(rows, number)
        if names[:2] == ["local authority", "la code"]:
            return reader.tribunal(rows, number)
    raise UnreadableStatistics(
        f"{path.name}: no row of headings that we know. We read the department's files with a "
        "“time_period” column, and the Tribunal's with “Local Authority” and “LA code”."
    )


def _text(path: Path) -> str:
    if path.stat().st_size > LARGEST:
        raise UnreadableStatistics(f"{path.name}: larger than {LARGEST // 1024 // 1024} MB.")
    raw = path.read_bytes()
    if not raw.strip():
        raise UnreadableStatistics(f"{path.name}: the file is empty.")
    if b"\x00" in raw:
        raise UnreadableStatistics(f"{path.name}: not a CSV file in UTF-8. Save it as “CSV UTF-8”.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


@dataclass(slots=True)
class _Reader:
    """Collects readings and problems."""

    areas: dict[str, Area]
    readings: dict[tuple[str, str, str], Reading] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def done(self, release: str) -> StatisticsFile:
        if not self.problems and not self.readings:
            self.problems.append("There are no figures in the file.")
        if self.problems:
            more = len(self.problems) - MOST_PROBLEMS
            told = self.problems[:MOST_PROBLEMS] + ([f"And {more} more."] if more > 0 else [])
            raise UnreadableStatistics(*told)
        return StatisticsFile(release, self.readings)

    def department(self, rows: list[list[str]], head: int) -> StatisticsFile:
        names = [cell.strip().casefold() for cell in rows[head]]
        release = _release_of(names)
        place = {name: number for number, name in enumerate(names)}
        wanted = [(i, place.get(i.column.casefold())) for i in of_release(release)]
        for indicator, number in wanted:
            if number is None:
                self.problems.append(f"There is no column “{indicator.column}”. Has the layout changed?")
        missing = {"time_period", "geographic_level", "region_code", "old_la_code"} - set(place)
        self.problems += [f"There is no column “{name}”." for name in sorted(missing)]
        if self.problems:
            return self.done(release)
        for line, row in enumerate(rows[head + 1 :], head + 2):
            if not any(cell.strip() for cell in row):
                continue
            if len(row) != len(names):
                self.problems.append(f"Line {line}: {len(row)} columns where the headings have {len(names)}.")
                continue
            cells = {name: row[number].strip() for name, number in place.items()}
            if not cells.get("breakdown_topic", "all").casefold().startswith("all"):
                continue
            area = self._area(cells, line)
            if area:
                figures = ((i, row[number]) for i, number in wanted if number is not None)
                self._keep(figures, area, _period(cells["time_period"]), line)
        return self.done(release)

    def _area(self, cells: dict[str, str], line: int) -> str:
        level = cells["geographic_level"].casefold()
        code = (
            ENGLAND if level == "national" else cells["region_code" if level == "regional" else "old_la_code"]
        )
        if code in NOT_AREAS:
            return ""
        if code not in self.areas:
            named = cells.get("la_name") or cells.get("region_name") or ""
            self.problems.append(f"Line {line}: no authority or region has the code “{code}” ({named}).")
            return ""
        return code

    def tribunal(self, rows: list[list[str]], head: int) -> StatisticsFile:
        columns = list(_tribunal_columns(rows[head], rows[head + 1] if len(rows) > head + 1 else []))
        found = {indicator.key for indicator, _, _ in columns}
        self.problems += [
            f"There is no column “{i.column}” under a year."
            for i in of_release("tribunal")
            if i.key not in found
        ]
        for line, row in enumerate(rows[head + 2 :], head + 3):
            name, code = (row[0].strip(), row[1].strip()) if len(row) > 1 else ("", "")
            if name.casefold().startswith("sources"):
                break
            if name.casefold().startswith("england total") and "excluding" not in name.casefold():
                code = ENGLAND
            if not code:
                continue
            if code not in self.areas:
                self.problems.append(f"Line {line}: no authority has the code “{code}” ({name}).")
                continue
            for indicator, year, number in columns:
                if number < len(row):
                    self._keep([(indicator, row[number])], code, year, line)
        return self.done("tribunal")

    def _keep(self, figures: Iterable[tuple[Indicator, str]], area: str, period: str, line: int) -> None:
        if not period:
            self.problems.append(f"Line {line}: the period is not a year such as 2024 or 202425.")
            return
        for indicator, cell in figures:
            try:
                value, mark = _figure(cell, indicator.unit)
            except ValueError as error:
                self.problems.append(f"Line {line}, {indicator.column}: {error}")
                continue
            reading = Reading(indicator.key, area, period, value, mark)
            before = self.readings.setdefault((indicator.key, area, period), reading)
            if before != reading:
                self.problems.append(f"Line {line}, {indicator.column}: a second, different figure.")


def _release_of(names: list[str]) -> str:
    """The release that most of the columns belong to."""
    have = set(names)
    counted = {
        release: sum(indicator.column.casefold() in have for indicator in of_release(release))
        for release in RELEASES
        if release != "tribunal"
    }
    best = max(counted, key=lambda release: counted[release] / len(of_release(release)))
    if not counted[best]:
        raise UnreadableStatistics("The headings are not those of any release that we know.")
    return best


def _tribunal_columns(years: list[str], names: list[str]) -> Iterator[tuple[Indicator, str, int]]:
    """(indicator, year, place) of each column that we keep; a year stands over the columns after it."""
    known = {indicator.column.casefold(): indicator for indicator in of_release("tribunal")}
    year = ""
    for number, name in enumerate(names):
        above = years[number].strip() if number < len(years) else ""
        year = above if re.fullmatch(r"20\d\d", above) else year
        indicator = known.get(FOOTNOTES.sub("", name.strip()).casefold())
        if indicator and year:
            yield indicator, year, number


def _period(text: str) -> str:
    """ "2024" stays, "202425" is "2024/25"; anything else is nothing."""
    if re.fullmatch(r"20\d\d", text):
        return text
    return f"{text[:4]}/{text[4:]}" if re.fullmatch(r"20\d{4}", text) else ""


def _figure(cell: str, unit: Unit) -> tuple[Decimal | None, str]:
    """(value, mark). Raises ValueError, in words, for what is neither."""
    text = cell.strip()
    if unit is Unit.YES_NO:
        answer = ANSWERS.get(text.casefold())
        return (answer, "") if answer is not None else (None, text[:40])
    if text.casefold() in MARKS:
        return None, text
    try:
        value = Decimal(text.removesuffix("%").replace(",", ""))
    except InvalidOperation as error:
        raise ValueError(f"“{text[:40]}” is not a number.") from error
    if not value.is_finite() or value < 0:
        raise ValueError(f"“{text[:40]}” cannot be: it is below nothing.")
    if unit is Unit.PERCENT and value > 100:
        raise ValueError(f"“{text[:40]}” is more than 100 percent.")
    return value, ""
