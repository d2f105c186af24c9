"""The import area of the admin, as officers use it, and the public files."""

import csv
import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from localoffer.founding import make_groups
from services.importers import oruk_visit, staging
from services.importers.csv_package import CsvPackageImporter
from services.importers.planning import make_plan
from services.models import ImportBatch, ImportMeanings, Location, PendingImport, Service
from services.package.downloads import DOWNLOADS
from services.vocabulary import load
from tests.factories import make_authority, make_location, make_service
from tests.services.test_importers_oruk_feed import serve_pages
from tests.services.web_server import serving

SAMPLE = (Path(__file__).parent / "samples" / "outpost.csv").read_bytes()
INDEX = "/admin/services/import/"

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _root(settings, tmp_path):
    settings.IMPORTS_ROOT = tmp_path / "imports"


@pytest.fixture
def council():
    load()
    return make_authority(local_authority_names="Avonmere")


@pytest.fixture
def officer(client, council):
    client.force_login(get_user_model().objects.create_superuser("officer", "o@example.org", "x"))
    return client


def upload(client, content: bytes = SAMPLE, format: str = "outpost", name: str = "list.csv"):
    site = make_authority()
    data = {"format": format, "authority": site.pk, "file": SimpleUploadedFile(name, content)}
    return client.post(INDEX, data, follow=True)


def text_of(response) -> str:
    return " ".join(response.content.decode().split())


def apply(client, follow: bool = True):
    pending = PendingImport.objects.get()
    return client.post(f"{INDEX}{pending.uuid}/apply/", {"digest": pending.digest}, follow=follow)


def test_upload_when_looked_at_then_the_dry_run_shows_every_group_and_nothing_is_written(officer):
    page = text_of(upload(officer))
    assert "Import: 2 new, 0 changed" in page
    assert "3 words that we do not know" in page
    assert not Service.objects.exists()
    pending = PendingImport.objects.get()
    rejected = text_of(officer.get(f"{INDEX}{pending.uuid}/?group=rejected"))
    assert "“=Bad” begins like a spreadsheet formula" in rejected
    rows = officer.get(f"{INDEX}{pending.uuid}/rows.csv").content.decode()
    assert [row[1] for row in csv.reader(io.StringIO(rows))][1:3] == ["11", "12"]


def test_apply_when_shown_then_written_in_history_and_the_file_is_gone(officer):
    upload(officer)
    folder = staging.folder_of(PendingImport.objects.get())
    assert folder.is_dir()
    page = text_of(apply(officer))
    assert Service.objects.count() == 2
    assert not folder.exists()
    assert not PendingImport.objects.exists()
    assert "Undo this import" in page
    assert ImportBatch.objects.get().applied_by.username == "officer"
    assert "Can be undone" in text_of(officer.get(INDEX))


def test_undo_when_asked_then_taken_away_and_what_was_edited_is_listed(officer):
    upload(officer)
    apply(officer)
    kept = Service.objects.first()
    kept.summary = "By hand"
    kept.save()
    batch = ImportBatch.objects.get()
    page = text_of(officer.post(f"{INDEX}done/{batch.pk}/", follow=True))
    assert [service.pk for service in Service.objects.all()] == [kept.pk]
    assert "It was edited here since." in page
    assert "Undo this import" not in page
    assert "Undone" in text_of(officer.get(INDEX))


def test_apply_when_something_changed_since_the_dry_run_then_nothing_is_written_and_a_new_one_shown(officer):
    upload(officer)
    apply(officer)
    changed = SAMPLE.replace(b"Swim club", b"Swimming club")
    upload(officer, changed)
    Service.objects.filter(external_id="1").update(name="By hand")
    page = text_of(apply(officer))
    assert "Something changed since the dry run. Nothing was written." in page
    assert Service.objects.get(external_id="1").name == "By hand"
    pending = PendingImport.objects.get()
    assert "By hand" in text_of(officer.get(f"{INDEX}{pending.uuid}/?group=conflicts"))


def test_apply_when_the_page_shows_an_older_dry_run_then_refused(officer):
    upload(officer)
    pending = PendingImport.objects.get()
    page = text_of(officer.post(f"{INDEX}{pending.uuid}/apply/", {"digest": "old"}, follow=True))
    assert "There is a newer dry run" in page
    assert not Service.objects.exists()


