"""What families can read that is new or has changed, the latest first: pages, and what the apps above add.

They add through the hook `localoffer_recent_changes`: a function `(site, most) -> ChangeGroup`. Each kind has
its own list: an import of a thousand services must not push out the pages.
"""

from dataclasses import dataclass
from datetime import datetime

from wagtail import hooks
from wagtail.models import Page, Site

MOST = 25


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was published. `is_new` says whether it was never there before."""

    title: str
    url: str
    changed_at: datetime
    is_new: bool


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """Changes of one kind, the latest first."""

    title: str
    changes: tuple[Change, ...]


def latest(site: Site, most: int = MOST) -> list[ChangeGroup]:
    """So many changes of each kind on a site; no empty group."""
    added = (add(site, most) for add in hooks.get_hooks("localoffer_recent_changes"))
    return [group for group in (_pages(site, most), *added) if group.changes]


def _pages(site: Site, most: int) -> ChangeGroup:
    """Live pages that anyone may read."""
    pages = Page.objects.live().public().descendant_of(site.root_page, inclusive=True)
    rows = pages.exclude(last_published_at=None).order_by("-last_published_at", "pk")[:most]
    return ChangeGroup(
        "Pages",
        tuple(
            Change(
                title=page.title,
                url=page.get_url(current_site=site) or "",
                changed_at=page.last_published_at,
                is_new=page.first_published_at == page.last_published_at,
            )
            for page in rows
        ),
    )
