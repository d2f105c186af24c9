"""Look whether the web addresses of services and pages still work."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from localoffer.scheduled import ScheduledCommand
from services import links
from services.models import WebLink


class Command(ScheduledCommand):
    """Run it at night. What was asked within a week is not asked again."""

    help = "Ask the web addresses of services and pages whether they work. Polite, and never a private one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--limit", type=int, default=links.MOST_LINKS, help="Most addresses (default 500)."
        )
        parser.add_argument(
            "--minutes", type=float, default=links.MOST_MINUTES, help="Longest run (default 30)."
        )
        parser.add_argument(
            "--pause", type=float, default=links.PAUSE, help="Seconds between questions to one server."
        )
        parser.add_argument("--dry-run", action="store_true", help="List what is due, and ask nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["limit"] < 1 or options["minutes"] <= 0 or options["pause"] < 0:
            raise CommandError("--limit and --minutes are more than 0, and --pause is 0 or more.")
        self.ask(options)

    def ask(self, options: dict[str, Any]) -> None:
        if options["dry_run"]:
            count = len({url for url, _ in links.uses()})
            self.stdout.write(f"{count} addresses are in use. Nothing was asked.")
            return
        count = links.gather()
        done = links.check_links(
            limit=options["limit"], minutes=options["minutes"], pause=options["pause"], told=self.say
        )
        self.stdout.write(
            f"{count} addresses in use, {done.asked} asked: {done.good} work, {done.broken} broken, "
            f"{done.shaky} did not answer this time, {done.blocked} cannot be checked, {done.left} left."
        )

    def say(self, link: WebLink) -> None:
        if link.problem:
            self.stdout.write(f"  {link.url}: {link.problem}")
