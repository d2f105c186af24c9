"""The demonstration council's services."""

import json
from collections import Counter
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from services import demo_services
from services.demo_services import FILE, load_demo_services, load_school_terms
from services.enums import CostKind
from services.models import Location, Organisation, SchoolTerm, Service, Suggestion
from services.vocabulary import load
from tests.factories import make_authority

pytestmark = pytest.mark.django_db
ROWS = [json.loads(line) for line in FILE.read_text(encoding="utf-8").strip().split("\n")]


@pytest.fixture
def council():
    load()
    return make_authority()


@pytest.fixture
def loaded(council):
    return load_demo_services(authority=council)


def test_load_when_first_then_all_are_live_under_their_own_ids(loaded):
    assert len(loaded.added) == len(ROWS)
    live = Service.objects.filter(live=True, source="demo")
    assert set(live.values_list("external_id", flat=True)) == {row["id"] for row in ROWS}
    assert Counter(live.values_list("section", flat=True)) == Counter(row["section"] for row in ROWS)
    assert Counter(live.values_list("scope", flat=True)) == Counter(row["scope"] for row in ROWS)


def test_load_when_done_then_every_fact_of_every_service_is_stored(loaded):
    stored = {
        s.external_id: s
        for s in Service.objects.prefetch_related("needs", "categories", "schedules", "costs")
    }
    for row in ROWS:
        service = stored[row["id"]]
        assert {need.key for need in service.needs.all()} == set(row["needs"])
        assert {c.key for c in service.categories.all()} == set(row["categories"])
        assert [(s.days, f"{s.opens:%H:%M}") for s in service.schedules.all()] == [
            (s["days"], s["opens"]) for s in row["schedule"]
        ]
        assert [cost.kind for cost in service.costs.all()] == [row["cost"]["kind"]]
        assert (service.min_age, service.max_age) == (row["min_age"], row["max_age"])
        assert str(service.last_checked) == row["last_checked"]
        assert service.last_checked_by == row["contact"]["role"]
        assert len(service.languages) == len(row["languages"])
        assert len(service.practice) == len(row["practice"] or {})
        assert service.keywords.split(", ") == row["tags"]


def test_load_when_repeated_then_nothing_changes(loaded, council):
    before = list(Service.objects.order_by("pk").values())
    again = load_demo_services(authority=council)
    assert (again.unchanged, again.is_empty) == (len(ROWS), True)
    assert list(Service.objects.order_by("pk").values()) == before


def test_load_when_staff_changed_an_entry_then_it_is_kept(loaded, council):
    Service.objects.filter(external_id="svc-edu-001").update(summary="Ours.")
    load_demo_services(authority=council)
    assert Service.objects.get(external_id="svc-edu-001").summary == "Ours."


def test_load_when_providers_share_name_and_type_then_one_organisation(loaded):
    assert Organisation.objects.count() == len({(r["provider"]["name"], r["provider"]["type"]) for r in ROWS})
    assert Organisation.objects.filter(name="Avonmere Council").count() == 2  # it also runs a referral unit


def test_load_when_cost_is_not_known_then_not_stated_and_never_free(loaded):
    unknown = [row["id"] for row in ROWS if row["cost"]["kind"] == "not_stated"]
    kinds = Service.objects.filter(external_id__in=unknown).values_list("costs__kind", flat=True)
    assert set(kinds) == {CostKind.NOT_STATED}


def test_load_when_a_childminder_then_the_address_is_hidden(loaded):
    homes = Location.objects.filter(service_locations__service__organisation__provider_type="childminder")
    assert homes.exists()
    assert all(place.address_hidden for place in homes)


def test_load_when_a_place_differs_by_service_then_each_keeps_its_own_facts(loaded):
    hubs = Location.objects.filter(name="Brook Lane Family Hub")
    assert hubs.count() == len(set(hubs.values_list("sensory", flat=True))) > 1


def test_load_when_the_corpus_is_old_then_some_reviews_are_overdue(loaded):
    assert 0 < Service.objects.overdue().count() < len(ROWS)


def test_command_when_run_twice_then_says_what_it_did(council):
    for expected in ("260 added, 0 changed, 0 unchanged", "0 added, 0 changed, 260 unchanged"):
        out = StringIO()
        call_command("load_demo_services", stdout=out, stderr=StringIO())
        assert expected in out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "line 1"),
        ("not json", "line 1"),
        ('{"id": "x"}', "line 1"),
        (json.dumps({**ROWS[0], "needs": ["NOPE"]}), "needs"),
        (None, "cannot be read"),
    ],
)
def test_command_when_the_file_is_broken_then_refused_and_nothing_written(
    council, tmp_path, monkeypatch, content, words
):
    path = tmp_path / "services.jsonl"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    monkeypatch.setattr(demo_services, "FILE", path)
    with pytest.raises(CommandError, match=words):
        call_command("load_demo_services", stderr=StringIO())
    assert not Service.objects.exists()


def test_command_when_the_authority_is_unknown_then_refused(council):
    with pytest.raises(CommandError, match="No authority"):
        call_command("load_demo_services", authority="Nowhere", stderr=StringIO())


def test_checks_when_loaded_twice_then_two_changes_wait_once_and_what_staff_decide_stays(council):
    for _ in range(2):
        call_command("load_demo_services", stdout=StringIO())
    waiting = Suggestion.objects.waiting()
    assert [s.service.external_id for s in waiting] == ["svc-soc-025", "svc-edu-074"]
    assert set(waiting[0].proposed) == {"waiting_time", "contacts", "schedules"}
    assert not Service.objects.filter(checked_side="").exclude(last_checked=None).exists()
    assert Service.objects.live().overdue(date(2026, 11, 26)).count() > 3
    waiting.delete()
    Suggestion.objects.create(service=Service.objects.first(), state="declined")
    call_command("load_demo_services", stdout=StringIO())
    assert not Suggestion.objects.waiting().exists()


@pytest.mark.django_db
def test_school_terms_of_the_demonstration_when_loaded_twice_then_are_there_once(authority):
    assert load_school_terms(authority=authority) == 10
    assert load_school_terms(authority=authority) == 0
    for term in SchoolTerm.objects.all():
        term.full_clean()
