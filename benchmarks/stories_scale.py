"""What stories cost, per article and in memory, with 10,000 and with 200,000 articles in the window.

    python -m benchmarks.stories_scale [--articles N] [--seed S]

The articles are a stream: about half begin a story, the others are copies of one that is near in the stream. A story is
one of the project's own texts in other words, with other names and figures; a copy is of one of the twelve kinds. Each
text and each copy went through the pipeline once; its words are then exchanged for others of the same length, in the
text and in all that was found in it. So the n-th article of a seed is the same in every run, and cheap. The window is
filled with profiles in which names, places, figures and hashes were exchanged in the same way, 7,000 a day, so that
200,000 are those of the four weeks in which copies are looked for; what outlets put under many articles stays. What
`profile` costs is measured on articles of the stream.
"""

from __future__ import annotations

import argparse
import hashlib
import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import chain, count, islice
from pathlib import Path
from random import Random
from time import process_time_ns
from typing import Any, Final, NamedTuple
from zlib import crc32

from benchmarks.copies import ADDED, LANGUAGES, Telling, article, copies, originals, without_marks
from benchmarks.corpus import SHARES, vocabulary
from benchmarks.measures import Counts
from otswatch.records import Article, Dated, Evidence
from otswatch.stories import Profile, Window, link, profile, sketch
from otswatch.stories.report import Amount, Said
from otswatch.text.folding import fold

START: Final = datetime(2026, 5, 11, tzinfo=UTC)
SPAN: Final = timedelta(days=3)
SMALL, LARGE = 10_000, 200_000
#: What lies between two articles of the window.
_PACE: Final = timedelta(days=28) / LARGE
#: How many articles stories have, and how often: about half of all articles are copies.
_SIZES: Final = {1: 70, 2: 12, 3: 8, 5: 5, 13: 5}
#: So many stories are shuffled together: copies come soon after one another, and no more than these is held.
_BLOCK: Final = 120
#: Of each language, so many texts.
_TEXTS: Final = 6
#: The cost in the window is that of the last articles so far; that of a profile is of so many of the stream.
_LAST: Final = 1_000
_PROFILED: Final = 300
#: No body has met more often.
_SESSIONS: Final = 30

_WORD = re.compile(r"[^\W\d_]{2,}|\d+")
_NAMES: Final = frozenset(("name", "title", "dateline", "where", "when"))
_LAST_DAY, _DAYS_OF_ALL_MONTHS = 31, 28
_YEAR = re.compile(r"(?:19|20)\d\d")
_SYLLABLES: Final = [consonant + vowel for consonant in "bdfghklmnprstvz" for vowel in "aeiou"]
#: So many names are in the news of many days.
_FAMOUS: Final = 400
_SMALL_HASH: Final = (1 << 32) // 6


# ----------------------------------------------------------------------------------------------------------- the stream


class Planned(NamedTuple):
    """An article to be made: which story, in which language, of which text, and the how manyeth of its story it is."""

    story: int
    language: str
    text: int
    member: int


def plan(seed: int) -> Iterator[Planned]:
    """The articles of a seed, one after another, without end."""
    for block in count():
        dice = Random(f"{seed}/{block}")  # noqa: S311 - the same in every run
        stories = range(block * _BLOCK, (block + 1) * _BLOCK)
        planned = list(chain.from_iterable(_members(story, dice) for story in stories))
        dice.shuffle(planned)
        yield from planned


def _members(story: int, dice: Random) -> list[Planned]:
    language = dice.choices(list(SHARES), list(SHARES.values()))[0]
    text, size = dice.randrange(_TEXTS), dice.choices(list(_SIZES), list(_SIZES.values()))[0]
    return [Planned(story, language, text, member) for member in range(size)]


def stream(number: int, seed: int = 1) -> Iterator[Article]:
    """So many articles as `extract` publishes them, spread evenly over `SPAN`; all are kept (status ok)."""
    for place, planned in enumerate(islice(plan(seed), number)):
        yield _made(planned, place, START + SPAN * (place / number))


def partition(number: int, seed: int = 1) -> dict[str, int]:
    """The ids of `stream`'s articles, in its order, with the number of the story that each belongs to."""
    return {_id(place): planned.story for place, planned in enumerate(islice(plan(seed), number))}


def _id(place: int) -> str:
    return f"{place:032x}"


@dataclass(frozen=True, slots=True)
class Text:
    """One original and its copies as the pipeline left them, the original first.

    `plain`: which of them are written without diacritics. `kept`: the words that every story has.
    """

    language: str
    records: tuple[dict[str, Any], ...]
    plain: tuple[bool, ...]
    kept: frozenset[str]


