"""Suggestions while words are typed: a page of links, and the same as JSON."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from localoffer.models import GuidancePage
from search import index
from search.models import SynonymGroup
from tests.factories import make_category, make_home, make_need, make_page, make_service


@pytest.fixture
def offer(db):
    home = make_home()
    site = home.get_site()
    make_need("ASD", label="Autism")
    make_category("sleep_and_feeding", label="Sleep and eating", section="health")
    make_service(site, name="Sleepy Owls", needs=("ASD",), summary="Help with sleep and autism.")
    make_service(site, name="Chess", summary="A sleepless game.")
    make_page(GuidancePage, home, title="Sleep at night", slug="sleep")
    index.rebuild()
    return home


def rows(client, q: str) -> list[tuple[str, str]]:
    answer = client.get("/services/suggest/", {"q": q, "format": "json"})
    assert answer.status_code == 200
    return [(row["kind"], row["label"]) for row in answer.json()["suggestions"]]


def test_suggestions_when_a_beginning_is_typed_then_words_filters_guides_and_names(client, offer):
    found = rows(client, "slee")
    assert ("Search", "sleep") in found
    assert ("Type of service", "Sleep and eating") in found
    assert ("Guide", "Sleep at night") in found
    assert ("Service", "Sleepy Owls") in found
    assert "Chess" not in [label for _, label in found]


def test_suggestions_when_several_words_then_the_last_is_finished(client, offer):
    assert ("Search", "help with autism") in rows(client, "help with aut")


def test_suggestions_when_staff_have_taught_a_word_then_it_comes_before_shorter_ones(client, offer):
    SynonymGroup.objects.create(terms="sleepless\nwide awake")
    searches = [label for kind, label in rows(client, "sle") if kind == "Search"]
    assert searches[0] == "sleepless"
    assert "sleep" in searches


def test_suggestions_when_each_is_followed_then_it_leads_somewhere(client, offer):
    answer = client.get("/services/suggest/", {"q": "slee", "format": "json"}).json()
    for row in answer["suggestions"]:
        assert client.get(row["url"], follow=True).status_code == 200


def test_page_when_there_is_no_script_then_the_same_as_links(client, offer):
    html = client.get("/services/suggest/", {"q": "slee"}).content.decode()
    assert 'href="/services/?q=sleep"' in html
    assert 'href="/sleep/"' in html
    assert '<meta name="robots" content="noindex, follow">' in html


@pytest.mark.parametrize("q", ["", "a", "   ", "!!!", "zzzzq"])
def test_suggestions_when_nothing_begins_so_then_none(client, offer, q):
    assert rows(client, q) == []
    assert client.get("/services/suggest/", {"q": q}).status_code == 200


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(q=st.text(max_size=300) | st.sampled_from(["%", "_", "sl%", '"<script>', "a" * 10_000, "\x00sl"]))
def test_suggestions_when_anything_is_typed_then_few_queries_and_no_markup(
    client, offer, django_assert_max_num_queries, q
):
    q = q.encode("utf-8", "replace").decode()
    rows(client, "sl")  # the vocabularies and synonyms are remembered from here
    with django_assert_max_num_queries(9):
        assert len(rows(client, q)) <= 14
    html = client.get("/services/suggest/", {"q": q}).content.decode()
    assert "<script>" not in html[html.index("<main") :]


def test_suggestions_when_posted_to_then_refused(client, offer):
    assert client.post("/services/suggest/").status_code == 405
