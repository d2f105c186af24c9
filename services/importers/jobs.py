"""Imports that take longer than a page may: asked for in the admin, done by a process of their own.

What was asked is a row in the database. `manage.py run_imports` does what waits, one after the other.
The admin starts it at once, and the schedule starts it again where it stopped. A step that was
killed left nothing half written, and is begun anew; after three such ends it is refused.
"""

import json
import logging
import subprocess
import sys
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.files import File
from django.core.management import call_command
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone
from wagtail.models import Site

from localoffer.batches import batched
from services.importers.base import BUSY, ChangedMeanwhile, UnknownColumns, UnusableFile
from services.importers.facts import CHUNK
from services.importers.oruk import SOURCE, as_imported
from services.importers.oruk_feed import Politeness, gather, shown
from services.importers.staging import apply_pending, discard, examine, folder_of, receive
from services.importers.undoing import CannotUndo, undo_import
from services.models import ImportBatch, ImportJob, ImportStep, JobState, PendingImport, Service
from services.signals import services_changed

logger = logging.getLogger(__name__)

TRIES = 3
KEPT = timedelta(days=30)
# Seconds without a sign of life after which a job is taken for stopped.
SILENCE = 120
# Seconds between one request to a feed and the next.
DELAY = 0.5
LONG_UNDO = 2_000
NOT_WRITTEN = "Nothing was written."
CHANGED = f"Something changed since the dry run. {NOT_WRITTEN} Look at the new dry run."
MEANWHILE = f"Somebody else changed the same entries just now. {NOT_WRITTEN} Try again."
STOPPED = (
    f"It stopped before its end {TRIES} times. {NOT_WRITTEN} Ask whoever runs the site to look at the log."
)


# -- asking -----------------------------------------------------------------------------


def ask_to_look(*, pending: PendingImport, user: AbstractBaseUser | None) -> ImportJob:
    """Have a dry run of a file made."""
    return _ask(pending.authority, ImportStep.LOOK, user, pending.file_name, pending=pending)


def ask_for_feed(*, url: str, authority: Site, user: AbstractBaseUser | None) -> ImportJob:
    """Have a feed fetched, and a dry run of it made."""
    return _ask(authority, ImportStep.LOOK, user, shown(url), feed=url)


def ask_to_apply(*, pending: PendingImport, user: AbstractBaseUser | None) -> ImportJob:
    """Have done what the dry run of a file showed."""
    wanted = {"pending": pending, "digest": pending.digest}
    return _ask(pending.authority, ImportStep.APPLY, user, pending.file_name, **wanted)


def ask_to_undo(*, batch: ImportBatch, user: AbstractBaseUser | None) -> ImportJob:
    """Have an import undone."""
    return _ask(batch.authority, ImportStep.UNDO, user, batch.file_name, batch=batch)


@transaction.atomic
def _ask(
    authority: Site, step: ImportStep, user: AbstractBaseUser | None, name: str, **wanted: object
) -> ImportJob:
    """The job for it: one that waits already, where somebody asked twice."""
    about = {"authority": authority, "step": step, **wanted}
    waiting = ImportJob.objects.filter(**about, state=JobState.WAITING).first()
    if waiting is None:
        waiting = ImportJob.objects.create(**about, asked_by=user, file_name=name[:255])
    transaction.on_commit(start)
    return waiting


