"""reprocess: what is made again, from the archive or from the index, and what the report says of it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from otswatch.bus import Outgoing
from otswatch.bus.sqlite import SqliteBus
from otswatch.consumers import classify, dossiers
from otswatch.consumers import reprocess as module
from otswatch.consumers.archive import WarcArchive
from otswatch.consumers.chain import extract_page
from otswatch.consumers.reprocess import Change, Report, reprocess
from otswatch.corrections.fold import fold
from otswatch.dossiers import Dossier, Dossiers
from otswatch.entries import EntryFile
from otswatch.errors import UsageError
from otswatch.index.projection import gone_article, project_article
from otswatch.index.sqlite import SqliteIndex
from otswatch.records import Article, Correction, Page
from otswatch.settings import Settings
from otswatch.taxonomy.loader import FILES, Taxonomy, build, shipped
from tests.commandline import otswatch
from tests.factory import ABOUT, ELSEWHERE, FETCHED, page

HERE = "https://steppe-wire.example"
SINCE = FETCHED - timedelta(days=1)
PORT = " A dry port was opened near Khorgos, and a second dry port will follow."
PAGES = {
    "crime": page(f"{HERE}/crime", ABOUT.format(title="Interior ministers meet", more="")),
    "port": page(f"{HERE}/port", ABOUT.format(title="A dry port for Khorgos", more=PORT)),
    "bus": page(f"{HERE}/bus", ELSEWHERE.format(title="A bus line in Kazakhstan")),
    "old": page(f"{HERE}/old", ABOUT.format(title="An old dry port", more=PORT), FETCHED - timedelta(days=30)),
}

pytestmark = pytest.mark.slow  # each has taxonomies of its own


@cache
def taxonomy(**content: str) -> Taxonomy:
    """What is shipped, with files of the user's over it. Each takes a second."""
    own = {name: [EntryFile(Path(f"{name}.yaml"), content[name])] if name in content else [] for name in FILES}
    return build(shipped(), own)


class World:
    """An archive and an index of the same pages; what the user's folder says can be changed between two runs."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.settings = Settings(data=folder / "data", config=folder / "otswatch.d")
        self.index = SqliteIndex(folder / "index.sqlite")
        self.archive = WarcArchive(folder / "data" / "archive")
        self.known = taxonomy()
        self.dossiers = Dossiers((), {}, frozenset(), "none")
        monkeypatch.setattr(module, "workers", _here)
        monkeypatch.setattr(classify, "taxonomy", lambda: self.known)
        monkeypatch.setattr(dossiers, "dossiers", lambda: self.dossiers)

    def follow(self, query: str) -> None:
        """A dossier of items that name Kazakhstan."""
        topic = Dossier(id="topic", query=query, exact=True)
        self.dossiers = Dossiers(((topic, topic.read(self.known)),), {}, frozenset({"kz"}), "v1")

    def take(self, pages: Iterable[Page], change: Callable[[Article], Article] = lambda article: article) -> None:
        """Archive pages and index their articles."""
        given = list(pages)
        self.archive.write(given)
        self.index.put([project_article(change(extract_page(each, "pages/0/1"))) for each in given])

    def run(self, stage: str | None = None, since: datetime = SINCE) -> tuple[Report, list[Change]]:
        report = Report()
        return report, list(reprocess(since, self.settings, self.index, report, stage))


@contextmanager
def _here(function: Callable[[Any], Any], settings: Settings) -> Iterator[Any]:
    """The worker processes' work in this one: what it does is the same, and starting them takes seconds."""

    class Pool:
        def map(self, tasks: Iterable[Any]) -> Iterator[Any]:
            return map(function, tasks)

    yield Pool()


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    world = World(tmp_path, monkeypatch)
    world.take(PAGES.values())
    return world


CUSTOMS = 'id: customs\nterms: [{term: "dry port*", lang: en, weight: 5}]\n'


@pytest.mark.parametrize("stage", [None, "classify", "quotes", "dossiers", "date"])
def test_the_same_words_change_nothing(world: World, stage: str | None) -> None:
    report, changes = world.run(stage)
    assert changes == []
    assert (report.articles, report.unchanged) == (3, 3)


