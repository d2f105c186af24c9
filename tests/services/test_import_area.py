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
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone
from openpyxl import Workbook

from localoffer.founding import make_groups
from services.importers import jobs, staging
from services.importers.applying import Writer
from services.importers.csv_package import CsvPackageImporter
from services.importers.planning import make_plan
from services.models import ImportBatch, ImportJob, ImportMeanings, Location, PendingImport, Service
from services.package.downloads import DOWNLOADS
from services.vocabulary import load
from tests.factories import make_authority, make_location, make_service
from tests.services.test_importers_oruk_feed import serve_pages
from tests.services.web_server import serving

SAMPLE = (Path(__file__).parent / "samples" / "outpost.csv").read_bytes()
INDEX = "/admin/services/import/"
START = jobs.start

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
    rows = officer.get(f"{INDEX}{pending.uuid}/rows.csv").getvalue().decode()
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


def busy(*args, **kwargs):
    raise OperationalError("database is locked")


def test_apply_and_undo_when_the_database_is_busy_then_nothing_is_written_and_it_can_be_tried_again(
    officer, monkeypatch
):
    upload(officer)
    with monkeypatch.context() as patch:
        patch.setattr("services.importers.applying.Writer._write_log", busy)
        page = text_of(apply(officer))
    assert "The database was busy with other work. Nothing was written. Try again in a minute." in page
    assert "Import: 2 new, 0 changed" in page
    assert (Service.objects.count(), Location.objects.count(), ImportBatch.objects.count()) == (0, 0, 0)
    apply(officer)
    assert Service.objects.count() == 2
    result = f"{INDEX}done/{ImportBatch.objects.get().pk}/"
    with monkeypatch.context() as patch:
        patch.setattr("services.importers.undoing._Undoing._log_removal", busy)
        page = text_of(officer.post(result, follow=True))
    assert "The database was busy with other work. Nothing was written. Try again in a minute." in page
    assert Service.objects.count() == 2
    officer.post(result)
    assert not Service.objects.exists()


def test_apply_when_the_database_is_busy_only_after_it_is_written_then_nobody_is_told_to_do_it_again(
    officer, monkeypatch
):
    upload(officer)
    monkeypatch.setattr(staging, "discard", busy)
    page = text_of(apply(officer))
    assert "Undo this import" in page
    assert Service.objects.count() == 2


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


def test_upload_when_it_has_no_header_then_asked_whether_the_first_line_is_one(officer):
    page = text_of(upload(officer, b"a1,Swim club,health\na2,Sound club,health\n", "csv"))
    assert "It has: a1, Swim club, health. None is one of ours." in page
    assert "Look whether its first line is the header." in page


def test_words_when_a_needed_column_is_called_otherwise_then_asked_for_and_found(officer):
    content = b"No,Title,Part\n1,Swim club,health\n2,Sound club,health\n"
    response = upload(officer, content, "csv")
    assert "The file has no column id, name" in text_of(response)
    pending = PendingImport.objects.get()
    words = f"{INDEX}{pending.uuid}/words/"
    clash = officer.post(words, {"word0": "id", "word1": "id", "word2": "section"})
    assert "Choose it for one" in text_of(clash)
    page = text_of(officer.post(words, {"word0": "id", "word1": "name", "word2": "section"}, follow=True))
    assert "Import: 2 new" in page


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Look whether it was saved"),
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
    monkeypatch.setattr(jobs, "DELAY", 0.0)
    with serving() as web:
        serve_pages(web, [[each] for each in FEED])
        yield web


@pytest.fixture(autouse=True)
def started(monkeypatch):
    """How often a process was begun; none is."""
    begun = []
    monkeypatch.setattr(jobs, "start", lambda: begun.append(1))
    return begun


def name_feed(client, address: str, format: str = "oruk", **more):
    data = {"format": format, "authority": make_authority().pk, "feed": address, **more}
    return client.post(INDEX, data, follow=True)


def run_jobs() -> str:
    out = io.StringIO()
    call_command("run_imports", stdout=out)
    return out.getvalue()


def job_page(client, **query):
    job = ImportJob.objects.latest("pk")
    return client.get(f"{INDEX}under-way/{job.uuid}/", query)


def test_feed_when_named_then_fetched_outside_the_request_and_its_secrets_are_not_shown(officer, feed):
    page = name_feed(officer, f"{feed.url}/feed?key=secret")
    assert "It begins in a moment." in text_of(page)
    assert "secret" not in text_of(page)
    assert (page["Refresh"], feed.asked) == ("3", [])
    assert "1 imports came to an end" in run_jobs()
    assert ImportJob.objects.get().feed == ""
    page = text_of(officer.get(job_page(officer)["Location"]))
    assert "Import: 3 new, 0 changed" in page
    assert "secret" not in page
    assert PendingImport.objects.get().file_name == "127.0.0.1/feed/services"
    assert not Service.objects.exists()
    apply(officer)
    assert Service.objects.filter(source="oruk").count() == 3


