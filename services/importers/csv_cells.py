"""One cell of our own package as a fact of the directory. Pure."""

import json
import re
from typing import Any

from services.importers import cells
from services.importers.cells import BadCell, quoted
from services.importers.meanings import split_list
from services.package.marks import unmarked
from services.package.schema import Column

# Characters that no cell may hold: control characters, but for a tab and a new line.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]|[\ud800-\udfff]")


def value_of(cell: str, column: Column) -> Any:
    """A cell as a fact. BadCell for what is not of the column's type."""
    if cell.lstrip().startswith("="):
        raise BadCell(f"{quoted(cells.tidy(cell))} begins like a spreadsheet formula (=).")
    if column.type == "number":
        plain = cells.tidy(cell)
        number = _number(plain, float)
        return plain if column.exact and plain else number
    text = unmarked(cell.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if _CONTROL.search(text):
        raise BadCell("It holds characters that are not text.")
    plain = cells.tidy(text)
    match column.type:
        case "boolean":
            return cells.truth(plain)
        case "integer":
            return cells.age(plain) if column.name.endswith("_age") else _number(plain, int)
        case "list":
            return _list(text, column)
        case "date":
            return cells.day(plain)
        case "time":
            return cells.clock(plain)
    return _chosen(plain, column) if column.choices else text


def _chosen(word: str, column: Column) -> str:
    """One of a column's own choices, by key or label."""
    if not word:
        return ""
    for key, label in column.choices.items():
        if word.casefold() in (key.casefold(), label.casefold()):
            return key
    raise BadCell(f"We do not know {quoted(word)}.")


def _number(plain: str, kind: type) -> Any:
    """None for a blank cell. Money keeps its text, so that pence stay pence."""
    if not plain:
        return None
    try:
        number = kind(plain)
    except ValueError as error:
        raise BadCell(f"{quoted(plain)} is not a number.") from error
    if number != number or number in (float("inf"), float("-inf")):
        raise BadCell(f"{quoted(plain)} is not a number.")
    return number


def _list(text: str, column: Column) -> Any:
    """Words between semicolons; JSON for what is no list of words."""
    if text.startswith(("[", "{")):
        try:
            return json.loads(text)
        except ValueError as error:
            raise BadCell(f"{quoted(text)} cannot be read.") from error
    words = split_list(text)
    return [_chosen(word, column) for word in words] if column.choices else words
