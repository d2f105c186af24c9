"""The meanings that one council gave to the words of one source, kept for the next import."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from wagtail.models import Site

from services.importers.base import Importer
from services.importers.meanings import COLUMN, LEAVE_OUT, SUBJECTS, Choices, Meanings, folded
from services.models import ImportMeanings

MOST_WORDS = 2_000

Chosen = Mapping[str, Mapping[str, str]]


class BadMeaning(ValueError):
    """A meaning that cannot be; the message is for the person who gave it."""


def choices_of(importer: Importer, subject: str) -> Choices:
    """What a word of a source may be said to mean: key to label."""
    return importer.columns if subject == COLUMN else SUBJECTS[subject].choices()


def meanings_of(*, authority: Site, importer: Importer, and_now: Chosen | None = None) -> Meanings:
    """What is remembered, and over it what is said now. Raises BadMeaning."""
    held = ImportMeanings.objects.filter(authority=authority, source=importer.source).first()
    return Meanings(_over(held.chosen if held else {}, checked(importer, and_now or {})))


@transaction.atomic
def remember(*, authority: Site, importer: Importer, chosen: Chosen) -> Meanings:
    """Keep what staff said, over what they said before. Raises BadMeaning, with nothing kept."""
    new = checked(importer, chosen)
    held, _ = ImportMeanings.objects.select_for_update().get_or_create(
        authority=authority, source=importer.source
    )
    held.chosen = _over(held.chosen, new)
    held.save(update_fields=["chosen"])
    return Meanings(held.chosen)


def checked(importer: Importer, chosen: Any) -> dict[str, dict[str, str]]:
    """Meanings folded; BadMeaning for a subject or a key that there is not."""
    if not isinstance(chosen, Mapping) or not all(isinstance(words, Mapping) for words in chosen.values()):
        raise BadMeaning('Give meanings as {"need": {"their word": "our key"}}.')
    for subject, words in chosen.items():
        if subject not in SUBJECTS:
            raise BadMeaning(f"There is no subject {subject!r}. There are: {', '.join(SUBJECTS)}.")
        if len(words) > MOST_WORDS:
            raise BadMeaning(f"Give {MOST_WORDS:,} words of a subject at the most.")
        choices = choices_of(importer, subject)
        for word, key in words.items():
            if not isinstance(key, str) or (key != LEAVE_OUT and key not in choices):
                raise BadMeaning(f"{subject}: “{word}” cannot mean {key!r}, which we do not know.")
    return folded(chosen)


def _over(before: Chosen, after: Chosen) -> dict[str, dict[str, str]]:
    subjects = {*before, *after}
    return {subject: {**before.get(subject, {}), **after.get(subject, {})} for subject in subjects}
