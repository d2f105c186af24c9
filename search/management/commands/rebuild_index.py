"""Write the search index afresh while search goes on answering."""

from typing import Any

from django.core.management.base import BaseCommand
from tqdm import tqdm

from search import documents, index


class Command(BaseCommand):
    help = "Rebuild the search index. Searches are answered throughout."

    def handle(self, *args: Any, **options: Any) -> None:
        total = documents.how_many()
        written = index.rebuild(
            lambda found: tqdm(found, total=total, desc="Search index", unit=" services", delay=0.5)
        )
        self.stdout.write(f"The search index holds {written:,} services.")
