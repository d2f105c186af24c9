"""What is asked of a page, one function a gate. Each gives what is wrong in words; nothing is all well."""

from functools import cache
from pathlib import Path

from playwright.sync_api import Error, Page

from tests.browser.looking import axe, sideways

HERE = Path(__file__).parent
TOOLS = HERE.parents[1] / "var/gates-tools"
SNIFFER = TOOLS / "node_modules/html_codesniffer/build/HTMLCS.js"
MOST_TABS = 900
SNIFF = """root => new Promise(done => {
  addEventListener("error", event => done([`it fails: ${event.message}`]));
  const area = root ? document.querySelector(root) : document;
  HTMLCS.process("WCAG2AA", document, () => done(
    HTMLCS.getMessages().filter(m => m.type === HTMLCS.ERROR && area.contains(m.element)).map(m => {
      const e = m.element, at = e.outerHTML ? e.outerHTML.slice(0, 120) : e.nodeName;
      return `${m.code.replace("WCAG2AA.", "")}: ${m.msg} ${at}`;
    })
  ));
})"""
# A page with faults in its form puts the focus on their summary: the walk goes back above it.
FROM_THE_TOP = """() => {
  const start = document.createElement("i");
  start.tabIndex = -1;
  document.body.prepend(start);
  start.focus();
  start.remove();
  scrollTo(0, 0);
}"""
WORDS = "() => [...document.querySelectorAll('main :is(h1, h2, p)')].some(e => e.checkVisibility())"


@cache
def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def prepare(page: Page) -> None:
    page.evaluate(_read(HERE / "in_page.js"))


def with_axe(page: Page) -> list[str]:
    """WCAG 2.0 to 2.2, A and AA, and best practice, of any impact."""
    return axe(page)


def with_sniffer(page: Page, root: str = "") -> list[str]:
    """HTML_CodeSniffer as pa11y runs it: WCAG 2 AA, errors."""
    page.evaluate(_read(SNIFFER))
    try:
        return page.evaluate(SNIFF, root)
    except Error as failure:  # what it cannot read is told like what it finds
        return [f"it fails: {failure.message[:120]}"]


def reflow(page: Page, root: str = "") -> list[str]:
    """WCAG 1.4.10 at 320 pixels, which is 1280 at 400%: nothing off the side, nothing cut."""
    prepare(page)
    aside = sideways(page)
    wide = [f"the page scrolls {aside} pixels sideways"] if aside else []
    return wide + page.evaluate("root => gate.cut(root)", root)


def targets(page: Page, root: str = "") -> list[str]:
    """WCAG 2.5.8."""
    prepare(page)
    return page.evaluate("root => gate.small(root)", root)


def spacing(page: Page, root: str = "") -> list[str]:
    """WCAG 1.4.12: what is lost or laid over something else once text has room. Changes the page."""
    prepare(page)
    before = set(page.evaluate("root => gate.overlap(root)", root))
    page.evaluate("gate.space()")
    aside = sideways(page)
    found = [f"the page scrolls {aside} pixels sideways"] if aside else []
    found += page.evaluate("root => gate.cut(root)", root)
    return found + sorted(before | set(page.evaluate("root => gate.overlap(root)", root)))


def motion(page: Page) -> list[str]:
    prepare(page)
    return page.evaluate("gate.moves()")


def keyboard(page: Page, root: str = "") -> list[str]:
    """Tab from the top: the skip link first, everything once, each marked and not covered, and out again."""
    prepare(page)
    page.evaluate(FROM_THE_TOP)
    found: list[str] = []
    seen: list[str] = []
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        at = page.evaluate("gate.stop()")
        if at is None:
            break
        if at["key"] in seen:
            if not at["scrolls"]:
                found.append(f"the focus comes back to {at['name']} after {len(seen)} stops")
                break
            continue
        if not seen and "skip" not in at["name"]:
            found.append(f"the first stop is {at['name']}, not a skip link")
        seen.append(at["key"])
        if not at["marked"]:
            found.append(f"the focus on {at['name']} does not show")
        if not at["free"]:
            found.append(f"{at['name']} is covered where it has the focus")
    else:
        found.append(f"no way out after {MOST_TABS} stops")
    return found + [f"no way to {name}" for name in page.evaluate("root => gate.missed(root)", root)]


def printed(page: Page) -> list[str]:
    """On paper: made into a PDF, the words there, nothing off the side, no menu."""
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 672, "height": 960})  # A4 less its margins
    found = reflow(page, "main")
    if not page.evaluate(WORDS):
        found.append("no words are left")
    if page.locator(".site-nav").is_visible():
        found.append("the menu is printed")
    if not page.pdf(format="A4").startswith(b"%PDF"):
        found.append("no PDF is made")
    return found


def without_script(page: Page, words: str) -> list[str]:
    """The heading and every button that the page has with JavaScript. `words` is its heading with it."""
    heading = page.locator("h1").first
    if not heading.is_visible():
        return ["no heading is shown"]
    if (has := " ".join(heading.inner_text().split())) != words:
        return [f"the heading is “{has}”, with JavaScript “{words}”"]
    return []
