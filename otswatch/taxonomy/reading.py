"""A title or text with everything of the taxonomy that was found in it."""

from __future__ import annotations

import re
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
}
#: The first paragraphs say what a text is about: at most this many, and characters. What is shorter is a line.
_LEAD_PARAGRAPHS, _LEAD_CHARACTERS, _LINE = 2, 1500, 80
_PARAGRAPH = re.compile(r"\S[^\n]*(?<=\S)")


class Reading:
    """`frame` is what the offsets count in."""

    def __init__(self, taxonomy: Taxonomy, text: str, frame: Frame) -> None:
        self.text = text
        self.frame = frame
        self.words = FoldedText(text)
        self.matches = list(_visible(taxonomy.matcher.find(self.words)))

    def of(self, *roles: Role) -> list[Match[Use]]:
        return [match for match in self.matches if match.value.role in roles]

    @cached_property
    def paragraphs(self) -> list[tuple[int, int]]:
        """Start and end of each; a text without any has an empty one."""
        return [match.span() for match in _PARAGRAPH.finditer(self.text)] or [(0, 0)]

    @cached_property
    def lead_end(self) -> int:
        """Where the first paragraphs end. A title is all lead; lines such as a byline are no paragraph."""
        if self.frame == "title":
            return len(self.text)
        long = [end for start, end in self.paragraphs if end - start >= _LINE]
        return min([*long, len(self.text)][:_LEAD_PARAGRAPHS][-1], _LEAD_CHARACTERS)

    def evidence(self, start: int, end: int, rule: str) -> Evidence:
        return Evidence(frame=self.frame, start=start, end=end, text=self.text[start:end], rule=rule)


def _visible(matches: Iterable[Match[Use]]) -> Iterator[Match[Use]]:
    """The matches that stand inside no longer one."""
    longest: dict[Role, tuple[int, int]] = {}
    for match in sorted(matches, key=lambda match: (match.first, -match.last)):
        role, span = match.value.role, (match.first, match.last)
        wider = (longest.get(hider, (-1, -1)) for hider in _HIDDEN_BY.get(role, ()))
        if any(span[1] <= last and (role == "context" or span != (first, last)) for first, last in wider):
            continue
        if span[1] > longest.get(role, (-1, -1))[1]:
            longest[role] = span
        yield match


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
