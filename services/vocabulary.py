"""The vocabularies: labels remembered for pages and forms, and the CSV files that ship them.

Code asks for labels by `kind`: a `TermKind`, `need` or `category`.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from localoffer import versions
from services.enums import TermKind

LARGE = ("need", "category")
KINDS = (*TermKind.values, *LARGE)
DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class VocabularyFile:
    """One CSV: the model its rows are of, its columns, what makes a row one, what follows the file."""

    name: str
    model: str
    columns: tuple[str, ...]
    identity: tuple[str, ...] = ("key",)
    follows: tuple[str, ...] = ("order",)

    @property
    def path(self) -> Path:
        return DATA / self.name


FILES = (
    VocabularyFile(
        "needs.csv",
        "Need",
        ("key", "dfe_label", "label", "hint", "area", "order"),
        follows=("order", "area", "dfe_label"),
    ),
    VocabularyFile(
        "categories.csv",
        "Category",
        ("key", "section", "label", "hint", "order"),
        follows=("order", "section"),
    ),
    VocabularyFile(
        "terms.csv",
        "VocabularyTerm",
        ("kind", "key", "label", "hint", "order"),
        identity=("kind", "key"),
    ),
)


class VocabularyError(ValueError):
    """A shipped file that cannot be loaded; the message names the file and line."""


@dataclass(slots=True)
class Loaded:
    """Counts of one load."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


def labels(kind: str, *, retired: bool = False) -> dict[str, str]:
    """Key to label of every term in use, in order; `retired` adds those no longer offered."""
    key = f"vocabulary:{kind if kind in LARGE else 'small'}:{'all' if retired else 'used'}"
    found = versions.remember(key, lambda: _read(kind, retired), of=[versions.WORDS])
    return found.get(kind, {})


def _read(kind: str, retired: bool) -> dict[str, dict[str, str]]:
    """One vocabulary; the small ones are read together, for a page names five or six of them."""
    from services.models import Category, Need, VocabularyTerm

    used = {} if retired else {"retired": False}
    if kind in LARGE:
        model = Need if kind == "need" else Category
        return {kind: dict(model.objects.filter(**used).values_list("key", "label"))}
    found: dict[str, dict[str, str]] = {small: {} for small in TermKind.values}
    for small, key, label in VocabularyTerm.objects.filter(**used).values_list("kind", "key", "label"):
        found.setdefault(small, {})[key] = label
    return found


def read_file(file: VocabularyFile) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, row) of each row of a shipped file; VocabularyError for a row that is not whole."""
    try:
        with file.path.open(encoding="utf-8", newline="") as lines:
            rows = csv.reader(lines, strict=True)
            if tuple(next(rows, ())) != file.columns:
                raise VocabularyError(f"{file.name}: the columns must be {', '.join(file.columns)}.")
            for values in rows:
                if len(values) != len(file.columns):
                    raise VocabularyError(f"{file.name}, line {rows.line_num}: wrong number of columns.")
                yield rows.line_num, dict(zip(file.columns, values, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise VocabularyError(f"{file.name} cannot be read: {error}") from error


def read_terms(file: VocabularyFile) -> dict[tuple[str, ...], Any]:
    """Identity to unsaved term, each checked by its model; VocabularyError for a bad or repeated row."""
    from django.apps import apps

    model = apps.get_model("services", file.model)
    terms: dict[tuple[str, ...], Any] = {}
    for line, row in read_file(file):
        term = model(**row)
        try:
            term.clean_fields()
        except ValidationError as error:
            reasons = "; ".join(f"{name}: {' '.join(texts)}" for name, texts in error.message_dict.items())
            raise VocabularyError(f"{file.name}, line {line}: {reasons}") from error
        identity = tuple(row[name] for name in file.identity)
        if identity in terms:
            raise VocabularyError(f"{file.name}, line {line}: {' '.join(identity)} is there twice.")
        terms[identity] = term
    return terms


@transaction.atomic
def load() -> Loaded:
    """Put the shipped vocabularies into the database; safe to repeat.

    The words families see (`label`, `hint`) are set when a term is made and never again, so
    that what staff wrote stays. What the product decides (order, section, area, the DfE's own
    label) follows the file. A term that left the file stays, and a retired one stays retired.
    """
    counts = Loaded()
    for file in FILES:
        _load_file(file, counts)
    return counts


def _load_file(file: VocabularyFile, counts: Loaded) -> None:
    terms = read_terms(file)
    if not terms:
        raise VocabularyError(f"{file.name} has no rows.")
    model = type(next(iter(terms.values())))
    held = {tuple(getattr(row, name) for name in file.identity): row for row in model.objects.all()}
    new, changed = [], []
    for identity, term in terms.items():
        row = held.get(identity)
        if row is None:
            new.append(term)
        elif any(getattr(row, name) != getattr(term, name) for name in file.follows):
            for name in file.follows:
                setattr(row, name, getattr(term, name))
            changed.append(row)
        else:
            counts.unchanged += 1
    model.objects.bulk_create(new)
    model.objects.bulk_update(changed, file.follows)
    counts.created += len(new)
    counts.updated += len(changed)
