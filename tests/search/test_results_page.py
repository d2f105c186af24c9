"""The page where families find help: what it says, its links, its cost."""

import re
from datetime import date
from html import unescape
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search import facets, index
from search.models import IndexedDocument, SynonymGroup
from services.models import CostOption, Service, VocabularyTerm
from services.models.vocabulary import BroadArea
from tests.factories import (
    make_authority,
    make_category,
    make_location,
    make_need,
    make_organisation,
    make_service,
)

BS5 = {"latitude": 51.4744, "longitude": -2.5471, "postcode": "BS5 6RJ"}
BATH = {"latitude": 51.3811, "longitude": -2.3590, "postcode": "BA1 1AA"}
CEILING = 12


def get(client: Client, query: str = "", **extra) -> str:
    response = client.get(f"/services/?{query}", **extra)
    assert response.status_code == 200
    return response.content.decode()


def heading(html: str) -> str:
    return unescape(re.search(r"<h1>(.*?)</h1>", html).group(1))


def titles(html: str) -> list[str]:
    return [unescape(t) for t in re.findall(r'card__title"><a href="/services/[^"]*">(.*?)</a>', html)]


def text(html: str) -> str:
    """As it is read: without tags, spaces in one."""
    main = html[html.index("<main") : html.index("</main>")]
    return " ".join(unescape(re.sub(r"<[^>]*>", "", main)).split())


def links(html: str, words: str) -> list[str]:
    """Addresses of links that hold the words."""
    found = re.findall(r'<a[^>]*href="([^"]*)"[^>]*>(.*?)</a>', html, re.DOTALL)
    return [
        unescape(url)
        for url, inner in found
        if words in " ".join(unescape(re.sub("<[^>]*>", "", inner)).split())
    ]


def counts(html: str, facet: str) -> dict[str, int]:
    rows = re.findall(
        rf'name="{facet}" value="([^"]*)"[^>]*><label[^>]*>.*?choice__count">(\d+)', html, re.DOTALL
    )
    return {value: int(count) for value, count in rows}


def index_all() -> None:
    index.rebuild()


@pytest.fixture
def council(db):
    return make_authority(
        area_name="Avonmere", phone="0117 496 0100", phone_hours="Monday to Friday", email="ask@example.org"
    )


@pytest.fixture
def corner(council):
    """Four services: an autism group in BS5, a school club in Bath, a helpline, a costly stable."""
    make_need("ASD", label="Autism", area=BroadArea.COMMUNICATION, order=1)
    make_need("PD", label="Moving", area=BroadArea.SENSORY_PHYSICAL, order=2)
    make_category("support_group", label="Support groups", section="advice")
    SynonymGroup.objects.create(terms="autism\nautistic\nASD")
    near, far = (
        make_location(council, name="Rose Hall", **BS5),
        make_location(council, name="Bath Hall", **BATH),
    )
    provider = make_organisation(council, name="The Owls & Co")
    make_service(
        council,
        name="Owl group",
        summary="For <b>autistic</b> children & you.",
        organisation=provider,
        needs=("ASD",),
        categories=("support_group",),
        section="advice",
        level="targeted",
        min_age=5,
        max_age=11,
        locations=(near,),
        last_checked=timezone.localdate(),
    )
    make_service(
        council,
        name="Bath club",
        description="After tea we welcome autistic children and more.",
        min_age=12,
        max_age=18,
        locations=(far,),
        last_checked=date(2020, 1, 1),
        review_by=date(2021, 1, 1),
    )
    make_service(council, name="Autism helpline", section="advice")
    stable = make_service(council, name="Horse riding", needs=("PD",), min_age=4, locations=(near,))
    stable.costs = [CostOption(kind="charged", amount=12)]
    stable.save()
    index_all()
    return council


# -- what it says --------------------------------------------------------------------------


