"""What the migrations put into the database, kept as rows and put back after a test that commits.

Django would empty every table and then save each row through its model, before and after each test:
most of the time of a short test in the browser. Here only tables that a test filled are emptied, and
only tables that differ from what the migrations left are filled again.
"""

from dataclasses import dataclass, field

from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import TransactionTestCase

from search.engines.text import TABLE

Rows = list[tuple]


@dataclass
class Migrated:
    """The tables of one database, and those rows that its migrations made."""

    tables: list[str]
    kept: dict[str, Rows] = field(default_factory=dict)

    @classmethod
    def of(cls, connection: BaseDatabaseWrapper) -> "Migrated":
        tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
        migrated = cls(sorted([*tables, TABLE]))  # no model names the table of words
        migrated.kept = {table: rows_of(connection, table) for table in migrated.filled(connection)}
        return migrated

    def filled(self, connection: BaseDatabaseWrapper) -> list[str]:
        """Names of the tables with a row, by one query."""
        quote = connection.ops.quote_name
        asked = (f"SELECT '{table}' WHERE EXISTS (SELECT 1 FROM {quote(table)})" for table in self.tables)
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(asked))
            return [table for (table,) in cursor.fetchall()]

    def restore(self, connection: BaseDatabaseWrapper) -> None:
        """Rows refer to each other, so all of it is one transaction, at whose end that is looked at."""
        filled = set(self.filled(connection))
        changed = {table for table in self.kept if rows_of(connection, table) != self.kept[table]}
        quote = connection.ops.quote_name
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            for table in sorted(filled - self.kept.keys() | changed & filled):
                cursor.execute(f"DELETE FROM {quote(table)}")
            for table in sorted(changed):
                places = ", ".join(["%s"] * len(self.kept[table][0]))
                cursor.executemany(f"INSERT INTO {quote(table)} VALUES ({places})", self.kept[table])


def rows_of(connection: BaseDatabaseWrapper, table: str) -> Rows:
    """All rows, in one order. Columns are read as the driver gives them, to be given back so."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        return sorted(cursor.fetchall(), key=repr)


migrated: dict[str, Migrated] = {}


def remember_migrated() -> None:
    """Once a run, when the databases of the tests are made and nothing has written to them."""
    for connection in connections.all():
        migrated[connection.alias] = Migrated.of(connection)


def set_up(case: type[TransactionTestCase]) -> None:
    """Nothing to load: the test before has left the database as the migrations did."""
    assert case.serialized_rollback, "Say django_db(transaction=True, serialized_rollback=True)."


def tear_down(case: TransactionTestCase) -> None:
    for alias in case._databases_names(include_mirrors=False):
        migrated[alias].restore(connections[alias])
