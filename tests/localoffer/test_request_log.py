"""What is logged: every request with its id, and never who asked or what was typed."""

import json
import logging
import sys

import pytest
from django.test import Client, RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from feedback import submission
from feedback.models import Comment
from localoffer import request_log
from localoffer.request_log import GIVEN, JsonFormatter, PlainFormatter, Private, where
from tests.factories import make_home, make_service
from tests.services.currency import make_open_link

WORDS = "Zebedee Quillfeather of Larkspur Close has epilepsy"


@pytest.fixture
def lines():
    """Everything that a request makes the site log, as production writes it, and as a person reads it."""
    written: list[dict] = []
    plain: list[str] = []

    class Keeps(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            written.append(json.loads(JsonFormatter().format(record)))
            plain.append(PlainFormatter().format(record))

    handler = Keeps(level=logging.DEBUG)
    handler.addFilter(Private())
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield written, plain
    root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture
def calm(client):
    client.raise_request_exception = False
    return client


@pytest.mark.django_db
def test_comment_when_sent_then_its_line_has_the_id_and_nothing_of_the_writer(client, lines, caplog):
    make_home()
    typed = {
        "go": "send", "role": "parent_carer", "topic": "other", "text": WORDS, "consent": "publish",
        "email": "zebedee@larkspur.example", "token": submission.new_token(),
    }  # fmt: skip
    response = client.post(
        "/have-your-say/?q=epilepsy", typed, REMOTE_ADDR="203.0.113.77",
        headers={"user-agent": "Odd Browser", "referer": "http://testserver/larkspur"},
    )  # fmt: skip
    assert Comment.objects.count() == 1
    written, plain = lines
    line = next(line for line in written if line["logger"] == "localoffer.requests")
    assert line["message"] == "POST 302 /have-your-say/"
    assert line["request_id"] == response["X-Request-ID"]
    assert line["level"] == "INFO"
    assert isinstance(line["ms"], int)
    assert line["at"].endswith("+00:00")
    everything = json.dumps(written) + "\n".join(plain)
    for secret in ("Zebedee", "Larkspur", "larkspur", "epilepsy", "203.0.113", "Odd Browser"):
        assert secret not in everything
    assert any(response["X-Request-ID"] in text for text in plain)


@pytest.mark.django_db
def test_view_when_it_breaks_then_the_line_says_where_and_no_message_of_the_exception(
    calm, lines, monkeypatch
):
    make_home()

    def broken(*args, **kwargs):
        raise ValueError(f"duplicate key: {WORDS}")

    monkeypatch.setattr("feedback.views._form", broken)
    response = calm.post("/have-your-say/", {"text": WORDS})
    assert response.status_code == 500
    written, plain = lines
    line = next(line for line in written if line["level"] == "ERROR")
    assert line["error"] == "ValueError"
    assert line["message"] == "request: /have-your-say/"
    assert any("feedback/views.py" in frame for frame in line["frames"])
    assert line["request_id"] == response["X-Request-ID"]
    everything = json.dumps(written) + "\n".join(plain)
    assert "Zebedee" not in everything
    assert "duplicate" not in everything


@pytest.mark.django_db
def test_line_when_an_address_is_one_persons_then_without_what_makes_it_theirs(client, lines):
    site = make_home().get_site()
    service = make_service(site)
    _, token = make_open_link(service)
    seal = submission.seal("AB12-CD34")
    for address in (
        f"/services/check/{token}/", f"/have-your-say/sent/{seal}/", f"/shared/{token}/",
        f"/zebedee-{WORDS.split()[0]}/", "/have-your-say/comments/AB12-CD34/", "/services/?q=epilepsy",
    ):  # fmt: skip
        client.get(address)
    everything = json.dumps(lines[0]) + "\n".join(lines[1])
    for secret in (token, seal, "Zebedee", "AB12", "epilepsy"):
        assert secret not in everything
    assert "(no such page)" in everything


@pytest.mark.django_db
def test_host_when_not_ours_then_logged_without_it(client, lines):
    assert client.get("/", headers={"host": "zebedee.example"}).status_code == 400
    assert "zebedee" not in json.dumps(lines[0])
    assert "A request for a host that is not ours." in json.dumps(lines[0])


@pytest.mark.django_db
def test_id_when_a_proxy_gives_one_then_it_is_kept_and_a_hostile_one_is_not(client, authority):
    kept = client.get("/robots.txt", headers={"x-request-id": "edge-7f3a.12_B"})
    assert kept["X-Request-ID"] == "edge-7f3a.12_B"
    for hostile in ("short", "a" * 65, "with space 12345", "line\nbreak-1234", '{"json": 1}', "é" * 12, ""):
        given_back = client.get("/robots.txt", headers={"x-request-id": hostile})["X-Request-ID"]
        assert given_back != hostile
        assert len(given_back) == 32
    assert client.get("/robots.txt")["X-Request-ID"] != client.get("/robots.txt")["X-Request-ID"]


@given(st.text())
def test_id_when_anything_is_given_then_only_harmless_letters_pass(text):
    if GIVEN.fullmatch(text):
        assert text.isascii()
        assert not set(text) & set(" \r\n\"'<>{};:/\\")


@given(st.text(), st.text())
def test_json_when_a_message_holds_anything_then_one_line_that_parses(message, name):
    record = logging.LogRecord(name or "x", logging.INFO, "f.py", 1, "%s", (message,), None)
    Private().filter(record)
    line = JsonFormatter().format(record)
    assert "\n" not in line
    assert json.loads(line)["message"] == message
    assert "\n" not in PlainFormatter().format(record)


def test_frames_when_there_is_no_exception_then_none():
    record = logging.LogRecord("x", logging.ERROR, "f.py", 1, "m", (), (None, None, None))
    assert "frames" not in json.loads(JsonFormatter().format(record))
    try:
        raise KeyError(WORDS)
    except KeyError:
        record.exc_info = sys.exc_info()
    assert json.loads(JsonFormatter().format(record))["error"] == "KeyError"


def test_where_when_nothing_answers_there_then_not_quoted():
    assert where(RequestFactory().get(f"/{WORDS}")) == "(no such page)"


def test_method_when_invented_then_not_quoted(lines, authority):
    Client().generic("ZEBEDEE", "/robots.txt")
    told = [line["message"] for line in lines[0] if line["logger"] == request_log.logger.name]
    assert told == ["OTHER 405 /robots.txt"]


@pytest.mark.parametrize(
    "words",
    [
        f"Invalid request from ip=203.0.113.77: Invalid HTTP request line: 'GET /?q={WORDS}'",
        f"Error handling request GET /services/?q={WORDS}&ip=203.0.113.77",
    ],
)
def test_server_when_it_cannot_read_a_request_then_its_line_quotes_nothing_of_it(lines, words):
    logging.getLogger("gunicorn.error").warning(words)
    logging.getLogger("gunicorn.error").warning("Booting worker with pid: %s", 7)
    written, plain = lines
    told = json.dumps(written) + " ".join(plain)
    assert "203.0.113.77" not in told
    assert "Zebedee" not in told
    assert "Booting worker with pid: 7" in told
    assert len(written) == 2
