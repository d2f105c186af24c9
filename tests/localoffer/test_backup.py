"""A backup is the whole site at one moment, and only a whole and unchanged one is put back."""

import errno
import hashlib
import json
import os
import sqlite3
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import StringIO
from pathlib import Path
from threading import Event, Thread
from types import SimpleNamespace

import psycopg
import pytest
from django.conf import settings as site_settings
from django.core.management import CommandError, call_command
from django.db import connection

from localoffer.backup import archive, make, restore
from localoffer.backup.archive import MANIFEST, SIGNATURE, BadBackup, is_safe, opened, signature, verify
from localoffer.backup.databases import Sqlite, patiently
from localoffer.backup.make import is_secret, settings_text
from tests.factories import make_comment, make_home, make_published, make_service

ROOT = Path(__file__).resolve().parent.parent.parent
# What a restore makes anew, and what it must not bring back as it was.
WHERE = {"host", "port", "user", "dbname"}
REBUILT = ("search_", "wagtailsearch_", "sqlite_", "localoffer_change")


@pytest.fixture
def uploads(settings, tmp_path) -> Path:
    settings.MEDIA_ROOT = tmp_path / "media"
    for name, content in {
        "images/a picture é.png": b"\x89PNG" + bytes(range(256)) * 500,
        "documents/deep/er/plan.pdf": b"%PDF" * 1000,
        "empty.txt": b"",
    }.items():
        file = settings.MEDIA_ROOT / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    (settings.MEDIA_ROOT / ".hidden").mkdir()
    (settings.MEDIA_ROOT / ".hidden" / "old.txt").write_text("set aside")
    return settings.MEDIA_ROOT


@pytest.fixture
def content(db) -> None:
    site = make_home().get_site()
    make_service(site, name="Otter Swimming ☃")
    make_comment(site, email="ann@home.test")
    make_published(site)


def files_of(folder: Path) -> dict[str, bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file() and ".hidden" not in path.parts]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def written(path: Path, *args: str, **options) -> str:
    out = StringIO()
    call_command("backup", str(path), *args, stdout=out, **options)
    return out.getvalue()


def rows_of(execute, tables: list[str]) -> dict[str, list]:
    return {
        name: sorted((tuple(row) for row in execute(f'SELECT * FROM "{name}"').fetchall()), key=repr)
        for name in tables
    }


