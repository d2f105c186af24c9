"""Delete who asked for a page in another format, when it has been kept long enough."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from localoffer.format_requests import KEPT_AT_MOST_DAYS, KEPT_DAYS, purge
from localoffer.scheduled import ScheduledCommand


class Command(ScheduledCommand):
    """Run it daily. What was asked stays, so that it can be counted; names and addresses go."""

    help = "Delete the contact details of format requests that were dealt with N days ago."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, default=KEPT_DAYS, help="After it was sent or closed.")
        parser.add_argument(
            "--at-most",
            type=int,
            default=KEPT_AT_MOST_DAYS,
            help="After it was asked, whatever became of it.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            purged = purge(days=options["days"], at_most=options["at_most"])
        except ValueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Format requests: contact details of {purged.contacts} deleted.")
        if purged.unanswered:
            self.stderr.write(f"{purged.unanswered} of them had never been sent or closed.")
