"""Goes from place to place with Chromium, once for each way of looking, and asks what each gate asks."""

import json
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag

from playwright.sync_api import Browser, BrowserContext, Error, Page, sync_playwright
from wagtail.models import Site

from tests.browser.conftest import ARGUMENTS
from tests.browser.looking import Watch
from tests.gates import checks
from tests.gates.admin_places import ADMIN
from tests.gates.places import PUBLIC, Place
from tests.gates.reports import Findings
from tests.gates.world import PASSWORD, USER, World, make_world

NAMED = "part => !!document.getElementById(part)"
SETTLED = """() => Promise.allSettled(document.getAnimations()
  .filter(each => each.effect.getComputedTiming().endTime !== Infinity).map(each => each.finished))"""
MOST_BYTES = 60_000
PATIENCE = 10_000  # milliseconds for a button to be there
OURS_IN_ADMIN = "main"
LIGHTHOUSE_PLACES = (
    "home", "section: transport", "results: everything", "results: words", "service", "log", "have your say",
)  # fmt: skip
# Kept from robots on purpose: whether it may be indexed is not asked of it.
NOT_INDEXED = ("results: words",)
LEAST = {"accessibility": 100, "performance": 95, "best-practices": 95, "seo": 95}


@dataclass(frozen=True, slots=True)
class Way:
    """A way of looking: how wide, in which colours; and the gates that are asked that way."""

    name: str
    gates: tuple[str, ...]
    options: dict[str, Any] = field(default_factory=dict)
    width: int = 1280


DARK = {"color_scheme": "dark"}
FORCED = {"forced_colors": "active"}
PUBLIC_WAYS = (
    Way("1280 light", ("axe", "htmlcs", "html", "asked", "links", "motion", "targets", "keyboard")),
    Way("320 light", ("axe", "reflow", "targets", "keyboard", "spacing"), width=320),
    Way("1280 dark", ("axe", "htmlcs"), DARK),
    Way("320 dark", ("axe",), DARK, width=320),
    Way("forced colours", ("axe", "keyboard"), FORCED),
    Way("print", ("print",), width=672),
    Way("no script", ("no script",), {"java_script_enabled": False}, width=320),
)
QUICK_WAYS = (
    Way("1280 light", ("asked", "motion")),
    Way("320 dark", ("axe", "reflow", "targets", "spacing"), DARK, width=320),
)
ADMIN_WAYS = (
    Way("1280 light", ("axe", "htmlcs")),
    Way("1280 dark", ("axe",), DARK),
    Way("320 light", ("axe", "reflow"), width=320),
)
QUICK_ADMIN_WAYS = ADMIN_WAYS[-1:]


@dataclass(slots=True)
class Round:
    """One run: where the site is, what is in it, and what was found."""

    address: str
    world: World
    browser: Browser
    folder: Path
    wanted: set[str]
    findings: Findings = field(default_factory=Findings)
    headings: dict[str, str] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    html: Path = Path()

    def wants(self, gate: str) -> bool:
        return not self.wanted or gate in self.wanted


def look(address: str, *, gates: set[str], quick: bool, part: str, like: str, folder: Path) -> Findings:
    world = make_world(Site.objects.get(is_default_site=True))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), headless=True, args=ARGUMENTS
        )
        run = Round(address, world, browser, folder, gates)
        run.html = folder / "html"
        run.html.mkdir(exist_ok=True)
        public = [place for place in PUBLIC if like in place.name]
        admin = [place for place in ADMIN if like in place.name]
        if part != "admin":
            for way in QUICK_WAYS if quick else PUBLIC_WAYS:
                _walk(run, way, public)
        if part != "public":
            for way in QUICK_ADMIN_WAYS if quick else ADMIN_WAYS:
                _walk(run, way, admin, officer=True)
        if part != "admin" and not quick:
            _follow(run)
            _weigh(run, public)
            _validate(run)
            _lighthouse(run, public)
        browser.close()
    return run.findings


def _walk(run: Round, way: Way, places: list[Place], officer: bool = False) -> None:
    gates = [gate for gate in way.gates if run.wants(gate)]
    if not gates:
        return
    begun = time.monotonic()
    with _context(run, way, officer) as context:
        for place in places:
            page = context.new_page()
            page.set_default_timeout(PATIENCE)
            watch = Watch(page, run.address)
            where = f"{place.name} ({way.name})"
            try:
                run.findings.add("answers", where, _open(run, page, place))
                for gate in gates:
                    found = GATES[gate](run, page, place, watch, OURS_IN_ADMIN if officer else "")
                    run.findings.add(f"admin {gate}" if officer else gate, where, found)
            except Error as failure:
                run.findings.add("answers", where, [f"no way on: {failure.message}"])
            page.close()
    took = time.monotonic() - begun
    run.findings.notes.append(f"{'admin' if officer else 'public'}, {way.name}: {took:.0f} s")


