"""Pages of hits from Elasticsearch: the order, and where the next page starts.

By a date a page starts behind a date and an id (`search_after`), which no document that is added can move: nothing has
to be kept on the server, and a link to a page is good for ever. A score is relative to all documents, and moves as they
are added, so pages by score are taken from a point in time, which the server keeps for a while. Their token is
`["score", point in time, score, id]` of the last hit. It could be another's, or made up: so what comes back must be
documents of the index that was asked.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Protocol

from elasticsearch import ApiError, Elasticsearch, TransportError

from otswatch.errors import UsageError
from otswatch.index import SCORE, Search
from otswatch.index.elasticsearch_search import Conditions, Dsl
from otswatch.index.mapping import Mapping
from otswatch.index.pages import bad_token, date_place, place, token

#: How long somebody may look at a page by score before they ask for the next one.
_KEPT_MINUTES = 10
_KEPT = f"{_KEPT_MINUTES}m"
#: What Elasticsearch sorts a document without a date by.
_NO_DATE = -(1 << 63)


class Page(Protocol):
    """A page of one order."""

    def ask(self, conditions: Conditions, **request: Any) -> Any:
        """The server's answer to `request` with the hits of this page."""
        ...

    def after(self, hit: Dsl) -> str:
        """The token behind `hit`."""
        ...

    def end(self) -> None:
        """There is no next page."""
        ...


def page_of(client: Elasticsearch, alias: str, mapping: Mapping, search: Search) -> Page:
    """The page that a search asks for.

    Raises:
        UsageError: `sort` is not a date field or `SCORE`, or `after` was not given by a search with this `sort`.
    """
    if search.sort == SCORE:
        return _ByScore(client, alias, *(_score_place(search) or (None, None)))
    field = mapping.named(search.sort, "date").name
    return _ByDate(client, alias, field, date_place(search))


def _score_place(search: Search) -> tuple[str, tuple[float, str]] | None:
    """The point in time, and the score and id behind which the page starts; null on the first one."""
    match place(search):
        case None:
            return None
        case [str() as point, int() | float() as score, str() as id_] if point and math.isfinite(score):
            return point, (score, id_)
    raise bad_token()


@dataclass(slots=True)
class _ByDate:
    client: Elasticsearch
    alias: str
    field: str
    behind: tuple[int | None, str] | None

    def ask(self, conditions: Conditions, **request: Any) -> Any:
        if self.behind:
            value, id_ = self.behind
            request["search_after"] = [_NO_DATE if value is None else value, id_]
        order: list[Dsl] = [{self.field: {"order": "desc", "missing": "_last"}}, {"id": "asc"}]
        return self.client.search(index=self.alias, query=conditions.undemanding(), sort=order, **request)

    def after(self, hit: Dsl) -> str:
        value, id_ = hit["sort"]
        return token(self.field, None if value == _NO_DATE else value, id_)

    def end(self) -> None:
        """Nothing is kept."""


@dataclass(slots=True)
class _ByScore:
    client: Elasticsearch
    alias: str
    point: str | None
    behind: tuple[float, str] | None

    def ask(self, conditions: Conditions, **request: Any) -> Any:
        if self.point is None:
            return self._first(conditions, request)
        with _continued():
            answer = self._ask(self.point, conditions, request)
        strangers = [hit for hit in answer["hits"]["hits"] if not hit["_index"].startswith(f"{self.alias}-v")]
        if strangers or not answer["_shards"]["total"]:
            raise _gone()
        return answer

    def _first(self, conditions: Conditions, request: Dsl) -> Any:
        self.point = self.client.open_point_in_time(index=self.alias, keep_alive=_KEPT)["id"]
        try:
            return self._ask(self.point, conditions, request)
        except BaseException:
            self.end()
            raise

    def _ask(self, point: str, conditions: Conditions, request: Dsl) -> Any:
        answer = self.client.search(
            pit={"id": point, "keep_alive": _KEPT},
            query=conditions.scored(),
            sort=[{"_score": "desc"}, {"id": "asc"}],
            search_after=self.behind,
            **request,
        )
        self.point = answer["pit_id"]  # it may be another one each time
        return answer

    def after(self, hit: Dsl) -> str:
        return token(SCORE, self.point, *hit["sort"][:2])

    def end(self) -> None:
        with suppress(ApiError, TransportError):  # then it is forgotten a little later
            self.client.close_point_in_time(id=self.point or "")


@contextmanager
def _continued() -> Iterator[None]:
    """For what the server says of a point in time that it does not have, or that is none.

    Of one that was made up it says anything: 400, 404, or an error of its own, or that its shards are missing.
    """
    try:
        yield
    except ApiError as error:
        is_away = error.status_code == 503 and error.error == "search_phase_execution_exception"
        if is_away or error.status_code in {400, 404, 500}:
            raise _gone() from error
        raise


def _gone() -> UsageError:
    return UsageError(
        f"`after` is too old, or not of this search: pages by score are kept for {_KEPT_MINUTES} minutes after the last"
        " one; start again from the first"
    )
