"""Load the people and bodies whom regulation 54 has consulted."""

from typing import Any

from django.core.management.base import BaseCommand

from feedback.consultation import load_consultees


class Command(BaseCommand):
    """Safe to repeat: labels that staff changed are kept."""

    help = "Load the consultees of regulation 54."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{load_consultees()} consultees were new.")
