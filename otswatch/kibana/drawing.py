"""Draws what dashboards ask for, from the answers to the requests that the verifier makes of them.

So the numbers can be looked at where there is no Kibana. It is not how Kibana draws them: time is counted by months,
and every chart is bars.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, Template

from otswatch.kibana.verify import static
from otswatch.kibana.verify.aggregations import Layer, Row, Value
from otswatch.kibana.verify.files import Files, Saved, read
from otswatch.kibana.verify.findings import FaultError
from otswatch.kibana.verify.objects import Board
from otswatch.kibana.verify.server import Server

#: Categories of a chart, and lines of a table, that are drawn.
_MOST: Final = 15


@dataclass(frozen=True, slots=True)
class Bar:
    """One category: its parts by series, each with its share of the longest bar in percent."""

    label: str
    total: str
    parts: list[tuple[int, str, float]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """A panel at its place of 48 columns. What it has none of is empty; `why`: why it has nothing."""

    title: str
    place: Mapping[str, int]
    number: str = ""
    series: list[str] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    lines: list[list[str]] = field(default_factory=list)
    more: int = 0
    why: str = ""


def draw(texts: Mapping[str, str], server: Server) -> str:
    """All dashboards of files (name → text) as one page of HTML.

    Raises:
        elasticsearch.TransportError: the server does not answer.
    """
    files = read(texts)
    boards = sorted((saved for saved in files.objects.values() if saved.type == "dashboard"), key=_title)
    return _template().render(boards=[(_title(saved), list(_panels(files, server, saved))) for saved in boards])


@cache
def _template() -> Template:
    made = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return made.from_string((Path(__file__).parent / "drawing.html").read_text(encoding="utf-8"))


def _title(saved: Saved) -> str:
    return str(saved.attributes["title"])


def _panels(files: Files, server: Server, saved: Saved) -> Iterator[Drawn]:
    board = Board(files, server, saved)
    for panel in static.panels_of(saved):
        if panel["type"] not in {"lens", "search"}:
            continue
        title, place = static.named(saved, panel).rpartition(" › ")[2], panel["gridData"]
        try:
            if panel["type"] == "search":
                head, lines = board.listed(panel)
                yield Drawn(title, place, head=head, lines=[[_said(value) for value in line] for line in lines])
            else:
                [(layer, total, answer)] = board.answers(panel)
                yield _chart(panel, title, place, layer, layer.rows(total, answer))
        except FaultError as error:
            yield Drawn(title, place, why=str(error))


def _chart(panel: dict[str, Any], title: str, place: Mapping[str, int], layer: Layer, rows: list[Row]) -> Drawn:
    kind = panel["embeddableConfig"]["attributes"]["visualizationType"]
    if kind == "lnsMetric":
        return Drawn(title, place, number=_said(rows[0][1][0] if rows else None), head=layer.measures)
    if kind == "lnsDatatable":
        lines = [[*path, *map(_said, values)] for path, values in rows[:_MOST]]
        return Drawn(title, place, head=[*layer.buckets, *layer.measures], lines=lines, more=len(rows[_MOST:]))
    series, bars = _bars(rows)
    return Drawn(title, place, series=series, bars=bars[:_MOST], more=len(bars[_MOST:]))


def _bars(rows: list[Row]) -> tuple[list[str], list[Bar]]:
    """The innermost bucket is the axis; what stands around it are series."""
    series = list(dict.fromkeys(path[0] for path, _ in rows if len(path) > 1))
    values: dict[str, dict[int, float]] = {}
    for path, measures in rows:
        number = measures[0] if isinstance(measures[0], int | float) else 0.0
        place = series.index(path[0]) if len(path) > 1 else 0
        values.setdefault(path[-1], {})[place] = float(number)
    longest = max((sum(parts.values()) for parts in values.values()), default=0.0) or 1.0
    found = values.items() if not series else sorted(values.items())
    return series, [
        Bar(
            _said(label),
            _said(sum(parts.values())),
            [(place, _said(value), 100 * value / longest) for place, value in sorted(parts.items())],
        )
        for label, parts in found
    ]


def _said(value: Value | list[Value]) -> str:
    """As it is read: thousands apart, a moment without its fraction, nothing as a dash."""
    if isinstance(value, list):
        return ", ".join(map(_said, value))
    if isinstance(value, int | float):
        return f"{value:,.1f}".removesuffix(".0")
    return "–" if value is None else value.removesuffix(".000Z").removesuffix("T00:00:00")
