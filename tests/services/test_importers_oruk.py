"""Another directory's services: what they become here, and what bad feeds do not do."""

import json
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.demo_services import load_demo_services
from services.importers import FORMATS
from services.importers.applying import apply_plan
from services.importers.base import Entry, UnusableFile, no_progress
from services.importers.cells import BadCell
from services.importers.meanings import Meanings
from services.importers.oruk import OURS
from services.importers.oruk_records import MAX_RECORD, BadRecord, records
from services.importers.oruk_values import ages, clock, days_of_week, first_sentence, line, lines
from services.importers.planning import make_plan
from services.importers.points import point
from services.models import ImportRecord, Location, Service
from services.vocabulary import load
from tests.factories import make_authority, make_location, make_service

pytestmark = pytest.mark.django_db
SAMPLE = Path(__file__).parent / "samples" / "open-referral.json"
IMPORTER = FORMATS["oruk"]
ROOT = "/open-referral"
BASE = {"id": "one", "name": "Club", "status": "active", "description": "A club."}


@pytest.fixture
def council():
    load()
    return make_authority()


@pytest.fixture
def imported(council, tmp_path):
    """Import records given as Python values; returns the plan."""

    def run(*given, **options):
        path = tmp_path / "feed.jsonl"
        path.write_text("\n".join(json.dumps(each) for each in given), encoding="utf-8")
        return run_file(path, **options)

    def run_file(path, authority=council):
        plan = make_plan(importer=IMPORTER, path=path, authority=authority)
        apply_plan(plan=plan)
        return plan

    run.file = run_file
    return run


# -- what it becomes -----------------------------------------------------------------------


def test_sample_when_imported_then_every_fact_is_ours(imported):
    plan = imported.file(SAMPLE)
    club = Service.objects.get(external_id="ac148810-d857-441c-9679-408f346de14b")
    assert club.name == "Sunflower Saturday Club & Café"
    assert club.description == "A club for autistic children. Every Saturday.\nGames\nSnacks"
    assert club.summary == "A club for autistic children."
    assert (club.min_age, club.max_age, str(club.last_checked)) == (5, 11, "2026-03-01")
    assert (club.eligibility, club.how_to_access) == ("Any family in the area.", "Ring us.")
    assert club.url == "http://www.sunflower.example.org"
    assert [need.key for need in club.needs.all()] == ["ASD"]
    assert [kind.key for kind in club.categories.all()] == ["leisure_and_play"]
    assert (club.section, club.languages) == ("social_care", ["polish"])
    assert (club.organisation.name, club.organisation.charity_number) == ("Sunflower Trust", "1234567")
    assert str(club.uuid) == club.external_id
    row = club.schedules.get()
    assert (row.days, str(row.opens), str(row.closes), row.when) == (
        ["SA"],
        "10:00:00",
        "12:00:00",
        "term_time",
    )
    cost = club.costs.get()
    assert (cost.kind, str(cost.amount), cost.note) == ("charged", "3.50", "Each session. a child")
    place = club.service_locations.get().location
    assert (place.address_1, place.postcode, place.access) == ("1 Main Street", "BS5 6RJ", ["step_free"])
    assert {word for _, word in plan.unrecognised} == {"klingon", "basket weaving"}
    assert [row.external_id for row in plan.skipped] == ["closed-1"]


def test_contacts_when_they_name_people_then_the_names_are_not_taken(imported):
    imported.file(SAMPLE)
    club = Service.objects.get(name__startswith="Sunflower")
    assert [(c.role, c.phone, c.email) for c in club.contacts.all()] == [
        ("Club leader", "0117 496 0101", "hello@sunflower.example.org")
    ]
    assert "Persona" not in json.dumps(list(club.contacts.values("role", "phone", "email")))


def test_record_when_imported_then_kept_whole(imported):
    imported.file(SAMPLE)
    sent = json.loads(SAMPLE.read_text(encoding="utf-8"))["contents"][0]
    kept = ImportRecord.objects.get(kind="service", external_id=sent["id"])
    assert kept.incoming == sent


