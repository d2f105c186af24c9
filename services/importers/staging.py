"""A file between upload and import: kept apart, looked through, applied as it was shown or not at all.

Each upload has a folder of its own under `IMPORTS_ROOT`, named by us. It holds the file and, a JSON
object a line, every row of its dry run. Both go when the import is applied, or after a day.
"""

import json
import logging
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import timedelta
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.files import File
from django.db import OperationalError, transaction
from django.utils import timezone
from wagtail.models import Site

from services.importers import FORMATS
from services.importers.applying import analyse_after, apply_plan
from services.importers.base import (
    Changed,
    ChangedMeanwhile,
    Progress,
    UnknownColumns,
    UnusableFile,
    no_progress,
)
from services.importers.meanings import COLUMN, Meanings
from services.importers.planning import Plan, make_plan
from services.importers.remembering import meanings_of
from services.importers.showing import shown
from services.importers.table import MAX_BYTES, ZIP
from services.models import ImportBatch, PendingImport

logger = logging.getLogger(__name__)

KEPT = timedelta(days=1)
MAX_UPLOAD = MAX_BYTES
# Bytes above which a file is looked at and imported outside of the request (`jobs`): some seconds of
# work. A zip or workbook unpacks to several times its size.
LONG_FILE = 500_000
LONG_ZIP = 80_000
FILE = "upload"
# Groups of a dry run's rows, with what they are called, in the order in which they are shown.
GROUPS = {
    "added": "Added",
    "changed": "Changed",
    "conflicts": "Edited here",
    "rejected": "Rejected",
    "vanished": "Not in the file",
    "skipped": "Not for us",
    "warnings": "Please look at",
    "same": "Unchanged",
}


def folder_of(pending: PendingImport) -> Path:
    return Path(settings.IMPORTS_ROOT) / str(pending.uuid)


def receive(*, upload: File, format: str, authority: Site, user: AbstractBaseUser | None) -> PendingImport:
    """Keep a file that was uploaded or fetched. Raises UnusableFile for one that is too large or empty."""
    if not upload.size:
        raise UnusableFile("The file is empty.")
    if upload.size > MAX_UPLOAD:
        raise UnusableFile(
            f"The file is larger than {MAX_UPLOAD // 1024 // 1024} MB. Split it, or ask whoever runs "
            "the site to import it with manage.py import_services."
        )
    purge()
    pending = PendingImport(
        authority=authority, format=format, file_name=(upload.name or "")[:255], uploaded_by=user
    )
    folder = folder_of(pending)
    folder.mkdir(parents=True, mode=0o700)
    with (folder / FILE).open("wb") as out:
        for piece in upload.chunks():
            out.write(piece)
    pending.save()
    return pending


def is_long(pending: PendingImport) -> bool:
    """Whether a file is too long for a request."""
    path = folder_of(pending) / FILE
    if not path.exists():
        return False
    with path.open("rb") as data:
        return path.stat().st_size > (LONG_ZIP if data.read(len(ZIP)) == ZIP else LONG_FILE)


def examine(*, pending: PendingImport, progress: Progress = no_progress) -> Plan:
    """Make the dry run anew and keep its rows. Raises UnusableFile; UnknownColumns may be explained."""
    importer = FORMATS[pending.format]
    meanings = meanings_of(authority=pending.authority, importer=importer)
    try:
        plan = _plan(pending, meanings, progress)
    except UnknownColumns as error:
        pending.unrecognised = [
            {"subject": COLUMN, "word": heading, "line": 1, "count": 1} for heading in error.header
        ]
        pending.digest, pending.counts = "", {}
        pending.save(update_fields=["unrecognised", "digest", "counts"])
        raise
    pending.digest = _keep_rows(pending, plan)
    pending.counts = plan.counts
    pending.unrecognised = [asdict(word) for word in plan.unrecognised.values()]
    pending.save(update_fields=["digest", "counts", "unrecognised"])
    return plan


def _plan(pending: PendingImport, meanings: Meanings, progress: Progress) -> Plan:
    path = folder_of(pending) / FILE
    if not path.exists():
        raise UnusableFile("The file is no longer kept. Choose it again.")
    plan = make_plan(
        importer=FORMATS[pending.format],
        path=path,
        authority=pending.authority,
        progress=progress,
        meanings=meanings,
    )
    plan.file_name = pending.file_name
    return plan


