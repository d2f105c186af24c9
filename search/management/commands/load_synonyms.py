"""Load groups of synonyms from a file, without touching what staff have written."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.text import slugify

from search.models import SynonymGroup

DEFAULT = settings.BASE_DIR / "demo" / "synonyms.json"


class Command(BaseCommand):
    help = "Load synonyms: a JSON list of lists of words. Groups that are there already stay as they are."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, default=DEFAULT)

    def handle(self, *args: Any, file: Path, **options: Any) -> None:
        groups = read(file)
        held = set(SynonymGroup.objects.values_list("key", flat=True))
        with transaction.atomic():
            added = [group for group in groups if group.key not in held]
            for group in added:
                group.save()
        self.stdout.write(f"Synonyms: {len(added)} groups added, {len(groups) - len(added)} there already.")


def read(file: Path) -> list[SynonymGroup]:
    """Unsaved groups, each checked; CommandError with the place for a file that is not right."""
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise CommandError(f"{file} cannot be read: {error}") from error
    if not isinstance(rows, list) or not all(_is_words(row) for row in rows):
        raise CommandError(f"{file} must be a list of lists of words.")
    groups: dict[str, SynonymGroup] = {}
    for number, row in enumerate(rows, start=1):
        key = slugify(row[0])[:60] if row else ""
        group = SynonymGroup(key=key, terms="\n".join(row))
        try:
            group.full_clean(validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            raise CommandError(f"{file}, group {number}: {' '.join(error.messages)}") from error
        if key in groups:
            raise CommandError(f"{file}, group {number}: “{row[0]}” begins two groups.")
        groups[key] = group
    return list(groups.values())


def _is_words(row: object) -> bool:
    return isinstance(row, list) and all(isinstance(word, str) for word in row)
