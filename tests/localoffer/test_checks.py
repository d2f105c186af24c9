"""`manage.py check` sees a law and its content that have come apart."""

import pytest
from django.core.management import call_command

from localoffer.checks import check_sections, check_stored_requirements
from localoffer.models import SECTION_PAGES
from localoffer.regulations import Section
from tests.factories import answer_block, make_section


def test_sections_when_whole_then_no_error(monkeypatch):
    assert check_sections(None) == []
    monkeypatch.setattr(SECTION_PAGES[Section.HEALTH], "section_template", "localoffer/none.html")
    assert [e.id for e in check_sections(None)] == ["localoffer.E002"]


def test_sections_when_a_page_type_is_gone_then_error(monkeypatch):
    monkeypatch.delitem(SECTION_PAGES, Section.HEALTH)
    assert [e.id for e in check_sections(None)] == ["localoffer.E001"]


@pytest.mark.django_db
def test_stored_requirements_when_a_key_left_the_law_then_warned():
    make_section(Section.HEALTH, answers=[answer_block("health.gone")], live=False)
    assert [w.id for w in check_stored_requirements(None, databases=["default"])] == ["localoffer.W001"]


@pytest.mark.django_db
def test_system_check_when_run_then_clean():
    call_command("check", databases=["default"], fail_level="WARNING")
