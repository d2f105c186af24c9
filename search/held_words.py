"""Which words an authority's families can find something by now.

The words that a search may be finished or put right with are kept from every text that was ever indexed.
One that stood only in what has been taken down, such as a name, must not be offered, nor one of another
council alone.
"""

from collections.abc import Iterable

from search import engines
from search.engines.base import PAGE, SERVICE, Concept, Question
from search.words import stems


def held_words(words: Iterable[str], authority: int) -> set[str]:
    """Those of the words that a service or a page holds which families of the authority may see."""
    asked = list(dict.fromkeys(words))
    unknown = set(asked)
    for kind in (SERVICE, PAGE):
        concepts = tuple(Concept(word, (tuple(stems(word)),)) for word in asked if word in unknown)
        if concepts:
            unknown &= set(engines.current().search(Question(authority, concepts, size=1, kind=kind)).unknown)
    return set(asked) - unknown
