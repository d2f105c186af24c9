"""HTML from outside made harmless: an importer, a feed or a file of the demonstration.

What editors type goes through Wagtail's own whitelist when it is saved. What comes by any other way
comes through here: it keeps running text and links, and drops scripts, styles, frames, handlers and
every address that is not of a page, a mailbox or a telephone.
"""

import re

import nh3

from localoffer.markup import text_of

# What a rich text of ours may hold (see blocks.TEXT_FEATURES), as real HTML.
TAGS = {"p", "br", "h2", "h3", "h4", "b", "strong", "i", "em", "ul", "ol", "li", "a"}
ADDRESSES = {"http", "https", "mailto", "tel"}
# These go with all that is inside them: it was never meant to be read.
EMPTIED = {"script", "style", "iframe", "object", "embed", "template", "noscript", "svg", "math", "form"}


def clean_html(html: str) -> str:
    """Running text with links, and nothing that runs. Never raises on what somebody sent."""
    return nh3.clean(
        without_controls(html),
        tags=TAGS,
        clean_content_tags=EMPTIED,
        attributes={"a": {"href"}},
        url_schemes=ADDRESSES,
        link_rel=None,
        strip_comments=True,
    )


def plain_text(html: str) -> str:
    """The words alone, for a field that shows what it holds as text."""
    return " ".join(text_of(clean_html(html)).split())


def without_controls(text: str) -> str:
    """Without characters that XML and databases cannot hold, or that are half a character."""
    return re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]", "", text)
