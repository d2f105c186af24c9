"""Tables as files that a spreadsheet opens and cannot be tricked by."""

import csv
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Model
from django.http import HttpResponse

from localoffer.sanitising import without_controls

# A cell that starts with one of these is a formula to a spreadsheet.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def safe_cell(value: Any) -> Any:
    """Text that would run as a formula is given a leading apostrophe; numbers stay numbers."""
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return value
    text = without_controls(str(value)).replace("\r", "")
    return f"'{text}" if text.lstrip(" \n\xa0").startswith(FORMULA_STARTS) else text


def csv_response(name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A CSV download, UTF-8 with a mark so that Excel reads the letters right."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow(headings)
    writer.writerows([safe_cell(cell) for cell in row] for row in rows)
    return response


def xlsx_response(name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """An XLSX download, written row by row."""
    from openpyxl import Workbook  # only who takes a table away waits for it

    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])
    sheet.append(list(headings))
    for row in rows:
        sheet.append([safe_cell(cell) for cell in row])
    response = HttpResponse(content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    book.save(response)
    return response


WRITERS = {"csv": csv_response, "xlsx": xlsx_response}


class HarmlessCells:
    """A mixin before any list of Wagtail's that can be taken as a file: titles and names come from
    providers, from imports and from public forms, and no cell of them may run."""

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        shown = super().preprocess_field_value(field, value, export_format)
        return safe_cell(shown) if isinstance(shown, str | Model) else shown
