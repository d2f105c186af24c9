"""However long a file is, an import holds some hundreds of its rows and no more."""

import gc
from pathlib import Path

import pytest
from django.db import connection

from services.importers import applying, facts, planning, spool, undoing
from services.importers.applying import apply_plan
from services.importers.base import Entry, Part, Rejected, Skipped, Warned
from services.importers.planning import make_plan
from services.importers.spool import Rows, Shelf, Spool
from services.importers.undoing import last_import, undo_import
from services.models import Service
from services.signals import services_changed
from services.vocabulary import load
from tests.factories import make_authority
from tests.memory import peak_of

ROWS = 60
AT_ONCE = 15
# Bytes of each row's own text, and what a row may leave in memory: the key of what was written.
TEXT = 9_000
# PostgreSQL's driver reads the rows of an answer by the hundred, so a short import grows by more there: by
# 2,400 bytes a row from 60 rows to 240, and by 500 from 240 to 960.
LITTLE = 4_000 if connection.vendor == "postgresql" else 1_000


class LongImporter:
    """An importer of so many rows, each made as it is asked for."""

    source, label, columns = "long", "A long list", {}

    def __init__(self, rows: int, said: str = "Help.") -> None:
        self.rows, self.said = rows, said

    def read(self, path, authority, progress, meanings):
        for n in range(self.rows):
            facts = {
                "name": f"Service {n}",
                "section": "health",
                "summary": self.said,
                "description": f"{n:09}" * (TEXT // 9),
            }
            provider = Part(f"o{n}", {"name": f"Trust {n}", "provider_type": "nhs"})
            place = Part(f"p{n}", {"name": f"Hub {n}", "postcode": "BS5 6RJ"})
            yield Entry(n, f"s{n}", facts, provider, (place,))
            yield Rejected(n, "name", f"{n:09}" * 50, f"r{n}")
            yield Skipped(n, f"{n:09}" * 50, f"k{n}")
            yield Warned(n, "url", f"{n:09}" * 50)


@pytest.fixture(autouse=True)
def _little_at_once(monkeypatch):
    for module in (applying, facts, planning, undoing):
        monkeypatch.setattr(module, "CHUNK", AT_ONCE)
    monkeypatch.setattr(spool, "HELD", AT_ONCE)
    monkeypatch.setattr(spool, "MOST_HELD", AT_ONCE)
    monkeypatch.setattr(gc, "set_threshold", lambda *numbers: None)  # what is no longer used goes at once
    monkeypatch.setattr(services_changed, "receivers", [])
    monkeypatch.setattr(services_changed, "sender_receivers_cache", {})


@pytest.mark.django_db
def test_import_when_four_times_as_long_then_dry_run_writing_and_undoing_hold_no_more():
    load()
    council = make_authority()

    def peaks(rows: int) -> list[int]:
        def run(said: str) -> None:
            plan = make_plan(importer=LongImporter(rows, said), path=Path("x"), authority=council)
            apply_plan(plan=plan)

        def undo() -> None:
            undo_import(batch=last_import(authority=council, source="long"))

        dry = peak_of(lambda: make_plan(importer=LongImporter(rows), path=Path("x"), authority=council))
        found = [dry, peak_of(lambda: run("First.")), peak_of(lambda: run("Second.")), peak_of(undo)]
        Service.objects.all().delete()
        return found

    peaks(AT_ONCE)  # what is read once and kept for ever
    few = peaks(ROWS)
    many = peaks(4 * ROWS)
    grown = [(more - less) / (3 * ROWS) for less, more in zip(few, many, strict=True)]
    assert max(grown) < LITTLE, grown


@pytest.mark.parametrize("rows", [0, 3, AT_ONCE, 4 * AT_ONCE + 7])
def test_rows_when_some_are_on_disk_then_read_as_a_list(rows):
    plain = [(n, f"row {n}") for n in range(rows)]
    held: Rows[tuple[int, str]] = Rows(Spool())
    for row in plain:
        held.append(row)
    assert (len(held), list(held), held == plain) == (rows, plain, True)
    assert held[: AT_ONCE + 5] == plain[: AT_ONCE + 5]
    assert held[-3:] == plain[-3:]
    assert [held[n] for n in range(-rows, rows)] == [plain[n] for n in range(-rows, rows)]
    assert held != [*plain, (0, "")]
    with pytest.raises(IndexError):
        held[rows]


@pytest.mark.parametrize("keys", [3, 4 * AT_ONCE + 7])
def test_shelf_when_some_are_on_disk_then_each_key_is_found_changed_and_taken_off(keys):
    shelf: Shelf[int] = Shelf(Spool())
    other: Shelf[int] = Shelf(shelf._spool)
    for n in range(keys):
        shelf[f"k{n}"] = n
        other[f"k{n}"] = -n
    shelf["k1"] = 100
    assert (shelf.get("k1"), shelf.get("k2"), shelf.get("none"), "k2" in shelf, "none" in shelf) == (
        100, 2, None, True, False,
    )  # fmt: skip
    assert (shelf.pop("k2"), shelf.pop("k2"), shelf.get("k2")) == (2, None, None)
    assert len(shelf) == keys - 1
    assert list(shelf.items()) == [("k0", 0), ("k1", 100), *((f"k{n}", n) for n in range(3, keys))]
    assert list(other.values()) == [-n for n in range(keys)]
    shelf["half \ud800"] = 7
    assert shelf.get("half \ud800") == 7
    shelf.clear()
    assert (len(shelf), list(shelf.items()), "k3" in shelf, len(other)) == (0, [], False, keys)
    shelf["k3"] = 3
    assert list(shelf.items()) == [("k3", 3)]
