"""The demonstration's pages that are not bound to the law: steps, news, glossary, tasks, formats."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, Site

from localoffer.glossary_file import load as load_glossary
from localoffer.models import (
    AccessibilityStatementPage,
    AlternativeFormatsPage,
    AToZPage,
    GlossaryPage,
    GlossaryTerm,
    LandingPage,
    NewsIndexPage,
    NewsPage,
    StepByStepPage,
)
from localoffer.sanitising import clean_html

GLOSSARY = {
    "title": "What words mean",
    "slug": "glossary",
    "introduction": "Short meanings of the words and letters that people use about extra help.",
}
A_TO_Z = {
    "title": "A to Z of this site",
    "slug": "a-z",
    "introduction": "Every page here, and every question that we answer.",
}
# Where people look for a page that has another name here.
MOVED = {"/cookies/": "privacy"}
HTML = frozenset(
    {"body", "words", "afterwards", "not_accessible", "disproportionate_burden"}
    | {"outside_the_law", "alternatives", "method", "not_yet_checked"}
)
DATES = frozenset({"reviewed_on", "review_by", "date", "prepared_on", "last_reviewed_on", "last_tested_on"})


def pages(folder: Path) -> Iterator[Page]:
    """The pages that hang under the home page, not saved, in the order of the menu."""
    for row in _read(folder, "landings"):
        yield _landing(row)
    steps = _read(folder, "steps")
    yield StepByStepPage(**_made(steps, but={"steps"}), steps=_stream("step", steps["steps"]), live=False)
    yield GlossaryPage(**GLOSSARY, live=False)
    yield AToZPage(**A_TO_Z, live=False)
    yield NewsIndexPage(**_made(_read(folder, "news"), but={"news"}), live=False)
    yield AlternativeFormatsPage(**_made(_read(folder, "formats")), live=False)
    statement = _read(folder, "statement")
    made = _made(statement, but={"introduction"})
    made["introduction"] = clean_html(statement["introduction"])
    yield AccessibilityStatementPage(**made, live=False)


def news(folder: Path) -> Iterator[NewsPage]:
    """The pieces of news, not saved."""
    for row in _read(folder, "news")["news"]:
        yield NewsPage(**_made(row), live=False)


def load_news(site: Site, folder: Path) -> int:
    """Publish the news when its list has none yet; returns how many pieces were made."""
    index = NewsIndexPage.objects.child_of(site.root_page).first()
    if index is None or index.get_children().exists():
        return 0
    made = list(news(folder))
    for piece in made:
        index.add_child(instance=piece)
        piece.save_revision().publish()
    return len(made)


def load_words(site: Site, folder: Path) -> int:
    """Fill a glossary that is empty: a word that staff deleted stays deleted."""
    if GlossaryTerm.objects.of(site).exists():
        return 0
    return load_glossary(site, folder / "glossary.json").added


def _read(folder: Path, name: str) -> Any:
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


def _made(row: dict[str, Any], *, but: set[str] | None = None) -> dict[str, Any]:
    """Values for fields: dates as dates, HTML made harmless."""
    return {key: _value(key, value) for key, value in row.items() if key not in (but or set())}


def _value(key: str, value: Any) -> Any:
    if key in DATES and value:
        return date.fromisoformat(value)
    return clean_html(value) if key in HTML else value


def _stream(kind: str, rows: list[Any]) -> list[tuple[str, Any]]:
    return [(kind, _made(row) if isinstance(row, dict) else row) for row in rows]


def _landing(row: dict[str, Any]) -> LandingPage:
    return LandingPage(
        title=row["title"],
        slug=row["slug"],
        introduction=row["introduction"],
        first_things=_stream("thing", row["first_things"]),
        questions=_stream("question", row["questions"]),
        kinds_of_service=_stream("kind", row["kinds_of_service"]),
        people=[("person", person) for person in row["people"]],
        reviewed_on=date(2026, 11, 20),
        review_by=date(2027, 11, 20),
        live=False,
    )


def load_redirects(site: Site) -> None:
    """Old or usual addresses that lead to a page of another name; what is there already stays."""
    for path, slug in MOVED.items():
        page = Page.objects.child_of(site.root_page).filter(slug=slug).first()
        if page:
            old = Redirect.normalise_path(path)
            Redirect.objects.get_or_create(old_path=old, site=site, defaults={"redirect_page": page})
