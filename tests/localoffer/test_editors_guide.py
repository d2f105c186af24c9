"""The editor's guide speaks of what is there, and of all of it."""

import re

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from wagtail.models import Page

from localoffer import admin_additions
from localoffer.editors_guide import FOLDER, chapter_for, chapters
from localoffer.founding import GROUPS, make_groups
from search.facets import FACETS
from tests.factories import make_home, make_user
from tests.test_admin_permissions import our_views

EVERYTHING = "\n".join(path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.md")))
LINKS = set(re.findall(r"\]\(admin:([\w:]+)\)", EVERYTHING))
# Kinds that nobody makes: what every section and every version of a page share.
NOBODY_MAKES = {"Page", "SectionPage", "TwinPage"}


def test_chapters_when_read_then_each_link_leads_to_an_address_or_a_chapter():
    slugs = {chapter.slug for chapter in chapters()}
    assert len(slugs) == len(list(FOLDER.glob("*.md"))) >= 10
    assert set(re.findall(r"\]\(guide:([\w-]+)\)", EVERYTHING)) <= slugs
    for name in LINKS:
        assert reverse(name).startswith(("/admin/", "/as-of/")), name
    for chapter in chapters():
        assert "](" not in chapter.html(), chapter.slug


def test_page_types_when_somebody_makes_them_then_each_is_named_in_the_guide():
    for model in apps.get_models():
        if issubclass(model, Page) and model.__name__ not in NOBODY_MAKES:
            assert f"**{model._meta.verbose_name}" in EVERYTHING.replace("**How", "**how"), model


def test_groups_filters_and_reports_when_they_are_there_then_each_is_named_in_the_guide():
    for name in GROUPS:
        assert f"| {name} |" in EVERYTHING, name
    for facet in FACETS:
        assert f"- {facet.label}\n" in EVERYTHING, facet.key
    for make in admin_additions.MENU_ITEMS:
        assert f"[{make().label}]" in EVERYTHING or f"[{make().label.lower()}]" in EVERYTHING, make().label


def test_help_when_a_chapter_names_an_address_then_it_is_there():
    names = {name for _, name, _ in our_views()} | {"wagtailadmin_home"}
    for chapter in chapters():
        for pattern in chapter.helps:
            expression = re.compile(pattern.replace("*", ".*"))
            assert any(expression.fullmatch(name) for name in names), pattern
    assert chapter_for("coverage_report").slug == "sections"
    assert chapter_for("no_such_address") is None


@pytest.mark.django_db
@pytest.mark.parametrize("group", [*GROUPS])
def test_guide_when_any_group_opens_it_then_every_chapter_is_read_and_the_menu_leads_there(group):
    make_home()
    make_groups()
    client = Client()
    client.force_login(make_user("reader", groups=[group]))
    assert reverse("guide") in client.get("/admin/").content.decode()
    contents = client.get(reverse("guide")).content.decode()
    for chapter in chapters():
        assert chapter.title in contents
        page = client.get(chapter.url)
        assert page.status_code == 200
        assert chapter.html() in page.content.decode()
    assert client.get("/admin/guide/no-such-chapter/").status_code == 404


@pytest.mark.django_db
def test_coverage_report_when_opened_then_its_chapter_is_one_press_away():
    make_home()
    make_groups()
    client = Client()
    client.force_login(make_user("reader", groups=["Council editor"]))
    page = client.get(reverse("coverage_report")).content.decode()
    assert "Help with this page: Write a section" in page


def test_chapters_when_written_then_they_hold_no_html_of_their_own():
    for chapter in chapters():
        assert not re.search(r"<(?!!--)\w", chapter.text), chapter.slug
