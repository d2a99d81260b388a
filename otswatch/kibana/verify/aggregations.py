"""A Lens layer as the aggregations that Kibana sends, and what their answer shows.

Buckets nest in the order of the layer's columns, measures stand in the innermost. Kibana asks for what is last with
`top_metrics`, which the core of Elasticsearch lacks: `top_hits` finds the same document. Formulas, shifted time and the
"other" bucket are not modelled.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from otswatch.kibana.verify.findings import Fault, FaultError
from otswatch.kibana.verify.kql import Capability, Fields, translate

RECORDS: Final = "___records___"
#: Operation of Lens → aggregation with one value.
_VALUES: Final = {
    "unique_count": "cardinality",
    "sum": "sum",
    "average": "avg",
    "max": "max",
    "min": "min",
}
_PERCENTS: Final = {"median": lambda params: 50.0, "percentile": lambda params: float(params["percentile"])}
_NUMERIC: Final = frozenset({"sum", "average", "median", "percentile", "standard_deviation", "range"})
_NUMBERS: Final = frozenset({"integer", "long", "short", "byte", "double", "float", "half_float", "unsigned_long"})
_BUCKETS: Final = frozenset({"terms", "date_histogram", "filters", "range"})
_OTHERS: Final = frozenset({"count", "last_value", "standard_deviation"})

#: A number, a moment or a word; null: nothing was there to make it of.
Value = float | str | None
#: The keys of the buckets on the way, outermost first, and the measures.
Row = tuple[tuple[str, ...], list[Value]]
Columns = dict[str, dict[str, Any]]
Aggregations = dict[str, Any]


class Layer:
    """One layer over an index with `fields`.

    Raises:
        FaultError: an operation or a field that it cannot be.
    """

    def __init__(self, layer: dict[str, Any], fields: Fields) -> None:
        self._columns: Columns = layer["columns"]
        self._fields = fields
        for id_ in layer["columnOrder"]:
            self._check(id_)
        self._buckets = [id_ for id_ in layer["columnOrder"] if self._columns[id_]["operationType"] in _BUCKETS]
        self._measures = [id_ for id_ in layer["columnOrder"] if id_ not in self._buckets]
        if missing := self._columns.keys() - set(layer["columnOrder"]):
            raise FaultError(
                Fault.UNKNOWN_CHART, f"columns without a place in columnOrder: {', '.join(sorted(missing))}"
            )

    def request(self) -> Aggregations:
        """The `aggs` of its search; none for a bare count."""
        aggregations = {id_: made for id_ in self._measures if (made := self._measure(id_))}
        for id_ in reversed(self._buckets):
            inner = {**self._ordering(id_), **aggregations}
            aggregations = {id_: {**self._bucket(id_), **({"aggs": inner} if inner else {})}}
        return aggregations

    def unseen(self, total: int, answer: dict[str, Any]) -> list[str]:
        """Labels of the measures that would show nothing; `total` documents were found."""
        rows = [values for _, values in self.rows(total, answer)]
        return [
            label
            for place, (id_, label) in enumerate(zip(self._measures, self.measures, strict=True))
            if not any(self._shows(id_, row[place]) for row in rows)
        ]

    @property
    def measures(self) -> list[str]:
        """What they are called."""
        return [str(self._columns[id_].get("label", id_)) for id_ in self._measures]

    @property
    def buckets(self) -> list[str]:
        """What they are called, outermost first."""
        return [str(self._columns[id_].get("label", id_)) for id_ in self._buckets]

    def rows(self, total: int, answer: dict[str, Any]) -> list[Row]:
        """The innermost buckets that hold documents: the way to each, and its measures."""
        found = self._walked(self._buckets, {**answer, "doc_count": total})
        return [(path, [self._value(id_, row) for id_ in self._measures]) for path, row in found]

    def _check(self, id_: str) -> None:
        column = self._columns.get(id_)
        if column is None:
            raise FaultError(Fault.UNKNOWN_CHART, f"columnOrder names a column that is not there: {id_}")
        operation, field = column["operationType"], column.get("sourceField")
        if operation not in {*_BUCKETS, *_OTHERS, *_VALUES, *_PERCENTS}:
            raise FaultError(Fault.UNKNOWN_CHART, f"{operation} is no operation that is known here")
        by = column.get("params", {}).get("orderBy", {})
        if by.get("type") == "column" and by["columnId"] not in self._columns:
            raise FaultError(Fault.UNKNOWN_CHART, f"is ordered by a column that is not there: {by['columnId']}")
        if operation == "filters" or (operation == "count" and field == RECORDS):
            return
        type_ = aggregatable(self._fields, field, column.get("label", id_)).type
        if operation == "date_histogram" and type_ != "date":
            raise FaultError(Fault.WRONG_TIME, f"counts over time by {field}, which is {type_}")
        if operation in _NUMERIC and type_ not in _NUMBERS:
            raise FaultError(Fault.NOT_AGGREGATABLE, f"{operation} needs a number; {field} is {type_}")
        if operation == "last_value":
            self._check_last(column["params"]["sortField"])

    def _check_last(self, time: str) -> None:
        if aggregatable(self._fields, time, "last value").type != "date":
            raise FaultError(Fault.WRONG_TIME, f"the last value is that with the highest {time}, which is no date")

    def _bucket(self, id_: str) -> Aggregations:
        column = self._columns[id_]
        field, params = column.get("sourceField"), column["params"]
        if column["operationType"] == "date_histogram":
            return {"date_histogram": {"field": field, "calendar_interval": "month", "min_doc_count": 1}}
        if column["operationType"] == "filters":
            asked = {
                str(place): translate(one["input"]["query"], self._fields)
                for place, one in enumerate(params["filters"])
            }
            return {"filters": {"filters": asked}}
        if column["operationType"] == "range":
            ranges = [{key: one[key] for key in ("from", "to") if one.get(key) is not None} for one in params["ranges"]]
            return {"range": {"field": field, "ranges": ranges}}
        return {"terms": {"field": field, "size": params["size"], "order": self._order(params)}}

    def _order(self, params: dict[str, Any]) -> dict[str, str]:
        direction = str(params["orderDirection"])
        by = params["orderBy"]
        if by["type"] == "alphabetical":
            return {"_key": direction}
        column = self._columns[by["columnId"]]
        if column["operationType"] == "count":
            return {"_count": direction}
        of = _PERCENTS.get(column["operationType"])
        part = f".{of(column['params']):g}" if of else ""
        return {f"order-{by['columnId']}{part}": direction}

    def _ordering(self, id_: str) -> Aggregations:
        """The measure that a terms column is ordered by, which stands beside it on its own level."""
        column = self._columns[id_]
        by = column["params"].get("orderBy", {}) if column["operationType"] == "terms" else {}
        if by.get("type") != "column" or self._columns[by["columnId"]]["operationType"] == "count":
            return {}
        return {f"order-{by['columnId']}": self._plain(self._columns[by["columnId"]])}

    def _measure(self, id_: str) -> Aggregations:
        column = self._columns[id_]
        plain = self._plain(column)
        if not column.get("filter"):
            return plain
        kept = {"filter": translate(column["filter"]["query"], self._fields)}
        return {**kept, **({"aggs": {"value": plain}} if plain else {})}

    def _plain(self, column: dict[str, Any]) -> Aggregations:
        operation, field = column["operationType"], column["sourceField"]
        if operation == "count":
            return {} if field == RECORDS else {"value_count": {"field": field}}
        if operation == "last_value":
            sort = [{column["params"]["sortField"]: "desc"}]
            return {"top_hits": {"size": 1, "sort": sort, "docvalue_fields": [field], "_source": False}}
        if operation == "standard_deviation":
            return {"extended_stats": {"field": field}}
        if operation in _PERCENTS:
            return {"percentiles": {"field": field, "percents": [_PERCENTS[operation](column.get("params", {}))]}}
        return {_VALUES[operation]: {"field": field}}

    def _walked(
        self, buckets: list[str], answer: dict[str, Any], path: tuple[str, ...] = ()
    ) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
        if not answer["doc_count"]:
            return
        if not buckets:
            yield path, answer
            return
        found = answer[buckets[0]]["buckets"]
        named = (
            found.items() if isinstance(found, dict) else ((one.get("key_as_string", one["key"]), one) for one in found)
        )
        for name, inner in named:
            yield from self._walked(buckets[1:], inner, (*path, str(name)))

    def _value(self, id_: str, row: dict[str, Any]) -> Value:
        column = self._columns[id_]
        operation, answer = column["operationType"], row.get(id_, row)
        if column.get("filter"):
            if not answer["doc_count"]:
                return None
            answer = answer.get("value", answer)
        if operation == "count" and column["sourceField"] == RECORDS:
            return int(answer["doc_count"])
        if operation == "last_value":
            hits = answer["hits"]["hits"]
            return str(hits[0]["fields"][column["sourceField"]][0]) if hits else None
        if operation in _PERCENTS:
            return _number(next(iter(answer["values"].values())))
        if operation == "standard_deviation":
            return _number(answer["std_deviation"])
        return answer.get("value_as_string") or _number(answer["value"])

    def _shows(self, id_: str, value: Value) -> bool:
        if self._columns[id_]["operationType"] in {"unique_count", "count"}:
            return bool(value)
        return value is not None


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)


def aggregatable(fields: Fields, field: str | None, what: str) -> Capability:
    """What can be done with a field that can be counted, sorted and drawn.

    Raises:
        FaultError: it is not there, or cannot.
    """
    if field is None or field not in fields:
        raise FaultError(Fault.UNKNOWN_FIELD, f"{what}: the index does not have {field}")
    if not fields[field].aggregatable:
        raise FaultError(Fault.NOT_AGGREGATABLE, f"{what}: {field} is {fields[field].type}, which cannot be counted")
    return fields[field]
