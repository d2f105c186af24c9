"""Bring the gaps register up to date from searches, comments and the directory."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from feedback import gaps
from localoffer.authority import AuthorityNotFound, find_authority
from localoffer.scheduled import ScheduledCommand


class Command(ScheduledCommand):
    """Run it weekly. What staff decided and wrote stays."""

    help = "Find gaps: searches that found nothing, comments, needs and ages without a service."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--authority", help="The council's name. Default: the default site.")
        parser.add_argument(
            "--least",
            type=int,
            default=gaps.LEAST_SEARCHES,
            help="Searches that make a gap, in a year. Fewer may be one family's words.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["least"] < 1:
            raise CommandError("--least must be 1 or more.")
        try:
            authority = find_authority(options["authority"])
        except AuthorityNotFound as error:
            raise CommandError(str(error)) from error
        found = gaps.look(authority=authority, least_searches=options["least"])
        self.stdout.write(
            f"Gaps: {found.new} new, {found.seen_again} known before, {found.gone} no longer found."
        )
