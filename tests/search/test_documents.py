"""A service as search sees it."""

import json
from datetime import date, time
from decimal import Decimal

import pytest

from search.documents import documents_of, every_document
from search.words import stems
from services.enums import Scope
from services.models import CostOption, Schedule, Service, VocabularyTerm
from services.postcodes import lookup
from tests.factories import make_authority, make_location, make_organisation, make_service


def document(service: Service):
    return documents_of([service.pk])[0]


def everything_said(found) -> str:
    return json.dumps([dict(found.text), dict(found.card)], default=str)


def test_document_when_owned_shared_or_national_then_seen_by_them(authority):
    other = make_authority("Elsewhere", hostname="elsewhere.example")
    service = make_service(authority)
    service.serves = [other]
    service.save()
    found = document(service)
    assert found.authorities == {authority.pk, other.pk}
    assert not found.everywhere
    assert document(make_service(authority, scope=Scope.NATIONAL)).everywhere


def test_document_when_an_address_is_hidden_then_only_its_outcode_is_said(authority):
    refuge = make_location(
        authority,
        name="Rowan House",
        address_1="9 Secret Street",
        city="Hidden Town",
        postcode="BS5 6RJ",
        latitude=51.999,
        longitude=-2.999,
        address_hidden=True,
    )
    found = document(make_service(authority, locations=(refuge,)))
    said = everything_said(found)
    for secret in ("Rowan", "Secret", "Hidden Town", "6RJ", "51.999", "2.999"):
        assert secret not in said
    centre = lookup("BS5")
    assert found.points == ((centre.latitude, centre.longitude),)
    assert found.card["places"] == [["Near BS5", centre.latitude, centre.longitude]]


def test_document_when_there_are_no_coordinates_then_those_of_the_postcode(authority):
    place = make_location(authority, latitude=None, longitude=None, postcode="BS3 4AA")
    assert document(make_service(authority, locations=(place,))).points == (
        (lookup("BS3").latitude, lookup("BS3").longitude),
    )


def test_document_when_the_place_is_unknown_then_no_point_but_still_named(authority):
    place = make_location(authority, name="Village hall", latitude=None, longitude=None, postcode="")
    found = document(make_service(authority, locations=(place,)))
    assert found.points == ()
    assert found.card["places"] == [["Village hall", None, None]]


def test_document_when_a_need_has_words_then_they_are_searched(authority):
    service = make_service(authority, needs=("ASD",), categories=("short_breaks",))
    service.needs.all()[0].__class__.objects.filter(key="ASD").update(
        label="Autism", hint="No diagnosis needed"
    )
    service.conditions.add("epilepsy")
    service.save()
    words = stems(document(service).text["topics"])
    assert {"autism", "diagnosi", "short", "break", "epilepsi"} <= set(words)


def test_document_when_it_has_complaints_then_they_are_not_searched(authority):
    assert "ombudsman" not in everything_said(
        document(make_service(authority, complaints="Ask the ombudsman"))
    )


def test_document_when_terms_have_labels_then_those_are_searched(authority):
    VocabularyTerm.objects.create(kind="access_fact", key="hoist", label="Ceiling hoist")
    place = make_location(authority, access=["hoist"], sensory="Loud bells")
    found = document(make_service(authority, locations=(place,)))
    assert found.access == ("hoist",)
    assert {"ceil", "hoist", "bell"} <= set(stems(found.text["place"]))


@pytest.mark.parametrize(
    ("costs", "words"),
    [
        ([], "Cost not stated"),
        ([("not_stated", None, "Ask us")], "Cost not stated"),
        ([("free", None, "")], "Free"),
        ([("charged", Decimal("6.80"), "An hour. Funded hours are free.")], "£6.80 an hour"),
        ([("charged", Decimal("5"), ""), ("free", None, "")], "£5, and other prices"),
    ],
)
def test_card_when_costs_are_given_or_not_then_never_called_free_by_silence(authority, costs, words):
    service = make_service(authority)
    service.costs = [CostOption(kind=kind, amount=amount, note=note) for kind, amount, note in costs]
    service.save()
    assert document(service).card["cost"] == words


@pytest.mark.parametrize(
    ("ages", "words"),
    [
        ((5, 17), "Ages 5 to 17"),
        ((7, 7), "Age 7"),
        ((14, None), "Ages 14 and over"),
        ((None, 11), "Up to age 11"),
        ((None, None), "Age not stated"),
    ],
)
def test_card_when_ages_are_given_or_not_then_in_words(authority, ages, words):
    assert document(make_service(authority, min_age=ages[0], max_age=ages[1])).card["who"] == words


def test_card_when_there_are_sessions_then_days_and_season(authority):
    service = make_service(authority)
    service.schedules = [
        Schedule(days=["MO", "TU", "WE", "TH", "FR"], opens=time(9), closes=time(15), when="term_time"),
        Schedule(days=[], when="school_holidays"),
    ]
    service.save()
    assert document(service).card["when"] == "Monday to Friday in term time, and other times"


def test_card_when_the_wait_is_long_to_tell_then_the_first_sentence_shortened(authority):
    words = document(make_service(authority, waiting_time="About six weeks. It may be longer.")).card["wait"]
    assert words == "About six weeks"
    assert document(make_service(authority, waiting_time="very " * 49)).card["wait"].endswith(" …")


def test_documents_when_many_then_a_fixed_number_of_queries(authority, django_assert_max_num_queries):
    org = make_organisation(authority)
    for _ in range(12):
        make_service(authority, organisation=org, needs=("ASD",), locations=(make_location(authority),))
    with django_assert_max_num_queries(13):
        assert len(list(every_document())) == 12


def test_documents_of_when_not_live_then_left_out(authority):
    live, draft = make_service(authority), make_service(authority, live=False)
    assert [d.object_id for d in documents_of([live.pk, draft.pk, 10**9])] == [live.pk]


def test_document_when_checked_then_dates_travel(authority):
    card = document(make_service(authority, last_checked=date(2026, 6, 1), review_by=None)).card
    assert (card["checked"], card["review"]) == ("2026-06-01", None)
