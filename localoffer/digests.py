"""What a page says, boiled down to a few characters that change when its words do.

Works on the content that a revision stores, and on a page through `stored()`, so that a live page,
a draft and an old version are compared alike. Formatting, block ids and dates of review are not
words: bold type or a new review date changes no digest of the text.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from html import unescape
from typing import Any

from django.db import models
from modelcluster.models import get_all_child_relations, get_serializable_data_for_fields
from wagtail.fields import StreamField
from wagtail.models import COMMENTS_RELATION_NAME, Page, Revision

# Kept beside the words, and not words themselves.
NOT_WORDS = frozenset(
    {
        "id",
        "pk",
        "owner",
        "reviewed_on",
        "review_by",
        "co_produced_with",
        "services",
        "service_categories",
        "made_from",
        "confirmed_digest",
    }
)
# What of Wagtail's own fields a person edits; the rest is bookkeeping.
EDITED_BY_HAND = frozenset(
    {"title", "slug", "seo_title", "search_description", "show_in_menus", "go_live_at", "expire_at"}
)
BLOCK_TAGS = re.compile(r"</?(?:p|li|ul|ol|h\d|br|hr|div|blockquote|table|tr|td|th)\b[^>]*>", re.I)
LINK_TAGS = re.compile(r"<a\b[^>]*>", re.I)
LINK_TARGETS = re.compile(r'\b(?:href|linktype|id|uuid)="([^"]*)"')
ANY_TAG = re.compile(r"<[^<>]+>")


def plain(text: str) -> str:
    """Words and the targets of links, without the markup that an editor's form may rewrite."""
    if "<" in text:
        targets = sorted(t for tag in LINK_TAGS.findall(text) for t in LINK_TARGETS.findall(tag))
        words = ANY_TAG.sub("", BLOCK_TAGS.sub(" ", text))
        text = " ".join([words, *targets])
    return " ".join(unescape(text).split())


def parts(value: Any, *, skip: frozenset[str] = NOT_WORDS, numbers: bool = False) -> Iterator[str]:
    """Every piece of text in stored content, in an order that does not hang on the order of keys.

    `numbers` adds the references to images, documents and other pages.
    """
    if isinstance(value, Mapping):
        for key in sorted(value):
            if key not in skip and (key, value[key]) != ("type", "item"):  # how Wagtail wraps lists
                yield from parts(value[key], skip=skip, numbers=numbers)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from parts(part, skip=skip, numbers=numbers)
    elif isinstance(value, str):
        if words := plain(value):
            yield words
    elif numbers and value is not None:
        yield str(value)


def digest(texts: Iterable[str]) -> str:
    """32 characters for a sequence of texts."""
    return sha256("\n".join(texts).encode()).hexdigest()[:32]


def stored(page: Page) -> dict[str, Any]:
    """A page's content as a revision stores it, without its comments."""
    content = get_serializable_data_for_fields(page)
    for relation in get_all_child_relations(type(page)):
        name = relation.get_accessor_name()
        if name != COMMENTS_RELATION_NAME:
            content[name] = [child.serializable_data() for child in getattr(page, name).all()]
    return content


def own_fields(model: type[Page]) -> list[models.Field]:
    """The fields that a page type adds to Wagtail's."""
    base = {field.name for field in Page._meta.get_fields()}
    return [
        f
        for f in model._meta.fields
        if f.name not in base and not getattr(f.remote_field, "parent_link", False)
    ]


def _children(model: type[Page]) -> list[str]:
    names = (relation.get_accessor_name() for relation in get_all_child_relations(model))
    return [name for name in names if name != COMMENTS_RELATION_NAME]


def _loaded(field: models.Field, value: Any) -> Any:
    if not isinstance(field, StreamField):
        return value
    return json.loads(value) if isinstance(value, str) else value


def text_of(model: type[Page], content: Mapping[str, Any]) -> Iterator[str]:
    """Everything that a reader of the page is told in words."""
    yield plain(content.get("title") or "")
    for field in own_fields(model):
        if field.name in NOT_WORDS:
            continue
        if isinstance(field, models.CharField | models.TextField | StreamField):
            yield from parts(_loaded(field, content.get(field.name)))
    for name in _children(model):
        yield from parts(content.get(name))


def text_digest(page: Page) -> str:
    """Of the words of a specific page as it is in memory."""
    return digest(text_of(type(page), stored(page)))


def revision_digest(revision: Revision) -> str:
    """Of the words of a kept version."""
    return digest(text_of(revision.content_type.model_class(), revision.content))


def answer_digests(model: type[Page], content: Mapping[str, Any]) -> dict[str, str]:
    """Of the words of each block that is bound to a requirement, by requirement key."""
    found = {}
    for field in own_fields(model):
        if isinstance(field, StreamField):
            for block in _loaded(field, content.get(field.name)) or []:
                value = block.get("value")
                if isinstance(value, Mapping) and value.get("requirement"):
                    found[value["requirement"]] = digest(parts(block))
    return found


def edit_digest(model: type[Page], content: Mapping[str, Any]) -> str:
    """Of all that an editor can set, words or not; a comment on a draft leaves it as it is."""
    skip = frozenset({"id", "pk"})
    own = {
        field.name: _loaded(field, content.get(field.name)) for field in own_fields(model) if field.editable
    }
    children = {name: content.get(name) for name in _children(model)}
    base = {name: content.get(name) for name in EDITED_BY_HAND}
    return digest(parts({**own, **children, **base}, skip=skip, numbers=True))


def last_editor(page: Page) -> int | None:
    """The id of who last changed the latest draft; None where nobody is known to have.

    A revision that only carries a comment, or was only opened and saved, changed nothing.
    """
    revisions = Revision.page_revisions.filter(object_id=str(page.pk)).order_by("-created_at", "-pk")
    model = page.specific_class
    editor, latest = None, None
    for user_id, content in revisions.values_list("user_id", "content").iterator(chunk_size=5):
        seen = edit_digest(model, content)
        if latest is not None and seen != latest:
            break
        editor, latest = user_id, seen
    return editor
