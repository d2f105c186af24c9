"""New and changed services in a feed reader; pages and services in the sitemap."""

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from localoffer.models import GuidancePage
from services.feeds import ServiceSitemap
from services.models import Service
from tests.factories import (
    make_authority,
    make_home,
    make_location,
    make_organisation,
    make_page,
    make_service,
)

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def feed(client) -> ElementTree.Element:
    response = client.get("/services/changes.atom")
    assert response["Content-Type"].startswith("application/atom+xml")
    return ElementTree.fromstring(response.content)


def titles(root: ElementTree.Element) -> list[str]:
    return [entry.findtext(f"{ATOM}title") for entry in root.findall(f"{ATOM}entry")]


def addresses(response) -> list[str]:
    return [row.findtext(f"{MAP}loc") for row in ElementTree.fromstring(response.content)]


@pytest.fixture
def council():
    return make_home(area_name="Avonmere").get_site()


def changed(service: Service, year: int) -> Service:
    Service.objects.filter(pk=service.pk).update(modified_at=datetime(year, 1, 1, tzinfo=UTC))
    return service


def test_feed_when_services_changed_then_newest_first_and_only_what_families_can_use(client, council):
    other = make_authority("Elsewhere", "elsewhere.test")
    changed(make_service(council, name="Old & <b>bold</b>", summary="One line."), 2020)
    changed(make_service(council, name="New", organisation=make_organisation(council, name="Trust")), 2024)
    make_service(council, name="Draft", live=False)
    make_service(other, name="Not ours")
    root = feed(client)
    assert titles(root) == ["New", "Old & <b>bold</b>"]
    assert root.findtext(f"{ATOM}updated").startswith("2024-01-01")
    first, second = root.findall(f"{ATOM}entry")
    assert first.findtext(f"{ATOM}author/{ATOM}name") == "Trust"
    assert second.findtext(f"{ATOM}id") == f"urn:uuid:{Service.objects.get(summary='One line.').uuid}"
    assert second.find(f"{ATOM}link").get("href").startswith("http://testserver/services/")
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "Avonmere Council"


def test_feed_when_there_is_nothing_then_it_is_sound_and_the_same_each_time(client, council):
    first = client.get("/services/changes.atom")
    assert ElementTree.fromstring(first.content).findtext(f"{ATOM}updated")
    again = client.get("/services/changes.atom", HTTP_IF_NONE_MATCH=first["ETag"])
    assert again.status_code == 304


def test_feed_when_many_then_50_in_few_queries(client, council):
    for _ in range(52):
        make_service(council)
    client.get("/services/changes.atom")
    with CaptureQueriesContext(connection) as asked:
        assert len(titles(feed(client))) == 50
    assert len(asked) <= 3


def test_results_page_when_read_then_its_head_leads_to_the_feed(client, council):
    page = client.get("/services/").content.decode()
    assert '<link rel="alternate" type="application/atom+xml" href="/services/changes.atom"' in page


@pytest.mark.parametrize("part", ["organisation", "place"])
def test_modified_when_a_part_changes_then_the_service_has_changed(client, council, part):
    place, trust = make_location(council), make_organisation(council)
    service = changed(make_service(council, name="A", organisation=trust, locations=(place,)), 2020)
    untouched = changed(make_service(council, name="B"), 2021)
    thing = trust if part == "organisation" else place
    thing.name = "Another"
    thing.save()
    assert titles(feed(client)) == [service.name, untouched.name]


def test_sitemap_when_read_then_pages_and_services_in_parts(client, council):
    service = make_service(council, name="Club")
    make_service(council, live=False)
    page = make_page(GuidancePage, council.root_page, title="Advice", slug="some-advice")
    index = addresses(client.get("/sitemap.xml"))
    assert index == ["http://testserver/sitemap-pages.xml", "http://testserver/sitemap-services.xml"]
    services = client.get("/sitemap-services.xml")
    assert addresses(services) == [f"http://testserver{service.get_absolute_url()}"]
    assert ElementTree.fromstring(services.content)[0].findtext(f"{MAP}lastmod")
    assert page.full_url in addresses(client.get("/sitemap-pages.xml"))
    assert client.get("/sitemap-nothing.xml").status_code == 404


def test_sitemap_when_there_are_many_services_then_several_parts(client, council, monkeypatch):
    monkeypatch.setattr(ServiceSitemap, "limit", 2)
    made = [make_service(council) for _ in range(3)]
    assert "http://testserver/sitemap-services.xml?p=2" in addresses(client.get("/sitemap.xml"))
    last = addresses(client.get("/sitemap-services.xml?p=2"))
    assert last == [f"http://testserver{made[2].get_absolute_url()}"]
    assert client.get("/sitemap-services.xml?p=3").status_code == 404


def test_robots_when_read_then_the_sitemap_is_named(client, council):
    text = client.get("/robots.txt").content.decode()
    assert "Sitemap: http://testserver/sitemap.xml" in text
    assert "Disallow: /admin/" in text


def test_developers_page_when_read_then_each_parameter_and_address_is_named(client, council):
    page = client.get("/open-referral/docs/").content.decode()
    for words in ("http://testserver/open-referral/services", "modified_after", "proximity", "openapi.json"):
        assert words in page
    assert "/open-referral/docs/" in client.get("/services/").content.decode()
