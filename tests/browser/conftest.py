"""One Chromium a session, a served site, and what a page asked for while it was looked at."""

import os
import shutil
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path

import pytest
from django.db import connections
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright

from tests.browser.looking import Watch

HERE = Path(__file__).parent
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


def _and_page_read(act: Callable[..., None]) -> Callable[..., None]:
    """Playwright's own wait ends when the first bytes of the next page are there: on a busy machine
    it may have no title and no heading yet. What a test reads after an act is the whole page."""

    @wraps(act)
    def act_and_wait(self: Locator, *args: object, **options: object) -> None:
        act(self, *args, **options)
        self.page.wait_for_load_state()

    return act_and_wait


for _name in ("click", "press"):
    setattr(Locator, _name, _and_page_read(getattr(Locator, _name)))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here drives the one browser. The served site writes for real, so what the
    migrations put there is put back before each."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))
            item.add_marker(pytest.mark.django_db(transaction=True, serialized_rollback=True))


@pytest.fixture(scope="session")
def browser(django_db_setup: None) -> Iterator[Browser]:
    """Debian's Chromium. Skipped where there is none; in CI that is a failure."""
    path = shutil.which("chromium")
    if path is None:
        reason = "Chromium is not on the PATH: run scripts/install-browser.sh"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    # Playwright's loop lives in this thread, where Django would refuse to touch the database, and
    # would open other connections than the one that made it and knows how to put its rows back.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    made = {alias: connections[alias] for alias in connections}
    with sync_playwright() as playwright:
        for alias, connection in made.items():
            connections[alias] = connection
        chromium = playwright.chromium.launch(executable_path=path, headless=True, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def new_page(browser: Browser, live_server) -> Iterator:
    """Opens pages of the served site: `new_page(width=320, dark=True, script=False)`."""
    contexts: list[BrowserContext] = []

    def open_page(*, width: int = 1280, dark: bool = False, script: bool = True, **options) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            reduced_motion="reduce",
            **options,
        )
        contexts.append(context)
        return context.new_page()

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page) -> Page:
    """A page 1280 wide."""
    return new_page()


@pytest.fixture
def watch(page: Page, live_server) -> Watch:
    """What `page` asks for and complains of from now on."""
    return Watch(page, live_server.url)
