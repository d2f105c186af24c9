"""Long lists: any page costs what the first costs, and none is read by skipping the others."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from services import id_lists
from services.enums import Scope
from services.feeds import ServiceSitemap
from services.id_lists import IdList, by_number, visible, visible_ids
from services.models import Service
from tests.factories import make_authority, make_home, make_location, make_service

pytestmark = pytest.mark.django_db
MANY = 23
LISTS = ("services", "service_at_locations")


@pytest.fixture
def council():
    site = make_home(area_name="Avonmere").get_site()
    for _ in range(MANY):
        make_service(site, locations=(make_location(site),))
    return site


def asked(client, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return [each["sql"] for each in found]


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("more", ["", "&search=service", "&postcode=BS5+6RJ"])
def test_api_when_any_page_is_asked_for_then_it_costs_the_same_and_skips_no_rows(client, council, name, more):
    path = f"/open-referral/{name}?per_page=2{more}"
    first = asked(client, path)  # the list is read, once
    assert not [sql for sql in first if "OFFSET" in sql]
    again, middle, last = (asked(client, f"{path}&page={number}") for number in (1, 6, 11))
    assert len(again) == len(middle) == len(last) < len(first)
    for sql in (*again, *middle, *last):
        assert "OFFSET" not in sql
        assert "COUNT(" not in sql


@pytest.mark.parametrize("name", LISTS)
def test_api_when_walked_to_its_end_then_every_row_is_there_once(client, council, name):
    found, number = [], 1
    while number:
        body = client.get(f"/open-referral/{name}?per_page=4&page={number}").json()
        assert body["total_items"] == MANY
        found += [row["id"] for row in body["contents"]]
        number = 0 if body["last_page"] else number + 1
    assert len(found) == len(set(found)) == MANY


def test_api_when_a_service_is_taken_down_then_the_next_answer_is_without_it(client, council):
    path = "/open-referral/services?per_page=4"
    gone = Service.objects.order_by("pk")[0]
    assert str(gone.uuid) in client.get(path).content.decode()
    gone.unpublish()
    body = client.get(path).json()
    assert body["total_items"] == MANY - 1
    assert str(gone.uuid) not in str(body)


def test_all_visible_when_services_are_shared_in_each_way_then_is_what_is_visible_one_by_one(council):
    other = make_authority("Elsewhere", "elsewhere.test")
    named, both = make_service(other), make_service(other, scope=Scope.NATIONAL)
    for service in (named, both):
        service.serves = [council]
        service.save()
    make_service(other, scope=Scope.NATIONAL)
    make_service(other)
    make_service(council, live=False)
    for site in (council, other):
        one_by_one = Service.objects.live().visible_to(site).order_by("pk")
        assert list(visible(site).order_by("pk")) == list(one_by_one)
        assert list(visible_ids(site)) == [service.pk for service in one_by_one]
    assert len(visible_ids(council)) == MANY + 3


def test_sitemap_when_in_parts_then_each_is_read_by_its_ids_and_holds_its_own(client, council, monkeypatch):
    monkeypatch.setattr(ServiceSitemap, "limit", 5)
    index = client.get("/sitemap.xml").content.decode()
    assert index.count("/sitemap-services.xml") == 5
    pages = [client.get(f"/sitemap-services.xml?p={number}").content.decode() for number in range(1, 6)]
    found = [address for page in pages for address in re.findall(r"<loc>([^<]+)</loc>", page)]
    assert len(found) == len(set(found)) == MANY
    queries = asked(client, "/sitemap-services.xml?p=5&again=1")
    assert not [sql for sql in queries if "OFFSET" in sql]


def test_ids_when_kept_then_slices_are_lists_and_the_bytes_are_bounded():
    ids = by_number([9, 3, 3, 5])
    assert (len(ids), list(ids), ids[1:], ids[0]) == (3, [3, 5, 9], [5, 9], 3)
    assert list(IdList([9, 3, 5])[:2]) == [9, 3]
    for number in range(20):
        id_lists.kept.keep(number, IdList(range(300_000)))
    assert id_lists.kept._lists.currsize <= id_lists.MOST_BYTES
    id_lists.kept.clear()
