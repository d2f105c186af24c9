"""Delete files that somebody chose to import and nobody applied within a day."""

from typing import Any

from django.core.management.base import BaseCommand

from services.importers.staging import purge


class Command(BaseCommand):
    help = "Delete files that were uploaded for an import a day ago or earlier. Run it daily."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{purge():,} uploads were deleted.")
