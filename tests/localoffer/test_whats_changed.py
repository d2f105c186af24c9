"""What is new, and every page that is told another way."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import Page, PageViewRestriction

from localoffer import whats_changed
from localoffer.models import EasyReadPage, GuidancePage, NewsIndexPage, TranslatedPage
from services.models import Service
from tests.factories import make_home, make_page, make_service

pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return make_home()


def publish(page: Page, days_ago: int, first: int | None = None) -> Page:
    """As published so many days ago, and for the first time perhaps earlier."""
    now = timezone.now()
    last = now - timedelta(days=days_ago)
    begun = now - timedelta(days=first) if first else last
    Page.objects.filter(pk=page.pk).update(last_published_at=last, first_published_at=begun)
    return page


def titles(home) -> list[str]:
    return [change.title for group in whats_changed.latest(home.get_site()) for change in group.changes]


def test_changes_when_read_then_pages_and_services_each_with_the_latest_first(client, home):
    publish(make_page(GuidancePage, home, title="Old page"), 40, first=90)
    publish(make_page(GuidancePage, home, title="New page"), 2)
    service = make_service(home.get_site(), name="Swim club")
    Service.objects.filter(pk=service.pk).update(modified_at=timezone.now() - timedelta(days=20))
    assert [title for title in titles(home) if title != home.title] == ["New page", "Old page", "Swim club"]
    html = client.get("/whats-changed/").content.decode()
    assert html.index("New page") < html.index("Old page") < html.index("Swim club")
    assert "New on" in html
    assert "Changed on" in html


def test_changes_when_not_for_families_then_not_told(client, home):
    draft = make_page(GuidancePage, home, title="A draft", slug="draft")
    draft.unpublish()
    private = publish(make_page(GuidancePage, home, title="For some", slug="private"), 1)
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    hidden = make_service(home.get_site(), name="Not open yet")
    hidden.unpublish()
    assert not {"A draft", "For some", "Not open yet"} & set(titles(home))


def test_changes_when_there_are_many_then_the_latest_in_few_queries(home, django_assert_max_num_queries):
    parent = make_page(NewsIndexPage, home)
    for number in range(30):
        publish(make_page(GuidancePage, parent, title=f"Page {number}", slug=f"p{number}"), number)
    for page in (home, parent):
        publish(page, 90)
    site = home.get_site()
    with django_assert_max_num_queries(4):
        [pages] = whats_changed.latest(site)
    assert len(pages.changes) == whats_changed.MOST
    assert [change.title for change in pages.changes][:2] == ["Page 0", "Page 1"]


def test_other_ways_when_read_then_each_under_its_way_and_in_its_language(client, home):
    parent = make_page(GuidancePage, home, title="Advice", slug="advice")
    parent.add_child(instance=EasyReadPage(title="Advice in Easy Read", slug="easy"))
    parent.add_child(instance=TranslatedPage(title="Porady", slug="polski", language="pl", body="<p>Tak</p>"))
    html = client.get("/easy-read/").content.decode()
    assert html.index("Easy Read</h2>") < html.index("Advice in Easy Read") < html.index("Other languages")
    assert 'lang="pl" dir="ltr">Polski: Porady' in html
    assert "British Sign Language</h2>" not in html


def test_other_ways_when_there_is_none_then_said(client, home):
    assert "There are no such pages yet." in client.get("/easy-read/").content.decode()


@pytest.mark.parametrize("slug", ["easy-read", "whats-changed"])
def test_lists_when_a_council_has_a_page_there_then_the_page(client, home, slug):
    page = make_page(GuidancePage, home, title="A page of our own", slug=slug)
    assert "<h1>A page of our own</h1>" in client.get(f"/{slug}/").content.decode()
    page.unpublish()
    assert "A page of our own" not in client.get(f"/{slug}/").content.decode()
