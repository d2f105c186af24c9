"""Tables as files that a spreadsheet opens and cannot be tricked by, however long they are.

A file for staff is never held whole. CSV goes out while its rows are read. A workbook can be sent only
once it is written, so it is written to a file on disk that has no name: it is gone when the answer is
closed, when the reader goes away, and when the process is killed.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from django.db.models import Model, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from localoffer.batches import batched
from localoffer.sanitising import without_controls

# A cell that starts with one of these is a formula to a spreadsheet.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# Rows that are read together, and sent together.
CHUNK = 500
NOT_WHOLE = "This list is not whole. Something went wrong while it was written. Please take it again."


def safe_cell(value: Any) -> Any:
    """Text that would run as a formula is given a leading apostrophe; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return value
    text = without_controls(str(value)).replace("\r", "")
    return f"'{text}" if text.lstrip(" \n\xa0").startswith(FORMULA_STARTS) else text


# -- CSV ---------------------------------------------------------------------------------------


class _Line:
    """What a CSV writer writes to: it gets the line back."""

    def write(self, line: str) -> bytes:
        return line.encode()


def _lines(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """UTF-8 with a mark so that Excel reads the letters right."""
    writer: Any = csv.writer(_Line())
    yield "\ufeff".encode() + writer.writerow(headings)
    for row in rows:
        yield writer.writerow([safe_cell(cell) for cell in row])


def csv_response(name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A CSV download in one piece, as a cache can keep it: for a table that families see."""
    response = HttpResponse(b"".join(_lines(headings, rows)), content_type=CSV)
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def streamed_csv(name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> StreamingHttpResponse:
    """A CSV download that is sent while its rows are read."""
    return _streamed(name, _lines(headings, rows), CSV)


def _streamed(name: str, lines: Iterable[bytes], content_type: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(_begun(_pieces(lines)), content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _begun(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The first piece is made before anything is sent: what fails at once is an error page, and no file."""
    first = next(pieces, b"")

    def all_of_them() -> Iterator[bytes]:
        yield first
        yield from pieces

    return all_of_them()


def _pieces(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Some hundred lines at a time. Where it fails later, the file says so in its last line and the
    connection is broken off: a proxy that speaks HTTP/1.0 would tell the reader nothing."""
    is_sent = False
    try:
        for some in batched(lines, CHUNK):
            yield b"".join(some)
            is_sent = True
    except Exception:
        if is_sent:
            yield f"{NOT_WHOLE}\r\n".encode()
        raise


# -- workbooks ---------------------------------------------------------------------------------


def xlsx_response(name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> FileResponse:
    """An XLSX download, written row by row."""

    def write(out: IO[bytes]) -> None:
        with written_sheet(out, name[:31]) as sheet:
            sheet.append(list(headings))
            for row in rows:
                sheet.append([safe_cell(cell) for cell in row])

    return _workbook(name, write)


def _workbook(name: str, write: Callable[[IO[bytes]], None]) -> FileResponse:
    """What `write` puts on disk, as a download; nothing of it stays, whatever happens."""
    with ExitStack() as until_sent:
        out = until_sent.enter_context(TemporaryFile())
        write(out)
        out.seek(0)
        until_sent.pop_all()  # the response closes it
    return FileResponse(out, as_attachment=True, filename=f"{name}.xlsx", content_type=XLSX)


@contextmanager
def written_sheet(out: IO[bytes], title: str, *, iso_dates: bool = False) -> Iterator[Any]:
    """A sheet that takes rows by `append`; its workbook is in `out` afterwards.

    openpyxl writes each row to a file of its own in the meantime, and forgets that file where a row fails.
    """
    from openpyxl import Workbook  # only who takes a table away waits for it

    book = Workbook(write_only=True, iso_dates=iso_dates)
    sheet = book.create_sheet(title)
    try:
        yield sheet
        book.save(out)
    finally:
        _forget(sheet)


def _forget(sheet: Any) -> None:
    writer = sheet._writer
    if writer is None or not Path(writer.out).exists():
        return
    try:
        if not sheet.closed:
            sheet.close()
    finally:
        writer.cleanup()


WRITERS: dict[str, Callable[[str, Sequence[str], Iterable[Sequence[Any]]], HttpResponseBase]] = {
    "csv": streamed_csv,
    "xlsx": xlsx_response,
}


# -- lists of Wagtail's ------------------------------------------------------------------------


class _Rows:
    """The rows of a list as Wagtail's writers go through them: once, some hundred at a time."""

    def __init__(self, rows: Any, decorate: Callable[[Any], Iterable[Any]] | None) -> None:
        self.model = rows.model
        self._rows, self._decorate = rows, decorate

    def __iter__(self) -> Iterator[Any]:
        rows = self._rows
        each = rows.iterator(chunk_size=CHUNK) if isinstance(rows, QuerySet) else iter(rows)
        if self._decorate is None:
            yield from each
            return
        for some in batched(each, CHUNK):
            yield from self._decorate(some)


class HarmlessCells:
    """A mixin before any list of Wagtail's that can be taken as a file: titles and names come from
    providers, from imports and from public forms, and no cell of them may run.

    Wagtail makes the page of the list, with every row on it, before it writes the file, and holds a
    workbook whole. Here neither is done.
    """

    list_export: Sequence[str]
    is_export: bool

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """A list that offers no file stays a page: Wagtail would read all of it to write empty lines."""
        super().setup(request, *args, **kwargs)
        self.is_export = self.is_export and bool(self.list_export)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.is_export:
            return super().get(request, *args, **kwargs)
        read = getattr(self, "get_filtered_queryset", self.get_queryset)
        return self.as_spreadsheet(read(), request.GET["export"])

    def stream_csv(self, queryset: Any) -> Iterator[bytes]:
        return super().stream_csv(self._each(queryset))

    def write_csv_response(self, queryset: Any) -> StreamingHttpResponse:
        return _streamed(self.get_filename(), self.stream_csv(queryset), "text/csv")

    def write_xlsx_response(self, queryset: Any) -> FileResponse:
        return _workbook(self.get_filename(), lambda out: self.write_xlsx(queryset, out))

    def write_xlsx(self, queryset: Any, output: IO[bytes]) -> None:
        from wagtail.admin.views.mixins import ExcelDateFormatter  # it needs every model to be there

        rows, dates = self._each(queryset), ExcelDateFormatter().get()
        with written_sheet(output, "Sheet1", iso_dates=True) as sheet:
            sheet.append([self.get_heading(rows, field) for field in self.list_export])
            for item in rows:
                sheet.append(self.generate_xlsx_row(sheet, self.to_row_dict(item), date_format=dates))

    def _each(self, rows: Any) -> _Rows:
        """What a report adds to the rows of a page it adds here too, piece by piece."""
        return _Rows(rows, getattr(self, "decorate_paginated_queryset", None))

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        shown = super().preprocess_field_value(field, value, export_format)
        return safe_cell(shown) if isinstance(shown, str | Model) else shown
