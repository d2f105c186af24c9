"""Plan and apply: what any importer may rely on."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import IntegrityError, OperationalError, connection
from wagtail.models import ModelLogEntry

from services.importers import applying, planning
from services.importers.applying import apply_plan
from services.importers.base import ChangedMeanwhile, Entry, Part, Rejected, Skipped, UnusableFile, many_rows
from services.importers.planning import DELETED, DOWN, DRAFT, make_plan
from services.models import ConditionTag, ImportBatch, ImportRecord, Location, Organisation, Service
from services.signals import services_changed
from services.vocabulary import load
from tests.factories import make_authority, make_service

pytestmark = pytest.mark.django_db


class ListImporter:
    """An importer of what a test puts into `items`."""

    source, label, columns = "list", "A list", {}

    def __init__(self, *items) -> None:
        self.items = items

    def read(self, path, authority, progress, meanings) -> Iterator:
        yield from self.items


def entry(external_id="a", line=2, organisation=None, locations=(), **facts) -> Entry:
    facts = {"name": f"Service {external_id}", "section": "health", **facts}
    return Entry(line, external_id, facts, organisation, tuple(locations))


def place(external_id="p", **facts) -> Part:
    return Part(external_id, {"name": "The Hub", "postcode": "BS5 6RJ", **facts})


def provider(external_id="o", **facts) -> Part:
    return Part(external_id, {"name": "The Trust", "provider_type": "nhs", **facts})


@pytest.fixture
def council():
    load()
    return make_authority()


@pytest.fixture
def planned(council):
    def plan(*items):
        return make_plan(importer=ListImporter(*items), path=Path("list.txt"), authority=council)

    return plan


@pytest.fixture
def imported(planned):
    def run(*items):
        plan = planned(*items)
        apply_plan(plan=plan)
        return plan

    return run


WHOLE = {
    "needs": ["SLCN", "ASD", "ASD"],
    "categories": ["speech_and_language_therapy"],
    "conditions": ["Epilepsy", "rett syndrome"],
    "delivery": ["in_person", "online"],
    "min_age": 2,
    "max_age": 18,
    "last_checked": "2026-01-31",
    "contacts": [{"role": "Office", "phone": "0117 496 0101", "email": ""}],
    "costs": [{"kind": "charged", "amount": "6.8", "note": "An hour."}],
    "schedules": [{"days": ["MO"], "opens": "09:00", "closes": "15:30", "when": "term_time", "note": ""}],
}


def test_apply_when_new_then_every_fact_is_stored_and_live(imported):
    imported(entry(organisation=provider(), locations=[place(), place("q")], **WHOLE))
    service = Service.objects.get()
    assert (service.live, service.slug, service.source, service.external_id) == (
        True,
        "service-a",
        "list",
        "a",
    )
    assert {need.key for need in service.needs.all()} == {"ASD", "SLCN"}
    assert {tag.name for tag in service.conditions.all()} == {"epilepsy", "rett syndrome"}
    assert service.organisation.name == "The Trust"
    assert service.service_locations.count() == 2
    assert str(service.costs.get().amount) == "6.80"
    assert service.schedules.get().opens.hour == 9
    assert service.delivery == ["in_person", "online"]
    assert service.first_published_at
    assert ModelLogEntry.objects.filter(object_id=str(service.pk), action="wagtail.create").exists()


def test_make_plan_when_dry_then_nothing_is_written(planned):
    plan = planned(entry(organisation=provider(), locations=[place()], **WHOLE))
    assert plan.counts["added"] == 1
    for model in (Service, Organisation, Location, ConditionTag, ImportBatch, ImportRecord):
        assert not model.objects.exists()


def test_apply_when_repeated_then_nothing_changes_and_no_batch_is_made(imported):
    items = [entry(organisation=provider(), locations=[place()], **WHOLE), entry("b")]
    imported(*items)
    before = list(Service.objects.order_by("pk").values())
    plan = imported(*items)
    assert (plan.unchanged, plan.is_empty) == (2, True)
    assert list(Service.objects.order_by("pk").values()) == before
    assert ImportBatch.objects.count() == 1


def test_plan_when_repeated_then_few_queries(planned, imported, django_assert_max_num_queries):
    items = [entry(str(n), organisation=provider(), locations=[place(str(n))], **WHOLE) for n in range(30)]
    imported(*items)
    with django_assert_max_num_queries(14):
        assert planned(*items).unchanged == 30


def test_plan_when_the_source_changed_then_field_by_field(imported, planned):
    imported(entry(organisation=provider(), locations=[place()], **WHOLE))
    changed = {**WHOLE, "max_age": 19, "needs": ["ASD"]}
    plan = planned(
        entry(organisation=provider(url="https://t.example.org"), locations=[place(city="Bath")], **changed)
    )
    assert plan.changed[0].fields == {
        "max age": (18, 19),
        "needs": (["ASD", "SLCN"], ["ASD"]),
        "organisation url": ("", "https://t.example.org"),
        "place city": ("", "Bath"),
    }


@pytest.mark.parametrize(
    ("field", "value", "read"),
    [
        ("name", "New name", lambda s: (s.name, s.slug)[0]),
        ("needs", ["VI"], lambda s: [n.key for n in s.needs.all()]),
        ("categories", ["physiotherapy"], lambda s: [c.key for c in s.categories.all()]),
        ("conditions", ["asthma"], lambda s: [t.name for t in s.conditions.all()]),
        ("contacts", [], lambda s: list(s.contacts.all())),
        ("costs", [], lambda s: list(s.costs.all())),
        ("schedules", [], lambda s: list(s.schedules.all())),
        ("delivery", ["phone"], lambda s: s.delivery),
        ("max_age", None, lambda s: s.max_age),
    ],
)
def test_apply_when_one_field_changed_then_that_and_no_other(imported, field, value, read):
    imported(entry(**WHOLE))
    before = Service.objects.values("uuid", "created_at", "summary", "section", "min_age").get()
    imported(entry(**{**WHOLE, field: value}))
    service = Service.objects.get()
    assert read(service) == value
    assert Service.objects.values("uuid", "created_at", "summary", "section", "min_age").get() == before
    assert imported(entry(**{**WHOLE, field: value})).unchanged == 1


def test_apply_when_renamed_then_its_address_follows(imported):
    imported(entry())
    imported(entry(name="Seahorse Club"))
    assert Service.objects.get().slug == "seahorse-club"


def test_apply_when_provider_and_places_move_then_linked_anew(imported):
    imported(entry(organisation=provider(), locations=[place("p"), place("q")]))
    imported(entry(organisation=provider("o2", name="Another"), locations=[place("q"), place("r")]))
    service = Service.objects.get()
    assert service.organisation.name == "Another"
    assert [row.location.external_id for row in service.service_locations.all()] == ["q", "r"]


def test_apply_when_conditions_read_alike_then_each_has_an_address_of_its_own(imported):
    imported(
        entry(conditions=["tourettes", "Tourette's", "自閉症", "…"]), entry("b", conditions=["TOURETTES"])
    )
    tags = dict(ConditionTag.objects.values_list("name", "slug"))
    assert set(tags) == {"tourettes", "tourette's", "自閉症", "…"}
    assert len(set(tags.values())) == 4
    assert [tag.name for tag in Service.objects.get(external_id="b").conditions.all()] == ["tourettes"]


def test_apply_when_edited_here_then_the_edit_is_kept(imported):
    imported(entry(summary="From the source."))
    Service.objects.update(summary="Ours.")
    plan = imported(entry(summary="From the source."))
    assert (plan.unchanged, len(plan.conflicts)) == (1, 0)
    assert Service.objects.get().summary == "Ours."


def test_apply_when_both_changed_then_conflict_is_listed_each_time_and_ours_is_kept(imported):
    imported(entry(summary="First.", waiting_time="A week"))
    Service.objects.update(summary="Ours.")
    for _ in range(2):
        plan = imported(entry(summary="Second.", waiting_time="A month"))
        assert plan.conflicts[0].fields == {"summary": ("Ours.", "Second.")}
    service = Service.objects.get()
    assert (service.summary, service.waiting_time) == ("Ours.", "A month")
    assert plan.is_empty
    Service.objects.update(summary="First.")
    assert imported(entry(summary="Second.", waiting_time="A month")).changed[0].fields == {
        "summary": ("First.", "Second.")
    }


def test_apply_when_both_changed_to_the_same_then_no_conflict(imported):
    imported(entry(summary="First."))
    Service.objects.update(summary="Second.")
    plan = imported(entry(summary="Second."))
    assert not plan.conflicts
    assert imported(entry(summary="Third.")).changed


def test_apply_when_a_place_was_edited_here_then_what_the_source_lacks_is_kept(imported):
    imported(entry(locations=[place()]))
    Location.objects.update(access=["hoist"], sensory="Quiet.")
    imported(entry(locations=[place(city="Bath")]))
    where = Location.objects.get()
    assert (where.city, where.access, where.sensory) == ("Bath", ["hoist"], "Quiet.")


def test_apply_when_one_age_was_edited_here_then_the_pair_stays_together(imported):
    imported(entry(min_age=4, max_age=11))
    Service.objects.update(max_age=10)
    plan = imported(entry(min_age=12, max_age=18))
    assert set(plan.conflicts[0].fields) == {"min age", "max age"}
    assert Service.objects.values_list("min_age", "max_age").get() == (4, 10)


def test_apply_when_an_age_edited_here_would_cross_the_sources_then_conflict(imported):
    imported(entry(min_age=4, max_age=16))
    Service.objects.update(max_age=10)
    plan = imported(entry(min_age=12, max_age=16))
    assert set(plan.conflicts[0].fields) == {"min age"}
    assert Service.objects.values_list("min_age", "max_age").get() == (4, 10)


def test_apply_when_a_draft_is_waiting_then_nothing_of_it_is_touched(imported):
    imported(entry(summary="First."))
    service = Service.objects.get()
    service.waiting_time = "A draft"
    service.save_revision()
    plan = imported(entry(summary="Second."))
    assert plan.conflicts[0].fields == {"summary": (DRAFT, "Second.")}
    assert Service.objects.get().summary == "First."


def test_apply_when_taken_down_here_then_it_stays_down(imported):
    imported(entry(summary="First."))
    Service.objects.get().unpublish()
    plan = imported(entry(summary="Second."))
    assert plan.conflicts[0].fields == {"summary": (DOWN, "Second.")}
    assert not Service.objects.get().live


def test_apply_when_it_has_revisions_then_the_editor_opens_what_is_live(imported):
    imported(entry(summary="First.", contacts=WHOLE["contacts"]))
    Service.objects.get().save_revision().publish()
    imported(entry(summary="Second.", contacts=[]))
    latest = Service.objects.get().get_latest_revision_as_object()
    assert (latest.summary, list(latest.contacts.all())) == ("Second.", [])
    assert not Service.objects.get().has_unpublished_changes


def test_apply_when_deleted_here_then_it_stays_deleted_and_is_listed(imported):
    imported(entry(locations=[place()]))
    Service.objects.all().delete()
    plan = imported(entry(summary="Still there."))
    assert plan.conflicts[0].fields == {"entry": (DELETED, "in the file")}
    assert not Service.objects.exists()


def test_plan_when_gone_from_the_source_then_listed_and_never_deleted(imported):
    imported(entry("a"), entry("b"), entry("c"))
    plan = imported(entry("a"), Skipped(3, "It is closed.", "b"), Rejected(4, "age", "wrong", "c"))
    assert [(row.external_id, row.reason) for row in plan.vanished] == [("b", "It is closed.")]
    assert Service.objects.filter(live=True).count() == 3


def test_plan_when_an_id_is_repeated_then_the_second_is_rejected_with_both_lines(imported):
    plan = imported(entry("a", line=2), entry("a", line=9, name="Other"))
    assert (plan.rejected[0].line, "line 2" in plan.rejected[0].reason) == (9, True)
    assert Service.objects.get().name == "Service a"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"section": "moon"}, "section"),
        ({"min_age": 9, "max_age": 3}, "max age"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"needs": ["NOPE"]}, "needs"),
        ({"categories": ["nope"]}, "categories"),
        ({"delivery": ["pigeon"]}, "delivery"),
        ({"last_checked": "31/02/2026"}, "last checked"),
        ({"contacts": [{"role": "", "phone": "", "email": "not one"}]}, "contacts"),
        ({"costs": [{"kind": "priceless", "amount": None, "note": ""}]}, "costs"),
        (
            {"schedules": [{"days": ["XX"], "opens": None, "closes": None, "when": "all_year", "note": ""}]},
            "schedules",
        ),
        ({"locations": [place(latitude="north")]}, "place latitude"),
        ({"organisation": provider(provider_type="moon")}, "organisation provider type"),
    ],
)
def test_plan_when_the_model_would_refuse_then_rejected_with_its_field(imported, facts, field):
    plan = imported(entry("a", **facts), entry("b"))
    assert [(row.line, row.field) for row in plan.rejected] == [(2, field)]
    assert plan.rejected[0].reason
    assert [service.external_id for service in Service.objects.all()] == ["b"]
    assert not Location.objects.exists()
    assert not Organisation.objects.exists()


def test_apply_when_places_and_providers_are_shared_then_one_of_each(imported):
    imported(*(entry(i, organisation=provider(), locations=[place()]) for i in "abc"))
    assert (Organisation.objects.count(), Location.objects.count()) == (1, 1)
    plan = imported(*(entry(i, organisation=provider(), locations=[place(city="Bath")]) for i in "abc"))
    assert len(plan.changed) == 3


def test_apply_when_something_fails_midway_then_nothing_is_written(planned, council):
    plan = planned(entry("a", locations=[place()]), entry("b"))
    make_service(council, source="list", external_id="b")
    with pytest.raises(IntegrityError):
        apply_plan(plan=plan)
    assert not Location.objects.exists()
    assert not ImportBatch.objects.exists()


def test_apply_when_another_councils_then_untouched(imported, council):
    other = make_authority("Northshire", hostname="north.example.org")
    make_service(other, source="list", external_id="a", name="Theirs")
    imported(entry("a"))
    assert set(Service.objects.values_list("name", "authority__hostname")) == {
        ("Theirs", "north.example.org"),
        ("Service a", "localhost"),
    }


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_apply_when_kept_then_search_is_told_once_of_every_service_that_reads_otherwise(imported):
    told: list[int] = []

    def listen(sender, ids, **kwargs):
        told.extend(ids)

    imported(entry("a", locations=[place()]), entry("b"), entry("c", organisation=provider()))
    services_changed.connect(listen)
    try:
        imported(
            entry("a", locations=[place(city="Bath")]),
            entry("b"),
            entry("c", organisation=provider(name="New")),
        )
    finally:
        services_changed.disconnect(listen)
    assert sorted(told) == sorted(
        Service.objects.filter(external_id__in=["a", "c"]).values_list("pk", flat=True)
    )


def test_record_when_applied_then_it_says_what_came_and_what_was_before(imported):
    imported(entry(summary="First."))
    record = ImportRecord.objects.get(kind="service")
    assert (record.values["summary"], record.previous, record.service.external_id) == ("First.", None, "a")
    imported(entry(summary="Second."))
    record.refresh_from_db()
    assert (record.values["summary"], record.previous["summary"]) == ("Second.", "First.")
    assert record.batch == ImportBatch.objects.first()
    assert record.batch.counts["changed"] == 1


def test_plan_when_many_entries_then_compared_in_pieces_alike(imported, monkeypatch):
    monkeypatch.setattr(planning, "CHUNK", 2)
    items = [entry(str(n), organisation=provider(), locations=[place(str(n))]) for n in range(7)]
    imported(*items)
    changed = [
        entry(str(n), summary="New.", organisation=provider(name="New"), locations=[place(str(n))])
        for n in range(7)
    ]
    assert len(imported(*changed).changed) == 7
    assert imported(*changed).unchanged == 7


def test_plan_when_there_is_nothing_or_no_vocabulary_then_refused(planned):
    with pytest.raises(UnusableFile, match="no rows"):
        planned()


def test_plan_when_the_vocabularies_are_not_loaded_then_refused():
    with pytest.raises(UnusableFile, match="load_vocabularies"):
        make_plan(importer=ListImporter(entry()), path=Path("x"), authority=make_authority())


def test_plan_when_an_importer_writes_an_unknown_field_then_it_is_a_mistake_of_ours(planned):
    with pytest.raises(KeyError, match="authority"):
        planned(entry(authority=7))


@pytest.fixture
def usual_collector():
    """Python's own thresholds, which the suite raises for itself."""
    ours = gc.get_threshold()
    gc.set_threshold(700, 10, 10)
    yield
    gc.set_threshold(*ours)


