"""Faults in the word lists that a file can have and still be read: for whoever tends them.

`check` reads files as `loader` does, and looks at every entry where it stands. What a rule looks for, and what to do
about it, is docs/reference/taxonomy.md.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import Any, Literal

from otswatch.entries import EntryFile, Place
from otswatch.errors import ConfigError, UsageError
from otswatch.taxonomy.loader import FILES, Layer, Taxonomy, Use, build, files, shipped
from otswatch.taxonomy.matcher import Pattern
from otswatch.taxonomy.reading import Reading, hidden
from otswatch.taxonomy.schema import LANGUAGES, Area, Country, Entry, FalseFriend, Kind, Organisation, Speech, Term
from otswatch.text.folding import tokens

Level = Literal["error", "warning"]

#: An open stem of fewer letters begins words of anything; of `_BRIEF` letters it should at least be looked at.
_SHORT, _BRIEF = 4, 5
#: A whole word of fewer letters is a word of some other language.
_SHORT_WORD = 3
_LATIN_ONLY = {"en", "tr", "az", "hu", "tk"}
_CYRILLIC_ONLY = {"ru", "ky"}
#: Words that stand in no list.
_APART = " qqq" * 12 + " "
_SPEECH = ("verbs", "documents", "offices", "pronouns", "particles")


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: where, of which rule, and what to do. `entry` is the id and the words as written."""

    file: Path
    line: int
    rule: str
    level: Level
    entry: str
    message: str

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {
            "file": str(self.file),
            "line": self.line,
            "rule": self.rule,
            "level": self.level,
            "entry": self.entry,
            "message": self.message,
        }


@dataclass(frozen=True, eq=False)
class Written:
    """Words to be found, where they stand in a file. `part` is the field of the entry that holds them."""

    file: EntryFile
    place: Place
    entry: Entry
    part: str
    text: str
    lang: str | None
    term: Term | None = None

    @cached_property
    def pattern(self) -> Pattern:
        return Pattern.parse(self.text, self.lang)

    @property
    def name(self) -> str:
        return f"{self.entry.id}: {self.text}" + (f" ({self.lang})" if self.lang else "")


@dataclass(frozen=True)
class Lists:
    """All files of some layers, entry by entry, and what they come to together.

    `written` counts in the end; `idle` are terms of weight 0 that take nothing away.
    """

    taxonomy: Taxonomy
    entries: list[tuple[EntryFile, Place, Entry]]
    written: list[Written]
    idle: list[Written]

    @cached_property
    def terms(self) -> list[Written]:
        """The terms of areas that count."""
        return [each for each in self.written if each.term]

    def alike(self, *key: str) -> Iterator[list[Written]]:
        """Terms of areas in groups: those of one language with as many words, that begin alike, and the same `key`.

        Args:
            key: `entry` for the terms of one area together.
        """
        groups: dict[tuple[object, ...], list[Written]] = defaultdict(list)
        for each in self.terms:
            own = (each.entry.id,) if "entry" in key else ()
            words = each.pattern.words
            groups[each.lang, len(words), words[0].text[0], each.pattern.exact is None, *own].append(each)
        yield from groups.values()


def check_files(config: Path, paths: Sequence[Path] = ()) -> list[Finding]:
    """The faults of the shipped files with those of the user's folder over them.

    Args:
        paths: report on these only: files, or folders laid out as a taxonomy. They need not be the user's yet.

    Raises:
        UsageError: one of them is not there, or has not the name of a file of the taxonomy.
    """
    base, own = shipped(), files(config / "taxonomy")
    named = [each for path in paths for each in _named(path)]
    known = {file.path.resolve() for layer in (base, own) for given in layer.values() for file in given}
    new = {name: [f for field, f in named if field == name and f.path.resolve() not in known] for name in FILES}
    findings = check(base, {name: [*own[name], *new[name]] for name in FILES})
    wanted = {file.path.resolve() for _, file in named}
    return [finding for finding in findings if not paths or finding.file.resolve() in wanted]


def _named(path: Path) -> list[tuple[str, EntryFile]]:
    """The files of a path, each with the field of `Taxonomy` that it fills."""
    if path.is_dir():
        return [(name, file) for name, given in files(path).items() for file in given]
    name = next((name for name, (pattern, _) in FILES.items() if path.resolve().match(pattern)), None)
    if name is None:
        raise UsageError(
            f"{path}: no file of the taxonomy is called so; there are: {', '.join(p for p, _ in FILES.values())}"
        )
    return [(name, EntryFile.open(path))]


