"""A scorecard shows the files' own figures, suppressed ones in words, and keeps to its readers."""

import re
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import reverse
from wagtail.models import PageViewRestriction
from wagtail.test.utils import WagtailPageTestCase
from wagtail.test.utils.form_data import nested_form_data, streamfield

from localoffer import scorecard, sharing
from localoffer.demo_account import load_account
from localoffer.founding import make_groups
from localoffer.models import ScorecardPage, Statistic, Visibility
from localoffer.regulations import Section
from localoffer.scorecard import NOT_AVAILABLE
from tests.factories import make_home, make_section, make_user
from tests.localoffer.test_statistics_files import SHIPPED


def indicator(key: str = "", **value):
    figures = [{"period": p, "value": v, "note": ""} for p, v in value.pop("figures", ())]
    return "indicator", {"indicator": key, "owner": "Head of SEND", "figures": figures, **value}


def make_scorecard(home=None, *, visibility=Visibility.PUBLIC, **fields) -> ScorecardPage:
    home = home or make_home()
    page = ScorecardPage(
        title="How we are doing", slug="doing", introduction="Figures.", visibility=visibility, **fields
    )
    home.add_child(instance=page)
    return page


@pytest.fixture
def statistics(db):
    call_command("load_indicators", str(SHIPPED))


@pytest.mark.django_db
@pytest.mark.usefixtures("statistics")
def test_scorecard_when_read_then_every_number_is_the_one_of_the_files(django_assert_num_queries):
    page = make_scorecard(
        own_area="801",
        region="E12000009",
        neighbours=[("area", "803")],
        indicators=[indicator("plans_20_weeks"), indicator("requests"), indicator("appeal_rate")],
    )
    page.council_name  # noqa: B018 the site is read once, before
    with django_assert_num_queries(1):
        [head] = scorecard.read(page)
    seen = 0
    for card, key in zip(head.cards, ("plans_20_weeks", "requests", "appeal_rate"), strict=True):
        codes = {"Bristol, City of": "801", "England": "E92000001", "South West": "E12000009",
                 "South Gloucestershire": "803"}  # fmt: skip
        for period, figures in card.table:
            for name, figure in zip(card.columns, figures, strict=True):
                held = Statistic.objects.filter(indicator=key, area=codes[name], period=period).first()
                if held is None or held.value is None:
                    assert figure == NOT_AVAILABLE
                else:
                    assert float(re.sub("[,%]", "", figure)) == pytest.approx(float(held.value))
                seen += 1
    assert seen > 60


@pytest.mark.django_db
@pytest.mark.usefixtures("statistics")
def test_scorecard_when_figures_are_our_own_then_they_stand_before_the_files_and_words_say_how_we_are():
    page = make_scorecard(
        own_area="801",
        indicators=[
            indicator("plans_20_weeks", figures=[("2023", 40), ("2024", 90)], target=95),
            indicator("appeal_rate", figures=[("2024", 9)]),
            indicator("plans_neet", figures=[("2024/25", None)]),
        ],
    )
    first, second, third = (card for head in scorecard.read(page) for card in head.cards)
    assert first.summary == (
        "Bristol, City of: 90.0% in 2024.",
        "Up, which is better, since 2023.",
        "England: 46.4%. We are better than England.",
        "Our target is 95.0%. We do not meet it yet.",
    )
    assert second.summary[1].startswith("Up, which is worse")
    assert third.table[0][1][0] == NOT_AVAILABLE


@pytest.mark.django_db
def test_scorecard_when_there_are_no_figures_then_says_so(client):
    page = make_scorecard(indicators=[indicator("plans_20_weeks", next_published=date(2020, 1, 1))])
    html = client.get(page.get_url()).content.decode()
    assert "We have no figure for Avonmere Council yet." in html
    assert "Due and not here yet" in html
    assert '<svg class="line-chart' not in html


@pytest.mark.django_db
def test_demonstration_when_loaded_twice_then_each_page_once_and_real_figures_beside_its_own(client):
    home = make_home()
    site = home.get_site()
    assert [load_account(site, settings.BASE_DIR / "demo") for _ in range(2)] == [3, 0]
    html = client.get("/how-we-are-doing/").content.decode()
    assert "invented" in html
    assert html.count('role="img"') >= 8
    assert "46.4%" in html