def test_page_when_nothing_is_asked_then_everything_by_name_and_open_to_robots(client, corner):
    html = get(client)
    assert heading(html) == "4 services to choose from"
    assert titles(html) == ["Autism helpline", "Bath club", "Horse riding", "Owl group"]
    assert '<meta name="robots" content="all">' in html


@pytest.mark.parametrize("query", ["q=autism", "need=ASD", "age=7", "page=2", "sort=checked"])
def test_page_when_anything_is_asked_then_not_for_robots(client, corner, query):
    assert '<meta name="robots" content="noindex, follow">' in get(client, query)


def test_page_when_autism_near_bs5_for_a_seven_year_old_then_the_heading_says_so_and_is_right(client, corner):
    html = get(client, "q=autism&age=7&postcode=bs5&within=5")
    assert heading(html) == "2 services for autism, age 7, within 5 miles of BS5"
    assert "<title>2 services for autism, age 7, within 5 miles of BS5 |" in html
    assert set(titles(html)) == {"Owl group", "Autism helpline"}
    assert "Services with no fixed place are always shown, whatever distance you choose." in text(html)
    assert "Showing 1 to 2 of 2." in text(html)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("age=7", "3 services for age 7"),
        ("postcode=bs5", "4 services near BS5"),
        ("age=7&postcode=bs5&within=1", "3 services for age 7, within 1 mile of BS5"),
        ("q=helpline", "1 service for helpline"),
        ("q=zzzz", "No services for zzzz"),
    ],
)
def test_heading_when_parts_are_asked_then_those_parts(client, corner, query, words):
    assert heading(get(client, query)) == words


def test_card_when_shown_then_who_runs_it_where_for_whom_and_what_it_costs(client, corner):
    said = text(get(client, "q=owl&postcode=BS5"))
    assert "The Owls & Co · For children who need extra help" in said
    assert re.search(r"Where: About [\d.]+ miles?, Rose Hall", said)
    assert "Who: Ages 5 to 11" in said
    assert "Price: Cost not stated" in said
    assert "Checked" in said


def test_card_when_there_is_no_place_then_anywhere_in_the_area_and_never_blank(client, corner):
    assert "Where: Anywhere in Avonmere" in text(get(client, "q=helpline"))


def test_card_when_it_is_overdue_then_ring_first(client, corner):
    assert "Last checked 1 January 2020. Ring before you go." in text(get(client, "q=bath"))


def test_card_when_words_match_then_marked_and_everything_else_escaped(client, corner):
    html = get(client, "q=autism")
    assert "For &lt;b&gt;<mark>autistic</mark>&lt;/b&gt; children &amp; you." in html
    assert "<b>autistic" not in html
    # Only the description of the club holds the word, so some of it is shown.
    assert "After tea we welcome <mark>autistic</mark> children and more." in html


# -- filters -------------------------------------------------------------------------------


def test_facets_when_counted_then_with_their_own_filter_set_aside(client, corner):
    html = get(client, "need=ASD&section=advice")
    assert titles(html) == ["Owl group"]
    assert counts(html, "need") == {"ASD": 1}
    assert counts(html, "section") == {"social_care": 0, "advice": 1} or counts(html, "section") == {
        "advice": 1
    }
    html = get(client, "need=ASD")
    assert counts(html, "need") == {"ASD": 1, "PD": 1}
    assert counts(html, "section") == {"advice": 1}


def test_facets_when_a_count_is_promised_then_choosing_it_gives_that_many(client, corner):
    base = "postcode=bs5&within=5"
    html = get(client, base)
    promised = {facet: counts(html, facet) for facet in ("need", "section", "cost", "ages", "category")}
    assert promised["cost"] == {"charged": 1, "not_stated": 2}
    for facet, values in promised.items():
        for value, count in values.items():
            found = heading(get(client, f"{base}&{facet}={value}"))
            assert found.startswith(f"{count} service"), (facet, value)


