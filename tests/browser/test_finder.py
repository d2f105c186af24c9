"""Finding help with the keyboard alone, with JavaScript and without: search, filter, distance, nothing
found, the list, the guided finder."""

import re

import pytest
from playwright.sync_api import Page, expect

from localoffer.models import GuidancePage
from search.index import rebuild
from search.models import BestBet
from services.enums import CostKind
from services.models import CostOption
from tests.browser.looking import axe, sideways
from tests.factories import make_location, make_need, make_offer, make_page, make_service
from tests.search.test_guided import AGE, PLACE, choice, make_finder, option, outcome

MOST_TABS = 150


@pytest.fixture(autouse=True)
def _offer(live_server):
    site = make_offer(phone="0117 496 0100", email="ask@example.org", area_name="Avonmere")
    home = site.root_page.specific
    make_need("ASD", label="Autism")
    near = make_location(site, name="Tannery Library")
    far = make_location(site, name="Far Hall", postcode="M1 1AE", latitude=53.478, longitude=-2.231)
    club = make_service(site, name="Glow Room", summary="Autism play.", needs=("ASD",), locations=(near,))
    CostOption.objects.create(service=club, kind=CostKind.FREE)
    make_service(site, name="Autism youth group", needs=("ASD",), min_age=14, locations=(near,))
    make_service(site, name="Autism hub far away", needs=("ASD",), locations=(far,))
    make_service(site, name="Autism helpline", needs=("ASD",))
    guide = make_page(GuidancePage, home, title="Autism, step by step", slug="autism", body="<p>Ask.</p>")
    BestBet.objects.create(authority=site, phrases="asperger", page=guide)
    make_finder(
        home,
        [AGE, choice("worry", option("autism", "Autism", outcome="a"), option("other", "Other")), PLACE],
        [
            outcome("a", words="autism", next_steps=["<p>Talk to the school.</p>"], rights=["adv.sources"]),
            outcome("other"),
        ],
    ).save_revision().publish()
    rebuild()


