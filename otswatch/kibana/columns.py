"""Columns of a Lens layer: what is counted, and by what."""

from __future__ import annotations

import re
from typing import Any, Final

from otswatch.index.mapping import FieldType

#: What `measures` may ask for → Lens's name of it.
OPERATIONS: Final = {
    "count": "count",
    "unique": "unique_count",
    "sum": "sum",
    "average": "average",
    "median": "median",
    "max": "max",
    "min": "min",
    "last": "last_value",
}
RECORDS: Final = "___records___"
_MEASURE = re.compile(r"(\w+)(?:\((\w+)\))?")
_SHOWN_AS: Final = {"date": "date", "integer": "number", "boolean": "boolean", "keyword": "string", "text": "string"}
#: Operations whose result is what the field holds; those of the others are numbers.
_OF_FIELD: Final = frozenset({"max", "min", "last_value"})


def parsed(measure: str) -> tuple[str, str | None]:
    """Lens's operation and the field of a measure.

    Raises:
        ValueError: not written as one.
    """
    match = _MEASURE.fullmatch(measure)
    if match is None or match[1] not in OPERATIONS or (match[1] == "count") != (match[2] is None):
        raise ValueError(
            f"{measure!r}: write count, or one of {', '.join(OPERATIONS)} with a field, as median(seconds)"
        )
    return OPERATIONS[match[1]], match[2]


def measure(label: str, operation: str, field: str | None, type_: FieldType, time: str | None) -> dict[str, Any]:
    """The column of a measure. `time` sorts what is last."""
    shown = _SHOWN_AS[type_] if operation in _OF_FIELD else "number"
    column: dict[str, Any] = {
        "label": label,
        "customLabel": True,
        "dataType": shown,
        "isBucketed": False,
        "operationType": operation,
        "scale": "ordinal" if operation == "last_value" else "ratio",
        "sourceField": field or RECORDS,
        "params": {"emptyAsNull": True},
    }
    if operation == "last_value":
        column["params"] = {"sortField": time, "showArrayValues": False}
        column["filter"] = {"language": "kuery", "query": f"{field} : *"}
    return column


def over_time(label: str, field: str) -> dict[str, Any]:
    """The column of a date that is counted by."""
    return {
        "label": label,
        "customLabel": True,
        "dataType": "date",
        "isBucketed": True,
        "operationType": "date_histogram",
        "scale": "interval",
        "sourceField": field,
        "params": {"interval": "auto", "includeEmptyRows": True, "dropPartials": False},
    }


def most_frequent(label: str, field: str, type_: FieldType, size: int, order_by: str) -> dict[str, Any]:
    """The column of a field whose values are counted by; those with the largest `order_by` (a column) come first."""
    return {
        "label": label,
        "customLabel": True,
        "dataType": _SHOWN_AS[type_],
        "isBucketed": True,
        "operationType": "terms",
        "scale": "ordinal",
        "sourceField": field,
        "params": {
            "size": size,
            "orderBy": {"type": "column", "columnId": order_by},
            "orderDirection": "desc",
            "otherBucket": False,
            "missingBucket": False,
            "parentFormat": {"id": "terms"},
            "include": [],
            "exclude": [],
            "includeIsRegex": False,
            "excludeIsRegex": False,
        },
    }
