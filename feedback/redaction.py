"""Why words were taken out or changed: reasons to choose from, in words for the record."""

from collections.abc import Iterable

from feedback import identifiers
from feedback.enums import Consent
from feedback.identifiers import Kind
from feedback.models import Comment

REASONS = {
    "person": "It names a person",
    "staff": "It names a member of staff",
    "contact": "It tells how to reach somebody",
    "number": "It holds a personal number, a date of birth or an age",
    "place": "It names a school or place with a child",
    "detail": "A detail points to one person",
    "case": "A part is about one person’s own case",
    "summary": "The writer asked for a short version",
    "translated": "It is translated",
    "spelling": "Spelling, so that it can be read",
}
OF_KIND = {
    Kind.NAME: "person",
    Kind.STAFF: "staff",
    Kind.EMAIL: "contact",
    Kind.PHONE: "contact",
    Kind.POSTCODE: "contact",
    Kind.ADDRESS: "contact",
    Kind.ACCOUNT: "contact",
    Kind.BIRTH: "number",
    Kind.NUMBER: "number",
    Kind.SETTING: "place",
    Kind.POINTER: "detail",
    Kind.HEALTH: "detail",
}


def suggested(comment: Comment) -> list[str]:
    """Reasons that the marks in a comment, its language and its writer's wish give."""
    found = {OF_KIND[mark.kind] for mark in identifiers.find(comment.original)}
    if comment.consent == Consent.SUMMARY:
        found.add("summary")
    if comment.language != "en":
        found.add("translated")
    return [key for key in REASONS if key in found]


def in_words(chosen: Iterable[str], more: str = "") -> str:
    """One line for the record: the chosen reasons, then what the moderator wrote."""
    parts = [REASONS[key] for key in REASONS if key in set(chosen)]
    return ". ".join([*parts, *([more.strip()] if more.strip() else [])])