@pytest.fixture(params=[True, False], ids=["with-script", "without-script"])
def script(request) -> bool:
    return request.param


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the first thing that matches has the focus, as somebody without a mouse would."""
    wanted = page.locator(selector).first
    expect(wanted).to_be_attached()
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            return
    raise AssertionError(f"No way to {selector} with Tab on {page.url}")


def link(words: str) -> str:
    return f'a:has-text("{words}")'


def press(page: Page, selector: str, key: str = "Enter") -> None:
    tab_to(page, selector)
    page.keyboard.press(key)


def write(page: Page, selector: str, text: str) -> None:
    tab_to(page, selector)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(words)


def search(page: Page, words: str) -> None:
    page.goto("/services/")
    write(page, "#q", words)
    page.keyboard.press("Enter")


def test_keyboard_when_searching_filtering_and_measuring_then_each_step_counts(new_page, script):
    page = new_page(script=script)
    search(page, "autism")
    heading(page, "4 services for autism")
    write(page, "#age", "7")
    write(page, "#postcode", "BS5")
    page.keyboard.press("Enter")
    heading(page, "3 services for autism, age 7, near BS5")

    tab_to(page, "#within")
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    if not script:
        press(page, "button:has-text('Show results')")
    heading(page, "2 services for autism, age 7, within 5 miles of BS5")
    expect(page).to_have_title(re.compile("2 services for autism, age 7, within 5 miles of BS5"))
    assert "within=5" in page.url
    expect(page.get_by_text("Services with no fixed place are always shown")).to_be_visible()

    page.keyboard.press("Tab")  # with the script the focus has stayed in the form
    press(page, ".facet:has([name=cost]) summary")
    press(page, "#cost-free", "Space")
    if not script:
        press(page, "button:has-text('Show results')")
    heading(page, "1 service for autism, age 7, within 5 miles of BS5")
    press(page, link("Cost: free"))
    heading(page, "2 services")


def test_keyboard_when_nothing_is_found_then_the_reason_and_a_way_back(new_page, script):
    page = new_page(script=script)
    page.goto("/services/?q=youth+group&age=3&need=ASD")
    heading(page, "No services for youth group, age 3")
    expect(page.get_by_role("link", name="Tell us what is missing")).to_be_visible()
    press(page, link("Remove “age 3”"))
    heading(page, "1 service for youth group")
    page.go_back()
    press(page, "a.button" + ":has-text('Tell us what is missing')")
    expect(page).to_have_url(re.compile("topic=missing.*youth"))


def test_keyboard_when_saving_then_a_list_that_can_be_kept_and_shared(new_page, script):
    page = new_page(script=script)
    search(page, "helpline")
    press(page, "a[data-save]")
    if script:
        expect(page.locator("a[data-save]").first).to_have_attribute("aria-pressed", "true")
        search(page, "glow")
        press(page, "a[data-save]", "Space")
        press(page, "[data-saved-link]")
    else:
        heading(page, "Your list: 1 service")
        press(page, link("Find more services to add"))
        write(page, "#q", "glow")
        page.keyboard.press("Enter")
        heading(page, "1 service for glow")
        press(page, "a[data-save]")
    heading(page, "Your list: 2 services")
    expect(page.get_by_role("link", name="Glow Room").first).to_be_visible()
    address = page.get_by_label("Address of this list").input_value()
    friend = new_page(script=script)
    friend.goto(address)
    heading(friend, "Your list: 2 services")
    mail = page.get_by_role("link", name="Send it by email").get_attribute("href")
    assert mail.startswith("mailto:?subject=")
    press(page, "a[data-unsave]")
    heading(page, "Your list: 1 service")
    if script:
        page.goto("/services/saved/")
        heading(page, "Your list: 1 service")
    assert page.context.cookies() == []


def test_keyboard_when_guided_then_one_question_a_page_and_services_at_the_end(new_page, script):
    page = new_page(script=script)
    page.goto("/")
    press(page, link("Help me find something"))
    heading(page, "How old?")
    write(page, "#age", "7")
    page.keyboard.press("Enter")
    heading(page, "Which worry?")
    press(page, "button:has-text('Continue')")
    expect(page).to_have_title(re.compile("^Error: Which worry"))
    press(page, "#worry-autism", "Space")
    page.keyboard.press("Enter")
    heading(page, "Where?")
    press(page, link("Back"))
    heading(page, "Which worry?")
    expect(page.get_by_label("Autism")).to_be_checked()
    press(page, "button:has-text('Continue')")
    write(page, "#postcode", "BS5")
    page.keyboard.press("Enter")
    heading(page, "Outcome a")
    expect(page.get_by_text("Talk to the school.")).to_be_visible()
    press(page, link("See 2 services"))
    heading(page, "2 services for autism, age 7, within 5 miles of BS5")
    assert page.context.cookies() == []


def test_suggestions_when_typing_then_arrows_choose_and_escape_leaves(new_page):
    page = new_page()
    page.goto("/services/")
    tab_to(page, "#q")
    page.keyboard.type("glo")
    expect(page.get_by_role("option", name="Glow Room Service")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowUp")
    chosen = page.locator("[aria-selected=true]")
    expect(chosen).to_contain_text("Glow Room")
    assert page.locator("#q").get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    assert axe(page) == []
    page.keyboard.press("Enter")
    heading(page, "Glow Room")


def test_suggestions_when_there_is_no_script_then_a_button_leads_to_links(new_page):
    page = new_page(script=False)
    page.goto("/services/")
    write(page, "#q", "glo")
    press(page, "button:has-text('Help me with the words')")
    heading(page, "Words that begin with “glo”")
    press(page, link("Glow Room"))
    heading(page, "Glow Room")


def test_filters_when_they_act_at_once_then_focus_stays_it_is_told_and_back_undoes_it(new_page):
    page = new_page()
    page.goto("/services/?q=autism")
    box = page.locator("#need-ASD")
    box.focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("link", name="Remove filter: What your child finds hard: autism")).to_be_visible()
    expect(page.get_by_role("status").last).to_have_text(re.compile("services for autism"))
    expect(page.locator("#need-ASD")).to_be_focused()
    assert "need=ASD" in page.url
    page.go_back()
    expect(page.locator("#need-ASD")).not_to_be_checked()
    assert "need=ASD" not in page.url


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize(
    "address",
    [
        "/services/?q=autism",
        "/services/?q=asperger",
        "/services/?q=play",
        "/services/?q=autism&show=guides",
        "/services/?q=autisim&age=99&need=x",
        "/services/?q=zebra&age=3&cost=free",
        "/services/suggest/?q=aut",
        "/services/saved/",
        "/find-help/",
        "/find-help/?age=7&asked=worry",
        "/find-help/?age=7&worry=autism&postcode=BS5",
    ],
)
def test_pages_when_looked_at_then_nothing_for_axe_and_nothing_off_the_side(new_page, width, address):
    page = new_page(width=width)
    page.goto(address)
    assert axe(page) == []
    assert sideways(page) == 0


@pytest.mark.parametrize("width", [1280, 320])
def test_related_when_few_are_found_then_below_them_as_wide_as_they_are(new_page, width):
    page = new_page(width=width)
    page.goto("/services/?q=play")
    heading(page, "1 service for play")
    close = page.get_by_role("region", name="Close to what you asked for")
    expect(close.get_by_role("article").first).to_be_visible()
    found, related = page.locator("#results > .cards .card"), close.locator(".card")
    assert found.first.bounding_box()["width"] == related.first.bounding_box()["width"]
    assert related.first.bounding_box()["y"] > found.first.bounding_box()["y"]
