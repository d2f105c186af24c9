"""Undoing the last import of a source: what it added goes, what it changed goes back.

What a person edited since is left alone and listed. So is what something else now refers to.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models.fields.reverse_related import ForeignObjectRel
from django.utils import timezone
from wagtail.models import ModelLogEntry, Site

from services.importers.applying import Writer
from services.importers.base import Progress, many_rows, no_progress
from services.importers.facts import CHUNK, KINDS, LOCATION, ORGANISATION, SERVICE, Kind, held_ids, vocabulary
from services.importers.planning import DOWN, DRAFT, Plan, Planned, alike, crossed
from services.models import ImportBatch, ImportRecord, Service, ServiceLocation

MOST_LISTED = 1_000
EDITED = "It was edited here since."
REFERRED = "Something else here refers to it now."
GONE = "It is no longer here."


class CannotUndo(ValueError):
    """Why an import cannot be undone, for the person who asked."""


@dataclass(frozen=True, slots=True)
class NotUndone:
    """Something left as it is: its name, and the field where one field alone is."""

    name: str
    field: str
    reason: str


@dataclass(slots=True)
class Undone:
    """How many services were taken away and put back, and what was left alone: the first of it listed."""

    removed: int = 0
    restored: int = 0
    left: int = 0
    kept: list[NotUndone] = field(default_factory=list)

    def keep(self, left: NotUndone) -> None:
        self.left += 1
        if len(self.kept) < MOST_LISTED:
            self.kept.append(left)


def last_import(*, authority: Site, source: str) -> ImportBatch | None:
    """The newest import of a source: the only one that can be undone."""
    return ImportBatch.objects.filter(authority=authority, source=source).first()


@transaction.atomic
def undo_import(
    *, batch: ImportBatch, user: AbstractBaseUser | None = None, progress: Progress = no_progress
) -> Undone:
    """Put back what was there before. Raises CannotUndo, or ChangedMeanwhile, with nothing written."""
    batch = ImportBatch.objects.select_for_update().get(pk=batch.pk)
    if batch.undone_at:
        raise CannotUndo("This import was undone already.")
    if last_import(authority=batch.authority, source=batch.source) != batch:
        raise CannotUndo("Only the last import of a kind can be undone. There is a newer one.")
    with many_rows():
        undone = _Undoing(batch, user, progress).run()
    batch.undone_at, batch.undone_by, batch.undone = timezone.now(), user, asdict(undone)
    batch.save(update_fields=["undone_at", "undone_by", "undone"])
    return undone


class _Restorer(Writer):
    """Writes changes back. The records are put back by `_Undoing`, from what they were before."""

    def _write_records(self, kind: Kind, some: Sequence[Planned], batch: ImportBatch) -> None:
        """Nothing here."""

    def _log_data(self, batch: ImportBatch) -> dict[str, Any]:
        return {"undone_import": batch.pk, "source": self.plan.source}


class _Undoing:
    def __init__(self, batch: ImportBatch, user: AbstractBaseUser | None, progress: Progress) -> None:
        self.batch, self.user = batch, user
        self.plan = Plan(batch.source, batch.authority, batch.file_name)
        self.writer = _Restorer(self.plan, user, progress)
        self.known = vocabulary()
        self.undone = Undone()

    def run(self) -> Undone:
        for kind in KINDS.values():
            for some in self._some(kind, added=False):
                self._put_back(kind, some)
        self.writer.write_things(self.batch)
        self.undone.restored = len(self.plan.writes[SERVICE.key])
        self._remove_services()
        for kind in (LOCATION, ORGANISATION):
            self._remove_parts(kind)
        self.writer.tell_after_commit()
        return self.undone

    def _some(self, kind: Kind, *, added: bool) -> Iterator[list[ImportRecord]]:
        """Records of what the import added, or of what it changed, some at a time."""
        records = ImportRecord.objects.filter(batch=self.batch, kind=kind.key, previous__isnull=added)
        last = 0
        while some := list(records.filter(pk__gt=last).order_by("pk")[:CHUNK]):
            last = some[-1].pk
            yield some

    def _keep(self, name: str, reason: str, fields: str = "") -> None:
        self.undone.keep(NotUndone(name, fields.replace("_", " "), reason))

    # -- what was changed --------------------------------------------------------------

    def _put_back(self, kind: Kind, records: Sequence[ImportRecord]) -> None:
        """Plan the way back of each field that still is as the import wrote it."""
        held = self._held(kind, records)
        names = {name for record in records for name in record.changes}
        names |= {"name"} | ({"min_age", "max_age"} if kind is SERVICE else set())
        facts = kind.read_many(list(held.values()), names, self.batch.source)
        standing = self._standing(kind, list(held.values()))
        for record in records:
            pk = held.get(record.pk)
            if record.changes and pk not in facts:
                self._keep(record.external_id, GONE)
            elif record.changes:
                self._put_one_back(kind, record, pk, facts[pk], standing.get(pk, ""))
            record.values, record.digest, record.changes = record.previous, record.previous_digest, {}
        ImportRecord.objects.bulk_update(records, ["values", "digest", "changes"])

    def _put_one_back(
        self, kind: Kind, record: ImportRecord, pk: int, now: dict[str, Any], waits: str
    ) -> None:
        called = now["name"] or record.external_id
        planned = Planned(kind, record.external_id, "", pk, record.pk)
        for name, (before, after) in record.changes.items():
            if alike(now[name], after) and not waits:
                planned.changes[name] = (now[name], before)
            else:
                self._keep(called, waits or EDITED, name)
        if crossed(now, planned.changes):
            for name in ("min_age", "max_age"):
                if planned.changes.pop(name, None):
                    self._keep(called, EDITED, name)
        if planned.changes:
            back = {name: before for name, (_, before) in planned.changes.items()}
            planned.built = kind.build(back, self.known)
            if planned.built.faults:
                self._keep(called, " ".join(planned.built.faults.values()))
            else:
                self.plan.writes[kind.key][record.external_id] = planned

    def _standing(self, kind: Kind, pks: Sequence[int]) -> dict[int, str]:
        """Why a service may not be written to, of those that may not."""
        if kind is not SERVICE:
            return {}
        rows = Service.objects.filter(pk__in=pks).values_list("pk", "live", "has_unpublished_changes")
        return {
            pk: f"{(DRAFT if live else DOWN).capitalize()}." for pk, live, draft in rows if draft or not live
        }

    def _held(self, kind: Kind, records: Sequence[ImportRecord]) -> dict[int, int]:
        """Key of each record to that of its thing."""
        if kind is SERVICE:
            return {record.pk: record.service_id for record in records if record.service_id}
        names = {record.external_id for record in records}
        ids = held_ids(kind, self.batch.authority, self.batch.source, names)
        return {record.pk: ids[record.external_id] for record in records if record.external_id in ids}

    # -- what was added ------------------------------------------------------------------

    def _added(self, kind: Kind) -> Iterator[tuple[dict[int, ImportRecord], dict[int, Any]]]:
        """({key of a thing: its record}, {key: facts as they are now}), some at a time."""
        for some in self._some(kind, added=True):
            held = self._held(kind, some)
            records = {held[record.pk]: record for record in some if record.pk in held}
            ImportRecord.objects.filter(pk__in=[r.pk for r in some if r.pk not in held]).delete()
            names = {name for record in records.values() for name in record.values} | {"name"}
            yield records, kind.read_many(list(records), names, self.batch.source)

    def _remove_services(self) -> None:
        for records, facts in self._added(SERVICE):
            _hold(list(records))
            edited = self._edited(list(records))
            referred = referred_to(Service, list(records))
            gone = []
            for pk, record in records.items():
                reason = EDITED if pk in edited or not _unchanged(facts[pk], record) else ""
                reason = reason or (REFERRED if pk in referred else "")
                if reason:
                    self._keep(facts[pk]["name"], reason)
                else:
                    gone.append(pk)
            self._log_removal({pk: facts[pk]["name"] for pk in gone})
            ImportRecord.objects.filter(pk__in=[records[pk].pk for pk in gone]).delete()
            Service.objects.filter(pk__in=gone).delete()
            self.writer.touched.update(gone)
            self.undone.removed += len(gone)

    def _edited(self, pks: Sequence[int]) -> set[int]:
        """Services that somebody saved since: they have a version, or a line of history of another kind."""
        content_type = ContentType.objects.get_for_model(Service)
        lines = ModelLogEntry.objects.filter(content_type=content_type, object_id__in=list(map(str, pks)))
        by_others = lines.exclude(data__import_batch=self.batch.pk).filter(
            timestamp__gte=self.batch.applied_at
        )
        since = models.Q(latest_revision__isnull=False) | models.Q(modified_at__gt=self.batch.applied_at)
        saved = Service.objects.filter(since, pk__in=pks)
        return {int(pk) for pk in by_others.values_list("object_id", flat=True)} | set(
            saved.values_list("pk", flat=True)
        )

    def _log_removal(self, names: dict[int, str]) -> None:
        content_type = ContentType.objects.get_for_model(Service)
        ModelLogEntry.objects.bulk_create(
            ModelLogEntry(
                content_type=content_type,
                object_id=str(pk),
                label=name,
                action="wagtail.delete",
                timestamp=timezone.now(),
                user=self.user,
                deleted=True,
                data={"undone_import": self.batch.pk, "source": self.batch.source},
            )
            for pk, name in names.items()
        )

    def _remove_parts(self, kind: Kind) -> None:
        """Organisations and places that the import made, nobody edited and nobody names any more."""
        for records, facts in self._added(kind):
            used = referred_to(kind.model, list(records))
            gone = [pk for pk, record in records.items() if pk not in used and _unchanged(facts[pk], record)]
            for pk, record in records.items():
                if pk not in used and pk not in gone:
                    self._keep(facts[pk]["name"] or record.external_id, EDITED)
            kind.model._default_manager.filter(pk__in=gone).delete()
            ImportRecord.objects.filter(pk__in=[records[pk].pk for pk in gone]).delete()


def _hold(services: Sequence[int]) -> None:
    """Nobody saves these until they are gone: who began before is seen below as an edit."""
    list(Service.objects.filter(pk__in=services).order_by("pk").select_for_update().values_list("pk"))


def _unchanged(now: dict[str, Any], record: ImportRecord) -> bool:
    return all(alike(now[name], value) for name, value in record.values.items() if name in now)


def referred_to(model: type[models.Model], pks: Sequence[int]) -> set[int]:
    """Those of the things that rows point at which are no part of them, such as a comment."""
    found: set[int] = set()
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel) and not relation.many_to_many and not _is_part(relation):
            name = relation.field.name
            rows = relation.related_model._default_manager.filter(**{f"{name}__in": pks})
            found.update(rows.values_list(name, flat=True))
    return found & set(pks)


def _is_part(relation: ForeignObjectRel) -> bool:
    """Rows that a service owns go with it; the record of its import knows that it went."""
    rows = relation.related_model
    owned = relation.model is Service and (
        rows is ServiceLocation or rows._meta.auto_created or "Parental" in type(relation.field).__name__
    )
    return bool(owned) or rows is ImportRecord
