"""Steps, news, glossary, A to Z, tasks: each page type, and the ways to it from the front door."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone
from wagtail import hooks
from wagtail.models import PageViewRestriction
from wagtail.test.utils import WagtailPageTestCase
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from localoffer.models import (
    AccessibilityStatementPage,
    AlternativeFormatsPage,
    AToZPage,
    EasyReadPage,
    GlossaryPage,
    GuidancePage,
    HomePage,
    LandingPage,
    NewsIndexPage,
    NewsPage,
    StepByStepPage,
    TranslatedPage,
)
from localoffer.models.pages import TWINS
from localoffer.regulations import Section
from tests.factories import (
    answer_block,
    make_authority,
    make_home,
    make_news,
    make_page,
    make_section,
    not_published_block,
)

UNDER_HOME = [
    StepByStepPage,
    NewsIndexPage,
    GlossaryPage,
    AToZPage,
    LandingPage,
    AlternativeFormatsPage,
    AccessibilityStatementPage,
]
# One under a home page is enough.
ONLY_ONE = [NewsIndexPage, GlossaryPage, AToZPage, AlternativeFormatsPage, AccessibilityStatementPage]
RICH = {"editor": "default", "features": ["bold"]}


def posted(page):
    """What the editor's form of a page sends."""
    fields = {
        StepByStepPage: {
            "introduction": "How.",
            "steps": streamfield(
                [
                    (
                        "step",
                        {
                            "timing": "Now",
                            "title": "Ask",
                            "body": rich_text("<p>Ask.</p>"),
                            "who_does_it": "",
                        },
                    )
                ]
            ),
            "afterwards": rich_text("<p>Done.</p>"),
        },
        NewsIndexPage: {"introduction": ""},
        NewsPage: {"date": "2026-11-02", "summary": "New.", "body": rich_text("<p>New.</p>")},
        GlossaryPage: {"introduction": ""},
        AToZPage: {"introduction": ""},
        LandingPage: {
            "introduction": "Start.",
            "first_things": streamfield([("thing", {"title": "Ask", "words": rich_text("<p>Now.</p>")})]),
            "questions": streamfield([("question", "adv.sources")]),
            "kinds_of_service": streamfield([]),
            "people": streamfield(
                [("person", {"name": "Us", "words": "", "phone": "", "email": "", "url": ""})]
            ),
        },
        AlternativeFormatsPage: {"introduction": "Ask.", "body": rich_text("<p>Ring.</p>"), "reply_days": 5},
        AccessibilityStatementPage: {
            "scope": "This site.",
            "introduction": rich_text("<p>You can.</p>"),
            "compliance": "partial",
            "not_accessible": rich_text("<p>A map.</p>"),
            "disproportionate_burden": rich_text(""),
            "outside_the_law": rich_text(""),
            "alternatives": rich_text("<p>Paper.</p>"),
            "contact_email": "x@example.org",
            "contact_phone": "",
            "response_days": 5,
            "prepared_on": "2026-01-01",
            "last_reviewed_on": "2026-01-01",
            "last_tested_on": "2026-01-01",
            "tested_by": "Us",
            "method": rich_text("<p>axe.</p>"),
            "not_yet_checked": rich_text(""),
        },
    }[type(page)]
    extra = {"title": page.title, "slug": page.slug, "comments-TOTAL_FORMS": 0, "comments-INITIAL_FORMS": 0}
    return nested_form_data({**fields, **extra})


class PageTypeTests(WagtailPageTestCase):
    """Wagtail's own assertions, for every page type."""

    @classmethod
    def setUpTestData(cls):
        cls.home = make_home()
        make_section(Section.ADVICE, home=cls.home, slug="advice")
        cls.pages = [make_page(model, cls.home, title=model.__name__) for model in UNDER_HOME]
        cls.pages.append(make_news(cls.home, title="A piece of news"))
        for page in cls.pages:
            page.refresh_from_db()  # the list has a child by now

    def test_each_page_when_asked_then_routable_renderable_editable_previewable(self):
        for page in self.pages:
            with self.subTest(type(page).__name__):
                self.assertPageIsRoutable(page)
                self.assertPageIsRenderable(page)
                self.assertPageIsEditable(page, post_data=posted(page))
                self.assertPageIsPreviewable(page, post_data=posted(page))

    def test_each_page_when_read_then_its_title_is_the_heading(self):
        for page in self.pages:
            with self.subTest(type(page).__name__):
                html = self.client.get(page.url).content.decode()
                self.assertInHTML(f"<h1>{page.title}</h1>", html)

    def test_page_tree_when_asked_then_each_hangs_where_it_belongs(self):
        for model in UNDER_HOME:
            self.assertAllowedParentPageTypes(model, {HomePage})
        self.assertAllowedParentPageTypes(NewsPage, {NewsIndexPage})
        self.assertAllowedSubpageTypes(NewsIndexPage, {NewsPage})
        self.assertAllowedSubpageTypes(GlossaryPage, set())
        self.assertAllowedSubpageTypes(AToZPage, set())

    def test_page_types_when_words_are_told_another_way_then_twins_may_hang_below(self):
        for model in (StepByStepPage, NewsPage, LandingPage):
            names = {f"localoffer.{m.__name__}" for m in model.allowed_subpage_models()}
            assert set(TWINS) <= names, model

    def test_second_page_when_one_is_enough_then_not_offered(self):
        for model in ONLY_ONE:
            assert not model.can_create_at(self.home), model
        assert StepByStepPage.can_create_at(self.home)
        assert LandingPage.can_create_at(self.home)


