"""The council, the menu and the footer around every public page, remembered between requests."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from wagtail.models import Page, Site
from wagtail.query import PageQuerySet

from localoffer import addresses, contents, theme, versions
from localoffer.contents import Task
from localoffer.models import (
    CommitteeReportPage,
    CouncilSettings,
    LandingPage,
    ResponsibilityPage,
    ScorecardPage,
    SectionPage,
    SelfEvaluationPage,
)
from localoffer.regulations import Section

# Sections that tell how to get help stand apart from the six that list it.
HELP_SECTIONS = (Section.ADVICE, Section.ACCESS)

# Pages directly under the home page that have a place of their own in the frame, by slug.
GUIDED_SLUG = "find-help"
STARTING_SLUGS = (GUIDED_SLUG, "ehc-plans", "young-people", "easy-read", "glossary", "a-z")
ACCOUNT_SLUGS = ("annual-report", "how-we-made-this", "whats-changed")
# The page that holds those below /have-your-say/; that address itself is the comment form.
HOLDER_SLUG = "have-your-say"
# Pages by which the council gives account, whatever it calls them, in the order of the footer.
ACCOUNT_TYPES = (ScorecardPage, SelfEvaluationPage, ResponsibilityPage, CommitteeReportPage)


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the frame; `current` is the value of aria-current, or empty."""

    title: str
    url: str
    current: str = ""


@dataclass(frozen=True, slots=True)
class SectionLink:
    """A live section page, as doors and menus show it."""

    section: str
    title: str
    url: str
    icon: str
    css_class: str
    summary: str


@dataclass(frozen=True, slots=True)
class Column:
    """A titled column of the footer."""

    title: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class _Remembered:
    """What is read from the database once and kept."""

    council: CouncilSettings
    home_url: str
    sections: tuple[SectionLink, ...]
    pages: dict[str, Link]
    account: tuple[Link, ...] = ()
    tasks: tuple[Task, ...] = ()


