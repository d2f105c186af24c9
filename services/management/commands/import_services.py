"""Import services from a file: say what would change, then change all of it or nothing."""

import csv
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError, OperationalError, transaction
from wagtail.models import Site

from localoffer.authority import AuthorityNotFound, find_authority
from services.importers import FORMATS
from services.importers.applying import analyse_after, apply_plan
from services.importers.base import BUSY, ChangedMeanwhile, Rejected, UnusableFile, Warned
from services.importers.oruk import OrukImporter, as_imported
from services.importers.oruk_feed import Politeness, gather, is_address
from services.importers.planning import Plan, field_words, make_plan
from services.importers.remembering import BadMeaning, meanings_of, remember
from services.management.progress import Bars

SHOWN = 50
MAX_MAP = 1024 * 1024


class Command(BaseCommand):
    """Safe to repeat: entries are known by the source's own ids, and local edits are kept."""

    help = "Import services from a file. Nothing is written when the file cannot be used."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="A file, or the address of an Open Referral feed.")
        parser.add_argument("--format", required=True, choices=sorted(FORMATS))
        parser.add_argument(
            "--authority", required=True, metavar="NAME", help="The council whose directory it is for."
        )
        parser.add_argument("--dry-run", action="store_true", help="Say what would change; write nothing.")
        parser.add_argument(
            "--map",
            type=Path,
            metavar="FILE.json",
            help='What unknown words mean: {"need": {"their word": "our key"}}. A blank key leaves it out.',
        )
        parser.add_argument(
            "--delay",
            type=float,
            default=1.0,
            metavar="SECONDS",
            help="Between one request to a feed and the next.",
        )
        parser.add_argument("--afresh", action="store_true", help="Fetch a feed anew, from its first page.")
        parser.add_argument("--rejects", type=Path, metavar="PATH", help="Write every rejected row to a CSV.")

    def handle(self, *args: Any, **options: Any) -> None:
        importer = FORMATS[options["format"]]
        bars = Bars()
        try:
            authority = find_authority(options["authority"])
            chosen = read_meanings(options["map"])
            meanings = meanings_of(authority=authority, importer=importer, and_now=chosen)
            path = self.file(authority, options, bars)
            plan = make_plan(
                importer=importer,
                path=path,
                authority=authority,
                progress=bars,
                meanings=meanings,
            )
            if not options["dry_run"]:
                with transaction.atomic():
                    if chosen:
                        remember(authority=authority, importer=importer, chosen=chosen)
                    apply_plan(plan=plan, progress=bars)
        except (AuthorityNotFound, UnusableFile, BadMeaning) as error:
            raise CommandError(f"{error} Nothing was written.") from error
        except (IntegrityError, ChangedMeanwhile) as error:
            raise CommandError(
                "Somebody else changed the same entries meanwhile. Nothing was written. Run it again."
            ) from error
        except OperationalError as error:
            raise CommandError(f"{BUSY} Run it again in a minute. ({error})") from error
        finally:
            bars.close()
        if not options["dry_run"]:
            analyse_after(plan)
        self.report(plan, dry_run=options["dry_run"])
        if options["rejects"]:
            self.write_rejects(plan, options["rejects"])

    def file(self, authority: Site, options: dict[str, Any], bars: Bars) -> Path:
        """The file to read: the one that was named, or what a feed sent."""
        if not is_address(options["file"]):
            return Path(options["file"])
        if options["format"] != OrukImporter.source:
            raise UnusableFile("Only a feed of Open Referral (--format oruk) is fetched from the web.")
        return gather(
            options["file"],
            politeness=Politeness(delay=max(0.0, options["delay"])),
            progress=bars,
            known=as_imported(authority),
            afresh=options["afresh"],
        )

    def report(self, plan: Plan, *, dry_run: bool) -> None:
        """The counts, then what a person must look at."""
        heading = "Dry run: nothing was written." if dry_run else "Done."
        self.stdout.write(self.style.MIGRATE_HEADING(f"{heading} {plan.file_name}"))
        for name, count in plan.counts.items():
            self.stdout.write(f"  {name:<10} {count:>7,}")
        for title, rows in (("Changed", plan.changed), ("Kept as edited here", plan.conflicts)):
            lines = [
                f"line {row.line}, {row.external_id} {row.name}: {field}: "
                f"{field_words(here)} → {field_words(there)}"
                for row in rows
                for field, (here, there) in row.fields.items()
            ]
            self.list(title, lines)
        unknown = [
            f"{word.subject}: “{word.word}”, first on line {word.line}, in all {word.count:,}"
            for word in plan.unrecognised.values()
        ]
        self.list("Words nobody explained yet (--map)", unknown)
        for title, rows in (("Rejected", plan.rejected), ("Please look at", plan.warnings)):
            self.list(title, [about_cell(row) for row in rows])
        self.list("Skipped", [f"line {r.line}, {r.external_id} {r.name}: {r.reason}" for r in plan.skipped])
        self.list("Here, not in the file", [f"{r.external_id} {r.name}: {r.reason}" for r in plan.vanished])

    def list(self, title: str, lines: list[str]) -> None:
        if not lines:
            return
        self.stdout.write(self.style.WARNING(f"{title}:"))
        for line in lines[:SHOWN]:
            self.stdout.write(f"  {line}")
        if len(lines) > SHOWN:
            self.stdout.write(f"  … and {len(lines) - SHOWN:,} more")

    def write_rejects(self, plan: Plan, path: Path) -> None:
        """Every rejected row as CSV; a cell that a spreadsheet would run gets a quote in front."""
        try:
            with path.open("w", encoding="utf-8-sig", newline="") as out:
                rows = csv.writer(out)
                rows.writerow(["line", "id", "name", "field", "reason"])
                rows.writerows(
                    [row.line, *map(_harmless, (row.external_id, row.name, row.field, row.reason))]
                    for row in plan.rejected
                )
        except OSError as error:
            raise CommandError(f"The rejected rows could not be written: {error.strerror}.") from error
        self.stdout.write(f"{len(plan.rejected):,} rejected rows are in {path}.")


def read_meanings(path: Path | None) -> dict[str, dict[str, str]]:
    """The file of --map; BadMeaning when it is none."""
    if path is None:
        return {}
    try:
        if path.stat().st_size > MAX_MAP:
            raise BadMeaning(f"{path.name} is too large to be a map of words.")
        found = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        if isinstance(error, BadMeaning):
            raise
        raise BadMeaning(f"{path.name} cannot be read as JSON.") from error
    return found


def about_cell(row: Rejected | Warned) -> str:
    """Where and what in one line; line 0 is the file as a whole."""
    where = [f"line {row.line}"] if row.line else []
    return f"{', '.join(filter(None, [*where, row.field, row.name]))}: {row.reason}"


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
