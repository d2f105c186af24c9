"""The law as data: complete, unique, and never cited to the public unread."""

from localoffer.models import SECTION_PAGES
from localoffer.regulations import REQUIREMENTS, Section, Weight, for_section, get_requirement
from services.enums import SectionKey


def test_requirements_when_counted_then_all_67_by_weight_and_unique():
    assert len({r.key for r in REQUIREMENTS}) == len(REQUIREMENTS) == 67
    weights = [r.weight for r in REQUIREMENTS]
    assert [weights.count(w) for w in Weight] == [35, 11, 19, 2]


def test_anchors_when_made_then_unique():
    assert len({r.anchor for r in REQUIREMENTS}) == 67


def test_public_reference_when_not_verified_then_empty():
    assert get_requirement("edu.provider.pru").public_reference == "SEND Regulations 2014 Sch 2 para 1(g)"
    assert get_requirement("edu.arrangements.identify").public_reference == ""
    assert all(bool(r.public_reference) == r.ref_verified for r in REQUIREMENTS)


def test_sections_when_listed_then_each_has_a_page_type_and_requirements():
    assert set(SECTION_PAGES) == set(Section)
    assert all(for_section(section) for section in Section)


def test_sections_of_services_when_compared_then_all_but_access_are_places_for_services():
    assert set(SectionKey.values) == {s.value for s in Section} - {"access"}


def test_mandatory_when_only_advised_then_false():
    assert get_requirement("redress.complaints").is_mandatory
    assert get_requirement("redress.mediation").is_mandatory
    assert not get_requirement("redress.ombudsman_nhs").is_mandatory
    assert not get_requirement("transport.policy_19_25").is_mandatory