def test_facets_when_a_value_would_find_nothing_then_hidden_unless_chosen(client, corner):
    make_need("HI", label="Hearing", area=BroadArea.SENSORY_PHYSICAL)
    assert "HI" not in counts(get(client), "need")
    assert counts(get(client, "need=HI"), "need")["HI"] == 0


def test_facets_when_two_values_are_chosen_then_either_will_do(client, corner):
    assert titles(get(client, "need=ASD&need=PD")) == ["Horse riding", "Owl group"]


def test_facets_when_needs_are_listed_then_under_their_broad_areas(client, corner):
    html = get(client)
    found = re.findall(r'facet__group-name" id="need-group-\d">(.*?)<', html)
    assert found == ["Communication and interaction", "Senses and body"]


def test_facets_when_chosen_then_checked_counted_and_open(client, corner):
    html = get(client, "cost=charged")
    block = html[html.index('name="cost"') - 600 : html.index('name="cost"') + 200]
    assert 'class="facet" open' in block
    assert "1 chosen" in block
    assert re.search(r'name="cost" value="charged" checked', html)
    assert "Change filters (1 chosen)" in text(html)


def test_chips_when_followed_then_the_search_without_that_filter(client, corner):
    html = get(client, "q=autism&need=ASD&age=7&postcode=bs5&within=5&sort=name")
    (chip,) = links(html, "Remove filter: What your child finds hard: autism")
    assert parse_qs(urlsplit(chip).query) == {
        "q": ["autism"], "age": ["7"], "postcode": ["BS5"], "within": ["5"], "sort": ["name"],
    }  # fmt: skip
    (chip,) = links(html, "Remove filter: Within 5 miles of BS5")
    assert "within" not in chip
    assert "need=ASD" in chip
    assert links(html, "Remove filter: Age 7")
    assert "/services/" in links(html, "Clear all")


def test_sort_when_chosen_then_in_that_order_and_marked(client, corner):
    assert titles(get(client, "postcode=BA1&sort=distance"))[0] == "Bath club"
    assert titles(get(client, "postcode=BA1"))[-1] == "Autism helpline"
    assert titles(get(client, "sort=checked"))[0] == "Owl group"
    html = get(client, "q=autism&postcode=bs5&sort=distance")
    assert re.search(r'aria-current="true">Nearest', html)
    assert 'type="hidden" name="sort" value="distance"' in html
    assert not links(get(client), "Nearest")


def test_pager_when_many_then_twenty_a_page_and_the_search_goes_along(client, council):
    for number in range(45):
        make_service(council, name=f"Club {number:02}")
    index_all()
    html = get(client, "q=club&sort=name&page=3")
    assert titles(html) == [f"Club {n:02}" for n in range(40, 45)]
    assert "Showing 41 to 45 of 45." in text(html)
    assert any("q=club" in url and "page=2" in url for url in links(html, "Previous"))
    assert titles(get(client, "q=club&sort=name&page=9999")) == titles(html)


# -- nothing found -------------------------------------------------------------------------


def test_empty_when_filters_did_it_then_which_and_what_removing_each_gives(client, corner):
    html = get(client, "q=horse&age=2&cost=charged")
    assert heading(html) == "No services for horse, age 2"
    said = text(html)
    assert "Remove “age 2”: 1 service" in said
    assert "We do list some for these words" in said
    (back,) = links(html, "Remove “age 2”")
    assert heading(get(client, back.partition("?")[2])) == "1 service for horse"
    assert "Remove “cost" not in said


def test_empty_when_too_near_then_a_wider_distance_that_finds_some(client, corner):
    html = get(client, "q=bath&postcode=bs5&within=1")
    (back,) = links(html, "Look up to 20 miles away")
    assert titles(get(client, back.partition("?")[2])) == ["Bath club"]


