"""How fast schools are imported, in services a second, beside plain `bulk_create` of the same rows.

    .venv/bin/python -m tests.benchmarks.bench_import [FILE] [--rows 6000] [--format gias|csv]

Without a file it makes one up; `--format csv --rows 50000` measures a large table of our own. It
works in a database of its own, thrown away at the end, with the search index that is configured;
"without search" is the same with the index not told.

    .venv/bin/python -m tests.benchmarks.bench_import --format csv --memory 10000 50000

says how much memory an import takes, of one size after the other, each in a process of its own: a
first import, the same again, one in ten changed, and undoing that.
"""

import argparse
import csv
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

HEADER = (
    "URN", "LA (name)", "EstablishmentName", "TypeOfEstablishment (name)", "EstablishmentStatus (name)",
    "PhaseOfEducation (name)", "StatutoryLowAge", "StatutoryHighAge", "Street", "Town", "Postcode",
    "SchoolWebsite", "TelephoneNum", "SEN1 (name)", "Easting", "Northing",
)  # fmt: skip


def write_schools(path: Path, rows: int, *, changed_every: int = 0) -> None:
    """Made-up schools around Bristol; each `changed_every`th has another oldest age."""
    with path.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out)
        table.writerow(HEADER)
        for n in range(rows):
            special = n % 15 == 0
            oldest = 16 if changed_every and n % changed_every == 0 else 11
            table.writerow([
                200_000 + n, "Avonmere", f"School number {n}",
                "Community special school" if special else "Community school", "Open",
                "Not applicable" if special else "Primary", 4, oldest, f"{n} School Lane", "Avonmere",
                f"BS{n % 16 + 1} {n % 10}AA", f"http://www.school{n}.example.org", f"01174{n:06}",
                "ASD - Autistic Spectrum Disorder" if special else "", 355_000 + n, 170_000 + n,
            ])  # fmt: skip


def write_services(path: Path, rows: int, *, changed_every: int = 0) -> None:
    """Made-up services in one table of our own, each with an organisation, a place, a contact and a cost."""
    from services.package.downloads import COLUMNS, SAMPLE

    with path.open("w", encoding="utf-8", newline="") as out:
        table = csv.DictWriter(out, COLUMNS, restval="")
        table.writeheader()
        for n in range(rows):
            row = SAMPLE[n % len(SAMPLE)] | {"id": f"made-{n}", "name": f"Service number {n}"}
            row["organisation.name"] = f"Organisation {n // 3}"
            row["location.postcode"] = f"BS{n % 16 + 1} {n % 10}AA"
            if changed_every and n % changed_every == 0:
                row["summary"] = "Another summary."
            table.writerow(row)


class Took(NamedTuple):
    """Seconds by the clock, and of this process alone: on a busy machine only the second compares."""

    clock: float
    process: float


def timed(work: Callable[[], Any]) -> tuple[Took, Any]:
    clock, process = time.perf_counter(), time.process_time()
    result = work()
    return Took(time.perf_counter() - clock, time.process_time() - process), result


def say(label: str, took: Took, services: int) -> None:
    rate = f"{services / took.process:7,.0f} services a second"
    sys.stdout.write(f"{label:<40} {took.clock:7.2f} s, {took.process:7.2f} s of a core, {rate}\n")


def compare(label: str, took: Took, plain: Took) -> None:
    sys.stdout.write(f"{label:<40} {took.process / plain.process:7.2f}\n")


def set_up(folder: str) -> None:
    """Django, on a database in `folder`."""
    os.environ["VAR_DIR"] = folder
    os.environ["DATABASE_URL"] = os.environ.get("BENCH_DATABASE_URL", f"sqlite:///{folder}/bench.sqlite3")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "localoffer.settings")
    import django

    django.setup()
    from django.conf import settings

    settings.DEBUG = False  # as a site runs: otherwise Django writes down every query


def prepare(folder: str) -> Any:
    """An empty directory with its vocabularies and one council."""
    set_up(folder)
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    call_command("setup", name="Avonmere Council", area="Avonmere", stdout=StringIO())
    call_command("load_vocabularies", stdout=StringIO())
    return the_authority()


def the_authority() -> Any:
    from localoffer.authority import find_authority

    return find_authority("Avonmere Council")


def plain_bulk_create(authority: Any) -> Took:
    """Seconds to write the same directory rows again with `bulk_create` and nothing else."""
    from django.db import transaction

    from services.models import (
        Contact,
        CostOption,
        Location,
        Organisation,
        Schedule,
        Service,
        ServiceLocation,
    )

    models = [
        Organisation, Location, Service, ServiceLocation, Contact, CostOption, Schedule,
        Service.categories.through, Service.needs.through,
    ]  # fmt: skip
    values = [list(model.objects.values()) for model in models]
    Service.objects.all().delete()
    Location.objects.all().delete()
    Organisation.objects.all().delete()

    @transaction.atomic
    def write() -> None:
        for model, rows in zip(models, values, strict=True):
            model.objects.bulk_create([model(**row) for row in rows], batch_size=500)

    return timed(write)[0]