def check(*layers: Layer) -> list[Finding]:
    """Every fault of the files, by file and line.

    Args:
        layers: what is shipped, then what is merged over it.
    """
    faults = [finding for layer in layers for finding in _unreadable(layer)]
    if faults:
        return sorted(faults, key=_place)
    return faults_of(read(*layers))


def faults_of(lists: Lists) -> list[Finding]:
    """Every fault of files that can be used, by file and line."""
    found = (finding for rule in RULES for finding in rule(lists))
    return sorted(dict.fromkeys(found), key=_place)


def read(*layers: Layer) -> Lists:
    """The files as the rules look at them.

    Raises:
        ConfigError: one that cannot be used.
    """
    entries = [
        (file, file.place(number), entry)
        for layer in layers
        for name, (_, model) in FILES.items()
        for file in layer[name]
        for number, entry in enumerate(file.entries(model))
    ]
    written = [each for place in entries for each in _written(*place)]
    return Lists(build(*layers), entries, *_in_force(written))


def _place(finding: Finding) -> tuple[str, int, str]:
    return str(finding.file), finding.line, finding.rule


def _unreadable(layer: Layer) -> Iterator[Finding]:
    for name, (_, model) in FILES.items():
        for file in layer[name]:
            try:
                file.entries(model)
            except ConfigError as error:
                where, _, message = str(error).removeprefix(str(file.path)).partition(": ")
                line = "".join(filter(str.isdigit, where.split(",")[1])) if "," in where else ""
                yield Finding(file.path, int(line or 1), "unreadable", "error", where.rpartition(", ")[2], message)


def _written(file: EntryFile, place: Place, entry: Entry) -> Iterator[Written]:
    """Every word to be found of one entry."""

    def each(text: str, lang: str | None, part: str, *inside: str | int, term: Term | None = None) -> Written:
        return Written(file, (*place, part, *inside), entry, part, text, lang, term)

    match entry:
        case Area(terms=terms):
            yield from (each(term.term, term.lang, "terms", n, term=term) for n, term in enumerate(terms))
        case Organisation(names=names, context=context):
            yield from (each(name.name, name.lang, "names", n) for n, name in enumerate(names))
            yield from (each(words, None, "context", n) for n, words in enumerate(context))
        case FalseFriend(term=term, lang=lang):
            yield each(term, lang, "term")
        case Country(names=named, places=places):
            for lang, words in named.items():
                yield from (each(word, lang, "names", lang, n) for n, word in enumerate(words))
            yield from (each(word, None, "places", n) for n, word in enumerate(places))
        case Kind(cues=cues):
            yield from (each(cue.term, cue.lang, "cues", n) for n, cue in enumerate(cues))
        case Speech():
            for part in _SPEECH:
                yield from (each(words, entry.id, part, n) for n, words in enumerate(getattr(entry, part)))


def _in_force(written: Sequence[Written]) -> tuple[list[Written], list[Written]]:
    """What counts in the end, where a later file's term replaces an earlier one; and what takes nothing away."""
    keys = {each: (each.entry.id, each.text, each.lang) for each in written if each.term}
    last = {key: each.file for each, key in keys.items()}
    replaced = {key for each, key in keys.items() if each.file is not last[key]}
    counted = [
        each for each in written if each.term is None or (each.file is last[keys[each]] and each.term.weight > 0)
    ]
    return counted, [each for each, key in keys.items() if each.term and each.term.weight == 0 and key not in replaced]


# ---------------------------------------------------------------------------------------------------------------- rules


def _finding(each: Written, rule: str, level: Level, message: str) -> Finding:
    return Finding(each.file.path, each.file.line(each.place), rule, level, each.name, message)


def _at(each: Written) -> str:
    return f"{each.file.path.name}, line {each.file.line(each.place)}"


def duplicate(lists: Lists) -> Iterator[Finding]:
    """The same words twice in one list."""
    first: dict[tuple[object, ...], Written] = {}
    for each in lists.written:
        where = getattr(each.entry, "cues", ())[each.place[-1]].where if each.part == "cues" else None  # type: ignore[index]
        key = (type(each.entry), each.entry.id, each.part, each.lang, where, each.pattern)
        if key in first:
            message = f"stands in {_at(first[key])} already: take one out"
            yield _finding(each, "duplicate", "error", message)
        first.setdefault(key, each)


