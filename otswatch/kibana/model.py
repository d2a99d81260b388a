"""The source as it is written in YAML: data views, saved searches, dashboards of rows of panels, rules."""

from __future__ import annotations

from collections import Counter
from importlib import resources
from typing import Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from otswatch import yaml_text
from otswatch.index.mapping import FieldType, mapping_of

#: Columns of a dashboard's grid.
COLUMNS: Final = 48

Chart = Literal["metric", "bars", "stacked", "lines", "area", "donut", "table", "search"]


class Part(BaseModel):
    """Written by hand: a word that nobody reads is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class View(Part):
    """A data view of one kind of document; its index is that kind's alias.

    Args:
        time: the date that the dashboard's time range is of; null where each document stands for how something is now.
        only: KQL of the documents that count, asked for by everything that uses the view.
        labels: field → what it is called on screen.
        links: fields that hold an address, shown as links.
    """

    title: str
    time: str | None
    only: str = ""
    labels: dict[str, str] = Field(default_factory=dict)
    links: tuple[str, ...] = ()


class SavedSearch(Part):
    """A list of documents, newest first by `sort` unless `ascending`."""

    title: str
    about: str
    view: str
    where: str = ""
    columns: tuple[str, ...]
    sort: str
    ascending: bool = False


class Control(Part):
    """A menu of a field's values above the dashboard."""

    title: str
    view: str
    field: str


class Filter(Part):
    """A filter that readers can switch off: `field` has one of `any_of`, or any value at all where none are named."""

    view: str
    field: str
    any_of: tuple[str, ...] = ()


class Panel(Part):
    """One panel, `width` columns wide.

    Args:
        measures: label → `count`, or one of the operations of `otswatch.kibana.columns` as `median(seconds)`.
        by: label → field that it is counted by: dates over time, anything else its most frequent values.
        top: how many values of each such field.
        search: name of a saved search, for that chart.
    """

    title: str
    chart: Chart
    width: int = Field(ge=1, le=COLUMNS)
    view: str | None = None
    where: str = ""
    measures: dict[str, str] = Field(default_factory=dict)
    by: dict[str, str] = Field(default_factory=dict)
    top: int = 10
    search: str | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if (self.chart == "search") != (self.search is not None) or (self.search is None) != (self.view is not None):
            raise ValueError(f"{self.title}: name a `search` for the chart search, a `view` for every other")
        if self.view and not self.measures:
            raise ValueError(f"{self.title}: needs `measures`")
        return self


class Row(Part):
    """Panels side by side, all of one height."""

    height: int = Field(ge=1)
    panels: tuple[Panel, ...]

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (width := sum(panel.width for panel in self.panels)) != COLUMNS:
            raise ValueError(f"{', '.join(panel.title for panel in self.panels)}: {width} wide, not {COLUMNS}")
        return self


class Dashboard(Part):
    """`since`: where its time range starts, as `now-30d`."""

    title: str
    about: str
    since: str
    order: int
    controls: tuple[Control, ...] = ()
    filters: tuple[Filter, ...] = ()
    rows: tuple[Row, ...]

    @model_validator(mode="after")
    def _has_one_of_each(self) -> Self:
        titles = Counter(panel.title for row in self.rows for panel in row.panels)
        if twice := [title for title, times in titles.items() if times > 1]:
            raise ValueError(f"{self.title}: two panels are called {', '.join(twice)}")
        return self


class Rule(Part):
    """Tells what is new in a view: documents with all the values of `having`, and any value in the fields `with_any`.

    Args:
        every, window: minutes between two looks, and how far back each looks: further, or something falls through.
        shown: fields that the alert carries.
    """

    title: str
    view: str
    having: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    with_any: tuple[str, ...] = ()
    at_least: dict[str, int] = Field(default_factory=dict)
    every: int = 5
    window: int = 15
    shown: tuple[str, ...]

    @model_validator(mode="after")
    def _overlaps(self) -> Self:
        if self.window <= self.every:
            raise ValueError(f"{self.title}: looks {self.window} minutes back, every {self.every}: longer than that")
        return self


class Source(Part):
    """Everything that is written in `source/`."""

    views: dict[str, View]
    searches: dict[str, SavedSearch]
    rules: dict[str, Rule]
    dashboards: dict[str, Dashboard]

    def type_of(self, view: str, field: str) -> FieldType:
        """The type of a field of a view.

        Raises:
            KeyError: the mapping has no such field.
        """
        return mapping_of(view).fields[field].type


def load() -> Source:
    """The shipped source.

    Raises:
        pydantic.ValidationError: it is not written as it must be.
    """
    folder = resources.files("otswatch").joinpath("kibana", "source")
    said = {name: yaml_text.read(folder.joinpath(f"{name}.yaml").read_text("utf-8")) for name in _FILES}
    files = sorted(folder.joinpath("dashboards").iterdir(), key=lambda file: file.name)
    boards = {file.name.removesuffix(".yaml"): yaml_text.read(file.read_text("utf-8")) for file in files}
    return Source(**said, dashboards=boards)


_FILES: Final = ("views", "searches", "rules")
