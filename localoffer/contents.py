"""What the contents lists of the home page and of a section hold."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import NoReverseMatch, reverse

from localoffer.regulations import Section

# "I want to…" on the front page, each the address of one answer.
TASKS = (
    ("ask for a plan for my child", "how.identify_assess"),
    ("get help in school", "edu.mainstream"),
    ("get a break", "social.short_breaks"),
    ("find something fun to do", "social.leisure"),
    ("get my child to school or college", "transport.arrangements"),
    ("get therapy or help with feelings", "health.therapies"),
    ("plan for work and adult life", "pfa.employment"),
    ("get free advice", "adv.sources"),
    ("say that I disagree with a decision", "redress.disagreement"),
    ("make a complaint", "redress.complaints"),
)


@dataclass(frozen=True, slots=True)
class ContentsEntry:
    """A line of a contents list; `status` is "", "late", "missing" or "not_applicable"."""

    title: str
    anchor: str
    status: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    title: str
    url: str


def of_section(answers: Iterable[Any], today: date) -> list[ContentsEntry]:
    """One entry a block, so that nobody scrolls only to be let down."""
    return [
        ContentsEntry(block.value.heading_text, block.value.anchor, _status(block, today))
        for block in answers
        if block.value.anchor
    ]


def _status(block: Any, today: date) -> str:
    if block.block_type == "not_published":
        return "missing"
    if block.block_type == "not_applicable":
        return "not_applicable"
    return "late" if block.value.is_overdue(today) else ""


def services_url(section: Section) -> str:
    """The directory, filtered to a section."""
    try:
        return f"{reverse('search:results')}?section={section.value}"
    except NoReverseMatch:
        return ""


def tasks(sections: Iterable[Any]) -> tuple[Task, ...]:
    """The tasks that these section pages answer, with the address of each answer."""
    where = {
        block.value.get("requirement"): f"{page.get_url()}#{block.value.anchor}"
        for page in sections
        for block in page.answers
    }
    return tuple(Task(title, where[key]) for title, key in TASKS if key in where)
