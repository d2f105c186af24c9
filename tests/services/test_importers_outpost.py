"""Outpost's bulk-import CSV: rows that add to each other, and what is never taken."""

from pathlib import Path

import pytest

from services.importers.applying import apply_plan
from services.importers.outpost import COLUMNS, OutpostImporter
from services.importers.planning import make_plan
from services.importers.remembering import meanings_of
from services.models import Location, Organisation, Service
from services.vocabulary import load
from tests.factories import make_authority

SAMPLES = Path(__file__).parent / "samples"
SAMPLE = SAMPLES / "outpost.csv"
PUBLISHED = SAMPLES / "outpost-valid.csv"  # Outpost's own (Apache-2.0)

pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    load()
    return make_authority()


@pytest.fixture
def planned(council):
    def plan(path=SAMPLE, **chosen):
        importer = OutpostImporter()
        meanings = meanings_of(authority=council, importer=importer, and_now=chosen)
        return make_plan(importer=importer, path=path, authority=council, meanings=meanings)

    return plan


def test_import_when_rows_add_to_a_service_then_it_has_them_all(planned):
    plan = planned()
    apply_plan(plan=plan)
    service = Service.objects.get(external_id="1")
    assert (service.name, service.description) == ("Swim club", "We swim.\n\nEvery week.")
    assert (service.section, service.min_age, service.max_age) == ("social_care", 5, 11)
    assert (service.organisation.name, service.url) == ("Avon Swimmers", "http://swim.example.org")
    assert {need.key for need in service.needs.all()} == {"ASD", "HI"}
    assert list(service.contacts.values_list("role", "email")) == [("Club leader", "swim@example.org")]
    assert list(service.costs.values_list("kind", "note")) == [
        ("charged", "Child, per session"),
        ("free", "OAP, per session"),
    ]
    sessions = [(s.days, s.opens and s.opens.hour, s.closes.hour) for s in service.schedules.all()]
    assert sessions == [(["MO"], 9, 10), (["TU"], None, 11)]
    places = [link.location for link in service.service_locations.all()]
    assert [(place.name, place.address_hidden, place.access) for place in places] == [
        ("Pool", False, ["hoist", "hearing_loop"]),
        ("Refuge", True, ["lift"]),
    ]
    assert service.practice_progress == "Parents watch\nWe share nothing"
    assert service.how_to_access == "Ring us"


def test_import_when_it_holds_notes_and_names_then_none_is_taken(planned):
    apply_plan(plan=planned())
    held = " ".join(
        str(value)
        for model in (Service, Organisation, Location)
        for row in model.objects.values()
        for value in row.values()
    )
    for secret in ("secret note", "Jane Doe", "John Roe", "hidden@example.org"):
        assert secret not in held


def test_import_when_outpost_hides_a_service_then_it_comes_in_as_a_draft(planned):
    plan = planned()
    apply_plan(plan=plan)
    service = Service.objects.get(external_id="8")
    assert (service.live, service.has_unpublished_changes, service.first_published_at) == (False, True, None)
    assert service.costs.get().kind == "free"
    assert any("Outpost does not show it." in row.reason for row in plan.warnings)
    assert any(row.reason == "The place on the map is not in Britain." for row in plan.warnings)


def test_import_when_a_row_cannot_be_used_then_rejected_with_its_line(planned):
    plan = planned()
    assert [(row.field, row.external_id) for row in plan.rejected] == [
        ("name", "9"),
        ("import_id_reference", "10"),
    ]
    assert [row.line for row in plan.rejected] == [11, 12]


def test_import_when_words_are_unknown_then_listed_and_used_once_explained(planned):
    plan = planned()
    unknown = {(word.subject, word.word) for word in plan.unrecognised.values()}
    assert unknown == {
        ("column", "custom_text"),
        ("access_fact", "Trampoline"),
        ("category", "Moon walks"),
    }
    plan = planned(
        column={"custom_text": "support_description"},
        access_fact={"TRAMPOLINE": ""},
        category={"moon walks": "short_breaks"},
    )
    assert plan.unrecognised == {}
    apply_plan(plan=plan)
    assert Service.objects.get(external_id="1").practice_support == "odd"
    hidden = Service.objects.get(external_id="8")
    assert (hidden.section, hidden.categories.get().key) == ("social_care", "short_breaks")


@pytest.mark.parametrize("path", [SAMPLE, PUBLISHED], ids=["ours", "Outpost's own"])
def test_import_when_repeated_then_nothing_changes(planned, path):
    first = planned(path)
    apply_plan(plan=first)
    again = planned(path)
    assert (len(first.added), again.unchanged, again.is_empty) == (2, 2, True)


def test_columns_when_listed_then_all_of_the_published_layout_are_known_or_left_out_on_purpose():
    header = PUBLISHED.read_text(encoding="utf-8").splitlines()[0].split(",")
    unknown = set(header) - set(COLUMNS)
    assert {name for name in unknown if not name.startswith("custom_")} == {
        "notes", "labels", "contact_name", "preferred_for_post", "is_local_offer",
    }  # fmt: skip
