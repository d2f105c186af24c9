"""What a comment is about: a page or a service of this authority, looked up and never believed."""

import re
from dataclasses import dataclass
from urllib.parse import unquote

from django.urls import Resolver404, resolve, reverse
from wagtail.models import Page, Site

from localoffer.models import SECTION_PAGES
from localoffer.regulations import REQUIREMENTS
from services.models import Service

# Addresses that are no page and no service, and what they are called.
PLACES = {
    "search:results": "Find services",
    "feedback:log": "Comments, and what we did",
}
LOCAL_PATH = re.compile(r"\A/(?![/\\])[^\s\\?\x00-\x1f]*\Z")
QUESTIONS = {requirement.anchor: requirement.question for requirement in REQUIREMENTS}


@dataclass(frozen=True, slots=True)
class About:
    """Where somebody was when they had something to say. `url` is a path of this site."""

    url: str
    title: str
    section: str = ""
    page_id: int | None = None
    service_id: int | None = None


def find(address: str, authority: Site) -> About | None:
    """What is at a path of this site, such as "/transport/#transport-policy"; None for anything else."""
    path, _, fragment = address.strip().partition("#")
    path = path.partition("?")[0]
    if len(path) > 400 or not LOCAL_PATH.match(path):
        return None
    try:
        match = resolve(path)
    except Resolver404:
        return None
    if match.view_name in PLACES:
        return About(url=reverse(match.view_name), title=PLACES[match.view_name])
    if match.view_name == "services:detail":
        return _service(match.kwargs.get("pk"), authority)
    return _page(path, fragment, authority)


def _service(pk: object, authority: Site) -> About | None:
    service = Service.objects.live().visible_to(authority).filter(pk=pk).first()
    if service is None:
        return None
    return About(service.get_absolute_url(), service.name, section=service.section, service_id=service.pk)


def _page(path: str, fragment: str, authority: Site) -> About | None:
    """A live page that anybody may read, or one answer on it."""
    root = authority.root_page
    url_path = root.url_path + unquote(path).lstrip("/")
    if not url_path.endswith("/"):
        url_path += "/"
    if "\x00" in url_path:  # no page has it, and PostgreSQL refuses to look
        return None
    page = Page.objects.live().public().filter(url_path=url_path).select_related("content_type").first()
    if page is None:
        return None
    sections = [key.value for key, model in SECTION_PAGES.items() if page.specific_class is model]
    url = "/" + url_path.removeprefix(root.url_path)
    title = page.title
    if fragment in QUESTIONS:
        url, title = f"{url}#{fragment}", f"{title}: {QUESTIONS[fragment]}"
    return About(url[:500], title[:300], section=sections[0] if sections else "", page_id=page.pk)