def apply_pending(
    *,
    pending: PendingImport,
    user: AbstractBaseUser | None,
    progress: Progress = no_progress,
    note: Callable[[ImportBatch | None], None] = lambda batch: None,
) -> ImportBatch | None:
    """Do what the dry run showed; None when there is nothing to do. `note` is told in the same transaction.

    Raises ChangedMeanwhile, with nothing written and a new dry run kept, when it would do something
    else by now; IntegrityError when somebody writes the same entries at this moment, OperationalError
    when somebody holds them. After either the dry run is as it was.
    """
    shown = pending.digest
    plan = examine(pending=pending, progress=progress)
    if pending.digest != shown:
        raise ChangedMeanwhile
    try:
        with transaction.atomic():
            batch = apply_plan(plan=plan, user=user, progress=progress)
            note(batch)
    except ChangedMeanwhile:
        examine(pending=pending, progress=progress)
        raise
    analyse_after(plan)
    try:
        discard(pending=pending)
    except OperationalError:  # it is written all the same; the row goes with what nobody applied
        logger.warning("After an import the database was too busy to forget its file.")
    return batch


def discard(*, pending: PendingImport) -> None:
    """Forget a file and its dry run."""
    shutil.rmtree(folder_of(pending), ignore_errors=True)
    pending.delete()


def purge() -> int:
    """Delete what nobody applied within a day, and folders that nothing knows; how many went."""
    old = PendingImport.objects.filter(uploaded_at__lt=timezone.now() - KEPT)
    count = 0
    for pending in old:
        discard(pending=pending)
        count += 1
    root = Path(settings.IMPORTS_ROOT)
    known = {str(each) for each in PendingImport.objects.values_list("uuid", flat=True)}
    oldest = (timezone.now() - KEPT).timestamp()
    for folder in root.iterdir() if root.is_dir() else ():
        if folder.name not in known and _is_ours(folder) and folder.stat().st_mtime < oldest:
            shutil.rmtree(folder, ignore_errors=True)
            count += 1
    return count


def _is_ours(folder: Path) -> bool:
    try:
        UUID(folder.name)
    except ValueError:
        return False
    return folder.is_dir()


# -- the rows of a dry run --------------------------------------------------------------


def _keep_rows(pending: PendingImport, plan: Plan) -> str:
    """Write every row of a plan, a file a group; a mark of all that it would do."""
    mark = blake2b(digest_size=32)
    folder = folder_of(pending)
    for group in GROUPS:
        with (folder / f"{group}.jsonl").open("w", encoding="utf-8") as out:
            for row in getattr(plan, group):
                line = json.dumps(_row(row), ensure_ascii=False, default=str)
                out.write(f"{line}\n")
                mark.update(f"{group} {line}\n".encode("utf-8", "replace"))
    for written in plan.writes.values():
        for planned in written.values():
            wrote = [planned.external_id, planned.digest, planned.held_pk, planned.changes]
            mark.update(json.dumps(wrote, default=str).encode("utf-8", "replace"))
    return mark.hexdigest()


def _row(row: Any) -> dict[str, Any]:
    """A row as its page shows it: fields in words, [field, here, in the file]."""
    kept = asdict(row)
    if isinstance(row, Changed):
        kept["fields"] = [
            [name, shown(name, here), shown(name, there)] for name, (here, there) in row.fields.items()
        ]
    return kept


def rows_of(pending: PendingImport, group: str, *, start: int, size: int) -> list[dict[str, Any]]:
    """Some rows of one group of the dry run that was shown last."""
    return list(islice(_lines(pending, group), start, start + size))


def _lines(pending: PendingImport, group: str) -> Iterator[dict[str, Any]]:
    path = folder_of(pending) / f"{group}.jsonl"
    if group not in GROUPS or not path.exists():
        return
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def all_rows(pending: PendingImport, groups: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every row of some groups, for a download."""
    for group in groups:
        for row in _lines(pending, group):
            yield group, row
