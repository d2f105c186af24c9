"""A shortlist without an account: the numbers of services, in the address and nowhere on our side. Pure
but for addresses.

A browser with JavaScript also keeps them on the device, so that nobody has to keep an address.
"""

import re
from collections.abc import Iterable

from django.urls import reverse
from django.utils.http import urlencode

MOST = 50
# The list in the address of the shortlist, and the list that goes along through a search.
LISTED, CARRIED = "ids", "saved"
_LONGEST_ID = 12


def read(typed: str) -> tuple[int, ...]:
    """The numbers in some text, each once and in order; also out of a pasted address of a shortlist."""
    text = typed[:4_000].rsplit(f"{LISTED}=", 1)[-1].split("&")[0].replace("%2C", ",")
    numbers = re.findall(r"[0-9]+", text)
    wanted = (int(number) for number in numbers if len(number) <= _LONGEST_ID)
    return tuple(dict.fromkeys(number for number in wanted if number))[:MOST]


def write(ids: Iterable[int]) -> str:
    return ".".join(map(str, ids))


def address(ids: Iterable[int] = ()) -> str:
    """Where a shortlist is shown."""
    listed = write(ids)
    return f"{reverse('search:saved')}?{urlencode({LISTED: listed})}" if listed else reverse("search:saved")


def with_one(ids: Iterable[int], id: int) -> tuple[int, ...]:
    """The list with one more, the oldest left out where it is full."""
    return (*(each for each in ids if each != id), id)[-MOST:]


def without(ids: Iterable[int], id: int) -> tuple[int, ...]:
    return tuple(each for each in ids if each != id)
