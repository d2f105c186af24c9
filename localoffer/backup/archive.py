"""What a backup file holds, and whether it is whole and ours.

A ZIP of `manifest.json`, its signature, `settings.env`, the database and `media/…`. The manifest names every
member with its size in bytes and SHA-256, and is signed with SECRET_KEY: what is cut off, added or changed
is found before anything is written.
"""

import hashlib
import hmac
import json
import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.conf import settings

FORMAT = 1
MANIFEST, SIGNATURE, SETTINGS = "manifest.json", "manifest.sig", "settings.env"
MEDIA = "media/"
LARGEST_MANIFEST = 100_000_000
CHUNK = 1 << 20


# Whatever a damaged ZIP makes Python's reader raise.
BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError,
    ValueError, LookupError, NotImplementedError, RuntimeError, OverflowError,
)  # fmt: skip


class BadBackup(Exception):
    """The file cannot be used; says why, for a person."""


@dataclass(slots=True)
class Manifest:
    """`rows`: table → how many; `files`: member → {size, sha256}; `migrations`: [app, name]."""

    made_at: str
    engine: str
    database: str
    rows: dict[str, int]
    migrations: list[list[str]]
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    vanished: int = 0
    format: int = FORMAT

    def as_bytes(self) -> bytes:
        return json.dumps(asdict(self), indent=1, ensure_ascii=False).encode()


def signature(manifest: bytes) -> str:
    key = f"localoffer.backup{settings.SECRET_KEY}".encode()
    return hmac.new(hashlib.sha256(key).digest(), manifest, hashlib.sha256).hexdigest()


def copy(source: IO[bytes], target: IO[bytes] | None, most: int | None = None) -> dict[str, Any]:
    """Copy, or read only, and give {size, sha256}. Raises BadBackup past `most` bytes."""
    digest, size = hashlib.sha256(), 0
    while chunk := source.read(CHUNK):
        size += len(chunk)
        if most is not None and size > most:
            raise BadBackup("A member of it is larger than it says.")
        digest.update(chunk)
        if target is not None:
            target.write(chunk)
    return {"size": size, "sha256": digest.hexdigest()}


@contextmanager
def opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        held = zipfile.ZipFile(path)
    except FileNotFoundError as error:
        raise BadBackup("There is no such file.") from error
    except BROKEN as error:
        raise BadBackup("It is not a whole backup file: it is damaged, or was cut off.") from error
    with held:
        yield held


def verify(held: zipfile.ZipFile, *, other_key: bool = False) -> Manifest:
    """Read every byte of it and compare. `other_key` takes one that another SECRET_KEY signed."""
    manifest = _manifest(held, other_key)
    infos = {info.filename: info for info in held.infolist()}
    if len(infos) != len(held.infolist()):
        raise BadBackup("It holds a member twice.")
    expected = {MANIFEST, SIGNATURE, *manifest.files}
    if set(infos) != expected:
        raise BadBackup(f"{len(set(infos) ^ expected)} of its members are missing, or were added.")
    for name, said in manifest.files.items():
        if not is_safe(name, manifest.database):
            raise BadBackup("A member of it has a name that would be written elsewhere.")
        if infos[name].file_size != said["size"]:
            raise BadBackup(f"“{name}” has another size than it was made with.")
        try:
            with held.open(name) as source:
                found = copy(source, None, said["size"])
        except BROKEN as error:
            raise BadBackup(f"“{name}” is damaged.") from error
        if found != said:
            raise BadBackup(f"“{name}” was changed after the backup was made.")
    return manifest


def is_safe(name: str, database: str) -> bool:
    """Only the database, the settings, and files below media/."""
    if name in (database, SETTINGS):
        return "/" not in name
    path = PurePosixPath(name)
    if not name.startswith(MEDIA) or "\\" in name or "\0" in name or str(path) != name:
        return False
    return not path.is_absolute() and ".." not in path.parts and len(path.parts) > 1


def _manifest(held: zipfile.ZipFile, other_key: bool) -> Manifest:
    try:
        with held.open(MANIFEST) as source:
            content = source.read(LARGEST_MANIFEST + 1)
        with held.open(SIGNATURE) as source:
            signed = source.read(200).decode("ascii", "replace")
    except BROKEN as error:
        raise BadBackup("It is not a backup of this product, or it is damaged.") from error
    if not other_key and not hmac.compare_digest(signed, signature(content)):
        raise BadBackup(
            "Its list of contents was changed, or it was made with another SECRET_KEY. Set the SECRET_KEY"
            " of that site; or, where you know that nobody else could touch the file, add --other-key."
        )
    try:
        manifest = Manifest(**json.loads(content))
        sound = manifest.format == FORMAT and all(
            isinstance(said["size"], int) and isinstance(said["sha256"], str)
            for said in manifest.files.values()
        )
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise BadBackup("Its list of contents cannot be read.") from error
    if not sound:
        raise BadBackup("It was made by a release with another kind of backup.")
    return manifest
