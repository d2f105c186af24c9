"""The index follows what the directory publishes, after commit."""

import pytest
from django.core.management import call_command
from django.db import transaction

from search import engines, index
from search.engines import postings
from search.engines.base import Question
from search.engines.text import matcher
from search.models import IndexedDocument, IndexState
from services.models import Service
from services.signals import services_changed
from tests.factories import make_location, make_organisation, make_service


def found(authority) -> list[str]:
    engine = engines.current()
    engine.catch_up(IndexState.read())
    return [one.card["name"] for one in engine.search(Question(authority.pk)).found]


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    """Do something and everything that waits for its commit."""

    def run(action):
        with django_capture_on_commit_callbacks(execute=True):
            action()

    return run


def test_index_when_a_service_is_published_then_found_and_when_unpublished_then_not(authority, committed):
    service = make_service(authority, name="Owls", live=False)
    committed(lambda: service.save_revision().publish())
    assert found(authority) == ["Owls"]
    committed(Service.objects.get(pk=service.pk).unpublish)
    assert found(authority) == []


def test_index_when_only_a_draft_is_saved_then_the_public_words_stay(authority, committed):
    service = make_service(authority, name="Owls", live=False)
    committed(lambda: service.save_revision().publish())
    service.name = "Hawks"
    committed(service.save_revision)
    assert found(authority) == ["Owls"]


def test_index_when_a_service_is_deleted_then_not_found(authority, committed):
    service = make_service(authority)
    committed(lambda: services_changed.send(sender=Service, ids=[service.pk]))
    assert found(authority)
    committed(service.delete)
    assert found(authority) == []


def test_index_when_many_change_then_all_are_taken_in(authority, committed):
    ids = [make_service(authority, name=f"{n}").pk for n in range(5)]
    committed(lambda: services_changed.send(sender=Service, ids=[*ids, 10**9]))
    assert len(found(authority)) == 5


def test_index_when_the_transaction_is_rolled_back_then_untouched(authority, committed):
    service = make_service(authority, name="Owls")
    index.refresh([service.pk])

    def change_and_fail():
        try:
            with transaction.atomic():
                service.name = "Hawks"
                service.save()
                services_changed.send(sender=Service, ids=[service.pk])
                raise RuntimeError
        except RuntimeError:
            return

    before = IndexState.read().generation
    committed(change_and_fail)
    assert IndexState.read().generation == before
    assert found(authority) == ["Owls"]


def test_index_when_many_signals_in_one_transaction_then_written_once(authority, committed):
    service = make_service(authority)
    before = IndexState.read().generation
    committed(lambda: [services_changed.send(sender=Service, ids=[service.pk]) for _ in range(5)])
    assert IndexState.read().generation == before + 1


@pytest.mark.parametrize("part", ["organisation", "location", "need", "category"])
def test_index_when_a_part_of_a_service_changes_then_its_words_follow(authority, committed, part):
    organisation, place = make_organisation(authority, name="Owls"), make_location(authority, name="Hall")
    service = make_service(
        authority, organisation=organisation, locations=(place,), needs=("ASD",), categories=("helpline",)
    )
    index.refresh([service.pk])
    changed = {
        "organisation": organisation,
        "location": place,
        "need": service.needs.all()[0],
        "category": service.categories.all()[0],
    }[part]
    if hasattr(changed, "label"):
        changed.label = "Zebra"
    else:
        changed.name = "Zebra"
    committed(changed.save)
    engine = engines.current()
    engine.catch_up(IndexState.read())
    assert engine.text.holding([concept("zebra").phrases])[0]


def concept(word):
    from search.engines.base import Concept

    return Concept(word, ((word,),))


def test_index_when_a_new_place_is_saved_then_nothing_is_written(authority, committed):
    committed(lambda: make_location(authority))
    assert not IndexedDocument.objects.exists()


def test_rebuild_index_when_run_then_only_live_services_are_there(authority, capsys):
    live, draft = make_service(authority, name="Owls"), make_service(authority, live=False)
    index.refresh([live.pk])
    IndexedDocument.objects.create(kind="service", object_id=draft.pk, generation=0, card={"name": "Ghost"},
                                   entry=IndexedDocument.objects.get().entry)  # fmt: skip
    call_command("rebuild_index")
    assert "holds 1 services" in capsys.readouterr().out
    assert found(authority) == ["Owls"]


def test_rebuild_when_words_are_left_of_what_is_gone_then_they_go(authority):
    make_service(authority, name="Owls")
    text = matcher()
    text.write((10_000 + number, {"name": ("owl",)}) for number in range(5))
    call_command("rebuild_index", verbosity=0)
    assert [id for id, _ in text.texts()] == list(IndexedDocument.objects.values_list("pk", flat=True))
    assert found(authority) == ["Owls"]


def test_rarity_when_more_hold_a_word_than_are_counted_then_little_and_no_error():
    assert 0 < postings.rarity(1, 5) <= postings.rarity(10, 5) < postings.rarity(10, 1)


def test_rebuild_index_when_repeated_then_the_same(authority):
    for n in range(3):
        make_service(authority, name=f"{n}")
    call_command("rebuild_index")
    first = found(authority)
    call_command("rebuild_index")
    assert found(authority) == first == ["0", "1", "2"]
