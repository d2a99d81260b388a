"""What takes the place of a document that is gone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from otswatch.index import Document, Value

_NOTHING: Mapping[str, Any] = MappingProxyType({})


def tombstone(
    kind: str,
    id_: str,
    version: int,
    at: datetime,
    reason: str,
    *,
    fields: Mapping[str, Value] = _NOTHING,
    record: Mapping[str, Any] = _NOTHING,
) -> Document:
    """Since when the document is gone, and why: `gone: {at, reason}` in its record.

    Args:
        fields, record: what is still said of it.
    """
    gone = {"at": at.astimezone(UTC).isoformat().replace("+00:00", "Z"), "reason": reason}
    found_by = {**fields, "id": id_, "gone": at, "gone_reason": reason}
    return Document(kind, id_, version, found_by, {**record, "id": id_, "gone": gone})