@contextmanager
def empty_site(folder: Path) -> Iterator[tuple[dict[str, str], object]]:
    """Another machine: the environment of an empty site, and how to ask its database afterwards."""
    env = {**os.environ, "VAR_DIR": str(folder), "MEDIA_ROOT": str(folder / "media")}
    if connection.vendor == "sqlite":
        env.pop("DATABASE_URL", None)

        def ask():
            return sqlite3.connect(folder / "localoffer.sqlite3")

        yield env, ask
        return
    given = connection.get_connection_params()
    where = {name: given[name] for name in ("host", "port", "user") if name in given}
    name = f"restored_{os.getpid()}"
    with psycopg.connect(**where, dbname="postgres", autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        try:
            env["DATABASE_URL"] = f"postgres://{where['user']}@{where['host']}:{where['port']}/{name}"
            yield env, lambda: psycopg.connect(**where, dbname=name)
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def here():
    """This test's database, asked as the restored one is: without Django between."""
    connection.ensure_connection()
    if connection.vendor == "sqlite":
        plain = sqlite3.connect(":memory:")
        connection.connection.backup(plain)
        return plain
    return psycopg.connect(**{k: v for k, v in connection.get_connection_params().items() if k in WHERE})


def manage(env: dict[str, str], *args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "manage.py", *args]
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_restore_when_the_folder_is_empty_then_every_row_and_every_file_is_as_it_was(
    uploads, content, tmp_path
):
    backup = tmp_path / "b.zip"
    assert "3 files" in written(backup)
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with empty_site(tmp_path / "other") as (env, ask):
        done = manage(env, "restore", str(backup))
        assert done.returncode == 0, done.stderr
        assert "Restored" in done.stdout
        assert "The search index holds 1 services" in done.stdout
        with opened(backup) as held:
            manifest = verify(held)
        tables = [name for name in manifest.rows if not name.startswith(REBUILT)]
        assert {"feedback_comment", "feedback_commentcontact", "wagtailcore_page"} <= set(tables)

        with closing(here()) as ours, closing(ask()) as there:
            expected, found = rows_of(ours.execute, tables), rows_of(there.execute, tables)
        for name in tables:
            assert len(found[name]) == manifest.rows[name], name
            assert [*map(repr, found[name])] == [*map(repr, expected[name])], name
        assert files_of(tmp_path / "other" / "media") == files_of(uploads)
        again = manage(env, "restore", str(backup))
        assert again.returncode == 1
        assert "Add --overwrite" in again.stderr
        assert "Traceback" not in again.stderr
        (tmp_path / "other" / "media" / "empty.txt").write_text("changed since")
        over = manage(env, "restore", str(backup), "--overwrite")
        assert over.returncode == 0, over.stderr
        assert (tmp_path / "other" / "media" / "empty.txt").read_text() == ""
        aside = next((tmp_path / "other" / "media").glob(".before-restore-*"))
        assert (aside / "empty.txt").read_text() == "changed since"


# -- what is refused ------------------------------------------------------------------------


@pytest.fixture
def small(uploads, tmp_path, monkeypatch, db) -> Path:
    """A backup whose database is a few bytes, so that hundreds of changes of it can be tried."""
    monkeypatch.setattr("localoffer.backup.databases.Sqlite.dump", _dump)
    monkeypatch.setattr("localoffer.backup.databases.Postgres.dump", _dump)
    path = tmp_path / "small.zip"
    make.make(target=path)
    return path


def _dump(self, path: Path) -> dict[str, int]:
    path.write_bytes(b"rows" * 100)
    return {"a_table": 3}


def check(path: Path, **options):
    with opened(path) as held:
        return verify(held, **options)


def rewritten(path: Path, change=None, *, add=(), sign=False) -> Path:
    """The same archive with its manifest changed, members added, and the signature made anew where asked."""
    target = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        manifest = json.loads(old.read(MANIFEST))
        if change:
            change(manifest)
        for name, content in add:
            new.writestr(name, content)
            if sign:
                manifest["files"][name] = {
                    "size": len(content),
                    "sha256": hashlib.sha256(content).hexdigest(),
                }
        text = json.dumps(manifest, indent=1, ensure_ascii=False).encode()
        for info in old.infolist():
            content = old.read(info)
            if info.filename == MANIFEST:
                content = text
            elif info.filename == SIGNATURE and sign:
                content = signature(text).encode()
            new.writestr(info.filename, content)
    return target


def test_check_when_the_backup_is_whole_then_taken(small):
    manifest = check(small)
    assert manifest.rows == {"a_table": 3}
    assert {name for name in manifest.files if name.startswith("media/")} == {
        "media/images/a picture é.png", "media/documents/deep/er/plan.pdf", "media/empty.txt",
    }  # fmt: skip


def test_check_when_any_byte_is_changed_then_refused_or_the_same_in_meaning(small):
    """A byte of the ZIP's own book-keeping (a time, a comment) may change without changing a member."""
    original = small.read_bytes()
    with zipfile.ZipFile(small) as held:
        was = {name: held.read(name) for name in held.namelist()}
    target = small.with_name("flipped.zip")
    step = max(1, len(original) // 400)
    refused = 0
    for at in range(0, len(original), step):
        target.write_bytes(original[:at] + bytes([original[at] ^ 0x41]) + original[at + 1 :])
        try:
            check(target)
        except BadBackup:
            refused += 1
        else:
            with zipfile.ZipFile(target) as held:
                assert {name: held.read(name) for name in held.namelist()} == was
    assert refused > 300


@pytest.mark.parametrize("part", [0, 0.1, 0.5, 0.9, 0.999])
def test_check_when_the_file_was_cut_off_then_refused(small, part):
    content = small.read_bytes()
    small.write_bytes(content[: int(len(content) * part)])
    with pytest.raises(BadBackup, match="not a whole backup file"):
        check(small)


def test_check_when_a_member_was_added_then_refused(small):
    with pytest.raises(BadBackup, match="were added"):
        check(rewritten(small, add=[("media/extra.html", b"x")]))


def test_check_when_the_list_was_changed_then_refused_by_its_signature(small):
    with pytest.raises(BadBackup, match="list of contents was changed"):
        check(rewritten(small, lambda manifest: manifest["rows"].update(a_table=4)))


def test_check_when_another_key_signed_then_only_when_told_so(small, settings):
    settings.SECRET_KEY = "another" * 10
    with pytest.raises(BadBackup, match="another SECRET_KEY"):
        check(small)
    assert check(small, other_key=True).rows == {"a_table": 3}


@pytest.mark.parametrize(
    "name",
    [
        "media/../../evil.py",
        "/etc/evil",
        "media//x",
        "media/./x",
        "..",
        "media/a\\..\\b",
        "other/x",
        "media/",
    ],
)
def test_check_when_a_name_would_be_written_elsewhere_then_refused_though_signed(small, name):
    assert not is_safe(name, "database.sqlite3")
    with pytest.raises(BadBackup, match=r"written elsewhere|missing, or were added"):
        check(rewritten(small, add=[(name, b"x")], sign=True))


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x05\x06" + b"\0" * 18])
def test_check_when_it_is_something_else_then_refused(tmp_path, content):
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(BadBackup):
        check(tmp_path / "x.zip")


def test_check_when_a_member_is_larger_than_it_says_then_reading_stops(tmp_path):
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as held:
        held.writestr("bomb", b"\0" * 50_000_000)
    with (
        zipfile.ZipFile(tmp_path / "b.zip") as held,
        held.open("bomb") as source,
        pytest.raises(BadBackup, match="larger than it says"),
    ):
        archive.copy(source, None, 1000)


def test_restore_when_made_of_another_database_or_release_then_refused(small):
    manifest = check(small)
    manifest.engine = "oracle"
    with pytest.raises(BadBackup, match="same kind"):
        restore.must_fit(manifest)
    manifest = check(small)
    restore.must_fit(manifest)
    manifest.migrations.append(["feedback", "9999_later"])
    with pytest.raises(BadBackup, match=r"newer release \(it has feedback.9999_later\)"):
        restore.must_fit(manifest)


@pytest.mark.django_db
def test_restore_when_the_site_holds_content_then_refused_and_nothing_changed(small, content, tmp_path):
    with pytest.raises(CommandError, match="holds content already"):
        call_command("restore", str(small))
    assert files_of(site_settings.MEDIA_ROOT)


@pytest.mark.django_db
def test_restore_when_only_uploads_are_there_then_refused(small):
    with pytest.raises(BadBackup, match="folder of uploads is not empty"):
        restore.must_be_empty()


@pytest.mark.django_db
def test_restore_when_the_disk_has_no_room_then_refused_before_anything_is_written(small, monkeypatch):
    monkeypatch.setattr(restore, "ROOM", 10**18)
    with opened(small) as held, pytest.raises(BadBackup, match="MB free on the disk. Nothing was changed"):
        restore.restore(held, verify(held))
    assert not list(site_settings.MEDIA_ROOT.glob(".restore-*"))


# -- making one ------------------------------------------------------------------------------


def test_backup_when_the_disk_is_full_then_said_so_and_nothing_half_written(
    uploads, small, tmp_path, monkeypatch
):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("localoffer.backup.make.copy", full)
    (tmp_path / "kept").mkdir()
    with pytest.raises(CommandError, match="No backup was made: No space left on device"):
        written(tmp_path / "kept" / "b.zip")
    assert not list((tmp_path / "kept").iterdir())


def test_backup_when_a_file_is_there_then_not_written_over(uploads, tmp_path, db):
    (tmp_path / "b.zip").write_text("mine")
    with pytest.raises(CommandError, match="there already"):
        written(tmp_path / "b.zip")
    assert (tmp_path / "b.zip").read_text() == "mine"


def test_backup_when_staff_delete_a_file_meanwhile_then_made_without_it_and_said(uploads, tmp_path, small):
    def watch(files):
        for file in files:
            if file.name == "plan.pdf":
                file.unlink()
            yield file

    made = make.make(target=tmp_path / "b.zip", watch=watch)
    assert (made.files, made.vanished) == (2, 1)
    assert check(tmp_path / "b.zip").vanished == 1


def test_backup_when_a_folder_is_given_then_the_newest_are_kept(small, tmp_path):
    folder = tmp_path / "kept"
    folder.mkdir()
    for day in range(1, 6):
        (folder / f"local-offer-2020010{day}-010000.zip").write_text("old")
    (folder / "somebody's.zip").write_text("other")
    assert "4 older backups deleted" in written(folder, keep=2)
    left = sorted(path.name for path in folder.iterdir())
    assert len(left) == 3
    assert left[0] == "local-offer-20200105-010000.zip"
    assert "somebody's.zip" in left


@pytest.mark.django_db
def test_copy_when_others_write_all_the_time_then_it_is_one_moment(tmp_path, monkeypatch):
    """Each transaction of the writer adds a row to both tables: a copy never has one without the other."""
    path = tmp_path / "served.sqlite3"
    with closing(sqlite3.connect(path)) as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.executescript("CREATE TABLE one (a); CREATE TABLE two (a);")
    stop, began = Event(), Event()

    def write() -> None:
        with closing(sqlite3.connect(path, timeout=30)) as writer:
            while not stop.is_set():
                with writer:
                    writer.execute("INSERT INTO one VALUES (1)")
                    writer.execute("INSERT INTO two VALUES (1)")
                began.set()

    thread = Thread(target=write)
    thread.start()
    began.wait()
    with closing(sqlite3.connect(path, timeout=30)) as served:
        site = SimpleNamespace(ensure_connection=lambda: None, connection=served)
        monkeypatch.setattr("localoffer.backup.databases.connection", site)
        copies = [Sqlite().dump(tmp_path / f"copy{number}") for number in range(8)]
    stop.set()
    thread.join()
    assert all(rows["one"] == rows["two"] > 0 for rows in copies)
    assert copies[-1]["one"] >= copies[0]["one"]


def test_copy_when_somebody_holds_the_database_then_given_up_and_not_waited_for_ever(monkeypatch):
    look = patiently(0)
    look(sqlite3.SQLITE_OK, 5, 10)
    with pytest.raises(BadBackup, match="Somebody else holds the database"):
        look(sqlite3.SQLITE_BUSY, 5, 10)


def test_settings_when_kept_then_secrets_only_by_name_unless_asked(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "hush-key")
    monkeypatch.setenv("DATABASE_URL", "postgres://u:hush@h/n")
    monkeypatch.setenv("ALLOWED_HOSTS", "a.test,b.test")
    monkeypatch.setenv("DEFAULT_FROM_EMAIL", "The Council <a@b.test>")
    told = settings_text(secrets=False)
    assert "hush" not in told
    assert "# SECRET_KEY=(secret)" in told
    assert "ALLOWED_HOSTS=a.test,b.test" in told
    assert "DEFAULT_FROM_EMAIL='The Council <a@b.test>'" in told
    assert "SECRET_KEY=hush-key" in settings_text(secrets=True)


def test_secrets_when_settings_are_read_then_whatever_may_hold_one_is_secret():
    secret = {name for name in site_settings.ENVIRONMENT_READ if is_secret(name)}
    assert {
        "SECRET_KEY", "DATABASE_URL", "CACHE_URL", "SEARCH_URL", "EMAIL_URL", "GOVUK_NOTIFY_API_KEY",
    } <= secret  # fmt: skip
    assert not secret & {"BASE_URL", "ALLOWED_HOSTS", "LOG_LEVEL", "MEDIA_ROOT"}


def test_copy_when_the_database_in_it_is_damaged_then_refused(tmp_path):
    damaged = tmp_path / "d.sqlite3"
    with closing(sqlite3.connect(damaged)) as made:
        made.execute("CREATE TABLE t (a)")
        made.executemany("INSERT INTO t VALUES (?)", [("x" * 900,)] * 500)
        made.commit()
    content = bytearray(damaged.read_bytes())
    content[8192:200_000] = b"\xff" * (200_000 - 8192)
    damaged.write_bytes(content)
    with pytest.raises((BadBackup, sqlite3.DatabaseError)), closing(sqlite3.connect(damaged)) as copy:
        Sqlite()._must_be_sound(copy)
