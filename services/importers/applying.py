"""Writing a plan to the database: all of it or nothing, many rows at a time."""

import logging
from collections.abc import Iterable, Sequence
from functools import cached_property
from itertools import chain, count
from typing import Any
from uuid import uuid4

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError, connection, models, transaction
from django.utils import timezone
from django.utils.text import slugify
from wagtail.models import ModelLogEntry, Site

from localoffer.batches import batched
from services import row_writing
from services.importers.base import ChangedMeanwhile, Progress, many_rows, no_progress
from services.importers.facts import (
    AT,
    CHUNK,
    LOCATION,
    ORGANISATION,
    ROWS,
    SERVICE,
    Built,
    Kind,
    held_ids,
    site_name,
)
from services.importers.planning import Plan, Planned
from services.models import (
    Category,
    ConditionTag,
    ImportBatch,
    ImportKind,
    ImportRecord,
    Need,
    Service,
    ServiceLocation,
)
from services.models.service import ServiceCondition, make_slug
from services.signals import services_changed

logger = logging.getLogger(__name__)

STEP = "Writing"
# From so many services on, the database counts its rows anew: its guesses would be far out.
ANALYSE_FROM = 500


@transaction.atomic
def apply_plan(
    *, plan: Plan, user: AbstractBaseUser | None = None, progress: Progress = no_progress
) -> ImportBatch | None:
    """Write what the plan says and tell search after commit; None when there is nothing to write.

    Raises ChangedMeanwhile or IntegrityError, with nothing written, when somebody else wrote the
    same entries since the plan was made; OperationalError when somebody else holds them, or the database.
    """
    if plan.is_empty:
        return None
    with many_rows():
        return Writer(plan, user, progress).write()


def analyse_after(plan: Plan) -> None:
    """Once it is kept: have the database learn how many rows there are. It can wait where others write."""
    if len(plan.added) + len(plan.changed) < ANALYSE_FROM:
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    except OperationalError:
        logger.warning("After an import the database was too busy to count its rows anew.")