@contextmanager
def _context(run: Round, way: Way, officer: bool) -> Iterator[BrowserContext]:
    context = run.browser.new_context(
        base_url=run.address,
        viewport={"width": way.width, "height": 900},
        reduced_motion="reduce",
        **way.options,
    )
    if officer:
        page = context.new_page()
        page.goto("/admin/login/")
        page.locator("#id_username").fill(USER)
        page.locator("#id_password").fill(PASSWORD)
        page.locator("button[type=submit]").click()
        page.wait_for_url("**/admin/")
        page.close()
    yield context
    context.close()


def _open(run: Round, page: Page, place: Place) -> list[str]:
    answer = page.goto(run.world.address(place), wait_until="load")
    status = answer.status if answer else 0
    for what, where, words in place.steps:
        if what == "press":
            page.locator(f"main :is(button, a):has-text({json.dumps(where)})").first.click()
        elif what == "pick":
            page.locator("label", has_text=where).first.click()
        else:
            page.locator(where).fill(words)
    if place.steps:
        page.wait_for_load_state("networkidle")
        page.evaluate(SETTLED)  # Wagtail fades in what it says of a form
    return [] if place.steps or status == place.status else [f"answers {status}, not {place.status}"]


def _asked(run: Round, page: Page, place: Place, watch: Watch, root: str) -> list[str]:
    """No other host, nothing broken, no complaint, no cookie but the one that guards a form."""
    page.wait_for_load_state("networkidle")
    run.headings[place.name] = " ".join(page.locator("h1").first.inner_text().split())
    expected = {page.url} if place.status >= 400 else set()
    found = [f"asks {url}" for url in watch.foreign]
    found += [f"{url} fails" for url in watch.failed if urldefrag(url).url not in expected]
    found += [f"says {words}" for words in watch.console if place.status < 400 or "status of" not in words]
    cookies = {cookie["name"] for cookie in page.context.cookies()} - {"csrftoken"}
    return found + [f"sets the cookie {name}" for name in cookies]


def _links(run: Round, page: Page, place: Place, watch: Watch, root: str) -> list[str]:
    """Gathers; they are followed once at the end."""
    here = urldefrag(page.url).url
    found = []
    for link in page.evaluate("[...new Set([...document.querySelectorAll('a[href]')].map(a => a.href))]"):
        url, part = urldefrag(link)
        if url == here and part and not page.evaluate(NAMED, unquote(part)):
            found.append(f"{link}: no such part")
        elif url != here:
            run.links.setdefault(link, place.name)
    return found


def _html(run: Round, page: Page, place: Place, watch: Watch, root: str) -> list[str]:
    """Kept as the server sent it, for the checker that reads all of them at once."""
    if place.steps:
        text = page.evaluate("'<!doctype html>' + document.documentElement.outerHTML")
    else:
        text = page.request.get(run.world.address(place)).text()
    (run.html / f"{re.sub(r'[^a-z0-9]+', '-', place.name.lower())}.html").write_text(text, encoding="utf-8")
    return []


def _no_script(run: Round, page: Page, place: Place, watch: Watch, root: str) -> list[str]:
    return checks.without_script(page, run.headings.get(place.name, ""))


# Faults of Wagtail 8.0 itself, in parts of its editor that no setting changes: (what is said, part).
WAGTAILS_OWN = (
    ("scrollable-region-focusable", ".w-minimap__list"),
    ("aria-input-field-name", 'div[aria-describedby="placeholder-'),
    # Items of one kind in a list that hold nothing to be named by, such as a choice.
    ("landmark-unique", "#block-"),
    # It tells other editors who is here; nobody sends it.
    ("H32.2", "w-editing-sessions"),
    # The list of an editor's parts waits outside; the tabs are gone through in their strip; a closed part
    # shows the start of what is in it; where a page stands in the tree is shortened.
    ("stands off the side", "w-minimap"),
    ("stands off the side", "#tab-label-"),
    ("is cut off", "c-sf-block__title"),
    ("stands off the side", "page-status-tag"),
    ("stands off the side", "w-breadcrumbs"),
    ("stands off the side", "w-flex.w-items-center.w-text-text-label"),
)


def _ours(found: list[str], root: str) -> list[str]:
    """Of what was found in the admin what is not Wagtail's own; of a public page all."""
    if not root:
        return found
    return [
        words for words in found if not any(says in words and part in words for says, part in WAGTAILS_OWN)
    ]


def _axe(run: Round, page: Page, place: Place, watch: Watch, root: str) -> list[str]:
    return _ours(checks.with_axe(page), root)


