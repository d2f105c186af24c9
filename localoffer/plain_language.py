"""How the pages of an authority read, and what the editor's checker finds in them."""

from collections import Counter
from dataclasses import dataclass

from wagtail.models import Page, Site

from localoffer.content_checks import CHECK_WORDS, Check, Finding, check
from localoffer.explaining import glossary_for
from localoffer.glossary import Glossary
from localoffer.markup import text_of
from localoffer.models import HomePage
from localoffer.readability import Reading, measure
from localoffer.reading_matter import is_read_in_english, matters


@dataclass(frozen=True, slots=True)
class Review:
    """How one page reads and what was found in it."""

    page: Page
    reading: Reading
    findings: tuple[Finding, ...]

    @property
    def counts(self) -> Counter[Check]:
        return Counter(finding.check for finding in self.findings)

    @property
    def count_words(self) -> list[tuple[str, int]]:
        """(what, how many) of the kinds that were found."""
        return [(CHECK_WORDS[kind], n) for kind in Check if (n := self.counts[kind])]

    @property
    def kind(self) -> str:
        return str(self.page._meta.verbose_name).capitalize()


def review(page: Page, glossary: Glossary | None = None) -> Review:
    """How a specific page reads, as it is in memory: a draft in the editor, or what is live."""
    if glossary is None:
        glossary = glossary_for(page.get_site() if page.path else None)
    parts = matters(page)
    reading = measure("\n".join(text_of(part.html) for part in parts))
    return Review(page, reading, tuple(check(parts, glossary)))


def reviews(site: Site) -> list[Review]:
    """Every live page in English of an authority, the hardest to read first. Queries are bounded."""
    glossary = glossary_for(site)
    pages = Page.objects.live().descendant_of(site.root_page).not_type(HomePage).order_by("path").specific()
    found = [review(page, glossary) for page in pages if is_read_in_english(page)]
    return sorted(found, key=lambda one: -one.reading.lix)