def test_empty_when_found_nothing_then_a_person_and_a_way_to_tell(client, corner):
    html = get(client, "q=zzzz")
    said = text(html)
    assert "Ask a person" in said
    assert 'href="tel:+441174960100"' in html
    (tell,) = links(html, "Tell us what is missing")
    assert parse_qs(urlsplit(tell).query)["topic"] == ["missing"]
    assert client.get(tell).status_code == 200


def test_empty_when_every_filter_must_go_then_that_is_offered(client, corner):
    html = get(client, "q=horse&age=2&cost=free&section=health")
    assert links(html, "Remove all filters")


def test_empty_when_nothing_is_indexed_then_a_page_all_the_same(client, council):
    assert heading(get(client)) == "No services"
    assert heading(get(client, "q=autism&postcode=bs5&within=5&need=ASD")).startswith(
        "No services for autism"
    )


# -- words ---------------------------------------------------------------------------------


def test_words_when_misspelt_then_what_was_meant_and_it_says_so(client, corner):
    html = get(client, "q=helplnie")
    assert titles(html) == ["Autism helpline"]
    told = "We found nothing for “helplnie”. Did you mean helpline? We looked for that instead."
    assert text(html).count("helplnie") == 1
    assert told in text(html)
    assert heading(html) == "1 service for helpline"


def test_words_when_only_some_are_known_then_it_says_which_not(client, corner):
    html = get(client, "q=horse+zzzz")
    assert titles(html) == ["Horse riding"]
    assert "No service mentions “zzzz”." in text(html)


def test_words_when_a_synonym_then_found(client, corner):
    assert "Owl group" in titles(get(client, "q=ASD"))


# -- bad input -----------------------------------------------------------------------------

BAD = [
    "q=%22autism", "q=autism+AND+(", "q=NEAR(a+b)", "q=name:autism*", "q=a%00b", "q=%F0%9F%A6%84",
    "q=%D7%A9%D7%9C%D7%95%D7%9D", "q=%E2%80%AEevil", "q=%FF%FE", "q=%27%3B+DROP+TABLE+search_text%3B--",
    "q=%3Cscript%3Ealert(1)%3C/script%3E", "q=-", "q=*", "q=%25", "q=a%27+OR+1=1", "q=!%26%7C():*",
    "age=-1", "age=seventy", "age=999", "age=%00", "need=nonsense", "planet=mars", "need[]=ASD", "page=9999",
    "page=-1", "page=1e9", "postcode=XX99+9XX", "postcode=%F0%9F%A6%84", "within=banana", "within=-5",
    "within=1e400", "sort=%00", "need=%ED%A0%80", "q=" + "a" * 10_000, "q=" + "autism+" * 1_500,
    "q=" + "%22" * 3_000, "&".join(["need=ASD"] * 900),
]  # fmt: skip


@pytest.mark.parametrize("query", BAD, ids=lambda q: q[:30])
def test_page_when_the_input_is_bad_then_a_page_and_no_markup_of_theirs(client, corner, query):
    html = get(client, query)
    assert "<script>alert" not in html
    assert heading(html)


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("age=seventy&q=autism", 'value="seventy"'),
        ("postcode=XX99+9XX&q=autism", 'value="XX99 9XX"'),
        ("q=%22%22%22", 'value="&quot;&quot;&quot;"'),
    ],
)
def test_page_when_something_is_not_understood_then_kept_explained_and_the_rest_works(
    client, corner, query, kept
):
    html = get(client, query)
    assert kept in html
    assert "We left out what we did not understand" in html
    assert "aria-describedby=" in html
    assert titles(html)


def test_page_when_ten_thousand_characters_then_it_stays_small(client, corner):
    assert len(get(client, "q=" + "autism+" * 1_500)) < 120_000


def test_page_when_posted_to_then_refused(client, corner):
    assert client.post("/services/").status_code == 405


awkward = st.text(max_size=60) | st.sampled_from(
    ["autism", "7", "bs5", "ASD", '"', "a OR b", "NOT", "helplnie"]
)
names = st.sampled_from(
    ["q", "age", "postcode", "within", "sort", "page", "show", "saved", *[f.key for f in facets.FACETS]]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs=st.lists(st.tuples(names, awkward), max_size=8))
