"""Postcodes as people type them, and where they are. Pure: a shipped file, no database.

Coordinates are WGS84 degrees of the centre of the outward code ("BS5"): a mile or two wide in
a town, more in the country. Source: ONS, see `services/data/README.md`.
"""

import csv
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from statistics import fmean

OUTCODES_FILE = Path(__file__).parent / "data" / "outcodes.csv"
EARTH_RADIUS_MILES = 3958.7613
LONGEST_TYPED = 20
PUNCTUATION = ".,-_/'\"()"

# The shapes of an outward code, L a letter and D a digit (BS 7666), by length.
_SHAPES = {2: ["LD"], 3: ["LDD", "LLD", "LDL"], 4: ["LLDD", "LLDL"]}
_AS_DIGIT = {"O": "0", "I": "1", "L": "1"}
_AS_LETTER = {"0": "O", "1": "I"}

# Not in the shipped file, and why.
_ONLY_BRITAIN = "We can only measure distance in England, Scotland and Wales."
_NO_PLACE = (
    "That postcode is for letters to an organisation, not of a place. "
    "Enter the postcode of the place where you are now."
)
_ELSEWHERE = {
    "BT": f"That postcode is in Northern Ireland. {_ONLY_BRITAIN}",
    "JE": f"That postcode is in Jersey. {_ONLY_BRITAIN}",
    "GY": f"That postcode is in Guernsey. {_ONLY_BRITAIN}",
    "IM": f"That postcode is on the Isle of Man. {_ONLY_BRITAIN}",
    "GX": f"That postcode is in Gibraltar. {_ONLY_BRITAIN}",
    "BX": _NO_PLACE,
    "XX": _NO_PLACE,
    "BF": "That is a British Forces postcode. Enter the postcode of the place where you are now.",
}


@dataclass(frozen=True, slots=True)
class Postcode:
    """`outcode` "BS5"; `incode` "6RJ" or empty."""

    outcode: str
    incode: str = ""

    def __str__(self) -> str:
        return f"{self.outcode} {self.incode}".strip()

    @property
    def area(self) -> str:
        """The letters it starts with, "BS"."""
        return self.outcode[: 2 if self.outcode[1:2].isalpha() else 1]


@dataclass(frozen=True, slots=True)
class Place:
    """`label` as we write it back; `precise` only when the whole postcode was found."""

    label: str
    latitude: float
    longitude: float
    precise: bool


@cache
def outcodes() -> dict[str, tuple[float, float]]:
    """Outward code to (latitude, longitude) of its centre; read once.

    Central London's districts are split by a last letter (SW1A, SW1E …); "SW1" is their middle.
    """
    with OUTCODES_FILE.open(encoding="utf-8", newline="") as lines:
        rows = csv.reader(lines)
        next(rows)
        centres = {row[0]: (float(row[1]), float(row[2])) for row in rows}
    parts: dict[str, list[tuple[float, float]]] = {}
    for code, centre in centres.items():
        if code[-1].isalpha() and code[:-1] not in centres and code[-2].isdigit():
            parts.setdefault(code[:-1], []).append(centre)
    middles = {
        code: (fmean(lat for lat, _ in points), fmean(lon for _, lon in points))
        for code, points in parts.items()
    }
    return {**centres, **middles}


def parse(text: str) -> Postcode | None:
    """What postcode, or first half of one, a person meant; None when it has no such shape.

    Case, spaces and punctuation are forgiven, and O for 0 and I or L for 1. A half-typed
    second half ("BS5 6") counts as the first half.
    """
    typed = _squeeze(text)
    if typed.isdigit() or typed.isalpha():
        return None
    known = (reading for reading in _readings(typed) if reading.outcode in outcodes())
    return next(known, None) or next(_readings(typed), None)


def lookup(text: str) -> Place | None:
    """Where a typed postcode is; None when it is not a postcode or we do not know it."""
    postcode = parse(text)
    centre = outcodes().get(postcode.outcode) if postcode else None
    if postcode is None or centre is None:
        return None
    return Place(str(postcode), *centre, precise=False)


def explain(text: str) -> str:
    """Why `lookup` found nothing, kindly, for the person who typed it."""
    if "BFPO" in text.upper():
        return _ELSEWHERE["BF"]
    if _squeeze(text) in ("GIR0AA", "G1R0AA"):
        return _NO_PLACE
    postcode = parse(text)
    if postcode is None:
        return "That does not look like a postcode. Enter one such as BS5 6RJ, or the first half, BS5."
    if postcode.area in _ELSEWHERE:
        return _ELSEWHERE[postcode.area]
    return (
        f"We could not find the postcode {postcode}. It may be new, or no longer in use. "
        "Check it, or enter the first half, such as BS5."
    )


def distance_miles(a_lat: float, a_lon: float, b_lat: float, b_lon: float) -> float:
    """Miles between two points as the crow flies (haversine, WGS84 degrees)."""
    half_lat = radians(b_lat - a_lat) / 2
    half_lon = radians(b_lon - a_lon) / 2
    chord = sin(half_lat) ** 2 + cos(radians(a_lat)) * cos(radians(b_lat)) * sin(half_lon) ** 2
    return 2 * EARTH_RADIUS_MILES * asin(min(1.0, sqrt(chord)))


def _squeeze(text: str) -> str:
    """Capital letters and digits only; empty when it is too long, or has what no postcode has."""
    plain = unicodedata.normalize("NFKC", text[: LONGEST_TYPED + 1]).upper()
    letters = "".join(c for c in plain if not c.isspace() and c not in PUNCTUATION)
    return letters if len(text) <= LONGEST_TYPED and letters.isascii() and letters.isalnum() else ""


def _readings(typed: str) -> Iterator[Postcode]:
    """Every way to read it, likeliest first: whole, first half, half-typed second half."""
    if 5 <= len(typed) <= 7 and (incode := _as_incode(typed[-3:])):
        yield from (Postcode(outcode, incode) for outcode in _as_outcodes(typed[:-3]))
    yield from map(Postcode, _as_outcodes(typed))
    for cut in (1, 2):
        sector, unit = typed[-cut:][:1], typed[-cut:][1:]
        if sector.isdigit() and (not unit or unit.isalpha()):
            yield from map(Postcode, _as_outcodes(typed[:-cut]))


def _as_incode(typed: str) -> str:
    """A digit and two letters, or empty."""
    first = _AS_DIGIT.get(typed[0], typed[0])
    return first + typed[1:] if first.isdigit() and typed[1:].isalpha() else ""


def _as_outcodes(typed: str) -> list[str]:
    """The outward codes it may be, fewest slips first."""
    found = []
    for shape in _SHAPES.get(len(typed), []):
        letters = [_as(kind, character) for kind, character in zip(shape, typed, strict=True)]
        found += ["".join(choice) for choice in product(*letters)]
    return sorted(set(found), key=lambda code: (sum(a != b for a, b in zip(code, typed, strict=True)), code))


def _as(kind: str, character: str) -> list[str]:
    """`character` read as a letter or a digit, or nothing."""
    if kind == "D":
        as_digit = _AS_DIGIT.get(character, character)
        return [as_digit] if as_digit.isdigit() else []
    as_letter = _AS_LETTER.get(character, character)
    return [as_letter] if as_letter.isalpha() else []
