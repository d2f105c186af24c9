"""Forget searches that stayed rare, and counts that are too old. Run it daily."""

from typing import Any

from localoffer.scheduled import ScheduledCommand
from search import log


class Command(ScheduledCommand):
    help = "Delete digests of rare searches after 28 days and counts of searches after two years."

    def handle(self, *args: Any, **options: Any) -> None:
        rare, old = log.purge()
        self.stdout.write(f"Search log: {rare} rare searches forgotten, {old} old counts deleted.")
