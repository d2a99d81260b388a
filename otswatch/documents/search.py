"""A search for official documents, as every surface takes it; and what readers are shown of ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field

from otswatch import quotations
from otswatch.calendar.labels import Labels as Meetings
from otswatch.documents.register import Register
from otswatch.documents.witness import TYPES
from otswatch.expansion import Expanded
from otswatch.index import SCORE, Hits, Index, Search, for_readers
from otswatch.query import And, Keyword, Node, Or, joined
from otswatch.search_request import Day, Text, Values, WordsRequest, blank_is_none, days, notes_of

#: So many articles with the text of a document are looked at for words.
_TEXTS: Final = 200


class DocumentRequest(WordsRequest):
    """Official documents with these words in their titles or texts. Days are those of the adoption."""

    q: Text = Field(default="", description='In titles and full texts: words, "phrases", AND OR NOT, prefix*.')
    type: Values = Field(default=(), description="declaration, communique, joint_statement, resolution, agreement, …")
    body: Values = Field(default=(), description="Ids of bodies or states: whose it is, who adopted or signed it.")
    area: Values = Field(default=(), description="Ids of cooperation areas of the text.")
    language: Values = Field(default=(), description="Languages that its text is known in.")
    since: Day = Field(default=None, description="Adopted on or after this day.")
    until: Day = Field(default=None, description="Adopted before this day.")
    cites: Values = Field(default=(), description="Ids of articles: the documents that they have, slice or cite.")
    size: int = Field(default=20, ge=1, le=1000, description="At most so many documents.")
    after: Annotated[Text | None, BeforeValidator(blank_is_none)] = Field(
        default=None, description="Continue behind an earlier page: its `after`."
    )


@dataclass(frozen=True, slots=True)
class Found:
    """A page of documents, the search that found it, and what the words were read as."""

    hits: Hits
    search: Search
    read: Expanded | None

    def to_dict(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "total": self.hits.total,
            "after": self.hits.after,
            "expanded": notes_of(self.read),
            "documents": list(self.hits.documents),
        }


def find(index: Index, request: DocumentRequest, config: Path | None = None) -> Found:
    """The documents that match, the latest first.

    Raises:
        UsageError: words that cannot be read, or an `after` of another search.
    """
    read = request.read(config)
    search = _to_search(index, request, read)
    return Found(index.search(search), search, read)


def _to_search(index: Index, request: DocumentRequest, read: Expanded | None) -> Search:
    """The search of an index; words of full texts are looked for in the articles that have them."""
    bodies = [Keyword(field, id_) for id_ in request.body for field in ("body", "signatory")]
    citing = [Keyword(field, id_) for id_ in request.cites for field in ("article", "witness")]
    words = joined(Or, (read.node, *_with_text(index, read.node))) if read else None
    filters = {"kind": request.type, "area": request.area, "language": request.language}
    span = days(request.since, request.until)
    return Search(
        kind="documents",
        query=joined(And, (words, joined(Or, bodies), joined(Or, citing))),
        filters={name: values for name, values in filters.items() if values},
        ranges={"adopted": span} if span else {},
        sort="adopted",
        size=request.size,
        after=request.after,
    )


def _with_text(index: Index, words: Node) -> Sequence[Node]:
    """The documents whose full texts have the words."""
    search = for_readers(Search(query=words, filters={"kind": tuple(TYPES)}, sort=SCORE, size=_TEXTS))
    return [Keyword("witness", article["id"]) for article in index.search(search).documents]


@dataclass(frozen=True)
class Labels:
    """What ids in documents are called."""

    register: Register

    def type(self, id_: str) -> str:
        """`Declaration`"""
        known = self.register.types.get(id_)
        return known.names.get("en", id_) if known else id_

    def place(self, id_: str | None) -> str:
        """`Bishkek`; blank where it is unknown."""
        place = self.register.taxonomy.places.get(id_ or "")
        return place.names[0].rstrip("*~") if place else id_ or ""

    def of(self, id_: str) -> str:
        """A state, a body, or those who met (`Ministers of Agriculture`)."""
        known = self.register.taxonomy
        return quotations.Labels(known).state(id_) if id_ in known.countries else Meetings(known).body(id_)

    def meeting(self, id_: str | None) -> str:
        """`Summit 11`, `Informal Summit`, `Ministers of Agriculture`; blank where it is unknown."""
        if id_ is None:
            return ""
        id_of_series = self.register.series(id_)
        name = Meetings(self.register.taxonomy).series(id_of_series)
        number = id_.removeprefix(id_of_series).removeprefix("-")
        return f"{name} {number}" if number.isdigit() else name
