"""What pages that are made wrong are made of (`mutations.py` makes them): the source pages, and one under way."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks import pagesets
from otswatch.consumers.document import decoded
from otswatch.errors import Discard, Quarantine

LABELLED = Path(__file__).parent / "labelled"
#: The fetch of a page whose label does not say when it was.
FETCHED = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
#: Letters, and then bytes, that no mutation goes beyond. The crawler cuts off at OTSWATCH_MAX_PAGE_BYTES.
LARGEST = 3_000_000
_URL = "https://steppe-wire.example/news/2026/03/02/ministers"


@dataclass(frozen=True, slots=True)
class SourcePage:
    """A page as it was, before anything was done to it."""

    name: str
    path: Path
    url: str
    fetched_at: datetime = FETCHED

    @property
    def html(self) -> str:
        """As the pipeline decodes it; empty where it is no page."""
        try:
            return decoded(self.path.read_bytes(), "text/html")[0] or ""
        except (Discard, Quarantine):
            return ""


@dataclass(frozen=True, slots=True)
class Sources:
    """Our own labelled pages, and those of ../shared/eval where they are."""

    own: tuple[SourcePage, ...]
    others: tuple[SourcePage, ...] = ()
    #: Paragraphs about the organisation, so that the stages behind `classify` get something to do.
    paragraphs: tuple[str, ...] = ()

    def any(self, rng: random.Random) -> SourcePage:
        """One of them: our own as often as all the others, which are many more."""
        return rng.choice(self.others if self.others and rng.random() < 0.5 else self.own)


def _rows(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines()]


@cache
def sources(*, own_only: bool = False) -> Sources:
    """The source pages that this machine has."""
    own, paragraphs = [], []
    for folder in (LABELLED, LABELLED / "cms"):
        for row in _rows(folder):
            at = datetime.fromisoformat(row["fetched_at"]) if "fetched_at" in row else FETCHED
            path = folder / "html" / f"{row['id']}.html"
            own.append(SourcePage(f"{folder.name}/{row['id']}", path, row["url"], at))
            paragraphs += row.get("paragraphs") or row["text"].split("\n\n")
    others = [] if own_only else pagesets.pages()
    return Sources(
        tuple(own),
        tuple(SourcePage(f"{page.set}/{page.id}", page.path, page.url or _URL) for page in others),
        tuple(paragraphs),
    )


@dataclass
class Draft:
    """A page that is being made wrong. `rng` is the only source of chance."""

    rng: random.Random
    sources: Sources
    html: str
    url: str
    fetched_at: datetime
    content_type: str = "text/html; charset=utf-8"
    charset: str = "utf-8"
    #: What the feed said of its date.
    listed: str | None = None
    #: Done to the bytes, once all is said with letters.
    then: list[Callable[[bytes], bytes]] = field(default_factory=list)

    def size(self, low: float = 1, high: float = 5) -> int:
        """A number whose order of magnitude is random."""
        return int(10 ** self.rng.uniform(low, high))

    def paragraph(self) -> str:
        """One about the organisation."""
        return self.rng.choice(self.sources.paragraphs)

    def spots(self, count: int) -> list[int]:
        """Places in the page, from the last to the first, so that what is put in does not move the next."""
        return sorted((self.rng.randrange(len(self.html) + 1) for _ in range(count)), reverse=True)

    def insert(self, what: str, at: int | None = None) -> None:
        """Put something in, anywhere."""
        at = self.rng.randrange(len(self.html) + 1) if at is None else at
        self.html = self.html[:at] + what + self.html[at:]

    def into_head(self, what: str) -> None:
        """Put something before the end of the head; at the start where there is none."""
        self.insert(what, max(self.html.find("</head>"), 0))

    def above_text(self, what: str) -> None:
        """Put something where a page has its date: behind the first heading, or the start of the body."""
        match = re.search(r"</h1\s*>|<body\b[^>]*>", self.html, re.IGNORECASE)
        self.insert(what, match.end() if match else 0)

    def sub(self, pattern: str, change: Callable[[re.Match[str]], str], share: float = 1.0, most: int = 2000) -> None:
        """Change a share of what matches."""
        left = most

        def some(match: re.Match[str]) -> str:
            nonlocal left
            if not left or self.rng.random() >= share:
                return match[0]
            left -= 1
            return change(match)

        self.html = re.sub(pattern, some, self.html)

    def text(self, change: Callable[[str], str], share: float = 1.0) -> None:
        """Change a share of what stands between tags."""
        self.sub(r"(?<=>)[^<>]+(?=<)", lambda match: change(match[0]), share)

    def scatter(self, letters: Sequence[str], longest: int = 1) -> None:
        """Put letters between those of the text, and of the words that name the organisation."""
        rate = self.rng.choice((0.005, 0.05, 0.5))

        def spoilt(words: str) -> str:
            return "".join(
                letter + (self.rng.choice(letters) * self.rng.randint(1, longest) if self.rng.random() < rate else "")
                for letter in words[:3000]
            )

        self.text(spoilt, 0.5)
        self.sub(r"\b(?:Turk|Türk|Түрк|Тюрк|Organi|TDT|OTS|ТМУ)\w*", lambda match: spoilt(match[0]), 0.5)

    def bytes(self) -> bytes:
        """What the server answers with."""
        errors = "surrogatepass" if self.charset == "utf-8" else "xmlcharrefreplace"
        data = self.html[:LARGEST].encode(self.charset, errors)[:LARGEST]
        for change in self.then:
            data = change(data)
        return data[:LARGEST]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A page made wrong, as the crawler would get it. `listed` is the date that the feed said."""

    number: int
    source: str
    mutations: tuple[str, ...]
    body: bytes
    content_type: str
    url: str
    fetched_at: datetime
    listed: str | None
