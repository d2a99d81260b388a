"""A desk for tests of the watchdog: real stores, what crawls and consumers leave in them, and a clock of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from otswatch.alerts.letter import Letter
from otswatch.crawlers import history
from otswatch.crawlers.report import SourceReport
from otswatch.settings import Settings
from otswatch.status import Reason
from otswatch.stores import Stores
from otswatch.watchdog.book import Book
from otswatch.watchdog.letters import Telling
from otswatch.watchdog.running import Watchdog
from otswatch.watchdog.trouble import Trouble
from tests.alerting import Post
from tests.crawling import source

BEGAN = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
HOOK = "https://ops.example/hook"


def trouble(id_: str = "lag/index", since: datetime = BEGAN, **changes: Any) -> Trouble:
    made = Trouble(
        id=id_,
        title=f"Something is wrong with {id_}",
        said=f"Something is wrong with {id_}, 7 times.",
        next="Mend it.",
        since=since,
        evidence={"times": 7},
    )
    return made.replace(**changes)


def watched(folder: Path, *ids: str, every: float = 15.0) -> None:
    """Sources of the user's own, which are watched, beside those that are shipped, which are not."""
    written = folder / "sources"
    written.mkdir(parents=True, exist_ok=True)
    made = [source("https://wire.example", id_, every=every) for id_ in ids]
    (written / "test.yaml").write_text(yaml.safe_dump(made), encoding="utf-8")


@dataclass
class Desk:
    """Time goes by in looks, a minute apart, as long as a test says."""

    settings: Settings
    stores: Stores
    post: Post = field(default_factory=Post)
    now: datetime = BEGAN

    def __post_init__(self) -> None:
        self.dog = self.made()

    def made(self) -> Watchdog:
        return Watchdog(self.settings, self.stores, self.post, lambda: self.now)

    def visit(self, id_: str, pages: int = 0, *, answers: bool = True) -> None:
        """A visit ends now."""
        counts = {Reason.PUBLISHED: pages} if answers else {Reason.FETCH_FAILED: 1}
        history.record(SourceReport(id_, self.now, counts, answered=int(answers)), self.stores.state, self.now)

    def look(self, **time: float) -> list[Letter]:
        """Two looks, the second one after this time. Returns what was told."""
        before = len(self.post.taken)
        self.now += timedelta(**time)
        for _ in range(2):
            self.dog.once()
            self.now += timedelta(minutes=1)
        return [letter for _, letter in self.post.taken[before:]]

    def told(self, **time: float) -> list[tuple[str, str]]:
        """As `look`: state and id of each trouble that was told of."""
        return states(self.look(**time))

    def standing(self) -> list[str]:
        return [trouble.id for trouble in Book(self.stores.state).standing()]


def states(letters: Sequence[Letter]) -> list[tuple[str, str]]:
    """State and id of all that these letters tell."""
    tellings = [Telling.model_validate(fact.to_dict()) for letter in letters for fact in letter.facts]
    return [(telling.state, telling.id) for telling in tellings]
