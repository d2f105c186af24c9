"""HTML cut into tags and what a person reads, in one pass. Pure.

Every piece is a slice of what came in, so that joining the pieces gives it back unchanged. Where a
browser could disagree about what is inside a tag, the piece counts as unread: nobody inserts
anything there. Time grows with the length of the text, whatever is in it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from html import unescape

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>\"'<]*)((?:[^\"'>]|\"[^\"]*\"|'[^']*')*+)>")
_RAW_NAMES = "iframe noembed noframes noscript plaintext script style template textarea title xmp svg math"
_RAW = frozenset(_RAW_NAMES.split())
# Only these two may close themselves: a browser reads <script/> as an opening tag.
_FOREIGN = frozenset({"svg", "math"})
_ATTRIBUTE = r"(?:^|\s){}\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'=<>`]+))"

# A new block of text ends the sentence before it, with or without a full stop.
_BLOCK_NAMES = (
    "address article aside blockquote br dd div dl dt figcaption footer h1 h2 h3 h4 h5 h6 header hr li main "
    "nav ol p pre section summary table td th tr ul"
)
BLOCKS = frozenset(_BLOCK_NAMES.split())


class Kind(Enum):
    """What a piece of HTML is."""

    TEXT = auto()
    OPEN = auto()
    CLOSE = auto()
    UNREAD = auto()


@dataclass(frozen=True, slots=True)
class Piece:
    """A slice of HTML. `name` of a tag is in small letters; `inside` are its attributes as written."""

    kind: Kind
    raw: str
    name: str = ""
    inside: str = ""

    def attribute(self, name: str) -> str:
        """The value of an attribute, or empty."""
        found = re.search(_ATTRIBUTE.format(re.escape(name)), self.inside, re.IGNORECASE)
        return unescape(next((value for value in found.groups() if value is not None), "")) if found else ""


def pieces(html: str) -> Iterator[Piece]:
    """The slices of some HTML, in order."""
    start = scan = 0
    while (at := html.find("<", scan)) >= 0:
        following = html[at + 1 : at + 2]
        if not (following.isascii() and following.isalpha()) and following not in ("/", "!", "?"):
            scan = at + 1
            continue
        if at > start:
            yield Piece(Kind.TEXT, html[start:at])
        piece, end = _markup_at(html, at)
        yield piece
        if _holds_raw_text(piece):
            closing = re.compile(rf"</{piece.name}(?=[\s/>])", re.IGNORECASE).search(html, end)
            until = closing.start() if closing else len(html)
            if until > end:
                yield Piece(Kind.UNREAD, html[end:until])
            end = until
        start = scan = end
    if start < len(html):
        yield Piece(Kind.TEXT, html[start:])


def _markup_at(html: str, at: int) -> tuple[Piece, int]:
    """The tag or comment that begins here; all the rest where it never ends."""
    match = _TAG.match(html, at)
    if match:
        kind = Kind.CLOSE if match[1] else Kind.OPEN
        return Piece(kind, match[0], match[2].lower(), match[3]), match.end()
    is_tag = html[at + 1 : at + 3].lstrip("/")[:1].isalpha()
    closing = "-->" if html.startswith("<!--", at) else ">"
    found = -1 if is_tag else html.find(closing, at)
    end = found + len(closing) if found >= 0 else len(html)
    return Piece(Kind.UNREAD, html[at:end]), end


def _holds_raw_text(piece: Piece) -> bool:
    closed = piece.name in _FOREIGN and piece.inside.endswith("/")
    return piece.kind is Kind.OPEN and piece.name in _RAW and not closed


def text_of(html: str) -> str:
    """What a person reads of some HTML: one line a block, no empty lines."""
    parts = []
    for piece in pieces(html):
        if piece.kind is Kind.TEXT:
            parts.append(re.sub(r"\s+", " ", unescape(piece.raw)))
        elif piece.name in BLOCKS:
            parts.append("\n")
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)
