"""Our own CSV package: out and in again, whole, safe, and as Frictionless wants it."""

import csv
import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.db import models
from frictionless import Package, system
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from services.importers.applying import apply_plan
from services.importers.csv_package import CsvPackageImporter, flat_columns
from services.importers.facts import KINDS, ROWS
from services.importers.planning import Plan, make_plan
from services.models import Contact, CostOption, Location, Organisation, Schedule, Service, ServiceLocation
from services.package.export import Audience, Export, cell_of
from services.package.marks import unmarked
from services.package.schema import tables
from services.vocabulary import load
from tests.factories import make_authority, make_location, make_organisation, make_service

# What is on a model and is no fact of the entry: keys, Wagtail's own columns, where it came from, and
# where a merged entry went.
NOT_FACTS = {
    "id", "uuid", "authority", "source", "external_id", "slug", "created_at", "modified_at",
    "live", "has_unpublished_changes", "first_published_at", "last_published_at", "live_revision",
    "latest_revision", "go_live_at", "expire_at", "expired", "locked", "locked_at", "locked_by",
    "service", "merged_into",
}  # fmt: skip


def whole_service(council, **more) -> Service:
    """A service with something in every kind of fact, and text that is hard to carry."""
    hub = make_location(council, name="The Hub", address_1="1 High Street", access=["step_free", "hoist"])
    refuge = make_location(council, name="Rose House", address_1="2 Secret Lane", address_hidden=True)
    trust = make_organisation(council, name="=Trust", provider_type="nhs", charity_number="1234567")
    service = make_service(
        council,
        **{
            "name": "+Talking, “help”",
            "section": "health",
            "summary": "'=1+1",
            "description": 'One line.\r\nAnother, with a comma; and "marks".\n\n-A dash',
            "needs": ("ASD", "SLCN"),
            "categories": ("speech_and_language_therapy",),
            "locations": (hub, refuge),
            "organisation": trust,
            "min_age": 0,
            "max_age": 25,
            "sen_status": ["any"],
            "delivery": ["in_person", "online"],
            "last_checked": "2026-01-31",
            "waiting_weeks": 0,
            "areas_served": "Bath\nBristol",
            "commissioned_by_authority": True,
            **more,
        },
    )
    service.conditions.set(["epilepsy", "a; b"])
    service.contacts = [Contact(role="Office", phone="+44 117 496 0101", email="a@example.org", location=hub)]
    service.costs = [CostOption(kind="charged", amount="6.80", note="An hour"), CostOption()]
    service.schedules = [
        Schedule(
            days=["MO", "FR"],
            opens="09:00",
            closes="15:30",
            when="term_time",
            valid_from="2026-09-01",
            closed=["2026-12-25", "2026-12-29/2027-01-01"],
            location=refuge,
        )
    ]
    service.serves.add(make_authority("Other Council", "other.example.org"))
    service.save()
    return service


@pytest.fixture
def council(db):
    load()
    return make_authority()


def export(path: Path, council, audience: Audience = Audience.STAFF, book: bool = False) -> Path:
    with path.open("wb") as out:
        written = Export(council, audience)
        written.write_workbook(out) if book else written.write_zip(out)
    return path


def plan_of(path: Path, council) -> Plan:
    return make_plan(importer=CsvPackageImporter(), path=path, authority=council)


def unzipped(path: Path, name: str) -> list[dict[str, str]]:
    with zipfile.ZipFile(path) as archive:
        return list(csv.DictReader(io.StringIO(archive.read(f"{name}.csv").decode())))


def rezipped(path: Path, changed: dict[str, list[dict[str, str]]]) -> Path:
    """The package with other rows in some of its tables."""
    out = path.with_name("edited.zip")
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            text = before.read(name).decode()
            rows = changed.get(name.removesuffix(".csv"))
            if rows:
                lines = io.StringIO()
                table = csv.DictWriter(lines, rows[0].keys())
                table.writeheader()
                table.writerows(rows)
                text = lines.getvalue()
            after.writestr(name, text)
    return out


