"""Do the imports that officers asked for in the admin and that take longer than a page may."""

from typing import Any

from django.core.management.base import CommandError
from django.db import OperationalError

from localoffer.scheduled import ScheduledCommand
from services.importers.base import BUSY
from services.importers.jobs import run_waiting, unfinished


class Command(ScheduledCommand):
    help = "Do the long imports that wait. The admin starts it; every 10 minutes it goes on where it stopped."

    def execute(self, *args: Any, **options: Any) -> Any:
        """Once more where somebody asked just as the last run ended, and found it at work still."""
        before = -1
        while (waiting := len(unfinished())) and waiting != before:
            before = waiting
            super().execute(*args, **options)
        if before < 0:
            super().execute(*args, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            ended = run_waiting()
        except OperationalError as error:
            raise CommandError(f"{BUSY} What waits is tried again by the next run. ({error})") from error
        self.stdout.write(f"{ended:,} imports came to an end.")
