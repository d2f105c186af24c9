"""Twins: which a page has, which are behind their page, and saying that one is still right."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import Page, Site

from localoffer.digests import text_digest
from localoffer.models import BslVideoPage, EasyReadPage, TranslatedPage, TwinPage

CONFIRM_ACTION = "localoffer.confirm_twin"
GROUPS: dict[type, str] = {
    EasyReadPage: "Easy Read",
    BslVideoPage: "British Sign Language",
    TranslatedPage: "Other languages",
}


@dataclass(frozen=True, slots=True)
class TwinLink:
    """A way to a page told another way. `label` says which way; `language` and `direction` are its words'."""

    title: str
    url: str
    label: str
    language: str
    direction: str


@dataclass(frozen=True, slots=True)
class TwinGroup:
    """All pages that are told one way; `is_labelled` where each needs its label too, as a language does."""

    title: str
    links: tuple[TwinLink, ...]
    is_labelled: bool


@dataclass(frozen=True, slots=True)
class TwinState:
    """A live twin and how it stands to its page."""

    twin: TwinPage
    parent: Page
    behind: bool


def link_to(twin: TwinPage, site: Site | None = None) -> TwinLink:
    """`site` saves finding where it stands."""
    language = twin.twin_language
    address = twin.get_url(current_site=site) or ""
    return TwinLink(twin.title, address, twin.label, language.code, language.direction)


def links_of(page: Page) -> list[TwinLink]:
    """The live twins of a page, as links beside its title. One query where there is none."""
    twins = TwinPage.objects.child_of(page).live().public().order_by("path")
    return [link_to(twin) for twin in twins.specific()]


def by_kind(site: Site) -> list[TwinGroup]:
    """Every live twin of an authority that anyone may read, by the way it tells its page; no empty group."""
    twins = TwinPage.objects.descendant_of(site.root_page).live().public().order_by("path").specific()
    found: dict[type, list[TwinLink]] = {kind: [] for kind in GROUPS}
    for twin in twins:
        found[type(twin)].append(link_to(twin, site))
    return [
        TwinGroup(title, tuple(found[kind]), is_labelled=kind is TranslatedPage)
        for kind, title in GROUPS.items()
        if found[kind]
    ]


def states(site: Site) -> list[TwinState]:
    """Every live twin of an authority, those behind their page first; queries do not grow with them."""
    twins = list(TwinPage.objects.descendant_of(site.root_page).live().order_by("path").specific())
    above = {twin.path[: -Page.steplen] for twin in twins}
    parents = {page.path: page for page in Page.objects.filter(path__in=above).specific()}
    digests = {path: text_digest(page) if page.live else "" for path, page in parents.items()}
    found = [
        TwinState(
            twin,
            parents[twin.path[: -Page.steplen]],
            not twin.knows(digests[twin.path[: -Page.steplen]]),
        )
        for twin in twins
    ]
    return sorted(found, key=lambda state: not state.behind)


def behind(site: Site) -> list[TwinState]:
    """Only those whose page says something else by now."""
    return [state for state in states(site) if state.behind]


def may_confirm(twin: Page, user: Any) -> bool:
    """It changes what families read on the twin, so it takes the right to publish it."""
    return twin.permissions_for_user(user).can_publish()


@transaction.atomic
def confirm(*, twin: TwinPage, user: Any) -> TwinPage:
    """A person has compared the two: the twin still says what its page says. Logged.

    Raises PermissionDenied without the right to publish the twin, and ValueError where the page it
    belongs to is not live: there is nothing to compare it with.
    """
    if not may_confirm(twin, user):
        raise PermissionDenied("You may not publish this page.")
    digest = twin.parent_digest()
    if not digest:
        raise ValueError("The page that this belongs to is not live.")
    twin.confirmed_digest, twin.confirmed_at = digest, timezone.now()
    twin.save(clean=False, update_fields=["confirmed_digest", "confirmed_at"])
    log(instance=twin, action=CONFIRM_ACTION, user=user, data={"parent": twin.twin_of.pk, "digest": digest})
    return twin