def test_bad_values_when_imported_then_left_out_and_told(imported):
    plan = imported.file(SAMPLE)
    clinic = Service.objects.get(name="Therapy clinic")
    assert (clinic.min_age, clinic.max_age) == (None, None)
    assert clinic.costs.get().kind == "free"
    place = clinic.service_locations.get().location
    assert (place.latitude, place.longitude) == pytest.approx((51.45, -2.59), abs=0.05)
    told = {(row.field, row.name): row.reason for row in plan.warnings}
    assert "above the maximum" in told["ages", "Therapy clinic"]
    assert "0, 0" in told["place on the map", "Therapy clinic"]
    assert told["section", "Therapy clinic"].endswith("“Health and therapies”.")
    assert told["name", "Sunflower Saturday Club & Café"] == "It held HTML, which was taken out."


def test_refuge_when_imported_then_its_address_is_hidden(imported, client):
    address = {"id": "a", "address_1": "7 Secret Road", "city": "Avonmere", "postal_code": "BS5 6RJ"}
    place = {
        "id": "p",
        "name": "Rose House",
        "latitude": 51.4744,
        "longitude": -2.5471,
        "addresses": [address],
    }
    plan = imported(BASE | {"name": "Women's refuge", "service_at_locations": [{"location": place}]})
    assert Location.objects.get().address_hidden
    assert [row.field for row in plan.warnings if row.field == "address"]
    for path in ("services?full=true", "service_at_locations?full=true"):
        assert "Secret" not in client.get(f"{ROOT}/{path}").content.decode()
    assert "Secret" not in client.get(Service.objects.get().get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("option", "kind", "amount"),
    [
        ({"option": "Free"}, "free", None),
        ({"option": "Not stated"}, "not_stated", None),
        ({"amount": 0}, "free", None),
        ({"option": "Free", "amount": 5}, "charged", "5.00"),
        ({"amount": 12.5}, "charged", "12.50"),
        ({"option": "No charge for members"}, "free", None),
        ({"option": "£5, free for carers"}, "not_stated", None),
        ({"option": "Ask us"}, "not_stated", None),
        ({"amount": -1}, "not_stated", None),
        ({"amount": 5, "currency": "EUR"}, "not_stated", None),
        ({"amount": "1e99"}, "not_stated", None),
    ],
)
def test_cost_when_read_then_free_only_where_the_feed_says_so(imported, option, kind, amount):
    imported(BASE | {"cost_options": [option]})
    cost = Service.objects.get().costs.get()
    assert (cost.kind, str(cost.amount) if cost.amount else None) == (kind, amount)


def test_field_when_the_feed_says_nothing_of_it_then_ours_stays(imported):
    imported(BASE | {"contacts": [{"title": "Office", "email": "a@example.org"}], "minimum_age": 4})
    plan = imported(BASE | {"description": "Another club."})
    service = Service.objects.get()
    assert [set(row.fields) for row in plan.changed] == [{"summary", "description"}]
    assert (service.min_age, service.contacts.count()) == (4, 1)


def test_meanings_when_staff_say_what_a_term_is_then_it_is_used(council, tmp_path):
    path = tmp_path / "feed.jsonl"
    term = {"taxonomy_term": {"id": "x", "name": "Basket weaving", "taxonomy": "Local"}}
    path.write_text(json.dumps(BASE | {"attributes": [term]}), encoding="utf-8")
    meanings = Meanings({"category": {"basket weaving": "leisure_and_play"}})
    plan = make_plan(importer=IMPORTER, path=path, authority=council, meanings=meanings)
    apply_plan(plan=plan)
    assert not plan.unrecognised
    assert [kind.key for kind in Service.objects.get().categories.all()] == ["leisure_and_play"]


# -- our own exports ------------------------------------------------------------------------


def pages(client, host: str) -> list[str]:
    """Every page of a site's whole services, as lines of JSON."""
    found, number = [], 1
    while number:
        body = client.get(f"{ROOT}/services?full=true&per_page=100&page={number}", HTTP_HOST=host).json()
        found.append(json.dumps(body))
        number = 0 if body["last_page"] else number + 1
    return found


def exported(client, path: Path, host: str = "localhost") -> Path:
    path.write_text("\n".join(pages(client, host)), encoding="utf-8")
    return path


