"""Reading the taxonomy: the files that are shipped, with the user's own merged over them by id."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args

from otswatch.entries import EntryFile
from otswatch.taxonomy.matcher import FoldedText, Match, Matcher, Pattern
from otswatch.taxonomy.register import MEETING_WORDS, MeetingWords, Office, Person, Place, Series
from otswatch.taxonomy.schema import (
    LANGUAGES,
    Area,
    Aside,
    Country,
    Cue,
    Entry,
    FalseFriend,
    Kind,
    Language,
    Name,
    Organisation,
    Speech,
    Term,
)

E = TypeVar("E", bound=Entry)

SHIPPED = Path(__file__).parent
#: What the files hold: field of `Taxonomy` → which files, and what an entry of theirs is.
FILES: dict[str, tuple[str, type[Entry]]] = {
    "areas": ("areas/*.yaml", Area),
    "organisations": ("organisations.yaml", Organisation),
    "false_friends": ("false_friends.yaml", FalseFriend),
    "countries": ("countries.yaml", Country),
    "kinds": ("kinds.yaml", Kind),
    "speech": ("quotes/*.yaml", Speech),
    "asides": ("asides.yaml", Aside),
    "people": ("people/*.yaml", Person),
    "offices": ("offices.yaml", Office),
    "places": ("places.yaml", Place),
    "series": ("meetings.yaml", Series),
    "meeting_words": ("meeting_words.yaml", MeetingWords),
}

#: What is found for mentions alone: a state beside those of the OTS, what a state is called by others, a full name, a
#: family name, an office, a town, those who meet, a word around meetings (a field of `MeetingWords`), a number.
MentionRole = Literal["foreign", "doubtful", "person", "short", "office", "place", "series", "meeting", "ordinal"]

#: What a match means: a term of an area, a name, words that make an abbreviation believable or hide others, a cue.
Role = Literal["area", "organisation", "organ", "country", "context", "rival", "friend", "kind", MentionRole]

#: What counts in texts of its own language alone, and is most of the words.
_OF_A_LANGUAGE: frozenset[Role] = frozenset(("area", "kind"))

#: What a word does beside speech; fields of `Speech`.
SpeechRole = Literal[
    "verbs",
    "tones",
    "calls",
    "plain",
    "reads",
    "quotatives",
    "that",
    "by",
    "after",
    "about",
    "rumours",
    "documents",
    "bodies",
    "offices",
    "anyone",
    "honorifics",
    "pronouns",
    "somebody",
    "inside",
    "articles",
    "indefinite",
    "links",
    "particles",
    "occasions",
    "titles",
    "unsaid",
]
_SPEECH_ROLES: tuple[SpeechRole, ...] = get_args(SpeechRole)
#: What a word does beside a name; the fields of `Aside`.
AsideRole = Literal[
    "former",
    "once",
    "work",
    "kin",
    "works",
    "before",
    "behind",
    "sites",
    "hosts",
    "within",
    "margins",
    "matters",
    "talks",
    "like",
    "member",
    "regions",
    "joins",
]
_ASIDE_ROLES: tuple[AsideRole, ...] = get_args(AsideRole)


@dataclass(frozen=True, slots=True)
class Use:
    """What stands behind a pattern: whose it is (`id`), and the entry's own word for it."""

    role: Role
    id: str
    written: str
    lang: str | None = None
    item: Term | Name | Cue | None = None


