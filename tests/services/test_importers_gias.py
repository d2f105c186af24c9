"""Schools from the DfE's list, old layout and new."""

import csv
import io
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from services.importers import FORMATS
from services.importers.applying import apply_plan
from services.importers.base import Entry, Rejected, Skipped, UnusableFile, Warned, no_progress
from services.importers.gias import COLUMNS
from services.importers.gias_types import establishment_of
from services.importers.meanings import Meanings
from services.importers.planning import make_plan
from services.models import Contact, Location, Organisation, Service
from services.vocabulary import load
from tests.factories import make_authority

SAMPLES = Path(__file__).parent / "samples"
NEW, OLD = SAMPLES / "schools-new-layout.csv", SAMPLES / "schools-old-layout.csv"
SHARED = settings.BASE_DIR.parent / "shared" / "data" / "schools"
GIAS = FORMATS["gias"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def council():
    load()
    return make_authority(local_authority_names="Avonmere; Avonmere, City of")


@pytest.fixture
def rows(tmp_path, council):
    """What the importer makes of one row of the new layout with other values."""

    def read(**changes: str):
        header, first, *_ = csv.reader(io.StringIO(NEW.read_text(encoding="utf-8")))
        values = dict(zip(header, first, strict=True)) | changes
        path = tmp_path / "one.csv"
        with path.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([values.keys(), values.values()])
        return list(GIAS.read(path, council, no_progress, Meanings()))

    return read


@pytest.fixture
def imported(council):
    def run(path: Path):
        plan = make_plan(importer=GIAS, path=path, authority=council)
        apply_plan(plan=plan)
        return plan

    return run


def test_read_when_new_layout_then_every_fact_is_in_its_place(imported):
    plan = imported(NEW)
    assert (len(plan.added), len(plan.skipped), len(plan.rejected)) == (4, 1, 0)
    school = Service.objects.get(source="gias", external_id="900001")
    assert (school.name, school.live, school.section) == ("Tidewater Primary School", True, "education")
    assert school.summary == "A primary school for children aged 4 to 11 in Avonmere."
    assert {c.key for c in school.categories.all()} == {
        "mainstream_school", "early_years_setting", "resourced_provision",
    }  # fmt: skip
    assert (school.min_age, school.max_age, school.level, school.scope) == (4, 11, "universal", "local")
    assert school.url == "http://www.tidewater.example.org"
    assert [cost.kind for cost in school.costs.all()] == ["free"]
    assert [(c.role, c.phone) for c in school.contacts.all()] == [("School office", "01174960101")]
    assert school.organisation.provider_type == "maintained_school"
    assert school.organisation.urn == "900001"
    assert school.last_checked is None
    assert school.review_by is not None
    place = school.service_locations.get().location
    assert place.address_lines == ["Mill Road", "Old Quay", "Avonmere", "BS5 6RJ"]
    assert (place.latitude, place.longitude) == pytest.approx((51.4627, -2.5498), abs=0.001)


def test_read_when_needs_and_section_41_are_said_then_kept(imported):
    imported(NEW)
    school = Service.objects.get(external_id="900002")
    assert {need.key for need in school.needs.all()} == {"ASD", "SLCN", "SPLD"}
    assert school.section41_approved
    assert school.organisation.provider_type == "section41"
    assert school.level == "specialist"
    assert [cost.kind for cost in school.costs.all()] == ["not_stated"]
    assert "Its religious character is Quaker." in school.description
    assert "stay overnight" in school.description
    assert Location.objects.get(external_id="900002").latitude is not None  # grid 0, 0: the outward code's


def test_read_when_about_to_close_or_closed_then_said_or_left_out(imported):
    plan = imported(NEW)
    assert "There is a plan to close it." in Service.objects.get(external_id="900003").description
    assert [(row.external_id, row.reason) for row in plan.skipped] == [("900004", "Its status is “Closed”.")]
    assert not Service.objects.filter(external_id="900004").exists()


def test_read_when_college_goes_on_to_99_then_it_has_no_upper_age(imported):
    imported(NEW)
    college = Service.objects.get(external_id="900005")
    assert (college.min_age, college.max_age) == (16, None)
    assert college.summary == "A college for young people aged 16 and over in Avonmere."


def test_read_when_old_layout_then_the_same_shape(imported):
    plan = imported(OLD)
    assert (len(plan.added), len(plan.rejected)) == (4, 0)
    infant = Service.objects.get(external_id="910001")
    assert (infant.min_age, infant.max_age, infant.scope) == (4, 7, "local")
    assert infant.service_locations.get().location.postcode == "BS7 8SR"
    assert infant.service_locations.get().location.address_2 == "Old Quay, Harbourside"
    assert not infant.needs.exists()
    nursery = Service.objects.get(external_id="910002")
    assert {c.key for c in nursery.categories.all()} == {"early_years_setting"}
    assert nursery.contacts.get().phone == "01174960111"
    assert Organisation.objects.get(external_id="910003").provider_type == "free_school"
    assert Organisation.objects.get(external_id="910004").provider_type == "pupil_referral_unit"


def test_read_when_a_spare_cell_is_wrong_then_left_out_with_line_and_field(imported):
    warnings = {(row.line, row.field) for row in imported(OLD).warnings}
    assert warnings == {(5, "website"), (5, "postcode")}
    studio = Service.objects.get(external_id="910003")
    assert studio.url == ""
    assert studio.service_locations.get().location.latitude is None


def test_read_when_heads_are_named_then_their_names_are_nowhere(imported):
    imported(NEW)
    assert not Contact.objects.exclude(role="School office").exists()
    for service in Service.objects.all():
        assert not {"Invented", "Robin"} & set(f"{service.summary} {service.description}".split())
    assert not [name for names in COLUMNS.values() for name in names if name.startswith("head")]


def test_read_when_no_row_is_of_this_council_then_it_is_said(rows):
    *_, last = rows(**{"LA (name)": "Elsewhere"})
    assert isinstance(last, Warned)
    assert "No school in the file is in this council's area" in last.reason


def test_read_when_every_row_of_this_council_is_refused_then_nobody_is_sent_to_the_settings(rows):
    assert [type(item) for item in rows(StatutoryLowAge="N/A")] == [Rejected]


@pytest.mark.parametrize("name", ["avonmere", " AVONMERE ", "Avonmere,  City of"])
def test_read_when_the_council_is_named_in_any_case_then_local(rows, name):
    entry, *_ = rows(**{"LA (name)": name})
    assert entry.facts["scope"] == "local"


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"URN": ""}, "URN", "no URN"),
        ({"URN": "1.00E+05"}, "URN", "is not a URN"),
        ({"URN": "=1+1"}, "URN", "is not a URN"),
        ({"StatutoryLowAge": "N/A"}, "low", "“N/A” is not an age"),
        ({"StatutoryHighAge": "-1"}, "high", "is not an age"),
        ({"StatutoryLowAge": "12"}, "age", "12, is above the highest, 11"),
        ({"EstablishmentName": ""}, "EstablishmentName", "no name"),
        ({"EstablishmentName": "=HYPERLINK(0)"}, "EstablishmentName", "formula"),
        ({"EstablishmentName": "@SUM(A1)"}, "EstablishmentName", "formula"),
        ({"EstablishmentName": "<script>alert(1)</script>"}, "EstablishmentName", "HTML"),
        ({"Street": "=cmd"}, "street", "formula"),
        ({"Town": "<b>Town</b>"}, "town", "HTML"),
        ({"TypeOfEstablishment (name)": ""}, "TypeOfEstablishment (name)", "no type"),
        ({"TypeOfEstablishment (name)": "Moon school"}, "TypeOfEstablishment (name)", "“Moon school”"),
    ],
)
def test_read_when_a_cell_cannot_be_used_then_the_row_is_rejected_with_line_and_field(
    rows, changes, field, words
):
    first, *_ = rows(**changes)
    assert isinstance(first, Rejected)
    assert (first.line, first.field) == (2, field)
    assert words in first.reason


