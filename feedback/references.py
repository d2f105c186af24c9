"""The number of a comment, read as people write it."""

import re

from feedback.models.comment import REFERENCE_ALPHABET

LETTERS = re.compile(rf"\A(?:HYS)?([{REFERENCE_ALPHABET}]{{5}})([{REFERENCE_ALPHABET}]{{2}})\Z")


def parse(text: str) -> str:
    """ "hys 7k3q9 2m" becomes "HYS-7K3Q9-2M"; empty for what can be no number of ours."""
    squeezed = re.sub(r"[\s\-–—_.]", "", text[:60]).upper()
    match = LETTERS.match(squeezed)
    return f"HYS-{match[1]}-{match[2]}" if match else ""
