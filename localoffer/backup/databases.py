"""A database out to one file and in again: SQLite by its backup API, PostgreSQL by pg_dump and pg_restore.

Both copy one moment while the site goes on writing.
"""

import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol

from django.apps import apps
from django.db import connection

from localoffer.apps import OURS
from localoffer.backup.archive import BadBackup

PATIENCE = 30.0  # seconds for a database that somebody writes to


class Database(Protocol):
    """`engine` is what a manifest calls it, `member` the name in the archive."""

    engine: str
    member: str

    def dump(self, path: Path) -> dict[str, int]:
        """Write one moment to `path`; how many rows each table had then."""

    def load(self, path: Path) -> None:
        """Replace everything with what `path` holds, or change nothing. Raises BadBackup."""


def of_site() -> Database:
    return Postgres() if connection.vendor == "postgresql" else Sqlite()


class Sqlite:
    engine, member = "sqlite", "database.sqlite3"

    def dump(self, path: Path) -> dict[str, int]:
        connection.ensure_connection()
        with closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy, progress=patiently())
            copy.execute("PRAGMA journal_mode=DELETE")
            self._must_be_sound(copy)
            return count(copy.execute, self._tables(copy))

    def load(self, path: Path) -> None:
        try:
            with closing(sqlite3.connect(path)) as copy:
                self._must_be_sound(copy)
                connection.ensure_connection()
                copy.backup(connection.connection, progress=patiently())
        except sqlite3.DatabaseError as error:
            raise BadBackup("The database in it is damaged.") from error
        finally:
            connection.close()

    def _tables(self, copy: sqlite3.Connection) -> list[str]:
        """Without the shadows of full-text tables, which SQLite keeps for itself."""
        rows = copy.execute("SELECT name, type FROM pragma_table_list WHERE schema = 'main'")
        return sorted(name for name, kind in rows if kind == "table" and not name.startswith("sqlite_"))

    def _must_be_sound(self, copy: sqlite3.Connection) -> None:
        found = [row[0] for row in copy.execute("PRAGMA quick_check(1)")]
        if found != ["ok"]:
            raise BadBackup("The database is damaged: SQLite's quick_check fails. See docs/operations.md.")


def patiently(seconds: float = PATIENCE) -> Callable[[int, int, int], None]:
    """SQLite would wait for ever for a database that somebody holds: after so long we give up."""
    began = time.monotonic()

    def look(status: int, left: int, total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() > began + seconds:
            raise BadBackup("Somebody else holds the database. Stop the site, then try again.")

    return look


class Postgres:
    engine, member = "postgresql", "database.pgdump"

    def dump(self, path: Path) -> dict[str, int]:
        """The rows are counted in the very snapshot that pg_dump copies."""
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                cursor.execute("SELECT pg_export_snapshot()")
                snapshot = cursor.fetchone()[0]
                cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()")
                tables = sorted(name for (name,) in cursor.fetchall())

                def run(sql: str) -> Any:
                    cursor.execute(sql)
                    return cursor

                rows = count(run, tables)
                options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
                self._run("pg_dump", *options, f"--file={path}")
                cursor.execute("ROLLBACK")
        finally:
            other.close()
        return rows

    def load(self, path: Path) -> None:
        connection.close()
        options = ["--clean", "--if-exists", "--no-owner", "--no-privileges"]
        self._run("pg_restore", *options, "--single-transaction", "--exit-on-error", str(path), to=True)

    def _run(self, program: str, *options: str, to: bool = False) -> None:
        """The password goes by the environment: every user of a machine sees a command line."""
        if not shutil.which(program):
            raise BadBackup(f"{program} is not installed: install PostgreSQL's client programs.")
        given = connection.settings_dict
        names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
        env = {**os.environ, **{to: str(given[name]) for to, name in names.items() if given[name]}}
        name = str(given["NAME"])
        command = [program, *options, f"--dbname={name}"]
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603 our own options
        if done.returncode:
            # The first line says what is wrong; later ones may hold rows.
            said = next(iter(done.stderr.strip().splitlines()), "").partition("DETAIL")[0][:200]
            raise BadBackup(f"{program} failed: {said}")


def count(execute: Any, tables: Iterable[str]) -> dict[str, int]:
    """Rows of each table. The names are the database's own."""
    return {name: execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0] for name in tables}  # noqa: S608


def rows_now(tables: Iterable[str]) -> dict[str, int]:
    """Rows of these tables in the site's database; a table that is not there has -1."""
    there = set(connection.introspection.table_names())
    with connection.cursor() as cursor:

        def run(sql: str) -> Any:
            cursor.execute(sql)
            return cursor

        return {name: count(run, [name])[name] if name in there else -1 for name in tables}


def holds_anything() -> bool:
    """Whether somebody's work is in the database: a fresh one has been migrated at most."""
    models = [model for model in apps.get_models() if model._meta.app_label in {*OURS, "auth"}]
    kept = {"auth_permission", "auth_group", "auth_group_permissions", "localoffer_change"}
    tables = {model._meta.db_table for model in models if model._meta.managed} - kept
    return any(number > 0 for number in rows_now(tables).values())