@pytest.mark.parametrize("kind", ["Welsh establishment", "British schools overseas", "Children's centre"])
def test_read_when_the_type_is_not_for_families_here_then_skipped(rows, kind):
    first, *_ = rows(**{"TypeOfEstablishment (name)": kind})
    assert isinstance(first, Skipped)


def test_read_when_a_phone_begins_with_a_plus_then_it_is_a_phone(rows):
    entry, *_ = rows(TelephoneNum="+44 117 496 0101")
    assert entry.facts["contacts"][0]["phone"] == "+44 117 496 0101"


def test_read_when_a_need_is_unknown_then_left_out_with_a_warning(rows):
    entry, warning, *_ = rows(
        **{"SEN1 (name)": "QQQ - Nobody knows", "SEN2 (name)": "VI - Visual Impairment"}
    )
    assert entry.facts["needs"] == ["VI"]
    assert warning.field == "SEN1"


def test_read_when_columns_are_missing_then_they_say_nothing(imported):
    """The old layout has no SEN columns: a school keeps the needs that the new one gave it."""
    entry = next(
        item for item in GIAS.read(OLD, make_authority(), no_progress, Meanings()) if isinstance(item, Entry)
    )
    assert "needs" not in entry.facts
    assert "section41_approved" not in entry.facts