@pytest.mark.parametrize("stage", [None, "classify"])
def test_a_new_word_changes_the_articles_that_have_it(world: World, stage: str | None) -> None:
    world.known = taxonomy(areas=CUSTOMS)
    report, [change] = world.run(stage)
    assert change.article.url == f"{HERE}/port"
    assert change.told == ("areas",)
    told = change.to_dict()
    assert "customs" not in told["before"]["areas"]
    assert told["after"]["areas"][0] == "customs"
    assert report.to_dict()["areas"]["customs"] == {"gained": 1, "dropped": 0}
    assert (report.changed, report.unchanged) == (1, 2)
    message = change.outgoing()
    assert (message.topic, message.headers) == ("articles", {"origin": "reprocess"})


def test_from_the_index_and_from_the_archive_the_same_is_made(world: World) -> None:
    world.known = taxonomy(
        areas="""
            - {id: customs, terms: [{term: "dry port*", lang: en, weight: 5}]}
            - {id: security, terms: [{term: closing session, lang: en}]}
        """
    )
    world.follow("bus")
    whole, cheap = (
        {change.article.id: change.article for change in world.run(stage)[1]} for stage in (None, "classify")
    )
    assert len(whole) == 3
    for id_, article in whole.items():
        there = {"stages": article.trace.stages, "page": None}
        assert cheap[id_].replace(trace=cheap[id_].trace.replace(**there)) == article.replace(
            trace=article.trace.replace(**there)
        )


def test_what_was_discarded_and_would_now_be_kept_comes_from_the_archive(world: World) -> None:
    world.follow('"bus line"')
    report, [change] = world.run("classify")
    assert change.article.content is not None
    assert "new bus line" in change.article.content.text
    assert change.to_dict()["before"] == {"status": "discarded (not-about-ots)"}
    assert change.to_dict()["after"] == {"status": "ok"}
    assert report.lost == 0


def test_a_discarded_article_without_its_page_is_counted(world: World) -> None:
    for path in (world.settings.data / "archive").iterdir():
        path.unlink()
    report, changes = world.run("classify")
    assert (report.lost, report.articles, changes) == (1, 2, [])


def test_what_would_now_be_discarded_is_reported(world: World) -> None:
    forum_is = "- {{id: steppe_forum, role: {}, names: [{{name: Steppe Forum, lang: en}}]}}\n"
    world.known = taxonomy(organisations=forum_is.format("body"))
    forum = (
        "<p>The Steppe Forum met. Delegates of the Steppe Forum agreed to share seeds and water with each other.</p>"
    )
    world.take([page(f"{HERE}/forum", ELSEWHERE.format(title="Steppe Forum meets").replace("<p>", f"{forum}<p>", 1))])
    world.known = taxonomy(organisations=forum_is.format("other"))
    report, [change] = world.run("classify")
    assert change.to_dict()["after"]["status"] == "discarded (not-about-ots)"
    assert report.changed == 1


def test_other_evidence_for_the_same_labels_is_sent_but_not_told(world: World) -> None:
    world.known = taxonomy(areas='id: security\nterms: [{term: "closing session", lang: en, weight: 0.1}]\n')
    report, changes = world.run("classify")
    assert [change.told for change in changes] == [(), ()]
    assert (report.evidence, report.changed) == (2, 0)


def test_a_persons_word_is_no_change_and_is_not_sent_as_the_machines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World(tmp_path, monkeypatch)
    word = {"by": "aida", "at": FETCHED, "id": "c1", "article": "any"}
    said = [
        Correction.model_validate({**word, "field": "areas", "value": ["culture"]}),
        Correction.model_validate({**word, "field": "published", "value": "2026-01-01"}),
    ]
    world.take([PAGES["port"]], lambda article: fold(article, said))
    assert world.run("classify")[1] == world.run()[1] == []
    world.known = taxonomy(areas=CUSTOMS)
    [change] = world.run("classify")[1]
    assert change.to_dict()["before"]["areas"] != ["culture"]
    assert change.article.corrected == {}
    assert change.article.published is not None
    assert change.article.published.source != "human"


