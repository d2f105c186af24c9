"""Was this useful? Counted without script, cookie or identity; small numbers are not told."""

from datetime import date

import pytest
from bs4 import BeautifulSoup
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from feedback import useful
from feedback.models import UsefulCount
from localoffer.regulations import Section
from tests.factories import make_authority, make_section, make_service, make_user
from tests.feedback.record import make_staffed_site, make_writer

pytestmark = pytest.mark.django_db
ADDRESS = "/have-your-say/useful/"


@pytest.fixture
def site():
    site = make_staffed_site()
    make_section(Section.TRANSPORT, home=site.root_page.specific, slug="transport", title="Getting there")
    return site


def form_on(client, path: str) -> dict[str, str]:
    page = BeautifulSoup(client.get(path).content, "html.parser")
    return {field["name"]: field["value"] for field in page.select("form.useful input[type=hidden]")}


def counts() -> list[tuple[str, int, int]]:
    return list(UsefulCount.objects.order_by("path").values_list("path", "yes", "no"))


def test_form_when_pressed_without_script_or_cookie_then_counted_and_thanked(site):
    client = Client(enforce_csrf_checks=True)
    fields = form_on(client, "/transport/")
    assert not client.cookies
    response = client.post(ADDRESS, {**fields, "said": "yes"})
    assert response.status_code == 303
    assert not response.cookies
    thanks = client.get(response.url)
    assert "Thank you" in thanks.content.decode()
    assert 'href="/transport/"' in thanks.content.decode()
    assert not client.cookies
    assert counts() == [("/transport/", 1, 0)]
    assert UsefulCount.objects.get().title == "Getting there"
    assert UsefulCount.objects.get().month.day == 1


def test_form_when_on_a_service_then_counted_under_its_address(site, client):
    service = make_service(site, name="Glow Room")
    fields = form_on(client, service.get_absolute_url())
    client.post(ADDRESS, {**fields, "said": "no"})
    assert counts() == [(service.get_absolute_url(), 0, 1)]


@pytest.mark.parametrize(
    "change",
    [
        {"seal": "forged"},
        {"about": "/health/"},
        {"about": "//evil.example/"},
        {"about": "https://evil.example/"},
        {"said": "perhaps"},
        {"said": ""},
        {"about": "/" + "x" * 900 + "/"},
        {"about": "/tran\x00sport/"},
    ],
)
def test_form_when_forged_then_not_counted_and_no_way_to_a_stranger(site, client, change):
    response = client.post(ADDRESS, {**form_on(client, "/transport/"), "said": "yes", **change})
    assert response.status_code == 303
    assert response.url.startswith("/have-your-say/useful/thanks/")
    assert "evil" not in response.url
    assert counts() == []


def test_form_when_another_site_sends_it_then_not_counted(site, client):
    fields = form_on(client, "/transport/")
    client.post(ADDRESS, {**fields, "said": "yes"}, headers={"sec-fetch-site": "cross-site"})
    assert counts() == []
    client.post(ADDRESS, {**fields, "said": "yes"}, headers={"sec-fetch-site": "same-origin"})
    assert counts() == [("/transport/", 1, 0)]


def test_form_when_one_source_presses_on_and_on_then_only_so_many_count(site, client):
    fields = form_on(client, "/transport/")
    for _ in range(useful.HOURLY_FOR_A_PAGE + 5):
        assert client.post(ADDRESS, {**fields, "said": "no"}).status_code == 303
    assert counts() == [("/transport/", 0, useful.HOURLY_FOR_A_PAGE)]


def test_form_when_asked_by_get_then_refused(site, client):
    assert client.get(ADDRESS).status_code == 405


@pytest.mark.parametrize(
    "about", ["//evil.example/", "javascript:alert(1)", "/ok\\evil", "https://evil.example"]
)
def test_thanks_when_the_address_is_no_path_of_ours_then_no_link_to_it(site, client, about):
    html = client.get(reverse("feedback:useful_thanks"), {"about": about}).content.decode()
    assert "evil" not in html
    assert "javascript:" not in html


def test_kept_when_answered_then_nothing_of_who_or_when(site):
    names = {field.name for field in UsefulCount._meta.fields}
    assert names == {"id", "authority", "month", "path", "title", "yes", "no"}


def test_add_when_two_come_at_once_then_both_are_counted(site):
    for said in ("yes", "yes", "no"):
        useful.add(authority=site, path="/transport/", title="Getting there", said=said)
    assert counts() == [("/transport/", 2, 1)]


def test_rows_when_few_answered_then_not_told_and_the_rest_cannot_be_worked_out(site):
    for path, yes, no in (("/a/", 3, 1), ("/b/", 20, 2), ("/c/", 20, 10)):
        for said, times in (("yes", yes), ("no", no)):
            useful.add(authority=site, path=path, title=path, said=said, month=date(2026, 3, 9), times=times)
    rows = {row.path: row for row in useful.by_address(site, date(2026, 3, 1), date(2026, 3, 31))}
    assert (rows["/a/"].total, rows["/a/"].yes) == (None, None)
    assert (rows["/b/"].total, rows["/b/"].yes, rows["/b/"].no, rows["/b/"].percent) == (22, None, None, None)
    assert (rows["/c/"].total, rows["/c/"].percent) == (30, 67)
    assert useful.by_address(site, date(2026, 4, 1), date(2026, 4, 30)) == []


def test_figures_when_another_authority_was_answered_then_apart(site):
    other = make_authority("Otherton", "otherton.example")
    useful.add(authority=other, path="/a/", title="A", said="yes", month=date(2026, 3, 1), times=50)
    assert useful.figures(site, date(2026, 1, 1), date(2026, 12, 31))["total"] is None


def test_report_when_read_and_exported_then_small_numbers_stay_out(site, client):
    useful.add(authority=site, path="/a/", title="=A page", said="yes", times=3)
    client.force_login(make_writer())
    assert "fewer than 5" in client.get(reverse("feedback_useful")).content.decode()
    file = client.get(reverse("feedback_useful"), {"export": "csv"}).getvalue().decode()
    assert "'=A page" in file
    assert ",3," not in file
    assert client.get(reverse("feedback_useful"), {"start": "nonsense", "end": "2020-01"}).status_code == 200
    client.force_login(make_user("stranger", groups=["Forum editor"]))
    assert client.get(reverse("feedback_useful")).status_code in (302, 403)


def test_pages_when_they_have_no_feedback_band_then_no_question(site, client):
    for address in ("/have-your-say/", "/have-your-say/comments/"):
        assert "form.useful" not in client.get(address).content.decode()
        assert not BeautifulSoup(client.get(address).content, "html.parser").select("form.useful")
    assert django_settings.CSRF_FAILURE_VIEW
