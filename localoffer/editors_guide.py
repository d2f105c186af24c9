"""The editor's guide: chapters in plain words, kept as Markdown in `guide/`, read inside the admin.

A chapter begins with "# Title"; a line "<!-- for: name name:* -->" says for which addresses of the admin
it is the help. A link to "guide:chapter" or "admin:url_name" leads there, so that no address is written out.
"""

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

from django.urls import reverse

FOLDER = Path(__file__).parent / "guide"
TITLE = re.compile(r"\A# (.+)\n+")
FOR = re.compile(r"^<!-- for: (.*?) -->\n+", re.MULTILINE)
LINK = re.compile(r"\]\((guide|admin):([\w:]+)\)")


@dataclass(frozen=True, slots=True)
class Chapter:
    """`helps` are patterns of the addresses that the chapter is the help for; `text` is Markdown."""

    slug: str
    title: str
    helps: tuple[str, ...]
    text: str

    @property
    def url(self) -> str:
        return reverse("guide_chapter", args=[self.slug])

    def html(self) -> str:
        """Trusted: it comes from this folder alone."""
        from markdown_it import MarkdownIt  # only who reads the guide waits for it

        return MarkdownIt("commonmark").enable("table").render(LINK.sub(_address, self.text))


def _address(found: re.Match[str]) -> str:
    kind, name = found.groups()
    return f"]({reverse('guide_chapter', args=[name]) if kind == 'guide' else reverse(name)})"


@cache
def chapters() -> tuple[Chapter, ...]:
    """In the order of their file names, whose number is not part of the address."""
    return tuple(_read(path) for path in sorted(FOLDER.glob("*.md")))


def _read(path: Path) -> Chapter:
    text = path.read_text(encoding="utf-8")
    title, helps = TITLE.search(text), FOR.search(text)
    if title is None:
        raise ValueError(f"{path.name} has no title.")
    return Chapter(
        slug=path.stem.partition("-")[2],
        title=title[1],
        helps=tuple(helps[1].split()) if helps else (),
        text=FOR.sub("", TITLE.sub("", text)),
    )


def chapter_for(view_name: str) -> Chapter | None:
    """The chapter that is the help for an address of the admin."""
    for chapter in chapters():
        if any(fnmatchcase(view_name, pattern) for pattern in chapter.helps):
            return chapter
    return None
