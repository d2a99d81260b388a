"""Reads `mappings/<kind>.json`, the only statement of the mapping, and fits documents to it, for every engine alike.

What Elasticsearch's strict mapping would refuse is refused here, so both engines refuse the same, in the same words.
What engines see of a field is made here too: text as folded words with single spaces (Elasticsearch's `whitespace`
analyzer and FTS5's `ascii` tokenizer split that alike), dates in whole milliseconds of UTC, which is all that
Elasticsearch keeps.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any, Final, Literal, cast

from otswatch.errors import UsageError
from otswatch.index import Document, Put, Value
from otswatch.query import DEFAULT_FIELDS, words

FieldType = Literal["text", "keyword", "date", "boolean", "integer"]
#: What is filtered and counted as terms.
TERM_TYPES: Final[tuple[FieldType, ...]] = ("keyword", "boolean", "integer")
#: A field as an engine stores it.
Fitted = str | list[str] | datetime | bool | int

#: Lucene's limit of one term.
MAX_KEYWORD_BYTES = 32_766
#: Elasticsearch's limit of an `_id`.
_MAX_ID_BYTES = 512
_INT32 = 1 << 31
_INT64 = 1 << 63
#: Stands between the values of one text field, so that no phrase matches across them. No query can hold it, and it is a
#: word to both engines because it is not ASCII.
_BETWEEN_VALUES = " ¶ "
#: What an engine may keep of a tombstone beside its record.
_OF_TOMBSTONES = ("id", "gone", "gone_reason")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


class RefusedError(Exception):
    """A document that does not fit its mapping, and why."""


@dataclass(frozen=True, slots=True)
class Field:
    """`indexed` is false for what is only shown, never searched or counted."""

    name: str
    type: FieldType
    indexed: bool


@dataclass(frozen=True, slots=True)
class Mapping:
    """The fields of one kind of document."""

    kind: str
    fields: dict[str, Field]

    def named(self, name: str, *types: FieldType) -> Field:
        """The field of a search, which must be of one of these types.

        Raises:
            UsageError: there is none.
        """
        field = self.fields.get(name)
        if field is None or field.type not in types or not field.indexed:
            known = ", ".join(sorted(f.name for f in self.fields.values() if f.type in types and f.indexed))
            raise UsageError(f"{self.kind} have no {' or '.join(types)} field {name!r}; there are: {known or 'none'}")
        return field

    def searched(self, name: str | None) -> list[str]:
        """The text fields that a word of a query is looked for in: `name`, or those of `DEFAULT_FIELDS` that there are.

        Raises:
            UsageError: there is none.
        """
        fields = [name] if name else [field for field in DEFAULT_FIELDS if field in self.fields] or DEFAULT_FIELDS
        return [self.named(field, "text").name for field in fields]

    def fit(self, document: Document) -> dict[str, Fitted]:
        """The document's fields as engines store them, without those that are empty. `id` is always there.

        Raises:
            RefusedError: a field that the mapping does not have, or a value that is not of its type.
        """
        if not 0 <= document.version < _INT64:
            raise RefusedError(f"version: {document.version} is not a whole number from 0 on")
        if not 0 < len(_strings("id", document.id)[0].encode()) <= _MAX_ID_BYTES:
            raise RefusedError(f"id: not 1 to {_MAX_ID_BYTES} bytes long")
        if document.fields.get("id") not in (None, document.id):
            raise RefusedError("id: the field says another one than the document")
        fitted: dict[str, Fitted] = {"id": [document.id]}
        for name, value in document.fields.items():
            field = self.fields.get(name)
            if field is None:
                raise RefusedError(f"{name}: not in mappings/{self.kind}.json")
            if value is not None and value != () and value != []:
                fitted[name] = _FIT[field.type](name, value)
        return fitted


@dataclass(frozen=True, slots=True)
class Fit:
    """A document as engines store it: one that fits. `record` is JSON. A tombstone has hardly any fields."""

    kind: str
    id: str
    version: int
    gone: bool
    fields: dict[str, Fitted]
    record: str


def prepared(document: Document) -> Fit | Put:
    """What is stored of a document, or why it is refused."""
    try:
        fields = mapping_of(document.kind).fit(document)
        record = _json(document.record)
    except (RefusedError, UsageError) as error:
        return Put(document.id, "refused", str(error))
    except (TypeError, ValueError, RecursionError) as error:
        return Put(document.id, "refused", f"record: not JSON: {error}")
    gone = "gone" in fields
    if gone:
        fields = {name: value for name, value in fields.items() if name in _OF_TOMBSTONES}
    return Fit(document.kind, document.id, document.version, gone, fields, record)


def stale(fit: Fit) -> Put:
    """What becomes of a document where a newer one stands."""
    return Put(fit.id, "stale", f"version {fit.version} is older than what stands")


@cache
def mapping_of(kind: str) -> Mapping:
    """The mapping of a kind of document.

    Raises:
        UsageError: there is no such kind.
    """
    if kind not in kinds():
        raise UsageError(f"there are no documents of kind {kind!r}; there are: {', '.join(kinds())}")
    properties = template(kind)["template"]["mappings"]["properties"]
    fields = {
        name: Field(name, cast("FieldType", declared["type"]), indexed=declared.get("index", True))
        for name, declared in properties.items()
        if name != "record"
    }
    return Mapping(kind, fields)


@cache
def kinds() -> tuple[str, ...]:
    """The kinds of documents that there is a mapping for."""
    files = resources.files("otswatch").joinpath("mappings").iterdir()
    return tuple(sorted(file.name.removesuffix(".json") for file in files if file.name.endswith(".json")))


def template(kind: str) -> dict[str, Any]:
    """The Elasticsearch index template of a kind, as it stands in its file."""
    text = resources.files("otswatch").joinpath("mappings", f"{kind}.json").read_text(encoding="utf-8")
    return cast("dict[str, Any]", json.loads(text))


def milliseconds(moment: datetime) -> datetime:
    """A moment as indexes keep it: UTC, cut to milliseconds."""
    utc = moment.astimezone(UTC)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


def epoch(moment: datetime) -> int:
    """Whole milliseconds since 1970.

    Raises:
        UsageError: a moment without an offset.
    """
    if moment.tzinfo is None:
        raise UsageError(f"{moment.isoformat()} needs an offset, for example {moment.isoformat()}+00:00")
    return (moment - _EPOCH) // _MILLISECOND


def moment_of(milliseconds: int) -> datetime:
    """The inverse of `epoch`."""
    return _EPOCH + milliseconds * _MILLISECOND


def _json(record: Any) -> str:
    text = json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    text.encode()  # half a surrogate pair is refused here, not by an engine amid the batch
    return text


def _strings(name: str, value: Value) -> list[str]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, Sequence) or not all(isinstance(item, str) for item in values):
        raise _wrong(name, value, "text")
    try:
        for item in values:
            item.encode()
    except UnicodeEncodeError as error:
        raise RefusedError(f"{name}: not Unicode text ({error.reason} at {error.start})") from None
    return list(dict.fromkeys(values))


def _text(name: str, value: Value) -> Fitted:
    return _BETWEEN_VALUES.join(" ".join(words(item)) for item in _strings(name, value))


def _keyword(name: str, value: Value) -> Fitted:
    values = _strings(name, value)
    if any(len(item.encode()) > MAX_KEYWORD_BYTES for item in values):
        raise RefusedError(f"{name}: longer than {MAX_KEYWORD_BYTES:,} bytes")
    return values


def _date(name: str, value: Value) -> Fitted:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise _wrong(name, value, "a moment with an offset")
    try:
        return milliseconds(value)
    except OverflowError:
        raise _wrong(name, value, "in the years 1 to 9999 of UTC") from None


def _boolean(name: str, value: Value) -> Fitted:
    if not isinstance(value, bool):
        raise _wrong(name, value, "true or false")
    return value


def _integer(name: str, value: Value) -> Fitted:
    if not isinstance(value, int) or isinstance(value, bool) or not -_INT32 <= value < _INT32:
        raise _wrong(name, value, "a whole number of 32 bits")
    return value


def _wrong(name: str, value: Value, wanted: str) -> RefusedError:
    shown = repr(value)
    return RefusedError(f"{name}: {shown[:60]}{'…' if len(shown) > 60 else ''} is not {wanted}")


_FIT = {"text": _text, "keyword": _keyword, "date": _date, "boolean": _boolean, "integer": _integer}
