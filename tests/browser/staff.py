"""Officers at work in the admin: signed in, and choosing what to do with a page."""

from django.conf import settings
from django.test import Client
from playwright.sync_api import Page


def sign_in(page: Page, live_server, user) -> None:
    """With the session of a login, so that this test is not about the login page."""
    client = Client()
    client.force_login(user)
    page.context.clear_cookies()
    value = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])


def choose(page: Page, selector: str) -> None:
    """One of the choices beside the editor's main button."""
    page.locator(
        "footer .w-dropdown button.w-dropdown__toggle, footer [data-w-dropdown-target=toggle]"
    ).first.click()
    page.locator(selector).first.click()
