"""What a forged or outdated form causes is refused in words, what we broke is an error: both are logged."""

import json
from collections.abc import Callable
from types import FunctionType
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DataError, IntegrityError
from django.http import QueryDict
from django.urls import reverse

from localoffer.models import Audience
from localoffer.request_log import JsonFormatter, Private
from services.models import Service
from tests.factories import make_home, make_service
from tests.test_hardening import service_form, staff

pytestmark = pytest.mark.django_db
SECRET = "Zebedee Larkspur"


@pytest.fixture
def written(caplog) -> Callable[[str], list[dict[str, Any]]]:
    """The lines of a level as production writes them."""
    caplog.set_level("INFO")
    caplog.handler.addFilter(Private())
    return lambda level: [
        json.loads(JsonFormatter().format(each)) for each in caplog.records if each.levelname == level
    ]


def send(service, **changed):
    client = staff("Council publisher")
    client.raise_request_exception = False
    address = reverse("wagtailsnippets_services_service:edit", args=[service.pk])
    sent = service_form(service, name=SECRET, **changed)
    return client.post(address, {**sent, "action-publish": "1"})


def test_form_when_it_is_forged_then_refused_and_logged_with_its_id_and_no_word_of_it(written):
    service = make_service(make_home().get_site())
    rows = {"contacts-TOTAL_FORMS": "1", "contacts-INITIAL_FORMS": "1", "contacts-0-id": "Zebedee"}
    answer = send(service, **rows)
    assert answer.status_code == 400
    line = next(each for each in written("WARNING") if each["logger"] == "localoffer.refused_forms")
    assert line["message"] == "A form was refused: 400."
    assert line["request_id"] == answer["X-Request-ID"]
    assert line["error"] == "ValidationError"
    assert any("modelcluster" in frame for frame in line["frames"])
    assert "Zebedee" not in json.dumps([written(level) for level in ("INFO", "WARNING", "ERROR")])
    assert not written("ERROR")


def test_form_when_another_took_the_name_meanwhile_then_409_and_logged(written, monkeypatch):
    site = make_home().get_site()
    service = make_service(site)
    held = Audience.objects.create(authority=site, name=SECRET, every_months=6, first_due="2026-12-01")

    def clash(self, *args, **kwargs):
        Audience.objects.create(authority=site, name=held.name, every_months=6, first_due="2026-12-01")

    monkeypatch.setattr(Service, "save_revision", clash)
    answer = send(service)
    assert answer.status_code == 409
    line = next(each for each in written("WARNING") if each["logger"] == "localoffer.refused_forms")
    assert (line["message"], line["error"]) == ("A form was refused: 409.", "IntegrityError")
    assert SECRET not in json.dumps(written("WARNING"))


def a_row_that_lacks_its_name(site):
    Service.objects.filter(pk__gt=0).update(name=None)


def moved(function: FunctionType, *, module: str) -> FunctionType:
    """A function as if it stood in another module."""
    return FunctionType(function.__code__, {"__name__": module})


def _calls(link: Any) -> None:
    link()


def _raises() -> None:
    raise KeyError("href")


def _reads(form: QueryDict) -> None:
    form["nmae"]


def a_key_that_our_code_reads_by_a_wrong_name(site):
    moved(_reads, module="services.views")(QueryDict(""))


def raising(error: Exception) -> Callable[[Any], None]:
    def broken(site):
        raise error

    return broken


OF_OURS = [
    a_row_that_lacks_its_name,
    a_key_that_our_code_reads_by_a_wrong_name,
    raising(ValidationError("The dates are the wrong way round.")),
    raising(ValidationError("“%(value)s” is wrong.", params={"value": "not sent"})),
    raising(DataError("value too long for type character varying(50)")),
    raising(OverflowError("date value out of range")),
    raising(ValueError("Field 'id' expected a number but got 'not sent'.")),
    raising(ValueError("not enough values to unpack")),
    raising(IntegrityError("a rule of ours")),
]


@pytest.mark.parametrize("broken", OF_OURS)
def test_form_when_our_own_code_breaks_then_500_and_logged_as_an_error(written, monkeypatch, broken):
    site = make_home().get_site()
    service = make_service(site)
    monkeypatch.setattr(Service, "save_revision", lambda self, *args, **kwargs: broken(site))
    answer = send(service)
    assert answer.status_code in (500, 503)
    assert SECRET in answer.content.decode()
    line = next(each for each in written("ERROR") if each["logger"] == "django.request")
    assert line["request_id"] == answer["X-Request-ID"]
    assert line["frames"]
    assert not [each for each in written("WARNING") if each["logger"] == "localoffer.refused_forms"]


@pytest.mark.parametrize(("broken", "status"), [("localoffer.moulds", 500), ("draftjs_exporter.html", 400)])
def test_rich_text_when_it_cannot_be_read_then_refused_unless_what_we_add_to_the_editor_breaks(
    monkeypatch, broken, status
):
    service = make_service(make_home().get_site())
    theirs = moved(_calls, module="wagtail.admin.rich_text.converters.contentstate")
    raises = moved(_raises, module=broken)
    monkeypatch.setattr(Service, "save_revision", lambda *args, **given: theirs(raises))
    assert send(service).status_code == status
