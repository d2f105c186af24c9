"""The public log as CSV and JSON: what families read, and nothing that is not public."""

from collections.abc import Callable, Iterator
from typing import Any

from django.http import HttpResponse
from wagtail.models import Site

from feedback import entries, tally
from feedback.enums import SECTION_WORDS, Topic
from feedback.log import LogQuery, every_entry
from feedback.models import Comment
from localoffer.spreadsheets import csv_response

COLUMNS = (
    "number", "when", "people", "subject", "section", "heading", "you said", "changed by us", "our answer",
    "status", "who is responsible", "due by", "done on", "about", "what changed", "address",
)  # fmt: skip


def as_csv(authority: Site, query: LogQuery) -> HttpResponse:
    """One row an entry. Text that would run as a formula is made harmless."""
    return csv_response("comments-and-answers", COLUMNS, rows(authority, query))


def rows(authority: Site, query: LogQuery) -> Iterator[tuple[Any, ...]]:
    """One row an entry, under `COLUMNS`."""
    comments = every_entry(authority, query)
    for comment, card in zip(comments, entries.cards(comments), strict=True):
        yield _row(comment, card)


def as_data(authority: Site, query: LogQuery, absolute: Callable[[str], str]) -> dict[str, Any]:
    """Entries and counts. The counts are of all comments, whatever the filters."""
    account = tally.of(Comment.objects.of(authority))
    comments = every_entry(authority, query)
    pairs = zip(comments, entries.cards(comments), strict=True)
    return {
        "counts": {
            "received": account.received,
            "shown": account.shown,
            "being_read": account.being_read,
            "not_shown": [{"number": n.count, "why": n.why} for n in account.not_shown],
        },
        "entries": [_entry(comment, card, absolute) for comment, card in pairs],
    }


def _answer(card: entries.Card) -> str:
    return "\n".join(f"{p.begins} {p.text}".strip() for p in card.answer.paragraphs)


def _row(comment: Comment, card: entries.Card) -> tuple[Any, ...]:
    action = comment.action
    return (
        card.reference,
        card.months,
        card.people,
        Topic(comment.topic).label,
        SECTION_WORDS.get(comment.section, ""),
        card.title,
        card.said,
        card.edited,
        _answer(card),
        card.answer.status_text,
        card.answer.owner_role,
        _iso(action.target_date if action else comment.answer_due),
        _iso(action.done_on if action else None),
        card.about_title,
        card.answer.evidence_url,
        card.url,
    )


def _entry(comment: Comment, card: entries.Card, absolute: Callable[[str], str]) -> dict[str, Any]:
    action = comment.action
    return {
        "number": card.reference,
        "address": absolute(card.url),
        "when": card.months,
        "people": card.people,
        "subject": comment.topic,
        "section": comment.section,
        "heading": card.title,
        "you_said": card.said,
        "changed_by_us": card.edited,
        "our_answer": [{"begins": p.begins, "text": p.text} for p in card.answer.paragraphs],
        "status": card.answer.status,
        "status_text": card.answer.status_text,
        "who_is_responsible": card.answer.owner_role,
        "due_by": _iso(action.target_date if action else comment.answer_due) or None,
        "done_on": _iso(action.done_on if action else None) or None,
        "about": {"title": card.about_title, "address": absolute(card.about_url) if card.about_url else None},
        "what_changed": absolute(card.answer.evidence_url) if card.answer.evidence_url else None,
        "timeline": [{"when": m.when, "what": m.text} for m in card.moments],
    }


def _iso(day: Any) -> str:
    return day.isoformat() if day else ""