def test_collector_when_held_back_and_something_fails_then_it_is_as_before(usual_collector):
    before, seen = gc.get_threshold(), []

    def fail() -> None:
        with many_rows():
            seen.append(gc.get_threshold())
            raise UnusableFile

    with pytest.raises(UnusableFile):
        fail()
    assert seen[0] > before
    assert gc.get_threshold() == before


def test_apply_when_an_entry_was_edited_since_the_plan_then_nothing_is_written(imported, planned):
    imported(entry(summary="First."), entry("b"))
    plan = planned(entry(summary="Second."), entry("b"), entry("c"))
    Service.objects.filter(external_id="a").update(summary="By hand.")
    with pytest.raises(ChangedMeanwhile):
        apply_plan(plan=plan)
    assert Service.objects.get(external_id="a").summary == "By hand."
    assert not Service.objects.filter(external_id="c").exists()


@pytest.mark.parametrize("since", [{"live": False}, {"has_unpublished_changes": True}])
def test_apply_when_an_entry_was_taken_down_or_drafted_since_the_plan_then_nothing_is_written(
    imported, planned, since
):
    imported(entry(summary="First."))
    plan = planned(entry(summary="Second."))
    Service.objects.filter(external_id="a").update(**since)
    with pytest.raises(ChangedMeanwhile):
        apply_plan(plan=plan)
    assert Service.objects.get(external_id="a").summary == "First."


