"""The frame as a person meets it: reachable, readable, narrow or dark, with nobody looking on."""

from base64 import b64encode

import pytest

from tests.browser.looking import axe, sideways
from tests.factories import make_offer

HOME, SECTION, NOTHING = "/", "/transport/", "/no-such-page/"
PAGES = [HOME, SECTION, NOTHING]
SYSTEM_COLOUR = """name => {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.color = name;
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}"""
COLOURS_OF_PNG = """async png => {
  const image = new Image();
  image.src = `data:image/png;base64,${png}`;
  await image.decode();
  const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
  canvas.drawImage(image, 0, 0);
  const data = canvas.getImageData(0, 0, image.width, image.height).data, found = new Set();
  for (let i = 0; i < data.length; i += 4) found.add(`rgb(${data[i]}, ${data[i + 1]}, ${data[i + 2]})`);
  return [...found];
}"""


@pytest.fixture(autouse=True)
def _offer(live_server):
    make_offer(phone="0117 496 0100", made_with="Avonmere Parent Carer Voice")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("path", PAGES)
def test_page_when_looked_at_with_axe_then_nothing_is_wrong(new_page, path, width, dark):
    page = new_page(width=width, dark=dark)
    page.goto(path)
    assert axe(page) == []
    assert sideways(page) == 0


def test_axe_when_a_fault_is_seeded_then_it_is_found(page):
    page.goto(HOME)
    page.evaluate("document.querySelector('h1').insertAdjacentHTML('afterend', '<img src=\"/x\">')")
    assert any(fault.startswith("image-alt") for fault in axe(page))


@pytest.mark.parametrize("path", PAGES)
def test_page_when_text_is_twice_as_large_then_still_no_sideways_scroll(new_page, path):
    page = new_page(width=640)
    page.goto(path)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert sideways(page) == 0


def test_skip_link_when_first_tab_and_enter_then_focus_is_in_main(page):
    page.goto(SECTION)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    assert page.locator(".skip-link").bounding_box()["y"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("path", [HOME, SECTION])
def test_page_when_read_then_no_third_party_no_cookie_no_complaint(page, watch, path):
    page.goto(path, wait_until="networkidle")
    assert watch.foreign == []
    assert watch.failed == []
    assert watch.console == []
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_policy_when_a_script_is_injected_then_it_does_not_run(page, watch):
    page.goto(HOME)
    page.evaluate(
        """() => {
          const s = document.createElement('script');
          s.textContent = 'window.ran = true';
          document.body.append(s);
        }"""
    )
    assert page.evaluate("window.ran") is None
    assert any("Content Security Policy" in message for message in watch.console)


def test_icon_when_drawn_from_the_sheet_then_it_has_a_shape(page):
    page.goto(SECTION, wait_until="networkidle")
    boxes = page.evaluate("[...document.querySelectorAll('svg.icon use')].map(u => u.getBBox().width)")
    assert boxes
    assert min(boxes) > 0


def test_page_when_colours_are_forced_then_icons_are_painted_like_the_text_and_the_art_goes(new_page):
    page = new_page(forced_colors="active")
    page.goto(HOME)
    arrow = page.locator(".tasks .icon").first
    painted = page.evaluate(COLOURS_OF_PNG, b64encode(arrow.screenshot()).decode())
    assert page.evaluate(SYSTEM_COLOUR, "LinkText") in painted
    assert not page.locator(".hero__art").is_visible()


def test_theme_when_council_has_a_colour_then_the_menu_wears_it(page):
    make_offer(brand_colour="#5b2a66")
    page.goto(HOME)
    name = page.locator(".wordmark__name")
    assert name.evaluate("e => getComputedStyle(e).color") == "rgb(91, 42, 102)"


def test_page_when_there_is_no_script_then_all_is_there_but_the_print_button(new_page):
    page = new_page(script=False)
    page.goto(SECTION)
    assert page.get_by_role("navigation", name="Main").is_visible()
    assert page.get_by_role("heading", level=1).is_visible()
    assert not page.locator("[data-print]").is_visible()


def test_print_when_printed_then_no_menu_and_addresses_are_written_out(page):
    page.goto(SECTION)
    page.emulate_media(media="print")
    assert not page.locator(".site-nav").is_visible()
    assert not page.locator(".page-feedback").is_visible()
    assert page.get_by_role("heading", level=1).is_visible()
