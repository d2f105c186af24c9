"""Writing the package: a zip of CSV files for anybody, or a workbook for staff.

`PUBLIC` holds what families may see: what is live, and of a hidden address its outward postcode alone.
`STAFF` holds everything, drafts and hidden addresses too, so that it can come back unchanged.
"""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, TextIO

from django.utils import timezone
from wagtail.models import Site

from localoffer.batches import batched
from services import postcodes
from services.importers.facts import AT, LOCATION, OWN, ROWS, SERVICE, Kind, own_name, version
from services.models import Service
from services.package.marks import HIDDEN, marked
from services.package.schema import LIST, SEPARATOR, PackageTable, tables

CHUNK = 500
IN_MEMORY = 5 * 1024 * 1024
LICENCE = {
    "name": "OGL-UK-3.0",
    "title": "Open Government Licence v3.0",
    "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
}


class Audience(StrEnum):
    PUBLIC = "public"
    STAFF = "staff"


Row = list[str]


@dataclass(frozen=True, slots=True)
class Export:
    """One export of one council's directory."""

    authority: Site
    audience: Audience

    def write_zip(self, out: BinaryIO) -> None:
        """`datapackage.json` and every table, each written as it is read."""
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("datapackage.json", json.dumps(self.described(), indent=2, ensure_ascii=False))
            for name, lines in self._as_csv().items():
                with archive.open(f"{name}.csv", "w") as target:
                    lines.seek(0)
                    while piece := lines.read(IN_MEMORY):
                        target.write(piece)
                lines.close()

    def write_workbook(self, out: BinaryIO) -> None:
        """A sheet a table, every cell as text."""
        from openpyxl import Workbook  # only who takes a table away waits for it
        from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

        book = Workbook(write_only=True)
        sheets = {name: book.create_sheet(name) for name in tables()}
        for name, table in tables().items():
            sheets[name].append(table.names)
        for name, row in self.rows():
            sheets[name].append([ILLEGAL_CHARACTERS_RE.sub("", cell.replace("\r", "")) for cell in row])
        book.save(out)

    def described(self) -> dict[str, Any]:
        """`datapackage.json`."""
        name = self.authority.site_name or self.authority.hostname
        return {
            "profile": "tabular-data-package",
            "name": "local-offer",
            "title": f"SEND local offer services: {name}",
            "created": timezone.now().isoformat(timespec="seconds"),
            "licenses": [LICENCE],
            "resources": [table.as_resource() for table in tables().values()],
        }

    def _as_csv(self) -> dict[str, Any]:
        """Each table in a file of its own, in memory while it is small."""
        files = {name: SpooledTemporaryFile(max_size=IN_MEMORY) for name in tables()}  # noqa: SIM115  # closed by whoever reads it
        texts: dict[str, TextIO] = {
            name: io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
            for name, file in files.items()
        }
        writers = {name: csv.writer(text) for name, text in texts.items()}
        for name, table in tables().items():
            writers[name].writerow(table.names)
        for name, row in self.rows():
            writers[name].writerow(row)
        for text in texts.values():
            text.detach()
        return files

    def rows(self) -> Iterator[tuple[str, Row]]:
        """(table, cells) of everything, a few hundred things at a time."""
        services = Service.objects.owned_by(self.authority).filter(merged_into=None).order_by("pk")
        if self.audience == Audience.PUBLIC:
            services = services.live()
        used: dict[str, set[str]] = {"organisations": set(), "locations": set()}
        keys = list(services.values_list("pk", flat=True))
        for some in batched(keys, CHUNK):
            for facts in self._facts(SERVICE, some):
                used["organisations"].add(facts["organisation"])
                used["locations"].update(facts["locations"])
                used["locations"].update(row.get(AT) for name in ROWS for row in facts[name])
                yield from self._service(facts)
        for table in (tables()["organisations"], tables()["locations"]):
            yield from self._things(table, used[table.name])

    def _things(self, table: PackageTable, used: set[str]) -> Iterator[tuple[str, Row]]:
        """Organisations or places: for staff all there are, for the public those of live services."""
        kind = table.kind
        if kind is None:
            return
        everything = kind.model._default_manager.order_by("pk")
        named = everything.filter(authority=self.authority).values_list("pk", "source", "external_id", "uuid")
        everyone = self.audience == Audience.STAFF
        keys = [pk for pk, *names in named if everyone or own_name(*names) in used]
        for some in batched(keys, CHUNK):
            for facts in self._facts(kind, some):
                yield table.name, self._row(table, facts)

    def _facts(self, kind: Kind, keys: list[int]) -> list[dict[str, Any]]:
        """Facts with `id` and `version`, in the order of `keys`."""
        found = kind.read_many(keys, kind.names, OWN)
        names = kind.model._default_manager.filter(pk__in=keys)
        ids = {pk: own_name(*rest) for pk, *rest in names.values_list("pk", "source", "external_id", "uuid")}
        everything = []
        for pk in keys:
            if pk not in ids:  # it went while we wrote
                continue
            facts = found[pk]
            facts |= {"version": self._version(facts), "id": ids[pk]}
            if kind is LOCATION and self.audience == Audience.PUBLIC:
                facts = shown(facts)
            everything.append(facts)
        return everything

    def _version(self, facts: dict[str, Any]) -> str:
        """Blank for the public: somebody could guess an address until its mark is the same."""
        return version(facts) if self.audience == Audience.STAFF else ""

    def _service(self, facts: dict[str, Any]) -> Iterator[tuple[str, Row]]:
        yield "services", self._row(tables()["services"], facts)
        for name in ROWS:
            for row in facts[name]:
                yield name, self._row(tables()[name], row | {"service": facts["id"]})

    @staticmethod
    def _row(table: PackageTable, facts: dict[str, Any]) -> Row:
        return [cell_of(facts[column.name], column.type) for column in table.columns]


def shown(place: dict[str, Any]) -> dict[str, Any]:
    """A place as the public may know it."""
    if not place["address_hidden"]:
        return place
    found = postcodes.parse(place["postcode"])
    blank = {name: None if name in ("latitude", "longitude") else "" for name in HIDDEN}
    return place | blank | {"postcode": found.outcode if found else ""}


def cell_of(value: Any, kind: str) -> str:
    """A value as a cell: text that looks like a formula gets a mark, which import takes off again."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if kind in ("integer", "number"):
        return str(value)
    text = _list_cell(value) if kind == LIST else str(value)
    text = text.replace("\0", "")
    return marked(text)


def _list_cell(value: Any) -> str:
    """Words with semicolons between them; what is no list of words is JSON."""
    if isinstance(value, list) and all(isinstance(word, str) and ";" not in word for word in value):
        return SEPARATOR.join(value)
    return json.dumps(value, ensure_ascii=False)
