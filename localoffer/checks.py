"""Rules of the house that `manage.py check` proves."""

from typing import Any

from django.core.checks import CheckMessage, Error, Warning
from django.db import DatabaseError
from django.template import TemplateDoesNotExist
from django.template.loader import get_template

from localoffer.models import SECTION_PAGES, SectionPage
from localoffer.regulations import Section, is_requirement


def check_sections(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Every section of the law has a page type, and every page type its template."""
    errors: list[CheckMessage] = [
        Error(f"The section “{section}” has no page type.", id="localoffer.E001")
        for section in Section
        if section not in SECTION_PAGES
    ]
    for model in SECTION_PAGES.values():
        try:
            get_template(model.section_template)
        except TemplateDoesNotExist:
            errors.append(Error(f"{model.__name__} has no template.", obj=model, id="localoffer.E002"))
    return errors


def check_stored_requirements(
    app_configs: Any, databases: list[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """Stored content bound to a key that is no requirement any more is reported, not lost."""
    if not databases:
        return []
    try:
        pages = list(SectionPage.objects.select_related("content_type"))
    except DatabaseError:  # not migrated yet
        return []
    return [
        Warning(
            f"“{page.title}” holds a block bound to “{key}”, which is not a requirement.",
            hint="Open the page and choose another question for that block.",
            obj=page,
            id="localoffer.W001",
        )
        for page in pages
        for key in (block.value.get("requirement") or "" for block in page.answers)
        if not is_requirement(key)
    ]
