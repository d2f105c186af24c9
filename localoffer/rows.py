"""Rows inside a form of the admin, beside the rows that the form does not hold.

Wagtail's form compares its own rows only. One that a colleague added while the form was open is not
among them and stays: with the same thing in both, the database would refuse to save.
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Model, UniqueConstraint

THERE_ALREADY = (
    "“{}” is on this already. Somebody added it while you had the form open. Take it out of your form, "
    "or load the page again."
)


def rows_there_already(form: Any) -> list[str]:
    """The rows of a valid form, in words, that are on the thing already without being in the form."""
    return [str(row) for rows in getattr(form, "formsets", {}).values() for row in _doubled(rows)]


def _doubled(rows: Any) -> Iterator[Model]:
    fields = [
        tuple(name for name in rule.fields if name != rows.fk.name)
        for rule in rows.model._meta.constraints
        if isinstance(rule, UniqueConstraint) and rows.fk.name in rule.fields and rule.condition is None
    ]
    if not fields:
        return
    gone = set(rows.deleted_forms)
    kept = [one.instance for one in rows.forms if one not in gone and (one.instance.pk or one.has_changed())]
    known = {one.instance.pk for one in rows.forms}
    outside = [row for row in getattr(rows.instance, rows.rel_name).all() if row.pk and row.pk not in known]
    for names in fields:
        there = {_values(row, names) for row in outside}
        yield from (row for row in kept if _values(row, names) in there)


def _values(row: Model, names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(row, row._meta.get_field(name).attname) for name in names)
