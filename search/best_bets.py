"""What staff put first: found by the telling words of a search, in any order."""

from collections.abc import Iterable
from functools import lru_cache

from search import index
from search.engines.base import PAGE, SERVICE, Found, Key
from search.models import BestBet
from search.page_documents import PARTS
from search.words import STOP_STEMS, stems

Words = frozenset[str]
# More than this beside a search would be a second list.
MOST_SHOWN = 2


def telling(text: str) -> Words:
    """The stems that say something; all of them where none does."""
    found = frozenset(stems(text))
    return found - STOP_STEMS or found


class Bets:
    """Best bets by authority and words."""

    def __init__(self, bets: Iterable[BestBet]) -> None:
        self._of: dict[tuple[int, Words], dict[Key, str]] = {}
        for bet in bets:
            key = (PAGE, bet.page_id * PARTS) if bet.page_id else (SERVICE, bet.service_id or 0)
            for phrase in bet.phrase_list:
                self._of.setdefault((bet.authority_id, telling(phrase)), {})[key] = bet.words

    def of(self, authority: int, q: str) -> list[tuple[Found, str]]:
        """What stands first for a search and what staff say of it. What is not live now is not in the
        index, and so not here; one query a kind, and none where nothing matches."""
        keys = self._of.get((authority, telling(q)), {}) if q else {}
        found = index.found_by_key(list(keys)[:MOST_SHOWN]) if keys else []
        return [(one, keys[one.kind, one.object_id]) for one in found]


@lru_cache(maxsize=2)
def bets(version: int) -> Bets:
    """The best bets in use as of `IndexState.synonyms`, read once a version."""
    return Bets(BestBet.objects.filter(active=True).order_by("pk"))
