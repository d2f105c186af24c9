"""What families can read that is new or has changed, the latest first: pages, and what the apps above add.

They add through the hook `localoffer_recent_changes`: a function `(site, most) -> Iterable[Change]`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import nlargest
from itertools import chain

from wagtail import hooks
from wagtail.models import Page, Site

MOST = 50


@dataclass(frozen=True, slots=True)
class Change:
    """Something that was published. `kind` is a word for what it is, `is_new` whether it was never there."""

    title: str
    url: str
    kind: str
    changed_at: datetime
    is_new: bool


def latest(site: Site, most: int = MOST) -> list[Change]:
    """So many changes of a site, the newest first; each thing once."""
    added = (add(site, most) for add in hooks.get_hooks("localoffer_recent_changes"))
    return nlargest(most, chain(_pages(site, most), *added), key=lambda change: change.changed_at)


def _pages(site: Site, most: int) -> Iterator[Change]:
    """Live pages that anyone may read."""
    pages = Page.objects.live().public().descendant_of(site.root_page, inclusive=True)
    for page in pages.exclude(last_published_at=None).order_by("-last_published_at", "pk")[:most]:
        is_new = page.first_published_at == page.last_published_at
        yield Change(
            page.title, page.get_url(current_site=site) or "", "Page", page.last_published_at, is_new
        )