@pytest.mark.parametrize("model", [Service, Organisation, Location, *(model for model, _ in ROWS.values())])
def test_package_when_a_model_has_a_fact_then_a_column_holds_it(model):
    """A fact that somebody adds to an entry must travel: give it a column, or say that it is none."""
    table = next((t for t in tables().values() if t.kind and t.kind.model is model), None) or next(
        tables()[name] for name, (rows, _) in ROWS.items() if rows is model
    )
    held = {f.name for f in (*model._meta.concrete_fields, *model._meta.many_to_many)}
    held |= {"conditions"} if model is Service else set()
    assert held - NOT_FACTS - set(table.names) == set()
    assert not NOT_FACTS & set(table.names) - {"id", "service"}


def test_package_when_a_service_gets_a_new_kind_of_row_then_it_has_a_table():
    parts = {
        relation.related_model
        for relation in Service._meta.related_objects
        if relation.related_model._meta.app_label == "services"
        and "Parental" in type(relation.field).__name__
    }
    carried = {model for model, _ in ROWS.values()} | {ServiceLocation, Service.conditions.through}
    assert parts - carried == set()
    extra = {f.name for f in ServiceLocation._meta.concrete_fields} - NOT_FACTS - {"location"}
    assert extra == set()


@pytest.mark.parametrize("book", [False, True], ids=["zip", "workbook"])
def test_import_when_it_is_our_own_export_then_nothing_changes(council, tmp_path, book):
    whole_service(council)
    make_service(council, name="Draft", live=False, source="gias", external_id="1")
    make_organisation(council, name="Nobody's")
    before = list(Service.objects.order_by("pk").values())
    plan = plan_of(export(tmp_path / "package", council, book=book), council)
    assert plan.counts == dict.fromkeys(plan.counts, 0) | {"unchanged": 2}
    assert plan.is_empty
    assert apply_plan(plan=plan) is None
    assert list(Service.objects.order_by("pk").values()) == before


def test_import_when_it_is_a_public_export_then_nothing_changes_and_the_address_stays(council, tmp_path):
    whole_service(council)
    path = export(tmp_path / "package", council, Audience.PUBLIC)
    plan = plan_of(path, council)
    assert (plan.unchanged, plan.is_empty, plan.conflicts) == (1, True, [])
    refuge = next(row for row in unzipped(path, "locations") if row["address_hidden"] == "true")
    assert (refuge["postcode"], refuge["address_1"], refuge["name"], refuge["latitude"]) == (
        "BS5",
        "",
        "",
        "",
    )
    assert refuge["version"] == ""
    assert b"Secret Lane" not in path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        assert not any(b"Secret Lane" in archive.read(name) for name in archive.namelist())


def test_export_when_public_then_drafts_and_what_only_they_use_stay_out(council, tmp_path):
    make_service(council, name="Draft", live=False, organisation=make_organisation(council, name="Quiet"))
    path = export(tmp_path / "package", council, Audience.PUBLIC)
    assert (unzipped(path, "services"), unzipped(path, "organisations")) == ([], [])
    assert len(unzipped(export(path, council), "services")) == 1


@pytest.mark.parametrize("audience", Audience)
def test_export_when_checked_by_frictionless_then_it_is_valid(council, tmp_path, audience):
    whole_service(council)
    path = export(tmp_path / "package.zip", council, audience)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "out")
    with system.use_context(trusted=False):
        report = Package(str(tmp_path / "out" / "datapackage.json")).validate()
    assert report.valid, report.flatten(["type", "message"])
    assert [task.stats.get("rows") for task in report.tasks][:3] == [1, 1, 2]


def test_import_when_a_cell_was_edited_in_a_spreadsheet_then_that_alone_changes(council, tmp_path):
    service = whole_service(council)
    path = export(tmp_path / "package.zip", council)
    rows = unzipped(path, "services")
    rows[0]["summary"] = "Help with talking."
    plan = plan_of(rezipped(path, {"services": rows}), council)
    assert [row.fields for row in plan.changed] == [{"summary": ("'=1+1", "Help with talking.")}]
    apply_plan(plan=plan)
    service.refresh_from_db()
    assert (service.summary, service.name, service.contacts.count()) == (
        "Help with talking.",
        "+Talking, “help”",
        1,
    )


