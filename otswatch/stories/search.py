"""A search for stories, as every surface takes it, and the story that an id means now.

Words mean the articles: a story is found where one of its articles is, with everything that a search of articles can
say. Filters and days are those of the story.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final, get_args

from pydantic import AfterValidator, BeforeValidator, Field

from otswatch.errors import UsageError
from otswatch.expansion import Expanded
from otswatch.index import MAX_SIZE, Hits, Index, Search, for_readers
from otswatch.query import Keyword, Node, Not, Or
from otswatch.records import Difference, Story
from otswatch.search_request import Day, Text, Values, WordsRequest, blank_is_none, days, notes_of

#: What reports can differ in.
MATTERS: Final = get_args(Difference.model_fields["of"].annotation)
#: Parameters that are keyword fields of the index: any of their values.
FILTERS: Final = ("area", "source", "language", "country", "differs")
#: No document has it.
_NO_ID: Final = ""


def _matters(values: tuple[str, ...]) -> tuple[str, ...]:
    if unknown := [value for value in values if value not in MATTERS]:
        raise ValueError(f"one of {', '.join(MATTERS)} is expected, not {unknown[0]!r}")
    return values


class StoryRequest(WordsRequest):
    """Stories with an article that has these words. Days are of UTC."""

    q: Text = Field(default="", description="As in a search of articles, in any of the story's. Blank: everything.")
    area: Values = Field(default=(), description="Ids of cooperation areas of its articles.")
    source: Values = Field(default=(), description="Ids of sources that told it.")
    language: Values = Field(default=(), description="BCP 47 primary subtags that it is told in.")
    country: Values = Field(default=(), description="Ids of countries that are mentioned.")
    differs: Annotated[Values, AfterValidator(_matters)] = Field(
        default=(), description=f"What its reports differ in: {', '.join(MATTERS)}."
    )
    at_least: int = Field(default=1, ge=1, le=200, description="With so many articles or more.")
    since: Day = Field(default=None, description="First published on or after this day.")
    until: Day = Field(default=None, description="First published before this day.")
    undated: bool = Field(default=False, description="Only those of which no article has a publication date.")
    size: int = Field(default=20, ge=1, le=1000, description="At most so many stories.")
    after: Annotated[Text | None, BeforeValidator(blank_is_none)] = Field(
        default=None, description="Continue behind an earlier page: its `after`."
    )


@dataclass(frozen=True, slots=True)
class Found:
    """A page of stories, and what the words were read as.

    `most`: the words are in more stories than can be looked at; these are the ones with the most articles.
    """

    hits: Hits
    read: Expanded | None
    most: bool

    @property
    def stories(self) -> list[Story]:
        """The stories, typed."""
        return [Story.model_validate(record) for record in self.hits.documents]

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "total": self.hits.total,
            "undated": self.hits.undated,
            "most": self.most,
            "after": self.hits.after,
            "expanded": notes_of(self.read),
            "stories": list(self.hits.documents),
        }


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as an index takes it, and what its words were read as. `most`: as in `Found`."""

    search: Search
    read: Expanded | None
    most: bool


def find(index: Index, request: StoryRequest, config: Path | None = None) -> Found:
    """The stories that match, the newest first.

    A story is as old as its first report: a copy that comes later does not make it new again.

    Raises:
        UsageError: words that cannot be read, or an `after` of another search.
    """
    asked = to_search(index, request, config)
    return Found(index.search(asked.search), asked.read, asked.most)


def to_search(index: Index, request: StoryRequest, config: Path | None = None) -> Asked:
    """The search of an index. Raises as `StoryRequest.read`."""
    read = request.read(config)
    filters: dict[str, Sequence[str]] = {name: getattr(request, name) for name in FILTERS if getattr(request, name)}
    ids = _with_words(index, read.node) if read else []
    if read:
        filters["id"] = ids or (_NO_ID,)
    span = days(request.since, request.until)
    search = Search(
        kind="stories",
        query=_with_fewer(request.at_least),
        filters=filters,
        ranges={"published": span} if span else {},
        missing=("published",) if request.undated else (),
        sort="first_seen",
        size=request.size,
        after=request.after,
    )
    return Asked(search, read, len(ids) == MAX_SIZE)


def _with_words(index: Index, words: Node) -> list[str]:
    """The stories with an article that has the words, those with the most of them first."""
    counted = index.facets(for_readers(Search(query=words)), ["story"], MAX_SIZE)["story"]
    return [bucket.key for bucket in counted]


def _with_fewer(at_least: int) -> Node | None:
    """Not those with fewer articles. A number is a term of the index, which cannot say "more than"."""
    return Not(Or(tuple(Keyword("articles", str(count)) for count in range(1, at_least)))) if at_least > 1 else None


def standing(index: Index, id_: str) -> Story:
    """The story that an id means now: where it was merged, the one that has its articles. `articles` may be none.

    Raises:
        UsageError: there is none.
    """
    record = index.get("stories", id_)
    if record is None:
        raise UsageError(f"there is no story {id_[:80]!r}; `otswatch stories` shows all")
    story = Story.model_validate(record)
    return standing(index, story.merged_into) if story.merged_into else story