@dataclass(frozen=True)
class Taxonomy:
    """Everything that the program knows about the words of the subject. `version` changes with its content."""

    areas: dict[str, Area]
    organisations: dict[str, Organisation]
    false_friends: dict[str, FalseFriend]
    countries: dict[str, Country]
    kinds: dict[str, Kind]
    speech: dict[str, Speech]
    asides: dict[str, Aside]
    people: dict[str, Person]
    offices: dict[str, Office]
    places: dict[str, Place]
    series: dict[str, Series]
    meeting_words: dict[str, MeetingWords]
    version: str

    def found(self, text: FoldedText, language: str | None = None) -> list[Match[Use]]:
        """All words of the taxonomy in a text: names in any language, words of areas and kinds in its own.

        Args:
            language: the text's; where it is none of ours, areas and kinds are looked for in all.
        """
        own = (language,) if language in LANGUAGES else LANGUAGES
        return [match for part in (None, *own) for match in self._matcher(part).find(text)]

    def _matcher(self, part: str | None) -> Matcher[Use]:
        """Finds the words of areas and kinds in one language, or everything else. Made when first asked for."""
        if part not in self._matchers:
            self._matchers[part] = Matcher(_spelt(self._parts.get(part, ())))
        return self._matchers[part]

    @cached_property
    def _matchers(self) -> dict[str | None, Matcher[Use]]:
        return {}

    @cached_property
    def _parts(self) -> dict[str | None, list[Use]]:
        parts: dict[str | None, list[Use]] = defaultdict(list)
        for use in self._uses():
            parts[use.lang if use.role in _OF_A_LANGUAGE else None].append(use)
        return parts

    @cached_property
    def organs(self) -> dict[str, str]:
        """The series of meetings of each organ: the first, where it has several."""
        return {series.body: series.id for series in reversed(self.series.values())}

    def finder(self, *roles: Role) -> Matcher[Use]:
        """Finds only the words of these roles, in all languages, at a part of the cost. Made when first asked for."""
        if roles not in self._finders:
            self._finders[roles] = Matcher(_spelt(use for use in self._uses() if use.role in roles))
        return self._finders[roles]

    @cached_property
    def _finders(self) -> dict[tuple[Role, ...], Matcher[Use]]:
        return {}

    @cached_property
    def _speech_matchers(self) -> dict[str, Matcher[SpeechRole]]:
        return {}

    def speech_words(self, language: str) -> Matcher[SpeechRole]:
        """Finds the words around speech of one language; nothing in any other. Made when first asked for."""
        made = self._speech_matchers
        if language not in made:
            speech = self.speech.get(language)
            made[language] = Matcher(
                (pattern, role)
                for role in _SPEECH_ROLES
                for written in getattr(speech, role, ())
                for pattern in Pattern.spelt(written, language)
            )
        return made[language]

    @cached_property
    def _aside_matchers(self) -> dict[str | None, Matcher[tuple[AsideRole, str]]]:
        return {}

    def aside_words(self, language: str | None) -> Matcher[tuple[AsideRole, str]]:
        """Finds the words that make of a name an aside: what each does, and as its file writes it.

        Args:
            language: the text's; where it is none of ours, those of all are looked for.
        """
        made, known = self._aside_matchers, language if language in LANGUAGES else None
        if known not in made:
            made[known] = Matcher(
                (pattern, (role, written))
                for aside in self.asides.values()
                if known in {aside.id, None}
                for role in _ASIDE_ROLES
                for written in getattr(aside, role)
                for pattern in Pattern.spelt(written, aside.id)
            )
        return made[known]

    def _uses(self) -> Iterator[Use]:
        for area in self.areas.values():
            yield from (Use("area", area.id, term.term, term.lang, term) for term in area.terms)
        for body in self.organisations.values():
            called: Role = "organ" if body.role == "organ" else "organisation"
            yield from (Use(called, body.id, name.name, name.lang, name) for name in body.names)
            yield from (Use("context", body.id, words) for words in body.context)
            yield from (Use("rival", body.id, words) for words in body.rivals)
        for friend in self.false_friends.values():
            yield Use("friend", friend.id, friend.term, friend.lang)
        for country in self.countries.values():
            role: Role = "foreign" if country.role == "other" else "country"
            yield from _by_language(role, country.id, country.names)
            yield from _by_language("doubtful", country.id, country.doubtful)
            yield from (Use("context", country.id, place) for place in country.places)
        for kind in self.kinds.values():
            yield from (Use("kind", kind.id, cue.term, cue.lang, cue) for cue in kind.cues)
        for speech in self.speech.values():
            # Whoever reports what was said writes news.
            for verb in speech.verbs:
                yield Use("kind", "news", verb, speech.id, Cue(term=verb, lang=speech.id, where="lead"))
        yield from self._register()

    def _register(self) -> Iterator[Use]:
        for person in self.people.values():
            yield from _by_language("person", person.id, person.full_patterns())
            yield from _by_language("short", person.id, person.short_patterns())
        for office in self.offices.values():
            yield from _by_language("office", office.id, office.terms)
        for place in self.places.values():
            yield from (Use("place", place.id, name) for name in place.names)
        for series in self.series.values():
            yield from _by_language("series", series.id, series.terms)
        for words in self.meeting_words.values():
            for field in MEETING_WORDS:
                yield from (Use("meeting", field, written, words.id) for written in getattr(words, field))
            yield from (Use("ordinal", str(count), word, words.id) for count, word in enumerate(words.ordinals, 1))


