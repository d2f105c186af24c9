"""Scorecard, self-evaluation, duties, a committee's report, ended links and the evidence pack, with axe."""

import io
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.utils import timezone
from playwright.sync_api import expect

from localoffer import evidence_pack, sharing
from localoffer.demo_account import load_account
from localoffer.models import (
    CommitteeReportPage,
    ResponsibilityPage,
    ScorecardPage,
    SelfEvaluationPage,
    Visibility,
)
from localoffer.regulations import Section
from tests.browser.looking import axe, sideways
from tests.factories import answer_block, make_home, make_section

TODAY = timezone.localdate()
TYPES = (ScorecardPage, SelfEvaluationPage, ResponsibilityPage, CommitteeReportPage)


@pytest.fixture
def site(live_server):
    """The demonstration's account of itself, its report to a committee shown to everybody."""
    home = make_home(phone="0117 496 0100")
    make_section(Section.ADVICE, home=home, slug="advice", answers=[answer_block("adv.sources")])
    site = home.get_site()
    load_account(site, settings.BASE_DIR / "demo")
    report = CommitteeReportPage.objects.get()
    report.visibility = Visibility.PUBLIC
    report.save_revision().publish()
    return site


@pytest.fixture
def shared(site) -> tuple[str, str]:
    """A link for councillors to the scorecard, and the same link after somebody changed a letter."""
    user = get_user_model().objects.create_superuser("sharer", "sharer@example.org", "x")
    card = ScorecardPage.objects.get()
    card.visibility = Visibility.COUNCILLORS
    card.save_revision().publish()
    link, _ = sharing.share(page=ScorecardPage.objects.get(), user=user)
    return link, f"{link.rstrip('/')[:-1]}/"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_account_pages_when_looked_at_with_axe_then_nothing_is_wrong(new_page, site, width, dark):
    page = new_page(width=width, dark=dark)
    for kind in TYPES:
        path = kind.objects.get().get_url()
        assert page.goto(path).status == 200, path
        assert axe(page) == [], path
        assert sideways(page) == 0, path
        assert page.context.cookies() == [], path
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map(found => found.id)")
        assert len(ids) == len(set(ids)), path


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_shared_link_when_whole_then_the_page_and_when_tampered_then_words_and_axe_finds_nothing(
    new_page, shared, width, dark
):
    page = new_page(width=width, dark=dark)
    for path, status in zip(shared, (200, 404), strict=True):
        assert page.goto(path).status == status
        assert axe(page) == [], path
        assert sideways(page) == 0, path
    expect(page.get_by_role("heading", level=1)).to_have_text("This link has ended")


def test_chart_when_narrow_then_every_label_is_inside_its_picture(new_page, site):
    page = new_page(width=320)
    page.goto(ScorecardPage.objects.get().get_url())
    cut = page.evaluate(
        """() => [...document.querySelectorAll('.line-chart__label')].filter(label => {
          const box = label.getBBox(), view = label.ownerSVGElement.viewBox.baseVal;
          return box.x < 0 || box.x + box.width > view.width;
        }).map(label => label.textContent)"""
    )
    assert page.locator(".line-chart__label").count() > 0
    assert cut == []


def test_figures_when_read_on_a_wide_screen_or_on_paper_then_no_column_is_cut_off(new_page, site):
    page = new_page(width=1280)
    page.goto(ScorecardPage.objects.get().get_url())
    assert page.locator(".table-scroll").count() > 5
    cut = """() => [...document.querySelectorAll('.table-scroll')]
      .filter(box => box.scrollWidth > box.clientWidth).map(box => box.getAttribute('aria-label'))"""
    assert page.evaluate(cut) == []
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 718, "height": 1000})  # A4 between its margins
    assert page.evaluate(cut) == []


def test_footer_when_account_pages_are_live_then_they_stand_under_holding_us_to_account(page, site):
    page.goto("/")
    column = page.locator(".site-footer__cols > *").filter(
        has=page.get_by_role("heading", name="Holding us to account")
    )
    expect(column).to_have_count(1)
    for kind in TYPES:
        title = kind.objects.get().title
        expect(page.locator(".site-footer").get_by_role("link", name=title, exact=True)).to_have_count(1)
        expect(column.get_by_role("link", name=title, exact=True)).to_have_count(1)


def test_pack_when_opened_from_disk_then_axe_finds_nothing_and_nothing_is_fetched(
    new_page, site, tmp_path: Path
):
    whole = b"".join(evidence_pack.stream(site, TODAY - timedelta(days=365), TODAY))
    with zipfile.ZipFile(io.BytesIO(whole)) as pack:
        pack.extractall(tmp_path)
    [contents] = tmp_path.glob("*/index.html")
    page = new_page(width=320)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for file in sorted(contents.parent.glob("*.html")):
        page.goto(file.as_uri())
        assert axe(page) == [], file.name
        assert sideways(page) == 0, file.name
    assert [url for url in asked if not url.startswith("file:")] == []
    page.goto(contents.as_uri())
    page.get_by_role("link", name="Scorecard", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Scorecard")
    page.get_by_role("link", name="Contents of this pack").click()
    expect(page).to_have_url(contents.as_uri())