def test_own_export_when_imported_then_nothing_changes(client, council, imported, tmp_path):
    load_demo_services(authority=council)
    before = list(Service.objects.order_by("pk").values())
    plan = imported.file(exported(client, tmp_path / "own.jsonl"))
    assert plan.is_empty
    assert plan.counts["skipped"] == len(before) == len({row.external_id for row in plan.skipped})
    assert {row.reason for row in plan.skipped} == {OURS}
    assert list(Service.objects.order_by("pk").values()) == before


# What a second council must have exactly as the first: all that the export carries.
SAME = (
    "name", "summary", "description", "keywords", "section", "level", "min_age", "max_age", "sen_status",
    "circumstances", "eligibility", "how_to_access", "who_decides", "complaints", "access_routes",
    "waiting_time", "waiting_weeks", "waiting_as_of", "delivery", "languages", "url", "scope", "areas_served",
    "section41_approved", "last_checked", "last_checked_by", "review_by", "sen_information_report_url",
    "sen_information_report_date", "practice_teaching", "practice_wellbeing",
)  # fmt: skip


def test_export_when_another_council_imports_it_then_the_same_facts_and_repeated_no_change(
    client, council, imported, tmp_path, settings
):
    settings.ALLOWED_HOSTS = ["*"]
    load_demo_services(authority=council)
    first = list(Service.objects.order_by("pk"))
    other = make_authority("Other Council", "other.test")
    path = exported(client, tmp_path / "theirs.jsonl")
    plan = imported.file(path, other)
    assert plan.counts["rejected"] == 0
    assert not plan.unrecognised
    assert len(plan.added) == len(first)
    taken = {row.external_id: row for row in Service.objects.filter(authority=other)}
    differ = {}
    for ours in first:
        theirs = taken[str(ours.uuid)]
        differ |= {
            (ours.name, name): (getattr(ours, name), getattr(theirs, name))
            for name in SAME
            if getattr(ours, name) != getattr(theirs, name)
        }
        for rows in ("needs", "categories"):
            keys = [sorted(row.key for row in getattr(each, rows).all()) for each in (ours, theirs)]
            assert keys[0] == keys[1]
        for rows, columns in (
            ("contacts", ("role", "phone", "email")),
            ("costs", ("kind", "amount", "note")),
            (
                "schedules",
                ("days", "opens", "closes", "when", "valid_from", "valid_to", "closed", "extra", "note"),
            ),
        ):
            values = [list(getattr(each, rows).values_list(*columns)) for each in (ours, theirs)]
            assert values[0] == values[1], (ours.name, rows)
        assert theirs.service_locations.count() == ours.service_locations.count()
        assert theirs.organisation.name == ours.organisation.name
        assert theirs.organisation.provider_type == ours.organisation.provider_type
    assert differ == {}
    again = imported.file(path, other)
    assert (again.is_empty, again.counts["changed"], again.counts["unchanged"]) == (True, 0, len(first))
    # And what the second council publishes, it can import again with no change.
    Service.objects.filter(authority=council).delete()
    back = imported.file(exported(client, tmp_path / "back.jsonl", "other.test"), other)
    assert (back.is_empty, back.counts["unchanged"]) == (True, len(first))


# -- bad input ---------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"<html></html>", b"id,name\n1,2\n", b"PK\x03\x04", b"7", b'"text"',
                                     b"[1, 2", b'{"contents": [', b"{\n}", b'{\n"contents": 7}',
                                     b'[{"id": "a", "name": "b"}, oops]'])  # fmt: skip
def test_file_when_it_is_no_feed_then_refused_and_nothing_written(council, tmp_path, content):
    path = tmp_path / "feed.json"
    path.write_bytes(content)
    with pytest.raises(UnusableFile):
        make_plan(importer=IMPORTER, path=path, authority=council)
    assert not Service.objects.exists()


