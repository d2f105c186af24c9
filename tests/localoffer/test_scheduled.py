"""Every command of README's schedule: one run at a time, and a second run changes nothing."""

import fcntl
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core import mail
from django.core.management import BaseCommand, CommandError, call_command, get_commands, load_command_class
from django.db import connection
from django.db.models import DateTimeField

from localoffer.backup import databases
from localoffer.models.change import Change
from localoffer.run_lock import AlreadyRunning, only_one
from localoffer.scheduled import ScheduledCommand
from tests.factories import make_comment, make_published
from tests.services.currency import make_due

README = (Path(__file__).resolve().parent.parent.parent / "README.md").read_text(encoding="utf-8")
SCHEDULE = README.partition("## Commands run on a schedule")[2].partition("\n## ")[0]
LINES = sorted(set(re.findall(r"`manage\.py ([a-z_]+(?: --[a-z]+)*)`", SCHEDULE)))
OURS = {"localoffer", "services", "search", "feedback"}


@contextmanager
def held_elsewhere(name: str, folder: Path) -> Iterator[None]:
    """The lock as another server holds it: by another connection, or by another file handle."""
    if connection.vendor == "postgresql":
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_lock(%s)", [zlib.crc32(name.encode())])
                assert cursor.fetchone()[0]
            yield
        finally:
            other.close()
        return
    with (folder / f"{name}.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield


def rows(*, times: bool = True) -> dict[str, list[tuple]]:
    """Every row of every table of ours, and of pages; without the times of the day where asked. Marks of
    changes are left out: they are tidied at whatever write comes up."""
    ours = [model for model in apps.get_models() if model._meta.app_label in {*OURS, "wagtailcore"}]
    models = [model for model in ours if model is not Change]
    found = {}
    for model in models:
        fields = [f.attname for f in model._meta.concrete_fields if times or not isinstance(f, DateTimeField)]
        found[model._meta.label] = sorted(model.objects.values_list(*fields), key=str)
    return found


class Nothing:
    """A database with nothing in it."""

    engine, member = "none", "nothing.db"

    def dump(self, path: Path) -> dict[str, int]:
        path.write_bytes(b"")
        return {}


def run(line: str) -> str:
    name, *options = line.split()
    out = StringIO()
    call_command(name, *options, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_schedule_when_read_then_each_command_of_it_takes_the_one_lock():
    assert len(LINES) >= 12
    for line in LINES:
        name = line.split()[0]
        assert isinstance(load_command_class(get_commands()[name], name), ScheduledCommand), name


def test_commands_when_written_then_none_has_a_method_in_place_of_one_of_djangos_own_steps():
    """`call_command` leaves some of these out, and the command line does not."""
    meant = {"add_arguments", "execute", "handle", "help"}
    steps = {name for name, step in vars(BaseCommand).items() if callable(step) and name[0] != "_"} - meant
    for name, app in get_commands().items():
        if app in OURS:
            assert not steps & vars(type(load_command_class(app, name))).keys(), name


def test_scheduled_commands_when_written_then_each_is_in_the_schedule():
    ours = [name for name, app in get_commands().items() if app in OURS]
    locked = {
        name for name in ours if isinstance(load_command_class(get_commands()[name], name), ScheduledCommand)
    }
    assert locked == {line.split()[0] for line in LINES}


@pytest.mark.django_db
@pytest.mark.parametrize("line", LINES)
def test_command_when_another_run_is_at_work_then_it_says_so_and_changes_nothing(
    line, authority, settings, tmp_path
):
    settings.VAR_DIR = tmp_path
    make_due(authority, days=3)
    make_comment(authority)
    before = rows()
    with held_elsewhere(line.split()[0], tmp_path):
        assert "another run has not ended yet. Nothing was done." in run(line)
    assert rows() == before
    assert not mail.outbox


@pytest.mark.django_db
@pytest.mark.parametrize("line", LINES)
def test_command_when_run_twice_then_the_second_changes_nothing(
    line, authority, settings, tmp_path, monkeypatch
):
    settings.VAR_DIR = tmp_path
    settings.BACKUP_DIR = tmp_path / "backups"
    if line == "backup":  # a database cannot be copied from within the transaction of a test
        monkeypatch.setattr(databases, "of_site", Nothing)
        monkeypatch.setattr("localoffer.management.commands.backup.NAME", "local-offer-{:%f}.zip")
    make_due(authority, days=3)
    make_published(authority)
    done = []
    for _ in range(2):
        # The yearly report of a new council is late, and the command's work is to say so.
        with suppress(CommandError) if line == "draft_annual_report --due" else nullcontext():
            run(line)
        done.append((rows(times=False), len(mail.outbox)))
    assert done[0] == done[1]


@pytest.mark.django_db
def test_lock_when_a_run_breaks_then_it_is_free_again(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    with pytest.raises(ZeroDivisionError), only_one("a-test"):
        raise ZeroDivisionError
    with only_one("a-test"), held_elsewhere("another-test", tmp_path), only_one("a-third"):
        pass
    with held_elsewhere("a-test", tmp_path), pytest.raises(AlreadyRunning), only_one("a-test"):
        pass
