"""Pages and texts that someone hands in as files or JSON lines, on their way through the stages without a bus."""

from __future__ import annotations

import hashlib
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from otswatch.consumers.extract import workers
from otswatch.consumers.outcome import Failed, Quarantined
from otswatch.errors import UsageError
from otswatch.records import Article, Trace
from otswatch.settings import Settings
from otswatch.status import Reason

STDIN = "-"
SUFFIXES = (".html", ".htm", ".txt", ".jsonl")


class Given(BaseModel):
    """One input. `name` is where it came from (`file.jsonl:3`); exactly one of `html`, `text` and `fault` is given."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str = ""
    html: str | bytes | None = None
    text: str | bytes | None = None
    url: str | None = None
    source: str | None = None
    fetched_at: AwareDatetime | None = None
    content_type: str | None = None
    fault: str | None = None


def read(names: Iterable[str]) -> Iterator[Given]:
    """The inputs in files, or on standard input for `-` (JSON lines, or one page or text).

    Raises:
        UsageError: a file that is not there, or of a kind that is not known. A bad line becomes a `fault`.
    """
    for name in names:
        path = Path(name)
        if name == STDIN:
            yield from _stdin()
        elif path.is_dir():
            raise UsageError(f"{name}: a folder; name its files, for example {name}/*.html")
        elif not path.is_file():
            raise UsageError(f"{name}: no such file")
        elif path.suffix.lower() not in SUFFIXES:
            raise UsageError(
                f"{name}: not one of {', '.join(SUFFIXES)}; rename it, or give it on standard input with `-`"
            )
        elif path.suffix.lower() == ".jsonl":
            with path.open("rb") as lines:
                yield from _lines(name, lines)
        elif path.suffix.lower() == ".txt":
            yield Given(name=name, text=path.read_bytes())
        else:
            yield Given(name=name, html=path.read_bytes())


def _stdin() -> Iterator[Given]:
    data = sys.stdin.buffer.read()
    start = data.lstrip()[:1]
    if start == b"{":
        yield from _lines("stdin", data.splitlines())
    elif start == b"<":
        yield Given(name="stdin", html=data)
    else:
        yield Given(name="stdin", text=data)


def _lines(name: str, lines: Iterable[bytes] | IO[bytes]) -> Iterator[Given]:
    for number, line in enumerate(lines, 1):
        if line.strip():
            yield _line(f"{name}:{number}", line.strip())


def _line(name: str, line: bytes) -> Given:
    try:
        given = Given.model_validate_json(line).model_copy(update={"name": name, "fault": None})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        return Given(name=name, fault=f"{where + ': ' if where else ''}{first['msg']}")
    if (given.html is None) == (given.text is None):
        return Given(name=name, fault="needs exactly one of html and text")
    return given


def process(inputs: Iterable[Given], settings: Settings) -> Iterator[tuple[Given, Article]]:
    """Each input and its article, in order, under the pipeline's limits; `quarantined` where it cannot be read."""
    waiting: deque[Given] = deque()

    def remembered() -> Iterator[Given]:
        for given in inputs:
            waiting.append(given)
            yield given

    with workers(work_on_given, settings) as pool:
        for outcome in pool.map(remembered()):
            given = waiting.popleft()
            if isinstance(outcome, Quarantined):
                yield given, _nameless(given).quarantined(outcome.reason, outcome.detail)
            elif isinstance(outcome, Failed):
                yield given, _nameless(given).quarantined(outcome.reason, outcome.error)
            else:
                yield given, Article.from_json(outcome)


def work_on_given(given: Given) -> bytes | Quarantined:
    """One input's article as JSON. Runs in a worker process."""
    from otswatch.consumers.chain import extract_given  # heavy, for worker processes only

    if given.fault is not None:
        return Quarantined(Reason.UNREADABLE_MESSAGE, given.fault)
    try:
        return extract_given(
            html=given.html,
            text=given.text,
            url=given.url,
            fetched_at=given.fetched_at,
            source=given.source,
            content_type=given.content_type,
        ).to_json()
    except UsageError as error:
        return Quarantined(Reason.UNREADABLE_MESSAGE, str(error))


def _nameless(given: Given) -> Article:
    """For what could not even be read: its id is made of where it stood."""
    id_ = hashlib.blake2b(given.name.encode(), digest_size=16).hexdigest()
    return Article(id=id_, url=given.url, source=given.source, trace=Trace(fetched_at=given.fetched_at))