def test_import_when_somebody_edited_it_here_since_the_export_then_it_is_a_conflict(council, tmp_path):
    service = whole_service(council)
    path = export(tmp_path / "package.zip", council)
    rows = unzipped(path, "services")
    rows[0]["summary"] = "Theirs."
    Service.objects.filter(pk=service.pk).update(summary="Ours.")
    plan = plan_of(rezipped(path, {"services": rows}), council)
    assert [row.fields for row in plan.conflicts] == [{"summary": ("Ours.", "Theirs.")}]
    assert plan.is_empty


def test_import_when_a_contact_is_taken_out_of_its_table_then_it_goes(council, tmp_path):
    service = whole_service(council)
    path = export(tmp_path / "package.zip", council)
    rows = unzipped(path, "costs")[:1]
    apply_plan(plan=plan_of(rezipped(path, {"costs": rows}), council))
    assert (service.costs.count(), service.contacts.count()) == (1, 1)


FLAT = (
    "Id,Name,Section,Categories,Needs,Organisation.name,organisation.provider type,Contact.phone,"
    "location.postcode,location.address 1,cost.kind,cost.amount,Schedule.days,min age,Our ref"
)


def flat(tmp_path, *rows: str, header: str = FLAT) -> Path:
    path = tmp_path / "services.csv"
    path.write_text("\r\n".join([header, *rows]), encoding="utf-8")
    return path


def test_import_when_one_table_says_it_all_then_its_parts_are_made(council, tmp_path):
    path = flat(
        tmp_path,
        "a1,Swim club,Care&comma,Play and leisure,autism; hearing,The Trust,NHS,0117 496 0101,BS5 6RJ,"
        "1 High Street,You pay,4.5,Monday; FR,5,x".replace("Care&comma", "social_care"),
    )
    plan = plan_of(path, council)
    assert plan.rejected == []
    apply_plan(plan=plan)
    service = Service.objects.get()
    assert (service.organisation.name, service.organisation.provider_type) == ("The Trust", "nhs")
    assert {need.key for need in service.needs.all()} == {"ASD", "HI"}
    assert str(service.costs.get().amount) == "4.50"
    assert service.schedules.get().days == ["MO", "FR"]
    assert service.service_locations.get().location.postcode == "BS5 6RJ"
    assert [row.reason for row in plan.warnings] == ["We do not know the column “Our ref” and left it out."]
    again = plan_of(path, council)
    assert (again.unchanged, again.is_empty) == (1, True)


@pytest.mark.parametrize(
    ("name", "row", "field", "reason"),
    [
        ("no id", ",Swim,health", "id", "There is no id."),
        ("formula", "a,=1+1,health", "name", "formula"),
        ("no name", "a, ,health", "name", "There is no name."),
        ("no section", "a,Swim,", "section", "Choose one that we know"),
        ("new section", "a,Swim,moon", "section", "Choose one that we know"),
        ("too many", "a,Swim,health,x", "row", "too many columns"),
        ("long id", f"{'a' * 101},Swim,health", "id", "longer than 100"),
    ],
)
def test_import_when_a_row_cannot_be_used_then_rejected_with_line_and_reason(
    council, tmp_path, name, row, field, reason
):
    plan = plan_of(flat(tmp_path, row, "b,Sound,health", header="id,name,section"), council)
    rejected = plan.rejected[0]
    assert (rejected.line, rejected.field) == (2, field)
    assert reason in rejected.reason
    assert len(plan.added) == 1


