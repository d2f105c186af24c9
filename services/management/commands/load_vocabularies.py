"""Load the shipped vocabularies: needs, categories and the small lists."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from services.vocabulary import VocabularyError, load


class Command(BaseCommand):
    """Safe to repeat: words that staff changed stay as they are."""

    help = "Load needs, categories and other vocabularies from services/data. Safe to repeat."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            counts = load()
        except VocabularyError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"Vocabularies: {counts.created} added, {counts.updated} updated, {counts.unchanged} unchanged."
        )
