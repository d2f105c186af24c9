"""Values of a dry run in words: what a key is called, and a cost, a time or a contact as families read it."""

from typing import Any

from django.db import models

from services.changes import words
from services.fields import KeysField
from services.importers.facts import KINDS, ROWS
from services.importers.planning import field_words
from services.vocabulary import labels

LONGEST = 300
_BESIDE = ("valid_from", "valid_to", "closed", "extra", "location")
_VOCABULARIES = {"needs": "need", "categories": "category"}


def shown(field: str, value: Any) -> str:
    """A value of a field that `planning` named ("access routes", "place access") in a short line."""
    name = field.replace(" ", "_")
    model = KINDS["service"].model
    for kind in KINDS.values():
        prefix = f"{kind.key.label.lower()}_"
        if name.startswith(prefix):
            name, model = name.removeprefix(prefix), kind.model
    if name in ROWS and isinstance(value, list) and all(isinstance(row, dict) for row in value):
        return field_words("; ".join(_row(name, row) for row in value), LONGEST)
    return field_words(_named(model, name, value), LONGEST)


def _row(name: str, row: dict[str, Any]) -> str:
    """A row in words, then what those leave out: its place, and the days that differ."""
    rest = [
        f"{ROWS[name][0]._meta.get_field(column).verbose_name} {field_words(row[column])}"
        for column in _BESIDE
        if row.get(column)
    ]
    return ", ".join([*words(name, [_whole(name, row)]), *rest])


def _whole(name: str, row: dict[str, Any]) -> dict[str, Any]:
    """A row with what it leaves out, empty."""
    empty: dict[str, Any] = dict.fromkeys(ROWS[name][1])
    blank = {"role": "", "phone": "", "email": "", "note": "", "days": [], "when": "", "kind": ""}
    given = {column: held for column, held in row.items() if held is not None}
    return empty | {column: held for column, held in blank.items() if column in empty} | given


def _named(model: type[models.Model], name: str, value: Any) -> Any:
    """A key, or a list of them, by its label; anything else as it is."""
    held = {field.name: field for field in model._meta.concrete_fields}.get(name)
    kind = held.kind if isinstance(held, KeysField) else _VOCABULARIES.get(name, "")
    if kind and isinstance(value, list):
        terms = labels(kind, retired=True)
        return [terms.get(key, key) for key in value]
    choices = dict(held.flatchoices) if held is not None and held.choices else {}
    return choices.get(value, value) if isinstance(value, str) else value
