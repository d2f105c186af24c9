"""`manage.py import_services`: what the person at the terminal sees."""

import csv
from io import StringIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError

from services.importers import applying
from services.models import ImportBatch, Location, Organisation, Service
from services.vocabulary import load
from tests.factories import make_authority

NEW = Path(__file__).parent / "samples" / "schools-new-layout.csv"
HEADER = "URN,LA (name),EstablishmentName,TypeOfEstablishment (name),StatutoryLowAge,StatutoryHighAge"

pytestmark = pytest.mark.django_db


@pytest.fixture
def run():
    load()
    make_authority(local_authority_names="Avonmere")

    def call(path: Path, **options) -> str:
        out = StringIO()
        options = {"format": "gias", "authority": "avonmere council", **options}
        call_command("import_services", str(path), stdout=out, stderr=StringIO(), **options)
        return out.getvalue()

    return call


@pytest.fixture
def written(tmp_path):
    def write(*rows: str, header: str = HEADER) -> Path:
        path = tmp_path / "schools.csv"
        path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        return path

    return write


def row(urn: int, name: str = "Oak School", low: str = "4", high: str = "11") -> str:
    return f"{urn},Avonmere,{name},Community school,{low},{high}"


def counted(said: str) -> dict[str, int]:
    words = [line.split() for line in said.splitlines()[1:10]]
    return {
        pair[0]: int(pair[1].replace(",", "")) for pair in words if len(pair) == 2 and pair[1][0].isdigit()
    }


def test_import_when_run_then_counted_and_written(run):
    said = run(NEW)
    assert said.startswith("Done. schools-new-layout.csv")
    assert counted(said) == {
        "unchanged": 0, "added": 4, "changed": 0, "conflicts": 0, "rejected": 0, "skipped": 1,
        "warnings": 1, "vanished": 0,
    }  # fmt: skip
    assert "line 5, 900004 Old Harbour School: Its status is “Closed”." in said
    assert "line 4, SEN1, Example High School: We do not know the need “XYZ - Unheard Of”." in said
    assert Service.objects.count() == 4


def test_import_when_repeated_then_everything_is_unchanged(run):
    run(NEW)
    said = run(NEW)
    assert (counted(said)["unchanged"], counted(said)["added"]) == (4, 0)
    assert ImportBatch.objects.count() == 1


def test_import_when_dry_run_then_says_so_and_writes_nothing(run):
    said = run(NEW, dry_run=True)
    assert said.startswith("Dry run: nothing was written.")
    assert counted(said)["added"] == 4
    for model in (Service, Organisation, Location, ImportBatch):
        assert not model.objects.exists()


def test_import_when_changed_then_shown_field_by_field(run, written):
    run(written(row(900001)))
    said = run(written(row(900001, high="16")))
    assert "line 2, 900001 Oak School: max age: 11 → 16" in said


def test_import_when_edited_here_then_shown_as_kept(run, written):
    run(written(row(900001)))
    Service.objects.update(max_age=9)
    said = run(written(row(900001, high="16")))
    assert "Kept as edited here:\n  line 2, 900001 Oak School: max age: 9 → 16" in said
    assert Service.objects.get().max_age == 9


def test_import_when_a_school_left_the_list_then_named_and_kept(run, written):
    run(written(row(900001), row(900002, "Elm School")))
    said = run(written(row(900001)))
    assert "Here, not in the file:\n  900002 Elm School: It is not in the file." in said
    assert Service.objects.filter(live=True).count() == 2


def test_import_when_rows_are_rejected_then_line_and_reason_and_the_rest_is_imported(run, written):
    said = run(written(row(900001), row(900002, low="N/A"), row(900003) + ",too,many", row(900001)))
    assert "line 3, low, Oak School: “N/A” is not an age in years." in said
    assert "line 4, row: The row has too many columns: 8, and the header has 6." in said
    assert "line 5, id, Oak School: 900001 is also on line 2." in said
    assert Service.objects.count() == 1


