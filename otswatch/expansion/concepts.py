"""Names of organisations, states and people in a query, and the tree that all names of one of them become.

A concept is a document's label (`body:ots`, which the classifier gave it by the same words, and where it had reasons to
believe an abbreviation) or any of the names in full, as the taxonomy writes them. Abbreviations stand for other things
too, and so may what others call a state: as words these count in labelled documents only. The words that were typed are
looked for in all.

With a field (`title:`) a label is no answer, so there it is the names as words. Fields of people know people only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Literal

from otswatch.expansion.result import Expanded, Note, once
from otswatch.query import DEFAULT_FIELDS, And, Beginning, Choice, Form, Forms, Inflected, Keyword, Node, words
from otswatch.taxonomy import Language, Taxonomy
from otswatch.taxonomy.loader import Role
from otswatch.taxonomy.matcher import FoldedText, Pattern
from otswatch.taxonomy.schema import Name
from otswatch.text.endings import slots
from otswatch.text.folding import fold

Sort = Literal["body", "country", "person"]
#: What the taxonomy calls a match, and what is named by it.
_SORTS: dict[str, Sort] = {"organisation": "body", "country": "country", "foreign": "country", "person": "person"}
#: What a query is looked through for: names, and what only looks like one.
_NAMED: tuple[Role, ...] = ("organisation", "country", "foreign", "person", "friend")
#: Where texts name everything; where people's names stand; and where their ids stand among them, as words.
_TEXTS = (None, *DEFAULT_FIELDS)
_PEOPLE = ("person_names", "speaker_names", "author_names")
_IDS = _PEOPLE[:2]

#: Names as the taxonomy writes them, each with its language.
Written = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Concept:
    """An organisation, a state or a person. `doubtful` names are also those of others."""

    sort: Sort
    id: str
    names: Written
    doubtful: Written = ()
    labelled: bool = True

    @property
    def query(self) -> str | None:
        """A query for the label, where documents have one."""
        return f"{self.sort}:{self.id}" if self.labelled else None

    @property
    def shown(self) -> tuple[str, ...]:
        """All names, one of each language before the others."""
        heads = dict(reversed(self.names))  # the first of a language comes last
        first = [name for language, name in self.names if heads[language] == name]
        return tuple(dict.fromkeys([*first, *(name for _, name in (*self.names, *self.doubtful))]))

    def parts(self, field: str | None) -> Iterator[Node]:
        """What is looked for, each an alternative of the others."""
        if label := self._label(field):
            yield label
        yield from (form for form, exact in _forms(self.names, field) if not exact)
        doubtful = [form for form, exact in _forms(self.names, field) if exact]
        doubtful += [form for form, _ in _forms(self.doubtful, field)]
        if doubtful and self.labelled and self.sort != "person":
            yield And((Keyword(self.sort, self.id), once(doubtful) or doubtful[0]))

    def _label(self, field: str | None) -> Node | None:
        if self.sort == "person":
            place = "person_names" if field is None else field if field in _IDS else None
            return Forms(tuple(Choice((word,)) for word in words(self.id)), place) if place else None
        return Keyword(self.sort, self.id) if self.labelled and field is None else None


@lru_cache(maxsize=1 << 10)
def _forms(names: Written, field: str | None) -> tuple[tuple[Forms, bool], ...]:
    """The names in all their spellings, each once, and whether it is an abbreviation.

    Not those with a word that stands for any word: no index looks for that.
    """
    found: dict[Forms, bool] = {}
    for language, name in names:
        for pattern in Pattern.spelt(name, language):
            if all(word.text for word in pattern.words):
                forms = tuple(
                    _form(word.text, language, is_open=word.open, ends=word.endings is not None)
                    for word in pattern.words
                )
                found[Forms(forms, field)] = pattern.exact is not None
    return tuple(found.items())


def _form(text: str, language: str, *, is_open: bool, ends: bool) -> Form:
    if not is_open:
        return Choice((text,))
    return Inflected((text,), _slots(language)) if ends else Beginning(text)


@cache
def _slots(language: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(sorted(slot)) for slot in slots(language) if slot)


@dataclass(frozen=True, slots=True)
class Found:
    """A name among the words of a query, from word `first` to before `last`; it may be that of several concepts."""

    first: int
    last: int
    field: str | None
    concepts: tuple[Concept, ...]

    def tree(self, typed: Sequence[str], written: str) -> Expanded:
        """What the name becomes, given its folded words, and as they were written."""
        parts = [part for concept in self.concepts for part in concept.parts(self.field)]
        if not any(isinstance(part, Forms) and part.field == self.field and _is(part, typed) for part in parts):
            parts.append(Forms(tuple(Choice((word,)) for word in typed), self.field))
        notes = tuple(Note(written, concept.query, concept.shown) for concept in self.concepts)
        return Expanded(once(parts) or parts[0], notes)


def _is(forms: Forms, typed: Sequence[str]) -> bool:
    return re.fullmatch(forms.expression, " ".join(typed)) is not None


#: From a word to before another one.
_Span = tuple[int, int]
_Key = tuple[Sort, str]


class Concepts:
    """The names of a taxonomy."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self._taxonomy = taxonomy

    def among(self, written: str, field: str | None) -> Iterator[Found]:
        """The names in words as they were typed, the longest where they overlap."""
        text = FoldedText(written)
        spans: dict[_Span, dict[_Key, None]] = {}
        for span, key in [*self._matches(text), *self._in_small_letters(text)]:
            spans.setdefault(span, {}).update({key: None} if key else {})
        done = 0
        for (first, last), keys in sorted(spans.items(), key=lambda item: (item[0][0], -item[0][1])):
            if first < done:
                continue
            done = last
            named = [key for key in keys if field in _TEXTS or (key[0] == "person" and field in _PEOPLE)]
            if named:
                yield Found(first, last, field, tuple(self._concept(*key) for key in named))

    def _matches(self, text: FoldedText) -> Iterator[tuple[_Span, _Key | None]]:
        """Names as the classifier knows them. What only looks like one hides it, and is nothing."""
        for match in self._taxonomy.finder(*_NAMED).find(text):
            use = match.value
            loose = isinstance(use.item, Name) and use.item.kind == "loose"
            if use.role == "friend":
                yield (match.first, match.last), None
            elif use.role in _SORTS and not loose:
                yield (match.first, match.last), (_SORTS[use.role], use.id)

    def _in_small_letters(self, text: FoldedText) -> Iterator[tuple[_Span, _Key]]:
        """Abbreviations of the OTS itself, which a reader need not put in capitals; `who` and `un` are words."""
        for place, word in enumerate(text.folded):
            if not any(letter.isupper() for letter in text.written(place, place + 1)):
                for id_ in self._abbreviated.get(word, ()):
                    yield (place, place + 1), ("body", id_)

    @cached_property
    def _abbreviated(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for id_, organisation in self._taxonomy.organisations.items():
            if organisation.role == "ots":
                for name in organisation.names:
                    if Pattern.parse(name.name).exact:
                        found.setdefault(fold(name.name), []).append(id_)
        return found

    def _concept(self, sort: Sort, id_: str) -> Concept:
        if sort == "person":
            return Concept(sort, id_, _written(self._taxonomy.people[id_].full_patterns()))
        if sort == "country":
            country = self._taxonomy.countries[id_]
            return Concept(sort, id_, _written(country.names), _written(country.doubtful))
        organisation = self._taxonomy.organisations[id_]
        names = tuple((name.lang, name.name) for name in organisation.names if name.kind != "loose")
        # The classifier labels nothing with a programme.
        return Concept(sort, id_, names, labelled=organisation.role != "programme")


def _written(names: Mapping[Language, Sequence[str]]) -> Written:
    return tuple((language, name) for language, all_ in names.items() for name in all_)