def test_page_when_anything_is_typed_then_a_page_in_few_queries(
    client, corner, django_assert_max_num_queries, pairs
):
    data: dict[str, list[str]] = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value.encode("utf-8", "replace").decode())
    get(client, "q=helplnie")  # the frame, the vocabularies and the synonyms are remembered from here
    with django_assert_max_num_queries(CEILING):
        response = client.get("/services/", data)
    assert response.status_code == 200


# -- who sees what, and what it costs ------------------------------------------------------


def test_page_when_two_authorities_then_each_shows_its_own_and_what_is_shared(client, corner):
    other = make_authority("Elsewhere", hostname="elsewhere.example", area_name="Elsewhere")
    make_service(other, name="Elsewhere only")
    make_service(other, name="National line", scope="national")
    shared = make_service(other, name="Lent to Avonmere")
    shared.serves = [corner]
    shared.save()
    index_all()
    ours = titles(get(client))
    assert {"National line", "Lent to Avonmere", "Owl group"} <= set(ours)
    assert "Elsewhere only" not in ours
    # A shared local service is anywhere in its owner's area, not in ours.
    assert "Anywhere in Elsewhere" in text(get(client, "q=lent"))
    assert "Anywhere in England" in text(get(client, "q=national"))


@pytest.mark.parametrize(
    ("query", "most"),
    [
        ("", 4),
        ("q=autism&need=ASD&section=advice&cost=free&age=7&postcode=bs5&within=5&sort=distance", 6),
        ("q=autism&postcode=bs5", 6),
        ("q=horse&age=2&cost=charged", 6),
        ("q=helplnie+zzzz+horse", 8),
    ],
)
def test_page_when_warm_then_few_queries_whatever_the_filters(
    client, corner, django_assert_max_num_queries, query, most
):
    for number in range(40):
        make_service(corner, name=f"Autism group {number}", needs=("ASD",), section="advice")
    index_all()
    get(client, query)
    with django_assert_max_num_queries(most):
        get(client, query)


def test_page_when_a_service_is_published_then_the_next_search_finds_it(
    client, corner, django_capture_on_commit_callbacks
):
    assert heading(get(client, "q=badger")).startswith("No services")
    with django_capture_on_commit_callbacks(execute=True):
        make_service(corner, name="Badger watch", live=False).save_revision().publish()
    assert titles(get(client, "q=badger")) == ["Badger watch"]


def test_page_when_vocabularies_are_not_loaded_then_it_still_works(client, council):
    make_service(council, name="Club")
    index_all()
    VocabularyTerm.objects.all().delete()
    assert titles(get(client)) == ["Club"]
    assert Service.objects.count() == IndexedDocument.objects.count() == 1


@pytest.mark.parametrize(
    ("q", "told"), [("مدرسة", True), ("школа", True), ("zzz школа", False), ("zzz", False)]
)
def test_page_when_asked_in_another_script_and_nothing_is_found_then_it_says_which_words_work(
    client, corner, q, told
):
    assert ("We can only look for English words." in get(client, urlencode({"q": q}))) == told


def test_page_when_only_giving_up_the_words_would_help_then_all_filters_may_go_and_the_words_stay(
    client, corner
):
    html = get(client, "q=owl&age=24&need=ASD&cost=free")
    (way,) = links(html, "Remove all filters and keep the words")
    assert way.endswith("?q=owl")


def test_page_when_an_age_is_among_the_words_then_it_says_how_that_was_read_unless_the_field_says_it(
    client, corner
):
    assert "We put what is for age 7 higher up." in get(client, "q=autism+my+7+yr+old")
    assert "higher up" not in get(client, "q=autism+my+7+yr+old&age=7")
    assert heading(get(client, "q=autism+my+7+yr+old&age=7")).startswith("2 services")
