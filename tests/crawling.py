"""A crawl in a process of its own, as `otswatch crawl` is: a reactor starts once per process.

`python -m tests.crawling` reads what to do as JSON from its first argument and prints the report as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from otswatch import errors
from otswatch.bus import Outgoing
from otswatch.bus.sqlite import SqliteBus
from otswatch.records import Alias, Page
from otswatch.state.sqlite import SqliteState
from tests.processes import PATIENCE

ROOT = Path(__file__).parent.parent
NOW = "2026-05-04T09:00:00+00:00"


def source(site_url: str, id_: str = "local", **fields: Any) -> dict[str, Any]:
    """A source of the registry whose only host is a test's site."""
    feed = {
        "id": id_,
        "name": id_,
        "country": "INT",
        "languages": ["en"],
        "feeds": [f"{site_url}/feed.xml"],
        "delay": 0,
    }
    return {**feed, "article": r"https?://[^/]+/news/.+", "example": f"{site_url}/news/1", **fields}


class Crawls:
    """Crawls that share one data folder, and what they left in bus and state."""

    def __init__(self, data: Path) -> None:
        self.data = data

    def start(
        self, *sources: dict[str, Any], now: str = NOW, bus: dict[str, Any] | None = None, **settings: Any
    ) -> subprocess.Popen[str]:
        """Begin a crawl. `settings` are those of `Settings`; `bus` is what `TroubledBus` shall do."""
        spec = {"sources": sources, "now": now, "bus": bus or {}, "settings": {"data": str(self.data), **settings}}
        command = [sys.executable, "-m", "tests.crawling", json.dumps(spec)]
        return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def run(self, *sources: dict[str, Any], **options: Any) -> dict[str, Any]:
        """Crawl once and return the report as `finish` does."""
        return self.finish(self.start(*sources, **options))

    def finish(self, process: subprocess.Popen[str]) -> dict[str, Any]:
        """The report as JSON types, by source id, with `progress` and `log` (standard error)."""
        out, log = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, log
        report = json.loads(out)
        return {**report, "log": log, "sources": {each["id"]: each for each in report["sources"]}}

    def pages(self) -> list[Page]:
        """What was published, in order."""
        with SqliteBus(self.data / "bus.sqlite") as bus:
            return [Page.from_json(message.value) for message in bus.read("pages")]

    def aliases(self) -> list[Alias]:
        with SqliteBus(self.data / "bus.sqlite") as bus:
            return [Alias.from_json(message.value) for message in bus.read("aliases")]

    def state(self, prefix: str) -> dict[str, Any]:
        """Entries of the state by key."""
        state = SqliteState(self.data / "state.sqlite")
        try:
            return {entry.key: entry.value for entry in state.scan(prefix)}
        finally:
            state.close()


class TroubledBus(SqliteBus):
    """Takes `seconds` for each publication; after `good` ones raises the error of `otswatch.errors` named `fails`."""

    def __init__(self, path: Path, *, seconds: float = 0, fails: str = "", good: int = 0) -> None:
        super().__init__(path)
        self._seconds, self._fails, self._good = seconds, fails, good

    def publish(self, outgoing: Sequence[Outgoing]) -> None:
        time.sleep(self._seconds)
        if self._fails and self._good <= 0:
            raise getattr(errors, self._fails)("as the test wanted")
        self._good -= 1
        super().publish(outgoing)


def main(spec: dict[str, Any]) -> dict[str, Any]:
    """One crawl as `spec` says."""
    from otswatch import logs
    from otswatch.crawlers.crawl import crawl
    from otswatch.crawlers.registry import Source
    from otswatch.settings import Settings

    settings = Settings(**spec["settings"])
    logs.configure(settings)
    progress: list[tuple[int, int]] = []
    state = SqliteState(settings.data / "state.sqlite")
    with TroubledBus(settings.data / "bus.sqlite", **spec["bus"]) as bus:
        report = crawl(
            settings,
            [Source.model_validate(fields) for fields in spec["sources"]],
            bus,
            state,
            clock=lambda: datetime.fromisoformat(spec["now"]),
            on_progress=lambda done, total: progress.append((done, total)),
        )
    state.close()
    return {**report.to_dict(), "progress": progress}


if __name__ == "__main__":
    print(json.dumps(main(json.loads(sys.argv[1]))))  # noqa: T201 - the report is what it is run for
