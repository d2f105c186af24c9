"""The evidence pack: one dated ZIP that opens offline, written as it is sent.

What goes in comes through the Wagtail hook `register_evidence_parts`: a function
`(site: Site, start: date, end: date) -> list[Part]`. A part's rows are read one by one while the file
goes out, so the site is never held in memory. Nothing in it may identify a person: roles, not names.
"""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone
from wagtail import hooks
from wagtail.models import Site
from zipstream import ZIP_DEFLATED, ZipStream

from localoffer.models import CouncilSettings
from localoffer.spreadsheets import safe_cell

PIECE = 200


@dataclass(frozen=True, slots=True)
class Part:
    """A table of evidence: `rows` gives its rows of cells when they are wanted, once a call.

    `key` names its files; `order` its place in the contents.
    """

    key: str
    title: str
    about: str
    columns: tuple[str, ...]
    rows: Callable[[], Iterable[Sequence[Any]]]
    order: int = 100


def parts_of(site: Site, start: date, end: date) -> list[Part]:
    """Every part that the apps offer, in order. Raises ValueError where two have one name."""
    found = [
        part for provide in hooks.get_hooks("register_evidence_parts") for part in provide(site, start, end)
    ]
    keys = [part.key for part in found]
    if len(keys) != len(set(keys)):
        raise ValueError(f"Two parts of the pack have one name: {sorted(keys)}")
    return sorted(found, key=lambda part: (part.order, part.title))


def file_name(site: Site, today: date) -> str:
    return f"evidence-{today.isoformat()}.zip"


def stream(site: Site, start: date, end: date) -> Iterator[bytes]:
    """The pack, piece by piece. `start` and `end` bound what has a date: changes, comments, approvals."""
    council = CouncilSettings.for_site(site)
    today = timezone.localdate()
    folder = f"evidence-{today.isoformat()}"
    counts: dict[str, int] = {}
    shared = {"council": council, "start": start, "end": end, "today": today}
    pack = ZipStream(compress_type=ZIP_DEFLATED)
    pack.add(_style(), f"{folder}/pack.css")
    parts = parts_of(site, start, end)
    for part in parts:
        pack.add(_csv(part, counts), f"{folder}/{part.key}.csv")
        pack.add(_html(part, shared), f"{folder}/{part.key}.html")
    pack.add(_contents(parts, counts, shared), f"{folder}/index.html")
    yield from pack


def _style() -> bytes:
    return (settings.BASE_DIR / "static" / "css" / "pack.css").read_bytes()


def _csv(part: Part, counts: dict[str, int]) -> Iterator[bytes]:
    """As a spreadsheet reads it, with no cell that would run as a formula."""
    out = StringIO("\ufeff")
    out.seek(0, 2)
    writer = csv.writer(out)
    writer.writerow(part.columns)
    counts[part.key] = 0
    for row in part.rows():
        writer.writerow([safe_cell(cell) for cell in row])
        counts[part.key] += 1
        if counts[part.key] % PIECE == 0:
            yield _taken(out)
    yield _taken(out)


def _html(part: Part, shared: dict[str, Any]) -> Iterator[bytes]:
    """A page that needs nothing but its style sheet beside it."""
    whole = render_to_string("localoffer/pack/part.html", {**shared, "part": part})
    head, tail = whole.split("<!-- rows -->")
    yield head.encode()
    rows: list[Sequence[Any]] = []
    for row in part.rows():
        rows.append([_shown(cell) for cell in row])
        if len(rows) >= PIECE:
            yield render_to_string("localoffer/pack/rows.html", {"rows": rows}).encode()
            rows = []
    yield render_to_string("localoffer/pack/rows.html", {"rows": rows}).encode()
    yield tail.encode()


def _contents(parts: list[Part], counts: dict[str, int], shared: dict[str, Any]) -> Iterator[bytes]:
    """Written last, when every row has been counted."""
    rows = [(part, counts.get(part.key, 0)) for part in parts]
    yield render_to_string("localoffer/pack/index.html", {**shared, "rows": rows}).encode()


def _taken(out: StringIO) -> bytes:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text.encode()


def _shown(cell: Any) -> str:
    if cell is None:
        return ""
    return f"{cell:%-d %B %Y}" if isinstance(cell, date) else str(cell)
