"""Documents by key, from what they are made of: services and pages as they are now."""

from collections.abc import Iterable

from search import documents, page_documents
from search.documents import SearchDocument
from search.engines.base import PAGE, SERVICE, Key


def documents_of(keys: Iterable[Key]) -> list[SearchDocument]:
    """Documents of those among `keys` that families may see now."""
    wanted = set(keys)
    services = [object_id for kind, object_id in wanted if kind == SERVICE]
    pages = {object_id // page_documents.PARTS for kind, object_id in wanted if kind == PAGE}
    found = documents.documents_of(services) if services else []
    found += page_documents.documents_of_pages(sorted(pages)) if pages else []
    return [document for document in found if document.key in wanted]
