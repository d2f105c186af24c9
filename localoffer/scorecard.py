"""What a scorecard shows of each indicator: our figures beside England's, the region's, neighbours'."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from localoffer.charts import Chart, Series, line_chart
from localoffer.clock import today
from localoffer.indicators import GOOD_WORDS, HEAD_WORDS, Good, Head, Unit
from localoffer.models import ScorecardPage, Statistic
from localoffer.statistics import series
from localoffer.statistics_files import ENGLAND, areas

NOT_AVAILABLE = "Not available"
Figure = tuple[Decimal | None, str]


@dataclass(frozen=True, slots=True)
class Column:
    """One area of the table: `figures` are written out, one a period of the card."""

    name: str
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One indicator, ready to draw. `table` has a row a period: (period, one figure a column)."""

    anchor: str
    title: str
    definition: str
    source: str
    better: str
    owner: str
    target: str
    note: str
    next_published: date | None
    overdue: bool
    summary: tuple[str, ...]
    columns: tuple[str, ...]
    table: tuple[tuple[str, tuple[str, ...]], ...]
    chart: Chart | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HeadOfCards:
    title: str
    anchor: str
    cards: tuple[Card, ...]


Rows = list[tuple[str, dict[str, Figure]]]


def read(page: ScorecardPage) -> list[HeadOfCards]:
    """The cards of a page under their heads, from one query."""
    known = areas()
    codes = [code for code in (ENGLAND, page.region, *(block.value for block in page.neighbours)) if code]
    values = [block.value for block in page.indicators]
    wanted = [value["indicator"] for value in values if value.get("indicator")]
    held = series(wanted, [*codes, page.own_area]) if wanted else {}
    ours = known[page.own_area].name if page.own_area in known else page.council_name
    cards: list[tuple[Head, Card]] = []
    for number, value in enumerate(values, start=1):
        key = value.get("indicator") or ""
        rows: Rows = [(ours, _own(value, held.get((key, page.own_area), [])))]
        for code in codes:
            figures = {row.period: (row.value, row.mark) for row in held.get((key, code), [])}
            rows += [(known[code].name, figures)] if figures else []
        cards.append((value.head, _card(number, value, rows)))
    heads = [
        HeadOfCards(HEAD_WORDS[head], f"head-{head}", tuple(card for of, card in cards if of is head))
        for head in Head
    ]
    return [head for head in heads if head.cards]


def _card(number: int, value: Any, rows: Rows) -> Card:
    """`rows`: (area, its figures by period), ours first."""
    unit, due, target = value.unit, value.get("next_published"), value.get("target")
    periods = sorted({period for _, figures in rows for period in figures})
    return Card(
        anchor=f"indicator-{number}",
        title=value.heading,
        definition=value.words,
        source=value.source_words,
        better=GOOD_WORDS[value.good],
        owner=value["owner"],
        target="" if target is None else write((target, ""), unit),
        note=value.get("note") or "",
        next_published=due,
        overdue=bool(due and due < today()),
        summary=tuple(_summary(rows, periods, value)),
        columns=tuple(name for name, _ in rows),
        table=tuple(
            (p, tuple(write(figures.get(p), unit) for _, figures in rows)) for p in reversed(periods)
        ),
        chart=_chart(value, rows, periods),
        notes=tuple(f"{own['period']}: {own['note']}" for own in value["figures"] if own.get("note")),
    )


def _table(rows: Rows, periods: Sequence[str], unit: Unit) -> Iterator[tuple[str, tuple[str, ...]]]:
    """A row a period, the newest first."""
    for period in reversed(periods):
        yield period, tuple(write(figures.get(period), unit) for _, figures in rows)


def _chart(value: Any, rows: Rows, periods: Sequence[str]) -> Chart | None:
    """Years and school years are different measures of time, so they are never drawn on one line."""
    if value.unit is Unit.YES_NO or len({len(period) for period in periods}) > 1:
        return None
    drawn = [Series(name, tuple(_number(figures.get(p)) for p in periods)) for name, figures in rows]
    return line_chart(value.heading, periods, drawn, "%" if value.unit is Unit.PERCENT else "")


def _own(value: Any, published: Sequence[Statistic]) -> dict[str, Figure]:
    """Our figures by period: those typed on the page stand before those of the statistics."""
    found: dict[str, Figure] = {row.period: (row.value, row.mark) for row in published}
    found.update({figure["period"]: (figure.get("value"), "") for figure in value["figures"]})
    return found


def _number(figure: Figure | None) -> float | None:
    return float(figure[0]) if figure and figure[0] is not None else None


def write(figure: Figure | None, unit: Unit) -> str:
    """A figure in words: "58.7%", "53,327", "Yes"; what is suppressed is never a number."""
    if figure is None or figure[0] is None:
        return NOT_AVAILABLE
    value = figure[0]
    if unit is Unit.YES_NO:
        return "Yes" if value else "No"
    if unit is Unit.PERCENT:
        return f"{value:.1f}%"
    return f"{value:,.4f}".rstrip("0").rstrip(".")


def _summary(rows: Rows, periods: Sequence[str], value: Any) -> list[str]:
    """The latest figure, its change, and how it stands beside England and the target: in words."""
    name, own = rows[0]
    known = [period for period in periods if _number(own.get(period)) is not None]
    if not known:
        return [f"We have no figure for {name} yet."]
    unit, last = value.unit, known[-1]
    told = [f"{name}: {write(own[last], unit)} in {last}."]
    if unit is Unit.YES_NO:
        return told
    now = own[last][0] or Decimal(0)
    if len(known) > 1:
        before = own[known[-2]][0] or Decimal(0)
        told.append(f"{_moved(before, now, value.good)} since {known[-2]}.")
    england = next((figures.get(last) for other, figures in rows[1:] if other == "England"), None)
    if england and england[0] is not None and unit is Unit.PERCENT:
        told.append(f"England: {write(england, unit)}. {_beside(now, england[0], value.good)}")
    target = value.get("target")
    if target is not None:
        told.append(_target(now, target, value.good, write((target, ""), unit)))
    return told


def _moved(before: Decimal, now: Decimal, good: Good) -> str:
    if now == before:
        return "No change"
    way = "Up" if now > before else "Down"
    if good is Good.NEITHER:
        return way
    better = (now > before) is (good is Good.HIGHER)
    return f"{way}, which is {'better' if better else 'worse'},"


def _beside(now: Decimal, england: Decimal, good: Good) -> str:
    if now == england:
        return "We are the same."
    if good is Good.NEITHER:
        return f"We are {'higher' if now > england else 'lower'}."
    better = (now > england) is (good is Good.HIGHER)
    return f"We are {'better' if better else 'worse'} than England."


def _target(now: Decimal, target: Decimal, good: Good, words: str) -> str:
    met = now <= target if good is Good.LOWER else now >= target
    return f"Our target is {words}. {'We meet it.' if met else 'We do not meet it yet.'}"
