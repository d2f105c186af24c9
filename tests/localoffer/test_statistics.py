"""Loading statistics: all or nothing, repeatable, and a revised figure keeps what it was."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from localoffer.models import Statistic, StatisticRevision, StatisticsRelease
from localoffer.statistics import series
from tests.localoffer.test_statistics_files import BRISTOL, HEADINGS, SHIPPED

pytestmark = pytest.mark.django_db


def release(tmp_path: Path, *rows: str, name: str = "timeliness.csv") -> str:
    path = tmp_path / name
    path.write_text("\n".join([HEADINGS, *rows]) + "\n", encoding="utf-8")
    return str(path)


def row(year: int, percent: str) -> str:
    return f"{year},Calendar year,{BRISTOL},100,50,{percent}"


def on_time(year: str) -> Statistic:
    return Statistic.objects.get(indicator="plans_20_weeks", area="801", period=year)


def test_load_when_repeated_then_nothing_changes(tmp_path, capsys):
    file = release(tmp_path, row(2023, "40"), row(2024, "x"))
    call_command("load_indicators", file)
    call_command("load_indicators", file)
    assert "0 added, 0 changed, 6 unchanged" in capsys.readouterr().out
    assert StatisticsRelease.objects.count() == 1
    assert (on_time("2024").value, on_time("2024").mark) == (None, "x")


def test_load_when_a_release_revises_then_the_figure_and_what_it_was_are_kept(tmp_path, capsys):
    call_command("load_indicators", release(tmp_path, row(2022, "30"), row(2023, "40")))
    call_command("load_indicators", release(tmp_path, row(2023, "41.5"), name="later.csv"))
    revision = StatisticRevision.objects.get()
    assert (on_time("2023").value, revision.value) == (Decimal("41.5"), Decimal("40"))
    assert (revision.release.file_name, revision.replaced_by.file_name) == ("timeliness.csv", "later.csv")
    assert on_time("2022").value == 30
    assert "3 that we hold are not in it, and stay" in capsys.readouterr().out


def test_load_when_one_file_of_two_is_bad_then_neither_is_loaded(tmp_path):
    good = release(tmp_path, row(2024, "40"))
    bad = tmp_path / "bad.csv"
    bad.write_text("a,b\n", encoding="utf-8")
    with pytest.raises(CommandError, match=r"Nothing was loaded.\nbad.csv: no row of headings"):
        call_command("load_indicators", good, str(bad))
    assert not Statistic.objects.exists()


def test_load_when_dry_or_missing_then_nothing_is_written(tmp_path, capsys):
    call_command("load_indicators", release(tmp_path, row(2024, "40")), dry_run=True)
    assert "this was a dry run" in capsys.readouterr().out
    with pytest.raises(CommandError, match="There is no file"):
        call_command("load_indicators", str(tmp_path / "gone.csv"))
    assert not Statistic.objects.exists()


def test_load_when_two_files_hold_one_release_then_refused(tmp_path):
    one = release(tmp_path, row(2024, "40"))
    two = release(tmp_path, row(2024, "50"), name="two.csv")
    with pytest.raises(CommandError, match="Two files hold timeliness"):
        call_command("load_indicators", one, two)


def test_series_when_read_then_in_order_from_one_query(django_assert_num_queries):
    call_command("load_indicators", str(SHIPPED))
    with django_assert_num_queries(1):
        found = series(["plans_20_weeks", "appeals"], ["E92000001", "801"])
    assert [s.period for s in found[("plans_20_weeks", "E92000001")]] == [str(y) for y in range(2019, 2025)]
    assert found[("plans_20_weeks", "E92000001")][0].value == Decimal("60.4")
