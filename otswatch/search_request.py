"""What a reader asks for, as every surface takes it: command line, pages, JSON, Atom; and as a link that holds it.

    request = SearchRequest.of(q="zirve*", area=["security"], since="2026-01-01")
    request.to_search(settings.config)                         # for an index
    request.read(settings.config)                              # its words, in all their spellings unless `exact`
    request.to_query_string()                                  # 'q=zirve%2A&area=security&since=2026-01-01'
    SearchRequest.from_query_string(request.to_query_string()) == request

What cannot be read is a `UsageError` that names the parameter and what it may hold.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self
from urllib.parse import parse_qs, urlencode

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from otswatch import taxonomy
from otswatch.errors import UsageError
from otswatch.expansion import Expanded, expand
from otswatch.index import Hits, Range, Search, for_readers
from otswatch.query import parse, utf8

Sort = Literal["first_seen", "published", "score"]

#: Parameters that are keyword fields of the index: any of their values.
FILTERS: Final = ("area", "source", "language", "kind", "country", "dossier", "status")


def _given(value: object) -> object:
    """The values of a filter without blanks, which a form sends for what was left open, each once."""
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, Iterable):
        return value
    return tuple(dict.fromkeys(item for item in values if item != ""))


def blank_is_none(value: object) -> object:
    """What a form sends for what was left open, as nothing."""
    return None if value == "" else value


def _day(value: object) -> object:
    if not isinstance(value, str) or value == "":
        return value or None
    try:
        return datetime.strptime(value.strip(), "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError:
        raise ValueError(f"a day such as 2026-03-01 is expected, not {_short(value)}") from None


def _short(value: object) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:60]}…"


Text = Annotated[str, AfterValidator(utf8)]
Values = Annotated[tuple[Text, ...], BeforeValidator(_given)]
Day = Annotated[date | None, BeforeValidator(_day)]


class Request(BaseModel):
    """What a reader asks for, in parameters; its subclasses have the fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def of(cls, **given: object) -> Self:
        """A request from values as they were typed.

        Raises:
            UsageError: names the parameter and what it may hold.
        """
        try:
            return cls.model_validate(given)
        except ValidationError as error:
            raise UsageError(complaint(error.errors(), cls)) from None

    @classmethod
    def from_query_string(cls, text: str) -> Self:
        """The inverse of `to_query_string`; also what a form sends.

        Raises:
            UsageError: as `of`.
        """
        values = parse_qs(text)
        return cls.of(**{name: found if cls._is_filter(name) else found[-1] for name, found in values.items()})

    @classmethod
    def _is_filter(cls, name: str) -> bool:
        return name in cls.model_fields and isinstance(cls.model_fields[name].default, tuple)

    def to_query_string(self) -> str:
        """What differs from a search for everything, as the query part of an address."""
        return urlencode(list(self.parameters()))

    def parameters(self) -> Iterator[tuple[str, str]]:
        """Name and value of everything that is set, in the order of the fields."""
        for name, field in type(self).model_fields.items():
            value = getattr(self, name)
            if value != field.default:
                for item in value if isinstance(value, tuple) else (value,):
                    yield name, "1" if item is True else str(item)

    def with_changes(self, **changes: Any) -> Self:
        """The same with some values changed, from its first page on."""
        return self.model_copy(update={"after": None, **changes})


class WordsRequest(Request):
    """A request with words. Blank ones ask for everything."""

    q: Text = Field(default="", description='Words, "phrases", AND OR NOT, prefix*.')
    exact: bool = Field(default=False, description="Words as typed only: no other spellings, names or endings.")

    def read(self, config: Path | None = None) -> Expanded | None:
        """What `q` asks for; null where it is blank. Names are those of the taxonomy, with `config`/taxonomy over it.

        Raises:
            QuerySyntaxError: `q` cannot be read, or has too many names to search for all their spellings.
        """
        query = parse(self.q)
        if query is None or self.exact:
            return Expanded(query) if query else None
        return expand(query, taxonomy.load(config))


class SearchRequest(WordsRequest):
    """A search with its filters, its order and its page. Days are of UTC."""

    q: Text = Field(default="", description='Words, "phrases", AND OR NOT, prefix*, field:value. Blank: everything.')
    area: Values = Field(default=(), description="Ids of cooperation areas.")
    source: Values = Field(default=(), description="Ids of sources.")
    language: Values = Field(default=(), description="BCP 47 primary subtags.")
    kind: Values = Field(default=(), description="Ids of kinds of text.")
    country: Values = Field(default=(), description="Ids of countries that are mentioned.")
    dossier: Values = Field(default=(), description="Ids of your dossiers.")
    status: Values = Field(default=(), description="ok (where it is left out), discarded.")
    since: Day = Field(default=None, description="Published on or after this day.")
    until: Day = Field(default=None, description="Published before this day.")
    seen_since: Day = Field(default=None, description="First seen on or after this day.")
    undated: bool = Field(default=False, description="Only those without a publication date.")
    sort: Sort = Field(default="first_seen", description="Newest first by one of two dates, or best match first.")
    size: int = Field(default=20, ge=1, le=1000, description="At most so many articles.")
    after: Annotated[Text | None, BeforeValidator(blank_is_none)] = Field(
        default=None, description="Continue behind an earlier page: its `after`."
    )

    def to_search(self, config: Path | None = None) -> Search:
        """The search of an index that this is for readers (`for_readers`). Raises as `read`."""
        asked = self.read(config)
        ranges = {"published": days(self.since, self.until), "first_seen": days(self.seen_since, None)}
        return for_readers(
            Search(
                query=asked.node if asked else None,
                filters={name: getattr(self, name) for name in FILTERS if getattr(self, name)},
                ranges={name: span for name, span in ranges.items() if span},
                missing=("published",) if self.undated else (),
                sort=self.sort,
                size=self.size,
                after=self.after,
            )
        )


def result(hits: Hits, read: Expanded | None) -> dict[str, Any]:
    """A page of results, and what its query was read as, as JSON."""
    return {
        "total": hits.total,
        "undated": hits.undated,
        "after": hits.after,
        "expanded": notes_of(read),
        "articles": list(hits.documents),
    }


def notes_of(read: Expanded | None) -> list[dict[str, Any]]:
    """What words were read as, as JSON."""
    return [asdict(note) for note in read.notes] if read else []


def days(start: date | None, end: date | None) -> Range | None:
    """From the beginning of the one day to that of the other, in UTC; null where both are open."""
    return Range(_midnight(start), _midnight(end)) if start or end else None


def _midnight(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), UTC) if day else None


def complaint(errors: Sequence[Mapping[str, Any]], model: type[BaseModel] = SearchRequest) -> str:
    """The first of pydantic's errors as a line that says what to do."""
    first = errors[0]
    name = next((str(part) for part in first["loc"] if part in model.model_fields), str(first["loc"][-1]))
    if first["type"] == "extra_forbidden":
        return f"no parameter is called {_short(name)}; there are: {', '.join(model.model_fields)}"
    message = str(first["msg"]).removeprefix("Value error, ").replace("Input should be", "should be")
    told = "" if first["type"] in {"value_error", "missing"} else f", not {_short(first['input'])}"
    return f"{name}: {message}{told}"
