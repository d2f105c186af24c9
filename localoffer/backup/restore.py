"""Putting a backup back: everything is checked first, and nothing that exists is written over unasked."""

import os
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory, mkdtemp

from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from django.db.migrations.loader import MigrationLoader

from localoffer.backup import databases
from localoffer.backup.archive import CHUNK, MEDIA, BadBackup, Manifest, copy

ROOM = 50_000_000  # bytes that must be free beside what is unpacked


@dataclass(frozen=True, slots=True)
class Restored:
    """`aside` is where the uploads went that were there before."""

    rows: int
    tables: int
    files: int
    aside: Path | None


def must_fit(manifest: Manifest) -> None:
    """Refuse another kind of database and what a newer release made."""
    engine = databases.of_site().engine
    if manifest.engine != engine:
        raise BadBackup(
            f"It was made of {manifest.engine}, and DATABASE_URL is {engine}. Restore it to the same kind."
        )
    loader = MigrationLoader(None)
    known = set(loader.disk_migrations) | {key for m in loader.disk_migrations.values() for key in m.replaces}
    installed = {app for app, _ in known}
    applied = [(app, name) for app, name in manifest.migrations if app in installed]
    newer = [f"{app}.{name}" for app, name in applied if (app, name) not in known]
    if newer:
        raise BadBackup(f"It was made by a newer release (it has {newer[0]}). Install that release first.")


def must_be_empty() -> None:
    if databases.holds_anything():
        raise BadBackup("The database holds content already. Add --overwrite to replace all of it.")
    if any(True for _ in _uploads()):
        raise BadBackup("The folder of uploads is not empty. Add --overwrite to set what is there aside.")


def restore(held: zipfile.ZipFile, manifest: Manifest) -> Restored:
    """Put a verified backup in place. Until the database is replaced, in one step, nothing has changed."""
    root = Path(settings.MEDIA_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    _must_have_room(manifest, root)
    staging = Path(mkdtemp(dir=root, prefix=".restore-"))
    try:
        with TemporaryDirectory(dir=settings.VAR_DIR, prefix=".restore-") as folder:
            dumped = Path(folder) / manifest.database
            _unpack(held, manifest, manifest.database, dumped)
            for name in manifest.files:
                if name.startswith(MEDIA):
                    _unpack(held, manifest, name, staging.joinpath(*PurePosixPath(name).parts[1:]))
            databases.of_site().load(dumped)
        _must_be_the_same(manifest)
        aside = _swap(root, staging)
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    call_command("migrate", verbosity=0, interactive=False)
    cache.clear()
    files = sum(name.startswith(MEDIA) for name in manifest.files)
    return Restored(sum(manifest.rows.values()), len(manifest.rows), files, aside)


def _must_have_room(manifest: Manifest, root: Path) -> None:
    needed = sum(said["size"] for said in manifest.files.values()) * 2 + ROOM
    if min(shutil.disk_usage(root).free, shutil.disk_usage(settings.VAR_DIR).free) < needed:
        raise BadBackup(f"It needs {needed // 1_000_000} MB free on the disk. Nothing was changed.")


def _unpack(held: zipfile.ZipFile, manifest: Manifest, name: str, target: Path) -> None:
    """What was verified is compared once more as it is written: the file may change under us."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with held.open(name) as source, target.open("wb", buffering=CHUNK) as written:
        if copy(source, written, manifest.files[name]["size"]) != manifest.files[name]:
            raise BadBackup(f"“{name}” changed while it was read. Nothing was changed.")


def _must_be_the_same(manifest: Manifest) -> None:
    found = databases.rows_now(manifest.rows)
    wrong = [name for name, number in manifest.rows.items() if found[name] != number]
    if wrong:
        raise BadBackup(f"After the restore {len(wrong)} tables differ, the first is {wrong[0]}.")


def _uploads() -> list[Path]:
    root = Path(settings.MEDIA_ROOT)
    return [path for path in root.iterdir() if not path.name.startswith(".")] if root.is_dir() else []


def _swap(root: Path, staging: Path) -> Path | None:
    """By renaming within one disk. What was there goes to a folder that nothing serves."""
    aside = None
    before = _uploads()
    if before:
        aside = Path(mkdtemp(dir=root, prefix=".before-restore-"))
        for path in before:
            os.rename(path, aside / path.name)
    for path in list(staging.iterdir()):
        os.rename(path, root / path.name)
    return aside
