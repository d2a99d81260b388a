"""Arbitrary records, for property tests."""

from __future__ import annotations

import typing
from datetime import UTC, datetime

from hypothesis import strategies as st
from pydantic import AwareDatetime, BaseModel

from otswatch import records as r

moments = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))
words = st.text(st.characters(codec="utf-8"), max_size=20)


def _field(annotation: object) -> st.SearchStrategy[object]:
    """A strategy for one field's annotation, as far as the records use them."""
    origin, args = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return _field(args[0])
    if origin is typing.Literal:
        return st.sampled_from(args)
    if origin is tuple:
        return st.lists(_field(args[0]), max_size=3).map(tuple)
    if args and type(None) in args:
        return st.none() | _field(next(arg for arg in args if arg is not type(None)))
    if args:  # a mapping
        return st.dictionaries(words, _field(args[1]), max_size=3)
    return _plain(annotation)


def _plain(annotation: object) -> st.SearchStrategy[object]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return model(annotation)
    return {
        str: words,
        int: st.integers(0, 10**6),
        float: st.floats(0, 1),
        bool: st.booleans(),
        bytes: st.binary(max_size=50),
        AwareDatetime: moments,
        datetime: moments,
        typing.Any: st.none() | words | st.lists(words, max_size=2),
    }[annotation]


def model(kind: type[BaseModel]) -> st.SearchStrategy[BaseModel]:
    """Any valid instance of a record or a part of one."""
    hints = typing.get_type_hints(kind, vars(r), include_extras=True)
    fields = {name: _field(hints[name]) for name in kind.model_fields if name != "schema_version"}
    return st.fixed_dictionaries(fields).map(lambda values: kind(**values))  # `builds` would add the aliases too