class Writer:
    """The working memory of one application of a plan: a few hundred things at a time."""

    def __init__(self, plan: Plan, user: AbstractBaseUser | None, progress: Progress) -> None:
        self.plan, self.user, self.progress = plan, user, progress
        self.now = timezone.now()
        self.things: dict[int, Any] = {}
        self.ids: dict[ImportKind, dict[str, int]] = {}
        self.touched: set[int] = set()
        self.done = 0
        self.total = 0

    def write(self) -> ImportBatch:
        batch = ImportBatch.objects.create(
            authority=self.plan.authority,
            source=self.plan.source,
            file_name=self.plan.file_name[:255],
            counts=self.plan.counts,
            applied_at=self.now,
            applied_by=self.user,
        )
        self.write_things(batch)
        self.tell_after_commit()
        return batch

    def write_things(self, batch: ImportBatch) -> None:
        self.total = sum(map(len, self.plan.writes.values()))
        for kind in (ORGANISATION, LOCATION, SERVICE):
            for some in batched(self.plan.writes[kind.key].values(), CHUNK):
                if kind is SERVICE:
                    self._find_parts(some)
                self._write_some(kind, some, batch)

    def tell_after_commit(self) -> None:
        ids = sorted(self.touched)
        transaction.on_commit(lambda: self._tell(ids))

    def _write_some(self, kind: Kind, some: Sequence[Planned], batch: ImportBatch) -> None:
        """Write some of one kind, remember what they came as, and let them go."""
        added = [planned for planned in some if planned.is_new]
        changed = [planned for planned in some if planned.changes]
        self._load(kind, changed)
        self._make(kind, added)
        self._update_columns(kind, changed)
        if kind is SERVICE:
            self._write_services(added, changed, batch)
        else:
            self._touch(kind, changed)
        self._write_records(kind, some, batch)
        self.things.clear()
        self.done += len(some)
        self.progress(STEP, self.done, self.total)

    def _find_parts(self, services: Sequence[Planned]) -> None:
        """Keys of the organisations and places that some services name, all written by now."""
        said = [planned.values for planned in services]
        places = {place for values in said for place in values.get("locations", ())}
        for name, (_, columns) in ROWS.items():
            if AT in columns:
                places |= {row[AT] for values in said for row in values.get(name, ()) if row.get(AT)}
        providers = {values["organisation"] for values in said if values.get("organisation")}
        for kind, names in ((ORGANISATION, providers), (LOCATION, places)):
            self.ids[kind.key] = held_ids(kind, self.plan.authority, self.plan.source, names)

    def _touch(self, kind: Kind, changed: Sequence[Planned]) -> None:
        """Note every service whose page or search entry reads otherwise when these parts do."""
        path = "organisation" if kind is ORGANISATION else "service_locations__location"
        found = Service.objects.filter(**{f"{path}__in": [planned.held_pk for planned in changed]})
        ids = set(found.values_list("pk", flat=True))
        for some in batched(sorted(ids), CHUNK):
            Service.objects.filter(pk__in=some).update(modified_at=self.now)
        self.touched.update(ids)

    def _tell(self, ids: Sequence[int]) -> None:
        """Search catches up, some hundreds at a time, so that a person sees it move.

        What was planned is written and kept by now, and need not be held beside what search reads.
        """
        self.plan.forget_writes()
        with many_rows():
            for start, some in enumerate(batched(ids, CHUNK)):
                services_changed.send(sender=Service, ids=some)
                self.progress("Indexing", start * CHUNK + len(some), len(ids))

    def _load(self, kind: Kind, changed: Sequence[Planned]) -> None:
        """Fetch what is to be changed, and hold it until it is: nobody writes it in between.

        Raises ChangedMeanwhile where it is not as the plan found it.
        """
        pks = [planned.held_pk for planned in changed]
        rows = kind.model._default_manager.filter(pk__in=pks).order_by("pk").select_for_update()
        found = {row.pk: row for row in rows}
        names = {name for planned in changed for name in planned.changes}
        now = kind.read_many(pks, names, self.plan.source)
        for planned in changed:
            row, facts = found.get(planned.held_pk), now.get(planned.held_pk)
            if row is None or facts is None or (kind is SERVICE and _waits(row)):
                raise ChangedMeanwhile
            if any(facts[name] != here for name, (here, _) in planned.changes.items()):
                raise ChangedMeanwhile
            self.things[id(planned)] = row

    def _thing(self, planned: Planned) -> Any:
        """The object of the database: just made, or fetched."""
        return self.things[id(planned)]

    def _make(self, kind: Kind, new: Sequence[Planned]) -> None:
        """Create what is new; a service goes live at once."""
        for planned in new:
            thing = self.things[id(planned)] = _built(planned).made
            thing.authority = self.plan.authority
            thing.source = self.plan.source
            thing.external_id = planned.external_id
            if kind is SERVICE:
                self._make_live(planned)
        row_writing.insert(list(map(self._thing, new)))

    def _update_columns(self, kind: Kind, changed: Sequence[Planned]) -> None:
        """Each changed column of the things it changed in, and of no others."""
        by_column: dict[str, list[Any]] = {}
        for planned in changed:
            for name in planned.changes.keys() & set(kind.columns):
                setattr(self._thing(planned), name, getattr(_built(planned).made, name))
                by_column.setdefault(name, []).append(self._thing(planned))
        for name, things in by_column.items():
            kind.model._default_manager.bulk_update(things, [name])

    # -- services ----------------------------------------------------------------

    def _write_services(self, added: list[Planned], changed: list[Planned], batch: ImportBatch) -> None:
        """What a service has beside its columns: its links, its rows, its history."""
        self._update_services(changed)
        self._clear_rows(changed)
        self._write_rows([(planned, set(planned.values)) for planned in added])
        self._write_rows([(planned, set(planned.changes)) for planned in changed])
        self._write_log(batch, added, changed)
        self._republish(changed)
        self.touched.update(self._thing(planned).pk for planned in [*added, *changed])

    def _make_live(self, planned: Planned) -> None:
        """What `save()` and publishing would set."""
        service = self._thing(planned)
        service.slug = make_slug(service.name)
        service.organisation_id = self._organisation(planned)
        service.live = True
        service.has_unpublished_changes = False
        service.first_published_at = service.last_published_at = service.modified_at = self.now
        for name, value in planned.once.items():
            setattr(service, name, value)
        if not service.live:
            service.has_unpublished_changes = True
            service.first_published_at = service.last_published_at = None

    def _organisation(self, planned: Planned) -> int | None:
        external_id = planned.values.get("organisation")  # the source may say nothing of it
        return self.ids[ImportKind.ORGANISATION][external_id] if external_id else None

    def _update_services(self, changed: Sequence[Planned]) -> None:
        moved = [planned for planned in changed if "organisation" in planned.changes]
        renamed = [planned for planned in changed if "name" in planned.changes]
        for planned in moved:
            self._thing(planned).organisation_id = self._organisation(planned)
        for planned in renamed:
            self._thing(planned).slug = make_slug(self._thing(planned).name)
        for some, column in ((moved, "organisation"), (renamed, "slug")):
            Service.objects.bulk_update(list(map(self._thing, some)), [column])
        pks = [planned.held_pk for planned in changed]
        Service.objects.filter(pk__in=pks).update(modified_at=self.now)

    # -- what hangs on a service ---------------------------------------------------

    def _clear_rows(self, changed: Sequence[Planned]) -> None:
        """Drop the rows of those relations that are about to be written anew."""
        owners = {name: (model, service) for name, (model, service, _) in _HANGING.items()}
        owners |= {name: (model, "service") for name, (model, _) in ROWS.items()}
        for name, (model, column) in owners.items():
            pks = [planned.held_pk for planned in changed if name in planned.changes]
            model._default_manager.filter(**{f"{column}__in": pks}).delete()

    def _write_rows(self, services: Sequence[tuple[Planned, set[str]]]) -> None:
        """Write the relations named with each service."""
        named = [planned for planned, names in services if "conditions" in names]
        self._make_tags({tag for planned in named for tag in planned.values["conditions"]})
        ids = {
            "locations": self.ids[ImportKind.LOCATION],
            "needs": self.needs,
            "categories": self.categories,
            "conditions": self.tags,
            "serves": self.sites,
        }
        for name, (model, service, thing) in _HANGING.items():
            pairs = [
                (self._thing(planned).pk, ids[name][key])
                for planned, names in services
                if name in names
                for key in planned.values[name]
            ]
            _insert_pairs(model, f"{service}_id", f"{thing}_id", pairs)
        for name in ROWS:
            owned = [(planned, _built(planned).rows[name]) for planned, names in services if name in names]
            for planned, rows in owned:
                for row, place in rows:
                    row.service_id = self._thing(planned).pk
                    if place:
                        row.location_id = ids["locations"][place]
            row_writing.insert([row for _, rows in owned for row, _ in rows])

    @cached_property
    def needs(self) -> dict[str, int]:
        return dict(Need.objects.values_list("key", "pk"))

    @cached_property
    def categories(self) -> dict[str, int]:
        return dict(Category.objects.values_list("key", "pk"))

    @cached_property
    def sites(self) -> dict[str, int]:
        return {site_name(site): site.pk for site in Site.objects.all()}

    @cached_property
    def tags(self) -> dict[str, int]:
        """Lower-case name of each condition to its id."""
        return {name.lower(): pk for name, pk in ConditionTag.objects.values_list("name", "pk")}

    def _make_tags(self, names: set[str]) -> None:
        """Make the condition tags that are missing, each with a slug of its own."""
        missing = sorted(names - self.tags.keys()) if names else []
        slugs = set(ConditionTag.objects.values_list("slug", flat=True)) if missing else set()
        for name in missing:
            slug = slugify(name) or "condition"
            tries = chain([slug], (f"{slug}-{n}" for n in count(2)))
            free = next(candidate for candidate in tries if candidate not in slugs)
            slugs.add(free)
            self.tags[name] = ConditionTag.objects.create(name=name, slug=free).pk

    # -- what is remembered and told -----------------------------------------------

    def _write_records(self, kind: Kind, some: Sequence[Planned], batch: ImportBatch) -> None:
        old = [self._record(planned, kind, batch) for planned in some if planned.record_pk]
        ImportRecord.objects.bulk_update(old, _RECORDED)
        service = (lambda planned: planned.held_pk or self._thing(planned).pk) if kind is SERVICE else None
        rows = (
            (
                self.plan.authority.pk, self.plan.source, kind.key, planned.external_id,
                service(planned) if service else None, planned.settled,
                None if planned.is_new else planned.recorded, planned.recorded_digest, planned.changes,
                planned.incoming, planned.settled_digest, batch.pk,
            )
            for planned in some
            if planned.record_pk is None
        )  # fmt: skip
        row_writing.insert_rows(ImportRecord, _RECORD, rows)

    def _record(self, planned: Planned, kind: Kind, batch: ImportBatch) -> ImportRecord:
        return ImportRecord(
            pk=planned.record_pk,
            authority=self.plan.authority,
            source=self.plan.source,
            kind=kind.key,
            external_id=planned.external_id,
            service_id=(planned.held_pk or self._thing(planned).pk) if kind is SERVICE else None,
            values=planned.settled,
            previous=None if planned.is_new else planned.recorded,
            previous_digest=planned.recorded_digest,
            changes=planned.changes,
            incoming=planned.incoming,
            digest=planned.settled_digest,
            batch=batch,
        )

    def _log_data(self, batch: ImportBatch) -> dict[str, Any]:
        return {"import_batch": batch.pk, "source": self.plan.source}

    def _write_log(self, batch: ImportBatch, added: list[Planned], changed: list[Planned]) -> None:
        """A line of Wagtail's history for each service, so that its page says where it came from."""
        kind = ContentType.objects.get_for_model(Service)
        data = self._log_data(batch)
        user = self.user.pk if self.user else None
        rows = (
            (kind.pk, str(self._thing(planned).pk), self._thing(planned).name, action, self.now, user,
             True, False, data, uuid4())
            for action, group in (("wagtail.create", added), ("wagtail.edit", changed))
            for planned in group
        )  # fmt: skip
        row_writing.insert_rows(ModelLogEntry, _LOGGED, rows)

    def _republish(self, changed: Iterable[Planned]) -> None:
        """Give a service that has revisions one more: its editor opens the last revision, not the row."""
        pks = [planned.held_pk for planned in changed if self._thing(planned).latest_revision_id]
        for service in Service.objects.filter(pk__in=pks):
            service.save_revision(user=self.user, changed=False, clean=False).publish(
                user=self.user, changed=False, log_action=False, skip_permission_checks=True
            )