def empty() -> None:
    from services.models import ImportBatch, ImportRecord, Location, Organisation, Service

    for model in (ImportRecord, ImportBatch, Service, Location, Organisation):
        model.objects.all().delete()


def bench(path: Path, changed: Path | None, authority: Any, name: str = "gias") -> None:
    from services.importers import FORMATS
    from services.importers.applying import apply_plan
    from services.importers.planning import Plan, make_plan
    from services.models import Service
    from services.signals import services_changed

    def run(file: Path) -> Plan:
        plan = make_plan(importer=FORMATS[name], path=file, authority=authority)
        apply_plan(plan=plan)
        return plan

    listeners, services_changed.receivers = services_changed.receivers, []
    services_changed.sender_receivers_cache.clear()
    alone, plan = timed(lambda: run(path))
    count = len(plan.added)
    say("first import, without search", alone, count)
    plain = plain_bulk_create(authority)
    say("plain bulk_create of the same rows", plain, count)
    sys.stdout.write(
        f"{'ratio of the import to plain bulk_create':<40} {alone.process / plain.process:7.2f}\n"
    )
    empty()
    services_changed.receivers = listeners
    services_changed.sender_receivers_cache.clear()
    took, _ = timed(lambda: run(path))
    say("first import, search index included", took, count)
    compare("ratio of that to plain bulk_create", took, plain)
    took, again = timed(lambda: run(path))
    say(f"repeat ({again.unchanged:,} unchanged)", took, count)
    if changed is not None:
        took, plan = timed(lambda: run(changed))
        say(f"one in ten changed ({len(plan.changed):,} changed)", took, count)
    sys.stdout.write(f"services held: {Service.objects.count():,}; ")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"largest memory of the process: {peak:,.0f} MB\n")


def memory() -> tuple[float, float]:
    """(the most this process ever had, what of it now is its own and no file's), in MB."""
    own = next(line for line in Path("/proc/self/status").read_text().splitlines() if "RssAnon" in line)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, int(own.split()[1]) / 1024


def weigh(name: str, rows: int, authority: Any, folder: Path) -> None:
    """The memory of an import of so many rows, step by step, in this process."""
    from services.importers import FORMATS
    from services.importers.applying import apply_plan
    from services.importers.planning import make_plan
    from services.importers.undoing import last_import, undo_import

    importer = FORMATS[name]
    write = write_schools if name == "gias" else write_services
    for path, every in ((folder / "first.csv", 0), (folder / "changed.csv", 10)):
        write(path, rows, changed_every=every)

    def told(step: str, work: Callable[[], Any]) -> None:
        took, _ = timed(work)
        most, own = memory()
        memory_of = f"at most {most:5,.0f} MB, now {own:5,.0f} MB of its own"
        sys.stdout.write(f"{rows:>8,}  {step:<16} {took.clock:7.1f} s  {memory_of}\n")
        sys.stdout.flush()

    def run(file: str) -> None:
        plan = make_plan(importer=importer, path=folder / file, authority=authority)
        apply_plan(plan=plan)

    told("nothing yet", lambda: None)
    told("dry run", lambda: make_plan(importer=importer, path=folder / "first.csv", authority=authority))
    told("first import", lambda: run("first.csv"))
    told("again", lambda: run("first.csv"))
    told("one in ten new", lambda: run("changed.csv"))
    last = last_import(authority=authority, source=importer.source)
    told("undone", lambda: undo_import(batch=last))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("file", nargs="?", type=Path)
    options.add_argument("--rows", type=int, default=6000)
    options.add_argument("--format", choices=["gias", "csv"], default="gias")
    options.add_argument("--memory", type=int, nargs="+", metavar="ROWS")
    options.add_argument("--weigh", type=int, help=argparse.SUPPRESS)
    options.add_argument("--folder", help=argparse.SUPPRESS)
    given = options.parse_args()
    for rows in given.memory or ():
        with tempfile.TemporaryDirectory() as folder:
            again = [sys.executable, "-m", "tests.benchmarks.bench_import", "--folder", folder]
            subprocess.run(again, check=True)  # to make the database
            subprocess.run([*again, "--format", given.format, "--weigh", str(rows)], check=True)
    if given.weigh:
        set_up(given.folder)
        weigh(given.format, given.weigh, the_authority(), Path(given.folder))
    elif given.folder:
        prepare(given.folder)
    if given.memory or given.folder:
        return
    with tempfile.TemporaryDirectory() as folder:
        authority = prepare(folder)
        path, changed = given.file, None
        if path is None:
            path, changed = Path(folder) / "services.csv", Path(folder) / "changed.csv"
            write = write_schools if given.format == "gias" else write_services
            write(path, given.rows)
            write(changed, given.rows, changed_every=10)
        bench(path, changed, authority, given.format)


if __name__ == "__main__":
    main()
