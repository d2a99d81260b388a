"""A title or text with everything of the taxonomy that was found in it."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property

from otswatch.records import Evidence, Frame
from otswatch.taxonomy.loader import Role, Taxonomy, Use
from otswatch.taxonomy.matcher import FoldedText, Match
from otswatch.taxonomy.schema import LANGUAGES, Language, Term

#: Whose matches hide the shorter ones inside them: `food security` is not `security`, and a name is not its words.
_NAMES: set[Role] = {"organisation", "friend"}
_HIDDEN_BY: dict[Role, set[Role]] = {
    "area": {"area", "organisation", "friend"},
    "organisation": _NAMES,
    "friend": {"friend"},
    "context": _NAMES,
    "kind": {"kind", "organisation"},
}
#: The first paragraphs say what a text is about: at most this many, and characters. What is shorter is a line.
_LEAD_PARAGRAPHS, _LEAD_CHARACTERS, _LINE = 2, 1500, 80
_LONGEST = 800
#: A dot behind fewer letters is an abbreviation's (`St.`, `a.m.`).
_SENTENCE_END = re.compile(r"[.!?…\n](?:(?<=\n)\n*|(?<=\w\w\w[.!?…])[.!?…]*[\"'»”’)]*\s+)")
_PARAGRAPH = re.compile(r"\S[^\n]*(?<=\S)")


class Reading:
    """`frame` is what the offsets count in, `language` whose words of areas, kinds and asides count: all, if none."""

    def __init__(self, taxonomy: Taxonomy, text: str, frame: Frame, language: str | None = None) -> None:
        self.text = text
        self.frame = frame
        self.language = language
        self.words = FoldedText(text)
        self.found = taxonomy.found(self.words, language)
        self.matches = list(_visible(self.found))

    def of(self, *roles: Role) -> list[Match[Use]]:
        """The matches of these roles, in the order of the text."""
        if len(roles) == 1:
            return self._by_role.get(roles[0], [])
        return [match for match in self.matches if match.value.role in roles]

    @cached_property
    def _by_role(self) -> dict[Role, list[Match[Use]]]:
        found: dict[Role, list[Match[Use]]] = {}
        for match in self.matches:
            found.setdefault(match.value.role, []).append(match)
        return found

    @cached_property
    def paragraphs(self) -> list[tuple[int, int]]:
        """Start and end of each; a text without any has an empty one."""
        return [match.span() for match in _PARAGRAPH.finditer(self.text)] or [(0, 0)]

    @cached_property
    def _sentence_starts(self) -> list[int]:
        starts = [0]
        for end in (*(match.end() for match in _SENTENCE_END.finditer(self.text)), len(self.text)):
            while end - starts[-1] > _LONGEST and (space := self.text.find(" ", starts[-1] + _LONGEST, end)) >= 0:
                starts.append(space + 1)
            starts.append(end)
        return starts

    def sentence(self, place: int) -> tuple[int, int]:
        """Start and end of the sentence that `place` stands in; of one without end, such as a table, a part."""
        after = bisect_right(self._sentence_starts, place, hi=len(self._sentence_starts) - 1)
        return self._sentence_starts[after - 1], self._sentence_starts[after]

    @cached_property
    def opening_end(self) -> int:
        """Where the first paragraph ends; lines such as a byline before it are none. A title is all opening."""
        return self._first_paragraphs(1)

    @cached_property
    def lead_end(self) -> int:
        """Where the first two paragraphs end."""
        return self._first_paragraphs(_LEAD_PARAGRAPHS)

    def _first_paragraphs(self, count: int) -> int:
        if self.frame == "title":
            return len(self.text)
        long = [end for start, end in self.paragraphs if end - start >= _LINE]
        return min([*long, len(self.text)][:count][-1], _LEAD_CHARACTERS)

    def evidence(self, start: int, end: int, rule: str) -> Evidence:
        return Evidence(frame=self.frame, start=start, end=end, text=self.text[start:end], rule=rule)


def readings_of(taxonomy: Taxonomy, title: str | None, text: str, language: str | None = None) -> list[Reading]:
    """The readings of an article: of its title, where it has one, and of its text. `language` as for `Reading`."""
    titles = [Reading(taxonomy, title, "title", language)] if title else []
    return [*titles, Reading(taxonomy, text, "text", language)]


def _visible(matches: Iterable[Match[Use]]) -> Iterator[Match[Use]]:
    """The matches that stand inside no longer one."""
    longest: dict[Role, tuple[int, int]] = {}
    for match in sorted(matches, key=lambda match: (match.first, -match.last, match.value.role == "context")):
        role, first, last = match.value.role, match.first, match.last
        for hider in _HIDDEN_BY.get(role, ()):
            start, end = longest.get(hider, (-1, -1))
            if last <= end and (role == "context" or start != first or end != last):
                break
        else:
            if last > longest.get(role, (-1, -1))[1]:
                longest[role] = first, last
            yield match


def hidden(reading: Reading) -> Iterator[tuple[Match[Use], Match[Use]]]:
    """What was found in a text and does not count, each with the longer match that it stands inside."""
    seen = {(id(match.value), match.first, match.last) for match in reading.matches}
    by_first: dict[int, list[Match[Use]]] = {}
    for match in reading.matches:
        by_first.setdefault(match.first, []).append(match)
    longest = max((match.last - match.first for match in reading.matches), default=0)
    for match in reading.found:
        if (id(match.value), match.first, match.last) in seen:
            continue
        near = (other for first in range(match.last - longest, match.first + 1) for other in by_first.get(first, ()))
        hiders = _HIDDEN_BY.get(match.value.role, set())
        over = [other for other in near if match.last <= other.last and other.value.role in hiders]
        if over:
            yield match, max(over, key=lambda other: other.last - other.first)


def languages(readings: Iterable[Reading], language: str | None) -> frozenset[Language]:
    """The languages whose words count: the given one, or where it is none of ours those that say most.

    A short stem of one language is the head of an innocent word in another (`nő*` and `no`), so never all at once.
    """
    for known in LANGUAGES:
        if known == language:
            return frozenset((known,))
    said = dict.fromkeys(LANGUAGES, 0.0)
    for reading in readings:
        for match in reading.of("area"):
            term = match.value.item
            if isinstance(term, Term) and term.needs is None:
                said[term.lang] += term.weight
    most = max(said.values())
    return frozenset(known for known, weight in said.items() if weight == most > 0)
