"""A hidden address (a refuge, a childminder) is its outward postcode and nothing nearer, everywhere.

One test walks every way that a service leaves the product: a new one belongs in `outputs`.
"""

import io
import json
import zipfile
from datetime import time, timedelta

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from search import shortlist
from search.documents import documents_of
from search.index import rebuild
from search.models import IndexedDocument, IndexedWord
from services.calendars import calendar_of
from services.models import Contact, Schedule, Service
from services.package.export import Audience, Export
from services.postcode_table import store
from services.postcodes import lookup
from tests.factories import make_home, make_location, make_organisation, make_service

pytestmark = pytest.mark.django_db

SECRETS = (
    "Rosewood",
    "Secret Lane",
    "Rear flat",
    "Hiddenham",
    "Hidshire",
    "6RJ",
    "51.4812",
    "2.5333",
    "51.4744",
)


@pytest.fixture
def refuge(authority):
    """A service whose only place is hidden, with a contact and sessions at that place. Whole postcodes
    are loaded, so that a slip would show the house."""
    make_home()
    store([("BS5", {"6RJ": (51.47442, -2.54710)})])
    place = make_location(
        authority,
        name="Rosewood House",
        address_1="9 Secret Lane",
        address_2="Rear flat",
        city="Hiddenham",
        county="Hidshire",
        postcode="BS5 6RJ",
        latitude=51.481234,
        longitude=-2.533321,
        address_hidden=True,
    )
    provider = make_organisation(authority, name="Safe Haven", provider_type="childminder")
    service = make_service(
        authority, name="Safe place", organisation=provider, locations=(place,), summary="Safe."
    )
    tomorrow = timezone.localdate() + timedelta(days=1)
    service.contacts = [Contact(role="Duty worker", phone="0117 496 0100", location=place)]
    service.schedules = [
        Schedule(days=["MO"], opens=time(9), closes=time(17), location=place, extra=[tomorrow.isoformat()])
    ]
    service.save()
    rebuild()
    return Service.objects.get(pk=service.pk)


def outputs(service: Service, client, admin_client):
    """(where, text) of everything that a reader, another system or a spreadsheet is given."""
    pages = [
        service.get_absolute_url(),
        f"/services/{service.pk}/sessions.ics",
        "/services/",
        "/services/?q=safe",
        "/services/?q=rosewood",
        "/services/?q=secret+lane",
        "/services/?postcode=BS5+6RJ&within=5&sort=distance",
        "/services/suggest/?q=saf",
        "/services/suggest/?q=rosew&format=json",
        f"/services/saved/?{shortlist.LISTED}={service.pk}",
        "/services/changes.atom",
        "/open-referral/services",
        f"/open-referral/services/{service.uuid}",
        "/open-referral/service_at_locations",
        f"/open-referral/service_at_locations/{service.service_locations.get().uuid}",
        "/open-referral/service_at_locations?postcode=BS5+6RJ&proximity=9000",
        "/sitemap-services.xml",
    ]
    for page in pages:
        response = client.get(page)
        content = b"".join(response.streaming_content) if response.streaming else response.content
        yield page, response.status_code, content.decode()
    yield "calendar", 200, calendar_of(service, address="https://x.example.org/").decode()
    for document in documents_of([service.pk]):
        yield "document", 200, repr(document)
    for row in IndexedDocument.objects.all():
        yield "index", 200, json.dumps([row.entry, row.card])
    yield "words", 200, " ".join(IndexedWord.objects.values_list("word", flat=True))
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM search_text")
            yield "full text", 200, repr(cursor.fetchall())
    for kind in ("csv", "xlsx"):
        content = admin_client.get("/admin/services/service/", {"export": kind}).getvalue()
        yield f"admin {kind}", 200, _unzipped(content) if kind == "xlsx" else content.decode()
    out = io.BytesIO()
    Export(service.authority, Audience.PUBLIC).write_zip(out)
    yield "package", 200, _unzipped(out.getvalue())
    out = io.BytesIO()
    Export(service.authority, Audience.PUBLIC).write_workbook(out)
    yield "workbook", 200, _unzipped(out.getvalue())


def _unzipped(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "".join(book.read(name).decode() for name in book.namelist())


def asked_for(where: str, text: str) -> str:
    """The page without what the reader typed, which it gives back to them."""
    if "postcode=" in where:
        for typed in ("BS5 6RJ", "BS5+6RJ", "BS5%206RJ"):
            text = text.replace(typed, "")
    return text


def test_hidden_address_when_every_output_is_read_then_only_its_outcode_is_there(
    refuge, client, admin_client
):
    seen = set()
    for where, status, text in outputs(refuge, client, admin_client):
        seen.add(where)
        assert status == 200, where
        if "q=rosewood" in where or "q=secret" in where or "q=rosew" in where:
            assert "Safe place" not in text, where
            continue
        for secret in SECRETS:
            assert secret.casefold() not in asked_for(where, text).casefold(), (where, secret)
        if not where.startswith(("/sitemap", "calendar", "words", "/services/suggest")):
            assert "safe place" in text.casefold(), where
    assert len(seen) > 20
    html = client.get(refuge.get_absolute_url()).content.decode()
    assert "Near BS5" in html
    assert "openstreetmap" not in html
    centre = lookup("BS5")
    assert documents_of([refuge.pk])[0].points == ((centre.latitude, centre.longitude),)


def test_address_when_it_is_hidden_later_then_the_index_forgets_it(
    refuge, client, django_capture_on_commit_callbacks
):
    place = refuge.service_locations.get().location
    with django_capture_on_commit_callbacks(execute=True):
        place.address_hidden = False
        place.save()
    assert "9 secret lane" in repr(documents_of([refuge.pk])).casefold()
    with django_capture_on_commit_callbacks(execute=True):
        place.address_hidden = True
        place.save()
    assert "Safe place" not in client.get("/services/?q=rosewood").content.decode()
    assert "Safe place" in client.get("/services/?q=safe").content.decode()


def test_command_export_when_it_is_public_then_hides_the_address_too(refuge, tmp_path):
    path = tmp_path / "offer.zip"
    call_command("export_services", str(path), authority="Avonmere Council", public=True, verbosity=0)
    text = _unzipped(path.read_bytes())
    assert "Safe place" in text
    assert not [secret for secret in SECRETS if secret in text]
