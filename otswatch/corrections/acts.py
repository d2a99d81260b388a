"""What an analyst can do: say what is right, take it back, look at what was said. For command line and page alike.

A word is written to `State` first, where it is safe and read by everybody at once, and published then, so that the
consumer `index` puts the article right. Where publishing fails nothing is lost: the article is put right when it next
comes into the index, or when the same is said again.
"""

from __future__ import annotations

import getpass
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from otswatch import dates
from otswatch.bus import Outgoing
from otswatch.consumers.archive import WarcArchive
from otswatch.corrections import kept
from otswatch.corrections.fold import Status, discarded_for_relevance, latest, standing, status, unfold
from otswatch.corrections.kept import Said
from otswatch.corrections.values import ALONE, FIELDS, KEPT, checked, part_of
from otswatch.corrections.vocabulary import Vocabulary
from otswatch.errors import DependencyDownError, UsageError
from otswatch.index import Index
from otswatch.records import Article, Correction, Page, Withdrawn
from otswatch.settings import Settings
from otswatch.stores import Stores
from otswatch.stories import search
from otswatch.urls import page_id

#: Headers of a page that is published again because a person wants its article.
ORIGIN: Final[Mapping[str, str]] = {"origin": "correction"}
#: A name or a note that is longer is no name and no note.
NAME_LENGTH, NOTE_LENGTH = 100, 2_000
#: So much of a quote's id mostly tells it from the others of its article.
SHORT = 8
#: A printed day can have begun this much before it begins in UTC.
_AHEAD = timedelta(hours=14)

#: Where the text of the article is: in the index already, on its way from the archive, or nowhere.
Text = Literal["here", "restored", "missing"]


@dataclass(frozen=True, slots=True)
class Added:
    """What was said, and where the text of the article is."""

    article: Article
    corrections: tuple[Correction, ...]
    text: Text


@dataclass(frozen=True, slots=True)
class Entry:
    """A correction, and what became of it."""

    correction: Correction
    status: Status

    @property
    def last(self) -> datetime:
        """When it was said, or taken back."""
        withdrawn = self.correction.withdrawn
        return withdrawn.at if withdrawn else self.correction.at


def add(
    settings: Settings, stores: Stores, article: str, values: Mapping[str, Any], *, by: str, note: str = ""
) -> Added:
    """Say what is right of one article.

    An article that the machine discarded for what it is about comes back whole when a person says `about` or `part`:
    its page is looked for in the archive, which takes time with its size, and published once more.

    Args:
        article: its id, another id of the same page, or its address.
        values: by field, in the form of `otswatch.corrections.values`; of a quote the beginning of its id is enough.
        by: who says so.

    Raises:
        UsageError: no such article, or nothing that can be said of it; nothing is changed.
        DependencyDownError: a store is not there; the message says whether the words are kept all the same.
    """
    by, note = _name(by), _plain("note", note, NOTE_LENGTH)
    wanted = {field: checked(field, value) for field, value in values.items()}
    if not wanted:
        raise UsageError(f"nothing to correct; say at least one of {', '.join(FIELDS)}")
    vocabulary = Vocabulary.load(settings)
    for field, value in wanted.items():
        vocabulary.require(field, value)
    indexed = find(stores.index, article)
    machine = unfold(indexed)
    _require_possible(machine, wanted)
    if "speaker" in wanted:
        wanted["speaker"] = _speaker(machine, vocabulary, **wanted["speaker"])
    if "story" in wanted:
        wanted["story"] = _story(stores.index, indexed, wanted["story"])

    page = _page(settings, machine) if _is_wanted_back(machine, wanted) else None
    said = kept.update(stores.state, machine.id, lambda before: _with(before, machine.id, wanted, by, note))
    added = tuple(standing(said)[part_of(field, value)] for field, value in wanted.items())
    restored = [Outgoing("pages", page.id, page.to_json(), ORIGIN)] if page else []
    _publish(stores, [*map(_message, added), *restored])
    return Added(indexed, added, "restored" if page else _text(indexed, wanted))