def test_a_later_fetch_and_a_page_that_is_gone_are_left_alone(world: World) -> None:
    later = page(f"{HERE}/port", ABOUT.format(title="A later text", more=""), FETCHED + timedelta(hours=1))
    world.take([later])
    world.index.put([gone_article(extract_page(PAGES["crime"]), FETCHED + timedelta(hours=2), "http-error")])
    world.known = taxonomy(areas=CUSTOMS)
    report, changes = world.run()
    assert [change.article.url for change in changes] == []
    assert report.superseded == 2


BUS = ELSEWHERE.format(title="A bus line in Kazakhstan")
LATER = FETCHED + timedelta(hours=1)


def _kept(article: Article) -> Article:
    """As rules that were wrong kept it."""
    return article.replace(status="ok", reason=None)


@pytest.mark.parametrize("stage", [None, "classify"])
def test_an_article_that_was_fetched_again_can_be_discarded(world: World, stage: str | None) -> None:
    fetched = [page(f"{HERE}/tram", BUS), page(f"{HERE}/tram", BUS + "<!-- 17:02 -->", LATER, again=1)]
    world.take(fetched, _kept)
    _, [change] = world.run(stage)
    assert (change.article.status, change.article.trace.again) == ("discarded", 1)


@pytest.mark.parametrize("known", [True, False])
def test_a_later_fetch_that_never_was_the_article_takes_nothing_away(world: World, known: bool) -> None:
    if known:
        world.take([page(f"{HERE}/wall", ABOUT.format(title="Ministers meet", more=""))])
    world.archive.write([page(f"{HERE}/wall", BUS, LATER, again=1)])
    report, changes = world.run()
    assert changes == []
    assert report.unchanged == report.articles


def test_what_the_index_does_not_have_is_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(tmp_path, monkeypatch)
    world.archive.write([PAGES["crime"]])
    _, [change] = world.run()
    assert change.before is None
    assert change.to_dict()["before"]["areas"] is None
    assert change.to_dict()["after"]["areas"]


def test_an_unknown_stage_is_answered_with_the_known_ones(world: World) -> None:
    with pytest.raises(UsageError, match="clean, date, classify, quotes, dossiers"):
        world.run("clasify")


# --------------------------------------------------------------------------------------------------- the command itself


@pytest.mark.slow
def test_the_command_reports_then_sends_and_then_has_nothing_to_do(tmp_path: Path) -> None:
    with SqliteBus(tmp_path / "data" / "bus.sqlite") as bus:
        bus.publish([Outgoing("pages", each.id, each.to_json()) for each in PAGES.values()])
    assert otswatch("consume", "--once", folder=tmp_path).code == 0
    (tmp_path / "otswatch.d" / "taxonomy" / "areas").mkdir(parents=True)
    (tmp_path / "otswatch.d" / "taxonomy" / "areas" / "customs.yaml").write_text(CUSTOMS, encoding="utf-8")
    again = ("reprocess", "--since", f"{FETCHED:%Y-%m-%d}", "--stage", "classify")

    dry = otswatch(*again, "--dry-run", folder=tmp_path)
    assert dry.code == 0, dry.err
    assert re.search(r"customs +1 +0", dry.out)
    assert re.search(r"A dry port for Khorgos +areas +\S.*customs", dry.out)
    said = json.loads(otswatch(*again, "--format", "json", folder=tmp_path).out)
    assert (said["articles"], said["changed"], [each["title"] for each in said["changes"]]) == (
        3,
        1,
        ["A dry port for Khorgos"],
    )
    assert otswatch("consume", "--once", folder=tmp_path).code == 0
    found = json.loads(otswatch("search", "--area", "customs", "--format", "json", folder=tmp_path).out)
    assert "A dry port for Khorgos" in [each["content"]["title"] for each in found["articles"]]
    after = json.loads(otswatch(*again, "--format", "json", folder=tmp_path).out)
    assert (after["changed"], after["evidence"], after["unchanged"]) == (0, 0, 3)
