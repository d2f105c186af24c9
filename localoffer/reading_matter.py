"""What there is to read on a page of any type, part by part, for the editor's checker and the report."""

from collections.abc import Iterator
from html import escape
from typing import Any

from django.db import models
from wagtail import blocks
from wagtail.fields import RichTextField, StreamField
from wagtail.models import Page

from localoffer.content_checks import Matter
from localoffer.digests import own_fields
from localoffer.models import SectionPage

# Words of an answer that stand in fields of their own.
FACTS = ("eligibility", "how_to_get_it", "who_decides", "if_you_disagree")
WORDY_BLOCKS = (blocks.RichTextBlock, blocks.TextBlock, blocks.CharBlock)
ENGLISH = "en"


def is_read_in_english(page: Page) -> bool:
    """Not a translation: the measures are made for English."""
    language = getattr(page, "twin_language", None)
    return language is None or language.code.startswith(ENGLISH)


def matters(page: Page) -> list[Matter]:
    """Every part of a specific page with words in it, in the order that it is edited."""
    if isinstance(page, SectionPage):
        return [Matter("Introduction", _paragraph(page.introduction)), *_answers(page)]
    fields = [field for field in own_fields(type(page)) if field.editable]
    has_date = any(field.name == "review_by" for field in fields)
    found = [Matter(_name(field), html) for field in fields if (html := _html(page, field))]
    if has_date:
        found.append(Matter("The whole page", "", wants_review=True, review_by=page.review_by))
    return found


def _name(field: models.Field) -> str:
    return str(field.verbose_name).capitalize()


def _html(page: Page, field: models.Field) -> str:
    value = getattr(page, field.name)
    if isinstance(field, RichTextField):
        return value or ""
    if isinstance(field, StreamField):
        return "".join(_of_block(block.block, block.value) for block in value)
    is_prose = isinstance(field, models.TextField | models.CharField) and not field.choices
    return _paragraph(value) if is_prose and value else ""


def _paragraph(text: str) -> str:
    return "".join(f"<p>{escape(line)}</p>" for line in str(text or "").splitlines() if line.strip())


def _of_block(block: blocks.Block, value: Any) -> str:
    """The words of a block and of all that is in it; choices and addresses are not words."""
    if isinstance(block, blocks.RichTextBlock):
        return value.source if value else ""
    if isinstance(block, WORDY_BLOCKS):
        return _paragraph(value)
    if isinstance(block, blocks.StructBlock):
        return "".join(_of_block(child, value.get(name)) for name, child in block.child_blocks.items())
    if isinstance(block, blocks.ListBlock):
        return "".join(_of_block(block.child_block, part) for part in value)
    if isinstance(block, blocks.StreamBlock):
        return "".join(_of_block(part.block, part.value) for part in value)
    return ""


def _answers(page: SectionPage) -> Iterator[Matter]:
    for block in page.answers:
        value = block.value
        where = value.heading_text or "Answer"
        if block.block_type != "answer":
            words = [value.get(name) or "" for name in ("reason", "note", "until_then")]
            yield Matter(where, "".join(_paragraph(text) for text in words))
            continue
        facts = "".join(_paragraph(value.get(name) or "") for name in FACTS)
        yield Matter(
            where,
            value["body"].source + facts,
            documents=tuple(_address(document) for document in value["documents"]),
            wants_review=True,
            review_by=value.get("review_by"),
            is_answer=True,
        )


def _address(document: Any) -> str:
    """Of the library's copy its file name, which tells the kind; else the address given."""
    return document["document"].filename if document.get("document") else document.get("url") or ""
