"""Ways from the front door to the pages that are not sections, built only from what exists."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib.contenttypes.models import ContentType
from django.urls import NoReverseMatch, reverse
from wagtail.models import Page

from localoffer import contents, versions
from localoffer.clock import today
from localoffer.contents import Task
from localoffer.models import (
    AlternativeFormatsPage,
    AToZPage,
    GlossaryPage,
    LandingPage,
    NewsIndexPage,
    NewsPage,
    SectionPage,
    TwinPage,
)
from localoffer.twins import link_to

SHOWN_NEWS = 3
SHOWN_TWINS = 6
OTHER_WAYS = (AlternativeFormatsPage, GlossaryPage, AToZPage)
# Lists of pages told another way, where a council keeps one under its front door.
OTHER_WAYS_SLUGS = ("easy-read", "bsl", "languages")


@dataclass(frozen=True, slots=True)
class AnswerLink:
    """A question and where it is answered; `status` as in a contents list."""

    title: str
    url: str
    status: str


@dataclass(frozen=True, slots=True)
class NewsLink:
    """A piece of news in the list of the latest."""

    title: str
    url: str
    date: date


def bands(home: Page) -> dict[str, Any]:
    """`landings`, `other_ways`, `twins`, `news`, `news_url` of a home page, remembered with the frame."""
    return versions.remember(f"bands:{home.pk}", lambda: _read(home))


def _read(home: Page) -> dict[str, Any]:
    kinds = (LandingPage, NewsIndexPage, *OTHER_WAYS)
    pages: dict[str, list[Task]] = {}
    below = Page.objects.child_of(home).live().public().order_by("path")
    types = ContentType.objects.get_for_models(*kinds)
    by_id = {content_type.pk: model for model, content_type in types.items()}
    news_index = None
    for page in below:
        model = by_id.get(page.content_type_id)
        if model is NewsIndexPage:
            news_index = page
        key = model.__name__ if model else page.slug
        pages.setdefault(key, []).append(Task(page.title, page.get_url() or ""))
    news = list(NewsPage.objects.latest_under(news_index)[:SHOWN_NEWS]) if news_index else []
    twins = TwinPage.objects.descendant_of(home).live().public().order_by("content_type", "path")
    wanted = (*OTHER_WAYS_SLUGS, *(model.__name__ for model in OTHER_WAYS))
    return {
        "landings": pages.get(LandingPage.__name__, []),
        "other_ways": [task for key in wanted for task in pages.get(key, [])],
        "twins": [link_to(twin) for twin in twins.specific()[:SHOWN_TWINS]],
        "news": [NewsLink(piece.title, piece.get_url() or "", piece.date) for piece in news],
        "news_url": news_index.get_url() if news else "",
    }


def answers(home: Page, keys: Iterable[str]) -> list[AnswerLink]:
    """Where live sections speak to these requirements, in the order asked for; the others are left out."""
    found: dict[str, AnswerLink] = {}
    for section in SectionPage.objects.child_of(home).live().public():
        address = section.get_url() or ""
        known = [block for block in section.answers if block.value.anchor]
        for block, entry in zip(known, contents.of_section(known, today()), strict=True):
            key = block.value["requirement"]
            found[key] = AnswerLink(entry.title, f"{address}#{entry.anchor}", entry.status)
    return [found[key] for key in keys if key in found]


def services_url(categories: Iterable[str]) -> str:
    """The directory, filtered to these kinds of service; empty where there are none."""
    query = urlencode([("category", key) for key in categories])
    try:
        return f"{reverse('search:results')}?{query}" if query else ""
    except NoReverseMatch:
        return ""
