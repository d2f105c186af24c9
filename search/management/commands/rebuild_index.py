"""Write the search index afresh while search goes on answering."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from search import documents, index


class Command(BaseCommand):
    help = "Rebuild the search index. Searches are answered throughout."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-needed", action="store_true", help="Do nothing where the index holds every live service."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        total = documents.how_many()
        if options["if_needed"] and total and total == index.how_many():
            self.stdout.write(f"The search index holds {total:,} services already.")
            return
        written = index.rebuild(
            lambda found: tqdm(found, total=total, desc="Search index", unit=" services", delay=0.5)
        )
        self.stdout.write(f"The search index holds {written:,} services.")
