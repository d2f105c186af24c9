"""Writing many rows at once, with as little asked of each value as the database needs.

Django's `bulk_create` asks every field of every row for its SQL, which is half of the time of an
import. Here that is settled once a column. It is for rows that were checked already: no signal is
sent, and no time that a column would set by itself is filled in.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import DEFAULT_DB_ALIAS, connection, connections, models

from services.fields import DaysField, KeysField

# Their values go to the database as they are.
_PLAIN = (
    models.CharField,
    models.TextField,
    models.IntegerField,
    models.FloatField,
    models.BooleanField,
    models.ForeignKey,
)


def insert(made: Sequence[models.Model]) -> None:
    """Write new objects of one model and give them their keys."""
    if not made:
        return
    model = type(made[0])
    columns = [field for field in model._meta.concrete_fields if not field.primary_key]
    for thing, key in zip(made, new_keys(model, len(made)), strict=True):
        thing.pk = key
        thing._state.adding, thing._state.db = False, connection.alias
    names = [model._meta.pk.attname, *(field.attname for field in columns)]
    insert_rows(model, names, map(itemgetter(*names), map(vars, made)))


def insert_rows(
    model: type[models.Model],
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    known_by: Sequence[str] = (),
) -> None:
    """Write rows whose values are those of the columns `names` (a foreign key's is "service_id").

    `known_by`: columns that are unique together; a row that is there already is written over.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields}
    chosen = [fields[name] for name in names]
    quote = connection.ops.quote_name
    columns = ", ".join(quote(field.column) for field in chosen)
    marks = ", ".join(["%s"] * len(chosen))
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({marks})"  # noqa: S608  # our own names
    if known_by:
        rest = ", ".join(f"{quote(name)} = excluded.{quote(name)}" for name in names if name not in known_by)
        sql += f" ON CONFLICT ({', '.join(map(quote, known_by))}) DO UPDATE SET {rest}"
    prepared = [(place, prepare) for place, field in enumerate(chosen) if (prepare := _preparing(field))]
    values = []
    for row in rows:
        ready = list(row)
        for place, prepare in prepared:
            ready[place] = prepare(ready[place])
        values.append(ready)
    if values:
        with connection.cursor() as cursor:
            cursor.executemany(sql, values)


def _preparing(field: models.Field) -> Callable[[Any], Any] | None:
    """How a column's values go to the database; None where they go as they are."""
    if isinstance(field, _PLAIN):
        return None
    if connection.vendor == "sqlite" and type(field) in _ON_SQLITE:
        return _ON_SQLITE[type(field)]
    # The connection itself: its proxy looks for the thread at every touch.
    prepare = partial(field.get_db_prep_save, connection=connections[DEFAULT_DB_ALIAS])
    # Rows that are written together carry the same few moments.
    return lru_cache(maxsize=8)(prepare) if isinstance(field, models.DateTimeField) else prepare


def _as_json(value: Any) -> str | None:
    if value:
        return _encode(value)
    return None if value is None else _EMPTY.get(type(value)) or _encode(value)


def _as_hex(value: UUID) -> str:
    return value.hex


_encode = json.JSONEncoder().encode
# Two columns in three.
_EMPTY = {list: "[]", dict: "{}"}
# As Django's own `get_db_prep_save` writes them there, without its questions; JSON's own encoder is
# always the plain one in the models that are written here.
_ON_SQLITE: dict[type[models.Field], Callable[[Any], Any]] = {
    models.UUIDField: _as_hex,
    models.JSONField: _as_json,
    KeysField: _as_json,
    DaysField: _as_json,
}


def new_keys(model: type[models.Model], count: int) -> Iterable[int]:
    """Keys that no row has or had. Call inside a transaction.

    SQLite lets one transaction write at a time, so counting on from the last key is safe there;
    PostgreSQL's sequence gives each key once.
    """
    table, key = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
                [connection.ops.quote_name(table), key, count],
            )
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
    last = max(found[0] if found else 0, model._default_manager.aggregate(last=models.Max("pk"))["last"] or 0)
    return range(last + 1, last + 1 + count)