def test_import_when_many_are_rejected_then_fifty_and_how_many_more(run, written, tmp_path):
    rejects = tmp_path / "rejects.csv"
    said = run(written(*(row(900000 + n, low="N/A") for n in range(60))), rejects=rejects)
    assert said.count("is not an age") == 50
    assert "… and 10 more" in said
    with rejects.open(encoding="utf-8-sig", newline="") as lines:
        kept = list(csv.DictReader(lines))
    assert (len(kept), kept[0]["line"], kept[0]["field"], kept[0]["id"]) == (60, "2", "low", "900000")


def test_import_when_a_rejected_name_is_a_formula_then_the_rejects_file_is_harmless(run, written, tmp_path):
    rejects = tmp_path / "rejects.csv"
    run(written(row(900001, "=1+1"), "=2+2,Avonmere,@Oak,Community school,4,11"), rejects=rejects)
    with rejects.open(encoding="utf-8-sig", newline="") as lines:
        cells = [cell for line in csv.reader(lines) for cell in line]
    assert not [cell for cell in cells if cell.startswith(("=", "@", "+", "-"))]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"PK\x03\x04", "spreadsheet"),
        (b'[{"URN": 1}]', "JSON"),
        (b"Name,Place\nOak,Here\n", "there is no column URN"),
        (f"{HEADER}\n".encode(), "no rows"),
        (f"{HEADER}\n{row(900001)}\n".encode("utf-16-le"), "NUL"),
        (f'{HEADER}\n{row(900001)}\n900002,"Avon'.encode(), "quotation mark"),
    ],
)
def test_import_when_the_file_is_unusable_then_refused_and_nothing_written(run, tmp_path, content, words):
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match="Nothing was written") as refusal:
        run(path)
    assert words in str(refusal.value)
    assert not Service.objects.exists()


def test_import_when_utf16_with_a_mark_then_imported(run, tmp_path):
    path = tmp_path / "file.csv"
    path.write_text(f"{HEADER}\n{row(900001, 'Café School')}\n", encoding="utf-16")
    run(path)
    assert Service.objects.get().name == "Café School"


def test_import_when_the_authority_is_unknown_then_the_names_are_listed(run):
    make_authority("Northshire", hostname="north.example.org")
    with pytest.raises(CommandError, match="localhost, north.example.org|Northshire"):
        run(NEW, authority="Nowhere")


def test_import_when_somebody_else_wrote_meanwhile_then_refused_kindly(run, monkeypatch):
    from django.db import IntegrityError

    from services.management.commands import import_services

    def fail(**kwargs):
        raise IntegrityError

    monkeypatch.setattr(import_services, "apply_plan", fail)
    with pytest.raises(CommandError, match="Run it again"):
        run(NEW)


def busy(*args, **kwargs):
    raise OperationalError("deadlock detected")


def test_import_and_undo_when_the_database_is_busy_then_nothing_is_written_and_said_so(run, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("services.importers.applying.Writer._write_log", busy)
        with pytest.raises(CommandError, match=r"Nothing was written\. Run it again in a minute"):
            run(NEW)
    assert not Organisation.objects.exists()
    assert not Location.objects.exists()
    run(NEW)
    held = Service.objects.count()
    with monkeypatch.context() as patch:
        patch.setattr("services.importers.undoing._Undoing._log_removal", busy)
        with pytest.raises(CommandError, match=r"Nothing was written\. Run it again in a minute"):
            call_command("undo_import", format="gias", authority="avonmere council", stdout=StringIO())
    assert (Service.objects.count(), ImportBatch.objects.get().undone_at) == (held, None)


def test_import_when_the_rows_cannot_be_counted_anew_then_it_is_done_all_the_same(run, monkeypatch):
    monkeypatch.setattr(applying, "ANALYSE_FROM", 1)
    monkeypatch.setattr(applying, "connection", SimpleNamespace(cursor=busy))
    assert counted(run(NEW))["added"] == Service.objects.count() > 0


def test_import_when_the_rejects_cannot_be_written_then_said(run, tmp_path):
    with pytest.raises(CommandError, match="could not be written"):
        run(NEW, rejects=tmp_path / "no" / "such" / "folder.csv")
