"""Load the sets of questions that self-evaluations use."""

from typing import Any

from django.core.management.base import BaseCommand

from localoffer.evaluation import load_sets


class Command(BaseCommand):
    """Safe to repeat: what a council has added or re-worded is kept."""

    help = "Load the sets of questions that a self-evaluation can use. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{load_sets()} sets of questions added.")