@pytest.mark.parametrize(
    ("latitude", "longitude", "said"),
    [("0", "0", "nobody knows"), ("55.0", "3.0", "not in Britain"), ("-2.58", "51.4", "not in Britain"),
     ("57.1", "-2.1", "far from its postcode"), ("51.46", "-2.57", "")],
)  # fmt: skip
def test_import_when_a_place_cannot_be_there_then_it_is_left_out_and_said(
    council, tmp_path, latitude, longitude, said
):
    header = "id,name,section,location.name,location.postcode,location.latitude,location.longitude"
    path = flat(tmp_path, f"a,Swim,health,Pool,BS5 6RJ,{latitude},{longitude}", header=header)
    plan = plan_of(path, council)
    assert plan.rejected == []
    notes = [(row.line, row.field, said in row.reason) for row in plan.warnings]
    assert notes == ([(2, "location.latitude", True)] if said else [])
    apply_plan(plan=plan)
    place = Service.objects.get().service_locations.get().location
    assert (place.latitude is None, place.public_point is None) == (bool(said), False)
    assert plan_of(path, council).is_empty


def test_import_when_a_text_holds_html_then_kept_as_written_and_said(council, tmp_path):
    header = "id,name,section,summary,organisation.name"
    plan = plan_of(flat(tmp_path, "a,<b>Swim</b>,health,For 3 < 4,<i>Us</i>", header=header), council)
    assert [(row.line, row.field) for row in plan.warnings] == [(2, "name"), (2, "organisation.name")]
    assert len(plan.added) == 1


def test_import_when_a_carried_column_is_at_fault_then_its_own_heading_is_named(council, tmp_path):
    header = "id,name,section,cost.kind,cost.amount,location.access"
    path = flat(tmp_path, "a,Swim,health,charged,lots,", "b,Sound,health,free,,a moat", header=header)
    plan = plan_of(path, council)
    assert [(row.line, row.field) for row in plan.rejected] == [(2, "cost.amount")]
    assert [(word.subject, word.word) for word in plan.unrecognised.values()] == [("access_fact", "a moat")]


def test_import_when_a_row_of_another_table_is_bad_then_its_service_is_refused_and_says_where(
    council, tmp_path
):
    whole_service(council)
    path = export(tmp_path / "package.zip", council)
    rows = unzipped(path, "costs")
    rows[1]["amount"] = "lots"
    plan = plan_of(rezipped(path, {"costs": rows}), council)
    assert [(r.field, r.reason) for r in plan.rejected] == [
        ("costs.csv line 3, amount", "“lots” is not a number.")
    ]


def test_columns_when_offered_for_a_strange_heading_then_each_is_one_that_services_take():
    assert {name.partition(".")[0] for name in flat_columns()} == {
        "organisation", "location", "contact", "cost", "schedule",
    }  # fmt: skip
    assert set(KINDS) == {table.kind.key for table in tables().values() if table.kind}


@given(st.text())
def test_cell_when_written_and_read_then_the_same_text_and_no_formula(text):
    text = text.replace("\0", "")
    cell = cell_of(text, "string")
    assert unmarked(cell) == text
    assert not cell.lstrip().startswith(("=", "+", "-", "@"))


ANY_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60)


class AnyText(TestCase):
    """Text of any kind comes back as it went, whatever the columns are."""

    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60), min_size=4, max_size=4)
    )
    def test_import_when_text_is_of_any_kind_then_nothing_changes(self, texts):
        load()
        council = make_authority()
        name, summary, description, note = texts
        service = make_service(
            council, name=f"Service {name}", summary=summary, description=description, section="health"
        )
        CostOption.objects.create(service=service, note=note)
        data = io.BytesIO()
        Export(council, Audience.STAFF).write_zip(data)
        with TemporaryDirectory() as folder:
            path = Path(folder) / "package.zip"
            path.write_bytes(data.getvalue())
            plan = plan_of(path, council)
        assert (plan.rejected, plan.is_empty, plan.unchanged) == ([], True, 1)


def test_columns_when_their_type_is_text_then_the_database_field_is_text_too():
    """The table of types covers every field: none falls to text by mistake."""
    names = {"id", "service", "organisation", "location", "version"}
    for table in tables().values():
        model = table.kind.model if table.kind else ROWS[table.name][0]
        for column in table.columns:
            if column.type == "string" and column.name not in names:
                field = model._meta.get_field(column.name)
                assert isinstance(field, models.CharField | models.TextField), column.name
