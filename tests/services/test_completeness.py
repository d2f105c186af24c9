"""How complete an entry is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from services.completeness import FACTS, completeness, with_facts
from services.enums import CostKind, ProviderType, Scope
from services.models import Contact, CostOption, Schedule, Service
from tests.factories import make_location, make_organisation, make_service
from tests.services.test_detail import full_service

pytestmark = pytest.mark.django_db


def missing(service: Service) -> set[str]:
    return {fact.key for fact in completeness(service).missing}


def test_completeness_of_a_bare_entry_when_scored_then_is_low_and_lists_everything(authority):
    result = completeness(make_service(authority))
    assert result.score == 0
    assert {"provider", "how_to_access", "contact", "cost", "place", "checked"} <= {
        fact.key for fact in result.missing
    }
    weights = [fact.weight for fact in result.missing]
    assert weights == sorted(weights, reverse=True)


def test_completeness_of_a_full_entry_when_scored_then_is_all_but_the_wait(authority):
    service = full_service(authority)
    assert missing(service) == {"waiting_time"}
    service.waiting_time = "Six weeks."
    result = completeness(service)
    assert (result.score, result.words) == (100, "Complete")


def test_completeness_of_a_school_when_scored_then_asks_for_its_own_answers(authority):
    school = make_organisation(authority, provider_type=ProviderType.ACADEMY)
    charity = make_organisation(authority, provider_type=ProviderType.VOLUNTARY)
    assert {"report", "practice.teaching"} <= missing(make_service(authority, organisation=school))
    assert not {"report", "practice.teaching"} & missing(make_service(authority, organisation=charity))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"delivery": ["online", "phone"]}, False),
        ({"delivery": ["in_person", "online"]}, True),
        ({"scope": Scope.NATIONAL}, False),
        ({}, True),
    ],
)
def test_completeness_when_nobody_goes_there_then_no_place_is_asked_for(authority, fields, expected):
    assert ("place" in missing(make_service(authority, **fields))) is expected


def test_completeness_when_a_cost_is_not_stated_then_it_is_missing(authority):
    service = make_service(authority)
    service.costs = [CostOption(kind=CostKind.NOT_STATED)]
    service.contacts = [Contact(role="Officer")]
    service.schedules = [Schedule(days=["MO"])]
    service.save()
    assert {"cost", "contact"} <= missing(service)
    assert "schedule" not in missing(service)


def test_completeness_when_one_of_two_places_says_nothing_then_access_is_missing(authority):
    told = make_location(authority, access=["step_free"], sensory="Quiet.")
    silent = make_location(authority)
    assert not {"access", "sensory"} & missing(make_service(authority, locations=(told,)))
    assert {"access", "sensory"} <= missing(make_service(authority, locations=(told, silent)))


def test_completeness_of_many_when_read_then_costs_the_same_queries(authority, django_assert_num_queries):
    for _ in range(7):
        full_service(authority)
    with django_assert_num_queries(8):
        scores = [completeness(service).score for service in with_facts(Service.objects.all())]
    assert len(scores) == 7


def test_facts_when_declared_then_each_has_a_key_of_its_own_and_a_weight():
    assert len({fact.key for fact in FACTS}) == len(FACTS)
    assert all(fact.weight > 0 for fact in FACTS)


def test_completeness_when_a_place_only_ticks_its_sensory_facts_then_they_count(authority):
    ticked = make_location(authority, access=["step_free"], senses=["quiet_space"])
    assert not {"access", "sensory"} & missing(make_service(authority, locations=(ticked,)))


def test_completeness_when_the_wait_is_a_number_then_it_is_known_even_when_it_is_nothing(authority):
    assert "waiting_time" not in missing(make_service(authority, waiting_weeks=0))


def test_completeness_of_specialist_help_when_it_names_no_need_then_needs_are_asked_for(authority):
    assert "needs" in missing(make_service(authority, level="specialist"))
    assert "needs" not in missing(make_service(authority, level="specialist", needs=("ASD",)))
    assert "needs" not in missing(make_service(authority, level="universal"))


@pytest.mark.parametrize(("days_ago", "expected"), [(10, False), (390, False), (420, True), (None, True)])
def test_completeness_of_a_school_when_its_report_is_old_or_has_no_date_then_it_is_missing(
    authority, days_ago, expected
):
    school = make_organisation(authority, provider_type=ProviderType.ACADEMY)
    written = None if days_ago is None else timezone.localdate() - timedelta(days=days_ago)
    service = make_service(
        authority,
        organisation=school,
        sen_information_report_url="https://school.example.org/sen",
        sen_information_report_date=written,
    )
    assert ("report_date" in missing(service)) is expected
