"""Making a backup: the database first, then the files that it may name."""

import os
import shlex
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from localoffer.backup import databases
from localoffer.backup.archive import MANIFEST, MEDIA, SETTINGS, SIGNATURE, Manifest, copy, signature

NAME = "local-offer-{:%Y%m%d-%H%M%S}.zip"
PATTERN = "local-offer-????????-??????.zip"
SECRET_WORDS = ("KEY", "SECRET", "PASSWORD", "TOKEN", "_URL")
NO_SECRET = {"BASE_URL", "GOVUK_NOTIFY_URL"}
# Already small: pressing them again costs time for nothing.
PRESSED = {".jpg", ".jpeg", ".png", ".webp", ".avif", ".gif", ".mp4", ".webm", ".docx", ".xlsx", ".pptx"}


@dataclass(frozen=True, slots=True)
class Made:
    """What was written. `vanished`: files that were deleted while they were being read."""

    path: Path
    rows: int
    tables: int
    files: int
    vanished: int


def make(
    *,
    target: Path,
    secrets: bool = False,
    watch: Callable[[list[Path]], Iterable[Path]] = list,
) -> Made:
    """Write a backup to `target`, whole or not at all, readable by its owner only. Raises OSError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=target.parent, prefix=".backup-") as folder:
        unfinished = Path(folder) / "backup.zip"
        made = _write(unfinished, Path(folder), secrets, watch)
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())
        os.replace(unfinished, target)
    return Made(target, *made)


def _write(
    path: Path, folder: Path, secrets: bool, watch: Callable[[list[Path]], Iterable[Path]]
) -> tuple[int, int, int, int]:
    database = databases.of_site()
    dumped = folder / database.member
    descriptor = os.open(dumped, os.O_CREAT | os.O_WRONLY, 0o600)
    os.close(descriptor)
    manifest = Manifest(
        made_at=timezone.now().isoformat(timespec="seconds"),
        engine=database.engine,
        database=database.member,
        rows=database.dump(dumped),
        migrations=sorted([*key] for key in MigrationRecorder(connection).applied_migrations()),
    )
    files = list(media_files())
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    with os.fdopen(descriptor, "w+b") as raw, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as held:
        _add(held, manifest, database.member, dumped)
        for file in watch(files):
            name = MEDIA + file.relative_to(settings.MEDIA_ROOT).as_posix()
            try:
                _add(held, manifest, name, file)
            except FileNotFoundError:
                manifest.vanished += 1
        environment = folder / SETTINGS
        environment.write_text(settings_text(secrets), encoding="utf-8")
        _add(held, manifest, SETTINGS, environment)
        content = manifest.as_bytes()
        held.writestr(MANIFEST, content)
        held.writestr(SIGNATURE, signature(content))
    kept = len(files) - manifest.vanished
    return sum(manifest.rows.values()), len(manifest.rows), kept, manifest.vanished


def _add(held: zipfile.ZipFile, manifest: Manifest, name: str, file: Path) -> None:
    with file.open("rb") as source:
        info = zipfile.ZipInfo(name, date_time=(2000, 1, 1, 0, 0, 0))
        pressed = file.suffix.lower() in PRESSED
        info.compress_type = zipfile.ZIP_STORED if pressed else zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        with held.open(info, "w", force_zip64=True) as target:
            manifest.files[name] = copy(source, target)


def media_files() -> Iterator[Path]:
    """Every upload, in order. What begins with a dot is no upload; a link leads elsewhere."""
    root = Path(settings.MEDIA_ROOT)
    for folder, names, files in os.walk(root):
        names[:] = sorted(name for name in names if not name.startswith("."))
        for name in sorted(files):
            path = Path(folder) / name
            if not path.is_symlink() and not name.startswith("."):
                yield path


def settings_text(secrets: bool) -> str:
    """The variables that are set, as a shell reads them; of a secret one the name alone, unless asked."""
    lines = [
        "# What this site was started with. Put back what is marked secret from where you keep it.",
        "# Without the same SECRET_KEY, links that were sent do not work any more.",
    ]
    for name in settings.ENVIRONMENT_READ:
        value = os.environ.get(name)
        if value is None:
            continue
        if is_secret(name) and not secrets:
            lines.append(f"# {name}=(secret)")
        else:
            lines.append(f"{name}={shlex.quote(value)}")
    return "\n".join(lines) + "\n"


def is_secret(name: str) -> bool:
    return name not in NO_SECRET and any(word in name for word in SECRET_WORDS)


def drop_old(folder: Path, *, keep: int) -> int:
    """Delete the oldest backups of a folder beyond `keep`; how many."""
    old = sorted(folder.glob(PATTERN))[:-keep]
    for path in old:
        path.unlink()
    return len(old)