@pytest.mark.parametrize(
    ("record", "field"),
    [
        ({"name": "A"}, "id"), ({"id": "", "name": "A"}, "id"), ({"id": "x" * 101, "name": "A"}, "id"),
        ({"id": "a"}, "name"), ({"id": "a", "name": "<b></b>"}, "name"),
        ({"id": "a", "name": "=1+1"}, "name"),
        ({"id": "a", "name": {"b": 1}}, "name"), (7, "record"), (["a"], "record"),
    ],
)  # fmt: skip
def test_record_when_it_cannot_be_used_then_rejected_by_number_and_field(imported, record, field):
    plan = imported(BASE, record)
    assert [(row.line, row.field) for row in plan.rejected] == [(2, field)]
    assert len(plan.added) == 1


def test_id_when_repeated_then_the_first_is_used(imported):
    plan = imported(BASE, BASE | {"name": "Second"})
    assert [row.line for row in plan.rejected] == [2]
    assert "also on line 1" in plan.rejected[0].reason
    assert Service.objects.get().name == "Club"


def test_text_when_it_holds_what_no_database_stores_then_without_it(imported):
    imported(BASE | {"name": "A\x00b\ud800", "other\x00": "\x00"})
    assert Service.objects.get().name == "Ab"


@pytest.mark.parametrize("layout", ["list", "page", "lines", "one line"])
def test_records_when_laid_out_in_any_way_then_the_same(tmp_path, layout):
    rows = [BASE | {"id": str(n)} for n in range(3)]
    text = {
        "list": json.dumps(rows),
        "page": json.dumps({"size": 3, "contents": rows}, indent=1),
        "lines": "\n".join(map(json.dumps, rows)),
        "one line": json.dumps({"content": rows}),
    }[layout]
    path = tmp_path / "feed"
    path.write_text("\ufeff" + text if layout == "lines" else text, encoding="utf-8")
    assert list(records(path)) == list(enumerate(rows, start=1))


@pytest.mark.parametrize("page", [True, False])
def test_records_when_one_is_huge_or_deep_then_that_one_is_refused(tmp_path, page):
    huge, deep = {"id": "x" * MAX_RECORD}, "[" * 100 + "]" * 100
    rows = [json.dumps(BASE), json.dumps(huge), f'{{"id": {deep}}}', json.dumps(BASE)]
    path = tmp_path / "feed"
    path.write_text(
        '{"contents":\n[' + ",\n".join(rows) + "]}" if page else "\n".join(rows), encoding="utf-8"
    )
    found = [each for _, each in records(path)]
    assert [isinstance(each, BadRecord) for each in found] == [False, True, True, False]


