"""A small newsroom in an index, for tests of the pages: several languages, copies, undated and hostile articles."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from starlette.testclient import TestClient

from otswatch import process
from otswatch.index.projection import gone_article, project_alias, project_article
from otswatch.records import Alias, Article, Discovery, Membership
from otswatch.settings import Settings
from otswatch.stores import Stores, open_stores
from otswatch.web.app import create_app
from tests.factory import ABOUT, ELSEWHERE, article
from tests.processes import PATIENCE

NOW = datetime.now(UTC)
SCRIPT = "<script>alert(1)</script>"
#: Letters that turn the direction of what follows, and one beyond 16 bits.
TURNING, EMOJI = "\u202e", "\U0001f642"

MINISTERS = ABOUT.format(title="Interior ministers meet in Samarkand", more="")
TURKISH = """<html lang="tr"><head><title>Enerji bakanları toplandı</title></head><body><article>
<h1>Enerji bakanları toplandı</h1><p>🙂🙂 Türk Devletleri Teşkilatı'nın enerji bakanları Bakü'de toplandı.</p>
<p>“Elektrik ticaretini iki yılda ikiye katlayacağız” dedi Bakan Selim Aksoy.</p></article></body></html>"""
RUSSIAN = """<html lang="ru"><head><title>Транспорт</title><meta property="article:published_time" content="2026-03-02">
</head><body><article><h1>Министры транспорта ОТГ встретились в Астане</h1>
<p>Министры транспорта Организации тюркских государств подписали в Астане соглашение о цифровом транзите.</p>
<p>Документ заработает после ратификации, сообщили в секретариате.</p></article></body></html>"""
HOSTILE = f"""<html lang="en"><head><title>x</title></head><body><article>
<p>{EMOJI}{EMOJI} The Organization of Turkic States &lt;img src=x onerror=alert(2)&gt; &amp; "its" ministers of energy
met.</p>
<p>“We &lt;b&gt;will&lt;/b&gt; build a gas pipeline together next year,” Minister Ayla Ersoy said.</p>
</article></body></html>"""


def _made(html: str, name: str, source: str | None, minutes: int, published: str | None = None) -> Article:
    seen = NOW - timedelta(minutes=minutes)
    made = process(html=html, url=f"https://{source or 'by-hand'}.example/{name}", fetched_at=seen)
    found = Discovery(by="feed", via=f"https://{source}.example/rss", title=SCRIPT, published=published)
    trace = made.trace.replace(first_seen=seen, first_listed=seen, discovery=found)
    return made.replace(id=name, source=source, trace=trace)


def articles() -> list[Article]:
    """What is filled in, by id: see the names."""
    story = Membership(id="s1", role="member", reason="exact/1")
    ministers = _made(MINISTERS, "ministers", "dailysabah", 30).replace(story=story)
    hostile = _made(HOSTILE, "hostile", "nobody-knows", 5)
    assert hostile.content is not None
    scripted = article("scripted", "Organization of Turkic States energy", url="javascript:alert(3)", source=SCRIPT)
    return [
        _made(RUSSIAN, "official", "mfa-tr", 60),
        ministers,
        _made(MINISTERS, "copy", "report-az", 10).replace(story=story),
        _made(TURKISH, "undated", "report-az", 20),
        hostile.replace(content=hostile.content.replace(title=f"{SCRIPT} {TURNING} {EMOJI}", authors=(SCRIPT,))),
        scripted.replace(trace=scripted.trace.replace(first_seen=NOW - timedelta(days=1))),
        _made(ELSEWHERE.format(title="A new bus line"), "discarded", "dailysabah", 40),
    ]


@contextmanager
def filled(folder: Path) -> Iterator[tuple[Settings, Stores]]:
    """Stores in `folder`/data with all of `articles()`, one alias (`other`) and one tombstone (`gone`)."""
    settings = Settings(data=folder / "data", config=folder / "otswatch.d")
    with open_stores(settings) as stores:
        made = articles()
        alias = Alias(alias="other", url="https://x.example/", id="official", reason="canonical", rules=1, at=NOW)
        gone = gone_article(made[0].replace(id="gone"), NOW, f"http-error {SCRIPT}")
        documents = [*map(project_article, made), project_alias(alias), gone]
        assert [put.result for put in stores.index.put(documents)] == ["stored"] * len(documents)
        yield settings, stores


@contextmanager
def reader(folder: Path) -> Iterator[TestClient]:
    """A client of the application over `filled` stores."""
    with filled(folder) as (settings, stores):
        yield TestClient(create_app(settings, stores), base_url="http://localhost:8484", follow_redirects=False)


@contextmanager
def served(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A real `otswatch serve` on a free port in `folder`, and its address; ended at the end."""
    command = [sys.executable, "-m", "otswatch", "serve", "--listen", "127.0.0.1:0", *arguments]
    with subprocess.Popen(command, cwd=folder, stderr=subprocess.PIPE, text=True) as process_:
        try:
            assert process_.stderr is not None
            line = process_.stderr.readline()
            assert line.startswith("serving http://"), line
            yield process_, line.split()[1]
        finally:
            process_.terminate()
            process_.wait(PATIENCE)
