"""Load the demonstration's guided finder, best bets and counts of searches."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from localoffer.authority import AuthorityNotFound, find_authority
from search import demo


class Command(BaseCommand):
    help = "Load the demonstration's guided finder, best bets and searches. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--authority", help="Whose they are. Default: the default site.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            site = find_authority(options["authority"])
        except AuthorityNotFound as error:
            raise CommandError(str(error)) from error
        made = demo.load(site, settings.BASE_DIR / "demo")
        told = [f"{count} {what}" for what, count in made.items() if count]
        self.stdout.write(f"  {', '.join(told)}" if told else "  already there")