def test_feed_when_its_address_is_private_then_the_page_of_the_job_says_so(officer, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    name_feed(officer, "http://10.0.0.1/feed")
    run_jobs()
    page = job_page(officer)
    assert "10.0.0.1" in text_of(page)
    assert "Nothing was written." in text_of(page)
    assert "Refresh" not in page
    assert "Not done" in text_of(officer.get(INDEX))
    assert not PendingImport.objects.exists()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"feed": ""}, "Choose a file, or write the address of a feed."),
        ({"feed": "not an address at all"}, "This is not a web address."),
        ({"feed": "https://f.example.org", "format": "gias"}, "Only “Open Referral UK feed” has an address."),
        ({"feed": "https://f.example.org", "file": SimpleUploadedFile("a.csv", SAMPLE)}, "not both"),
    ],
)
def test_feed_when_it_cannot_be_used_then_told_beside_the_field_and_kept(officer, given, told):
    address = given.pop("feed")
    page = text_of(name_feed(officer, address, **given))
    assert told in page
    assert not address or f'value="{address}"' in page
    assert not PendingImport.objects.exists()
    assert not ImportJob.objects.exists()


def test_feed_when_uploaded_as_a_json_file_then_looked_at_the_same(officer):
    content = json.dumps({"contents": FEED}).encode()
    assert "Import: 3 new" in text_of(upload(officer, content, format="oruk", name="feed.json"))


# -- longer than a request ---------------------------------------------------------------


@pytest.fixture
def long(monkeypatch):
    """Every file is a long one."""
    monkeypatch.setattr(staging, "LONG_FILE", 10)
    monkeypatch.setattr(jobs, "LONG_UNDO", 1)


def looked_at(client, content: bytes = SAMPLE) -> None:
    upload(client, content)
    run_jobs()


