"""Line charts as numbers for a template: no script, no image file, told apart without colour. Pure.

Each line has its own dashes and its own mark, so that it reads in greyscale. Drawn in a box of
`WIDTH` by `HEIGHT` units whose text is 14 units high, 18 on a phone: `LEFT` has room for "100%" and "12.5k".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

WIDTH, HEIGHT = 320, 200
LEFT, RIGHT, TOP, BOTTOM = 58, 12, 12, 28
MARK = 4
MOST_LABELS = 4
STYLES = 6


@dataclass(frozen=True, slots=True)
class Series:
    """A named row of figures, one a period; None is not available and leaves a gap."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """`path` joins what is known, `marks` draws each figure; `style` is 1 to `STYLES`."""

    name: str
    style: int
    path: str
    marks: str
    sample: str


@dataclass(frozen=True, slots=True)
class Tick:
    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Chart:
    """What components/line_chart.html draws."""

    title: str
    description: str
    lines: tuple[Line, ...]
    across: tuple[Tick, ...]
    up: tuple[Tick, ...]

    @property
    def box(self) -> str:
        return f"0 0 {WIDTH} {HEIGHT}"

    @property
    def left(self) -> int:
        return LEFT

    @property
    def right(self) -> int:
        return WIDTH - RIGHT

    @property
    def label_line(self) -> int:
        return HEIGHT - 8


def line_chart(
    title: str, periods: Sequence[str], series: Sequence[Series], suffix: str = ""
) -> Chart | None:
    """None where there is nothing to draw: no line with two known figures.

    Raises ValueError when a series does not have one value a period.
    """
    for one in series:
        if len(one.values) != len(periods):
            raise ValueError(f"{one.name} has {len(one.values)} values for {len(periods)} periods.")
    drawn = [one for one in series if sum(value is not None for value in one.values) > 1]
    if not drawn:
        return None
    top = _nice(max(value for one in drawn for value in one.values if value is not None))
    lines = tuple(
        _line(one, number % STYLES + 1, len(periods), top)
        for number, one in enumerate(series[: 2 * STYLES])
        if one in drawn
    )
    up = tuple(
        Tick(round(_y(share * top, top), 1), f"{_short(share * top)}{suffix}") for share in (0, 0.5, 1)
    )
    step = max(1, -(-(len(periods) - 1) // (MOST_LABELS - 1)))
    shown = [n for n in range(len(periods)) if (len(periods) - 1 - n) % step == 0]
    across = tuple(Tick(round(_x(n, len(periods)), 1), periods[n]) for n in shown)
    return Chart(title, _describe(periods, drawn, suffix), lines, across, up)


def _describe(periods: Sequence[str], series: Sequence[Series], suffix: str) -> str:
    """From the first known figure to the last, line by line."""
    told = []
    for one in series:
        known = [(p, v) for p, v in zip(periods, one.values, strict=True) if v is not None]
        (first, start), (last, end) = known[0], known[-1]
        told.append(f"{one.name}: {_short(start)}{suffix} in {first}, {_short(end)}{suffix} in {last}.")
    return " ".join(told)


def _line(series: Series, style: int, count: int, top: float) -> Line:
    pieces, marks, pen = [], [], "M"
    for number, value in enumerate(series.values):
        if value is None:
            pen = "M"
            continue
        x, y = _x(number, count), _y(value, top)
        pieces.append(f"{pen}{x:.1f} {y:.1f}")
        marks.append(_mark(style, x, y))
        pen = "L"
    return Line(series.name, style, " ".join(pieces), " ".join(marks), _mark(style, 20, 8))


def _mark(style: int, x: float, y: float) -> str:
    """A small shape around a point: disc, square, triangle, diamond, cross or bar."""
    r = MARK
    shapes = {
        1: f"M{x - r:.1f} {y:.1f}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0z",
        2: f"M{x - r:.1f} {y - r:.1f}h{2 * r}v{2 * r}h{-2 * r}z",
        3: f"M{x:.1f} {y - r - 1:.1f}l{r + 1} {2 * r}h{-2 * r - 2}z",
        4: f"M{x:.1f} {y - r - 1:.1f}l{r + 1} {r + 1}l{-r - 1} {r + 1}l{-r - 1} {-r - 1}z",
        5: f"M{x - r:.1f} {y - 1.5:.1f}h{2 * r}v3h{-2 * r}z",
        6: f"M{x - 1.5:.1f} {y - r:.1f}h3v{2 * r}h-3z",
    }
    return shapes[style]


def _x(number: int, count: int) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * (number / (count - 1) if count > 1 else 0.5)


def _y(value: float, top: float) -> float:
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top)


def _nice(most: float) -> float:
    """The round number that the axis goes up to: 1, 2, 4, 5 or 10 times a power of ten."""
    if most <= 0:
        return 1.0
    power = 10.0 ** floor(log10(most))
    return next(step * power for step in (1, 2, 4, 5, 10) if step * power >= most)


def _short(value: float) -> str:
    """12,500 as 12.5k on an axis; at most one decimal."""
    if value >= 10_000:
        return f"{value / 1000:.4g}k"
    return f"{value:,.1f}".removesuffix(".0")
