"""Fetching a feed: page after page, gently, within bounds, and onward after a crash."""

import json
import threading
from email.utils import formatdate
from io import StringIO
from pathlib import Path
from time import time

import pytest
from django.core.management import CommandError, call_command

from services.fetching import Limits
from services.importers import oruk_feed
from services.importers.base import UnusableFile
from services.importers.oruk_feed import Politeness, gather, services_address
from services.models import ImportBatch, Service
from services.vocabulary import load
from tests.factories import make_authority
from tests.services.web_server import serving

WHOLE = {"service_at_locations": [], "status": "active", "description": "A club."}


def service(number: int, **more) -> dict:
    return {"id": f"s-{number}", "name": f"Club {number}", **WHOLE, **more}


class Waits(list):
    """Every wait that was asked for; none is waited."""

    def polite(self, delay: float = 1.0) -> Politeness:
        return Politeness(delay=delay, sleep=self.append)


@pytest.fixture
def web(settings):
    settings.FETCH_LOOPBACK = True
    with serving() as server:
        yield server


@pytest.fixture
def waits():
    return Waits()


@pytest.fixture
def fetched(web, waits, tmp_path):
    """Gather the feed; returns the services of the file."""

    def run(address: str = "/feed", **options) -> list[dict]:
        path = gather(f"{web.url}{address}", folder=tmp_path, politeness=waits.polite(), **options)
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    return run


def serve_pages(web, pages: list, path: str = "/feed/services", **envelope) -> None:
    """Serve each page of services by its number."""
    total = len(pages)

    def answer(request):
        asked = dict(pair.split("=") for pair in request.path.partition("?")[2].split("&") if pair)
        number = int(asked.get("page", 1))
        contents = pages[number - 1] if number <= total else []
        body = {"total_items": sum(map(len, pages)), "total_pages": total, "page_number": number,
                "last_page": number >= total, "contents": contents, **envelope}  # fmt: skip
        sent = json.dumps(body).encode()
        request.send_response(200)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(sent)))
        request.end_headers()
        request.wfile.write(sent)

    web.answers[path] = answer


def test_feed_when_paged_then_every_service_once_with_a_pause_between(web, fetched, waits):
    serve_pages(web, [[service(1), service(2)], [service(3)]])
    assert [row["id"] for row in fetched()] == ["s-1", "s-2", "s-3"]
    assert waits == [1.0]
    assert len(web.asked) == 2


@pytest.mark.parametrize("address", ["/feed", "/feed/", "/feed/services", "/feed/services?page=7&x=1"])
def test_address_when_root_or_list_then_the_list(address):
    found = services_address(f"https://example.org{address}")
    assert found.startswith("https://example.org/feed/services")
    assert "page=" not in found


def test_feed_when_its_list_is_short_then_each_service_is_asked_for_whole(web, fetched):
    serve_pages(web, [[{"id": "a", "name": "A"}, {"id": "b", "name": "B"}]])
    web.says("/feed/services/a", json.dumps({"id": "a", "name": "A", "schedules": [{"id": "1"}]}).encode())
    rows = fetched()
    assert [row.get("schedules") for row in rows] == [[{"id": "1"}], None]  # b is not found: its short form


def test_feed_when_a_service_has_not_changed_then_not_asked_again(web, fetched):
    serve_pages(web, [[{"id": "a", "name": "A", "last_modified": "2026-01-01T00:00:00Z"}]])
    held = {"id": "a", "name": "A", "last_modified": "2026-01-01T00:00:00Z", "schedules": []}
    assert fetched(known=lambda external_id: held) == [held]
    assert not [path for path in web.asked if path.startswith("/feed/services/a")]
    changed = held | {"last_modified": "2025-01-01T00:00:00Z"}
    web.says("/feed/services/a", json.dumps(held | {"name": "New"}).encode())
    assert fetched(known=lambda external_id: changed, afresh=True)[0]["name"] == "New"


def test_feed_when_it_knows_nothing_of_full_then_asked_without(web, fetched):
    serve_pages(web, [[service(1)]])
    serve = web.answers["/feed/services"]
    web.answers["/feed/services"] = lambda request: (
        request.send_error(400) if "full" in request.path else serve(request)
    )
    assert len(fetched()) == 1


def test_feed_when_a_page_fails_then_the_next_run_goes_on_from_it(web, fetched):
    serve_pages(web, [[service(1)], [service(2)], [service(3)]])
    serve = web.answers["/feed/services"]
    web.answers["/feed/services"] = lambda request: (
        request.send_error(404) if "page=2" in request.path else serve(request)
    )
    with pytest.raises(UnusableFile, match="run it again to go on"):
        fetched()
    web.asked.clear()
    web.answers["/feed/services"] = serve
    assert [row["id"] for row in fetched()] == ["s-1", "s-2", "s-3"]
    assert [path.partition("page=")[2][0] for path in web.asked] == ["2", "3"]


