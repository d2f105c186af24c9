"""Files that anybody who fills in or reads our package can take: template, sample, documentation, data."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import BinaryIO

from django.http import Http404
from wagtail.models import Site

from services.package.export import IN_MEMORY, Audience, Export
from services.package.schema import LIST, Column, tables

# One row of a table that says it all itself, invented. `services.importers.csv_package` takes it as it is.
SAMPLE = (
    {
        "id": "swim-1",
        "name": "Saturday swimming",
        "summary": "A quiet swimming hour for children who find busy pools hard.",
        "section": "social_care",
        "categories": "leisure_and_play",
        "needs": "ASD; PD",
        "min_age": "5",
        "max_age": "16",
        "delivery": "in_person",
        "how_to_access": "Ring us and we will book you in.",
        "url": "https://www.swim.example.org",
        "last_checked": "2026-09-30",
        "organisation.name": "Avon Swimmers",
        "organisation.provider_type": "voluntary",
        "location.name": "Avon Pool",
        "location.address_1": "1 Pool Road",
        "location.city": "Avonmere",
        "location.postcode": "BS5 6RJ",
        "location.access": "step_free; hoist",
        "contact.role": "Club leader",
        "contact.phone": "0117 496 0101",
        "contact.email": "swim@example.org",
        "cost.kind": "charged",
        "cost.amount": "4.50",
        "cost.note": "A session.",
        "schedule.days": "SA",
        "schedule.opens": "09:00",
        "schedule.closes": "10:00",
        "schedule.when": "term_time",
    },
    {
        "id": "talk-1",
        "name": "Talking together",
        "summary": "A group for parents of children who are late to talk.",
        "section": "health",
        "categories": "speech_and_language_therapy",
        "needs": "SLCN",
        "min_age": "1",
        "max_age": "4",
        "delivery": "in_person; online",
        "how_to_access": "Ask your health visitor.",
        "organisation.name": "Avonmere Children's Therapy",
        "organisation.provider_type": "nhs",
        "contact.role": "Office",
        "contact.phone": "0117 496 0102",
        "cost.kind": "free",
    },
)
COLUMNS = tuple(dict.fromkeys(name for row in SAMPLE for name in row))


@dataclass(frozen=True, slots=True)
class Download:
    """One file that can be taken. `public`: by anybody."""

    name: str
    label: str
    about: str
    file_name: str
    write: Callable[[BinaryIO, Site], None]
    public: bool = True


def _template_csv(out: BinaryIO, authority: Site) -> None:
    _csv(out, ())


def _sample_csv(out: BinaryIO, authority: Site) -> None:
    _csv(out, SAMPLE)


def _csv(out: BinaryIO, rows: tuple[dict[str, str], ...]) -> None:
    text = io.TextIOWrapper(out, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(rows)
    text.detach()


def _template_workbook(out: BinaryIO, authority: Site) -> None:
    """Every table as a sheet, and a sheet that says what each column holds."""
    from openpyxl import Workbook  # only who takes a table away waits for it

    book = Workbook(write_only=True)
    about = book.create_sheet("About")
    about.append(["table", "column", "what it holds", "it may be"])
    for table in tables().values():
        for column in table.columns:
            about.append([table.name, column.name, column.about or column.title, words_of(column)])
    for table in tables().values():
        book.create_sheet(table.name).append(table.names)
    book.save(out)


def words_of(column: Column) -> str:
    """What a column may hold, in words."""
    from services.importers.meanings import SUBJECTS

    if column.choices:
        allowed = list(column.choices)
    else:
        allowed = list(SUBJECTS[column.subject].choices()) if column.subject in SUBJECTS else []
    kinds = {
        "boolean": "true or false",
        "integer": "a whole number",
        "number": "a number",
        "date": "a date, such as 2026-01-31",
        "time": "a time, such as 09:30",
    }
    if column.type == LIST:
        return f"one or more, with “;” between them: {', '.join(allowed)}" if allowed else "a list, with “;”"
    return f"one of: {', '.join(allowed)}" if allowed else kinds.get(column.type, "text")


def _staff_zip(out: BinaryIO, authority: Site) -> None:
    Export(authority, Audience.STAFF).write_zip(out)


def _staff_workbook(out: BinaryIO, authority: Site) -> None:
    Export(authority, Audience.STAFF).write_workbook(out)


def _public_zip(out: BinaryIO, authority: Site) -> None:
    Export(authority, Audience.PUBLIC).write_zip(out)


def _described(out: BinaryIO, authority: Site) -> None:
    described = Export(authority, Audience.PUBLIC).described()
    out.write(json.dumps(described, indent=2, ensure_ascii=False).encode())


DOWNLOADS = {
    download.name: download
    for download in (
        Download(
            "services-zip",
            "All services (ZIP of CSV)",
            "Everything, drafts and hidden addresses too. Take it away, edit it and import it again.",
            "local-offer-services.zip",
            _staff_zip,
            public=False,
        ),
        Download(
            "services-xlsx",
            "All services (spreadsheet)",
            "The same as a workbook with a sheet a table.",
            "local-offer-services.xlsx",
            _staff_workbook,
            public=False,
        ),
        Download(
            "open-data",
            "What the public may see (ZIP of CSV)",
            "Live services. A hidden address is only the first half of its postcode.",
            "local-offer-open-data.zip",
            _public_zip,
        ),
        Download(
            "datapackage",
            "What the columns are (datapackage.json)",
            "Every table and column, for programs (Frictionless).",
            "datapackage.json",
            _described,
        ),
        Download(
            "template-csv",
            "Template (CSV)",
            "One table, the columns most people need, no rows.",
            "local-offer-template.csv",
            _template_csv,
        ),
        Download(
            "template-xlsx",
            "Template (spreadsheet)",
            "Every table and column, with a sheet that says what each holds.",
            "local-offer-template.xlsx",
            _template_workbook,
        ),
        Download(
            "sample-csv",
            "Sample (CSV)",
            "The template with two invented services.",
            "local-offer-sample.csv",
            _sample_csv,
        ),
    )
}


def made(name: str, authority: Site) -> SpooledTemporaryFile[bytes]:
    """A download, written and at its start; in memory while it is small. Http404 for one there is not."""
    if name not in DOWNLOADS:
        raise Http404
    out: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # the response closes it
    DOWNLOADS[name].write(out, authority)
    out.seek(0)
    return out
