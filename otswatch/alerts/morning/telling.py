"""What was told in the window: official documents, stories, and who said what."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from otswatch import documents, quotations
from otswatch.alerts.morning import page
from otswatch.alerts.morning.scope import Scope
from otswatch.documents import OfficialDocument
from otswatch.documents.search import Labels
from otswatch.index import MAX_SIZE, Range, Search, for_readers
from otswatch.index.quote_projection import Utterance
from otswatch.records import Story

#: So many documents, stories, and quotes of one state are listed.
DOCUMENTS: Final = 20
STORIES: Final = 10
QUOTES: Final = 5

# ----------------------------------------------------------------------------------------------------------- documents


def new_documents(scope: Scope) -> tuple[list[page.OfficialText], int]:
    """Documents that an article of the window was the first to have or to name, the latest adopted first."""
    found: dict[str, Mapping[str, Any]] = {}
    seen = Range(scope.start, scope.end)
    for filters in _followed(scope):
        records = scope.every(Search("documents", filters=filters, ranges={"first_seen": seen}, sort="adopted"))
        found.update({record["id"]: record for record in records})
    typed = [OfficialDocument.model_validate(record) for record in found.values()]
    typed.sort(key=lambda one: (-one.adopted.ends.toordinal(), one.id))
    labels = Labels(documents.load(scope.config))
    return [_text(scope, labels, one) for one in typed[:DOCUMENTS]], len(typed[DOCUMENTS:])


def _followed(scope: Scope) -> list[dict[str, tuple[str, ...]]]:
    """The documents that are looked for: all, or those that articles of the window have or name."""
    if scope.is_everything:
        return [{}]
    return [{field: scope.articles} for field in ("witness", "article")] if scope.articles else []


def _text(scope: Scope, labels: Labels, one: OfficialDocument) -> page.OfficialText:
    best = one.witnesses[0] if one.witnesses else None
    return page.OfficialText(
        id=one.id,
        type=labels.type(one.type),
        title=one.title,
        place=labels.place(one.adopted.place),
        adopted=scope.on_clock(str(one.adopted.ends)),
        signatories=tuple(map(labels.of, one.signatories)),
        languages=tuple(scope.names.of("language", code) for code in one.languages),
        url=best.url if best else None,
        source=scope.names.publisher(best.source, best.url) if best else None,
        known=one.registered is not None,
    )


# ------------------------------------------------------------------------------------------------------------- stories


def stories(scope: Scope) -> tuple[list[page.Story], int]:
    """The stories that articles of the window tell: new ones first, then official ones, then by reports."""
    ranked = sorted(_standing(scope), key=lambda one: _rank(scope, one))
    shown = ranked[:STORIES]
    words = _key_quotes(scope, [one.id for one in shown])
    return [_story(scope, one, words.get(one.id)) for one in shown], len(ranked) - len(shown)


def _standing(scope: Scope) -> Iterable[Story]:
    """A story that was merged since stands for the one that has its articles."""
    found: dict[str, Story] = {}
    wanted, asked = set(scope.stories), set[str]()
    while wanted:
        records = scope.index.get_many("stories", wanted)
        asked |= wanted
        read = [Story.model_validate(record) for record in records.values()]
        found.update({one.id: one for one in read if one.articles and not one.merged_into})
        wanted = {one.merged_into for one in read if one.merged_into} - asked
    return found.values()


def _is_new(scope: Scope, one: Story) -> bool:
    return one.first_seen is not None and scope.start <= one.first_seen < scope.end


def _rank(scope: Scope, one: Story) -> tuple[bool, bool, int, float, str]:
    seen = one.first_seen.timestamp() if one.first_seen else 0
    return not _is_new(scope, one), one.official is None, -one.articles, -seen, one.id


def _key_quotes(scope: Scope, ids: list[str]) -> dict[str, Utterance]:
    """For each story what somebody of a member state or an OTS body said, else what anybody did."""
    if not ids:
        return {}
    found: dict[str, Utterance] = {}
    search = for_readers(Search("quotes", filters={"story": tuple(ids)}, sort="published"))
    for one in sorted(quotations.each_once(scope.index, search), key=lambda one: _weight(scope, one)):
        if one.article.story and one.speaker:
            found.setdefault(one.article.story, one)
    return found


def _weight(scope: Scope, one: Utterance) -> tuple[bool, bool, bool, bool, float, str]:
    """What comes first among quotes: for whom, whether an official page has it, with an office, word for word."""
    speaker, seen = one.speaker, one.article.first_seen
    return (
        not (speaker and scope.is_ots(speaker.of)),
        one.article.source not in scope.official,
        not (speaker and speaker.office),
        not one.direct,
        seen.timestamp() if seen else float("inf"),
        one.id,
    )


def _story(scope: Scope, one: Story, words: Utterance | None) -> page.Story:
    members = {member.article: member for member in one.members}
    first, official = members.get(one.first or ""), members.get(one.official or "")
    lead = official or first
    return page.Story(
        id=one.id,
        title=one.title or "untitled",
        url=lead.url if lead else None,
        new=_is_new(scope, one),
        reports=one.articles,
        sources=len(one.sources),
        languages=tuple(scope.names.of("language", code) for code in one.languages),
        first=scope.names.publisher(first.source, first.url) if first else "source unknown",
        official=scope.names.publisher(official.source, official.url) if official else None,
        areas=scope.areas(one.areas),
        quote=scope.quoted(words) if words else None,
    )


# -------------------------------------------------------------------------------------------------------------- quotes


def voices(scope: Scope) -> page.Voices:
    """Quotes of the window by state or body: member states and OTS bodies first, then by how much they said."""
    if not scope.articles:
        return page.Voices(states=(), unknown=0, repeated=0)
    search = for_readers(Search("quotes", filters={"article": scope.articles}, sort="published"))
    said = quotations.each_once(scope.index, search)
    before = _said_before(scope, [one.saying for one in said])
    by_state: dict[str | None, list[Utterance]] = defaultdict(list)
    counts: Counter[str] = Counter()
    for one in sorted(said, key=lambda one: _weight(scope, one)):
        if one.saying in before:
            counts["repeated"] += 1
        elif one.speaker is None:
            counts["unknown"] += 1
        else:
            by_state[one.speaker.of].append(one)
    ordered = sorted(by_state, key=lambda of: (of is None, not scope.is_ots(of), -len(by_state[of]), of or ""))
    return page.Voices(
        states=tuple(_speakers(scope, of, by_state[of]) for of in ordered),
        unknown=counts["unknown"],
        repeated=counts["repeated"],
    )


def _said_before(scope: Scope, sayings: list[str]) -> frozenset[str]:
    """Those of these words that an article of the same story had before the window."""
    if not sayings:
        return frozenset()
    older = Search("quotes", filters={"saying": tuple(sayings)}, ranges={"first_seen": Range(None, scope.start)})
    found = scope.index.facets(for_readers(older), ["saying"], MAX_SIZE)
    return frozenset(bucket.key for bucket in found["saying"])


def _speakers(scope: Scope, of: str | None, said: list[Utterance]) -> page.Speakers:
    return page.Speakers(
        name=scope.labels.state(of) if of else None,
        quotes=tuple(map(scope.quoted, said[:QUOTES])),
        more=len(said[QUOTES:]),
    )