def start() -> None:
    """Begin a process that does what waits and outlives this one. Where it cannot, the schedule will."""
    try:
        subprocess.Popen(  # noqa: S603  # our own command, of this Python
            [sys.executable, str(settings.BASE_DIR / "manage.py"), "run_imports"],
            cwd=settings.BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        logger.warning("run_imports could not be started: %s", error.strerror)


# -- how far it is ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Far:
    """A step in words, how much of it is done, of how much in all (0: nobody knows), and whether it moves."""

    step: str = ""
    done: int = 0
    total: int = 0
    moves: bool = True


def _note_of(job: ImportJob) -> Path:
    return Path(settings.IMPORTS_ROOT) / "under-way" / f"{job.uuid}.json"


class _Telling:
    """A `Progress` that leaves a note beside the files: a write to the database would wait for the import."""

    def __init__(self, job: ImportJob) -> None:
        self.note = _note_of(job)
        self.note.parent.mkdir(parents=True, exist_ok=True)
        self.last = 0.0

    def __call__(self, step: str, done: int, total: int) -> None:
        if time.monotonic() - self.last < 0.5 and done != total:
            return
        self.last = time.monotonic()
        fresh = self.note.with_suffix(".new")
        fresh.write_text(json.dumps([step, done, total]), encoding="utf-8")
        fresh.replace(self.note)


def how_far(job: ImportJob) -> Far:
    """The last that a job said of itself."""
    note = _note_of(job)
    try:
        step, done, total = json.loads(note.read_text(encoding="utf-8"))
        silent = time.time() - note.stat().st_mtime
    except (OSError, ValueError):
        return Far(moves=(timezone.now() - job.asked_at).total_seconds() < SILENCE)
    return Far(step, done, total, moves=silent < SILENCE)


# -- doing ----------------------------------------------------------------------------------


def run_waiting() -> int:
    """Do what waits on this machine, the oldest first; how many jobs came to an end.

    The caller sees to it that one process does this at a time.
    """
    count = 0
    while job := next(filter(_is_here, unfinished()), None):
        _run(job)
        count += job.ended_at is not None
    return count


def unfinished() -> list[ImportJob]:
    states = (JobState.WAITING, JobState.WRITTEN)
    jobs = ImportJob.objects.filter(state__in=states)
    return list(jobs.select_related("authority", "pending", "batch", "asked_by"))


def _is_here(job: ImportJob) -> bool:
    """Whether its file is on this machine; another server may hold it."""
    if job.step == ImportStep.UNDO or job.feed or job.state == JobState.WRITTEN:
        return True
    return job.pending is None or folder_of(job.pending).exists()


def _run(job: ImportJob) -> None:
    """Do one, whatever comes of it: what failed is said on its page.

    Where somebody else held the database it waits on, and is tried again."""
    if job.state == JobState.WRITTEN:
        _catch_up(job)
        return
    if job.attempts >= TRIES:
        _end(job, JobState.REFUSED, STOPPED)
        return
    job.attempts += 1
    job.save(update_fields=["attempts"])
    telling = _Telling(job)
    telling("Starting", 0, 0)
    try:
        if job.step == ImportStep.LOOK:
            _look(job, telling)
        elif job.step == ImportStep.APPLY:
            _apply(job, telling)
        else:
            _undo(job, telling)
    except (UnusableFile, CannotUndo) as error:
        _end(job, JobState.REFUSED, f"{error} {NOT_WRITTEN}")
    except ChangedMeanwhile:
        _end(job, JobState.REFUSED, CHANGED if job.step == ImportStep.APPLY else MEANWHILE)
    except IntegrityError:
        logger.exception("An import was refused by the database.")
        _end(job, JobState.REFUSED, MEANWHILE)
    except OperationalError:
        logger.exception("An import could not be written: the database was busy.")
        if job.attempts >= TRIES:
            _end(job, JobState.REFUSED, f"{BUSY} Try again in a minute.")
    else:
        _end(job, JobState.DONE, job.message)


def _end(job: ImportJob, state: JobState, message: str) -> None:
    job.state, job.message, job.feed, job.ended_at = state, message, "", timezone.now()
    job.save(update_fields=["state", "message", "feed", "ended_at", "pending", "batch"])
    _note_of(job).unlink(missing_ok=True)


def _look(job: ImportJob, telling: _Telling) -> None:
    """Fetch the feed where there is one, and make the dry run."""
    if job.pending is None:
        if not job.feed:
            raise UnusableFile("The file is no longer kept. Choose it again.")
        path = gather(
            job.feed,
            politeness=Politeness(delay=DELAY),
            progress=telling,
            known=as_imported(job.authority),
        )
        with path.open("rb") as held:
            about = {"format": SOURCE, "authority": job.authority, "user": job.asked_by}
            job.pending = receive(upload=File(held, name=job.file_name), **about)
        job.save(update_fields=["pending"])
    try:
        examine(pending=job.pending, progress=telling)
    except UnknownColumns as error:
        if not job.pending.unrecognised:
            discard(pending=job.pending)
            job.pending = None
            raise
        job.message = f"{error} Say which column is which."
    except UnusableFile:
        discard(pending=job.pending)
        job.pending = None
        raise


def _apply(job: ImportJob, telling: _Telling) -> None:
    if job.pending is None:
        raise UnusableFile("The file is no longer kept. Choose it again.")
    if job.digest != job.pending.digest:
        raise ChangedMeanwhile
    pending = job.pending

    def written(batch: ImportBatch | None) -> None:
        """Kept together with what was written, so that a crash after it is not taken for one before."""
        job.batch, job.state = batch, JobState.WRITTEN
        job.save(update_fields=["batch", "state"])

    apply_pending(pending=pending, user=job.asked_by, progress=telling, note=written)
    job.pending = None


def _undo(job: ImportJob, telling: _Telling) -> None:
    if job.batch is None:
        raise CannotUndo("This import is no longer known.")
    with transaction.atomic():
        undo_import(batch=job.batch, user=job.asked_by, progress=telling)
        job.state = JobState.WRITTEN
        job.save(update_fields=["state"])


def _catch_up(job: ImportJob) -> None:
    """After a stop between writing and search: tell search again of all that was written."""
    since = job.batch.undone_at or job.batch.applied_at if job.batch else job.asked_at
    written = Service.objects.filter(authority=job.authority, modified_at__gte=since)
    for some in batched(written.values_list("pk", flat=True), CHUNK):
        services_changed.send(sender=Service, ids=some)
    call_command("rebuild_index", if_needed=True, verbosity=0)
    if job.step == ImportStep.APPLY and job.pending is not None:
        discard(pending=job.pending)
        job.pending = None
    _end(job, JobState.DONE, job.message)


def forget_jobs() -> int:
    """Delete what ended long ago; how many."""
    return ImportJob.objects.filter(ended_at__lt=timezone.now() - KEPT).delete()[0]