@pytest.mark.django_db
@pytest.mark.parametrize("visibility", [Visibility.COUNCILLORS, Visibility.STAFF])
def test_scorecard_when_not_public_then_no_reader_and_no_list_shows_it(client, visibility):
    home = make_home()
    make_section(Section.ADVICE, home=home)
    page = make_scorecard(home, visibility=visibility)
    assert client.get(page.get_url()).status_code == 302
    assert page not in ScorecardPage.objects.public()
    assert page.title not in client.get("/").content.decode()
    page.visibility = Visibility.PUBLIC
    page.save_revision().publish()
    assert client.get(page.get_url()).status_code == 200
    page.visibility = visibility
    page.save_revision()
    assert client.get(page.get_url()).status_code == 200  # a draft changes nobody's rights
    page.save_revision().publish()
    assert client.get(page.get_url()).status_code == 302
    assert PageViewRestriction.objects.count() == 1


@pytest.fixture
def shared(admin_user):
    page = make_scorecard(visibility=Visibility.COUNCILLORS)
    return page, *sharing.share(page=page, user=admin_user)


@pytest.mark.django_db
def test_link_when_whole_then_it_opens_and_is_neither_kept_nor_indexed(client, shared):
    page, address, until = shared
    response = client.get(address)
    assert response.status_code == 200
    assert page.title in response.content.decode()
    assert f"works until {until:%-d %B %Y}" in response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"
    assert not response.cookies


@pytest.mark.django_db
def test_link_when_tampered_with_late_ended_or_of_another_page_then_it_opens_nothing(
    client, shared, admin_user
):
    page, address, until = shared
    token = address.split("/")[-2]
    for wrong in (
        token[:-2] + ("aa" if token[-2:] != "aa" else "bb"),
        token[1:],
        "x",
        token.replace(":", "."),
    ):
        response = client.get(reverse("shared_page", args=[wrong]))
        assert response.status_code == 404
        assert page.introduction not in response.content.decode()
    old, _ = sharing.share(page=page, user=admin_user, on=until - timedelta(days=70))
    assert "worked until" in client.get(old).content.decode()
    page.visibility = Visibility.STAFF
    page.save_revision().publish()
    assert client.get(address).status_code == 404
    page.visibility = Visibility.COUNCILLORS
    page.save_revision().publish()
    assert client.get(address).status_code == 200
    sharing.end_links(page=page, user=admin_user)
    assert "The council has ended this link." in client.get(address).content.decode()


@pytest.mark.django_db
def test_links_when_made_in_the_admin_then_shown_once_and_only_to_who_may_publish(client, shared, admin_user):
    page = shared[0]
    make_groups()
    where = reverse("share_links", args=[page.pk])
    client.force_login(make_user("editor", groups=["Council editor"]))
    assert client.post(where).status_code in (302, 403)
    client.force_login(admin_user)
    link = re.search(r'value="http://[^"]*(/shared/[^"]+)"', client.post(where).content.decode())[1]
    assert link not in client.get(where).content.decode()
    client.logout()
    assert client.get(link).status_code == 200


class ScorecardPageTests(WagtailPageTestCase):
    def test_page_when_edited_previewed_and_read_then_it_works(self):
        self.login()
        page = make_scorecard(indicators=[indicator("plans_20_weeks", figures=[("2024", 10)])])
        data = nested_form_data(
            {
                "title": page.title,
                "slug": page.slug,
                "introduction": "x",
                "figures_note": "",
                "own_area": "",
                "region": "",
                "visibility": "public",
                "neighbours": streamfield([]),
                "indicators": streamfield([]),
                "comments-TOTAL_FORMS": 0,
                "comments-INITIAL_FORMS": 0,
            }
        )
        self.assertPageIsRoutable(page)
        self.assertPageIsRenderable(page)
        self.assertPageIsEditable(page, post_data=data)
        self.assertPageIsPreviewable(page, post_data=data)
