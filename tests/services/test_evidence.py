"""What the directory shows for the requirements of the law."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import ModelLogEntry

from localoffer import versions
from localoffer.coverage import audit
from localoffer.regulations import REQUIREMENTS
from services.enums import ProviderType, Scope
from services.evidence import evidence_for, requirement_evidence, speaking_to
from services.models import Category, Service
from services.vocabulary import load
from tests.factories import make_authority, make_organisation, make_service

pytestmark = pytest.mark.django_db


def found(site, spec, *, field=False):
    kinds = {"services": [], "fields": [spec]} if field else {"services": [spec], "fields": []}
    [evidence] = evidence_for(site, timezone.localdate(), **kinds)
    return evidence


def test_evidence_of_a_provider_type_when_read_then_counts_what_is_live_and_visible(authority):
    nursery = make_organisation(authority, provider_type=ProviderType.EARLY_YEARS)
    other = make_authority("Easterbrook Council", "easterbrook.example.org")
    today = timezone.localdate()
    make_service(authority, name="B", organisation=nursery, review_by=today)
    make_service(authority, name="A", organisation=nursery, review_by=today - timedelta(days=1))
    make_service(authority, name="Draft", organisation=nursery, live=False)
    make_service(other, name="Elsewhere", organisation=nursery)
    make_service(other, name="Everywhere", organisation=nursery, scope=Scope.NATIONAL)
    evidence = found(authority, "type:early_years")
    assert (evidence.count, evidence.fresh, evidence.of) == (3, 2, 3)
    assert [name for name, _ in evidence.examples] == ["B", "Everywhere", "A"]
    assert evidence.examples[0][1].startswith("/services/")


def test_evidence_of_a_service_shared_with_two_when_read_then_counts_once(authority):
    third = make_authority("Third Council", "third.example.org")
    service = make_service(authority, scope=Scope.REGIONAL, categories=("short_breaks", "childcare"))
    service.serves = [authority, third]
    service.save()
    assert found(authority, "scope:out_of_area").count == 1
    assert found(authority, "category:short_breaks").count == 1
    assert found(authority, "category:social_work").count == 0


def test_evidence_of_section41_when_read_then_counts_type_or_approval(authority):
    listed = make_organisation(authority, provider_type=ProviderType.SECTION41)
    college = make_organisation(authority, provider_type=ProviderType.SPECIALIST_POST16)
    make_service(authority, organisation=listed)
    make_service(authority, organisation=college, section41_approved=True)
    make_service(authority, organisation=college)
    assert found(authority, "type:section41").count == 2
    assert found(authority, "type:specialist_post16").count == 2


def test_evidence_of_flags_when_read_then_counts_them(authority):
    make_service(authority, commissioned_by_authority=True)
    make_service(authority)
    assert found(authority, "flag:commissioned_by_authority").count == 1


def test_evidence_of_a_schools_own_fact_when_read_then_concerns_schools_only(authority):
    school = make_organisation(authority, provider_type=ProviderType.ACADEMY)
    make_service(authority, organisation=school, practice_teaching="In small steps.")
    make_service(authority, organisation=school)
    make_service(authority, practice_teaching="Not a school.")
    evidence = found(authority, "practice.teaching", field=True)
    assert (evidence.count, evidence.of) == (1, 2)


def test_evidence_of_a_fact_of_every_service_when_read_then_concerns_all(authority):
    make_service(authority, who_decides="A panel.")
    make_service(authority)
    make_service(authority, live=False)
    evidence = found(authority, "who_decides", field=True)
    assert (evidence.count, evidence.of) == (1, 2)


@pytest.mark.parametrize("spec", ["type:castle", "flag:name", "scope:moon", "nonsense", ""])
def test_evidence_of_an_unknown_spec_when_asked_then_is_an_error(authority, spec):
    with pytest.raises(ValueError, match="No service can show"):
        found(authority, spec)


def test_evidence_of_an_unknown_fact_when_asked_then_is_an_error(authority):
    with pytest.raises(ValueError, match="No service has the fact"):
        found(authority, "practice.magic", field=True)


def test_evidence_for_every_requirement_when_read_then_costs_two_queries(
    authority, django_assert_num_queries
):
    for number in range(12):
        make_service(authority, categories=(f"kind_{number}", "short_breaks"))
    versions.current()
    with django_assert_num_queries(2):
        evidence = requirement_evidence(authority, timezone.localdate())
    with django_assert_num_queries(0):
        assert requirement_evidence(authority, timezone.localdate()) == evidence
    wanted = {spec for r in REQUIREMENTS for spec in (*r.evidence.services, *r.evidence.fields)}
    assert {one.spec for one in evidence} == wanted


def test_requirements_when_they_name_categories_then_those_are_shipped(db):
    load()
    named = {
        spec.partition(":")[2]
        for requirement in REQUIREMENTS
        for spec in requirement.evidence.services
        if spec.startswith("category:")
    }
    assert named <= set(Category.objects.values_list("key", flat=True))


def test_audit_when_the_directory_holds_something_then_sees_it(authority):
    pupil_unit = make_organisation(authority, provider_type=ProviderType.PUPIL_REFERRAL_UNIT)
    make_service(authority, name="The Annexe", organisation=pupil_unit)
    findings = {finding.requirement.key: finding for finding in audit(authority).findings}
    finding = findings["edu.provider.pru"]
    assert finding.status == "met"
    assert finding.directory[0].examples[0][0] == "The Annexe"
    assert findings["edu.provider.nmss"].status == "missing"


def test_evidence_when_there_are_more_services_then_queries_do_not_grow(authority):
    counts = []
    for _ in range(2):
        for _ in range(5):
            make_service(authority, categories=("short_breaks",))
        with CaptureQueriesContext(connection) as captured:
            requirement_evidence(authority, timezone.localdate())
        counts.append(len(captured))
    assert counts[0] == counts[1]


def test_evidence_when_a_past_day_is_asked_then_the_services_of_that_day(authority, admin_user):
    day = timezone.localdate() - timedelta(days=30)

    def kept(name: str, days: int) -> Service:
        service = make_service(authority, name=name, categories=("helpline",))
        Service.objects.filter(pk=service.pk).update(created_at=timezone.now() - timedelta(days=days))
        return Service.objects.get(pk=service.pk)

    kept("Old", 60)
    kept("New", 10)
    kept("Taken down since", 60).unpublish(user=admin_user)
    early = kept("Taken down before", 60)
    early.unpublish(user=admin_user)
    ModelLogEntry.objects.filter(object_id=str(early.pk)).update(
        timestamp=timezone.now() - timedelta(days=40)
    )

    def names(on):
        found = evidence_for(authority, on, services=["category:helpline"], fields=[])
        return {name for name, _ in found[0].examples}

    assert names(timezone.localdate()) == {"Old", "New"}
    assert names(day) == {"Old", "Taken down since"}


def test_speaking_to_when_any_part_of_the_law_is_asked_then_the_entries_that_count_or_should():
    site = make_authority()
    for kind in ProviderType.values:
        provider = make_organisation(site, provider_type=kind)
        make_service(
            site, organisation=provider, name=kind, scope=Scope.REGIONAL, commissioned_by_authority=True
        )
    specs = {spec for requirement in REQUIREMENTS for spec in requirement.evidence.services}
    fields = {name for requirement in REQUIREMENTS for name in requirement.evidence.fields}
    for found in evidence_for(site, timezone.localdate(), services=sorted(specs), fields=sorted(fields)):
        listed = Service.objects.filter(speaking_to(found.spec)).distinct().count()
        assert listed == (found.of - found.count if found.spec in fields else found.count), found.spec
    assert not Service.objects.filter(speaking_to("flag:is_superuser")).exists()
    assert not Service.objects.filter(speaking_to("authority__pk")).exists()
