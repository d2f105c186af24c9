"""Reading the open statistics: by their headings, marks never numbers, every problem told."""

import csv
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from localoffer.indicators import INDICATORS, get_indicator
from localoffer.statistics_files import RELEASES, Reading, UnreadableStatistics, areas, read

SHIPPED = settings.BASE_DIR / "demo" / "statistics"
HEADINGS = (
    "time_period,time_identifier,geographic_level,country_code,country_name,region_code,region_name,"
    "new_la_code,old_la_code,la_name,breakdown_topic,breakdown,plans_issued_den,"
    "pc_plans_issued_within_20_weeks,PC_plans_issued_20_weeks_ex"
)
BRISTOL = "Local authority,E92000001,England,E12000009,South West,E06000023,801,Bristol,All,All"
ROW = f"2024,Calendar year,{BRISTOL},1,2"
TRIBUNAL = (
    "SEND Appeal rate,,,,\n,,,,\nLocal Authority,LA code,2023,,\n"
    ",,Appeals registered4,Total Appealable Decisions1,SEND Tribunal Appeal Rate2\n"
)


def written(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "file.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def figures(tmp_path: Path, *rows: str, headings: str = HEADINGS):
    return read(written(tmp_path, "\n".join([headings, *rows]) + "\n")).readings


def refusal(tmp_path: Path, text: str | bytes) -> str:
    with pytest.raises(UnreadableStatistics) as refused:
        read(written(tmp_path, text))
    return str(refused.value)


def test_indicators_when_listed_then_keys_are_unique_and_releases_known():
    assert len({i.key for i in INDICATORS}) == len(INDICATORS)
    assert {i.release for i in INDICATORS} == set(RELEASES)


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.csv")), ids=lambda p: p.stem)
def test_read_when_a_shipped_file_then_each_figure_is_the_one_in_its_cell(path):
    found = read(path)
    if found.release == "tribunal":
        assert found.readings[("appeal_rate", "801", "2024")].value is not None
        return
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        level = row["geographic_level"]
        area = {"National": "E92000001", "Regional": row["region_code"]}.get(level, row["old_la_code"])
        period = row["time_period"]
        period = period if len(period) == 4 else f"{period[:4]}/{period[4:]}"
        for indicator in (i for i in INDICATORS if i.release == found.release):
            cell = row[indicator.column]
            reading = found.readings[(indicator.key, area, period)]
            if cell in ("x", "z", "n/a"):
                assert (reading.value, reading.mark) == (None, cell)
            elif cell in ("Yes", "No"):
                assert reading.value == (cell == "Yes")
            elif reading.value is not None:
                assert reading.value == Decimal(cell)


def test_read_when_columns_have_moved_and_there_is_a_bom_then_the_same(tmp_path):
    straight = figures(tmp_path, f"2024,Calendar year,{BRISTOL},100,50,61.5")
    names = HEADINGS.split(",")
    cells = f"2024,Calendar year,{BRISTOL},100,50,61.5".split(",")
    turned = "﻿" + ",".join(reversed(names)) + "\n" + ",".join(reversed(cells)) + "\n"
    assert read(written(tmp_path, turned)).readings == straight
    assert straight[("plans_20_weeks", "801", "2024")] == Reading(
        "plans_20_weeks", "801", "2024", Decimal("61.5")
    )


@pytest.mark.parametrize("mark", ["x", "z", "c", "low", "~", "..", " - ", ""])
def test_read_when_suppressed_then_not_available_and_never_zero(tmp_path, mark):
    reading = figures(tmp_path, f"2024,Calendar year,{BRISTOL},100,50,{mark}")[
        ("plans_20_weeks", "801", "2024")
    ]
    assert (reading.value, reading.mark) == (None, mark.strip())


def test_read_when_percent_signs_and_thousands_then_numbers(tmp_path):
    found = figures(tmp_path, f'2024,Calendar year,{BRISTOL},"1,234",50%,61.50%')
    assert found[("plans_new", "801", "2024")].value == 1234
    assert found[("plans_20_weeks", "801", "2024")].value == Decimal("61.5")


def test_read_when_the_tribunals_two_rows_of_headings_then_each_year_its_own(tmp_path):
    found = read(
        written(
            tmp_path,
            "﻿SEND Appeal rate,,,,,,,\n,,,,,,,\nLocal Authority,LA code,2023,,,2024,,\n"
            ",,Appeals registered4,Total Appealable Decisions1,SEND Tribunal Appeal Rate2,"
            'Appeals registered4,"Total Appealable Decisions1,9",SEND Tribunal Appeal Rate2\n'
            "SOUTH WEST,,,,,,,\n"
            'Bristol,801, - ,"1,071",0.00%,12,~,~\n'
            'England Total4,,"4,108","251,096",1.60%,5,6,2.0%\n'
            "England total excluding suppressed,,9,9,9%,9,9,9%\nSources:,x,,,,,,\nX,999,1,1,1,1,1,1\n",
        )
    ).readings
    assert found[("appeals", "801", "2023")].value is None
    assert found[("appeal_rate", "801", "2023")].value == 0
    assert found[("appeals", "801", "2024")].value == 12
    assert found[("appeal_rate", "801", "2024")].mark == "~"
    assert found[("appeals", "E92000001", "2023")].value == 4108
    assert len(found) == 8


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        (b"\xff\xfea\x00b\x00", "UTF-8"),
        ("a,b\n1,2\n", "no row of headings"),
        (HEADINGS + "\n", "no figures"),
        (
            HEADINGS.replace("PC_plans", "other") + "\n",
            "no column “PC_plans_issued_20_weeks",
        ),
        (f"{HEADINGS}\n2024,Calendar year,{BRISTOL},1,2,3,4\n", "Line 2: 16 columns"),
        (f"{HEADINGS}\n2024,Calendar year,{BRISTOL},1,2,lots\n", "“lots” is not a number"),
        (f"{HEADINGS}\n2024,Calendar year,{BRISTOL},1,2,NaN\n", "cannot be"),
        (f"{HEADINGS}\n2024,Calendar year,{BRISTOL},-1,2,3\n", "below nothing"),
        (f"{HEADINGS}\n2024,Calendar year,{BRISTOL},1,2,101\n", "more than 100"),
        (f"{HEADINGS}\nlast year,Calendar year,{BRISTOL},1,2,3\n", "not a year"),
        (f"{HEADINGS}\n2024,Calendar year,{BRISTOL.replace('801', '999')},1,2,3\n", "code “999” (Bristol)"),
        (TRIBUNAL + "Nowhere,123,1,1,1%\n", "code “123”"),
        (
            f"{HEADINGS}\n" + f"2024,Calendar year,{BRISTOL},1,2,3\n2024,Calendar year,{BRISTOL},1,2,4\n",
            "second",
        ),
    ],
)
def test_read_when_it_cannot_be_used_then_says_where_and_why(tmp_path, text, words):
    assert words in refusal(tmp_path, text)


def test_read_when_there_are_many_problems_then_the_first_and_a_count(tmp_path):
    rows = "".join(f"2024,Calendar year,{BRISTOL},1,2,wrong\n" for _ in range(50))
    assert refusal(tmp_path, f"{HEADINGS}\n{rows}").endswith("And 30 more.")


@given(st.lists(st.lists(st.text(max_size=8), max_size=16), max_size=8))
def test_read_when_anything_follows_the_headings_then_figures_or_a_refusal(tmp_path_factory, rows):
    out = StringIO()
    csv.writer(out).writerows([HEADINGS.split(","), *rows])
    path = tmp_path_factory.mktemp("any") / "any.csv"
    path.write_text(out.getvalue(), encoding="utf-8", errors="surrogatepass")
    try:
        found = read(path)
    except UnreadableStatistics as refused:
        told, readings = refused.problems, {}
    else:
        told, readings = (), found.readings
    assert bool(told) is not bool(readings)
    assert all(get_indicator(r.indicator) and r.area in areas() for r in readings.values())
