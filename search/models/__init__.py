"""What search keeps: the index, what staff teach it, the guided finder, and counts of searches."""

from search.models.best_bets import BestBet
from search.models.guided import GuidedFinderPage
from search.models.index import IndexedDocument, IndexedWord, IndexSnapshot, IndexState
from search.models.log import RareSearch, SearchCount
from search.models.synonyms import SynonymGroup

__all__ = [
    "BestBet",
    "GuidedFinderPage",
    "IndexSnapshot",
    "IndexState",
    "IndexedDocument",
    "IndexedWord",
    "RareSearch",
    "SearchCount",
    "SynonymGroup",
]