def test_apply_when_an_entry_was_deleted_since_the_plan_then_nothing_is_written(imported, planned):
    imported(entry(summary="First."))
    plan = planned(entry(summary="Second."))
    Service.objects.all().delete()
    with pytest.raises(ChangedMeanwhile):
        apply_plan(plan=plan)


def is_held(kind) -> bool:
    """Whether another connection may not write the rows now. SQLite has one writer, from BEGIN on."""
    if connection.vendor == "sqlite":
        return connection.in_atomic_block and connection.transaction_mode == "IMMEDIATE"
    other = connection.copy()
    try:
        other.cursor().execute(f"SELECT id FROM {kind.model._meta.db_table} FOR UPDATE NOWAIT")
    except OperationalError as error:
        return "could not obtain lock" in str(error)
    finally:
        other.close()
    return False


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_apply_when_somebody_saves_between_the_check_and_the_writing_then_they_wait(monkeypatch):
    load()
    council = make_authority()

    def plan_of(summary: str):
        items = ListImporter(entry(summary=summary, organisation=provider(name=summary), locations=[place()]))
        return make_plan(importer=items, path=Path("x"), authority=council)

    apply_plan(plan=plan_of("First."))
    held, wrote = [], applying.Writer._update_columns

    def write(self, kind, changed):
        held.extend([(kind.key, is_held(kind))] if changed else [])
        wrote(self, kind, changed)

    monkeypatch.setattr(applying.Writer, "_update_columns", write)
    apply_plan(plan=plan_of("Second."))
    assert held == [("organisation", True), ("service", True)]
    assert Service.objects.get().summary == "Second."
