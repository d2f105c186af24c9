"""What the database says is left out of an entry is what the entry itself says."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from services.completeness import FACTS, completeness, with_facts
from services.enums import CostKind, Level, ProviderType, Scope
from services.lacking import lacking
from services.models import ConditionTag, Contact, CostOption, Schedule, Service, ServiceCondition
from tests.factories import make_authority, make_location, make_organisation, make_service
from tests.services.test_detail import full_service

TEXTS = st.sampled_from(["", "  ", " \n\t ", "Ring us.", "%", "[]"])
LISTS = st.sampled_from([[], ["in_person"], ["online"], ["online", "in_person"]])
PLACES = st.sampled_from([None, {}, {"access": ["hoist"]}, {"senses": ["quiet"]}, {"sensory": "Loud."}])
TEXT_FIELDS = (
    "summary", "description", "eligibility", "how_to_access", "who_decides", "complaints", "waiting_time",
    "url", "sen_information_report_url", "practice_teaching", "practice_wellbeing",
)  # fmt: skip
ENTRIES = st.fixed_dictionaries(
    {
        **dict.fromkeys(TEXT_FIELDS, TEXTS),
        "min_age": st.sampled_from([None, 0, 4]),
        "max_age": st.sampled_from([None, 11]),
        "waiting_weeks": st.sampled_from([None, 0, 6]),
        "level": st.sampled_from(["", *Level.values]),
        "scope": st.sampled_from(Scope.values),
        "delivery": LISTS,
        "last_checked": st.sampled_from([None, date(2026, 1, 5)]),
        "sen_information_report_date": st.sampled_from([None, 0, 395, 396, 397]),
    }
)
PARTS = st.fixed_dictionaries(
    {
        "provider": st.sampled_from([None, ProviderType.ACADEMY, ProviderType.VOLUNTARY]),
        "needs": st.booleans(),
        "condition": st.booleans(),
        "categories": st.booleans(),
        "contact": st.sampled_from([None, {}, {"phone": "1"}, {"email": "a@example.org"}]),
        "costs": st.lists(st.sampled_from([CostKind.NOT_STATED, CostKind.FREE]), max_size=2),
        "schedule": st.booleans(),
        "places": st.lists(PLACES, max_size=2),
    }
)


def build(entry: dict, parts: dict) -> Service:
    site, days = make_authority(), entry["sen_information_report_date"]
    written = None if days is None else timezone.localdate() - timedelta(days=days)
    provider = parts["provider"] and make_organisation(site, provider_type=parts["provider"])
    service = make_service(
        site,
        organisation=provider,
        needs=("ASD",) if parts["needs"] else (),
        categories=("short_breaks",) if parts["categories"] else (),
        locations=tuple(make_location(site, **place) for place in parts["places"] if place is not None),
        **entry | {"sen_information_report_date": written},
    )
    if parts["condition"]:
        tag, _ = ConditionTag.objects.get_or_create(name="epilepsy")
        ServiceCondition.objects.create(tag=tag, content_object=service)
    if parts["contact"] is not None:
        Contact.objects.create(service=service, **parts["contact"])
    for kind in parts["costs"]:
        CostOption.objects.create(service=service, kind=kind)
    if parts["schedule"]:
        Schedule.objects.create(service=service)
    return service


def agree(pk: int) -> None:
    only = Service.objects.filter(pk=pk)
    missing = {fact.key for fact in completeness(with_facts(only).get()).missing}
    assert {fact.key for fact in FACTS if only.filter(lacking([fact.key])).exists()} == missing
    assert only.filter(lacking()).exists() is bool(missing)
    assert only.filter(~lacking()).exists() is not bool(missing)


class TestLacking(TestCase):
    @given(ENTRIES, PARTS)
    def test_lacking_when_asked_of_any_entry_then_is_what_the_entry_says(self, entry, parts):
        agree(build(entry, parts).pk)


@pytest.mark.django_db
def test_lacking_when_an_entry_says_everything_then_it_is_among_the_complete(authority):
    service = full_service(authority)
    agree(service.pk)
    Service.objects.filter(pk=service.pk).update(waiting_weeks=0)
    assert Service.objects.filter(~lacking()).get() == service
    agree(service.pk)


def test_lacking_when_asked_of_all_facts_then_the_own_row_is_read_before_other_tables():
    asked = str(Service.objects.filter(lacking()).query).partition(" WHERE ")[2]
    own = [field for field in TEXT_FIELDS if not field.startswith(("sen_", "practice_"))]
    assert max(asked.index(f'."{field}"') for field in own) < asked.index("EXISTS")
