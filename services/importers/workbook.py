"""Reading an XLSX workbook that somebody else made: weighed before anything of it is unpacked.

A workbook is a zip of XML. What it says it unpacks to is all that the reader will take from it, so
a bomb is refused by what it declares. Sheets are then read row by row; only the list of shared
texts is held whole, and that has a limit of its own.
"""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.ElementTree import iterparse

from localoffer.backup.archive import BROKEN as BROKEN_ZIP
from services.importers.base import UnusableFile
from services.importers.table import MAX_CELL, MAX_ROWS, Row, Table, too_many_rows, unique_header, with_shape

MB = 1024 * 1024
MAX_PARTS = 1_000
MAX_UNPACKED = 250 * MB
MAX_TEXTS = 40 * MB
# XML of a table shrinks to a twentieth at the most; a bomb to a thousandth.
MAX_RATIO = 100
SMALL = 5 * MB
# What is read whole before the first sheet: an honest one of these is some kilobytes.
READ_WHOLE = ("[Content_Types].xml", "workbook.xml", "styles.xml", ".rels")
READ_WHOLE_IN = ("xl/theme/", "docProps/")
MAX_SHEETS = 200
MAX_WITH_CHART = 20 * MB
WORKBOOK = "xl/workbook.xml"
MAX_COLUMNS = 300
# Lines of the longest sheet that Excel writes. One that says it has more would be read for ever.
MAX_LINES = 1_048_576
BOMB = (
    "The file unpacks to far more than it should. It may be damaged or harmful. Save it anew and try again."
)
TOO_MUCH_TEXT = "The spreadsheet holds too much text. Save it as CSV and try again."
BROKEN = "The spreadsheet cannot be read. Save it anew as XLSX or CSV and try again."


@dataclass(frozen=True, slots=True)
class SheetTable(Table):
    """One sheet of a workbook, read as a `Table`; a row's line is its number in the sheet."""

    sheet: str = ""

    def rows(self) -> Iterator[Row]:
        with opened(self.path) as book:
            count = 0  # of rows that say something: a sheet may end in a million that were only coloured
            for line, cells in islice(_lines(book[self.sheet]), 1, None):
                if line > MAX_LINES:
                    raise UnusableFile(BOMB)
                if any(map(str.strip, cells)):
                    count += 1
                    if count > MAX_ROWS:
                        raise too_many_rows()
                    yield with_shape(line, cells, len(self.header))


def is_workbook(path: Path) -> bool:
    """Whether a file is a zip that holds a workbook; UnusableFile when it is one that nobody should open."""
    try:
        with zipfile.ZipFile(path) as archive:
            weigh(archive)
            return WORKBOOK in archive.namelist()
    except (zipfile.BadZipFile, OSError, NotImplementedError, ValueError) as error:
        if isinstance(error, UnusableFile):
            raise
        return False


def weigh(archive: zipfile.ZipFile) -> None:
    """Refuse a zip that would unpack to too much, holds secrets, or has paths that lead elsewhere."""
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise UnusableFile(BOMB)
    for part in parts:
        if part.flag_bits & 1:
            raise UnusableFile("The file has a password. Take it off and try again.")
        if part.file_size > SMALL and part.file_size > MAX_RATIO * max(part.compress_size, 1):
            raise UnusableFile(BOMB)
        if part.filename.endswith("sharedStrings.xml") and part.file_size > MAX_TEXTS:
            raise UnusableFile(TOO_MUCH_TEXT)
        if _is_read_whole(part.filename) and part.file_size > SMALL:
            raise UnusableFile(BOMB)
        if part.filename.startswith(("/", "\\")) or ".." in part.filename.replace("\\", "/").split("/"):
            raise UnusableFile("The file holds a path that leads out of it. It may be harmful.")


def _is_read_whole(name: str) -> bool:
    return name.endswith(READ_WHOLE) or name.startswith(READ_WHOLE_IN)


def _look_into(path: Path) -> None:
    """Refuse what takes long or much before the first sheet is read, whatever its parts are called: the
    reader finds the workbook and its texts by their kind, and draws a sheet that is a chart whole."""
    with zipfile.ZipFile(path) as archive:
        for kind, name in _listed(archive, "[Content_Types].xml", "ContentType", "PartName"):
            if kind.endswith("main+xml") and name != f"/{WORKBOOK}":
                raise UnusableFile(BROKEN)
            if kind.endswith("sharedStrings+xml") and archive.getinfo(name[1:]).file_size > MAX_TEXTS:
                raise UnusableFile(TOO_MUCH_TEXT)
        links = _listed(archive, "xl/_rels/workbook.xml.rels", "Type", "Target")
        size = sum(part.file_size for part in archive.infolist())
        if size > MAX_WITH_CHART and any("chartsheet" in kind for kind, _ in links):
            raise UnusableFile("A sheet of this file is a chart. Take that sheet away and try again.")
        # Fifty thousand names of one sheet are two megabytes, and a minute and a half to look through.
        for count, _ in enumerate(_listed(archive, WORKBOOK, "sheetId", "name"), start=1):
            if count > MAX_SHEETS:
                raise UnusableFile(
                    f"The spreadsheet has more than {MAX_SHEETS} sheets. Take away those that are not needed."
                )


def _listed(archive: zipfile.ZipFile, part: str, *names: str) -> Iterator[list[str]]:
    """Attributes of each element that has the first of them. The parts asked for are small: see `weigh`."""
    with archive.open(part) as data:
        for _, element in iterparse(data):
            if names[0] in element.attrib:
                yield [element.get(name, "") for name in names]


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """The workbook, for reading only; UnusableFile when it is broken, also where it breaks later."""
    from openpyxl import load_workbook  # only who brings a workbook waits for it
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        _look_into(path)
        with path.open("rb") as data:  # by its name alone openpyxl would refuse an honest workbook
            book = load_workbook(data, read_only=True, data_only=False, keep_links=False)
            try:
                yield book
            finally:
                book.close()
    except UnusableFile:
        raise
    except (InvalidFileException, ParseError, TypeError, AttributeError, *BROKEN_ZIP) as error:
        # openpyxl says what is wrong with a file in many ways.
        raise UnusableFile(BROKEN) from error


def sheet_tables(path: Path) -> dict[str, SheetTable]:
    """Each sheet that has a header, by its name. Charts are no tables."""
    found = {}
    with opened(path) as book:
        for sheet in book.worksheets:
            first = next(_lines(sheet), None)
            header = list(first[1]) if first else []
            while header and not header[-1].strip():
                header.pop()
            if len(header) > 1:
                lines = min(sheet.max_row or MAX_ROWS, MAX_ROWS)
                sheet_header = unique_header([cell.strip() for cell in header])
                found[sheet.title] = SheetTable(path, "", "", sheet_header, lines, sheet.title)
    return found


def _lines(sheet: Any) -> Iterator[tuple[int, list[str]]]:
    """(number in the sheet, cells as text) of each row."""
    sheet.reset_dimensions()  # what a sheet says of its own size may be anything
    for line, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS, values_only=True), start=1):
        # A sheet may say that its next row is the millionth: those between are made up, and empty.
        is_empty = cells.count(None) == len(cells)
        yield line, [] if is_empty else [_text(cell, line) for cell in cells]


def _text(value: Any, line: int) -> str:
    """A cell as CSV would have it. A formula stays one, so that whoever reads the cell refuses it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    text = str(value) if isinstance(value, str | int) else f"={getattr(value, 'text', '')}"
    if len(text) > MAX_CELL:
        raise UnusableFile(f"Line {line} has a cell that is far too long.")
    return text