def _waits(service: Service) -> bool:
    """Whether staff are writing a new version of it, or took it down."""
    return not service.live or service.has_unpublished_changes


_RECORD = (
    "authority_id", "source", "kind", "external_id", "service_id", "values", "previous", "previous_digest",
    "changes", "incoming", "digest", "batch_id",
)  # fmt: skip
_LOGGED = (
    "content_type_id", "object_id", "label", "action", "timestamp", "user_id", "content_changed", "deleted",
    "data", "uuid",
)  # fmt: skip
_RECORDED = ("values", "previous", "previous_digest", "changes", "incoming", "digest", "batch")
# Relations that are pairs of ids: their model, its column for the service and for the other thing.
_HANGING: dict[str, tuple[type[models.Model], str, str]] = {
    "locations": (ServiceLocation, "service", "location"),
    "needs": (Service.needs.through, "service", "need"),
    "categories": (Service.categories.through, "service", "category"),
    "conditions": (ServiceCondition, "content_object", "tag"),
    "serves": (Service.serves.through, "service", "site"),
}


def _insert_pairs(model: type[models.Model], service: str, thing: str, pairs: list[tuple[int, int]]) -> None:
    """Rows of two ids; a place's row has a UUID of its own, by which other systems know it."""
    if any(field.name == "uuid" for field in model._meta.concrete_fields):
        row_writing.insert_rows(model, (service, thing, "uuid"), ((*pair, uuid4()) for pair in pairs))
    else:
        row_writing.insert_rows(model, (service, thing), pairs)


def _built(planned: Planned) -> Built:
    """What was made of a thing that is new or changed; one that is the same is never asked."""
    if planned.built is None:
        raise ValueError(f"{planned.external_id} has nothing to write.")
    return planned.built