def redundant(lists: Lists) -> Iterator[Finding]:
    """A term that another one of its area finds already, and that counts no more than it."""
    for group in lists.alike("entry"):
        for each in group:
            for other in group:
                if each is not other and _adds_nothing(each, other):
                    message = f"{other.text} ({_at(other)}) finds it already, so it counts twice: take it out"
                    yield _finding(each, "redundant", "warning", message)
                    break


def _adds_nothing(each: Written, other: Written) -> bool:
    assert each.term  # noqa: S101 - terms only
    assert other.term  # noqa: S101 - as above
    heavier = each.term.weight > other.term.weight or (other.term.needs and not each.term.needs)
    return not heavier and other.pattern != each.pattern and other.pattern.covers(each.pattern)


def unreachable(lists: Lists) -> Iterator[Finding]:
    """Words that are never found, because a name or a false friend hides them wherever they stand."""
    searched = [each for each in lists.written if not isinstance(each.entry, Speech)]
    # All in one text, so far apart that no pattern reaches from one to the next but one.
    examples = [_example(each.text) for each in searched]
    starts = list(accumulate((len(example) + len(_APART) for example in examples), initial=0))
    reading = Reading(lists.taxonomy, _APART.join(examples), "input")
    seen = {(match.value.written, bisect_right(starts, match.start)) for match in reading.matches}
    over: dict[tuple[str, int], Use] = {}
    for match, hider in hidden(reading):
        number = bisect_right(starts, match.start)
        if hider.end <= starts[number - 1] + len(examples[number - 1]):
            over[match.value.written, number] = hider.value
        else:  # it needs more words than these
            seen.add((match.value.written, number))
    for number, each in enumerate(searched, start=1):
        if (each.text, number) not in seen:
            use = over.get((each.text, number))
            why = f"{use.written} ({use.id}) hides it" if use else "nothing finds it in its own words"
            yield _finding(each, "unreachable", "error", f"{why}: take it out, or write a longer phrase")


def _example(written: str) -> str:
    """A text that holds the words and nothing else."""
    return " ".join(part.rstrip("*~") or "x" for part in written.split())


def short(lists: Lists) -> Iterator[Finding]:
    """A stem that begins words of anything, and counts alone."""
    for each in lists.terms:
        pattern = each.pattern
        if each.term is None or each.term.needs or pattern.exact or len(pattern.words) > 1:
            continue
        [word] = pattern.words
        letters = len(word.text)
        if word.open and word.endings is None and letters < _BRIEF:
            level: Level = "error" if letters < _SHORT else "warning"
            message = f"a stem of {letters} letters begins other words: write ~ for case endings only, or `needs: any`"
            yield _finding(each, "short", level, message)
        elif not word.open and letters < _SHORT_WORD:
            yield _finding(each, "short", "error", f"a word of {letters} letters says too little: add `needs: any`")


def clash(lists: Lists) -> Iterator[Finding]:
    """The same words for two areas: a text with them gets both."""
    for group in lists.alike():
        first: dict[Pattern, Written] = {}
        for each in group:
            other = first.setdefault(each.pattern, each)
            if other.entry.id != each.entry.id:
                message = f"speaks for {other.entry.id} too ({_at(other)}): keep one, or write longer phrases"
                yield _finding(each, "clash", "warning", message)


def swallows(lists: Lists) -> Iterator[Finding]:
    """A stem that is the beginning of a word of another area."""
    for group in lists.alike():
        words = sorted((each for each in group if len(each.pattern.words) == 1), key=_word)
        texts = [_word(each) for each in words]
        for stem in words:
            if not (stem.pattern.words[0].open and stem.term and not stem.term.needs):
                continue
            begun = words[bisect_left(texts, _word(stem)) : bisect_right(texts, _word(stem) + chr(0x10FFFF))]
            inside = [
                each
                for each in begun
                if each.entry.id != stem.entry.id and each.pattern != stem.pattern and stem.pattern.covers(each.pattern)
            ]
            if inside:
                shown = ", ".join(f"{each.text} ({each.entry.id})" for each in inside[:3])
                instead = f"{stem.text.rstrip('*')}~ for its case endings only"
                yield _finding(stem, "swallows", "warning", f"finds {shown} as well: write {instead}, or a longer stem")


