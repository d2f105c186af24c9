"""Put back what was there before the last import of a format."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, OperationalError

from localoffer.authority import AuthorityNotFound, find_authority
from services.importers import FORMATS
from services.importers.base import BUSY, ChangedMeanwhile
from services.importers.undoing import CannotUndo, last_import, undo_import
from services.management.progress import Bars

SHOWN = 50


class Command(BaseCommand):
    """What somebody edited here since stays, and is listed."""

    help = "Undo the last import of a format. What was edited here since is left alone and listed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--format", required=True, choices=sorted(FORMATS))
        parser.add_argument("--authority", required=True, metavar="NAME")

    def handle(self, *args: Any, **options: Any) -> None:
        bars = Bars()
        try:
            authority = find_authority(options["authority"])
            batch = last_import(authority=authority, source=FORMATS[options["format"]].source)
            if batch is None:
                raise CommandError("There is no import to undo. Nothing was written.")
            undone = undo_import(batch=batch, progress=bars)
        except (AuthorityNotFound, CannotUndo) as error:
            raise CommandError(f"{error} Nothing was written.") from error
        except (IntegrityError, ChangedMeanwhile) as error:
            raise CommandError(
                "Somebody else changed the same entries meanwhile. Nothing was written. Run it again."
            ) from error
        except OperationalError as error:
            raise CommandError(f"{BUSY} Run it again in a minute. ({error})") from error
        finally:
            bars.close()
        self.stdout.write(f"Undone: {batch}")
        self.stdout.write(f"  removed    {undone.removed:>7,}")
        self.stdout.write(f"  restored   {undone.restored:>7,}")
        self.stdout.write(f"  left alone {undone.left:>7,}")
        for kept in undone.kept[:SHOWN]:
            self.stdout.write(f"  {', '.join(filter(None, [kept.name, kept.field]))}: {kept.reason}")
        if undone.left > SHOWN:
            self.stdout.write(f"  … and {undone.left - SHOWN:,} more")
