"""What an article says of official documents: it is the text of one, names some, or has clauses of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from otswatch.documents import witness
from otswatch.documents.clauses import clauses
from otswatch.documents.names import Clue, clues, meetings
from otswatch.documents.records import Meeting, Report
from otswatch.documents.register import Register, day_of
from otswatch.documents.resolve import RECENT, KnownBy, marks, resolve
from otswatch.documents.scene import Scene
from otswatch.documents.witness import Text
from otswatch.records import Article, Evidence

#: Name and version of the rules, as evidence has them.
RULE = "documents/1"
#: An article is looked for clauses of a document by its longest ones: so many, and so many where it reads like one.
_ASKED, _ASKED_OF_TEXT = 8, 24
#: So many clauses that no other document has make an article one that cites it.
_SHARED = 2
#: So many clauses of a text are kept.
_KEPT = 250
_SHOWN = 3


@dataclass(frozen=True)
class Reading:
    """What one article says. `marks`: what it may share with documents; look them up and give them to `reports`."""

    register: Register
    article: Article
    official: bool
    text: Text | None
    clues: tuple[Clue, ...]
    clauses: Mapping[str, Evidence]

    @property
    def marks(self) -> tuple[str, ...]:
        """Under which to note the article, and to ask which documents are known; none for most articles."""
        asked = [mark for clue in self._all_clues for mark in marks(clue)]
        return tuple(dict.fromkeys((*asked, *(f"clause/{clause}" for clause in self.clauses))))

    def reports(self, known: KnownBy | None = None) -> dict[str, Report]:
        """Document → what the article says of it. `known`: mark → the documents that are known by it."""
        known = known or {}
        found: dict[str, Report] = {}
        if self.text and (told := resolve(self.register, self.text.clue, known, self._published)):
            found[told[0]] = self._witness(self.text, *told)
        for clue in self.clues:
            if told := resolve(self.register, clue, known, self._published):
                found.setdefault(told[0], self._citation(clue, *told))
        if not any(report.role == "witness" for report in found.values()):
            for id_, evidence in list(self._sliced(known, found)):
                found[id_] = self._slice(id_, evidence, found.get(id_))
        return found

    @property
    def _all_clues(self) -> Iterator[Clue]:
        yield from [self.text.clue] if self.text else []
        yield from self.clues

    @property
    def _published(self) -> date | None:
        published = self.article.published
        return (published.end - timedelta(microseconds=1)).date() if published else None

    def _report(self, type_: str, rule: str, evidence: Iterable[Evidence]) -> Report:
        article, content = self.article, self.article.content
        return Report(
            role="citation",
            type=type_,
            rule=f"{RULE}:{rule}",
            evidence=tuple(dict.fromkeys(evidence))[:_SHOWN],
            official=self.official,
            source=article.source,
            url=article.url,
            language=content.language if content else "und",
            headline=content.title if content else None,
            at=article.trace.first_seen,
        )

    def _citation(self, clue: Clue, id_: str, rule: str) -> Report:
        report = self._report(clue.type, rule, clue.evidence)
        return report.replace(meeting=_meeting(clue), known_as=self._known_as(id_, clue))

    def _witness(self, text: Text, id_: str, rule: str) -> Report:
        evidence = (*text.clue.evidence, *(text.adopted.evidence if text.adopted else ()))
        return self._report(text.clue.type, f"text-{rule}", evidence).replace(
            role="witness",
            title=text.title,
            adopted=text.adopted,
            meeting=_meeting(text.clue),
            signatories=text.signatories,
            areas=tuple(area.id for area in self.article.areas),
            clauses=text.clauses[:_KEPT],
            known_as=self._known_as(id_, text.clue),
        )

    def _known_as(self, id_: str, clue: Clue) -> tuple[str, ...]:
        """What a document that the register does not have is called."""
        return () if id_ in self.register.known else tuple(marks(clue))

    def _slice(self, id_: str, evidence: Sequence[Evidence], named: Report | None) -> Report:
        sliced = self._report(named.type if named else "", "clauses", (*evidence, *(named.evidence if named else ())))
        return sliced.replace(known_as=named.known_as, meeting=named.meeting) if named else sliced

    def _sliced(self, known: KnownBy, named: Mapping[str, Report]) -> Iterator[tuple[str, list[Evidence]]]:
        """The documents that clauses are of; what two that it can be have in common says nothing."""
        hits: dict[str, list[Evidence]] = {}
        for clause, evidence in self.clauses.items():
            ids = known.get(f"clause/{clause}", frozenset())
            possible = [id_ for id_ in ids if id_ in named or self._is_of_its_days(id_)]
            if len(possible) == 1:
                hits.setdefault(possible[0], []).append(evidence)
        yield from ((id_, evidence) for id_, evidence in sorted(hits.items()) if len(evidence) >= _SHARED)

    def _is_of_its_days(self, id_: str) -> bool:
        """Whether an article is of the days of a document: next year's has many of its clauses."""
        published = self._published
        return published is not None and -timedelta(days=1) <= published - day_of(id_) <= RECENT


def read(register: Register, article: Article, *, official: bool) -> Reading:
    """What an article that is kept says of official documents.

    Args:
        official: whether its source is itself what the news is about.
    """
    content = article.content
    if content is None or article.status != "ok":
        return Reading(register, article, official, None, (), {})
    scenes = [Scene(register, content.title, "title", content.language)] if content.title else []
    scenes.append(Scene(register, content.foreground, "text", content.language))
    told = meetings(article)
    named = [clues(register, scene, told, RULE) for scene in scenes]
    text = witness.text_of(register, article, scenes, named, told, RULE)
    speaks = any(scene.of("type") or scene.of("name") for scene in scenes)
    asked = _asked(article, text, scenes[-1], speaks=speaks)
    return Reading(register, article, official, text, tuple(chain.from_iterable(named)), asked)


def _meeting(clue: Clue) -> Meeting | None:
    return Meeting(id=clue.meeting, evidence=clue.met) if clue.meeting else None


def _asked(article: Article, text: Text | None, body: Scene, *, speaks: bool) -> dict[str, Evidence]:
    """The clauses by which to look for the document that an article slices."""
    if not speaks or (text and text.clue.ends):
        return {}
    found = {
        hash_: Evidence(frame="text", start=start, end=end, text=body.text[start:end], rule=f"{RULE}:clause")
        for hash_, start, end in clauses(body.text)
    }
    most = _ASKED_OF_TEXT if article.kind and article.kind.id in witness.TYPES else _ASKED
    longest = sorted(found, key=lambda hash_: -len(found[hash_].text))[:most]
    return {hash_: found[hash_] for hash_ in found if hash_ in longest}
