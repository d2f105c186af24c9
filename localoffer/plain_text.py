"""What somebody typed, without the marks that nobody sees and that change how it is read."""

import unicodedata

# They turn the order of all that follows: a number is then read otherwise than it is found. Phones put them
# round a number that is copied from an address book. Arabic and Hebrew need none of them.
TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNSEEN = ("Cc", "Cs")


def plain(text: str) -> str:
    """Without control characters; line ends as one character."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        c for c in text if c in "\n\t" or (c not in TURNS and unicodedata.category(c) not in _UNSEEN)
    )
