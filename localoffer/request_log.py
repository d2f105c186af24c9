"""What is logged: that a request was answered, and where code broke. Never who asked, or what was typed.

A line holds no network address, user, query, form value, cookie, or message of an exception, which can
quote a row. Addresses that carry a secret or a person's number are logged without it.
"""

import json
import logging
import re
import secrets
import time
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

logger = logging.getLogger("localoffer.requests")
request_id: ContextVar[str] = ContextVar("request_id", default="")
HEADER = "X-Request-ID"
UNREADABLE = re.compile(r"Invalid request from ip=|Error handling request")
GIVEN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{7,63}")
# Parts of addresses that name a thing, not a person: all others are logged as their own name.
PLAIN = {"path", "slug", "section", "day", "asked", "app_label", "model_name", "action", "kind", "period"}


class RequestLogMiddleware:
    """Gives every request an id, which the answer carries, and logs a line when it is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get(HEADER, "")
        id = given if GIVEN.fullmatch(given) else secrets.token_hex(16)
        token = request_id.set(id)
        began = time.monotonic()
        try:
            response = self.get_response(request)
            response[HEADER] = id
            if request.path_info.startswith(settings.STATIC_URL) and response.status_code in (200, 304):
                return response
            logger.info(
                "%s %s %s",
                request.method if request.method in METHODS else "OTHER",
                response.status_code,
                where(request, response.status_code),
                extra={"ms": round((time.monotonic() - began) * 1000)},
            )
            return response
        finally:
            request_id.reset(token)


METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def where(request: HttpRequest, status: int = 200) -> str:
    """The address without what somebody may have typed or only one person has.

    "/services/review/<token>/" for a link of one provider; "(no such page)" where nothing answers.
    """
    try:
        match = request.resolver_match or resolve(request.path_info)
    except Resolver404:
        return "(no such page)"
    if status == 404 and match.url_name == "wagtail_serve":
        return "(no such page)"
    told = request.path_info
    for name, value in match.captured_kwargs.items():
        if not (isinstance(value, int) or name in PLAIN):
            told = told.replace(str(value), f"<{name}>")
    return told


class Private(logging.Filter):
    """Takes out of a record what Django puts into it of the request."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = getattr(record, "request_id", "") or request_id.get()
        request = getattr(record, "request", None)
        if record.name == "django.security.DisallowedHost":
            record.msg, record.args, record.exc_info = "A request for a host that is not ours.", (), None
        elif isinstance(request, HttpRequest):
            status = getattr(record, "status_code", 500)
            if record.name == "django.request" and status < 500:
                return False  # the line of the request says so
            record.msg, record.args = "%s: %s", (record.name.rpartition(".")[2], where(request, status))
        elif record.name == "gunicorn.error" and UNREADABLE.match(str(record.msg)):
            # Gunicorn's words quote the caller's address and what it sent.
            record.msg, record.args = "A request that could not be read or answered.", ()
        elif record.name == "django.server":
            return False  # the development server's own line, with the query
        return True


def frames(record: logging.LogRecord) -> list[str]:
    """Where it broke, the innermost last, with the kind of exception and no word of its message."""
    if not record.exc_info or not record.exc_info[0]:
        return []
    kind, _, trace = record.exc_info
    steps = [f"{step.filename}:{step.lineno} {step.name}" for step in traceback.extract_tb(trace)]
    return [*steps[-20:], kind.__name__]


class PlainFormatter(logging.Formatter):
    """One line for a person; then the steps to where it broke."""

    def format(self, record: logging.LogRecord) -> str:
        id = getattr(record, "request_id", "")
        ms = f" {record.ms} ms" if hasattr(record, "ms") else ""
        line = f"{record.levelname} {record.name} {record.getMessage()}{ms}{f' [{id}]' if id else ''}"
        return "\n    ".join([line.replace("\n", " "), *frames(record)])


class JsonFormatter(logging.Formatter):
    """One JSON object a line: at, level, logger, message, request_id; ms of a request; frames of an error."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if getattr(record, "request_id", ""):
            line["request_id"] = record.request_id
        if hasattr(record, "ms"):
            line["ms"] = record.ms
        steps = frames(record)
        if steps:
            line |= {"error": steps[-1], "frames": steps[:-1]}
        return json.dumps(line, ensure_ascii=False)


def logging_settings(format: str, level: str) -> dict[str, Any]:
    """Everything goes to one stream, as containers and systemd expect."""
    quiet = {"handlers": [], "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"private": {"()": "localoffer.request_log.Private"}},
        "formatters": {
            "plain": {"()": "localoffer.request_log.PlainFormatter"},
            "json": {"()": "localoffer.request_log.JsonFormatter"},
        },
        "handlers": {
            "console": {"class": "logging.StreamHandler", "formatter": format, "filters": ["private"]}
        },
        "root": {"handlers": ["console"], "level": level},
        # Django's own handlers would print the query and mail the form.
        "loggers": {
            "django": quiet,
            "elastic_transport": {"level": "WARNING"},
            "mozilla_django_oidc": {"level": "CRITICAL"},  # its words hold email addresses
        },
    }
