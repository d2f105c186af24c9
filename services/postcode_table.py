"""Whole postcodes to the metre, where the optional table is loaded; else the middle of the first half.

`services.postcodes` reads what people type and knows the outward codes; this module adds the
database. A packed row holds, for each inward code in order, its number (two bytes, `6RJ` is 6
times 676 and so on), then latitude and longitude in millionths of a degree (four bytes each, big
end first).
"""

import struct
from collections.abc import Iterable, Mapping

from django.core.cache import cache
from django.db import transaction

from services import postcodes
from services.postcodes import Place, Postcode

CACHE_KEY = "postcodes:loaded"
# Another worker notices a table that was loaded meanwhile within this time.
REMEMBER_SECONDS = 300

_ENTRY = struct.Struct(">Hii")
_MILLION = 1_000_000
_LETTERS = 26


def locate(text: str) -> Place | None:
    """Where a typed postcode is, as nearly as we know; None when it is not one or is nowhere we know.

    One query at most, and none while the table is empty.
    """
    postcode = postcodes.parse(text)
    if postcode and postcode.incode and is_loaded() and (point := _find(postcode)):
        return Place(str(postcode), *point, precise=True)
    return postcodes.lookup(text)


def is_loaded() -> bool:
    """Whether whole postcodes are known here."""
    loaded = cache.get(CACHE_KEY)
    if loaded is None:
        from services.models import PostcodeArea

        loaded = PostcodeArea.objects.exists()
        cache.set(CACHE_KEY, loaded, REMEMBER_SECONDS)
    return loaded


def caution(place: Place) -> str:
    """What to say of a whole postcode that the full table does not have; else nothing."""
    if place.precise or " " not in place.label or not is_loaded():
        return ""
    first_half = place.label.split()[0]
    return (
        f"We do not know {place.label}. It may be new, or no longer in use. "
        f"We measured from the middle of {first_half}."
    )


@transaction.atomic
def store(areas: Iterable[tuple[str, Mapping[str, tuple[float, float]]]]) -> tuple[int, int]:
    """Replace the whole table with `(outcode, {incode: (latitude, longitude)})`: all of it or nothing.

    Returns how many outward codes and postcodes are held now.
    """
    from services.models import PostcodeArea

    PostcodeArea.objects.all().delete()
    rows: list[PostcodeArea] = []
    codes = total = 0
    for outcode, points in areas:
        rows.append(PostcodeArea(outcode=outcode, packed=pack(points)))
        codes, total = codes + 1, total + len(points)
        if len(rows) >= 200:
            PostcodeArea.objects.bulk_create(rows)
            rows = []
    PostcodeArea.objects.bulk_create(rows)
    transaction.on_commit(lambda: cache.delete(CACHE_KEY))
    return codes, total


def pack(points: Mapping[str, tuple[float, float]]) -> bytes:
    """The row of one outward code."""
    entries = sorted((_number(incode), point) for incode, point in points.items())
    return b"".join(
        _ENTRY.pack(number, round(lat * _MILLION), round(lon * _MILLION)) for number, (lat, lon) in entries
    )


def unpack(packed: bytes, incode: str) -> tuple[float, float] | None:
    """The point of one inward code of a row, by halving; None where it is not there."""
    wanted = _number(incode)
    low, high = 0, len(packed) // _ENTRY.size
    while low < high:
        middle = (low + high) // 2
        number, lat, lon = _ENTRY.unpack_from(packed, middle * _ENTRY.size)
        if number == wanted:
            return lat / _MILLION, lon / _MILLION
        low, high = (middle + 1, high) if number < wanted else (low, middle)
    return None


def _find(postcode: Postcode) -> tuple[float, float] | None:
    from services.models import PostcodeArea

    row = PostcodeArea.objects.filter(pk=postcode.outcode).values_list("packed", flat=True).first()
    return unpack(bytes(row), postcode.incode) if row is not None else None


def _number(incode: str) -> int:
    """`0AA` is 0, `9ZZ` is 6759. Raises ValueError for what is not a digit and two letters."""
    if len(incode) != 3 or not incode.isascii() or not incode[0].isdigit() or not incode[1:].isalpha():
        raise ValueError(f"{incode!r} is not the second half of a postcode.")
    first, second = (ord(letter) - ord("A") for letter in incode[1:].upper())
    return (int(incode[0]) * _LETTERS + first) * _LETTERS + second
