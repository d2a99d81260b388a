"""Reading the taxonomy: the files that are shipped, with the user's own merged over them by id."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from pydantic import ValidationError

from otswatch.errors import ConfigError
from otswatch.taxonomy.matcher import Matcher, Pattern
from otswatch.taxonomy.schema import Area, Country, Cue, Entry, FalseFriend, Kind, Name, Organisation, Speech, Term

E = TypeVar("E", bound=Entry)

_SHIPPED = Path(__file__).parent
#: libyaml reads the lists in a tenth of the time.
_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

#: What a match means: a term of an area, a name, words that make an abbreviation believable or hide others, a cue.
Role = Literal["area", "organisation", "country", "context", "friend", "kind"]

#: What a word does beside direct speech; the fields of `Speech`.
SpeechRole = Literal["verbs", "documents", "offices", "pronouns", "particles"]


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
    version: str

    @cached_property
    def matcher(self) -> Matcher[Use]:
        """Finds all words of areas, organisations, countries, kinds and false friends in one pass."""
        return Matcher((Pattern.parse(use.written), use) for use in self._uses())

    @cached_property
    def speech_matcher(self) -> Matcher[SpeechRole]:
        """Finds the words around direct speech, of all languages."""
        roles: tuple[SpeechRole, ...] = ("verbs", "documents", "offices", "pronouns", "particles")
        return Matcher(
            (Pattern.parse(written), role)
            for speech in self.speech.values()
            for role in roles
            for written in getattr(speech, role)
        )

    def _uses(self) -> Iterator[Use]:
        for area in self.areas.values():
            yield from (Use("area", area.id, term.term, term.lang, term) for term in area.terms)
        for body in self.organisations.values():
            yield from (Use("organisation", body.id, name.name, name.lang, name) for name in body.names)
            yield from (Use("context", body.id, words) for words in body.context)
        for friend in self.false_friends.values():
            yield Use("friend", friend.id, friend.term, friend.lang)
        for country in self.countries.values():
            for language, names in country.names.items():
                yield from (Use("country", country.id, name, language) for name in names)
            yield from (Use("context", country.id, place) for place in country.places)
        for kind in self.kinds.values():
            yield from (Use("kind", kind.id, cue.term, cue.lang, cue) for cue in kind.cues)
        for speech in self.speech.values():
            # Whoever reports what was said writes news.
            for verb in speech.verbs:
                yield Use("kind", "news", verb, speech.id, Cue(term=verb, lang=speech.id, where="lead"))


@lru_cache(maxsize=8)
def load(config: Path | None = None) -> Taxonomy:
    """The taxonomy, with `config`/taxonomy merged over what is shipped. Read once per folder and process.

    Raises:
        ConfigError: a file that cannot be used, with its line and field.
    """
    own = config / "taxonomy" if config else None
    parts: dict[str, dict[str, Any]] = {
        "areas": _merged("areas/*.yaml", Area, own),
        "organisations": _merged("organisations.yaml", Organisation, own),
        "false_friends": _merged("false_friends.yaml", FalseFriend, own),
        "countries": _merged("countries.yaml", Country, own),
        "kinds": _merged("kinds.yaml", Kind, own),
        "speech": _merged("quotes.yaml", Speech, own),
    }
    content = repr([[entry.model_dump_json() for entry in entries.values()] for entries in parts.values()])
    return Taxonomy(**parts, version=hashlib.blake2b(content.encode(), digest_size=4).hexdigest())


def _merged(pattern: str, model: type[E], own: Path | None) -> dict[str, E]:
    entries: dict[str, E] = {}
    for folder in filter(None, (_SHIPPED, own)):
        for path in sorted(folder.glob(pattern)):
            for entry in _read(path, model):
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
        taken = {(item.term, item.lang) for item in value if isinstance(item, Term)}
        kept = tuple(item for item in before if not isinstance(item, Term) or (item.term, item.lang) not in taken)
        return kept + tuple(item for item in value if not isinstance(item, Term) or item.weight > 0)
    return value


def _read(path: Path, model: type[E]) -> Iterator[E]:
    """The entries of one file: a list, or a single one.

    Raises:
        ConfigError: not YAML, or not such an entry.
    """
    source = path.read_text(encoding="utf-8")
    try:
        data = yaml.load(source, _Loader)  # noqa: S506 - a safe loader either way
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise ConfigError(f"{path}{line}: not YAML: {getattr(error, 'problem', error)}") from None
    single = isinstance(data, dict)
    for index, raw in enumerate([data] if single else data or []):
        position: list[str | int] = [] if single else [index]
        try:
            entry = model.model_validate(raw)
        except ValidationError as error:
            first = error.errors()[0]
            where = [*position, *(part for part in first["loc"] if isinstance(part, (str, int)))]
            raise ConfigError(_complaint(path, source, where, first["msg"])) from None
        yield entry


def _complaint(path: Path, source: str, where: list[str | int], message: str) -> str:
    """`file, line 3, terms.0.weight: what is wrong`. The line is that of the innermost part that stands in the file."""
    node = yaml.compose(source, _Loader)
    line = node.start_mark.line if node else 0
    for part in where:
        inner = _child(node, part)
        if inner is None:
            break
        node, line = inner, inner.start_mark.line
    return f"{path}, line {line + 1}, {'.'.join(map(str, where)) or 'file'}: {message}"


def _child(node: yaml.Node | None, part: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == part), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        found: yaml.Node = node.value[part]
        return found
    return None
