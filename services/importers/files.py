"""Opening what somebody chose: a CSV file, a workbook, or a zip of CSV files."""

import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from localoffer.backup.archive import BROKEN
from services.importers.base import UnusableFile
from services.importers.table import MAX_BYTES, ZIP, Table, open_csv
from services.importers.workbook import is_workbook, sheet_tables, weigh

NO_HEADER = "No sheet of the workbook has a header: its first row must name the columns."
DAMAGED = "The zip file is damaged. Make it anew and try again."
PIECE = 1024 * 1024


def open_table(path: Path) -> Table:
    """The table in a file, of a workbook its first sheet that has a header.

    Raises UnusableFile for what is no table. The file is looked through once, in pieces.
    """
    if not _is_zip(path):
        return open_csv(path)
    if not is_workbook(path):
        raise UnusableFile("This is a zip file. Choose a spreadsheet (XLSX) or a CSV file.")
    tables = list(sheet_tables(path).values())
    if not tables:
        raise UnusableFile(NO_HEADER)
    return tables[0]


@contextmanager
def open_tables(path: Path, names: tuple[str, ...]) -> Iterator[dict[str, Table]]:
    """Those of the named tables that a file holds: sheets of a workbook, CSV files of a zip.

    A single CSV file, or a workbook without a sheet of these names, is the first of `names`.
    """
    if not _is_zip(path):
        yield {names[0]: open_csv(path)}
    elif is_workbook(path):
        sheets = {name.strip().lower(): table for name, table in sheet_tables(path).items()}
        if not sheets:
            raise UnusableFile(NO_HEADER)
        found = {name: sheets[name] for name in names if name in sheets}
        yield found or {names[0]: next(iter(sheets.values()))}
    else:
        with TemporaryDirectory() as folder:
            yield _unpacked(path, names, Path(folder))


def _unpacked(path: Path, names: tuple[str, ...], folder: Path) -> dict[str, Table]:
    """Each named CSV of a zip, written under a name of ours: what the zip calls it leads nowhere."""
    found: dict[str, Table] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            weigh(archive)
            for part in archive.infolist():
                name = part.filename.replace("\\", "/").rsplit("/", 1)[-1].lower().removesuffix(".csv")
                if name not in names or part.is_dir() or not part.filename.lower().endswith(".csv"):
                    continue
                if name in found:
                    raise UnusableFile(f"The zip file holds {name}.csv twice.")
                target = folder / f"{name}.csv"
                with target.open("wb") as out:
                    out.writelines(_pieces(archive, part))
                found[name] = _opened(target)
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
        raise UnusableFile(DAMAGED) from error
    if not found:
        raise UnusableFile(f"The zip file holds none of {', '.join(f'{name}.csv' for name in names)}.")
    return found


def _pieces(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with archive.open(part) as packed:
            while piece := packed.read(PIECE):
                yield piece
    except BROKEN as error:
        raise UnusableFile(DAMAGED) from error


def _opened(path: Path) -> Table:
    try:
        return open_csv(path)
    except UnusableFile as error:
        raise UnusableFile(f"{path.name}: {error}") from error


def _is_zip(path: Path) -> bool:
    """Whether a file begins like a zip; UnusableFile when it is no file, or larger than we take."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise UnusableFile("This is not a file.")
        if size > MAX_BYTES:
            raise UnusableFile(f"The file is larger than {MAX_BYTES // 1024 // 1024} MB.")
        with path.open("rb") as data:
            return data.read(len(ZIP)) == ZIP
    except OSError as error:
        raise UnusableFile(f"The file cannot be opened: {error.strerror}.") from error
