"""What is no longer as it was: people's words on articles, and pages that were changed by those who keep them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from otswatch.alerts.morning import page
from otswatch.alerts.morning.scope import Scope
from otswatch.corrections.values import part_of
from otswatch.index import MAX_SIZE, Range, Search
from otswatch.records import Article, Correction

#: So many of each are listed.
SHOWN: Final = 10


def changes(scope: Scope) -> page.Changes:
    """Corrections made in the window, the latest first; and older articles whose pages say a change in it."""
    said = _corrections(scope)
    again = replace(
        scope.seen(None, scope.start),
        ranges={"modified": Range(scope.start, scope.end), "first_seen": Range(None, scope.start)},
        sort="modified",
        size=SHOWN,
    )
    changed = scope.index.search(again)
    articles = [Article.model_validate(record) for record in changed.documents]
    return page.Changes(
        corrections=tuple(said[:SHOWN]),
        more_corrections=len(said) - len(said[:SHOWN]),
        articles=tuple(
            page.Changed(article=scope.told(article), modified=scope.printed(article.modified) or "")
            for article in articles
        ),
        more_articles=changed.total - len(articles),
    )


def _corrections(scope: Scope) -> list[page.Correction]:
    made = scope.every(Search("corrections", ranges={"at": Range(scope.start, scope.end)}, sort="at"))
    ids = tuple({record["article"] for record in made})
    followed = _followed(scope, ids)
    articles = {id_: Article.model_validate(record) for id_, record in scope.index.get_many("articles", ids).items()}
    return [
        _correction(scope, record, articles.get(record["article"]))
        for record in made
        # What was ruled out has no labels any more that a search could find: it is told to everybody.
        if record["article"] in followed or record["field"] == "relevance"
    ]


def _followed(scope: Scope, ids: tuple[str, ...]) -> frozenset[str]:
    if scope.is_everything or not ids:
        return frozenset(ids)
    own = scope.search.filters.get("id", ids)
    filters = {**scope.search.filters, "id": tuple(id_ for id_ in ids if id_ in own)}
    found = scope.index.facets(replace(scope.search, filters=filters), ["id"], MAX_SIZE)
    return frozenset(bucket.key for bucket in found["id"])


def _correction(scope: Scope, record: Mapping[str, Any], article: Article | None) -> page.Correction:
    one = Correction.model_validate(record)
    standing = article.corrected.get(part_of(one.field, one.value)) if article else None
    known = standing is not None and standing.id == one.id
    return page.Correction(
        article=scope.told(article) if article else None,
        field=one.field,
        machine=_in_words(scope, one.field, standing.machine) if standing and known else "",
        known=known,
        value=_in_words(scope, one.field, one.value),
        by=one.by,
        at=one.at,
        note=one.note,
        status=str(record.get("status", "stands")),
    )


def _in_words(scope: Scope, field: str, value: Any) -> str:
    """A value of a record in the form of its field, as a reader says it."""
    match value:
        case None | [] | ():
            return "unknown" if field != "areas" else "no area"
        case str():
            names = {"areas": "area", "kind": "kind"}
            return scope.on_clock(value) if field == "published" else scope.names.of(names.get(field, ""), value)
        case list() | tuple():
            return ", ".join(_in_words(scope, field, each) for each in value)
        case Mapping():
            named = next((value[key] for key in ("name", "at", "level", "id") if value.get(key)), None)
            return _in_words(scope, field, named) if named else json.dumps(dict(value), ensure_ascii=False)
    return str(value)
