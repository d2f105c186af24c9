"""Undoing the last import."""

from pathlib import Path

import pytest
from wagtail.models import ModelLogEntry

from services.importers.applying import apply_plan
from services.importers.base import Entry, Part
from services.importers.planning import make_plan
from services.importers.undoing import EDITED, REFERRED, CannotUndo, last_import, undo_import
from services.models import ImportRecord, Location, Organisation, Service
from services.signals import services_changed
from services.vocabulary import load
from tests.factories import make_authority, make_comment
from tests.services.test_importers_plan import ListImporter, entry, place, provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    load()
    return make_authority()


@pytest.fixture
def imported(council):
    def run(*items: Entry):
        plan = make_plan(importer=ListImporter(*items), path=Path("list.txt"), authority=council)
        return apply_plan(plan=plan)

    return run


def whole(external_id: str = "a", hub: Part | None = None, **facts) -> Entry:
    return entry(external_id, organisation=provider(), locations=[hub or place()], **facts)


def test_undo_when_an_import_changed_fields_then_they_are_as_they_were(imported):
    before = {"summary": "First", "needs": ["ASD"], "costs": [{"kind": "free", "amount": None, "note": ""}]}
    imported(whole(**before))
    service = Service.objects.get()
    batch = imported(
        whole(
            hub=place(name="Moved"),
            summary="Second",
            needs=["HI"],
            costs=[{"kind": "charged", "amount": "2", "note": ""}],
        )
    )
    undone = undo_import(batch=batch)
    service = Service.objects.get()
    assert (undone.restored, undone.removed, undone.kept) == (1, 0, [])
    assert (service.summary, service.needs.get().key, service.costs.get().kind) == ("First", "ASD", "free")
    assert Location.objects.get().name == "The Hub"
    assert ImportRecord.objects.get(kind="service").values["summary"] == "First"


def test_undo_when_done_then_the_older_file_finds_nothing_to_do(imported, council):
    first = whole(summary="First")
    imported(first)
    undo_import(batch=imported(whole(summary="Second")))
    plan = make_plan(importer=ListImporter(first), path=Path("list.txt"), authority=council)
    assert plan.is_empty


def test_undo_when_somebody_edited_a_field_since_then_it_stays_and_is_listed(imported):
    imported(whole(summary="First", keywords="one"))
    batch = imported(whole(summary="Second", keywords="two"))
    Service.objects.update(summary="By hand")
    undone = undo_import(batch=batch)
    service = Service.objects.get()
    assert (service.summary, service.keywords) == ("By hand", "one")
    assert [(kept.field, kept.reason) for kept in undone.kept] == [("summary", EDITED)]
    batch.refresh_from_db()
    assert batch.undone["left"] == 1


def test_undo_when_services_were_added_then_they_go_with_their_parts_and_search_hears(
    imported, django_capture_on_commit_callbacks
):
    imported(entry("old"))
    batch = imported(whole("a"), whole("b"))
    gone = set(Service.objects.exclude(external_id="old").values_list("pk", flat=True))
    told = []

    def listen(sender, ids, **kwargs):
        told.extend(ids)

    services_changed.connect(listen)
    with django_capture_on_commit_callbacks(execute=True):
        undone = undo_import(batch=batch)
    services_changed.disconnect(listen)
    assert undone.removed == 2
    assert [service.external_id for service in Service.objects.all()] == ["old"]
    assert not Organisation.objects.exists()
    assert not Location.objects.exists()
    assert gone <= set(told)
    assert ModelLogEntry.objects.filter(action="wagtail.delete").count() == 2


def test_undo_when_an_added_service_was_edited_or_commented_on_then_it_stays(imported):
    batch = imported(whole("a"), whole("b"), whole("c"), whole("d"))
    edited, commented, saved = Service.objects.order_by("external_id")[:3]
    edited.summary = "By hand"
    edited.save()
    comment = make_comment(authority=commented.authority)
    type(comment).objects.filter(pk=comment.pk).update(about_service=commented)
    saved.save_revision()
    undone = undo_import(batch=batch)
    assert undone.removed == 1
    assert sorted((kept.name, kept.reason) for kept in undone.kept) == [
        ("Service a", EDITED),
        ("Service b", REFERRED),
        ("Service c", EDITED),
    ]
    assert Organisation.objects.count() == 1


def test_undo_when_it_is_not_the_last_or_is_undone_already_then_refused(imported, council):
    first = imported(whole(summary="First"))
    second = imported(whole(summary="Second"))
    assert last_import(authority=council, source="list") == second
    with pytest.raises(CannotUndo, match="newer"):
        undo_import(batch=first)
    undo_import(batch=second)
    with pytest.raises(CannotUndo, match="already"):
        undo_import(batch=second)
    assert Service.objects.get().summary == "First"


def test_undo_when_a_draft_waits_then_the_entry_is_left_alone(imported):
    imported(whole(summary="First"))
    batch = imported(whole(summary="Second"))
    Service.objects.update(has_unpublished_changes=True)
    undone = undo_import(batch=batch)
    assert Service.objects.get().summary == "Second"
    assert [kept.reason for kept in undone.kept] == ["A draft is waiting."]
