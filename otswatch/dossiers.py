"""Dossiers: topics of the user's, each a saved query, that keep what is not about the OTS but about the topic.

A dossier claims an article whose words and labels match its query, where the article is OTS news or an item of a member
or observer state: published by a source of the state, or naming the state. docs/reference/dossiers.md says how to write
one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

from otswatch import taxonomy
from otswatch.entries import EntryFile
from otswatch.errors import QuerySyntaxError
from otswatch.evaluate import Fields
from otswatch.expansion import expand
from otswatch.grounds import grounds
from otswatch.index import Document
from otswatch.index.mapping import RefusedError
from otswatch.index.projection import fields_of
from otswatch.query import Node, leaves, parse
from otswatch.records import Article, Claim, Evidence
from otswatch.taxonomy.loader import Taxonomy
from otswatch.taxonomy.schema import Entry, Names

#: Fields that an article gets only after it was claimed.
_NOT_YET = {"dossier", "status", "story"}
#: What a term of a query is read as can be long: so much of it stands in a rule.
_TERM = 60
#: Places that are shown for one term of a query, and for all.
_SHOWN, _SHOWN_IN_ALL = 3, 12


def _query(text: str) -> str:
    try:
        node = parse(text)
    except QuerySyntaxError as error:
        raise ValueError(str(error)) from None
    if node is None or not any(True for _ in leaves(node, negated=False)):
        raise ValueError("a dossier needs words that it looks for, not only words that it leaves out")
    if asked := _NOT_YET & {leaf.field for leaf in leaves(node) if leaf.field}:
        raise ValueError(f"{', '.join(sorted(asked))}: is not known yet when a dossier is asked; take it out")
    return text


class Dossier(Entry):
    """A topic that a user follows."""

    names: Names = Field(default={}, description="What it is called, by language.")
    query: Annotated[str, AfterValidator(_query)] = Field(
        description='What belongs to it, as it would be typed into a search: words, "phrases", OR, prefix*, country:az.'
    )
    countries: tuple[str, ...] = Field(
        default=(), description="Ids of member or observer states: only items of these. Empty: of any."
    )
    sources: tuple[str, ...] = Field(default=(), description="Ids of sources: only what these publish. Empty: all.")

    exact: bool = Field(default=False, description="Words as typed only: no other spellings, names or endings.")

    @property
    def name(self) -> str:
        """What it is called: in English, else in the first language that it has a name in, else its id."""
        return self.names.get("en") or next(iter(self.names.values()), self.id)

    def read(self, known: Taxonomy) -> Node:
        """What the query asks for, as a search would read it.

        Raises:
            QuerySyntaxError: too many names to search for all their spellings.
        """
        node = parse(self.query)
        assert node is not None  # noqa: S101 - by the validator
        return node if self.exact else expand(node, known).node


@dataclass(frozen=True)
class Dossiers:
    """All of a user's, each with what its query is read as.

    `homes`: the state that a source is of. `version` changes with everything that decides what the dossiers claim.
    """

    dossiers: tuple[tuple[Dossier, Node], ...]
    homes: Mapping[str, str]
    states: frozenset[str]
    version: str

    def claims(self, article: Article) -> tuple[Claim, ...]:
        """The dossiers that an article belongs to, each with the words that say so.

        Background paragraphs do not count. The words' offsets count in title and text.
        """
        if not self.dossiers or article.content is None:
            return ()
        content = article.content.replace(text=article.content.foreground)
        read = article.replace(content=content, status="ok", reason=None)
        try:
            fields = Fields(Document("articles", read.id, read.version, fields_of(read), {}))
        except RefusedError:  # no index takes it, and the consumer `index` will say why
            return ()
        found = ((dossier, node, self._reason(dossier, read)) for dossier, node in self.dossiers)
        return tuple(
            Claim(id=dossier.id, evidence=(*self._evidence(node, read, fields), reason))
            for dossier, node, reason in found
            if reason and fields.match(node)
        )

    def concerns(self, dossier: Dossier, source: str | None, countries: frozenset[str]) -> str | None:
        """The member or observer state that makes an item one for a dossier, of those that it names or comes from."""
        if dossier.sources and source not in dossier.sources:
            return None
        wanted = frozenset(dossier.countries) or self.states
        home = self.homes.get(source or "")
        return home if home in wanted else next(iter(sorted(countries & wanted)), None)

    def _reason(self, dossier: Dossier, article: Article) -> Evidence | None:
        """Why an article can be a dossier's: the state's name in it, its source, or that it is about the OTS."""
        named = {m.id: m.evidence[0] for m in reversed(article.mentions) if m.type == "country" and m.id and m.evidence}
        state = self.concerns(dossier, article.source, frozenset(named))
        relevance = article.relevance
        if state in named:
            return named[state].replace(rule=self._rule(f"state:{state}"))
        if state:
            return Evidence(frame="url", text=article.url or article.source or "", rule=self._rule(f"state:{state}"))
        if relevance and relevance.evidence and relevance.level in {"about", "part"} and not dossier.countries:
            asked = not dossier.sources or article.source in dossier.sources
            return relevance.evidence[0].replace(rule=self._rule("ots")) if asked else None
        return None

    def _rule(self, detail: str) -> str:
        return f"dossiers/{self.version}:{detail}"

    def _evidence(self, node: Node, article: Article, fields: Fields) -> Iterator[Evidence]:
        shown: set[tuple[object, ...]] = set()
        for leaf in dict.fromkeys(leaves(node, negated=False)):
            for found in islice(grounds(leaf, article, fields), _SHOWN):
                piece = found.replace(rule=self._rule(_short(str(leaf))))
                place = (piece.frame, piece.start, piece.end, piece.text)
                if place not in shown and len(shown) < _SHOWN_IN_ALL:
                    shown.add(place)
                    yield piece


def _short(term: str) -> str:
    return term if len(term) <= _TERM else f"{term[: _TERM - 1]}…"


@lru_cache(maxsize=8)
def load(config: Path | None = None) -> Dossiers:
    """The dossiers of `config`/dossiers. None is shipped. Read once per folder and process.

    Raises:
        ConfigError: a file that cannot be used, with its line and field.
    """
    files = [EntryFile.open(path) for path in sorted((config / "dossiers").glob("*.yaml"))] if config else []
    if not files:
        return Dossiers((), {}, frozenset(), "none")
    known = taxonomy.load(config)
    states = frozenset(country.id for country in known.countries.values() if country.role in {"member", "observer"})
    homes, sources = _homes(config, known)
    dossiers = tuple(_checked(files, known, states, sources))
    content = repr(([(dossier.model_dump_json(), str(node)) for dossier, node in dossiers], sorted(homes.items())))
    return Dossiers(dossiers, homes, states, hashlib.blake2b(content.encode(), digest_size=4).hexdigest())


def _homes(config: Path | None, known: Taxonomy) -> tuple[dict[str, str], frozenset[str]]:
    """The state that each source is of, where it is of one; and all sources."""
    from otswatch.crawlers import registry  # only for those who have dossiers

    states = {country.code or country.id.upper(): country.id for country in known.countries.values()}
    sources = registry.load(config)
    homes = {source.id: states[source.country] for source in sources if source.country in states}
    return homes, frozenset(source.id for source in sources)


def _checked(
    files: list[EntryFile], known: Taxonomy, states: frozenset[str], sources: frozenset[str]
) -> Iterator[tuple[Dossier, Node]]:
    seen: dict[str, Path] = {}
    for file in files:
        for number, dossier in enumerate(file.entries(Dossier)):
            if dossier.id in seen:
                raise file.complaint(file.place(number, "id"), f"{dossier.id!r} stands in {seen[dossier.id]} already")
            seen[dossier.id] = file.path
            _require_known(file, number, "countries", dossier.countries, states, ", ".join(sorted(states)))
            _require_known(file, number, "sources", dossier.sources, sources, "see `otswatch sources list --all`")
            try:
                yield dossier, dossier.read(known)
            except QuerySyntaxError as error:
                raise file.complaint(file.place(number, "query"), f"{error} (`exact: true`)") from None


def _require_known(
    file: EntryFile, number: int, field: str, given: tuple[str, ...], known: frozenset[str], these: str
) -> None:
    for place, name in enumerate(given):
        if name not in known:
            raise file.complaint(file.place(number, field, place), f"no {field} {name!r}; there are: {these}")
