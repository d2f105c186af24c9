"""Mail by GOV.UK Notify, against a server that answers as Notify does."""

import json
import logging
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import jwt
import pytest
from django.core import mail
from django.core.mail import EmailMessage

from localoffer import notify_mail
from localoffer.notify_mail import NotifyEmailBackend, NotTaken
from services import review_mail
from services.enums import ReminderState
from tests.factories import make_authority

SERVICE, SECRET = "6ce466d0-fd6a-11e5-82f5-e0accb9d11a6", "c4cd8b5e-6a0e-4d3e-9d5c-3d1f6f0f3c11"
TEMPLATE = "f33517ff-2a88-4f6e-b855-c550268ce08a"


class Notify(BaseHTTPRequestHandler):
    """POST /v2/notifications/email: 201, or what the test says."""

    status, body, hang = 201, {"id": "740e5834-3a29-46b4-9a6f-16142fde533a"}, False
    asked: list[tuple[str, dict, str]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).asked.append((self.path, json.loads(body), self.headers["Authorization"]))
        if self.hang:
            self.server.answer.wait(5)  # type: ignore[attr-defined]
        text = json.dumps(self.body).encode()
        self.send_response(self.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *args: object) -> None: ...


@pytest.fixture
def notify(settings) -> Iterator[type[Notify]]:
    from threading import Event

    handler = type("Handler", (Notify,), {"asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.answer = Event()  # type: ignore[attr-defined]
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.EMAIL_BACKEND = "localoffer.notify_mail.NotifyEmailBackend"
    settings.GOVUK_NOTIFY_API_KEY = f"local_offer-{SERVICE}-{SECRET}"
    settings.GOVUK_NOTIFY_TEMPLATE_ID = TEMPLATE
    settings.GOVUK_NOTIFY_URL = f"http://127.0.0.1:{server.server_port}"
    yield handler
    server.answer.set()  # type: ignore[attr-defined]
    server.shutdown()
    server.server_close()


def letter(*to: str) -> EmailMessage:
    connection = mail.get_connection()
    return EmailMessage("A subject", "Some words", None, list(to), headers={"X": "y"}, connection=connection)


def test_mail_when_sent_then_notify_gets_it_signed_once_for_each_person(notify):
    assert letter("Ann <ann@home.test>", "bob@home.test").send() == 1
    assert [body["email_address"] for _, body, _ in notify.asked] == ["ann@home.test", "bob@home.test"]
    path, body, authorization = notify.asked[0]
    assert path == "/v2/notifications/email"
    assert body["template_id"] == TEMPLATE
    assert body["personalisation"] == {"subject": "A subject", "body": "Some words"}
    claims = jwt.decode(authorization.removeprefix("Bearer "), SECRET, algorithms=["HS256"])
    assert claims["iss"] == SERVICE


def test_mail_when_notify_refuses_then_an_error_of_mail_that_quotes_nothing(notify, caplog):
    notify.status = 400
    notify.body = {"errors": [{"error": "BadRequestError", "message": "ann@home.test is not in your team"}]}
    with caplog.at_level(logging.DEBUG), pytest.raises(OSError, match="Notify answered 400") as refused:
        letter("ann@home.test").send()
    assert "ann@home" not in str(refused.value)
    assert "ann@home" not in caplog.text
    assert refused.value.__suppress_context__


def test_mail_when_notify_is_silent_then_it_may_have_gone(notify, monkeypatch):
    monkeypatch.setattr(notify_mail, "PATIENCE", 0.2)
    notify.hang = True
    with pytest.raises(TimeoutError):
        letter("ann@home.test").send()


def test_mail_when_notify_is_not_there_then_not_taken(notify, settings):
    settings.GOVUK_NOTIFY_URL = "http://127.0.0.1:9"
    with pytest.raises(NotTaken):
        letter("ann@home.test").send()


def test_mail_when_told_to_fail_silently_then_no_error_and_none_counted(notify):
    notify.status = 500
    assert NotifyEmailBackend(fail_silently=True).send_messages([letter("ann@home.test")]) == 0


def test_key_when_it_is_none_of_notifys_then_said_so(settings):
    settings.GOVUK_NOTIFY_API_KEY = ""
    with pytest.raises(NotTaken, match="GOVUK_NOTIFY_API_KEY"):
        NotifyEmailBackend().open()


@pytest.mark.django_db
def test_reminder_when_sent_by_notify_then_its_state_is_true(notify, monkeypatch):
    site = make_authority()
    given = {"to": "ann@home.test", "subject": "S", "template": "ask", "site": site}
    given["context"] = {"rows": [], "many": False, "days": 30}
    assert review_mail.send(**given) == (ReminderState.SENT, "")
    notify.status = 403
    assert review_mail.send(**given) == (ReminderState.FAILED, "NotTaken")
    monkeypatch.setattr(notify_mail, "PATIENCE", 0.2)
    notify.hang = True
    assert review_mail.send(**given) == (ReminderState.UNSURE, "TimeoutError")