@pytest.mark.django_db
def test_steps_when_read_then_in_order_with_time_and_what_to_do_if_late(client):
    page = make_page(StepByStepPage, title="A plan")
    html = client.get(page.url).content.decode()
    assert html.index('id="step-1"') < html.index("By week 6</p>") < html.index('id="step-2"')
    assert '<a href="#step-2"><span>By week 20: You get the plan</span></a>' in html
    assert "<dt>If it is late</dt><dd>Ring us.</dd>" in html
    assert html.count("<dt>If it is late</dt>") == 1


@pytest.mark.django_db
def test_steps_when_an_editor_typed_markup_then_shown_as_words(client):
    block = ("step", {"timing": "<b>1</b>", "title": "<script>x</script>", "body": "", "who_does_it": "<i>"})
    html = client.get(make_page(StepByStepPage, steps=[block]).url).content.decode()
    assert "<script>x" not in html
    assert "&lt;b&gt;1&lt;/b&gt;" in html
    assert "<dd>&lt;i&gt;</dd>" in html


# -- news -------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_news_when_listed_then_latest_first_and_drafts_and_private_ones_left_out(client):
    home = make_home()
    make_news(home, title="Old", date=date(2026, 1, 1))
    make_news(home, title="New", date=date(2026, 6, 1))
    make_news(home, title="Draft", date=date(2026, 7, 1), live=False)
    private = make_news(home, title="Private", date=date(2026, 7, 2))
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    html = client.get("/news/").content.decode()
    assert re.findall(r'class="card__title"><a href="[^"]+">(\w+)</a>', html) == ["New", "Old"]
    assert '<time datetime="2026-06-01">1 June 2026</time>' in html
    front = client.get(home.url).content.decode()
    assert "<b>New</b>" in front
    assert "Draft" not in front
    assert "Private" not in front


@pytest.mark.django_db
@pytest.mark.parametrize("asked", ["99999", "x", "-1", "0", "%00", "1e9", "²"])
def test_news_when_the_page_asked_for_is_nonsense_then_a_page_all_the_same(client, asked):
    for number in range(11):
        make_news(title=f"Piece {number}")
    response = client.get(f"/news/?page={asked}")
    assert response.status_code == 200
    assert "Piece" in response.content.decode()


@pytest.mark.django_db
def test_news_when_there_is_much_then_ten_a_page_and_queries_stay(client, django_assert_max_num_queries):
    for number in range(25):
        make_news(title=f"Piece {number}", date=date(2026, 1, 1) + timedelta(days=number))
    html = client.get("/news/?page=3").content.decode()
    assert re.findall(r">(Piece \d+)</a>", html) == [f"Piece {n}" for n in (4, 3, 2, 1, 0)]
    assert "(page 3 of 3)" in html
    client.get("/news/")
    with django_assert_max_num_queries(16):
        client.get("/news/")


@pytest.mark.django_db
def test_news_when_there_is_none_then_says_so_and_the_front_page_is_silent(client):
    make_page(NewsIndexPage)
    assert "There is no news yet." in client.get("/news/").content.decode()
    assert ">News</h2>" not in client.get("/").content.decode()


# -- A to Z -----------------------------------------------------------------------------------


@pytest.fixture
def offer():
    home = make_home()
    blocks = [answer_block("adv.sources", heading="Who can help?")]
    make_section(Section.ADVICE, home=home, slug="advice", title="Advice", answers=blocks)
    return home


@pytest.mark.django_db
def test_a_to_z_when_read_then_pages_and_questions_under_their_letters(client, offer):
    make_page(AToZPage, offer)
    make_page(GuidancePage, offer, title="The privacy page", slug="privacy")
    make_page(GuidancePage, offer, title="Hidden draft", slug="hidden", live=False)
    private = make_page(GuidancePage, offer, title="Kept private", slug="kept")
    PageViewRestriction.objects.create(page=private, restriction_type="login")
    html = client.get("/a-z/").content.decode()
    letters = re.split(r'<h2 id="letter-', html)
    found = {
        part[0]: re.findall(r'<a href="([^"]+)">([^<]+)</a>', part.split("</section>")[0])
        for part in letters[1:]
    }
    assert found == {
        "a": [("/advice/", "Advice")],
        "p": [("/privacy/", "The privacy page")],
        "w": [("/advice/#adv-sources", "Who can help?")],
    }