@cache
def texts(language: str) -> tuple[Text, ...]:
    """The texts of a language: those about the OTS, without a paragraph that other texts have, too."""
    paragraphs = Counter(chain.from_iterable(each.paragraphs for each in originals(language)))
    own = (each for each in originals(language) if all(paragraphs[paragraph] == 1 for paragraph in each.paragraphs))
    kept = (each for each in own if article(each).status == "ok")
    return tuple(_text(each) for each in islice(kept, _TEXTS))


def _text(original: Telling) -> Text:
    articles = [made for each in (original, *copies(original)) if (made := article(each)).status == "ok"]
    mentions = (mention for made in articles for mention in made.mentions)
    names = (mention.name for mention in mentions if mention.type in {"country", "body"})
    kept = frozenset(fold(word) for name in names for word in _WORD.findall(name))
    records = tuple(made.to_dict() for made in articles)
    plain = tuple(text == without_marks(text) for text in (record["content"]["text"] for record in records))
    return Text(original.language, records, plain, kept)


def _made(planned: Planned, place: int, moment: datetime) -> Article:
    text = texts(planned.language)[planned.text]
    id_, source = _id(place), f"{planned.language}-outlet-{place % 40}"
    member = planned.member % len(text.records)
    made = Article.model_validate(_Exchange(text, planned.story, plain=text.plain[member]).record(text.records[member]))
    trace = made.trace.replace(fetched_at=moment, first_seen=moment)
    quotes = tuple(quote.replace(id=_digest(id_, str(quote.start))) for quote in made.quotes)
    address = f"https://{source}.example/{id_}"
    published = _published(moment.replace(microsecond=0) - timedelta(minutes=20))
    return made.replace(
        id=id_, url=address, source=source, published=published, date_candidates=(), quotes=quotes, trace=trace
    )


def _digest(*parts: str) -> str:
    return hashlib.blake2b("/".join(parts).encode(), digest_size=16).hexdigest()


def _published(moment: datetime) -> Dated:
    at, path = moment.isoformat(), "NewsArticle.datePublished"
    return Dated(
        at=at,
        precision="second",
        start=moment,
        end=moment + timedelta(seconds=1),
        source="json-ld",
        confidence=0.9,
        evidence=(Evidence(frame="json-ld", path=path, text=at, rule="machine-date/1"),),
    )


