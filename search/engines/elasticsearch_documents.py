"""A document as Elasticsearch keeps it: strict mapping, words as stems, facets as keywords.

Words are analysed once, in Python (`search.words`), for every engine and for highlights. The server is
given stems and parts them at spaces, so that it finds the very documents that the embedded engine finds,
and needs no language analysis of its own.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from elasticsearch.dsl import Boolean, Document, GeoPoint, Integer, Keyword, Long, MetaField, Object, Text

from search import facets, words
from search.documents import SearchDocument
from search.engines.bitmaps import AGES
from search.engines.text import FIELDS, MOST_STEMS_A_FIELD

# Between fields, so that no phrase runs from one into the next.
GAP = 100
# A keyword may hold 32,766 bytes; names beyond this are the same to a reader of a list.
LONGEST_NAME = 500
# The one document that is nothing to find: it says how far the index has followed the table.
MARKER = "marker"

SETTINGS: Mapping[str, Any] = {
    # One shard: counts and scores are exact, and 300,000 services are a small index.
    "number_of_shards": 1,
    "auto_expand_replicas": "0-1",
    # Refreshed by us after each write; searches see either all of it or none.
    "refresh_interval": -1,
    "max_result_window": 10_000,
}


def _stems(**options: Any) -> Text:
    return Text(analyzer="whitespace", **options)


class IndexedHelp(Document):
    """`row` is the key of `IndexedDocument`, which holds the card. `words` holds every field, for what
    matches; `text` each by itself, for how well it matches.

    `generation` and `complete` are those of `IndexState`: what the document was written under, and (on
    the marker alone) the generation up to which nothing is missing.
    """

    row = Long()
    kind = Keyword()
    object_id = Long()
    generation = Long()
    complete = Long()
    sort_name = Keyword()
    authorities = Keyword(multi=True)
    everywhere = Boolean()
    values = Object(dynamic="strict", properties={facet.key: Keyword(multi=True) for facet in facets.FACETS})
    youngest = Integer()
    oldest = Integer()
    checked = Integer()
    points = GeoPoint(multi=True)
    words = _stems(multi=True, norms=False, position_increment_gap=GAP)
    text = Object(dynamic="strict", properties={name: _stems() for name in FIELDS})

    class Meta:
        dynamic = MetaField("strict")


def body() -> dict[str, Any]:
    """What an index is made with."""
    return {"settings": dict(SETTINGS), "mappings": IndexedHelp._doc_type.mapping.to_dict()}


def fingerprint() -> str:
    """Names this shape of index, so that a new version never reads or writes one of another shape."""
    return sha256(json.dumps(body(), sort_keys=True).encode()).hexdigest()[:8]


def id_of(kind: str, object_id: int) -> str:
    return f"{kind}-{object_id}"


def source_of(document: SearchDocument, row: int, generation: int) -> dict[str, Any]:
    """The document as JSON."""
    stems = {name: " ".join(words.stems(text, MOST_STEMS_A_FIELD)) for name, text in document.text.items()}
    held = {name: text for name, text in stems.items() if text}
    return {
        "row": row,
        "kind": document.kind,
        "object_id": document.object_id,
        "generation": generation,
        "sort_name": " ".join(words.folded(document.name))[:LONGEST_NAME],
        "authorities": [str(authority) for authority in sorted(document.authorities)],
        "everywhere": document.everywhere,
        "values": facets.read(document),
        "youngest": 0 if document.min_age is None else document.min_age,
        "oldest": AGES[-1] if document.max_age is None else document.max_age,
        "checked": document.last_checked.toordinal() if document.last_checked else 0,
        "points": [{"lat": latitude, "lon": longitude} for latitude, longitude in document.points],
        "words": list(held.values()),
        "text": held,
    }
