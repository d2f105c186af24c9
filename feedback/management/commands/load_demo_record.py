"""Load the demonstration's consultation, gaps, usefulness and yearly report."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from feedback import demo_record, founding
from localoffer.authority import AuthorityNotFound, find_authority


class Command(BaseCommand):
    """Safe to repeat: what is there is left alone. Load the comments first: the report counts them."""

    help = "Load demo/feedback.json: rounds of consultation, gaps, usefulness and last year's report."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--authority", help="The council's name. Default: the default site.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            authority = find_authority(options["authority"])
        except AuthorityNotFound as error:
            raise CommandError(str(error)) from error
        path = settings.BASE_DIR / "demo" / "feedback.json"
        if not path.exists():
            raise CommandError(f"There is no {path.name} in {path.parent.name}/.")
        founding.found(authority)
        made = demo_record.load(authority, path)
        self.stdout.write(f"  {', '.join(made)}" if made else "  already there")
