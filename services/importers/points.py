"""A place on the map as a source gives it: whether it can be right. Pure."""

from typing import Any

from services import postcodes
from services.importers.cells import BadCell

# Farther from a postcode's middle than any outward code is wide, in miles.
ASTRAY = 40.0
# South, north, west and east of Great Britain's postcodes, in degrees.
_POSTCODE_AREA = (49.7, 61.0, -8.7, 1.9)


def point(latitude: Any, longitude: Any, postcode: str) -> tuple[float, float] | None:
    """A point that can be right: in Britain, and near its postcode where that is known.

    None when the source has none. BadCell for 0,0, for the sea, and for one that is far from
    its own postcode.
    """
    if latitude in (None, "") or longitude in (None, ""):
        return None
    try:
        found = (float(latitude), float(longitude))
    except (TypeError, ValueError) as error:
        raise BadCell("Its place on the map is not a pair of numbers.") from error
    written = f"{found[0]:g}, {found[1]:g}"
    if found == (0.0, 0.0):
        raise BadCell("Its place on the map is 0, 0, which means that nobody knows.")
    south, north, west, east = _POSTCODE_AREA
    if not (south <= found[0] <= north and west <= found[1] <= east):
        raise BadCell(f"Its place on the map, {written}, is not in Britain.")
    own = postcodes.lookup(postcode) if postcode else None
    if own is not None:
        if postcodes.distance_miles(*found, own.latitude, own.longitude) > ASTRAY:
            raise BadCell(f"Its place on the map, {written}, is far from its postcode, {postcode}.")
    elif _miles_from_anywhere(found) > ASTRAY / 2:
        raise BadCell(f"Its place on the map, {written}, is in the sea or not in Britain.")
    return found


def _miles_from_anywhere(found: tuple[float, float]) -> float:
    """How far the nearest outward code's middle is."""
    near = (each for each in postcodes.outcodes().values() if abs(each[0] - found[0]) < 1)
    return min((postcodes.distance_miles(*found, *each) for each in near), default=float("inf"))