class Frame:
    """Values for `templates/base.html`, read only when a template asks."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def site(self) -> Site | None:
        """This request's authority. Costs a query unless the view has asked already."""
        return Site.find_for_request(self._request)

    @cached_property
    def _kept(self) -> _Remembered:
        key = f"frame:{self._request.get_host()}:{self._request.get_port()}"
        return versions.remember(key, lambda: _read(self.site))

    @property
    def council(self) -> CouncilSettings:
        """The settings of this request's authority; the defaults where there is none yet."""
        return self._kept.council

    @property
    def authority(self) -> int:
        """The id of this request's authority, remembered with the rest; 0 where there is none yet."""
        return self._kept.council.site_id or 0

    @property
    def home_url(self) -> str:
        return self._kept.home_url

    @property
    def home_crumbs(self) -> list[tuple[str, str]]:
        """The trail of a page right under the front door that is not in the page tree."""
        return [("Home", self.home_url)]

    @property
    def sections(self) -> tuple[SectionLink, ...]:
        """Every live section page of this authority, in the order the council gave them."""
        return self._kept.sections

    @property
    def main_sections(self) -> list[SectionLink]:
        return [link for link in self.sections if link.section not in HELP_SECTIONS]

    @property
    def help_sections(self) -> list[SectionLink]:
        return [link for link in self.sections if link.section in HELP_SECTIONS]

    @property
    def tasks(self) -> tuple[Task, ...]:
        """ "I want to…": reading every answer to find them is too dear to do for each request."""
        return self._kept.tasks

    @property
    def guided_url(self) -> str:
        """The guided finder; empty while there is none."""
        guided = self._kept.pages.get(GUIDED_SLUG)
        return guided.url if guided else ""

    @property
    def theme_url(self) -> str:
        return reverse("theme", args=[theme.digest(self.council)])

    @property
    def canonical(self) -> str:
        """The address of this page without its query."""
        return self._request.build_absolute_uri(self._request.path)

    @property
    def comment_url(self) -> str:
        """The comment form, told which page it is about; empty while there is no form."""
        form = addresses.of("feedback:comment")
        return f"{form}?{urlencode({'about': self._request.path})}" if form else ""

    @cached_property
    def nav(self) -> list[Link]:
        """The main menu: only what exists."""
        advice = [s.url for s in self.sections if s.section == Section.ADVICE]
        guides = [s.url for s in self.sections if s.section != Section.ADVICE]
        young = self._kept.pages.get("young-people")
        log, form = addresses.of("feedback:log"), addresses.of("feedback:comment")
        items = [
            ("Find services", addresses.of("search:results"), []),
            ("Guides", f"{self.home_url}#doors" if guides else "", guides),
            ("Advice", advice[0] if advice else "", []),
            ("Young people", young.url if young else "", []),
            ("Have your say", log, [form]),
        ]
        return [Link(title, url, self._current(url, owned)) for title, url, owned in items if url]

    @property
    def page_path(self) -> str | None:
        """The address of a page of the tree; None for any other, of which there is no end."""
        route = getattr(self._request, "_wagtail_route_for_request", None)
        return self._request.path if route else None

    @property
    def place(self) -> str:
        """What the menu marks, in short: two pages with the same one have the same header."""
        return ",".join(link.current for link in self.nav)

    def _current(self, url: str, owned: Sequence[str]) -> str:
        """`page` on the page itself, `true` below it or below an address that the link owns."""
        path = self._request.path
        if path == url:
            return "page"
        return "true" if any(prefix and path.startswith(prefix) for prefix in (url, *owned)) else ""

    @cached_property
    def footer(self) -> list[Column]:
        """Columns of links; one with nothing to link to is left out."""
        pages = self._kept.pages
        own = {*STARTING_SLUGS, *ACCOUNT_SLUGS, HOLDER_SLUG}
        columns = [
            ("Sections", [Link(s.title, s.url) for s in self.main_sections]),
            (
                "Get started",
                [
                    _named("Find services", "search:results"),
                    _named("Your list of services", "search:saved"),
                    *(Link(s.title, s.url) for s in self.help_sections),
                    *(pages.get(slug) for slug in STARTING_SLUGS),
                    _named("Easy Read, signing and languages", "other_ways"),
                    _named("What is new", "whats_changed"),
                ],
            ),
            (
                "Holding us to account",
                [
                    _named("Have your say", "feedback:comment"),
                    _named("Comments and what we did", "feedback:log"),
                    _named("How complete this site is", "coverage"),
                    *self._kept.account,
                    *(pages.get(slug) for slug in ACCOUNT_SLUGS),
                ],
            ),
            (
                "This site",
                [
                    *(link for slug, link in pages.items() if slug not in own),
                    _named("Data for developers", "oruk:guide"),
                ],
            ),
        ]
        kept = ((title, tuple(link for link in links if link)) for title, links in columns)
        return [Column(title, links) for title, links in kept if links]


def _named(title: str, name: str) -> Link | None:
    url = addresses.of(name)
    return Link(title, url) if url else None


def _read(site: Site | None) -> _Remembered:
    """Settings, sections and other pages of one authority, from the database."""
    if site is None:
        return _Remembered(CouncilSettings(), "/", (), {})
    home = site.root_page
    sections = list(SectionPage.objects.child_of(home).live().public().order_by("path").specific())
    found = tuple(
        SectionLink(
            section=str(page.section),
            title=page.title,
            url=page.get_url(current_site=site),
            icon=page.icon,
            css_class=page.css_class,
            summary=page.search_description or page.introduction,
        )
        for page in sections
    )
    below = Page.objects.child_of(home).live().public().order_by("path")
    others = list(below.not_type(SectionPage, LandingPage, *ACCOUNT_TYPES))
    holder = next((page for page in others if page.slug == HOLDER_SLUG), None)
    if holder is not None:
        others += Page.objects.child_of(holder).live().public().filter(slug__in=ACCOUNT_SLUGS)
    pages = {p.slug: Link(p.title, p.get_url(current_site=site)) for p in others}
    return _Remembered(
        council=CouncilSettings.for_site(site),
        home_url=home.get_url(current_site=site) or "/",
        sections=found,
        pages=pages,
        account=tuple(_account(below, site)),
        tasks=contents.tasks(sections),
    )


def _account(below: PageQuerySet, site: Site) -> Iterator[Link]:
    """Every page by which the council gives account, but of the reports to committees only the latest."""
    found = below.type(ACCOUNT_TYPES)
    latest = found.exact_type(CommitteeReportPage).order_by("first_published_at", "pk").last()
    kept = [page for page in found if page.specific_class is not CommitteeReportPage or page == latest]
    for page in sorted(kept, key=lambda page: ACCOUNT_TYPES.index(page.specific_class)):
        yield Link(page.title, page.get_url(current_site=site))