def test_feed_when_killed_while_writing_a_page_then_no_half_of_it_is_kept(web, fetched, tmp_path):
    serve_pages(web, [[service(1)], [{"id": "b", "name": "B"}, service(3)]])
    with pytest.raises(KeyboardInterrupt):
        fetched(progress=lambda *told: (_ for _ in ()).throw(KeyboardInterrupt))
    file = next(tmp_path.glob("*.jsonl"))
    with file.open("ab") as out:
        out.write(b'{"id": "half')
    assert [row["id"] for row in fetched()] == ["s-1", "b", "s-3"]


def test_feed_when_the_note_is_damaged_then_begun_anew(web, fetched, tmp_path):
    serve_pages(web, [[service(1)]])
    fetched()
    next(tmp_path.glob("*.state.json")).write_text("{oops", encoding="utf-8")
    assert len(fetched()) == 1
    assert len(web.asked) == 2


def test_feed_when_fetched_just_now_then_not_asked_again_unless_told_to(web, fetched):
    serve_pages(web, [[service(1)]])
    fetched()
    fetched()
    assert len(web.asked) == 1
    fetched(afresh=True)
    assert len(web.asked) == 2


# -- bad feeds ----------------------------------------------------------------------------------


def test_feed_when_its_pages_loop_then_said(web, fetched):
    serve_pages(web, [[service(1)]] * 3)
    with pytest.raises(UnusableFile, match="round in circles"):
        fetched()


def test_feed_when_it_never_ends_then_stopped(web, fetched, monkeypatch):
    monkeypatch.setattr(oruk_feed, "MOST_PAGES", 5)
    serve_pages(web, [[service(n)] for n in range(20)])
    with pytest.raises(UnusableFile, match="no end"):
        fetched()
    assert len(web.asked) <= 6


@pytest.mark.parametrize(
    ("body", "words"),
    [(b"<html>hello</html>", "did not send JSON"), (b"", "did not send JSON"), (b'{"a": 1}', "contents"),
     (b"7", "contents"), (b"[" * 100_000, "did not send JSON"), (b"\xff\xfe", "did not send JSON")],
)  # fmt: skip
def test_feed_when_it_is_not_one_then_said(web, fetched, body, words):
    web.says("/feed/services", body, Content_Type="text/html")
    with pytest.raises(UnusableFile, match=words):
        fetched()


def test_feed_when_it_has_no_services_then_said_and_asked_again_next_time(web, fetched):
    serve_pages(web, [[]])
    with pytest.raises(UnusableFile, match="The feed has no services"):
        fetched()
    serve_pages(web, [[service(1)]])
    assert len(fetched()) == 1


@pytest.mark.parametrize("status", [200, 401])
def test_feed_when_it_is_refused_then_no_secret_of_its_address_is_said(web, fetched, status):
    def answer(request):
        request.send_response(status)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", "2")
        request.end_headers()
        request.wfile.write(b"{}")

    web.answers["/feed/services"] = answer
    with pytest.raises(UnusableFile) as refused:
        fetched("/feed?key=secret")
    assert "/feed/services" in str(refused.value)
    assert "secret" not in str(refused.value)


def test_feed_when_its_json_is_cut_off_then_said(web, fetched):
    web.says("/feed/services", b'{"contents": [{"id": "1", "na', Content_Type="application/json")
    with pytest.raises(UnusableFile, match="sent JSON that is cut off or broken"):
        fetched()


def test_feed_when_a_page_is_huge_then_stopped(web, fetched, monkeypatch):
    monkeypatch.setattr(oruk_feed, "PAGE_LIMITS", Limits(size=100_000))
    web.says("/feed/services", b" " * 200_000)
    with pytest.raises(UnusableFile, match="more than"):
        fetched()


def test_feed_when_slow_then_tried_again_and_given_up(web, fetched, waits, monkeypatch):
    monkeypatch.setattr(oruk_feed, "PAGE_LIMITS", Limits(wait=0.05))
    done = threading.Event()
    web.answers["/feed/services"] = lambda request: done.wait(20)
    try:
        with pytest.raises(UnusableFile, match="too long"):
            fetched()
    finally:
        done.set()
    assert len(web.asked) == oruk_feed.TRIES
    assert [wait for wait in waits if wait > 1] == [5.0, 10.0, 20.0]


