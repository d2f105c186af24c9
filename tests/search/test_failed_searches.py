"""The report of failed searches, and what an editor makes of one."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from localoffer.clock import today
from localoffer.signals import gap_found
from search import demo, index, reports
from search.models import BestBet, GuidedFinderPage, SearchCount
from tests.factories import make_authority, make_service, make_user


def count(site, words: str, searches: int, failed: int, *, days_ago: int = 1, outcode: str = "") -> None:
    SearchCount.objects.create(
        authority=site,
        day=today() - timedelta(days=days_ago),
        words=words,
        searches=searches,
        failed=failed,
        outcode=outcode,
    )


@pytest.fixture
def searches(authority):
    count(authority, "trampolining", 9, 8)
    count(authority, "trampolining", 5, 5, days_ago=3)
    count(authority, "trampolining", 5, 5, outcode="BS5")
    count(authority, "owls", 30, 0)
    count(authority, "long ago", 9, 9, days_ago=60)
    count(make_authority("Elsewhere", hostname="elsewhere.example"), "theirs", 9, 9)
    make_service(authority, name="Trampolining club")
    index.rebuild()
    return authority


@pytest.fixture
def officer(client, db):
    user = make_user("editor", is_superuser=True)
    client.force_login(user)
    return user


def page(client, **query) -> str:
    response = client.get(reverse("failed_searches"), query)
    assert response.status_code == 200
    return response.content.decode()


def test_report_when_read_then_what_failed_is_summed_and_says_what_it_finds_now(client, officer, searches):
    html = page(client)
    assert re.search(r"<title>\s*Failed searches", html)
    (row,) = reports.searched(searches, days=28, only_failed=True)
    assert (row.words, row.searches, row.failed, row.areas) == ("trampolining", 14, 13, (("BS5", 5),))
    assert "BS5 (5)" in html
    assert "1 service<" in html
    assert "theirs" not in html
    assert "?terms=trampolining" in html
    assert "?phrases=trampolining" in html


@pytest.mark.parametrize(
    ("query", "there"),
    [({"which": "all"}, "owls"), ({"days": "90"}, "long ago"), ({"days": "x"}, "trampolining")],
)
def test_report_when_filtered_then_those(client, officer, searches, query, there):
    assert there in page(client, **query)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_report_when_exported_then_a_file(client, officer, searches, kind):
    response = client.get(reverse("failed_searches"), {"export": kind})
    assert f".{kind}" in response["Content-Disposition"]
    if kind == "csv":
        assert "trampolining,14,13,BS5 5" in response.getvalue().decode("utf-8-sig")


def test_report_when_there_is_no_permission_then_refused(client, searches):
    client.force_login(make_user("stranger"))
    assert client.get(reverse("failed_searches")).status_code in (302, 403)
    assert client.post(reverse("failed_search_gap"), {"words": "x"}).status_code in (302, 403)


@pytest.fixture
def heard():
    """What a keeper of gaps would hear."""
    told = []

    def keep(sender, **kwargs):
        told.append(kwargs)
        return "/admin/"

    gap_found.connect(keep)
    yield told
    gap_found.disconnect(keep)


def test_gap_when_noted_then_whoever_keeps_gaps_is_told(client, officer, searches, heard):
    assert reverse("failed_search_gap") in page(client)
    response = client.post(reverse("failed_search_gap"), {"words": "trampolining", "searches": "13"})
    assert response.status_code == 302
    (gap,) = heard
    assert (gap["authority"], gap["words"], gap["searches"], gap["by"]) == (
        searches,
        "trampolining",
        13,
        officer,
    )


def test_gap_when_there_are_no_words_then_nobody_is_told(client, officer, searches, heard):
    client.post(reverse("failed_search_gap"), {"words": " "})
    assert heard == []
    assert client.get(reverse("failed_search_gap")).status_code == 405


def test_dashboard_when_searches_failed_then_they_are_told(client, officer, searches):
    html = client.get(reverse("wagtailadmin_home")).content.decode()
    assert "trampolining: 13 times" in html


@pytest.mark.django_db
def test_demo_when_loaded_twice_then_the_same_and_what_staff_deleted_stays_deleted(settings):
    from django.core.management import call_command

    from localoffer.models import GuidancePage
    from tests.factories import make_home, make_page

    home = make_home()
    make_page(GuidancePage, home, slug="advice")
    site = home.get_site()
    call_command("load_vocabularies", verbosity=0)
    first = demo.load(site, settings.BASE_DIR / "demo")
    assert first["guided finder"] == 1
    assert first["best bets"]
    assert first["counts of searches"]
    assert not any(demo.load(site, settings.BASE_DIR / "demo").values())
    GuidedFinderPage.objects.get().full_clean()
    assert BestBet.objects.filter(page__slug="advice").exists()


def test_report_when_a_search_is_mended_then_its_row_says_how(client, officer, searches):
    count(searches, "stilts", 9, 9)
    assert page(client).count("Found now") == 1  # a club has come since
    BestBet.objects.create(authority=searches, phrases="stilts", service=make_service(searches))
    index.rebuild()
    html = page(client)
    assert html.count("Found now") == 2
    assert "A best bet stands first." in html


def test_report_when_a_gap_was_noted_then_its_row_leads_there_and_it_cannot_be_noted_twice(
    client, officer, searches
):
    assert client.post(reverse("failed_search_gap"), {"words": "trampolining", "searches": "13"}).url
    html = page(client)
    assert "On the list of gaps" in html
    assert reverse("failed_search_gap") not in html
