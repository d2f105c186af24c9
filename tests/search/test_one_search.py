"""Services and guides in one search, what staff put first, and words put right."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from localoffer.models import GuidancePage
from search import index
from search.models import BestBet, SynonymGroup
from services.models import Service
from tests.factories import make_home, make_location, make_need, make_page, make_service, make_user


@pytest.fixture
def home(db):
    return make_home()


@pytest.fixture
def site(home):
    return home.get_site()


@pytest.fixture
def offer(home, site):
    """Two services and two guides that speak of sleep."""
    make_need("ASD")
    make_service(site, name="Sleep clinic", summary="Help with sleep.", needs=("ASD",), section="health")
    make_service(site, name="Owl group", description="We talk of sleep.", section="advice")
    make_page(GuidancePage, home, title="When nobody sleeps", slug="sleep", body="<p>Try a routine.</p>")
    make_page(GuidancePage, home, title="Nights", slug="nights", body="<p>Some children sleep little.</p>")
    index.rebuild()
    return home


def get(client, query: str) -> str:
    response = client.get(f"/services/?{query}")
    assert response.status_code == 200
    return response.content.decode()


def guides(html: str) -> list[str]:
    return re.findall(r'guide__title"><a href="([^"]*)"', html)


def heading(html: str) -> str:
    return unescape(re.search(r"<h1>(.*?)</h1>", html).group(1))


def test_results_when_words_then_guides_are_beside_and_services_alone_are_counted(client, offer):
    html = get(client, "q=sleep")
    assert heading(html) == "2 services for sleep"
    assert set(guides(html)) == {"/sleep/", "/nights/"}
    assert "Some children <mark>sleep</mark> little." in html


def test_results_when_a_title_holds_the_words_then_guides_are_above_else_below(client, offer):
    above, below = get(client, "q=sleep"), get(client, "q=routine+sleep&section=health")
    assert above.index("Guides that may help") < above.index("Sleep clinic")
    make_page(GuidancePage, offer, title="Zebra", slug="zebra", body="<p>About clinics.</p>")
    index.rebuild()
    below = get(client, "q=clinic")
    assert below.index("Guides that may help") > below.index("Sleep clinic")


@pytest.mark.parametrize("query", ["q=sleep&need=ASD", "q=sleep&page=2&sort=name", "", "section=health"])
def test_results_when_narrowed_to_what_only_services_have_then_no_guides(client, offer, query):
    if "page=2" in query:
        for number in range(30):
            make_service(offer.get_site(), name=f"Sleep {number}")
        index.rebuild()
    assert guides(get(client, query)) == []


@pytest.mark.parametrize(
    "query", ["q=sleep&age=7", "q=sleep&postcode=BS5&within=5", "q=sleep&section=health"]
)
def test_results_when_age_place_or_section_then_guides_stay(client, offer, query):
    assert guides(get(client, query))


def test_results_when_no_service_but_a_guide_then_the_guide_is_shown(client, offer):
    html = get(client, "q=routine")
    assert heading(html) == "No services for routine"
    assert guides(html) == ["/sleep/"]


def test_guides_when_all_are_asked_for_then_listed_with_a_way_back(client, offer):
    for number in range(4):
        make_page(GuidancePage, offer, slug=f"more-{number}", body="<p>Sleep well.</p>")
    index.rebuild()
    html = get(client, "q=sleep")
    (all_url,) = re.findall(r'href="([^"]*show=guides[^"]*)"', html)
    listed = client.get(unescape(all_url)).content.decode()
    assert heading(listed) == "6 guides for sleep"
    assert len(guides(listed)) == 6
    assert 'href="/services/?q=sleep"' in listed
    assert '<meta name="robots" content="noindex, follow">' in listed


@pytest.mark.parametrize(
    "query", ["show=guides", "show=guides&q=zzz", "show=guides&page=999&need=ASD", "show=x"]
)
def test_guides_when_the_address_is_odd_then_a_page(client, offer, query):
    get(client, query)


# -- best bets ---------------------------------------------------------------------------------


def make_bet(site, phrases: str, **fields) -> BestBet:
    bet = BestBet(authority=site, phrases=phrases, **fields)
    bet.full_clean()
    bet.save()
    return bet


def test_best_bet_when_its_words_are_searched_in_any_order_then_it_stands_first(client, offer, site):
    page = GuidancePage.objects.get(slug="nights")
    make_bet(site, "bed time\nnight <waking>", page=page, words="Start with <this>.")
    html = get(client, "q=my+child+waking+at+night")
    assert html.index("Start here") < html.index("<h1>") + 3000
    assert guides(html)[0] == "/nights/"
    assert "Start with &lt;this&gt;." in html
    assert "Start here" not in get(client, "q=night+bed")


def test_best_bet_when_a_service_then_it_leads_there(client, offer, site):
    service = site.owned_services.get(name="Owl group") if hasattr(site, "owned_services") else None
    service = service or Service.objects.get(name="Owl group")
    make_bet(site, "tired", service=service)
    assert guides(get(client, "q=tired"))[0] == service.get_absolute_url()


def test_best_bet_when_its_page_is_withdrawn_then_it_is_not_shown(
    client, offer, site, django_capture_on_commit_callbacks
):
    page = GuidancePage.objects.get(slug="nights")
    make_bet(site, "bed", page=page)
    assert "Start here" in get(client, "q=bed")
    with django_capture_on_commit_callbacks(execute=True):
        page.unpublish()
    assert "Start here" not in get(client, "q=bed")


def test_best_bet_when_edited_or_put_out_of_use_then_the_next_search_obeys(client, offer, site):
    bet = make_bet(site, "bed", page=GuidancePage.objects.get(slug="nights"))
    assert "Start here" in get(client, "q=bed")
    bet.active = False
    bet.save()
    assert "Start here" not in get(client, "q=bed")


def test_best_bet_when_it_is_anothers_then_not_ours(client, offer, site):
    other = make_home("Elsewhere", hostname="elsewhere.example").get_site()
    make_bet(other, "bed", page=GuidancePage.objects.get(slug="nights"))
    assert "Start here" not in get(client, "q=bed")


@pytest.mark.parametrize(
    ("phrases", "both", "told"),
    [
        ("", False, "phrases"),
        ("…", False, "no words"),
        ("x" * 81, False, "too long"),
        ("\n".join(f"w{n}" for n in range(41)), False, "40 words"),
        ("bed", True, "one of the two"),
    ],
)
def test_best_bet_when_it_cannot_be_used_then_refused_with_the_reason(offer, site, phrases, both, told):
    service = Service.objects.first() if both else None
    with pytest.raises(ValidationError, match=told):
        make_bet(site, phrases, page=GuidancePage.objects.first(), service=service)


def test_best_bet_when_nothing_is_chosen_then_refused(offer, site):
    with pytest.raises(ValidationError, match="page or a service"):
        make_bet(site, "bed")


def test_best_bet_when_two_are_shown_for_its_words_already_then_refused_and_told_which(offer, site):
    page = GuidancePage.objects.get(slug="nights")
    service = Service.objects.order_by("pk")[0]
    make_bet(site, "bed time", page=page)
    make_bet(site, "for a time in bed", service=service)
    with pytest.raises(ValidationError, match="are shown already"):
        make_bet(site, "morning\ntime for bed", page=site.root_page)
    with pytest.raises(ValidationError, match="leads there already"):
        make_bet(site, "bed time", page=page)
    make_bet(make_home("Elsewhere", hostname="elsewhere.example").get_site(), "bed time", page=page)


def test_best_bet_when_what_it_leads_to_is_not_published_then_the_list_says_so(offer, site):
    page = GuidancePage.objects.get(slug="nights")
    bet = make_bet(site, "bed", page=page)
    assert bet.leads_to == page.title
    page.unpublish()
    bet.page.refresh_from_db()
    assert bet.leads_to == f"{page.title} (not published, so not shown)"


def test_admin_when_a_failed_search_leads_to_a_form_then_its_words_are_there(client, offer):
    client.force_login(make_user(is_superuser=True))
    for url, field in [("synonymgroup", "terms"), ("bestbet", "phrases")]:
        html = client.get(reverse(f"wagtailsnippets_search_{url}:add"), {field: "horse <b>"}).content.decode()
        assert "horse &lt;b&gt;</textarea>" in html
    assert client.get(reverse("wagtailsnippets_search_bestbet:list")).status_code == 200


# -- words put right ---------------------------------------------------------------------------


def meant(html: str) -> list[dict[str, list[str]]]:
    """The searches that "Did you mean" leads to."""
    (line,) = re.findall(r'<p class="meant">(.*?)</p>', html)
    return [parse_qs(urlsplit(unescape(url)).query) for url in re.findall(r'href="([^"]*)"', line)]


def test_did_you_mean_when_a_word_is_misspelt_then_links_with_it_put_right(client, offer):
    html = get(client, "q=help+with+Slepe%21&age=7")
    assert meant(html) == [{"q": ["help with sleep!"], "age": ["7"]}]
    assert heading(html).startswith("2 services for help with sleep!")


def test_did_you_mean_when_two_words_are_misspelt_then_one_link_with_both_put_right(client, offer):
    html = get(client, "q=slepe+clinix")
    assert meant(html) == [{"q": ["sleep clinic"]}]
    assert "We found nothing for “slepe” or “clinix”." in html


def test_did_you_mean_when_a_word_may_be_two_then_each_is_a_link_and_the_heading_is_as_typed(
    client, home, site
):
    make_service(site, name="Bath club")
    make_service(site, name="Bats club")
    index.rebuild()
    html = get(client, "q=bata")
    assert meant(html) == [{"q": ["bath"]}, {"q": ["bats"]}]
    assert heading(html) == "2 services for bata"
    assert "We looked for those instead." in html


def test_related_when_few_hold_the_words_then_close_ones_follow_apart_from_the_count(client, home, site):
    make_service(site, name="Swimming lessons", summary="Learn to swim in warm water.")
    make_service(site, name="Splash pool", summary="Water play and a pool for disabled children.")
    index.rebuild()
    html = get(client, "q=swimming")
    assert heading(html) == "1 service for swimming"
    found, close = html.split("Close to what you asked for")
    assert "Swimming lessons" in found
    assert "Splash pool" not in found
    assert "Splash pool" in close
    assert "Swimming lessons" not in close


def test_near_when_the_words_name_a_place_then_it_says_so_and_measures_from_there(client, home, site):
    SynonymGroup.objects.create(terms="BS9\nSea Mills")
    bs9 = make_location(site, name="Rose Hall", latitude=51.48, longitude=-2.64)
    make_service(site, name="Swimming lessons", locations=(bs9,))
    index.rebuild()
    html = get(client, "q=swimming+in+Sea+Mills")
    assert heading(html).startswith("1 service for swimming in Sea Mills")
    assert "We looked near BS9. Enter a postcode to look near another place." in html
    assert re.search(r"About [\d.]+ miles?, Rose Hall", html)
    assert 'sort=distance">Nearest' in html
    nearest = get(client, "q=swimming+in+Sea+Mills&sort=distance")
    assert re.search(r'aria-current="true">Nearest', nearest)
    assert "We looked near" not in get(client, "q=swimming+in+Sea+Mills&postcode=BS5")


def test_near_when_a_place_is_misspelt_then_it_is_meant_and_it_says_both(client, home, site):
    SynonymGroup.objects.create(terms="BS10\nSouthmead")
    make_service(site, name="Swimming lessons")
    index.rebuild()
    html = get(client, "q=swimming+southmed")
    assert heading(html) == "1 service for swimming southmead"
    assert "We found nothing for “southmed”." in html
    assert "We looked near BS10." in html
    assert "No service mentions" not in html


def test_did_you_mean_when_a_word_of_a_taught_phrase_is_misspelt_then_its_synonyms_are_found(
    client, home, site
):
    SynonymGroup.objects.create(terms="panic attacks\nanxiety")
    make_service(site, name="Anxiety support")
    make_service(site, name="Heart attacks")
    index.rebuild()
    html = get(client, "q=panic+atacks")
    assert "Anxiety support" in html
    assert meant(html) == [{"q": ["panic attacks"]}]


def test_missing_link_when_nothing_is_found_then_it_brings_the_words_along(client, offer):
    html = get(client, "q=horse+%3Cb%3Eriding")
    (url,) = {unescape(u) for u in re.findall(r'href="([^"]*topic=missing[^"]*)"', html)}
    assert parse_qs(urlsplit(url).query)["text"] == [
        "We looked for “horse <b>riding” and found nothing that helps."
    ]
    form = client.get(url).content.decode()
    assert "horse &lt;b&gt;riding" in form


@pytest.mark.parametrize(
    ("query", "most"),
    [
        ("q=sleep", 8),
        ("q=sleep+clinic&need=ASD&age=7&postcode=BS5&within=5", 8),
        ("q=slepe+zzzz+clinix", 8),  # looked for twice: as typed, and put right
        ("q=bed", 8),
    ],
)
def test_results_when_warm_then_at_most_eight_queries_and_one_more_for_words_put_right(
    client, offer, site, django_assert_max_num_queries, query, most
):
    make_bet(site, "bed", page=GuidancePage.objects.get(slug="nights"))
    get(client, query)
    with django_assert_max_num_queries(most):
        get(client, query)
