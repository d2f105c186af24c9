"""Lists as files: never held whole, never half a file that looks whole, and nothing left on the disk."""

import csv
import io
import tempfile
from collections import deque
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.signals import request_finished
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook
from wagtail.models import PageLogEntry

from localoffer import spreadsheets
from localoffer.models import GuidancePage
from localoffer.spreadsheets import NOT_WHOLE, WRITERS, streamed_csv, xlsx_response
from tests.factories import make_home, make_organisation, make_page, make_term, make_user
from tests.memory import peak_of

pytestmark = pytest.mark.django_db
AT_ONCE = 15
ROWS = 60
TEXT = 6_000
LITTLE = 300  # bytes that a row may leave in memory

GLOSSARY = "/admin/snippets/localoffer/glossaryterm/"
HISTORY = "/admin/reports/site-history/"
AGING = "/admin/reports/aging-pages/"


@pytest.fixture(autouse=True)
def _few_at_once(monkeypatch):
    monkeypatch.setattr(spreadsheets, "CHUNK", AT_ONCE)


@pytest.fixture
def disk(tmp_path, monkeypatch) -> Path:
    """Where temporary files are made."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def long_rows(wanted: int, fails_at: int | None = None) -> Iterator[list[Any]]:
    for n in range(wanted):
        if n == fails_at:
            raise RuntimeError("the database went away")
        yield [n, f"{n:09}" * (TEXT // 9)]


def table_of(response: Any, kind: str) -> list[list[Any]]:
    body = response.getvalue()
    if kind == "csv":
        return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))
    return [
        ["" if cell is None else str(cell) for cell in row]
        for row in load_workbook(io.BytesIO(body)).active.values
    ]


def asked(client: Client, address: str, kind: str) -> int:
    """How many statements a file costs, when what is asked once is known."""
    table_of(client.get(address, {"export": kind}), kind)
    with CaptureQueriesContext(connection) as statements:
        table_of(client.get(address, {"export": kind}), kind)
    return len(statements)


@pytest.mark.parametrize("kind", WRITERS)
def test_file_when_four_times_as_long_then_no_more_is_held(kind):
    def take(rows: int) -> int:
        def work() -> None:
            response = WRITERS[kind]("x", ["a", "b"], long_rows(rows))
            assert sum(map(len, response.streaming_content)) > rows * (
                9 * (TEXT // 9) if kind == "csv" else 9
            )

        return peak_of(work)

    take(AT_ONCE)  # what is read once and kept for ever
    few, many = take(ROWS), take(4 * ROWS)
    assert (many - few) / (3 * ROWS) < LITTLE


def test_csv_when_it_begins_then_most_of_its_rows_are_not_read_yet():
    left = iter(long_rows(ROWS))
    response = streamed_csv("x", ["a", "b"], left)
    assert next(iter(response.streaming_content)).startswith("\ufeffa,b\r\n0,".encode())
    assert next(left)[0] < 2 * AT_ONCE


def test_csv_when_a_row_fails_midway_then_its_last_line_says_so_and_the_answer_breaks_off():
    response, got = streamed_csv("x", ["a", "b"], long_rows(ROWS, fails_at=40)), []
    with pytest.raises(RuntimeError):
        deque(map(got.append, response.streaming_content))
    *_, before, last = list(csv.reader(io.StringIO(b"".join(got).decode())))
    assert before[0] == "28"  # whole lines alone
    assert last == [NOT_WHOLE]


def test_csv_when_an_early_row_fails_then_nothing_was_sent():
    with pytest.raises(RuntimeError):
        streamed_csv("x", ["a", "b"], long_rows(ROWS, fails_at=3))


def test_workbook_when_written_then_it_is_whole_and_only_on_disk(disk, monkeypatch):
    monkeypatch.setattr(request_finished, "send", lambda sender: None)  # it ends the test's transaction
    response = xlsx_response("services", ["a", "b"], long_rows(ROWS))
    assert list(disk.iterdir()) == []  # it has no name
    assert int(response["Content-Length"]) == len(response.getvalue())
    held = response.file_to_stream
    assert not held.closed
    response.close()  # as a server does when all is sent, and when the reader goes away
    assert held.closed
    assert list(disk.iterdir()) == []


@pytest.mark.parametrize("fails_at", [0, 1, 40])
def test_workbook_when_a_row_fails_then_nothing_is_sent_nor_left_on_disk(disk, monkeypatch, fails_at):
    made = []
    real = tempfile.TemporaryFile
    monkeypatch.setattr(spreadsheets, "TemporaryFile", lambda: made.append(real()) or made[-1])
    with pytest.raises(RuntimeError):
        xlsx_response("x", ["a", "b"], long_rows(ROWS, fails_at=fails_at))
    assert [file.closed for file in made] == [True]
    assert list(disk.iterdir()) == []


# -- lists of Wagtail's ------------------------------------------------------------------------


@pytest.mark.parametrize("kind", WRITERS)
def test_wagtail_list_when_taken_then_every_row_in_order_and_no_cell_runs(
    admin_client, authority, monkeypatch, disk, kind
):
    for n in range(2 * AT_ONCE + 3):
        make_term(f"T{n:03}", authority, expansion="=1+1", plain_meaning=f"Meaning {n}")
    monkeypatch.setattr("localoffer.own_views.OwnIndexView.get_context_data", None)  # no page is made for it
    response = admin_client.get(GLOSSARY, {"export": kind, "ordering": "-term"})
    assert response["Content-Disposition"].endswith(f'.{kind}"')
    headings, *found = table_of(response, kind)
    assert headings == ["Word", "In full", "Meaning", "Other ways to write it", "Explain it inside text"]
    assert [row[0] for row in found] == [f"T{n:03}" for n in reversed(range(2 * AT_ONCE + 3))]
    assert {row[1] for row in found} == {"'=1+1"}
    assert list(disk.iterdir()) == []


@pytest.mark.parametrize("kind", WRITERS)
def test_list_that_offers_no_file_when_asked_for_one_then_it_stays_a_page(admin_client, authority, kind):
    make_organisation(authority, name="Avon Swimmers")
    response = admin_client.get("/admin/services/organisation/", {"export": kind})
    assert response["Content-Type"].startswith("text/html")
    assert "Avon Swimmers" in response.content.decode()


@pytest.mark.parametrize("kind", WRITERS)
def test_history_when_taken_then_every_line_newest_first_with_what_the_report_adds(admin_client, kind):
    page, user = make_page(GuidancePage, make_home(), title="Travel"), make_user("ann")
    PageLogEntry.objects.all().delete()
    now = timezone.now()

    def log(first: int, end: int) -> None:
        for n in range(first, end):
            PageLogEntry.objects.create(
                page=page, content_type=page.content_type, label=f"-{n}", action="wagtail.edit", user=user,
                timestamp=now - timedelta(hours=n),
            )  # fmt: skip

    log(0, 3)
    few = asked(admin_client, HISTORY, kind)
    log(3, AT_ONCE - 3)
    assert asked(admin_client, HISTORY, kind) == few
    log(AT_ONCE - 3, 2 * AT_ONCE + 1)
    headings, *found = table_of(admin_client.get(HISTORY, {"export": kind}), kind)
    assert headings == ["ID", "Name", "Type", "Action type", "User", "Date/Time"]
    found = [row for row in found if row[1].startswith("'-")]
    assert [row[1] for row in found] == [f"'-{n}" for n in range(2 * AT_ONCE + 1)]
    assert found[0][2:5] == ["Guidance page", "Edit", "ann"]


@pytest.mark.parametrize("kind", WRITERS)
def test_aging_pages_when_taken_then_who_published_them_is_named(client, admin_user, kind):
    client.force_login(admin_user)
    home = make_home()

    def publish(first: int, end: int) -> None:
        for n in range(first, end):
            page = make_page(GuidancePage, home, title=f"Page {n:02}")
            page.save_revision(user=admin_user).publish(user=admin_user)

    publish(0, 3)
    few = asked(client, AGING, kind)
    publish(3, AT_ONCE - 4)
    assert asked(client, AGING, kind) == few
    publish(AT_ONCE - 4, AT_ONCE + 2)
    _, *found = table_of(client.get(AGING, {"export": kind}), kind)
    named = [row for row in found if row[0].startswith("Page ")]
    assert [row[0] for row in named] == [f"Page {n:02}" for n in range(AT_ONCE + 2)]
    assert all(admin_user.get_username() in row for row in named)
