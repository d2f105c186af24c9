"""Load the demonstration council's services."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from localoffer.authority import AuthorityNotFound, find_authority
from services.demo_currency import load_demo_currency
from services.demo_services import load_demo_services, load_school_terms
from services.importers.base import UnusableFile
from services.management.progress import Bars


class Command(BaseCommand):
    """Safe to repeat: what staff changed stays."""

    help = "Load the demonstration council's services. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--authority", metavar="NAME", help="Default: the default site.")
        parser.add_argument("--file", type=Path, help="Default: those of the first council.")

    def handle(self, *args: Any, **options: Any) -> None:
        bars = Bars()
        try:
            authority = find_authority(options["authority"])
            load_school_terms(authority=authority)
            plan = load_demo_services(authority=authority, path=options["file"], progress=bars)
            if options["file"] is None:
                load_demo_currency(authority=authority)
        except (AuthorityNotFound, UnusableFile) as error:
            raise CommandError(str(error)) from error
        finally:
            bars.close()
        counts = plan.counts
        self.stdout.write(
            f"Services: {counts['added']} added, {counts['changed']} changed, "
            f"{counts['unchanged']} unchanged, {counts['conflicts']} kept as edited here."
        )