def _word(each: Written) -> str:
    return each.pattern.words[0].text


def organisation(lists: Lists) -> Iterator[Finding]:
    """A term of an area that is an organisation's name."""
    names: dict[tuple[object, ...], str] = {}
    for each in lists.written:
        if isinstance(each.entry, Organisation) and each.part == "names" and each.entry.role != "organ":
            names.setdefault((each.pattern.words, each.pattern.exact), each.entry.id)
    for each in lists.terms:
        if body := names.get((each.pattern.words, each.pattern.exact)):
            message = f"is the name of {body}: take it out; `areas` in organisations.yaml says what a name means"
            yield _finding(each, "organisation", "error", message)


def unknown_area(lists: Lists) -> Iterator[Finding]:
    """An area that an organisation points at, and that is not there."""
    for file, place, entry in lists.entries:
        for number, area in enumerate(entry.areas if isinstance(entry, Organisation) else ()):
            if area not in lists.taxonomy.areas:
                line = file.line((*place, "areas", number))
                known = ", ".join(sorted(lists.taxonomy.areas))
                yield Finding(file.path, line, "unknown-area", "error", f"{entry.id}: {area}", f"there are: {known}")


def missing_name(lists: Lists) -> Iterator[Finding]:
    """An area, kind or country without a name in one of the languages."""
    whole: dict[tuple[type, str], Entry] = {
        (type(entry), entry.id): entry
        for entries in (lists.taxonomy.areas, lists.taxonomy.kinds, lists.taxonomy.countries)
        for entry in entries.values()
    }
    first: set[tuple[type, str]] = set()
    for file, place, entry in lists.entries:
        key = (type(entry), entry.id)
        if key in first or key not in whole:
            continue
        first.add(key)
        named = getattr(whole[key], "names")  # noqa: B009 - the three kinds of entries have it
        if missing := [lang for lang in LANGUAGES if not named.get(lang)]:
            message = f"has no name in {', '.join(missing)}: add it under `names`"
            yield Finding(file.path, file.line(place), "missing-name", "warning", entry.id, message)


def script(lists: Lists) -> Iterator[Finding]:
    """Words in letters that their language is not written in."""
    for each in lists.written:
        for word in _words(each.text):
            scripts = _scripts(word)
            wrong = (each.lang in _LATIN_ONLY and scripts == {"CYRILLIC"}) or (
                each.lang in _CYRILLIC_ONLY and scripts == {"LATIN"} and word.islower()  # names of products stay Latin
            )
            if wrong:
                message = f"{word} is {scripts.pop().title()}, and {each.lang} is not written so: is `lang` right?"
                yield _finding(each, "script", "error", message)


def mixed_script(lists: Lists) -> Iterator[Finding]:
    """A word with letters of two alphabets: one that only looks right."""
    for each in lists.written:
        for word in _words(each.text):
            if len(_scripts(word)) > 1:
                odd = ", ".join(sorted({letter for letter in word if _script(letter) == _rarer(word)}))
                message = f"{word} mixes alphabets ({odd} is {_rarer(word).title()}): type it anew"
                yield _finding(each, "mixed-script", "error", message)


def nothing_to_take_away(lists: Lists) -> Iterator[Finding]:
    """A term of weight 0 where there is no such term."""
    for each in lists.idle:
        message = "takes nothing away: no file has the term in just this spelling; copy it from there"
        yield _finding(each, "nothing-to-take-away", "warning", message)


def _words(text: str) -> list[str]:
    return [text[token.start : token.end] for token in tokens(text)]


def _script(letter: str) -> str | None:
    first = unicodedata.name(letter, "").split(" ")[0]
    return first if first in {"LATIN", "CYRILLIC"} else None


def _scripts(word: str) -> set[str]:
    return {found for letter in word if (found := _script(letter))}


def _rarer(word: str) -> str:
    return min(_scripts(word), key=lambda name: sum(_script(letter) == name for letter in word))


#: Each yields what it finds; docs/reference/taxonomy.md has a line on each, by its name in a finding.
RULES: tuple[Callable[[Lists], Iterator[Finding]], ...] = (
    duplicate,
    redundant,
    unreachable,
    short,
    clash,
    swallows,
    organisation,
    unknown_area,
    missing_name,
    script,
    mixed_script,
    nothing_to_take_away,
)
