"""Put a backup back, into an empty site or over what is there."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from localoffer.backup.archive import BadBackup, opened, verify
from localoffer.backup.restore import must_be_empty, must_fit, restore


class Command(BaseCommand):
    """Stop the site first where it is served. Everything is checked before anything is written."""

    help = "Check a backup and put back its database and uploads; then rebuild the search index."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--check", action="store_true", help="Only say whether the file is whole.")
        parser.add_argument(
            "--overwrite", action="store_true", help="Replace the database and set uploads aside."
        )
        parser.add_argument(
            "--other-key", action="store_true", help="Take a file that another SECRET_KEY signed."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with opened(options["file"]) as held:
                manifest = verify(held, other_key=options["other_key"])
                if options["check"]:
                    self.stdout.write(
                        f"The backup of {manifest.made_at} is whole: {sum(manifest.rows.values()):,} rows and"
                        f" {len(manifest.files):,} files of a {manifest.engine} site."
                    )
                    return
                must_fit(manifest)
                if not options["overwrite"]:
                    must_be_empty()
                done = restore(held, manifest)
        except (BadBackup, OSError) as error:
            why = error.strerror if isinstance(error, OSError) else str(error)
            raise CommandError(f"The backup was not restored. {why or type(error).__name__}") from error
        call_command("rebuild_index", stdout=self.stdout, stderr=self.stderr)
        self.stdout.write(
            f"Restored {done.rows:,} rows of {done.tables} tables and {done.files:,} files"
            f" of {manifest.made_at}."
        )
        if done.aside:
            self.stdout.write(f"The uploads that were there before are in {done.aside}. Delete it in time.")
        self.stdout.write("Set the settings that settings.env in the file names, and start the site.")
