"""What search keeps: the index, and the words that staff teach it."""

from search.models.index import IndexedDocument, IndexedWord, IndexState
from search.models.synonyms import SynonymGroup

__all__ = ["IndexState", "IndexedDocument", "IndexedWord", "SynonymGroup"]
