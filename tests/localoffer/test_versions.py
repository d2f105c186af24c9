"""What is remembered until something changes, whoever changes it and whichever worker asks."""

from contextlib import suppress

import pytest
from django.core.cache import cache
from django.db import connection, transaction

from localoffer import versions
from localoffer.models import Change, CouncilSettings, GuidancePage
from services.models import Service, VocabularyTerm
from tests.factories import make_comment, make_home, make_page, make_service

pytestmark = pytest.mark.django_db


def now():
    """As a new request reads it."""
    with versions.in_request():
        return dict(versions.current().numbers)


def _change_and_take_back(service):
    with suppress(ZeroDivisionError), transaction.atomic():
        Service.objects.filter(pk=service.pk).update(name="Lost")
        raise ZeroDivisionError


def moved(change, subject):
    """Whether a change moves a subject, and no other than it."""
    before = now()
    change()
    after = now()
    differ = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    return differ == {subject}


def test_versions_when_rows_are_updated_in_bulk_then_move(authority):
    service = make_service(authority)
    assert moved(lambda: Service.objects.filter(pk=service.pk).update(name="New"), "services")


def test_versions_when_rows_are_made_in_bulk_then_move(authority):
    rows = [VocabularyTerm(kind="delivery", key=f"k{n}", label="L") for n in range(3)]
    assert moved(lambda: VocabularyTerm.objects.bulk_create(rows), "words")


def test_versions_when_sql_is_written_by_hand_then_move(authority):
    def change():
        with connection.cursor() as cursor:
            cursor.execute("UPDATE localoffer_councilsettings SET phone = %s", ["0117"])

    assert moved(change, "content")


def test_versions_when_a_comment_comes_in_then_only_feedback_moves(authority):
    assert moved(lambda: make_comment(authority), "feedback")


def test_versions_when_a_draft_is_kept_then_stay(authority):
    page = make_page(GuidancePage, make_home())
    before = now()
    page.title = "Not yet"
    page.save_revision()
    assert now() == before
    assert not moved(lambda: None, "content")


def test_versions_when_a_session_is_written_then_stay(admin_client):
    before = now()
    admin_client.session.save()
    assert now() == before


def test_versions_when_one_transaction_writes_much_then_one_row_a_subject(authority):
    before = Change.objects.count()
    for number in range(20):
        Service.objects.filter(authority=authority).update(name=f"New {number}")
    assert Change.objects.count() == before + 1


def test_versions_when_read_between_two_writes_then_move_twice(authority):
    service = make_service(authority)
    seen = []
    for name in "abc":
        Service.objects.filter(pk=service.pk).update(name=name)
        seen.append(now()["services"])
    assert len(set(seen)) == 3


def test_versions_when_a_savepoint_is_rolled_back_then_the_next_write_still_moves_them(authority):
    service = make_service(authority)
    now()
    _change_and_take_back(service)
    before = now()
    Service.objects.filter(pk=service.pk).update(name="Kept")
    assert now() != before


def test_versions_when_an_inner_savepoint_is_lost_then_the_outer_write_still_moves_them(authority):
    """Nobody reads in between: what was noted in the lost part must not count as noted."""
    service = make_service(authority)
    before = now()
    with transaction.atomic():
        CouncilSettings.objects.update(phone="1")
        _change_and_take_back(service)
        Service.objects.filter(pk=service.pk).update(name="Kept")
    assert now()["services"] != before["services"]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_versions_when_there_were_very_many_changes_then_few_rows_stay_and_each_moved(monkeypatch):
    monkeypatch.setattr(versions, "KEPT_CHANGES", 10)
    home = make_home()
    seen = set()
    for number in range(300):
        CouncilSettings.objects.filter(site=home.get_site()).update(phone=str(number))
        seen.add(now()["content"])
    assert len(seen) == 300
    assert Change.objects.count() < 300


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_row_when_made_outside_a_transaction_at_every_turn_of_tidying_then_kept(monkeypatch):
    """An INSERT that gives back its key is not read to its end while it is watched."""
    monkeypatch.setattr(versions, "randbits", lambda bits: 32)
    monkeypatch.setattr(versions, "KEPT_CHANGES", 0)
    assert connection.get_autocommit()
    for key in ("a-1", "b-2", "c-3"):
        VocabularyTerm.objects.create(kind="language", key=key, label=key)
        now()
    assert VocabularyTerm.objects.filter(key__in=("a-1", "b-2", "c-3")).count() == 3
    assert Change.objects.count() <= 1


def test_remember_when_nothing_changed_then_read_once(django_assert_num_queries):
    reads = []
    for _ in range(3):
        with versions.in_request():
            versions.remember("k", lambda: reads.append(1) or "kept")
    assert reads == [1]


def test_remember_when_the_cache_forgets_everything_then_still_right(authority, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    assert [versions.remember("k", lambda n=n: n) for n in range(3)] == [0, 1, 2]


def test_remember_when_another_worker_wrote_then_read_again(authority):
    """The other worker's cache is its own: only the database tells."""
    with versions.in_request():
        assert versions.remember("k", lambda: "old") == "old"
    Change.objects.create(subject="content", mark=7, at=0)  # as another worker's write does
    with versions.in_request():
        assert versions.remember("k", lambda: "new") == "new"


def test_remember_when_of_another_subject_then_kept(authority):
    with versions.in_request():
        versions.remember("k", lambda: "old", of=[versions.WORDS])
    make_service(authority)
    with versions.in_request():
        assert versions.remember("k", lambda: "new", of=[versions.WORDS]) == "old"


def test_recording_when_tables_are_read_then_their_subjects_are_known(authority):
    with versions.in_request(), versions.recording() as seen:
        list(Service.objects.all())
    assert seen == {"content", "words", "services"}


@pytest.mark.parametrize(
    ("sql", "subject"),
    [
        ('INSERT INTO "services_service" ("name") VALUES (%s)', "services"),
        ('INSERT OR IGNORE INTO "services_service_needs" ("a") VALUES (1)', "services"),
        ('  DELETE FROM "wagtailredirects_redirect" WHERE 1', "content"),
        ("delete from search_text where rowid = 1", "search"),
        ('TRUNCATE "feedback_comment", "feedback_action"', "feedback"),
        ('UPDATE "services_need" SET "label" = %s', "words"),
        ('UPDATE "something_new" SET "a" = 1', "content"),
        ('UPDATE "wagtailcore_page" SET "draft_title" = %s, "latest_revision_id" = %s WHERE "id" = 1', ""),
        ('UPDATE "wagtailcore_page" SET "draft_title" = %s, "title" = %s WHERE "id" = 1', "content"),
        ('UPDATE "auth_user" SET "last_login" = %s', ""),
        ('SELECT * FROM "services_service"', ""),
        ("SAVEPOINT x", ""),
    ],
)
def test_subject_of_when_a_statement_is_given_then_told(sql, subject):
    assert versions.subject_of(sql) == subject


def test_private_tables_when_named_then_exist():
    """A table that was given another name must not be forgotten here."""
    there = set(connection.introspection.table_names())
    assert there >= versions.PRIVATE_TABLES
    assert there >= versions.WORD_TABLES


def test_cache_when_emptied_then_pages_come_back(client, authority):
    make_home()
    assert client.get("/").status_code == 200
    cache.clear()
    assert client.get("/").status_code == 200