def _by_language(role: Role, id_: str, words: Mapping[Language, Iterable[str]]) -> Iterator[Use]:
    yield from (Use(role, id_, written, language) for language, all_ in words.items() for written in all_)


def _spelt(uses: Iterable[Use]) -> Iterator[tuple[Pattern, Use]]:
    """Every word in all its spellings; what an entry says in its own words is not made again for another of them."""
    said: dict[tuple[object, ...], list[Pattern]] = defaultdict(list)
    others: list[tuple[Pattern, Use]] = []
    for use in uses:
        first, *more = Pattern.spelt(use.written, use.lang)
        said[_alike(first, use)].append(first)
        others += ((pattern, use) for pattern in more)
        yield first, use
    for pattern, use in others:
        known = said[_alike(pattern, use)]
        if not any(other.covers(pattern) or pattern.covers(other) for other in known):
            known.append(pattern)
            yield pattern, use


def _alike(pattern: Pattern, use: Use) -> tuple[object, ...]:
    """What the patterns of an entry have in common where one may find what another does."""
    return use.role, use.id, use.lang, len(pattern.words), pattern.words[0].text[0]


#: Files by the field of `Taxonomy` that they fill.
Layer = Mapping[str, Sequence[EntryFile]]


@lru_cache(maxsize=8)
def load(config: Path | None = None) -> Taxonomy:
    """The taxonomy, with the files under `config` merged over what is shipped. Read once per folder and process.

    Raises:
        ConfigError: a file that cannot be used, with its line and field.
    """
    if config is None:
        return build(shipped())
    mine = own(config)
    return build(shipped(), mine) if any(mine.values()) else load()


@cache
def shipped() -> Layer:
    """The files that come with the program; read once per process."""
    return files(SHIPPED)


def own(config: Path) -> Layer:
    """The user's files: those of `config`/taxonomy, and people from `config`/register.

    Raises:
        ConfigError: one that cannot be read.
    """
    people = [EntryFile.open(path) for path in sorted((config / "register").glob("*.yaml"))]
    return {**files(config / "taxonomy"), "people": people}


def files(folder: Path) -> Layer:
    """The files of one folder; it may be absent.

    Raises:
        ConfigError: one that cannot be read.
    """
    return {
        name: [EntryFile.open(path) for path in sorted(folder.glob(pattern))] for name, (pattern, _) in FILES.items()
    }


def build(*layers: Layer) -> Taxonomy:
    """The taxonomy of some files, each layer merged over the ones before it.

    Raises:
        ConfigError: a file that cannot be used, with its line and field.
    """
    parts: dict[str, Any] = {
        name: merged([file for layer in layers for file in layer[name]], model) for name, (_, model) in FILES.items()
    }
    content = repr([[entry.model_dump_json() for entry in entries.values()] for entries in parts.values()])
    return Taxonomy(**parts, version=hashlib.blake2b(content.encode(), digest_size=4).hexdigest())


def merged(given: Iterable[EntryFile], model: type[E]) -> dict[str, E]:
    """The entries of some files by id, each file over the ones before it: lists are appended to, tables are filled.

    Raises:
        ConfigError: a file that cannot be used, with its line and field.
    """
    entries: dict[str, E] = {}
    for file in given:
        for entry in file.entries(model):
            known = entries.get(entry.id)
            entries[entry.id] = _over(known, entry) if known else entry
    return entries


def _over(shipped: E, own: E) -> E:
    """`own` over `shipped`: lists are appended to, tables are filled, the rest is replaced."""
    changes: dict[str, Any] = {}
    for field in own.model_fields_set:
        value, before = getattr(own, field), getattr(shipped, field)
        changes[field] = _joined(before, value)
    return shipped.model_copy(update=changes)


def _joined(before: Any, value: Any) -> Any:
    if isinstance(value, dict):
        return before | {key: _joined(before.get(key, ()), item) for key, item in value.items()}
    if isinstance(value, tuple):
        taken = {key for item in value if (key := getattr(item, "key", None))}
        kept = tuple(item for item in before if getattr(item, "key", None) not in taken)
        return kept + tuple(item for item in value if not isinstance(item, Term) or item.weight > 0)
    return value
