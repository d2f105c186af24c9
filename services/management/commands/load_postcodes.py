"""Load where every whole postcode is, from the optional package."""

from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from services.management.progress import Bars
from services.postcode_package import PACKAGE, Area, PackageError, files_in, find_folder, read_areas
from services.postcode_table import store


class Command(BaseCommand):
    """Safe to repeat: the table is replaced by what the package holds, or left as it is."""

    help = f"Load every postcode of Great Britain from the package {PACKAGE}. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--folder",
            type=Path,
            metavar="PATH",
            help="Where the package's files are, if it is not installed.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        bars = Bars()
        try:
            files = files_in(options["folder"] or find_folder())
            codes, total = store(self._areas(files, bars))
        except PackageError as error:
            raise CommandError(str(error)) from error
        finally:
            bars.close()
        self.stdout.write(f"Postcodes: {total:,} in {codes:,} areas.")

    def _areas(self, files: list[Path], bars: Bars) -> Iterator[Area]:
        """One file at a time, so that little is held in memory."""
        for number, path in enumerate(files, start=1):
            yield from read_areas(path)
            bars("Postcode files", number, len(files))
