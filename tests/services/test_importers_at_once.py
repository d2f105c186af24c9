"""Two who write the same entries at one moment: one of them is told, and nothing is half written.

On PostgreSQL they truly meet, and deadlock where they write in opposite order; SQLite has one writer at a
time and refuses the other.
"""

from pathlib import Path
from threading import Barrier, BrokenBarrierError, Event

import pytest
from django.db import IntegrityError, OperationalError, transaction

from services.importers import applying, facts, planning
from services.importers.applying import apply_plan
from services.importers.base import ChangedMeanwhile
from services.importers.planning import make_plan
from services.models import ImportBatch, ImportRecord, Location, Organisation, Service, ServiceLocation
from services.vocabulary import load
from tests.at_once import at_once
from tests.factories import make_authority
from tests.services.test_importers_plan import ListImporter, entry, place, provider

# What an officer is told of, with nothing written (`import_views.ApplyView`, `jobs`).
TOLD = (ChangedMeanwhile, IntegrityError, OperationalError)
# Seconds that one waits for the other to come as far; a test that passes does not wait.
PATIENCE = 5


@pytest.fixture
def council(transactional_db, monkeypatch):
    load()
    for module in (applying, facts, planning):
        monkeypatch.setattr(module, "CHUNK", 1)
    return make_authority()


def plan_of(council, names: str, summary: str = "First."):
    """A plan of an entry a letter, each with an organisation and a place of its own."""
    entries = [
        entry(
            name,
            summary=summary,
            organisation=provider(name, name=f"Trust {name}"),
            locations=[place(name)],
        )
        for name in names
    ]
    return make_plan(importer=ListImporter(*entries), path=Path("x"), authority=council)


def is_whole(names: str) -> bool:
    """Whether these entries are here with all that belongs to them, and nothing else of any import."""
    counts = {Service: 1, Organisation: 1, Location: 1, ServiceLocation: 1, ImportRecord: 3}
    return all(model.objects.count() == len(names) * each for model, each in counts.items())


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("second", ["ab", "ba"])
def test_imports_when_two_bring_the_same_at_one_moment_then_one_is_told_and_one_is_whole(
    council, monkeypatch, second
):
    plans = [plan_of(council, "ab"), plan_of(council, second)]
    both_began, wrote = Barrier(2), applying.Writer._write_some

    def write(self, kind, some, batch):
        wrote(self, kind, some, batch)
        try:
            both_began.wait(PATIENCE)
        except BrokenBarrierError:
            return

    def apply(plan):
        try:
            return apply_plan(plan=plan)
        finally:
            both_began.abort()

    monkeypatch.setattr(applying.Writer, "_write_some", write)
    if second == "ab":  # the same order: the second waits for the first from its first row on
        both_began.abort()
    results = at_once(*(lambda plan=plan: apply(plan) for plan in plans), told=TOLD)
    assert sorted(isinstance(each, TOLD) for each in results) == [False, True], results
    assert is_whole("ab")
    assert ImportBatch.objects.count() == 1
    assert plan_of(council, "ab").is_empty


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_import_when_an_editor_saves_at_that_moment_then_told_and_the_editors_words_stay(
    council, monkeypatch
):
    apply_plan(plan=plan_of(council, "ab"))
    plan = plan_of(council, "ab", summary="From the source.")
    edited, asks, read = Event(), Event(), applying.Writer._load

    def load_and_hold(self, kind, changed):
        asks.set()
        read(self, kind, changed)

    def edit():
        with transaction.atomic():
            Service.objects.filter(external_id="b").update(summary="From the editor.")
            edited.set()
            asks.wait(PATIENCE)

    def apply():
        edited.wait(PATIENCE)
        try:
            return apply_plan(plan=plan)
        finally:
            asks.set()

    monkeypatch.setattr(applying.Writer, "_load", load_and_hold)
    _, told = at_once(edit, apply, told=TOLD)
    assert isinstance(told, TOLD), told
    assert dict(Service.objects.values_list("external_id", "summary")) == {
        "a": "First.",
        "b": "From the editor.",
    }
    assert ImportBatch.objects.count() == 1