class _Exchange:
    """Gives a story its own words: the same for the same word in every copy, of the same length."""

    def __init__(self, text: Text, story: int, *, plain: bool) -> None:
        self._language = text.language
        self._kept = text.kept
        self._story = story
        self._plain = plain
        self._frames: dict[str, str] = {}

    def names(self, said: Sequence[Said]) -> tuple[Said, ...]:
        """Names of a profile, but for those that outlets put under every story."""
        return tuple(
            each
            if each.value in _added_words(self._language)
            else each._replace(value=" ".join(map(self._name, each.value.split())))
            for each in said
        )

    def place(self, place: str) -> str:
        """A place of the register."""
        return _places()[crc32(f"{self._story}/{place}".encode()) % len(_places())]

    def figure(self, amount: Amount) -> Amount:
        """A figure of as many digits, of something else."""
        low = 10 ** (len(f"{amount.value:.0f}") - 1)
        value = float(low + crc32(f"{self._story}/{amount.value}".encode()) % (9 * low))
        return amount._replace(value=value, unit=amount.unit and self._name(amount.unit)[:4])

    def _name(self, word: str) -> str:
        """Three syllables; one name in four is one of those that many stories have."""
        number = crc32(f"{self._story}/{word}".encode())
        number = crc32(f"{number % _FAMOUS}".encode()) if number % 4 == 0 else number
        return "".join(_SYLLABLES[number // len(_SYLLABLES) ** place % len(_SYLLABLES)] for place in (1, 2, 3))

    def record(self, record: Mapping[str, Any]) -> Any:
        """An article with its title, text, names and the words of its evidence exchanged."""
        content = record["content"]
        paragraphs = content["text"].split("\n\n")
        self._frames = {
            "title": self._words(content["title"]),
            "text": "\n\n".join(each if each in _added(self._language) else self._words(each) for each in paragraphs),
        }
        made = self._value(record)
        made["content"] |= self._frames
        for mention in made["mentions"]:
            if "meeting" in mention:  # no two stories are the same meeting
                mention["meeting"] |= {"series": f"series-{self._story}", "number": self._story}
        return made

    def _value(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._value(each) for each in value]
        if not isinstance(value, dict):
            return value
        made = {name: self._of(name, each) for name, each in value.items()}
        if "start" in value and (frame := self._frames.get(value.get("in", "text"))):
            made["text"] = frame[value["start"] : value["end"]]
        return made

    def _of(self, name: str, value: Any) -> Any:
        return self._words(value) if name in _NAMES and isinstance(value, str) else self._value(value)

    def _words(self, text: str) -> str:
        return _WORD.sub(self._other, text)

    def _other(self, match: re.Match[str]) -> str:
        word = match[0]
        key = fold(word)
        number = crc32(f"{self._story}/{key}".encode())
        if word.isdigit():
            return _figure(word, number)
        options = _words_of_length(self._language).get(len(word))
        if options is None or key in self._kept:
            return word
        other = options[number % len(options)]
        other = without_marks(other) if self._plain else other
        return other.upper() if word.isupper() else other.capitalize() if word[0].isupper() else other


def _figure(figure: str, number: int) -> str:
    """As many digits; a year stays, and what may be the day of a month is one again."""
    if _YEAR.fullmatch(figure) or figure[0] == "0":
        return figure
    low = 10 ** (len(figure) - 1)
    if int(figure) <= _LAST_DAY:
        high = min(10 * low - 1, _DAYS_OF_ALL_MONTHS)
    else:
        low, high = max(low, _LAST_DAY + 1), 10 * low - 1
    return str(low + number % (high - low + 1))


@cache
def _added(language: str) -> frozenset[str]:
    """What outlets put under many stories stays the same in all."""
    added = ADDED[language]
    return frozenset(chain(added["background"], added["before"], added["between"], added["after"]))


@cache
def _added_words(language: str) -> frozenset[str]:
    return frozenset(chain.from_iterable(fold(added).split() for added in _added(language)))


@cache
def _words_of_length(language: str) -> Mapping[int, Sequence[str]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    for word in vocabulary(language):
        small = word.lower()
        if len(without_marks(small)) == len(small.upper()) == len(small):
            found[len(small)].append(small)
    return found


# ----------------------------------------------------------------------------------------------- profiles of the stream


def profiles(number: int, seed: int = 1) -> Iterator[Profile]:
    """The profiles of so many articles of a seed, `_PACE` apart: the stories and ids are those of `partition`."""
    for place, planned in enumerate(islice(plan(seed), number)):
        yield _other(planned, place, (START + _PACE * place).date())


def _other(planned: Planned, place: int, day: date) -> Profile:
    """The profile of a text or copy with the words of a story exchanged, published on a day."""
    text = texts(planned.language)[planned.text]
    base = _profiled(planned.language, planned.text)[planned.member % len(text.records)]
    words = _Exchange(text, planned.story, plain=False)
    facts, common = base.facts, _common(planned.language)
    later = day - (base.day or day)
    return base.replace(
        article=_id(place),
        source=f"{planned.language}-outlet-{place % 40}",
        day=day,
        title=_digest(base.title, str(planned.story)),
        text=_digest(base.text, str(planned.story)),
        whole=_hashes(base.whole, planned.story, common),
        opening=_hashes(base.opening, planned.story, common),
        blocks=tuple(block and block + planned.story for block in base.blocks),
        facts=facts._replace(
            people=words.names(facts.people),
            names=words.names(facts.names),
            openers=words.names(facts.openers),
            places=tuple(said._replace(value=words.place(said.value)) for said in facts.places),
            figures=tuple(map(words.figure, facts.figures)),
            leads=tuple(sorted(map(words.place, facts.leads))),
            days=tuple(said._replace(day=said.day + later) for said in facts.days),
            session=facts.session and 1 + (facts.session + planned.story) % _SESSIONS,
        ),
    )


@cache
def _profiled(language: str, text: int) -> Sequence[Profile]:
    made = (profile(Article.model_validate(record)) for record in texts(language)[text].records)
    return [each for each in made if each is not None]


def _hashes(packed: bytes, story: int, common: frozenset[int]) -> bytes:
    shift = crc32(str(story).encode())
    return sketch.packed(each if each in common else (each + shift) % _SMALL_HASH for each in sketch.unpacked(packed))


@cache
def _common(language: str) -> frozenset[int]:
    """The hashes of what outlets put under many stories."""
    return frozenset(chain.from_iterable(sketch.hashes(sketch.letters(added)) for added in _added(language)))


@cache
def _places() -> Sequence[str]:
    """The places of the texts."""
    made = (_profiled(language, text) for language in LANGUAGES for text in range(len(texts(language))))
    return sorted({said.value for each in chain.from_iterable(made) for said in each.facts.places})


# ------------------------------------------------------------------------------------------------------------ measuring


@dataclass(frozen=True, slots=True)
class Cost:
    """Of the last articles so far, per article; and of all that are in the window."""

    articles: int
    profile_us: float
    window_us: float
    add_us: float
    near: float
    resident: int
    peak: int

    def line(self, empty: Cost) -> str:
        """A row of the table; `empty` is the process before the first article."""
        held = (self.resident - empty.resident) / max(1, self.articles)
        megabytes = f"{self.resident / 1e6:.0f} | {self.peak / 1e6:.0f}"
        times = f"{self.profile_us:.0f} | {self.window_us:.0f} | {self.add_us:.0f} | {self.near:.1f}"
        return f"| {self.articles:,} | {times} | {megabytes} | {held:.0f} |"


class Run:
    """The stream through `profile`, `Window` and `link`, by one thread, on its own CPU time."""

    def __init__(self, number: int, seed: int) -> None:
        for language in LANGUAGES:  # what the generator holds is there before anything is measured
            _words_of_length(language)
        _places()
        self._number = number
        self._seed = seed
        self._window = Window()
        self._window_ns, self._add_ns, self._near = array("q"), array("q"), array("q")
        #: Place → the place of another article of its story, or its own (a forest).
        self._parent = array("q", range(number))
        self._written = 0

    def costs(self) -> Iterator[Cost]:
        """Before the first article, at 10,000, and at the end."""
        yield self._cost(0)
        for place, each in enumerate(profiles(self._number, self._seed)):
            self._take(place, each)
            if place + 1 in (SMALL, self._number):
                yield self._cost(place + 1)

    def _take(self, place: int, made: Profile) -> None:
        begun = process_time_ns()
        near = self._window.near(made)
        linked = [other.article for other in near if link(made, other)]
        found = process_time_ns()
        self._window.add(made)
        self._add_ns.append(process_time_ns() - found)
        self._window_ns.append(found - begun)
        self._near.append(len(near))
        self._written += len(made.model_dump_json())
        for other in linked:
            self._parent[self._root(place)] = self._root(int(other, 16))

    def _root(self, place: int) -> int:
        while self._parent[place] != place:
            self._parent[place] = place = self._parent[self._parent[place]]
        return place

    def _cost(self, articles: int) -> Cost:
        last = [values[-_LAST:] for values in (self._window_ns, self._add_ns, self._near)]
        window_ns, add_ns, near = (sum(values) / max(1, len(values)) for values in last)
        profile_us = _profile_us(self._seed) if articles else 0
        return Cost(articles, profile_us, window_ns / 1e3, add_ns / 1e3, near, _memory("VmRSS"), _memory("VmHWM"))

    @property
    def bytes_written(self) -> float:
        """Of a profile as JSON, on average."""
        return self._written / self._number

    def counts(self) -> Counts:
        """Pairs of articles of one story: right, wrong, missed."""
        stories = list(partition(self._number, self._seed).values())
        made = [self._root(place) for place in range(self._number)]
        both, gold, found = (_pairs(values) for values in (zip(stories, made, strict=True), stories, made))
        return Counts(both, found - both, gold - both)


def _profile_us(seed: int) -> float:
    spent = 0
    for each in stream(_PROFILED, seed):
        begun = process_time_ns()
        profile(each)
        spent += process_time_ns() - begun
    return spent / _PROFILED / 1e3


def _memory(name: str) -> int:
    """Bytes of this process: resident (`VmRSS`) or the most there ever were (`VmHWM`)."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))


def _pairs(groups: Iterator[object] | Sequence[object]) -> int:
    return sum(size * (size - 1) // 2 for size in Counter(groups).values())


def main() -> None:
    """Print a table, ratios, and whether the stories are right."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.stories_scale", description=__doc__.splitlines()[0])
    parser.add_argument(
        "--articles", type=int, default=LARGE, metavar="N", help=f"in the window at the end ({LARGE:,})"
    )
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    given = parser.parse_args()
    run = Run(given.articles, given.seed)
    print("| in the window | profile, us | near, link, us | add, us | near | resident, MB | peak, MB | bytes each |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|")
    costs: list[Cost] = []
    for cost in run.costs():
        costs.append(cost)
        if cost.articles:
            print(cost.line(costs[0]), flush=True)
    first, last = costs[1], costs[-1]
    ratios = {"profile": last.profile_us / first.profile_us, "near, link": last.window_us / first.window_us}
    ratios |= {"add": last.add_us / first.add_us, "peak": last.peak / first.peak}
    print("ratio of the last row to the first: " + ", ".join(f"{name} {ratio:.2f}" for name, ratio in ratios.items()))
    print(
        f"a profile is {run.bytes_written:.0f} bytes of JSON; before the first article {costs[0].resident / 1e6:.0f} MB"
    )
    print(f"pairs of one story: {run.counts()}")


if __name__ == "__main__":
    main()
