"""Write one council's directory as our own CSV package or workbook."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from localoffer.authority import AuthorityNotFound, find_authority
from services.package.export import Audience, Export


class Command(BaseCommand):
    """Import of the file changes nothing; so does import of a public one."""

    help = "Write the directory as a CSV package (.zip) or workbook (.xlsx) that import_services reads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--authority", required=True, metavar="NAME")
        parser.add_argument("--public", action="store_true", help="Only what families may see.")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        if path.suffix.lower() not in (".zip", ".xlsx"):
            raise CommandError("The file's name must end in .zip or .xlsx.")
        try:
            authority = find_authority(options["authority"])
            export = Export(authority, Audience.PUBLIC if options["public"] else Audience.STAFF)
            with path.open("wb") as out:
                export.write_workbook(out) if path.suffix.lower() == ".xlsx" else export.write_zip(out)
        except AuthorityNotFound as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"The file could not be written: {error.strerror}.") from error
        self.stdout.write(f"Wrote {path}.")