def withdraw(stores: Stores, id_: str, *, by: str) -> Correction:
    """Take a correction back: what the machine made of that part stands again. May be said again.

    Raises:
        UsageError: there is none of this id, another one has replaced it, or it joined two stories: nobody knows any
            more which articles were whose.
        DependencyDownError: as `add`.
    """
    by = _name(by)
    found = next((entry.correction for entry in entries(stores) if entry.correction.id == id_), None)
    if found is None:
        raise UsageError(f"there is no correction {id_[:80]!r}; `otswatch corrections list` shows them")
    if found.field == "story" and found.value != ALONE:
        raise UsageError(f"stories that were joined are parted article by article: `--story {ALONE}`")
    part = part_of(found.field, found.value)

    def taken_back(said: Said) -> Said:
        last = latest(said)[part]
        if last.id != id_:
            raise UsageError(f"{id_} was replaced by {last.id}; withdraw that one, if it stands")
        gone = last.replace(withdrawn=last.withdrawn or Withdrawn(by=by, at=_now(said)))
        return tuple(gone if correction.id == id_ else correction for correction in said)

    said = kept.update(stores.state, found.article, taken_back)
    withdrawn = latest(said)[part]
    _publish(stores, [_message(withdrawn)])
    return withdrawn


def entries(
    stores: Stores, article: str | None = None, field: str | None = None, since: datetime | None = None
) -> list[Entry]:
    """What was said, in the order that it was said in, with what became of it.

    Args:
        article: of this one only: its id, another id of the same page, or its address.
        field: on this part only.
        since: said, or taken back, at this moment or later.

    Raises:
        UsageError: a field that cannot be corrected, or no such article.
    """
    if field is not None and field not in FIELDS:
        raise UsageError(f"no field {field!r}; there are: {', '.join(FIELDS)}")
    books = kept.every(stores.state) if article is None else iter((_of(stores, article),))
    found = [Entry(each, status(each, said)) for said in books for each in said if field in (None, each.field)]
    return sorted(
        (entry for entry in found if since is None or entry.last >= since), key=lambda entry: entry.correction.at
    )


def _of(stores: Stores, article: str) -> Said:
    return kept.of(stores.state, _id(article)) or kept.of(stores.state, find(stores.index, article).id)


def find(index: Index, article: str) -> Article:
    """The article of an id or an address.

    Raises:
        UsageError: there is none, or its page is gone; a word on it would change nothing.
    """
    id_ = _id(article)
    record = index.get("articles", id_)
    if record is None and (alias := index.get("aliases", id_)) is not None:
        record = index.get("articles", str(alias["id"]))
    if record is None:
        raise UsageError(
            f"there is no article {article[:200]}; `otswatch search --format json` shows ids and addresses"
        )
    if "gone" in record:
        raise UsageError(f"the page of {article[:200]} is gone since {record['gone']['at']}: nothing is shown of it")
    return Article.model_validate(record)


def _id(article: str) -> str:
    return page_id(article) if "://" in article else article


def user() -> str:
    """Who says something where nobody is named: the user that this process runs as.

    Raises:
        UsageError: that user has no name, as in some containers.
    """
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        raise UsageError("by: the user of this process has no name; say who says so") from None


# ------------------------------------------------------------------------------------------------------------- saying


def _with(before: Said, article: str, wanted: Mapping[str, Any], by: str, note: str) -> Said:
    """What was said, and what is said now; what stands already in the same words is not said twice."""
    stands, said = standing(before), before
    for field, value in wanted.items():
        known = stands.get(part_of(field, value))
        if known is None or (known.value, known.by, known.note) != (value, by, note):
            at = _now(said)
            words = json.dumps([article, field, value, by, note, at.isoformat()], ensure_ascii=False)
            id_ = hashlib.blake2b(words.encode(), digest_size=8).hexdigest()
            new = {"id": id_, "article": article, "field": field, "value": value, "note": note, "by": by, "at": at}
            said = (*said, Correction.model_validate(new))
    return said


