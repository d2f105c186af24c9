"""What every importer promises, whatever its format."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook

from services.importers import FORMATS
from services.importers.applying import apply_plan
from services.importers.base import Importer, UnusableFile
from services.importers.demonstration import DemonstrationImporter
from services.importers.planning import Plan, make_plan
from services.importers.undoing import undo_import
from services.models import (
    Contact,
    CostOption,
    ImportBatch,
    ImportRecord,
    Location,
    Organisation,
    Schedule,
    Service,
)
from services.package.export import Audience, Export
from services.vocabulary import load
from tests.factories import make_authority, make_location, make_organisation, make_service

SAMPLES = Path(__file__).parent / "samples"
HELD = (Service, Organisation, Location, Contact, CostOption, Schedule)

pytestmark = pytest.mark.django_db


def everything() -> dict[str, list[dict]]:
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in HELD}


class ImporterContract:
    """Every importer's test class gives `importer` and `path`, a file of two services or more."""

    importer: Importer

    @pytest.fixture
    def path(self, tmp_path) -> Path:
        raise NotImplementedError

    @pytest.fixture
    def council(self):
        load()
        return make_authority(local_authority_names="Avonmere")

    @pytest.fixture
    def plan(self, council, path):
        def made(given: Path = path) -> Plan:
            return make_plan(importer=self.importer, path=given, authority=council)

        return made

    def test_plan_when_made_then_nothing_is_written(self, plan):
        before = everything()
        found = plan()
        assert len(found.added) >= 2
        assert everything() == before
        assert not ImportBatch.objects.exists()

    def test_apply_when_repeated_then_nothing_changes(self, plan):
        apply_plan(plan=plan())
        before = everything()
        again = plan()
        assert (again.is_empty, again.added, again.changed, again.vanished) == (True, [], [], [])
        assert apply_plan(plan=again) is None
        assert everything() == before

    def test_apply_when_done_then_each_service_names_its_source_and_passes_its_model(self, plan, council):
        apply_plan(plan=plan())
        for service in Service.objects.all():
            assert (service.source, service.authority) == (self.importer.source, council)
            assert service.external_id
            service.full_clean()
        assert ImportRecord.objects.filter(kind="service").count() == Service.objects.count()

    def test_undo_when_nobody_touched_it_then_everything_is_as_before(self, plan):
        before = everything()
        batch = apply_plan(plan=plan())
        undone = undo_import(batch=batch)
        assert undone.kept == []
        assert everything() == before

    def test_apply_when_staff_edited_an_entry_then_their_words_stay(self, plan):
        apply_plan(plan=plan())
        service = Service.objects.first()
        Service.objects.filter(pk=service.pk).update(name="As staff wrote it", summary="Theirs")
        assert plan().is_empty
        service.refresh_from_db()
        assert service.name == "As staff wrote it"

    def test_apply_when_an_entry_left_the_source_then_listed_and_kept(self, plan, council):
        apply_plan(plan=plan())
        service = Service.objects.order_by("pk").last()
        service.pk, service.uuid, service.external_id = None, "11111111-1111-4111-8111-111111111111", "gone"
        service.save()
        record = ImportRecord.objects.filter(kind="service").first()
        record.pk, record.external_id, record.service = None, "gone", service
        record.save()
        found = plan()
        assert [row.external_id for row in found.vanished] == ["gone"]
        assert Service.objects.filter(external_id="gone").exists()

    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"\xff\xfe\x00\x00\x00\xd8",
            b"%PDF-1.7",
            b"\x00\x01\x02",
            b"PK\x03\x04 not a zip",
            b"{}",
            b"one column\n1\n",
            "héllo,wörld\n1,2\n".encode("utf-16"),
            b'"a,b\n1,2\n',
            b"a" * 200_000,
        ],
    )
    def test_plan_when_the_file_is_something_else_then_refused_in_words(self, plan, tmp_path, content):
        path = tmp_path / "strange"
        path.write_bytes(content)
        assert self._said_of(plan, path).endswith(".")
        assert not Service.objects.exists()

    @staticmethod
    def _said_of(plan, path: Path) -> str:
        try:
            return f"{len(plan(path).added)} added."
        except UnusableFile as error:
            return str(error)


class TestGias(ImporterContract):
    importer = FORMATS["gias"]

    @pytest.fixture
    def path(self, tmp_path) -> Path:
        return SAMPLES / "schools-new-layout.csv"


class TestOutpost(ImporterContract):
    importer = FORMATS["outpost"]

    @pytest.fixture
    def path(self, tmp_path) -> Path:
        return SAMPLES / "outpost.csv"


class TestOutpostWorkbook(ImporterContract):
    """The same rows as a workbook."""

    importer = FORMATS["outpost"]

    @pytest.fixture
    def path(self, tmp_path) -> Path:
        import csv

        book = Workbook()
        with (SAMPLES / "outpost.csv").open(encoding="utf-8", newline="") as lines:
            for row in csv.reader(lines):
                book.active.append(["'" + cell if cell.startswith("=") else cell for cell in row])
        path = tmp_path / "outpost.xlsx"
        book.save(path)
        return path


class TestCsvPackage(ImporterContract):
    """A package that another council's site exported."""

    importer = FORMATS["csv"]

    @pytest.fixture
    def path(self, tmp_path) -> Iterator[Path]:
        load()
        other = make_authority("Other Council", "other.example.org")
        place = make_location(other, name="Hall")
        for name in ("One", "Two"):
            make_service(
                other,
                name=name,
                section="health",
                needs=("ASD",),
                locations=(place,),
                organisation=make_organisation(other, name=f"Runs {name}"),
            )
        path = tmp_path / "package.zip"
        with path.open("wb") as out:
            Export(other, Audience.STAFF).write_zip(out)
        for model in (Service, Location, Organisation):
            model.objects.all().delete()
        return path


class TestOpenReferral(ImporterContract):
    """A page of another directory's feed."""

    importer = FORMATS["oruk"]

    @pytest.fixture
    def path(self, tmp_path) -> Path:
        return SAMPLES / "open-referral.json"


class TestDemonstration(ImporterContract):
    importer = DemonstrationImporter()

    @pytest.fixture
    def path(self, tmp_path) -> Path:
        lines = Path("demo/services.jsonl").read_text(encoding="utf-8").splitlines()[:3]
        path = tmp_path / "services.jsonl"
        path.write_text("\n".join(lines), encoding="utf-8")
        return path
