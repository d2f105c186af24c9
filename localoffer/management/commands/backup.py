"""Back up the database, every upload and the settings needed to restart, while the site is served."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.utils import timezone
from tqdm import tqdm

from localoffer.backup.archive import BadBackup
from localoffer.backup.make import NAME, drop_old, make
from localoffer.scheduled import ScheduledCommand


class Command(ScheduledCommand):
    """Run it daily. The file holds personal data: keep it as you keep the database."""

    help = "Write a backup that `restore` can put back: database, uploads, names of settings."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "target",
            nargs="?",
            type=Path,
            help="A new .zip file, or a folder. Default: BACKUP_DIR.",
        )
        parser.add_argument("--keep", type=int, metavar="N", help="Delete all but the N newest.")
        parser.add_argument(
            "--with-secrets", action="store_true", help="Write SECRET_KEY and passwords into it, in clear."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        given: Path = options["target"] or settings.BACKUP_DIR
        is_file = given.suffix == ".zip"
        if options["keep"] is not None and (options["keep"] < 1 or is_file):
            raise CommandError("--keep is 1 or more, and goes with a folder.")
        target = given if is_file else given / NAME.format(timezone.localtime())
        if target.exists():
            raise CommandError(f"{target} is there already. Nothing was written.")
        try:
            made = make(
                target=target,
                secrets=options["with_secrets"],
                watch=lambda files: tqdm(files, desc="Uploads", unit=" files", delay=0.5),
            )
            gone = drop_old(given, keep=options["keep"]) if options["keep"] else 0
        except (OSError, BadBackup) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            raise CommandError(f"No backup was made: {why or type(error).__name__}.") from error
        size = made.path.stat().st_size / 1_000_000
        self.stdout.write(
            f"{made.path}: {made.rows:,} rows of {made.tables} tables, {made.files:,} files, {size:.1f} MB."
        )
        if made.vanished:
            self.stdout.write(f"{made.vanished} files were deleted by staff meanwhile.")
        if gone:
            self.stdout.write(f"{gone} older backups deleted.")
