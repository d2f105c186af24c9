"""What staff see of plain language: beside the fields, after a save, and for the whole site."""

import csv
from io import BytesIO, StringIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.models import Page

from localoffer.content_checks import Check
from localoffer.models import (
    AccessibilityStatementPage,
    AToZPage,
    GuidancePage,
    LandingPage,
    StepByStepPage,
    TranslatedPage,
)
from localoffer.plain_language import review, reviews
from localoffer.reading_matter import matters
from localoffer.regulations import Section
from tests.factories import (
    answer_block,
    make_authority,
    make_home,
    make_page,
    make_section,
    make_term,
    make_user,
    not_published_block,
)

LONG = " ".join(["Word", *["word"] * 29]) + "."
REPORT = "/admin/plain-language/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def home():
    return make_home()


def guide(home, **fields):
    fields = {
        "title": "Guide",
        "slug": "guide",
        "body": "<p>We say it plainly here, in ten short words.</p>",
    } | fields
    return make_page(GuidancePage, home, **fields)


def test_matters_when_a_page_has_blocks_then_every_word_is_read(home):
    page = make_page(
        StepByStepPage,
        home,
        introduction="Intro words.",
        afterwards="<p>After words.</p>",
        steps=[
            (
                "step",
                {
                    "timing": "By week 6",
                    "title": "Title words",
                    "body": "<p>Body words.</p>",
                    "who_does_it": "Who words",
                    "what_you_can_do": "Do words & more",
                    "if_it_is_late": "Late words",
                },
            )
        ],
    )
    html = "".join(matter.html for matter in matters(page))
    for words in ("Intro", "After", "Title", "Body", "Who", "Do words &amp; more", "Late"):
        assert words in html


def test_matters_when_a_page_has_choices_and_addresses_then_they_are_no_words(home):
    page = make_page(
        LandingPage, home, questions=[("question", "adv.sources")], kinds_of_service=[("kind", "x")]
    )
    assert "adv.sources" not in "".join(matter.html for matter in matters(page))
    statement = make_page(AccessibilityStatementPage, home)
    assert "partial" not in "".join(matter.html for matter in matters(statement))


def test_section_when_reviewed_then_findings_name_their_answer(home):
    make_term("EHCP", home.get_site(), expansion="Education, health and care plan")
    answers = [
        answer_block("transport.arrangements", heading="How?", body=f"<p>The EHCP and the XYZ. {LONG}</p>"),
        answer_block(
            "transport.costs",
            heading="Costs",
            body="<p>Read it.</p>",
            documents=[{"title": "Policy", "url": "https://x.example/a.pdf", "period": "", "document": None}],
            if_you_disagree="Ask the QQQ team.",
        ),
        not_published_block("transport.policy_post16", note="The ZZZ is late."),
    ]
    page = make_section(Section.TRANSPORT, home=home, answers=answers)
    found = [(f.where, f.check, f.quote) for f in review(page).findings]
    assert ("How?", Check.ACRONYM, "XYZ") in found
    assert ("How?", Check.LONG_SENTENCE, LONG) in found
    assert ("How?", Check.NO_REVIEW_DATE, "") in found
    assert ("Costs", Check.ACRONYM, "QQQ") in found
    assert [where for where, kind, _ in found if kind is Check.DOCUMENT_ONLY] == ["Costs"]
    assert [quote for _, kind, quote in found if kind is Check.ACRONYM] == ["XYZ", "QQQ", "ZZZ"]


def test_panel_when_the_editor_opens_then_shows_what_was_found_and_never_blocks(admin_client, home):
    page = guide(home, body=f'<p><a href="/x">here</a> {LONG}</p>')
    html = admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert "3 things to look at. You can still publish." in html
    assert "A link that does not say where it goes" in html
    assert "A sentence of more than 25 words" in html
    assert "No date to look at it again" in html
    assert f'href="/admin/plain-language/{page.pk}/"' in html
    page.save_revision().publish()
    assert Page.objects.get(pk=page.pk).live


def test_panel_when_a_new_page_is_begun_then_asks_for_a_draft_first(admin_client, home):
    for model in (
        "guidancepage",
        "stepbysteppage",
        "landingpage",
        "transportpage",
        "accessibilitystatementpage",
    ):
        address = reverse("wagtailadmin_pages:add", args=["localoffer", model, home.pk])
        assert "Save a draft first." in admin_client.get(address).content.decode()


def test_panel_when_the_text_is_hostile_then_escaped(admin_client, home):
    page = guide(
        home, body='<p><a href="/x">&lt;script&gt;alert(1)&lt;/script&gt; XYZ</a></p>', introduction="<b>"
    )
    page.body = f"<p><a href='/x'>here</a> {'word ' * 26}&lt;script&gt;alert(1)&lt;/script&gt;</p>"
    page.save_revision()
    html = admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert "<script>alert(1)</script>" not in html


