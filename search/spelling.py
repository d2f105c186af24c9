"""What a misspelt word may have meant."""

import re
from collections.abc import Iterable, Sequence

from django.db.models import Q

from search import meaning
from search.models import IndexedWord

SHORTEST = 4
MOST_WORDS = 3
MOST_MEANINGS = 3
_DOUBLE = re.compile(r"(.)\1+")


def slips_allowed(word: str) -> int:
    """One slip in a short word, two in a longer one."""
    return 1 if len(word) < 6 else 2


def distance(a: str, b: str, limit: int) -> int:
    """Letters added, dropped, changed, or swapped with a neighbour; `limit` + 1 when it is more.

    (Optimal string alignment distance.)
    """
    if abs(len(a) - len(b)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, start=1):
        last, before, row = before, row, [i]
        for j, other in enumerate(b, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > limit and min(before) > limit:
            return limit + 1
    return min(row[-1], limit + 1)


def nearest(word: str, known: Iterable[str]) -> list[str]:
    """The known words with fewest slips; among those, the ones with the very letters that were typed; and
    among those, the longest like beginning."""
    limit = slips_allowed(word)
    slips = [(found, other) for other in known if (found := distance(word, other, limit)) <= limit]
    if not slips:
        return []
    ranked = sorted(
        (found, not _same_letters(word, other), -_shared_start(word, other), other) for found, other in slips
    )
    return [other for *rank, other in ranked if tuple(rank) == ranked[0][:3]][:MOST_MEANINGS]


def corrections(typed: Sequence[str], names: Iterable[str] = ()) -> dict[str, list[str]]:
    """For each word that nothing holds, what it may have meant, in one query; a common word such as "born"
    was meant. `names`: words that are known beside those of texts.

    People seldom miss a first letter, so one that is missed, missing, too many or changed with the second
    must be the only slip: that keeps the search small.
    """
    doubtful = [word for word in typed if _is_doubtful(word)][:MOST_WORDS]
    if not doubtful:
        return {}
    starts = Q()
    for word in doubtful:
        starts |= Q(word__startswith=word[0]) | Q(word__endswith=word[1:]) | Q(word=_first_two_changed(word))
    known = {*IndexedWord.objects.filter(starts).values_list("word", flat=True), *names}
    found = {word: nearest(word, (other for other in known if _may_be(word, other))) for word in doubtful}
    return {word: meanings for word, meanings in found.items() if meanings}


def _is_doubtful(word: str) -> bool:
    return len(word) >= SHORTEST and word.isalpha() and not meaning.is_common(word)


def _first_two_changed(word: str) -> str:
    return word[1] + word[0] + word[2:]


def _may_be(typed: str, other: str) -> bool:
    """Whether the first letter is right, or is the only slip ("wutism", "peech", "sswim", "uatism")."""
    if other[0] == typed[0]:
        return True
    only_first = other.endswith(typed[1:]) and len(other) <= len(typed) + 1
    return (only_first and distance(typed, other, 1) == 1) or other == _first_two_changed(typed)


def _same_letters(a: str, b: str) -> bool:
    """Whether letters only changed places, or a double one is single: people who mean "sleep" type "slepe"
    and "slep" far sooner than people who mean "slept" do."""
    return sorted(a) == sorted(b) or _DOUBLE.sub(r"\1", a) == _DOUBLE.sub(r"\1", b)


def _shared_start(a: str, b: str) -> int:
    for at, (one, other) in enumerate(zip(a, b, strict=False)):
        if one != other:
            return at
    return min(len(a), len(b))
