"""Pages of content as `SearchDocument`s: each page, each answer of a section, each word of the glossary."""

from collections.abc import Iterable, Iterator
from itertools import islice

from wagtail.models import Page, Site
from wagtail.query import PageQuerySet

from localoffer.blocks import BoundValue
from localoffer.models import (
    AToZPage,
    GlossaryPage,
    GlossaryTerm,
    HomePage,
    NewsIndexPage,
    SectionPage,
    TwinPage,
)
from localoffer.reading_matter import matters
from localoffer.sanitising import plain_text
from search.documents import LONGEST_BODY, SearchDocument
from search.engines.base import PAGE
from services.vocabulary import labels

# `object_id` of a part is its page's id times this, and the part's number; the page itself is part 0.
PARTS = 1_000
LONGEST_SUMMARY = 220
# Lists, which only lead on to what is found by itself, and the same page told another way.
LISTS = (HomePage, AToZPage, NewsIndexPage, TwinPage)


def pages() -> PageQuerySet:
    """The pages that anyone may find."""
    found = Page.objects.live().public()
    for model in LISTS:
        found = found.not_type(model)
    return found


def every_document() -> Iterator[SearchDocument]:
    """Every document there should be of every authority's pages."""
    for site in Site.objects.select_related("root_page"):
        for page in pages().descendant_of(site.root_page).order_by("path").specific():
            yield from documents_of(page, site)


def how_many() -> int:
    return sum(1 for _ in every_document())


def documents_of_pages(ids: Iterable[int]) -> list[SearchDocument]:
    """The documents of those pages that anyone may find."""
    found: list[SearchDocument] = []
    for page in pages().filter(pk__in=list(ids)).specific():
        site = page.get_site()
        if site:
            found += documents_of(page, site)
    return found


def documents_of(page: Page, site: Site) -> Iterator[SearchDocument]:
    """A specific page and its parts; nothing where it has no address on that site."""
    url = page.get_url(current_site=site)
    if not url:
        return
    read = _Reader(page, site, url)
    yield read.whole()
    if isinstance(page, SectionPage):
        yield from read.answers(page)
    elif isinstance(page, GlossaryPage):
        yield from read.words()


class _Reader:
    """Makes the documents of one page."""

    def __init__(self, page: Page, site: Site, url: str) -> None:
        self.page, self.site, self.url = page, site, url

    def whole(self) -> SearchDocument:
        """The page; a section's answers are left to their own documents."""
        texts = [plain_text(matter.html) for matter in matters(self.page)]
        if isinstance(self.page, SectionPage):
            texts = texts[:1]
        told = " ".join(filter(None, texts))
        summary = self.page.search_description or getattr(self.page, "introduction", "")
        summary = summary or getattr(self.page, "summary", "") or told
        return self._document(0, self.page.title, "", summary, told, "Guide")

    def answers(self, section: SectionPage) -> Iterator[SearchDocument]:
        kinds = labels("category")
        parts = zip(section.answers, matters(section)[1:], strict=True)
        for number, (block, matter) in enumerate(islice(parts, PARTS - 1), start=1):
            value: BoundValue = block.value
            if not value.anchor:
                continue
            told = plain_text(matter.html)
            topics = [kinds[key] for key in value.get("service_categories") or [] if key in kinds]
            if value.requirement:
                topics.append(value.requirement.question)
            yield self._document(
                number, value.heading_text, f"#{value.anchor}", told, told, section.title, " . ".join(topics)
            )

    def words(self) -> Iterator[SearchDocument]:
        """Each word of the authority's glossary."""
        for number, term in enumerate(GlossaryTerm.objects.of(self.site)[: PARTS - 1], start=1):
            name = f"{term.term}: {term.expansion}" if term.expansion else term.term
            meaning, also = term.plain_meaning, " . ".join(term.other_ways)
            yield self._document(number, name, f"#{term.anchor}", meaning, meaning, self.page.title, also)

    def _document(
        self, part: int, name: str, anchor: str, summary: str, told: str, kicker: str, topics: str = ""
    ) -> SearchDocument:
        short = shortened(summary)
        return SearchDocument(
            kind=PAGE,
            object_id=self.page.pk * PARTS + part,
            name=name,
            authorities=frozenset({self.site.pk}),
            text={"name": name, "topics": topics, "summary": short, "description": told},
            card={
                "name": name,
                "url": f"{self.url}{anchor}",
                "kicker": kicker,
                "summary": short,
                "body": told[:LONGEST_BODY],
                "authority": self.site.pk,
            },
        )


def shortened(text: str) -> str:
    """The beginning of a text, cut after a word."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_SUMMARY else text[:LONGEST_SUMMARY].rsplit(" ", 1)[0] + " …"
