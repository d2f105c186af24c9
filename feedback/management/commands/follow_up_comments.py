"""Ask families whether what was done has helped, some weeks later. Run it daily."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from feedback.follow_up import due, follow_up
from localoffer.authority import AuthorityNotFound, find_authority
from localoffer.scheduled import ScheduledCommand


class Command(ScheduledCommand):
    """Safe to repeat: each action is followed up once."""

    help = "Write to families whose action was done some weeks ago, and ask whether it helped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--authority", help="The council's name. Default: the default site.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would be asked; ask nobody.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            authority = find_authority(options["authority"])
        except AuthorityNotFound as error:
            raise CommandError(str(error)) from error
        actions = due(authority)
        for action in actions:
            if options["dry_run"]:
                self.stdout.write(f"Would follow up: {action.title}")
            else:
                asked = follow_up(action=action).asked
                self.stdout.write(f"{action.title}: {asked} asked")
        self.stdout.write(f"{len(actions)} action{'' if len(actions) == 1 else 's'} to follow up.")
