"""The offer as it stood on any day, from Wagtail's log of what was published and its kept versions.

A page was live at the end of a day if the last thing logged by then was its publication, and said
what that version says. What has not changed since is read from the page itself. A page that was
deleted took its versions with it: unpublish pages, do not delete them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from wagtail.models import Page, PageLogEntry, Revision, Site

from localoffer.clock import end_of
from localoffer.models import SectionPage, TwinPage

PUBLISHED = frozenset({"wagtail.publish", "wagtail.publish.scheduled"})
UNPUBLISHED = frozenset({"wagtail.unpublish", "wagtail.unpublish.scheduled"})
ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}\Z")
CREATED, MOVED = "wagtail.create", "wagtail.move"


class Gone(Enum):
    """Why there is nothing to show."""

    NOT_YET = "not_yet"
    TAKEN_DOWN = "taken_down"


class NoSuchDay(ValueError):
    """Not a day that we can look back to; the message says why, in words for a reader."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the log of a page."""

    action: str
    at: datetime
    revision_id: int | None
    data: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Standing:
    """What was live on a day: the page as it still is (`revision_id` None), or a kept version."""

    revision_id: int | None = None


def parse_day(text: str, today: date) -> date:
    """A past day written as 2026-03-01. Raises NoSuchDay."""
    try:
        day = date.fromisoformat(text) if ISO_DAY.match(text) else None
    except ValueError:
        day = None
    if day is None:
        raise NoSuchDay("Write the day as year, month and day, such as 2026-03-01.")
    if day > today:
        raise NoSuchDay("That day has not come yet. Choose today or an earlier day.")
    if day.year < 2000:
        raise NoSuchDay("That is too long ago. Choose a later day.")
    return day


def standing(page: Page, events: Iterable[Event], day: date) -> Standing | Gone:
    """What of a page was live at the end of a day. `events` are the oldest first. Pure."""
    events, end = list(events), end_of(day)
    changes = [event for event in events if event.action in PUBLISHED | UNPUBLISHED]
    past = [event for event in changes if event.at < end]
    if not past:
        made = next((event.at for event in events if event.action == CREATED), page.first_published_at)
        untouched = page.live and not changes and made is not None and made < end
        return Standing() if untouched else Gone.NOT_YET
    if past[-1].action in UNPUBLISHED:
        return Gone.TAKEN_DOWN
    if len(past) == len(changes) and page.live:
        return Standing()
    return Standing(past[-1].revision_id) if past[-1].revision_id else Gone.NOT_YET


def _events(entries: QuerySet) -> dict[int, list[Event]]:
    """The events of pages, oldest first, by page. One query."""
    wanted = entries.filter(action__in=[*PUBLISHED, *UNPUBLISHED, CREATED, MOVED]).order_by("timestamp", "pk")
    found: dict[int, list[Event]] = {}
    for page_id, *event in wanted.values_list("page_id", "action", "timestamp", "revision_id", "data"):
        found.setdefault(page_id, []).append(Event(*event))
    return found


def page_as_of(page: Page, day: date) -> Page | None:
    """The page, of its own type, as it was live at the end of the day; None where it was not.

    It is for reading: never save it.
    """
    page = Page.objects.get(pk=page.pk)  # what is in memory may be a draft
    events = _events(PageLogEntry.objects.filter(page=page.pk)).get(page.pk, [])
    return restore(page, standing(page, events, day), day)


def restore(page: Page, then: Standing | Gone, day: date) -> Page | None:
    """The version that stood; None where none did, or where it was not kept."""
    if isinstance(then, Gone):
        return None
    page = page.specific
    if then.revision_id:
        revision = Revision.page_revisions.filter(pk=then.revision_id, object_id=str(page.pk)).first()
        if revision is None:
            return None
        page = page.with_content_json(revision.content)
        page.live = True
    if isinstance(page, TwinPage):
        page.twin_of = page_as_of(page.get_parent(), day) or page.twin_of
        if page.confirmed_at and page.confirmed_at >= end_of(day):
            page.confirmed_digest = ""
    return page


class OfferAsOf:
    """The pages of one authority as they stood on a day: three queries, however many there are."""

    def __init__(self, site: Site, day: date) -> None:
        self.site, self.day = site, day
        self.root = site.root_page

    @cached_property
    def pages(self) -> dict[int, Page]:
        """Every page there is under the authority now, live or not."""
        return {page.pk: page for page in Page.objects.descendant_of(self.root, inclusive=True)}

    @cached_property
    def _log(self) -> dict[int, list[Event]]:
        return _events(PageLogEntry.objects.filter(page__path__startswith=self.root.path))

    @cached_property
    def standings(self) -> dict[int, Standing | Gone]:
        return {pk: standing(page, self._log.get(pk, []), self.day) for pk, page in self.pages.items()}

    @cached_property
    def _slugs(self) -> dict[int, str]:
        """What each page was called in addresses then."""
        kept = {s.revision_id: pk for pk, s in self.standings.items() if isinstance(s, Standing)}
        old = Revision.objects.filter(pk__in=[pk for pk in kept if pk])
        then = {kept[pk]: slug for pk, slug in old.values_list("pk", "content__slug") if slug}
        return {pk: then.get(pk, page.slug) for pk, page in self.pages.items()}

    @cached_property
    def _parents(self) -> dict[int, int]:
        """What each page stood under then: a move logged later tells where it came from."""
        by_path = {page.path: pk for pk, page in self.pages.items()}
        end = end_of(self.day)
        parents = {pk: by_path.get(page.path[: -Page.steplen], 0) for pk, page in self.pages.items()}
        for pk, events in self._log.items():
            moved = next((e for e in events if e.action == MOVED and e.at >= end), None)
            if moved and pk in parents:
                parents[pk] = moved.data.get("source", {}).get("id") or parents[pk]
        return parents

    def _address(self, pk: int) -> str:
        """Empty where the way up does not lead to the home page."""
        slugs: list[str] = []
        while pk != self.root.pk:
            if pk not in self.pages or len(slugs) > len(self.pages):
                return ""
            slugs.insert(0, self._slugs[pk])
            pk = self._parents[pk]
        return "/".join(["", *slugs, ""])

    @cached_property
    def addresses(self) -> dict[str, int]:
        """Where each page that was live then could be read: path to page id."""
        live = (pk for pk, then in self.standings.items() if isinstance(then, Standing))
        return {address: pk for pk in live if (address := self._address(pk))}

    def find(self, path: str) -> Page | None:
        """The page that stood at a path then, as it was."""
        pk = self.addresses.get(tidy(path))
        return restore(self.pages[pk], self.standings[pk], self.day) if pk else None

    def gone(self, path: str) -> tuple[Page | None, Gone | None]:
        """The page that is at a path now, and why it was not there then."""
        path = tidy(path)
        now = self.root.url_path.rstrip("/") + path
        page = next((page for page in self.pages.values() if page.url_path == now), None)
        then = self.standings[page.pk] if page else None
        return (page, then) if isinstance(then, Gone) else (None, None)


def tidy(path: str) -> str:
    """A path with one slash at each end."""
    parts = [part for part in path.split("/") if part]
    return "/".join(["", *parts, ""])


def sections_as_of(site: Site, day: date) -> list[SectionPage]:
    """The section pages that families could read on a day, in the order of the tree."""
    offer = OfferAsOf(site, day)
    sections = SectionPage.objects.descendant_of(site.root_page).order_by("path").specific()
    found = (restore(page, offer.standings[page.pk], day) for page in sections)
    return [page for page in found if page is not None]
