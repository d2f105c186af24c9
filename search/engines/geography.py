"""Distances without trigonometry at search time. Pure.

A point on the globe is a unit vector; the straight line (chord) between two of them grows with the
distance on the ground, so chords are compared and only the distances that are shown are worked out.
"""

from collections.abc import Iterator
from math import asin, cos, floor, radians, sin, sqrt

from services.postcodes import EARTH_RADIUS_MILES

Vector = tuple[float, float, float]
Cell = tuple[int, int]

CELL_DEGREES = 0.04
# Of latitude, on the ball of EARTH_RADIUS_MILES.
MILES_PER_DEGREE = radians(1) * EARTH_RADIUS_MILES


def vector(latitude: float, longitude: float) -> Vector:
    """The unit vector of a place (WGS84 degrees, the earth taken as a ball)."""
    lat, lon = radians(latitude), radians(longitude)
    return (cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat))


def chord_squared(a: Vector, b: Vector) -> float:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2


def reach(miles: float) -> float:
    """The squared chord of a distance on the ground."""
    return 4 * sin(min(miles / EARTH_RADIUS_MILES, 3.0) / 2) ** 2


def miles(squared: float) -> float:
    """The distance on the ground of a squared chord."""
    return 2 * EARTH_RADIUS_MILES * asin(min(1.0, sqrt(squared) / 2))


def cell(latitude: float, longitude: float) -> Cell:
    """The square of the grid that holds a place."""
    return (floor(latitude / CELL_DEGREES), floor(longitude / CELL_DEGREES))


def centre(square: Cell) -> Vector:
    """The middle of a square."""
    return vector((square[0] + 0.5) * CELL_DEGREES, (square[1] + 0.5) * CELL_DEGREES)


def span(origin: Vector, square: Cell, middle: Vector) -> tuple[float, float]:
    """Miles from `origin` that no point of the square is nearer than, and none further than."""
    half_tall = CELL_DEGREES / 2 * MILES_PER_DEGREE
    nearest_equator = max(0.0, min(abs(square[0]), abs(square[0] + 1)) * CELL_DEGREES)
    half_wide = half_tall * cos(radians(min(90.0, nearest_equator)))
    half_diagonal = sqrt(half_tall**2 + half_wide**2) * 1.01
    distance = miles(chord_squared(origin, middle))
    return distance - half_diagonal, distance + half_diagonal


class Around:
    """The squares that may hold a place within some miles: a few more than needed, never fewer."""

    def __init__(self, latitude: float, longitude: float, within: float) -> None:
        tall = within / MILES_PER_DEGREE + 0.02
        furthest_north = min(89.0, max(abs(latitude - tall), abs(latitude + tall)))
        wide = within / (MILES_PER_DEGREE * cos(radians(furthest_north))) + 0.02
        self.low = cell(latitude - tall, longitude - wide)
        self.high = cell(latitude + tall, longitude + wide)

    def __contains__(self, square: Cell) -> bool:
        (south, west), (north, east) = self.low, self.high
        return south <= square[0] <= north and west <= square[1] <= east

    @property
    def size(self) -> int:
        return (self.high[0] - self.low[0] + 1) * (self.high[1] - self.low[1] + 1)

    def cells(self) -> Iterator[Cell]:
        for row in range(self.low[0], self.high[0] + 1):
            for column in range(self.low[1], self.high[1] + 1):
                yield (row, column)
