"""Reading a table that somebody else made: its encoding, its shape, its faults.

CSV is read here; an XLSX workbook by `services.importers.workbook`, as the same `Table`.
"""

import codecs
import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from services.importers.base import UnusableFile

MAX_BYTES = 100 * 1024 * 1024
MAX_ROWS = 100_000
# Many more than schools' data has, which has the most of what we know.
MAX_HEADINGS = 2_000
MAX_CELL = 100_000
CHUNK = 1024 * 1024

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ZIP = b"PK\x03\x04"
_NOT_CSV = (
    (ZIP, "This is a zip file. Choose a spreadsheet (XLSX) or a CSV file."),
    (b"\xd0\xcf\x11\xe0", "This is an old Excel file, or one with a password. Save it as XLSX or CSV."),
    (b"%PDF", "This is a PDF. Choose a CSV file."),
    (b"\xff\xd8\xff", "This is a picture. Choose a spreadsheet (XLSX) or a CSV file."),
    (b"\x89PNG", "This is a picture. Choose a spreadsheet (XLSX) or a CSV file."),
    (b"\x1f\x8b", "This file is compressed. Unpack it and try again."),
    (b"<", "This is a web page or XML. Choose a CSV file."),
    (b"{", "This is JSON. Choose a CSV file."),
    (b"[", "This is JSON. Choose a CSV file."),
)
# Control characters that text has no use for.
_BINARY = frozenset(range(32)) - set(b"\t\n\r\f\x1a\x1b")


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row in the order of the header; `fault` says what is wrong with its shape."""

    line: int
    cells: list[str]
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file known to be text with a header. `lines` counts its lines, for a progress bar."""

    path: Path
    encoding: str
    delimiter: str
    header: list[str]
    lines: int

    def rows(self) -> Iterator[Row]:
        """Each row that is not blank, read as it is needed.

        Raises UnusableFile where the file stops being CSV or is longer than MAX_ROWS.
        """
        with self.path.open(encoding=self.encoding, newline="") as text:
            reader = csv.reader(text, delimiter=self.delimiter, strict=True)
            try:
                next(reader)
                line = reader.line_num
                count = 0
                for cells in reader:
                    start, line = line + 1, reader.line_num
                    if any(len(cell) > MAX_CELL for cell in cells):
                        raise UnusableFile(
                            f"Line {start} has a cell that is far too long. A quotation mark may be missing."
                        )
                    if any(cell.strip() for cell in cells):
                        count += 1
                        if count > MAX_ROWS:
                            raise too_many_rows()
                        yield with_shape(start, cells, len(self.header))
            except (csv.Error, UnicodeError) as error:
                raise UnusableFile(
                    f"The file cannot be read after line {reader.line_num}: {_plain(error)}"
                ) from error


def too_many_rows() -> UnusableFile:
    return UnusableFile(f"The file has more than {MAX_ROWS:,} rows. Split it and try again.")


def with_shape(line: int, cells: list[str], width: int) -> Row:
    """A row, with a fault when it has not as many cells as the header."""
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    if len(cells) == width:
        return Row(line, cells)
    problem = "too many" if len(cells) > width else "too few"
    return Row(line, cells, f"The row has {problem} columns: {len(cells)}, and the header has {width}.")


def unique_header(header: list[str]) -> list[str]:
    """The header; UnusableFile when two columns have one name, for nobody could tell which counts, or when
    there are more than any table of services has."""
    names = [name.strip().casefold() for name in header if name.strip()]
    if len(names) > MAX_HEADINGS:
        raise UnusableFile(
            f"The file has more than {MAX_HEADINGS:,} columns. Take away what you do not need."
        )
    for name, times in Counter(names).items():
        if times > 1:
            raise UnusableFile(f"Two columns are called “{name[:60]}”. Rename or delete one and try again.")
    return header


def open_csv(path: Path) -> Table:
    """Look through a file once and say how to read it; UnusableFile when it is not CSV."""
    with path.open("rb") as data:
        encoding, lines = _sniff(data)
    return _with_header(path, encoding, lines)


def _sniff(data: BinaryIO) -> tuple[str, int]:
    """(encoding, number of lines); reads in pieces, so that memory stays small."""
    start = data.read(CHUNK)
    if not start.strip(b"\xef\xbb\xbf \t\r\n"):
        raise UnusableFile("The file is empty.")
    for mark, message in _NOT_CSV:
        if start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(mark):
            raise UnusableFile(message)
    marked = next((name for mark, name in _BYTE_ORDER_MARKS if start.startswith(mark)), None)
    data.seek(0)
    return _decodes(data, [marked] if marked else ["utf-8", "cp1252"])


def _decodes(data: BinaryIO, encodings: list[str]) -> tuple[str, int]:
    """The first of `encodings` that reads the whole file without a fault."""
    for encoding in encodings:
        data.seek(0)
        decoder, lines = codecs.getincrementaldecoder(encoding)(), 0
        try:
            while chunk := data.read(CHUNK):
                text = decoder.decode(chunk)
                _refuse_binary(text, lines + 1)
                lines += text.count("\n")
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding, lines
    raise UnusableFile("The file is not text that we can read. Save it as CSV UTF-8 and try again.")


def _refuse_binary(text: str, line: int) -> None:
    """`line` is the number of the first line of the text."""
    found = [text.index(mark) for mark in map(chr, _BINARY) if mark in text]
    if found:
        line += text.count("\n", 0, min(found))
        what = " (NUL)" if text[min(found)] == "\0" else ""
        raise UnusableFile(
            f"Line {line:,} holds bytes that are not text{what}. Save the file as CSV UTF-8 and try again."
        )


def _with_header(path: Path, encoding: str, lines: int) -> Table:
    with path.open(encoding=encoding, newline="") as text:
        first = text.readline(CHUNK)
        delimiter = max(",;\t|", key=first.count)
        text.seek(0)
        try:
            header = next(csv.reader(text, delimiter=delimiter, strict=True), [])
        except csv.Error as error:
            raise UnusableFile(f"The first line cannot be read: {_plain(error)}") from error
    while header and not header[-1].strip():
        header.pop()
    if len(header) < 2:
        raise UnusableFile("The first line is not a header: columns must have names, separated by commas.")
    return Table(path, encoding, delimiter, unique_header(header), lines)


def _plain(error: Exception) -> str:
    """The csv module's complaint in words a person can act on."""
    words = str(error)
    if "field larger" in words:
        return "one cell is far too long. A quotation mark may be missing."
    if "unexpected end of data" in words or "expected after" in words:
        return "a quotation mark is missing or out of place."
    return f"{words}."