def test_check_when_a_draft_is_saved_then_it_reads_the_draft(admin_client, home):
    page = guide(home)
    page.body = f"<p>{LONG}</p>"
    page.save_revision()
    html = admin_client.get(f"{REPORT}{page.pk}/").content.decode()
    assert "The longest sentence has 30 words" in html
    assert "A sentence of more than 25 words" in html
    assert "A sentence of more than 25 words: 1" not in admin_client.get(REPORT).content.decode()


def test_header_of_the_editor_when_open_then_leads_to_the_check(admin_client, home):
    page = guide(home)
    html = admin_client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert "Check plain language" in html


def test_check_when_asked_by_others_or_for_nothing_then_refused(client, admin_client, home):
    page = guide(home)
    assert admin_client.get(f"{REPORT}999999/").status_code == 404
    assert admin_client.post(f"{REPORT}{page.pk}/").status_code == 405
    nobody = make_user("nobody")
    client.force_login(nobody)
    assert client.get(f"{REPORT}{page.pk}/").status_code == 302
    assert client.get(REPORT).status_code == 302


# -- the report -------------------------------------------------------------------------------


@pytest.fixture
def site(home):
    hard = "The administration's comprehensive documentation necessitates consideration. " * 3
    guide(home, title="Hard", slug="hard", body=f"<p>{hard}</p>")
    guide(
        home,
        title="Easy",
        slug="easy",
        body='<p>You can ask us. <a href="/x">Click here</a> to ring us now.</p>',
    )
    guide(home, title="Draft", slug="draft", live=False)
    make_page(AToZPage, home, title="Short", introduction="Few words.")
    return home.get_site()


def test_report_when_opened_then_the_hardest_page_is_first_and_drafts_are_not_there(admin_client, site):
    assert [one.page.title for one in reviews(site)] == ["Hard", "Easy", "Short"]
    html = admin_client.get(REPORT).content.decode().split("<caption>")[1]
    assert html.index("Hard") < html.index("Easy") < html.index("Short")
    assert "Draft" not in html
    assert "Complex" in html
    assert "Too short" in html


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({"rating": "Complex"}, ["Hard"]),
        ({"rating": "Good"}, ["Easy"]),
        ({"finding": "link_words"}, ["Easy"]),
        ({"rating": "Good", "finding": "acronym"}, []),
        ({"rating": "nonsense", "finding": "x"}, ["Hard", "Easy", "Short"]),
        ({"page": "99", "export": "exe"}, ["Hard", "Easy", "Short"]),
    ],
)
def test_report_when_filtered_then_only_those_pages(admin_client, site, query, titles):
    response = admin_client.get(REPORT, query)
    assert response.status_code == 200
    assert [one.page.title for one in response.context["reviews"]] == titles


def test_report_when_exported_then_a_row_a_page_that_no_spreadsheet_runs(admin_client, home):
    guide(home, title="=HYPERLINK(1)", slug="x", body=f"<p>{LONG} The XYZ.</p>")
    text = admin_client.get(REPORT, {"export": "csv"}).getvalue().decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(text)))
    assert [row["Page"] for row in rows] == ["'=HYPERLINK(1)"]
    assert rows[0]["Longest sentence (words)"] == "30"
    assert rows[0]["Letters that nobody explains"] == "1"
    assert "XYZ" in rows[0]["Findings"]
    assert rows[0]["Reads"] == "Good"
    book = load_workbook(BytesIO(admin_client.get(REPORT, {"export": "xlsx"}).getvalue()))
    assert book.active.max_row == 2


def test_report_when_a_page_is_in_another_language_then_not_measured(home):
    page = guide(home)
    make_page_below = TranslatedPage(title="Po polsku", slug="pl", language="pl", body="<p>Słowa.</p>")
    page.add_child(instance=make_page_below)
    assert [one.page.title for one in reviews(home.get_site())] == ["Guide"]


def test_report_when_there_are_two_authorities_then_each_has_its_own(home, site):
    other = make_home("Heather Council", "heather.test")
    make_term("XYZ", other.get_site())
    guide(other, title="Theirs", body="<p>The XYZ is here for you and for your child as well.</p>")
    assert [one.page.title for one in reviews(other.get_site())] == ["Theirs"]
    assert not reviews(other.get_site())[0].counts[Check.ACRONYM]
    assert "Theirs" not in [one.page.title for one in reviews(make_authority())]


def test_report_when_pages_grow_then_queries_do_not(site, home, django_assert_max_num_queries):
    make_section(Section.ADVICE, home=home, slug="advice")
    reviews(site)
    for number in range(20):
        guide(home, title=f"More {number}", slug=f"more-{number}")
    reviews(site)
    with django_assert_max_num_queries(8):
        reviews(site)
