"""The demo newsroom as the crawler and the consumers meet it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from otswatch.demo.newsroom import Newsroom
from otswatch.settings import Settings
from otswatch.stores import open_stores
from tests.commandline import otswatch


class Pass:
    """A newsroom, and the crawls of it into stores of their own."""

    def __init__(self, newsroom: Newsroom, folder: Path, **settings: str) -> None:
        self.newsroom = newsroom
        self.settings = {
            **settings,
            "data": str(folder / "data"),
            "config": str(folder / "otswatch.d"),
            "allowed_hosts": ",".join(newsroom.hosts),
        }
        self._folder = folder
        self._ids = [source["id"] for source in newsroom.sources()]
        written = folder / "otswatch.d" / "sources"
        written.mkdir(parents=True)
        text = yaml.safe_dump(newsroom.sources(), allow_unicode=True)
        (written / "newsroom.yaml").write_text(text, encoding="utf-8")

    def work(self) -> None:
        for command in (["crawl", *self._ids], ["consume", "--once"]):
            said = otswatch(*command, folder=self._folder, **self.settings)
            assert said.code == 0, said.err

    def stores(self) -> Any:
        return open_stores(Settings.load(**self.settings))