def test_feed_when_busy_then_it_waits_as_long_as_it_is_asked_to(web, fetched, waits):
    serve_pages(web, [[service(1)]])
    serve = web.answers["/feed/services"]

    def busy_once(request):
        if len(web.asked) > 1:
            serve(request)
            return
        request.send_response(429)
        request.send_header("Retry-After", "42")
        request.send_header("Content-Length", "0")
        request.end_headers()

    web.answers["/feed/services"] = busy_once
    assert len(fetched()) == 1
    assert 42 in waits


def test_feed_when_it_asks_us_to_come_back_much_later_then_said(web, fetched, waits):
    web.says("/feed/services", status=503, Retry_After=formatdate(time() + 7200, usegmt=True))
    with pytest.raises(UnusableFile, match="come back in 1[12]"):
        fetched()
    assert len(web.asked) == 1


def test_feed_when_it_fails_each_time_then_given_up_politely(web, fetched, waits):
    web.says("/feed/services", status=500)
    with pytest.raises(UnusableFile, match="4 tries"):
        fetched()
    assert len(web.asked) == 4


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000/", "http://169.254.169.254/", "http://[::1]/", "http://10.0.0.1/"]
)
def test_feed_when_its_address_is_private_then_refused(tmp_path, waits, url):
    with pytest.raises(UnusableFile, match="not a public address") as refused:
        gather(url, folder=tmp_path, politeness=waits.polite())
    assert "was fetched" not in str(refused.value)


# -- the command --------------------------------------------------------------------------------------


@pytest.fixture
def council(db, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    load()
    return make_authority()


def run(source: str | Path, *options: str) -> str:
    out = StringIO()
    call_command(
        "import_services",
        str(source),
        "--format=oruk",
        "--authority=Avonmere Council",
        "--delay=0",
        *options,
        stdout=out,
    )
    return out.getvalue()


def test_command_when_given_an_address_then_dry_run_shows_and_apply_imports(council, web):
    serve_pages(web, [[service(1), service(2)], [service(3)]])
    assert "added            3" in run(f"{web.url}/feed", "--dry-run")
    assert not Service.objects.exists()
    asked = len(web.asked)
    run(f"{web.url}/feed")
    assert len(web.asked) == asked  # what was shown is what is imported
    assert Service.objects.filter(live=True, source="oruk").count() == 3
    assert "unchanged        3" in run(f"{web.url}/feed", "--afresh")
    assert ImportBatch.objects.count() == 1


def test_command_when_services_leave_the_feed_then_listed_and_kept(council, web):
    serve_pages(web, [[service(1), service(2)]])
    run(f"{web.url}/feed")
    serve_pages(web, [[service(1)]])
    out = run(f"{web.url}/feed", "--afresh")
    assert "Here, not in the file" in out
    assert Service.objects.filter(live=True).count() == 2


def test_command_when_the_feed_fails_then_said_and_nothing_written(council, web):
    with pytest.raises(CommandError, match="answered 404.*Nothing was written"):
        run(f"{web.url}/feed")
    assert not Service.objects.exists()


def test_command_when_another_format_is_given_an_address_then_refused(council):
    with pytest.raises(CommandError, match="Only a feed"):
        call_command(
            "import_services", "https://example.org/x.csv", "--format=gias", "--authority=Avonmere Council"
        )


def test_command_when_given_a_file_then_read(council):
    run(Path(__file__).parent / "samples" / "open-referral.json")
    assert Service.objects.count() == 2


def serve_one_by_one(web, ids: list[str], broken: str = "") -> None:
    """A list of bare services, each whole at its own address; one of them is broken."""
    serve_pages(web, [[{"id": each, "name": each} for each in ids]])
    for each in ids:
        whole = json.dumps({"id": each, "name": each, "status": "active", "schedules": []}).encode()
        web.says(f"/feed/services/{each}", whole, 500 if each == broken else 200)


def test_feed_when_it_stops_within_a_page_of_single_services_then_goes_on_with_the_next_one(web, fetched):
    serve_one_by_one(web, ["a", "b", "c"], broken="c")
    with pytest.raises(UnusableFile, match="run it again to go on"):
        fetched()
    web.asked.clear()
    serve_one_by_one(web, ["a", "b", "c"])
    assert [row["id"] for row in fetched()] == ["a", "b", "c"]
    assert [path for path in web.asked if "page=" not in path] == ["/feed/services/c"]


def test_feed_when_a_page_is_another_after_a_stop_within_it_then_it_is_fetched_anew(web, fetched):
    serve_one_by_one(web, ["a", "b", "c"], broken="c")
    with pytest.raises(UnusableFile):
        fetched()
    serve_one_by_one(web, ["b", "c", "d"])
    assert [row["id"] for row in fetched()] == ["b", "c", "d"]
