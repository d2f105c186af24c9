"""Delete what imports no longer need: files nobody applied, fetched feeds, what was sent of old entries."""

from typing import Any

from localoffer.scheduled import ScheduledCommand
from services.importers.forgetting import forget_feeds, forget_sent
from services.importers.jobs import forget_jobs
from services.importers.staging import purge


class Command(ScheduledCommand):
    help = "Delete uploads and fetched feeds after a day, and what sources sent of entries long gone. Daily."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{purge():,} uploads were deleted.")
        self.stdout.write(f"{forget_jobs():,} finished jobs were forgotten.")
        self.stdout.write(f"{forget_feeds():,} files of feeds were deleted.")
        self.stdout.write(f"What sources sent was forgotten for {forget_sent():,} entries.")
