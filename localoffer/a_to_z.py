"""Everything that has a name on an authority's site, by letter.

Apps above add theirs with the Wagtail hook `localoffer_a_to_z_entries`: a function
`(site: Site) -> Iterable[tuple[str, str]]` of titles and addresses.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from wagtail import hooks
from wagtail.models import Page, Site

from localoffer.letters import Letter, by_letter
from localoffer.models import AToZPage, HomePage, SectionPage, TwinPage


@dataclass(frozen=True, slots=True)
class Entry:
    """A title and where it leads."""

    title: str
    url: str


def letters(site: Site | None) -> list[Letter[Entry]]:
    """Every entry under its letter, each title and address once. Queries do not grow with the pages."""
    if site is None:
        return []
    found = dict.fromkeys(entry for entry in entries(site) if entry.title.strip() and entry.url)
    return by_letter(found, lambda entry: entry.title)


def entries(site: Site) -> Iterator[Entry]:
    """Live pages that anyone may read, the questions that sections answer, and what others add.

    A page told another way is found from its page; home and this list lead back here.
    """
    pages = Page.objects.live().public().descendant_of(site.root_page)
    pages = pages.not_type(HomePage).not_type(AToZPage).not_type(TwinPage)
    for page in pages:
        yield Entry(page.title, page.get_url(current_site=site) or "")
    for section in SectionPage.objects.live().public().descendant_of(site.root_page):
        address = section.get_url(current_site=site) or ""
        for block in section.answers:
            if block.value.anchor:
                yield Entry(block.value.heading_text, f"{address}#{block.value.anchor}")
    for provide in hooks.get_hooks("localoffer_a_to_z_entries"):
        yield from (Entry(title, url) for title, url in provide(site))
