"""Documents by key, from what they are made of: services and pages as they are now."""

from collections.abc import Iterable

from search import documents
from search.documents import SearchDocument
from search.engines.base import Key


def documents_of(keys: Iterable[Key]) -> list[SearchDocument]:
    """Documents of those among `keys` that families may see now."""
    services = [object_id for kind, object_id in keys if kind == documents.SERVICE]
    return documents.documents_of(services)