@pytest.mark.parametrize(
    "header",
    [
        "urn,la name,ESTABLISHMENT NAME,type of establishment",
        "URN,LA(name),Establishmentname,TypeOfEstablishment(name)",
        "URN,Local Authority,Establishment Name,Type of Establishmnet",
    ],
)
def test_read_when_headers_are_written_otherwise_then_forgiven(tmp_path, council, header):
    path = tmp_path / "file.csv"
    path.write_text(f"{header}\n900009,Avonmere,Oak School,Community school\n", encoding="utf-8")
    assert isinstance(next(GIAS.read(path, council, no_progress, Meanings())), Entry)


@pytest.mark.parametrize("missing", ["URN", "EstablishmentName", "LA (name)", "TypeOfEstablishment (name)"])
def test_read_when_a_needed_column_is_missing_then_refused_by_name(tmp_path, council, missing):
    header, *body = csv.reader(io.StringIO(NEW.read_text(encoding="utf-8")))
    place = header.index(missing)
    path = tmp_path / "file.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([row[:place] + row[place + 1 :] for row in [header, *body]])
    with pytest.raises(UnusableFile, match="there is no column") as refusal:
        list(GIAS.read(path, council, no_progress, Meanings()))
    assert missing in str(refusal.value)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(values=st.lists(st.text(max_size=12), min_size=45, max_size=45))
def test_read_when_every_cell_is_garbage_then_an_item_and_never_an_error(tmp_path, council, values):
    header = next(csv.reader(io.StringIO(NEW.read_text(encoding="utf-8"))))
    path = tmp_path / "file.csv"
    with path.open("w", encoding="utf-8", errors="replace", newline="") as out:
        csv.writer(out).writerows([header, ["900001", *values[1:]]])
    try:
        plan = make_plan(importer=GIAS, path=path, authority=council)
    except UnusableFile:
        return
    assert len(plan.added) + len(plan.rejected) + len(plan.skipped) == 1


def test_establishment_when_written_old_or_new_then_the_same():
    assert establishment_of("LA Nursery School") == establishment_of("Local authority nursery school")
    assert establishment_of("Free Schools - 16-19") == establishment_of("Free schools 16 to 19")
    assert establishment_of("Academy 16-19 Converter").category == "post16_college"


@pytest.mark.skipif(not SHARED.exists(), reason="the shared data folder is not beside this checkout")
@pytest.mark.parametrize(
    ("name", "added", "rejected"),
    [
        ("gias-layout-60-anonymised.csv", 60, 0),
        ("gias-sample-4-rows.csv", 4, 0),
        ("edubase-2017-subset.csv", 6022, 0),
    ],
)
def test_import_when_a_real_file_then_every_school_and_a_repeat_changes_nothing(
    imported, council, name, added, rejected
):
    """6,022, not 6,023: the last row of EduBase's file is empty."""
    plan = imported(SHARED / name)
    assert (len(plan.added), len(plan.rejected)) == (added, rejected)
    assert Service.objects.filter(live=True, source="gias").count() == added
    again = make_plan(importer=GIAS, path=SHARED / name, authority=council)
    assert (again.unchanged, again.is_empty) == (added, True)


def test_read_when_staff_said_what_a_new_type_is_like_then_used(council, tmp_path):
    path = tmp_path / "one.csv"
    header = "URN,LA (name),EstablishmentName,TypeOfEstablishment (name)"
    path.write_text(f"{header}\n900009,Avonmere,Moon,Moon school\n", encoding="utf-8")
    refused, unknown, *_ = GIAS.read(path, council, no_progress, Meanings())
    assert isinstance(refused, Rejected)
    assert (unknown.subject, unknown.value) == ("school_type", "Moon school")
    said = Meanings({"school_type": {"moon school": "Community school"}})
    assert isinstance(next(GIAS.read(path, council, no_progress, said)), Entry)
