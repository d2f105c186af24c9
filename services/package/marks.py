"""What the package puts on a cell, and what it leaves out. Pure: both the export and the import read it."""

import re

# Text that a spreadsheet would run, whether or not marks stand before it.
_FORMULA = re.compile(r"'*\s*[=+\-@]|'*[\t\r]")
# What a hidden place keeps to itself. Families see the first half of its postcode.
HIDDEN = ("name", "address_1", "address_2", "city", "county", "postcode", "latitude", "longitude")


def marked(text: str) -> str:
    """Text that a spreadsheet would run is given a mark that makes it text."""
    return f"'{text}" if _FORMULA.match(text) else text


def unmarked(cell: str) -> str:
    """A cell as it was before `marked`."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
