"""What a feed sent of people: how long it is kept, and how a person finds and erases it."""

import os
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from localoffer.personal_data import Identity
from services.importers.forgetting import FEED_KEPT, KEPT_DAYS
from services.models import ImportBatch, ImportRecord
from services.personal_data_imports import SentSubject
from tests.factories import make_authority, make_service

pytestmark = pytest.mark.django_db
SENT = {"id": "f-1", "contacts": [{"name": "Jo Reed", "email": "jo.reed@club.example.org"}]}


@pytest.fixture
def council():
    return make_authority()


def record(authority, service, *, days: int, external_id: str = "f-1") -> ImportRecord:
    when = timezone.now() - timedelta(days=days)
    batch = ImportBatch.objects.create(authority=authority, source="oruk", applied_at=when)
    return ImportRecord.objects.create(
        authority=authority, source="oruk", kind="service", external_id=external_id, service=service,
        values={"contacts": [{"email": "jo.reed@club.example.org"}]}, digest="d", batch=batch, incoming=SENT,
        previous={"name": "Old"}, changes={"name": ["Old", "New"]},
    )  # fmt: skip


def purged() -> str:
    out = StringIO()
    call_command("purge_imports", stdout=out)
    return out.getvalue()


def test_purge_when_an_entry_is_long_gone_then_what_was_sent_is_forgotten_and_the_record_stays(council):
    old = record(council, None, days=KEPT_DAYS + 1)
    assert "forgotten for 1 entries" in purged()
    old.refresh_from_db()
    assert (old.incoming, old.values, old.previous, old.changes) == (None, {}, {}, {})
    assert (old.external_id, old.digest) == ("f-1", "d")
    assert "forgotten for 0 entries" in purged()


def test_purge_when_an_entry_is_off_the_site_then_only_what_was_sent_goes(council):
    off = record(council, make_service(council, live=False), days=KEPT_DAYS + 1)
    purged()
    off.refresh_from_db()
    assert off.incoming is None
    assert off.values["contacts"]


@pytest.mark.parametrize(("live", "days"), [(True, KEPT_DAYS + 100), (None, KEPT_DAYS - 1)])
def test_purge_when_an_entry_is_on_the_site_or_not_long_gone_then_all_is_kept(council, live, days):
    kept = record(council, make_service(council) if live else None, days=days)
    purged()
    kept.refresh_from_db()
    assert kept.incoming == SENT
    assert kept.values


def test_purge_when_a_feed_was_fetched_more_than_a_day_ago_then_its_files_go(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    folder = tmp_path / "feeds"
    folder.mkdir()
    old, new = folder / "old.jsonl", folder / "new.jsonl"
    for file in (old, new):
        file.write_text("{}")
    then = (timezone.now() - FEED_KEPT - timedelta(minutes=1)).timestamp()
    os.utime(old, (then, then))
    assert "1 files of feeds" in purged()
    assert (old.exists(), new.exists()) == (False, True)


def test_subject_when_an_address_stands_in_what_was_sent_then_found_and_erased(council):
    service = make_service(council)
    theirs = record(council, service, days=1)
    other = make_authority(hostname="other.example.org")
    record(other, None, days=1, external_id="f-2")
    subject = SentSubject()
    assert subject.find(council, Identity(email="somebody@example.org")) == []
    assert subject.find(council, Identity(phone="0117 496 0100")) == []
    (held,) = subject.find(council, Identity(email="Jo.Reed@club.example.org"))
    assert held.data["sent"] == SENT
    assert subject.erase(site=other, keys=[held.key], by=None, reason="Asked") == 0
    assert subject.erase(site=council, keys=[held.key], by=None, reason="Asked") == 1
    theirs.refresh_from_db()
    assert theirs.incoming is None
