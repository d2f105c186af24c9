"""Words that may mean that somebody is in danger. Pure; a person always decides.

Wide on purpose: a comment marked for nothing costs a moderator a minute.
"""

import re
from functools import cache

_SIGNS = r"""
    \b999\b | \bsuicid\w* | \bself[\s-]?harm\w* | \boverdos\w*
    | \bkill(?:ed|ing|s)?\s+(?:my|him|her|them|your)sel(?:f|ves)
    | \b(?:doesn'?t|does\s+not|don'?t|do\s+not|didn'?t)\s+want\s+to\s+(?:be\s+here|live|be\s+alive|wake\s+up)
    | \b(?:want(?:s|ed)?|going|wish(?:es|ed)?)\s+(?:to\s+)?(?:die|be\s+dead|i\s+was\s+dead)\b
    | \bend(?:ing)?\s+(?:it\s+all|(?:my|his|her|their)\s+life)
    | \bcut(?:s|ting)?\s+(?:my|him|her|them)sel(?:f|ves)
    | \babus(?:e|ed|es|ing|ive)\b | \bneglect(?:ed|ing|s)?\b | \bassault\w* | \brap(?:e|ed|ist)\b
    | \bgroom(?:ed|ing)\b | \bmolest\w*
    | \b(?:hit|hits|hitting|punch\w*|slap\w*|kick\w*|chok\w*|shook|shaking|drag\w*|bruis\w*|beat(?:s|en|ing)?|
        hurt(?:s|ing)?|locked|shut|restrain\w*|pinned)
      \s+(?:\w+\s+){0,2}?(?:him|her|them|me|my|a\s+child|a\s+(?:small\s+|little\s+)?(?:boy|girl)|the\s+(?:boy|girl|child))\b
    | \bpull(?:ed|ing)?\s+(?:\w+\s+){0,4}(?:by|along\s+by)\s+(?:his|her|their|the)\s+(?:arm|hair|ear|leg|neck)
    | \b(?:not|isn'?t|aren'?t)\s+safe\b | \bunsafe\b | \bin\s+danger\b
    | \bdomestic\s+violence\b | \brun(?:ning)?\s+away\s+from\s+home\b
    """


@cache
def _signs() -> re.Pattern[str]:
    """Put together, a quarter of a second, for the first comment that a worker takes, not when it starts."""
    return re.compile(_SIGNS, re.IGNORECASE | re.VERBOSE)


def tells_of_danger(text: str) -> bool:
    """Whether a person should read this first."""
    return bool(_signs().search(text.replace("’", "'")))
