"""Write the search index afresh while search goes on answering."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from search import engines, index
from search.engines.base import PAGE, SERVICE


class Command(BaseCommand):
    help = "Rebuild the search index. Searches are answered throughout."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--if-needed", action="store_true", help="Do nothing where the index holds all there is."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        total = index.should_hold()
        if options["if_needed"] and total and total == index.how_many():
            engines.current().prepare()
            self.stdout.write(f"The search index holds {self.held()} already.")
            return
        index.rebuild(lambda found: tqdm(found, total=total, desc="Search index", unit=" texts", delay=0.5))
        self.stdout.write(f"The search index holds {self.held()}.")

    def held(self) -> str:
        return f"{index.how_many(SERVICE):,} services and {index.how_many(PAGE):,} texts of pages"
