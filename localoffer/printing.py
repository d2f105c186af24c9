"""A section, or the whole offer, as one document to print for people without the internet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.template.loader import render_to_string
from wagtail.models import Page, Site
from wagtail.rich_text import RichText, expand_db_html

from localoffer import contents
from localoffer.contents import ContentsEntry
from localoffer.coproduction import keep_credits
from localoffer.models import GuidancePage, SectionPage

# Between two texts that are made ready together; no editor can type it.
BETWEEN = "\x1e"


@dataclass(frozen=True, slots=True)
class Chapter:
    """A page of the site as part of a document; `questions` are what its contents list holds."""

    page: Page
    anchor: str
    questions: tuple[ContentsEntry, ...] = ()
    body: RichText | None = None

    @property
    def title(self) -> str:
        return self.page.title


@dataclass(frozen=True, slots=True)
class PrintPack:
    """A document to print: its chapters in order, and whether it is the whole offer."""

    title: str
    chapters: tuple[Chapter, ...]
    on: date
    is_whole: bool = False


class ReadyText(RichText):
    """Rich text whose links have been looked up already."""

    def __init__(self, source: str, html: str) -> None:
        super().__init__(source)
        self.html = html

    def __html__(self) -> str:
        return render_to_string("wagtailcore/shared/richtext.html", {"html": self.html})


def whole_offer(site: Site, today: date) -> PrintPack:
    """Every live section with its questions, and the pages under it. Queries do not grow with either."""
    home = site.root_page
    sections = list(SectionPage.objects.descendant_of(home).live().public().order_by("path").specific())
    return PrintPack("The whole offer", _chapters(sections, today), today, is_whole=True)


def one_section(page: Page, today: date) -> PrintPack:
    """A section with the pages under it, or a page of guidance on its own."""
    return PrintPack(page.title, _chapters([page], today), today)


def _chapters(pages: Iterable[Page], today: date) -> tuple[Chapter, ...]:
    pages = list(pages)
    below = GuidancePage.objects.none()
    for page in pages:
        below |= GuidancePage.objects.descendant_of(page)
    found = [*pages, *(below.live().public() if pages else ())]
    found.sort(key=lambda page: page.path)
    keep_credits(found)
    _look_up_links(found)
    return tuple(_chapter(page, today) for page in found)


def _chapter(page: Page, today: date) -> Chapter:
    anchor = f"part-{page.pk}"
    if isinstance(page, SectionPage):
        return Chapter(page, anchor, tuple(contents.of_section(page.answers, today)))
    return Chapter(page, anchor, body=page.ready_body)


def _look_up_links(pages: Iterable[Page]) -> None:
    """Find the addresses of the links in all texts at once: one query for each kind of link."""
    texts: list[tuple[Any, str]] = []
    for page in pages:
        if isinstance(page, SectionPage):
            bodies = (block.value for block in page.answers if block.block_type == "answer")
            texts += [(value, value["body"].source) for value in bodies]
        else:
            texts.append((page, page.body))
    if not texts:
        return
    ready = expand_db_html(BETWEEN.join(source for _, source in texts)).split(BETWEEN)
    for (holder, source), html in zip(texts, ready, strict=True):
        if isinstance(holder, Page):
            holder.ready_body = ReadyText(source, html)
        else:
            holder["body"] = ReadyText(source, html)
