"""Load the open statistics that scorecards compare with."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from localoffer.statistics import LoadPlan, apply_plans, make_plans
from localoffer.statistics_files import UnreadableStatistics

SHOWN = 5


class Command(BaseCommand):
    """Each file is found out by its headings. All files are loaded, or none. Safe to repeat."""

    help = "Load the open statistics on plans, requests, reviews and appeals for scorecards."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", metavar="FILE", help="CSV files, or folders of them.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would change; write nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        paths = [file for name in options["files"] for file in self._files(Path(name))]
        try:
            plans = make_plans(tqdm(paths, desc="Reading", unit="file", disable=None))
        except UnreadableStatistics as error:
            raise CommandError(f"Nothing was loaded.\n{error}") from error
        for plan in plans:
            self._tell(plan)
        if options["dry_run"]:
            self.stdout.write("Nothing was written: this was a dry run.")
        else:
            apply_plans(plans=plans)

    def _files(self, path: Path) -> list[Path]:
        if path.is_dir():
            return sorted(path.glob("*.csv"))
        if not path.is_file():
            raise CommandError(f"There is no file {path}.")
        return [path]

    def _tell(self, plan: LoadPlan) -> None:
        counts = f"{len(plan.added)} added, {len(plan.changed)} changed, {plan.unchanged} unchanged"
        self.stdout.write(f"{plan.path.name}: {plan.file.title}: {counts}.")
        if plan.gone:
            first = ", ".join(f"{s.indicator} {s.area} {s.period}" for s in plan.gone[:SHOWN])
            self.stdout.write(f"  {len(plan.gone)} that we hold are not in it, and stay: {first} …")