@pytest.mark.parametrize(
    "text", ["[" * 20_000, '{"a":' * 20_000, '[{"id": "1", "' + "x" * 200_000 + '": {' + '"a": 1, ' * 2_000]
)
def test_memory_when_the_file_is_nothing_but_brackets_or_names_then_refused_and_small(tmp_path, text):
    """The way to each value, spelt out, would be 400 MB."""
    path = tmp_path / "feed"
    path.write_text(text, encoding="utf-8")
    tracemalloc.start()
    try:
        with pytest.raises(UnusableFile):
            list(records(path))
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_memory_when_the_file_is_large_then_small(tmp_path):
    """40 MB here; a quarter of it in memory would be seen at once."""
    path = tmp_path / "large.json"
    row = json.dumps(BASE | {"description": "x" * 4_000})
    with path.open("w", encoding="utf-8") as out:
        out.write('{"total_items": 10000,\n"contents": [\n')
        out.write(",\n".join([row] * 10_000))
        out.write("]}")
    tracemalloc.start()
    try:
        assert sum(1 for _ in records(path)) == 10_000
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.integers()
    | st.text(max_size=20)
    | st.sampled_from(["<b>x</b>", "2026-13-01", "25:00", "BS5 6RJ", "=1", "a@b", "http://[", "\x00",
                       "MO,TU"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
FIELDS = [
    "name", "description", "url", "email", "status", "minimum_age", "maximum_age", "assured_date", "fees",
    "accreditations", "eligibility_description", "organization", "contacts", "phones", "cost_options",
    "schedules", "languages", "attributes", "service_at_locations", "funding", "local_offer",
]  # fmt: skip
PARTS = ["id", "name", "location", "addresses", "postal_code", "latitude", "longitude", "title", "number",
         "amount", "byday", "opens_at", "taxonomy_term", "phones", "accessibility", "identifier", "practice",
         "review_by", "closed", "areas_served", "before_you_go", "description"]  # fmt: skip
ROWS = st.dictionaries(st.sampled_from(PARTS), JSON | st.lists(
    st.dictionaries(st.sampled_from(PARTS), JSON, max_size=4), max_size=2), max_size=6)  # fmt: skip


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fields=st.dictionaries(st.sampled_from(FIELDS), JSON | ROWS | st.lists(ROWS, max_size=3), max_size=8))
def test_record_when_it_is_anything_then_planned_or_told_never_an_error(council, tmp_path, fields):
    path = tmp_path / "any.jsonl"
    path.write_text(json.dumps(BASE | fields), encoding="utf-8")
    plan = make_plan(importer=IMPORTER, path=path, authority=council)
    assert len(plan.added) + len(plan.rejected) + len(plan.skipped) == 1


@pytest.mark.parametrize(
    ("latitude", "longitude", "postcode", "words"),
    [
        (0, 0, "", "nobody knows"), (51.3, -4.9, "", "in the sea"), (54.0, 1.5, "", "in the sea"),
        (-2.5, 51.4, "", "not in Britain"), (40.7, -74, "", "not in Britain"), ("x", 1, "", "not a pair"),
        (53.48, -2.24, "BS5 6RJ", "far from its postcode"), (float("nan"), 1, "", "not in Britain"),
    ],
)  # fmt: skip
def test_point_when_it_cannot_be_right_then_said_why(latitude, longitude, postcode, words):
    with pytest.raises(BadCell, match=words):
        point(latitude, longitude, postcode)


def test_point_when_it_can_be_right_then_taken():
    assert point("51.4744", -2.5471, "BS5 6RJ") == (51.4744, -2.5471)
    assert point(None, -2.5, "") is None


@pytest.mark.parametrize(("given_ages", "found"), [((None, None), (None, None)), ((5, 100), (5, None)),
                                                   ((0, 0), (0, 0)), (("5", 11.9), (5, 11)),
                                                   ((16, None), (16, None))])  # fmt: skip
def test_ages_when_sound_then_whole_years(given_ages, found):
    assert ages(*given_ages) == found


@pytest.mark.parametrize("bad", [(11, 5), (-1, 5), ("x", 5), (True, 5), (float("nan"), 5), ([], 1)])
def test_ages_when_reversed_or_none_then_said(bad):
    with pytest.raises(BadCell):
        ages(*bad)


def test_words_when_they_hold_html_then_only_what_a_person_reads():
    assert line("<script>alert(1)</script>A &amp; B<img src=x onerror=y>") == "A & B"
    assert lines("<p>One</p><p>Two<br>Three</p>") == "One\nTwo\nThree"
    assert line("3 < 4 > 2") == "3 < 4 > 2"
    assert line("N/A") == "" == line(None) == line({})
    assert first_sentence("One. Two.", 300) == "One."
    assert first_sentence("a " * 300, 20) == "a a a a a a a a a…"
    assert clock("9:30") == "09:30:00"
    assert days_of_week("FR,1MO , xx") == ["MO", "FR"]


def test_own_uuid_when_another_entry_has_it_then_not_taken_twice(imported, council):
    other = make_authority("Other", "other.test")
    theirs = make_service(other, name="Theirs", locations=(make_location(other),))
    imported(BASE | {"id": str(theirs.uuid)})
    taken = Service.objects.get(authority=council)
    assert taken.uuid != theirs.uuid
    assert taken.external_id == str(theirs.uuid)


def test_read_when_used_alone_then_entries_carry_what_was_sent(council, tmp_path):
    path = tmp_path / "feed.jsonl"
    path.write_text(json.dumps(BASE | {"unknown": {"a": [1]}}), encoding="utf-8")
    entry = next(iter(IMPORTER.read(path, council, no_progress, Meanings())))
    assert isinstance(entry, Entry)
    assert entry.incoming["unknown"] == {"a": [1]}
    assert entry.links == frozenset()
