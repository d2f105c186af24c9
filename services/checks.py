"""Rules of the directory that `manage.py check` proves."""

from typing import Any

from django.core.checks import CheckMessage, Error, register

from services.postcodes import OUTCODES_FILE, outcodes
from services.vocabulary import FILES, VocabularyError, read_terms


@register("services")
def vocabulary_files_parse(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every shipped vocabulary file is whole and names each key once."""
    found: list[CheckMessage] = []
    for file in FILES:
        try:
            read_terms(file)
        except VocabularyError as error:
            found.append(Error(str(error), hint="Correct the file in services/data.", id="services.E001"))
    return found


@register("services")
def outcodes_are_shipped(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """The centres of the outward codes can be read."""
    try:
        known = outcodes()
    except (OSError, ValueError, IndexError) as error:
        return [Error(f"{OUTCODES_FILE.name} cannot be read: {error}", id="services.E002")]
    return [] if known else [Error(f"{OUTCODES_FILE.name} has no rows.", id="services.E002")]
