"""Pages for when something fails: clear, and nothing that was typed is lost."""

import errno

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.db import DatabaseError, OperationalError
from django.template.loader import get_template
from django.test import Client, RequestFactory
from django.views.defaults import permission_denied

from localoffer.middleware import reads_utf_8
from localoffer.views import bad_request, csrf_failure, server_error


def test_404_when_no_page_then_ways_on(client, authority, settings):
    settings.DEBUG = False
    response = client.get("/nothing-here/")
    assert response.status_code == 404
    assert "We cannot find that page" in response.text
    assert '<meta name="robots" content="noindex">' in response.text
    assert 'rel="canonical"' not in response.text
    assert not response.cookies


@pytest.mark.parametrize("path", ["/%00/", "/a" * 900 + "/", "/<script>alert(1)</script>/", "/%F0%9F%98%80/"])
def test_404_when_address_is_hostile_then_404_and_escaped(client, authority, settings, path):
    settings.DEBUG = False
    response = client.get(path)
    assert response.status_code == 404
    assert "<script>alert" not in response.text


def test_403_when_refused_then_plain_words(authority):
    response = permission_denied(RequestFactory().get("/"), PermissionError())
    assert response.status_code == 403
    assert "You cannot see this page" in response.text


@pytest.mark.parametrize(("name", "view", "status"), [("500", server_error, 500), ("400", bad_request, 400)])
def test_plain_page_when_the_database_is_gone_then_still_drawn(name, view, status):
    """No database mark: a query would raise."""
    request = RequestFactory().get("/")
    response = view(request, ValueError()) if status == 400 else view(request)
    assert response.status_code == status
    assert "css/base.css" in response.content.decode()
    assert get_template(f"{name}.html").render() == response.content.decode()


KINDS = ("charset=zip", "charset=utf-16", "charset=latin-1", "CharSet = idna", "charset*=utf-8''zip")


@pytest.mark.parametrize("encoding", KINDS)
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_form_when_it_says_another_encoding_then_read_as_utf_8_all_the_same(kind, encoding):
    read = []
    environ = RequestFactory().generic("POST", "/?q=caf%C3%A9", "text=caf%C3%A9").environ
    application = reads_utf_8(lambda given, start: read.append(WSGIRequest(given)))
    application({**environ, "CONTENT_TYPE": f"{kind}; {encoding}"}, print)
    assert read[0].content_type == kind.partition(";")[0]
    assert read[0].GET["q"] == "café"
    if "multipart" in kind:
        assert read[0].content_params == {"boundary": "x"}
    else:
        assert read[0].POST["text"] == "café"


def test_form_when_it_is_in_an_encoding_that_django_refuses_then_400(authority, settings):
    settings.DEBUG = False
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.cookies["csrftoken"] = "a" * 32
    kind = "application/x-www-form-urlencoded; charset=utf-16"
    answer = client.generic("POST", "/have-your-say/", b"text=Late", content_type=kind)
    assert answer.status_code == 400
    assert "no-store" in answer["Cache-Control"]
    assert "We could not read what your browser sent" in answer.text


def test_csrf_failure_when_text_was_typed_then_given_back_escaped(authority):
    words = "Line one\nline </textarea><script>x</script>"
    post = {"comment": words, "needs": ["a", "b"], "password": "hunter2"}
    response = csrf_failure(RequestFactory().post("/have-your-say/", post))
    assert response.status_code == 403
    assert "Line one\nline &lt;/textarea&gt;&lt;script&gt;" in response.text
    assert ">a\nb</textarea>" in response.text
    assert "hunter2" not in response.text
    assert "Error: We could not send your form" in response.text


def test_csrf_failure_when_token_is_forged_then_reached_and_nothing_lost(authority):
    strict = Client(enforce_csrf_checks=True)
    post = {"username": "me", "password": "hunter2", "csrfmiddlewaretoken": "forged"}
    response = strict.post("/admin/login/", post)
    assert response.status_code == 403
    assert ">me</textarea>" in response.text
    assert "hunter2" not in response.text


def test_csrf_failure_when_nothing_was_typed_then_no_empty_boxes(authority):
    assert "What you wrote" not in csrf_failure(RequestFactory().post("/", {"comment": ""})).text


# -- when something breaks --------------------------------------------------------------------

WORDS = "The taxi <b>never</b> comes & nobody rings."


@pytest.fixture
def calm(client):
    """Answers with the page a reader would get, and not with the exception."""
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OperationalError("database is locked"), 503),
        (DatabaseError("could not write to file: No space left on device"), 503),
        (OSError(errno.ENOSPC, "No space left on device"), 503),
        (ZeroDivisionError("secret detail"), 500),
    ],
)
def test_form_when_the_view_breaks_then_a_plain_page_gives_back_what_was_typed(
    calm, authority, monkeypatch, error, status
):
    def broken(*args, **kwargs):
        raise error

    monkeypatch.setattr("feedback.views._form", broken)
    given = {"text": WORDS, "password": "hunter2", "token": "abc123", "go": "send"}
    response = calm.post("/have-your-say/", given)
    told = response.content.decode()
    assert response.status_code == status
    assert "The taxi &lt;b&gt;never&lt;/b&gt; comes &amp; nobody rings." in told
    assert "Nothing was sent" in told
    for hidden in ("hunter2", "abc123", "secret detail", "No space", "locked"):
        assert hidden not in told
    assert "no-store" in response["Cache-Control"]
    assert response.get("Retry-After") == ("300" if status == 503 else None)


def test_page_when_the_view_breaks_on_a_get_then_no_empty_boxes(calm, authority, monkeypatch):
    monkeypatch.setattr("feedback.views.read_log", lambda *args: 1 / 0)
    response = calm.get("/have-your-say/comments/?q=words")
    assert response.status_code == 500
    assert "textarea" not in response.content.decode()
