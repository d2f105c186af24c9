"""Loading the open statistics, all or nothing, and reading them back as series."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db import transaction

from localoffer.models import Statistic, StatisticRevision, StatisticsRelease
from localoffer.statistics_files import Reading, StatisticsFile, UnreadableStatistics, read

BATCH = 2000
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class LoadPlan:
    """What one file would do: nothing is written yet."""

    path: Path
    file: StatisticsFile
    added: tuple[Reading, ...] = ()
    changed: tuple[tuple[Statistic, Reading], ...] = ()
    unchanged: int = 0
    gone: tuple[Statistic, ...] = field(default=())


def make_plans(paths: Sequence[Path]) -> list[LoadPlan]:
    """Read every file and compare it with what is held.

    Raises UnreadableStatistics with the problems of all the files, and with nothing written.
    """
    files: list[tuple[Path, StatisticsFile]] = []
    problems: list[str] = []
    for path in paths:
        try:
            files.append((path, read(path)))
        except UnreadableStatistics as error:
            problems += [
                f"{path.name}: {problem.removeprefix(f'{path.name}: ')}" for problem in error.problems
            ]
    releases = [file.release for _, file in files]
    problems += [f"Two files hold {r}. Give one." for r in sorted(set(releases)) if releases.count(r) > 1]
    if problems:
        raise UnreadableStatistics(*problems)
    return [_plan(path, file) for path, file in files]


def _plan(path: Path, file: StatisticsFile) -> LoadPlan:
    keys = {reading.indicator for reading in file.readings.values()}
    held: dict[Key, Statistic] = {
        (row.indicator, row.area, row.period): row for row in Statistic.objects.filter(indicator__in=keys)
    }
    added, changed = [], []
    for key, reading in file.readings.items():
        row = held.pop(key, None)
        if row is None:
            added.append(reading)
        elif (row.value, row.mark) != (reading.value, reading.mark):
            changed.append((row, reading))
    unchanged = len(file.readings) - len(added) - len(changed)
    return LoadPlan(path, file, tuple(added), tuple(changed), unchanged, tuple(held.values()))


@transaction.atomic
def apply_plans(*, plans: Iterable[LoadPlan], user: Any = None) -> list[StatisticsRelease]:
    """Write every plan, or none. A figure that changed keeps what it was; one that is gone stays.

    A file that changes nothing leaves no trace, so that a repeat is no event.
    """
    made = []
    for plan in plans:
        if not plan.added and not plan.changed:
            continue
        release = StatisticsRelease.objects.create(
            release=plan.file.release,
            file_name=plan.path.name[:200],
            digest=sha256(plan.path.read_bytes()).hexdigest(),
            loaded_by=user,
            added=len(plan.added),
            changed=len(plan.changed),
            unchanged=plan.unchanged,
            gone=len(plan.gone),
        )
        _write(plan, release)
        made.append(release)
    return made


def _write(plan: LoadPlan, release: StatisticsRelease) -> None:
    Statistic.objects.bulk_create(
        [
            Statistic(
                indicator=r.indicator,
                area=r.area,
                period=r.period,
                value=r.value,
                mark=r.mark,
                release=release,
            )
            for r in plan.added
        ],
        batch_size=BATCH,
    )
    StatisticRevision.objects.bulk_create(
        [
            StatisticRevision(
                statistic=row, value=row.value, mark=row.mark, release_id=row.release_id, replaced_by=release
            )
            for row, _ in plan.changed
        ],
        batch_size=BATCH,
    )
    for row, reading in plan.changed:
        row.value, row.mark, row.release = reading.value, reading.mark, release
    Statistic.objects.bulk_update([row for row, _ in plan.changed], ["value", "mark", "release"], BATCH)


def series(indicators: Iterable[str], areas: Iterable[str]) -> dict[tuple[str, str], list[Statistic]]:
    """The figures of these indicators and areas, by (indicator, area), oldest first. One query."""
    found: dict[tuple[str, str], list[Statistic]] = {}
    rows = Statistic.objects.filter(indicator__in=set(indicators), area__in=set(areas))
    for row in rows.order_by("period"):
        found.setdefault((row.indicator, row.area), []).append(row)
    return found