@pytest.mark.django_db
def test_a_to_z_when_an_app_adds_entries_then_they_are_listed_once(client, offer):
    make_page(AToZPage, offer)

    def services(site):
        assert site == offer.get_site()
        return [("Zebra <club>", "/services/1/zebra/"), ("Zebra <club>", "/services/1/zebra/"), ("", "/x/")]

    with hooks.register_temporarily("localoffer_a_to_z_entries", services):
        html = client.get("/a-z/").content.decode()
    assert html.count("Zebra &lt;club&gt;") == 1
    assert 'href="/x/"' not in html


@pytest.mark.django_db
def test_a_to_z_when_there_are_two_authorities_then_each_lists_its_own(client, offer):
    make_page(AToZPage, offer)
    other = make_home("Heather Council", "heather.test")
    make_page(GuidancePage, other, title="Only in Heather", slug="only")
    assert "Only in Heather" not in client.get("/a-z/").content.decode()


@pytest.mark.django_db
def test_a_to_z_when_pages_grow_then_queries_do_not(client, offer, django_assert_max_num_queries):
    make_page(AToZPage, offer)
    client.get("/a-z/")
    for number in range(30):
        make_page(GuidancePage, offer, title=f"Guide {number}")
    client.get("/a-z/")
    with django_assert_max_num_queries(14):
        client.get("/a-z/")


# -- tasks ------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_task_page_when_read_then_links_to_live_answers_with_their_state(client, offer):
    transport = [answer_block("transport.arrangements"), not_published_block("transport.policy_post16")]
    make_section(Section.TRANSPORT, home=offer, slug="transport", answers=transport)
    chosen = ["adv.sources", "transport.policy_post16", "edu.mainstream", "adv.sources", "gone.away"]
    page = make_page(
        LandingPage,
        offer,
        questions=[("question", key) for key in chosen],
        kinds_of_service=[("kind", "short_breaks"), ("kind", "childcare")],
        people=[("person", {"name": "Us", "words": "", "phone": "0117 496 0100", "email": "", "url": ""})],
    )
    html = client.get(page.url).content.decode()
    assert html.count('<a href="/advice/#adv-sources">') == 1
    assert "Not published yet" in html
    assert "/education/" not in html
    assert 'href="/services/?category=short_breaks&amp;category=childcare"' in html
    assert 'href="tel:+441174960100"' in html


@pytest.mark.django_db
def test_task_page_when_it_links_to_much_then_queries_are_few(client, offer, django_assert_max_num_queries):
    page = make_page(LandingPage, offer, questions=[("question", "adv.sources")])
    client.get(page.url)
    with django_assert_max_num_queries(16):
        client.get(page.url)


# -- the front door ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_front_page_when_nothing_is_there_then_no_empty_band(client):
    make_home()
    html = client.get("/").content.decode()
    assert "Other ways to use this site" not in html
    assert "Or start with a worry" not in html


@pytest.mark.django_db
def test_front_page_when_pages_exist_then_leads_to_each(client, offer):
    make_page(LandingPage, offer, title="I am worried", slug="worried")
    make_page(GlossaryPage, offer)
    make_page(AlternativeFormatsPage, offer, title="On paper")
    make_page(AToZPage, offer, live=False)
    html = client.get("/").content.decode()
    assert '<a href="/worried/">I am worried' in html
    ways = html.split("Other ways to use this site")[1].split("</section>")[0]
    assert re.findall(r'href="([^"]+)"', ways) == ["/other-formats/", "/glossary/"]
    footer = html.split("<footer")[1]
    assert "/worried/" not in footer
    assert "/glossary/" in footer