Gate = Callable[[Round, Page, Place, Watch, str], list[str]]
GATES: dict[str, Gate] = {
    "axe": _axe,
    "htmlcs": lambda run, page, place, watch, root: _ours(checks.with_sniffer(page, root), root),
    "reflow": lambda run, page, place, watch, root: _ours(checks.reflow(page, root), root),
    "targets": lambda run, page, place, watch, root: checks.targets(page, root),
    "spacing": lambda run, page, place, watch, root: checks.spacing(page, root),
    "keyboard": lambda run, page, place, watch, root: checks.keyboard(page, root),
    "motion": lambda run, page, place, watch, root: checks.motion(page),
    "print": lambda run, page, place, watch, root: checks.printed(page),
    "asked": _asked,
    "links": _links,
    "html": _html,
    "no script": _no_script,
}


def _follow(run: Round) -> None:
    """Every link of every place, once; and the part of the page that it names is there."""
    if not run.links or not run.wants("links"):
        return
    context = run.browser.new_context(base_url=run.address)
    texts: dict[str, tuple[int, str]] = {}
    for link, where in sorted(run.links.items()):
        url, part = urldefrag(link)
        if not url.startswith(f"{run.address}/") or "/admin/" in url:
            continue
        if url not in texts:
            answer = context.request.get(url)
            html = "html" in answer.headers.get("content-type", "")
            texts[url] = (answer.status, answer.text() if html else "")
        status, text = texts[url]
        wrong = [f"{url} answers {status}"] if status >= 400 else []
        if part and text and not re.search(rf"""(?:id|name)=["']{re.escape(part)}["']""", text):
            wrong.append(f"{link}: no such part")
        run.findings.add("links followed", where, wrong)
    context.close()


def _weigh(run: Round, places: list[Place]) -> None:
    """What a first view costs: all that comes over the wire, compressed."""
    if not run.wants("weight"):
        return
    for place in places:
        with _context(run, Way("", ()), officer=False) as context:
            page = context.new_page()
            session = context.new_cdp_session(page)
            session.send("Network.enable")
            sizes: list[float] = []
            session.on(
                "Network.loadingFinished", lambda event, to=sizes: to.append(event["encodedDataLength"])
            )
            page.goto(run.world.address(place), wait_until="networkidle")
            wrong = [f"{sum(sizes):.0f} bytes"] if sum(sizes) > MOST_BYTES else []
            run.findings.add("weight", place.name, wrong)


def _validate(run: Round) -> None:
    """The Nu HTML checker over every page that was kept: no error, no warning."""
    pages = sorted(run.html.glob("*.html"))
    if not pages or not run.wants("html"):
        return
    jar = checks.TOOLS / "node_modules/vnu-jar/build/dist/vnu.jar"
    done = subprocess.run(
        ["java", "-jar", jar, "--format", "json", "--exit-zero-always", *pages],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    wrong: dict[str, list[str]] = {page.stem: [] for page in pages}
    for message in json.loads(done.stderr)["messages"]:
        where = Path(message["url"]).stem
        wrong[where].append(f"{message.get('subType', message['type'])}: {message['message']} "
                            f"{message.get('extract', '').strip()[:120]!r}")  # fmt: skip
    for where, found in wrong.items():
        run.findings.add("Nu HTML checker", where, found)


def _lighthouse(run: Round, places: list[Place]) -> None:
    """Lighthouse as a phone, on the pages that families meet first."""
    if not run.wants("lighthouse"):
        return
    command = checks.TOOLS / "node_modules/lighthouse/cli/index.js"
    for place in places:
        if place.name not in LIGHTHOUSE_PLACES:
            continue
        left_out = ["--skip-audits=is-crawlable"] if place.name in NOT_INDEXED else []
        done = subprocess.run(
            ["node", command, run.address + run.world.address(place), "--output=json", "--quiet", *left_out,
             f"--only-categories={','.join(LEAST)}", f"--chrome-flags=--headless=new {' '.join(ARGUMENTS)}"],
            capture_output=True, text=True, check=False,
            env={**_environment(), "CHROME_PATH": shutil.which("chromium") or ""},
        )  # fmt: skip
        if done.returncode:
            run.findings.add("lighthouse", place.name, [f"it did not end well: {done.stderr.strip()[-300:]}"])
            continue
        report = json.loads(done.stdout)
        scores = {key: round(report["categories"][key]["score"] * 100) for key in LEAST}
        run.findings.notes.append(f"lighthouse: {place.name}: {scores}")
        low = {key for key, score in scores.items() if score < LEAST[key]}
        wrong = [f"{key} {scores[key]}: {_below(report, key)}" for key in sorted(low)]
        run.findings.add("lighthouse", place.name, wrong)


def _below(report: dict[str, Any], key: str) -> str:
    audits = [report["audits"][ref["id"]] for ref in report["categories"][key]["auditRefs"] if ref["weight"]]
    return "; ".join(a["title"] for a in audits if a["score"] is not None and a["score"] < 1)


def _environment() -> dict[str, str]:
    import os

    return dict(os.environ)
