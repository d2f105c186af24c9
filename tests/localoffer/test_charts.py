"""Charts read without colour, and say in words what they draw."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from localoffer.charts import HEIGHT, STYLES, WIDTH, Series, line_chart


def test_chart_when_drawn_then_description_and_a_style_of_its_own_for_each_line():
    chart = line_chart(
        "On time",
        ["2022", "2023", "2024"],
        [Series("Us", (50, None, 75)), Series("England", (40, 45, 50))],
        "%",
    )
    assert chart.description == "Us: 50% in 2022, 75% in 2024. England: 40% in 2022, 50% in 2024."
    assert [line.style for line in chart.lines] == [1, 2]
    assert chart.lines[0].marks.count("z") == 2
    assert [tick.label for tick in chart.up] == ["0%", "50%", "100%"]
    assert [tick.label for tick in chart.across] == ["2022", "2023", "2024"]


def test_chart_when_a_figure_is_missing_then_the_line_has_a_gap():
    chart = line_chart("x", list("abcd"), [Series("Us", (1, 2, None, 3))])
    assert re.sub(r"[^ML]", "", chart.lines[0].path) == "MLM"


@pytest.mark.parametrize("values", [(), (None, None), (5, None)])
def test_chart_when_there_is_no_line_to_draw_then_none(values):
    assert line_chart("x", list("ab")[: len(values)], [Series("Us", values)]) is None


def test_chart_when_a_series_is_short_then_a_mistake_of_ours():
    with pytest.raises(ValueError, match="1 values for 2 periods"):
        line_chart("x", ["a", "b"], [Series("Us", (1,))])


@given(
    st.lists(
        st.lists(st.one_of(st.none(), st.floats(0, 1e9)), min_size=9, max_size=9), min_size=1, max_size=STYLES
    )
)
def test_chart_when_any_figures_then_every_point_is_inside(rows):
    chart = line_chart("x", list("abcdefghi"), [Series(str(n), tuple(row)) for n, row in enumerate(rows)])
    for line in chart.lines if chart else ():
        for x, y in re.findall(r"[ML]([\d.]+) ([\d.]+)", line.path):
            assert 0 <= float(x) <= WIDTH
            assert 0 <= float(y) <= HEIGHT