def test_long_file_when_uploaded_applied_and_undone_then_each_is_done_outside_of_the_request(
    officer, long, started, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        page = upload(officer)
    assert "Looking at the file" in text_of(page)
    assert (page["Refresh"], started) == ("3", [1])
    assert "Refresh" not in job_page(officer, still="")
    assert "Under way" in text_of(officer.get(INDEX))
    run_jobs()
    assert "Import: 2 new" in text_of(officer.get(job_page(officer)["Location"]))
    assert "Importing" in text_of(apply(officer))
    assert not Service.objects.exists()
    run_jobs()
    assert Service.objects.count() == 2
    assert ImportBatch.objects.get().applied_by.username == "officer"
    result = job_page(officer)["Location"]
    assert "Undo this import" in text_of(officer.get(result))
    assert "Undoing an import" in text_of(officer.post(result, follow=True))
    run_jobs()
    assert not Service.objects.exists()
    assert job_page(officer)["Location"] == result
    assert not PendingImport.objects.exists()


def test_long_file_when_asked_for_twice_then_done_once(officer, long):
    looked_at(officer)
    apply(officer)
    pending = PendingImport.objects.get()
    jobs.ask_to_apply(pending=pending, user=None)
    assert ImportJob.objects.filter(step="apply").count() == 1
    assert officer.get(f"{INDEX}{pending.uuid}/").status_code == 302
    run_jobs()
    assert run_jobs() == "0 imports came to an end.\n"
    assert ImportBatch.objects.count() == 1


def test_long_file_when_something_changed_since_the_dry_run_then_refused_and_a_new_one_is_there(
    officer, long
):
    looked_at(officer)
    apply(officer)
    make_service(make_authority(), name="By hand", source="outpost", external_id="1")
    run_jobs()
    page = text_of(job_page(officer))
    assert "Something changed since the dry run. Nothing was written." in page
    assert Service.objects.count() == 1
    assert f"{INDEX}{PendingImport.objects.get().uuid}/" in page


def test_long_file_when_deleted_while_it_waits_then_refused(officer, long):
    looked_at(officer)
    apply(officer)
    officer.post(f"{INDEX}{PendingImport.objects.get().uuid}/discard/")
    run_jobs()
    assert "The file is no longer kept. Choose it again." in text_of(job_page(officer))
    assert not Service.objects.exists()


def test_long_file_when_it_is_no_use_then_refused_with_the_reason(officer, long):
    looked_at(officer, b"import_id,name\n" * 2 + b"%PDF\0")
    assert "bytes that are not text" in text_of(job_page(officer))
    assert not PendingImport.objects.exists()


def test_long_file_when_a_column_must_be_explained_then_its_page_asks(officer, long):
    upload(officer, b"No,Title,Part\n1,Swim club,health\n", "csv")
    run_jobs()
    page = officer.get(job_page(officer)["Location"], follow=True)
    assert "Say which column is which" in text_of(page)
    answers = {"word0": "id", "word1": "name", "word2": "section"}
    officer.post(f"{INDEX}{PendingImport.objects.get().uuid}/words/", answers)
    run_jobs()
    assert "Import: 1 new" in text_of(officer.get(job_page(officer)["Location"], follow=True))


def killed(*args, **kwargs):
    raise KeyboardInterrupt


def test_job_when_killed_in_the_middle_then_nothing_is_written_and_the_next_run_ends_it(
    officer, long, monkeypatch
):
    looked_at(officer)
    apply(officer)
    with monkeypatch.context() as patch:
        patch.setattr("services.importers.applying.Writer._write_log", killed)
        with pytest.raises(KeyboardInterrupt):
            run_jobs()
    assert not Service.objects.exists()
    assert not ImportBatch.objects.exists()
    assert ImportJob.objects.latest("pk").state == "waiting"
    run_jobs()
    assert Service.objects.count() == 2


def test_job_when_the_database_is_busy_then_is_tried_again_and_after_three_times_said_so(
    officer, long, monkeypatch
):
    looked_at(officer)
    apply(officer)
    real, tries = Writer._write_log, []

    def busy_once(self, *args):
        tries.append(1)
        return real(self, *args) if len(tries) > 1 else busy()

    with monkeypatch.context() as patch:
        patch.setattr("services.importers.applying.Writer._write_log", busy_once)
        run_jobs()
    assert (Service.objects.count(), len(tries)) == (2, 2)
    with monkeypatch.context() as patch:
        patch.setattr("services.importers.undoing._Undoing._log_removal", busy)
        officer.post(f"{INDEX}done/{ImportBatch.objects.get().pk}/")
        run_jobs()
    assert "The database was busy with other work. Nothing was written." in text_of(job_page(officer))
    assert Service.objects.count() == 2


def test_run_imports_when_the_database_is_busy_before_it_can_begin_then_says_so(officer, long, monkeypatch):
    upload(officer)
    with monkeypatch.context() as patch:
        patch.setattr(ImportJob, "save", busy)
        with pytest.raises(CommandError, match="What waits is tried again"):
            run_jobs()
    run_jobs()
    assert ImportJob.objects.get().state == "done"


def test_job_when_killed_three_times_then_refused_and_said_so(officer, long, monkeypatch):
    looked_at(officer)
    apply(officer)
    with monkeypatch.context() as patch:
        patch.setattr("services.importers.applying.Writer._write_log", killed)
        for _ in range(3):
            with pytest.raises(KeyboardInterrupt):
                run_jobs()
    run_jobs()
    assert "It stopped before its end 3 times. Nothing was written." in text_of(job_page(officer))
    assert not Service.objects.exists()


def test_job_when_killed_after_writing_then_the_next_run_tells_search_and_does_not_write_again(
    officer, long, monkeypatch
):
    looked_at(officer)
    apply(officer)
    with monkeypatch.context() as patch:
        patch.setattr(staging, "discard", killed)
        with pytest.raises(KeyboardInterrupt):
            run_jobs()
    assert ImportJob.objects.latest("pk").state == "written"
    told = []
    monkeypatch.setattr(jobs.services_changed, "send", lambda sender, ids: told.extend(ids))
    run_jobs()
    assert sorted(told) == sorted(Service.objects.values_list("pk", flat=True))
    assert ImportBatch.objects.count() == 1
    assert not PendingImport.objects.exists()
    assert "Undo this import" in text_of(officer.get(job_page(officer)["Location"]))


def test_job_when_it_gives_no_sign_of_life_then_its_page_offers_to_start_it_again(
    officer, long, started, monkeypatch
):
    upload(officer)
    ImportJob.objects.update(asked_at=timezone.now() - timedelta(minutes=5))
    page = job_page(officer)
    assert "It seems to have stopped. Nothing is half written." in text_of(page)
    officer.post(page.request["PATH_INFO"])
    assert started == [1]


def test_job_when_it_is_another_councils_then_not_found(officer, long, client, council):
    make_groups()
    upload(officer)
    user = get_user_model().objects.create_user("viewer", "x@example.org", "x")
    user.groups.set([Group.objects.get(name="Viewer")])
    client.force_login(user)
    assert job_page(client).status_code in (302, 403)


def test_purge_when_a_job_ended_long_ago_then_forgotten(officer, long):
    looked_at(officer)
    call_command("purge_imports", stdout=io.StringIO())
    assert ImportJob.objects.exists()
    ImportJob.objects.update(ended_at=timezone.now() - timedelta(days=31))
    call_command("purge_imports", stdout=io.StringIO())
    assert not ImportJob.objects.exists()


def test_start_when_called_then_a_process_of_its_own_does_what_waits(monkeypatch):
    begun = []
    monkeypatch.setattr(jobs.subprocess, "Popen", lambda *args, **how: begun.append((args[0], how)))
    START()
    assert begun[0][0][1:] == [str(jobs.settings.BASE_DIR / "manage.py"), "run_imports"]
    assert begun[0][1]["start_new_session"]


def test_dry_run_when_a_link_changes_then_names_are_shown_and_no_ids(officer, council):
    make = "id,name,section,organisation.name,location.name,location.postcode\n"
    first = make + "s1,Swim club,health,Trust One,The Hub,BS5 6RJ\n"
    upload(officer, first.encode(), "csv")
    apply(officer)
    second = make + "s1,Swim club,health,Trust Two,The Hub,BS5 6RJ\n"
    page = text_of(upload(officer, second.encode(), "csv"))
    assert "<del>Trust One</del>" in page
    assert "<ins>Trust Two</ins>" in page
    assert "name:trust" not in page
