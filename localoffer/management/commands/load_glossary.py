"""Load the words of an authority's glossary from a file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from localoffer.authority import AuthorityNotFound, find_authority
from localoffer.glossary_file import GlossaryFileError, load

DEFAULT = settings.BASE_DIR / "demo" / "glossary.json"


class Command(BaseCommand):
    """Safe to repeat: words that are there already stay as staff have written them."""

    help = (
        "Load glossary words from a JSON file. A word that was deleted comes back; others stay as they are."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=DEFAULT)
        parser.add_argument("--authority", help="The council's name. Default: the default site.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            loaded = load(find_authority(options["authority"]), options["file"])
        except (AuthorityNotFound, GlossaryFileError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Glossary: {loaded.added} words added, {loaded.present} there already.")