def _now(said: Said) -> datetime:
    """Later than anything that was said, also where another machine's clock is ahead: the order of words is theirs."""
    moments = (each.withdrawn.at if each.withdrawn else each.at for each in said)
    return max(datetime.now(UTC), *(moment + timedelta(microseconds=1) for moment in moments), _FIRST)


_FIRST = datetime(1970, 1, 1, tzinfo=UTC)


def _plain(what: str, text: str, longest: int) -> str:
    """
    Raises:
        UsageError: too long, or no Unicode text.
    """
    text = text.strip()
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UsageError(f"{what}: not Unicode text") from None
    if len(text) > longest:
        raise UsageError(f"{what}: {len(text)} characters; at most {longest} are kept")
    return text


def _name(by: str) -> str:
    name = _plain("by", " ".join(by.split()), NAME_LENGTH)
    if not name:
        raise UsageError("by: say who says so")
    return name


def _require_possible(article: Article, wanted: Mapping[str, Any]) -> None:
    """
    Raises:
        UsageError: a date after the page was fetched, or an article without a text that is to be shown.
    """
    if wanted.get("published") is not None:
        _require_past(article, wanted["published"])
    if wanted.get("relevance") in KEPT and article.status == "discarded" and not discarded_for_relevance(article):
        raise UsageError(f"the article cannot be brought back: it was discarded as {article.reason}")


def _speaker(article: Article, vocabulary: Vocabulary, quote: str, speaker: str | None) -> dict[str, str | None]:
    """The whole id of the quote that is meant, and the id of the person, where it is one of the register.

    Raises:
        UsageError: no quote, or several, whose id begins so; or a speaker who looks like an id, and is none.
    """
    found = [each for each in article.quotes if each.id.startswith(quote)]
    if len(found) != 1:
        listed = "; ".join(f"{each.id[:SHORT]} {each.text[:40]!r}" for each in found or article.quotes)
        what = f"several quotes begin with {quote!r}" if found else f"the article has no quote {quote[:80]!r}"
        raise UsageError(f"speaker: {what}; there {'are: ' + listed if listed else 'is none'}")
    return {"quote": found[0].id, "speaker": vocabulary.speaker(speaker) if speaker else None}


def _story(index: Index, article: Article, wanted: str) -> str:
    """The id of the story that is meant, as it is now.

    Raises:
        UsageError: there is none, or the article has none that could be parted or joined.
    """
    if article.story is None:
        raise UsageError("story: the article is in no story yet")
    if wanted == ALONE:
        return ALONE
    return search.standing(index, wanted).id


def _require_past(article: Article, at: str) -> None:
    read, fetched = dates.machine(at), article.trace.fetched_at
    if read and fetched and dates.interval(*read)[0] - _AHEAD > fetched:
        raise UsageError(f"published: {at} is after the page was fetched ({fetched:%Y-%m-%d %H:%M} UTC)")


def _message(correction: Correction) -> Outgoing:
    return Outgoing("corrections", correction.article, correction.to_json())


def _publish(stores: Stores, messages: list[Outgoing]) -> None:
    try:
        stores.bus.publish(messages)
    except DependencyDownError as error:
        raise DependencyDownError(
            f"what was said is kept, but the pipeline was not told: {error}. The article is put right when it is next"
            " fetched, or when you say the same again"
        ) from error


# ------------------------------------------------------------------------------------------------------- bringing back


def _is_wanted_back(machine: Article, wanted: Mapping[str, Any]) -> bool:
    return wanted.get("relevance") in KEPT and discarded_for_relevance(machine)


def _page(settings: Settings, article: Article) -> Page | None:
    """The page that the article was made of, or a later one of the same address; null where the archive has none."""
    pages = WarcArchive(settings.data / "archive").pages(article.trace.fetched_at, article.id)
    return max(pages, key=lambda page: page.fetched_at, default=None)


def _text(article: Article, wanted: Mapping[str, Any]) -> Text:
    without = article.content is None or not article.content.text
    return "missing" if without and wanted.get("relevance") in KEPT else "here"