def test_words_when_explained_then_used_and_remembered_for_the_next_file(officer):
    upload(officer)
    pending = PendingImport.objects.get()
    words = f"{INDEX}{pending.uuid}/words/"
    page = text_of(officer.get(words))
    assert "Moon walks" in page
    subjects = [word["word"] for word in pending.unrecognised]
    answers = {"Moon walks": "short_breaks", "custom_text": "", "Trampoline": "?"}
    data = {f"word{n}": answers[word] for n, word in enumerate(subjects)}
    page = text_of(officer.post(words, data, follow=True))
    assert "1 word that we do not know" in page
    apply(officer)
    assert Service.objects.get(external_id="8").categories.get().key == "short_breaks"
    assert ImportMeanings.objects.get().chosen["category"] == {"moon walks": "short_breaks"}
    upload(officer)
    assert [word["word"] for word in PendingImport.objects.get().unrecognised] == ["Trampoline"]


def test_words_when_a_needed_column_is_called_otherwise_then_asked_for_and_found(officer):
    content = b"No,Title,Part\n1,Swim club,health\n2,Sound club,health\n"
    response = upload(officer, content, "csv")
    assert "services.csv has no column id, name" in text_of(response)
    pending = PendingImport.objects.get()
    words = f"{INDEX}{pending.uuid}/words/"
    clash = officer.post(words, {"word0": "id", "word1": "id", "word2": "section"})
    assert "Choose it for one" in text_of(clash)
    page = text_of(officer.post(words, {"word0": "id", "word1": "name", "word2": "section"}, follow=True))
    assert "Import: 2 new" in page


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"%PDF-1.4", "This is a PDF"),
        (b"a\0b,c\n1,2\n", "NUL"),
        ("a,b\n1,2\n".encode("utf-16"), "no column"),
        (b"import_id,name,name\n1,a,b\n", "Two columns are called “name”"),
        (b'import_id,name\r1,a\n2,"b\n', "quotation mark"),
        (b"import_id,name\n1," + b"x" * 150_000 + b"\n", "far too long"),
        (b"import_id,name\n", "no rows"),
    ],
)
def test_upload_when_the_file_is_no_use_then_said_why_and_nothing_is_kept(officer, content, said):
    response = upload(officer, content)
    assert response.status_code == 200
    assert said in text_of(response)
    assert not Service.objects.exists()
    kept = list(Path(staging.settings.IMPORTS_ROOT).glob("*/*"))
    assert bool(kept) == PendingImport.objects.exists()