@pytest.mark.django_db
def test_front_page_when_news_and_tasks_grow_then_queries_do_not(client, offer, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost():
        client.get("/")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            client.get("/")
        return len(captured)

    make_page(LandingPage, offer)
    make_news(offer)
    before = cost()
    for number in range(6):
        make_page(LandingPage, offer, title=f"Worry {number}")
        make_news(offer, title=f"Piece {number}")
    assert cost() == before


@pytest.mark.django_db
def test_front_page_when_news_or_a_task_comes_or_goes_then_it_shows_at_once(client, offer):
    first = make_news(offer, title="The first piece")
    task = make_page(LandingPage, offer, title="A worry")
    html = client.get("/").content.decode()
    assert "The first piece" in html
    assert "A worry" in html
    first.title = "The first piece, mended"
    first.save_revision().publish()
    task.unpublish()
    make_news(offer, title="The second piece")
    html = client.get("/").content.decode()
    assert "The first piece, mended" in html
    assert "The second piece" in html
    assert "A worry" not in html


# -- the accessibility statement ----------------------------------------------------------------


@pytest.mark.django_db
def test_statement_when_read_then_says_all_that_the_model_statement_asks(client):
    make_page(
        AccessibilityStatementPage,
        make_home("Avonmere Council"),
        disproportionate_burden="<p>Too much.</p>",
        outside_the_law="<p>Old maps.</p>",
        not_yet_checked="<p>Voice control.</p>",
        contact_phone="0117 496 0100",
    )
    html = client.get("/accessibility/").content.decode()
    for words in (
        "This site.",
        "Avonmere Council is committed to making its website accessible",
        "Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018",
        "partially compliant</b> with the Web Content Accessibility Guidelines version 2.2 AA standard",
        "A map (1.1.1).",
        "Too much.",
        "Old maps.",
        "Ask for paper.",
        "mailto:help@example.org",
        "We will answer within 5 working days.",
        "Equality and Human Rights Commission (EHRC) is responsible for enforcing",
        "Equality Advisory and Support Service (EASS)",
        "5 January 2026",
        "5 February 2026",
        "5 March 2026, by The digital team",
        "With axe.",
        "Voice control.",
    ):
        assert words in html, words


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reviewed", "tested", "old"), [(366, 0, True), (0, 366, True), (365, 365, False), (0, 0, False)]
)
def test_statement_when_a_year_has_passed_then_families_and_staff_are_told(
    client, admin_client, reviewed, tested, old
):
    today = timezone.localdate()
    page = make_page(
        AccessibilityStatementPage,
        last_reviewed_on=today - timedelta(days=reviewed),
        last_tested_on=today - timedelta(days=tested),
    )
    assert ("more than a year old" in client.get("/accessibility/").content.decode()) is old
    editor = admin_client.get(f"/admin/pages/{page.pk}/edit/").content.decode()
    assert ("This statement is more than a year old" in editor) is old
    dashboard = admin_client.get("/admin/").content.decode()
    assert ("Waiting for you" in dashboard) is old


@pytest.mark.django_db
def test_statement_when_a_day_has_not_come_then_refused():
    page = make_page(AccessibilityStatementPage)
    page.last_tested_on = timezone.localdate() + timedelta(days=1)
    with pytest.raises(ValidationError, match="not come yet"):
        page.full_clean()


class StatementEditorTests(WagtailPageTestCase):
    """What an editor may publish."""

    @classmethod
    def setUpTestData(cls):
        cls.page = make_page(AccessibilityStatementPage, make_home())

    def setUp(self):
        self.login()

    def publish(self, **fields):
        data = posted(self.page) | fields | {"action-publish": "1"}
        response = self.client.post(f"/admin/pages/{self.page.pk}/edit/", data)
        self.page.refresh_from_db()
        return response

    def test_publishing_when_not_compliant_and_no_reason_then_refused(self):
        response = self.publish(not_accessible=rich_text(""))
        self.assertContains(response, "Say what does not meet the standard, and why.")
        assert self.page.scope == "This site."

    def test_publishing_when_fully_compliant_then_no_reason_is_needed(self):
        self.publish(not_accessible=rich_text(""), compliance="full", scope="All of it.")
        assert self.page.scope == "All of it."

    def test_draft_when_not_compliant_and_no_reason_then_kept(self):
        data = posted(self.page) | {"not_accessible": rich_text("")}
        self.client.post(f"/admin/pages/{self.page.pk}/edit/", data)
        assert AccessibilityStatementPage.objects.get().has_unpublished_changes


@pytest.mark.django_db
def test_pages_when_there_is_another_authority_then_a_path_is_its_own(client):
    make_page(GlossaryPage, make_home())
    make_authority("Heather Council", "heather.test")
    assert client.get("/glossary/", headers={"host": "heather.test"}).status_code in (400, 404)


@pytest.mark.django_db
def test_front_page_when_a_page_is_told_another_way_then_leads_there_in_its_language(client, offer):
    advice = offer.get_children().get(slug="advice").specific
    advice.add_child(instance=TranslatedPage(title="Porady", slug="pl", language="pl", body="<p>Słowa.</p>"))
    advice.add_child(instance=EasyReadPage(title="Advice, easy", slug="easy", live=False))
    ways = client.get("/").content.decode().split("Other ways to use this site")[1].split("</section>")[0]
    assert re.findall(r'href="([^"]+)" hreflang="pl"><span lang="pl" dir="ltr">([^<]+)<', ways) == [
        ("/advice/pl/", "Polski: Porady")
    ]
    assert "Advice, easy" not in ways
