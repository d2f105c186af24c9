"""Ordnance Survey grid references to WGS84. Pure.

Source of the method and constants: "A guide to coordinate systems in Great Britain", Ordnance
Survey, sections 6.6 and annexes A to C. Right to about 5 metres, which is nearer than an
address needs; the survey's own grid of corrections (OSTN15) is not shipped.
"""

from math import atan2, cos, degrees, hypot, radians, sin, sqrt, tan

# Airy 1830 ellipsoid and the National Grid's projection (metres, radians).
_AIRY_A, _AIRY_B = 6_377_563.396, 6_356_256.909
_SCALE = 0.9996012717
_ORIGIN_LAT, _ORIGIN_LON = radians(49), radians(-2)
_ORIGIN_E, _ORIGIN_N = 400_000, -100_000

# WGS84 ellipsoid, and the Helmert shift from OSGB36 to it (metres, parts per million, seconds).
_WGS_A, _WGS_B = 6_378_137.0, 6_356_752.3142
_SHIFT = (446.448, -125.157, 542.060)
_SHIFT_PPM = -20.4894
_TURN = (0.1502, 0.2470, 0.8421)

# The grid squares that hold Great Britain.
EAST_END, NORTH_END = 700_000, 1_300_000


def to_wgs84(easting: float, northing: float) -> tuple[float, float]:
    """(latitude, longitude) in degrees of a point of the National Grid, to six decimal places.

    Raises ValueError for a point outside the grid; 0, 0 is how school lists say "unknown".
    """
    if not (0 < easting < EAST_END and 0 < northing < NORTH_END):
        raise ValueError("This point is not on the National Grid.")
    latitude, longitude = _shift(*_unproject(easting, northing))
    return round(degrees(latitude), 6), round(degrees(longitude), 6)


def _meridian(latitude: float) -> float:
    """Metres along the meridian from the projection's origin (annex C, C3)."""
    n = (_AIRY_A - _AIRY_B) / (_AIRY_A + _AIRY_B)
    less, more = latitude - _ORIGIN_LAT, latitude + _ORIGIN_LAT
    return (
        _AIRY_B
        * _SCALE
        * (
            (1 + n + 5 / 4 * n**2 + 5 / 4 * n**3) * less
            - (3 * n + 3 * n**2 + 21 / 8 * n**3) * sin(less) * cos(more)
            + (15 / 8 * n**2 + 15 / 8 * n**3) * sin(2 * less) * cos(2 * more)
            - 35 / 24 * n**3 * sin(3 * less) * cos(3 * more)
        )
    )


def _unproject(easting: float, northing: float) -> tuple[float, float]:
    """Grid to latitude and longitude on Airy 1830, in radians (annex C, C.2)."""
    squared = 1 - (_AIRY_B / _AIRY_A) ** 2
    lat = _ORIGIN_LAT + (northing - _ORIGIN_N) / (_AIRY_A * _SCALE)
    while abs(miss := northing - _ORIGIN_N - _meridian(lat)) >= 0.00001:
        lat += miss / (_AIRY_A * _SCALE)
    nu = _AIRY_A * _SCALE / sqrt(1 - squared * sin(lat) ** 2)
    rho = _AIRY_A * _SCALE * (1 - squared) / (1 - squared * sin(lat) ** 2) ** 1.5
    eta = nu / rho - 1
    t, sec = tan(lat), 1 / cos(lat)
    east = easting - _ORIGIN_E
    latitude = (
        lat
        - t / (2 * rho * nu) * east**2
        + t / (24 * rho * nu**3) * (5 + 3 * t**2 + eta - 9 * t**2 * eta) * east**4
        - t / (720 * rho * nu**5) * (61 + 90 * t**2 + 45 * t**4) * east**6
    )
    longitude = (
        _ORIGIN_LON
        + sec / nu * east
        - sec / (6 * nu**3) * (nu / rho + 2 * t**2) * east**3
        + sec / (120 * nu**5) * (5 + 28 * t**2 + 24 * t**4) * east**5
        - sec / (5040 * nu**7) * (61 + 662 * t**2 + 1320 * t**4 + 720 * t**6) * east**7
    )
    return latitude, longitude


def _shift(lat: float, lon: float) -> tuple[float, float]:
    """Latitude and longitude on OSGB36 to WGS84 by way of space coordinates (annex B)."""
    squared = 1 - (_AIRY_B / _AIRY_A) ** 2
    nu = _AIRY_A / sqrt(1 - squared * sin(lat) ** 2)
    x, y, z = nu * cos(lat) * cos(lon), nu * cos(lat) * sin(lon), nu * (1 - squared) * sin(lat)
    scale = 1 + _SHIFT_PPM / 1e6
    rx, ry, rz = (radians(seconds / 3600) for seconds in _TURN)
    x2 = _SHIFT[0] + x * scale - y * rz + z * ry
    y2 = _SHIFT[1] + x * rz + y * scale - z * rx
    z2 = _SHIFT[2] - x * ry + y * rx + z * scale
    return _to_ellipsoid(x2, y2, z2)


def _to_ellipsoid(x: float, y: float, z: float) -> tuple[float, float]:
    """Space coordinates to latitude and longitude on WGS84, in radians (annex B, B4 to B7)."""
    squared = 1 - (_WGS_B / _WGS_A) ** 2
    from_axis = hypot(x, y)
    lat, before = atan2(z, from_axis * (1 - squared)), 9.0
    while abs(lat - before) > 1e-12:
        before = lat
        nu = _WGS_A / sqrt(1 - squared * sin(lat) ** 2)
        lat = atan2(z + squared * nu * sin(lat), from_axis)
    return lat, atan2(y, x)
