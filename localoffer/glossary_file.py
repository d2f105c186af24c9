"""Words from a file into an authority's glossary, without touching what staff have written."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from wagtail.models import Site

from localoffer.models import GlossaryTerm
from localoffer.sanitising import plain_text


class GlossaryFileError(ValueError):
    """The file is not a glossary; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many words were added, and how many were there already."""

    added: int
    present: int


def load(site: Site, file: Path) -> Loaded:
    """Add the words that are not there yet, all or none. Raises GlossaryFileError."""
    terms = read(site, file)
    with transaction.atomic():
        held = {term.casefold() for term in GlossaryTerm.objects.of(site).values_list("term", flat=True)}
        new = [term for term in terms if term.term.casefold() not in held]
        for term in new:
            term.save()
    return Loaded(len(new), len(terms) - len(new))


def read(site: Site, file: Path) -> list[GlossaryTerm]:
    """Unsaved terms, each checked: a JSON list of `term`, `expansion`, `plain_meaning`, `also`."""
    try:
        rows = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise GlossaryFileError(f"{file} cannot be read: {error}") from error
    if not isinstance(rows, list):
        raise GlossaryFileError(f"{file} must be a list of words.")
    terms: dict[str, GlossaryTerm] = {}
    for number, row in enumerate(rows, start=1):
        term = _term(site, row, f"{file}, word {number}")
        if term.term.casefold() in terms:
            raise GlossaryFileError(f"{file}, word {number}: “{term.term}” is there twice.")
        terms[term.term.casefold()] = term
    return list(terms.values())


def _term(site: Site, row: Any, where: str) -> GlossaryTerm:
    if not isinstance(row, dict) or not isinstance(row.get("also") or [], list):
        raise GlossaryFileError(f"{where}: expected term, expansion, plain_meaning and a list of also.")
    also = [plain_text(str(word)) for word in row.get("also") or []]
    term = GlossaryTerm(
        authority=site,
        term=plain_text(str(row.get("term") or "")),
        expansion=plain_text(str(row.get("expansion") or "")),
        plain_meaning=plain_text(str(row.get("plain_meaning") or "")),
        also="\n".join(also),
        explain_inline=row.get("explain_inline") is True,
    )
    try:
        term.full_clean(validate_unique=False, validate_constraints=False)
    except ValidationError as error:
        raise GlossaryFileError(f"{where}: {' '.join(error.messages)}") from error
    return term
