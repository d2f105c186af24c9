"""The frame around every public page: links to what exists, remembered, forgotten in time."""

from datetime import UTC, datetime

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from wagtail.models import Page, Site

from localoffer.frame import Frame
from localoffer.models import (
    Audience,
    CommitteeReportPage,
    CouncilSettings,
    ResponsibilityPage,
    ScorecardPage,
    TransportPage,
)
from tests.factories import make_offer

pytestmark = pytest.mark.django_db
HOSTILE = '"><script>x</script>'


@pytest.fixture
def offer(db) -> Site:
    """An authority with every section live."""
    return make_offer()


def frame(path: str = "/") -> Frame:
    return Frame(RequestFactory().get(path))


def draw(path: str = "/") -> str:
    return render_to_string("base.html", request=RequestFactory().get(path))


def footer_titles(path: str = "/") -> list[str]:
    return [link.title for column in frame(path).footer for link in column.links]


def test_frame_when_warm_then_no_query(offer, django_assert_num_queries):
    draw()
    with django_assert_num_queries(0):
        assert "Transport" in draw()


def test_frame_when_there_is_no_site_then_defaults_and_no_dead_links(db):
    Site.objects.all().delete()
    assert frame().council.council_name == CouncilSettings().council_name
    assert frame().sections == ()
    assert "Guides" not in [link.title for link in frame().nav]
    assert 'href="#"' not in draw()


def test_frame_when_a_name_is_hostile_then_escaped(offer):
    council = CouncilSettings.for_site(offer)
    council.council_name = council.site_name = council.made_with = council.phone = HOSTILE
    council.save()
    assert "<script>" not in draw()


def test_frame_when_phone_is_empty_then_nobody_is_offered(offer):
    council = CouncilSettings.for_site(offer)
    council.phone = ""
    council.save()
    assert "Talk to a person" not in draw()
    council.phone = "0117 496 0100"
    council.save()
    assert 'href="tel:+441174960100"' in draw()


def test_sections_when_unpublished_or_renamed_then_the_menu_knows_at_once(offer):
    page = TransportPage.objects.get()
    assert page.title in footer_titles()
    page.title = "Going places"
    page.save(clean=False)
    assert "Going places" in footer_titles()
    page.unpublish()
    assert "Going places" not in footer_titles()


def test_sections_when_deleted_then_the_menu_knows_at_once(offer):
    title = TransportPage.objects.get().title
    assert title in footer_titles()
    TransportPage.objects.get().delete()
    assert title not in footer_titles()


def test_sections_when_private_then_not_in_the_menu(offer):
    page = TransportPage.objects.get()
    assert page.title in footer_titles()
    page.view_restrictions.create(restriction_type="login")
    assert page.title not in footer_titles()


def test_footer_when_an_own_page_is_live_then_it_is_linked(offer):
    offer.root_page.add_child(instance=Page(title="Privacy", slug="privacy-notice", live=True))
    offer.root_page.add_child(instance=Page(title="Half written", slug="half", live=False))
    assert "Privacy" in footer_titles()
    assert "Half written" not in footer_titles()


def test_sections_when_split_then_help_stands_apart(offer):
    assert [s.section for s in frame().help_sections] == ["advice", "access"]
    assert len(frame().main_sections) == 6


@pytest.mark.parametrize(
    ("path", "title", "current"),
    [
        ("/services/", "Find services", "page"),
        ("/services/12/a-club/", "Find services", "true"),
        ("/have-your-say/comments/", "Have your say", "page"),
        ("/have-your-say/", "Have your say", "true"),
        ("/", "", ""),
    ],
)
def test_nav_when_on_a_page_then_it_is_marked(offer, path, title, current):
    marked = [(link.title, link.current) for link in frame(path).nav if link.current]
    assert marked == ([(title, current)] if title else [])


def test_nav_when_on_a_section_then_guides_is_marked(offer):
    url = TransportPage.objects.get().get_url()
    assert [(link.title, link.current) for link in frame(url).nav if link.current] == [("Guides", "true")]


def test_nav_when_an_address_is_not_there_then_left_out(offer, monkeypatch):
    monkeypatch.setattr("localoffer.addresses.of", lambda name: "")
    assert [link.title for link in frame().nav] == ["Guides", "Advice"]
    assert frame().comment_url == ""
    assert "Is something wrong" not in draw()


def test_comment_url_when_path_is_hostile_then_escaped(offer):
    assert "<" not in Frame(RequestFactory().get("/<script>/")).comment_url


def test_canonical_when_query_then_left_out(offer):
    assert frame("/services/?q=autism").canonical == "http://testserver/services/"


def test_footer_when_several_reports_went_to_committees_then_only_the_latest_is_linked(offer):
    home = offer.root_page
    for number, title in enumerate(["Report in spring", "Report in autumn"], 1):
        audience = Audience.objects.create(authority=offer, name=title, first_due="2026-01-01")
        home.add_child(
            instance=CommitteeReportPage(
                title=title, slug=f"report-{number}", audience=audience, start="2026-01-01", end="2026-02-01",
                visibility="public", first_published_at=datetime(2026, 3 * number, 1, tzinfo=UTC),
                purpose="<p>x</p>", summary="<p>x</p>", recommendation="<p>x</p>",
            )
        )  # fmt: skip
    home.add_child(
        instance=ResponsibilityPage(title="Whose job", slug="jobs", introduction="x", responsibilities=[])
    )
    columns = {column.title: [link.title for link in column.links] for column in frame().footer}
    account = columns["Holding us to account"]
    assert account[-2:] == ["Whose job", "Report in autumn"]
    assert not {"Whose job", "Report in autumn", "Report in spring"} & set(columns.get("This site", []))
    assert "Report in spring" not in footer_titles()


def test_footer_when_a_page_of_account_is_for_councillors_then_not_linked(offer):
    page = ScorecardPage(title="Our figures", slug="figures", introduction="x", visibility="councillors")
    offer.root_page.add_child(instance=page)
    assert "Our figures" not in footer_titles()
