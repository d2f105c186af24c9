"""Grid references to latitude and longitude."""

import csv

import pytest

from services.national_grid import to_wgs84
from services.postcodes import OUTCODES_FILE, distance_miles

METRES = 1609.344


@pytest.mark.parametrize(
    ("easting", "northing", "latitude", "longitude"),
    [
        # The survey's own worked example (Caister water tower), in WGS84.
        (651409.903, 313177.270, 52.657979, 1.716052),
        # Postcodes of Bristol as the Office for National Statistics gives them.
        (359905, 172440, 51.449516, -2.57837),
        (360205, 173432, 51.458457, -2.574165),
    ],
)
def test_to_wgs84_when_a_known_point_then_within_five_metres(easting, northing, latitude, longitude):
    found = to_wgs84(easting, northing)
    assert distance_miles(*found, latitude, longitude) * METRES < 5


def test_to_wgs84_when_any_outward_code_of_great_britain_then_where_the_statistics_office_puts_it():
    with OUTCODES_FILE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found = to_wgs84(float(row["easting"]), float(row["northing"]))
            away = distance_miles(*found, float(row["lat"]), float(row["lon"])) * METRES
            assert away < 5, row["outcode"]


@pytest.mark.parametrize(
    "point", [(0, 0), (0, 172440), (359905, 0), (-1, 5), (700_000, 5), (float("nan"), 5), (5, float("inf"))]
)
def test_to_wgs84_when_off_the_grid_then_refused(point):
    with pytest.raises(ValueError, match="National Grid"):
        to_wgs84(*point)
