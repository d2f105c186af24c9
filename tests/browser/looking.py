"""Ways to look at a page: with axe, for sideways scroll, for what it asked the network."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async tags => {
  const found = await axe.run({runOnly: {type: "tag", values: tags}, resultTypes: ["violations"]});
  return found.violations.map(v => `${v.id}: ${v.nodes.map(n => n.target.join(" ")).join(", ")}`);
}"""


def axe(page: Page) -> list[str]:
    """What axe finds wrong, as "rule: places". Evaluated by the debugger, so the page's own
    content security policy stays in force."""
    page.evaluate(AXE_SCRIPT)
    return page.evaluate(RUN, RULES)


def sideways(page: Page) -> int:
    """How many pixels the page can be scrolled sideways, once it is there."""
    page.wait_for_load_state("domcontentloaded")
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


class Watch:
    """Collects requests to other hosts, failed requests and messages of the console."""

    def __init__(self, page: Page, origin: str) -> None:
        self.foreign: list[str] = []
        self.failed: list[str] = []
        self.console: list[str] = []
        self._origin = origin
        page.on("request", lambda request: self._asked(request.url))
        page.on("response", lambda answer: answer.status >= 400 and self.failed.append(answer.url))
        page.on("console", lambda message: self.console.append(message.text))
        page.on("pageerror", lambda error: self.console.append(str(error)))

    def _asked(self, url: str) -> None:
        if not url.startswith((f"{self._origin}/", "data:")):
            self.foreign.append(url)