def bomb(size: int) -> bytes:
    """A workbook whose one sheet unpacks to `size` bytes of nothing."""
    book = io.BytesIO()
    Workbook().save(book)
    out = io.BytesIO()
    with zipfile.ZipFile(book) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            if "sheet1" not in name:
                after.writestr(name, before.read(name))
        with after.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for _ in range(size // 1_000_000):
                sheet.write(b" " * 1_000_000)
    return out.getvalue()


def test_upload_when_it_is_a_bomb_then_refused_before_it_is_unpacked(officer):
    response = upload(officer, bomb(60_000_000), name="bomb.xlsx")
    assert "unpacks to far more than it should" in text_of(response)
    assert not PendingImport.objects.exists()


def test_upload_when_a_workbook_has_entities_then_refused(officer):
    book, out = io.BytesIO(), io.BytesIO()
    Workbook().save(book)
    with zipfile.ZipFile(book) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            text = before.read(name)
            if name == "xl/workbook.xml":
                text = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + text.split(b"?>", 1)[-1]
            after.writestr(name, text)
    assert "The spreadsheet cannot be read" in text_of(upload(officer, out.getvalue(), name="x.xlsx"))


def test_upload_when_a_zip_leads_out_of_itself_then_refused(officer):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("../../services.csv", "id,name\n1,a\n")
    assert "leads out of it" in text_of(upload(officer, out.getvalue(), "csv", "x.zip"))


def test_upload_when_its_name_is_a_path_then_it_is_kept_under_ours(officer):
    upload(officer, name="../../../evil.csv")
    folder = staging.folder_of(PendingImport.objects.get())
    assert (folder / staging.FILE).exists()
    assert not list(Path(staging.settings.IMPORTS_ROOT).parent.glob("evil*"))


def test_upload_when_there_are_too_many_services_then_sent_to_the_command(officer, monkeypatch):
    monkeypatch.setattr(staging, "MAX_ADMIN_ROWS", 1)
    assert "more than 1 services" in text_of(upload(officer))


def test_purge_when_a_day_has_passed_then_file_and_row_are_gone(officer):
    upload(officer)
    folder = staging.folder_of(PendingImport.objects.get())
    assert staging.purge() == 0
    PendingImport.objects.update(uploaded_at=timezone.now() - timedelta(hours=25))
    call_command("purge_imports", stdout=io.StringIO())
    assert (folder.exists(), PendingImport.objects.exists()) == (False, False)


@pytest.mark.parametrize("group", ["Council editor", "Viewer", "Comment moderator", "Forum editor", None])
def test_area_when_somebody_may_not_publish_then_every_page_is_refused(client, council, group):
    make_groups()
    user = get_user_model().objects.create_user("other", "x@example.org", "x")
    user.groups.set([Group.objects.get(name=group)] if group else [])
    pending = PendingImport.objects.create(authority=council, format="csv")
    client.force_login(user)
    for address in (
        INDEX,
        f"{INDEX}{pending.uuid}/",
        f"{INDEX}{pending.uuid}/words/",
        f"{INDEX}{pending.uuid}/rows.csv",
        f"{INDEX}download/services-zip/",
    ):
        assert client.get(address).status_code in (302, 403), address
    assert client.post(f"{INDEX}{pending.uuid}/discard/").status_code in (302, 403)
    assert PendingImport.objects.exists()


def test_area_when_a_publisher_comes_then_open_and_in_the_menu(client, council):
    make_groups()
    user = get_user_model().objects.create_user("publisher", "x@example.org", "x")
    user.groups.set([Group.objects.get(name="Council publisher")])
    client.force_login(user)
    page = client.get(INDEX)
    assert page.status_code == 200
    assert INDEX in page.content.decode()


# -- files to take ----------------------------------------------------------------------


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def test_data_page_when_open_then_every_column_is_explained_and_every_file_comes(client, council):
    page = text_of(client.get(reverse("services:data")))
    for name in ("organisations.csv", "waiting_weeks", "schedules.csv"):
        assert name in page
    for name, download in DOWNLOADS.items():
        response = client.get(reverse("services:data_file", args=[name]))
        assert response.status_code == (200 if download.public else 404), name


def test_open_data_when_a_place_hides_or_a_service_goes_then_the_next_file_says_so(client, council):
    place = make_location(council, address_1="1 Secret Lane")
    service = make_service(council, locations=(place,))
    address = reverse("services:data_file", args=["open-data"])

    def texts() -> str:
        with zipfile.ZipFile(io.BytesIO(body(client.get(address)))) as archive:
            return "".join(archive.read(name).decode() for name in archive.namelist())

    assert "1 Secret Lane" in texts()
    etag = client.get(address)["ETag"]
    assert client.get(address, headers={"If-None-Match": etag}).status_code == 304
    Location.objects.filter(pk=place.pk).update(address_hidden=True)
    assert "1 Secret Lane" not in texts()
    Service.objects.filter(pk=service.pk).update(live=False)
    assert service.name not in texts()


@pytest.mark.parametrize("name", ["sample-csv", "template-csv", "template-xlsx"])
def test_sample_when_imported_then_every_row_is_taken_as_it_is(client, council, tmp_path, name):
    path = tmp_path / "file"
    path.write_bytes(body(client.get(reverse("services:data_file", args=[name]))))
    if name != "sample-csv":
        with pytest.raises(Exception, match="no rows"):
            make_plan(importer=CsvPackageImporter(), path=path, authority=council)
        return
    plan = make_plan(importer=CsvPackageImporter(), path=path, authority=council)
    assert (len(plan.added), plan.rejected, plan.warnings, plan.unrecognised) == (2, [], [], {})


@pytest.mark.parametrize("name", ["package.zip", "book.xlsx"])
def test_export_command_when_its_file_is_imported_then_nothing_changes(council, tmp_path, name):
    make_service(council, name="Swim", section="health", locations=(make_location(council),))
    out = io.StringIO()
    call_command("export_services", str(tmp_path / name), authority="Avonmere Council", stdout=out)
    options = {"format": "csv", "authority": "Avonmere Council", "stdout": out, "stderr": io.StringIO()}
    call_command("import_services", str(tmp_path / name), **options)
    assert "unchanged        1" in out.getvalue()
    assert not ImportBatch.objects.exists()


def test_commands_when_words_are_mapped_and_the_import_undone_then_both_work(council, tmp_path):
    path, words = tmp_path / "list.csv", tmp_path / "map.json"
    path.write_bytes(SAMPLE)
    words.write_text('{"category": {"Moon walks": "short_breaks"}}')
    out = io.StringIO()
    options = {"format": "outpost", "authority": "Avonmere Council", "stdout": out, "stderr": io.StringIO()}
    call_command("import_services", str(path), map=words, **options)
    assert "access_fact: “Trampoline”, first on line 2, in all 1" in out.getvalue()
    assert Service.objects.get(external_id="8").categories.get().key == "short_breaks"
    call_command("undo_import", **options)
    assert not Service.objects.exists()
    with pytest.raises(CommandError, match="already"):
        call_command("undo_import", **options)
    words.write_text('{"category": {"Moon walks": "moon"}}')
    with pytest.raises(CommandError, match="do not know"):
        call_command("import_services", str(path), map=words, **options)


# -- a feed by its address ---------------------------------------------------------------


FEED = [
    {"id": f"f-{n}", "name": f"Feed club {n}", "status": "active", "description": "A club. It is fun.",
     "service_at_locations": []}
    for n in (1, 2, 3)
]  # fmt: skip


@pytest.fixture
def feed(settings, tmp_path, monkeypatch):
    """A feed on this machine, a service a page; nobody waits between pages."""
    settings.FETCH_LOOPBACK = True
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(oruk_visit, "DELAY", 0.0)
    with serving() as web:
        serve_pages(web, [[each] for each in FEED])
        yield web


def name_feed(client, address: str, format: str = "oruk", **more):
    data = {"format": format, "authority": make_authority().pk, "feed": address, **more}
    return client.post(INDEX, data, follow=True)


def test_feed_when_named_then_dry_run_then_applied_and_its_secrets_are_not_shown(officer, feed):
    page = text_of(name_feed(officer, f"{feed.url}/feed?key=secret"))
    assert "Import: 3 new, 0 changed" in page
    assert "secret" not in page
    assert PendingImport.objects.get().file_name == "127.0.0.1/feed/services"
    assert not Service.objects.exists()
    apply(officer)
    assert Service.objects.filter(source="oruk").count() == 3


def test_feed_when_longer_than_anybody_waits_then_told_and_the_next_press_goes_on(officer, feed, monkeypatch):
    monkeypatch.setattr(oruk_visit, "PATIENCE", 0.0)
    monkeypatch.setattr(oruk_visit.time, "sleep", lambda seconds: None)
    address = f"{feed.url}/feed"
    assert "1 of 3 services are fetched and kept. Press the button again" in text_of(
        name_feed(officer, address)
    )
    assert not PendingImport.objects.exists()
    monkeypatch.setattr(oruk_visit, "PATIENCE", 30.0)
    assert "Import: 3 new" in text_of(name_feed(officer, address))
    assert len(feed.asked) == 3


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"feed": ""}, "Choose a file, or write the address of a feed."),
        ({"feed": "not an address at all"}, "This is not a web address."),
        ({"feed": "https://f.example.org", "format": "gias"}, "Only “Open Referral UK feed” has an address."),
        ({"feed": "http://10.0.0.1/feed"}, "10.0.0.1"),
        ({"feed": "https://f.example.org", "file": SimpleUploadedFile("a.csv", SAMPLE)}, "not both"),
    ],
)
def test_feed_when_it_cannot_be_used_then_told_beside_the_field_and_kept(
    officer, settings, tmp_path, given, told
):
    settings.VAR_DIR = tmp_path
    address = given.pop("feed")
    page = text_of(name_feed(officer, address, **given))
    assert told in page
    assert not address or f'value="{address}"' in page
    assert not PendingImport.objects.exists()


def test_feed_when_uploaded_as_a_json_file_then_looked_at_the_same(officer):
    content = json.dumps({"contents": FEED}).encode()
    assert "Import: 3 new" in text_of(upload(officer, content, format="oruk", name="feed.json"))
