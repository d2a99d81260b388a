"""Corrections as an analyst makes them: on the command line, kept in the state, and worked on by the pipeline."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from otswatch.bus import Bus, Outgoing
from otswatch.consumers.archive import WarcArchive
from otswatch.consumers.consume import Consumers, chosen
from otswatch.consumers.context import Context
from otswatch.consumers.index import IndexWork
from otswatch.consumers.outcome import Result
from otswatch.corrections import acts
from otswatch.errors import DependencyDownError, UsageError
from otswatch.index.projection import gone_article, project_alias, project_article
from otswatch.records import Alias, Article, Page
from otswatch.settings import Settings
from otswatch.stores import Stores, open_stores
from otswatch.urls import page_id
from tests.commandline import otswatch
from tests.factory import ABOUT, ELSEWHERE, FETCHED, page
from tests.test_cli import Command, command  # noqa: F401 - a fixture

HERE = "https://steppe-wire.example"
MINISTERS = page(f"{HERE}/ministers", ABOUT.format(title="Interior ministers meet in Samarkand", more=""))
BUSES = page(f"{HERE}/buses", ELSEWHERE.format(title="A new bus line"))
EMPTY = page(f"{HERE}/empty", "<html><head><title>Summit</title></head><body></body></html>")
ANOTHER = "https://m.steppe-wire.example/print/ministers-of-the-interior"


def extracted(page: Page) -> Article:
    from otswatch.consumers.chain import extract_page

    return extract_page(page)


@pytest.fixture(scope="module")
def made() -> list[Article]:
    return [extracted(each) for each in (MINISTERS, BUSES, EMPTY)]


@pytest.fixture
def stores(tmp_path: Path, made: list[Article]) -> Iterator[Stores]:
    """Three pages in the index, and an alias; the archive is empty."""
    with open_stores(Settings(data=tmp_path / "data")) as opened:
        alias = Alias(alias=page_id(ANOTHER), url=ANOTHER, id=MINISTERS.id, reason="canonical", rules=1, at=FETCHED)
        opened.index.put([*map(project_article, made), project_alias(alias)])
        yield opened


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", config=tmp_path / "otswatch.d")


def said(command: Command, *arguments: str) -> dict[str, Any]:  # noqa: F811
    """The only correction that `corrections list` shows."""
    [found] = json.loads(command("corrections", "list", "--format", "json", *arguments).out)["corrections"]
    return dict(found)


def fold(stores: Stores, settings: Settings) -> list[str]:
    """Let `index` work on the corrections that wait. Returns what else was published, by topic."""
    work = IndexWork(Context(settings, stores.index, stores.state))
    with_member = stores.bus.consumer("index", ("corrections",))
    batch = with_member.poll(100, 0)
    outcomes = work(batch.messages) if batch else []
    assert all(isinstance(outcome, Result) for outcome in outcomes)
    if batch:
        with_member.publish_and_commit(batch, [])
    with_member.close()
    return [message.key for message in stores.bus.read("pages")]


def shown(stores: Stores, page: Page) -> Article:
    record = stores.index.get("articles", page.id)
    assert record is not None
    return Article.model_validate(record)


# ------------------------------------------------------------------------------------------------------- saying


def test_what_is_said_is_kept_at_once_and_put_over_the_article(command: Command, stores: Stores, settings: Settings):  # noqa: F811
    done = command(
        "corrections", "add", f"{HERE}/ministers", "--area", "political, security", "--note", "a summit", "--by", "ayse"
    )
    assert done.code == 0, done.err
    assert "areas: security → political, security" in done.out
    kept = said(command)
    assert (kept["article"], kept["value"], kept["by"], kept["note"], kept["status"]) == (
        MINISTERS.id,
        ["political", "security"],
        "ayse",
        "a summit",
        "stands",
    )
    assert fold(stores, settings) == []
    article = shown(stores, MINISTERS)
    assert [area.id for area in article.areas] == ["political", "security"]
    assert [area["id"] for area in article.corrected["areas"].machine] == ["security"]


def test_several_parts_at_once_and_unknown(command: Command, stores: Stores, settings: Settings):  # noqa: F811
    arguments = ("--area", "none", "--kind", "unknown", "--published", "unknown", "--relevance", "part")
    assert command("corrections", "add", MINISTERS.id, *arguments).code == 0
    fold(stores, settings)
    article = shown(stores, MINISTERS)
    assert (article.areas, article.kind, article.published) == ((), None, None)
    assert article.relevance
    assert article.relevance.level == "part"


def test_another_address_of_the_page_is_the_same_article(command: Command, stores: Stores):  # noqa: F811
    assert command("corrections", "add", ANOTHER, "--kind", "statement").code == 0
    assert said(command, "--article", ANOTHER)["article"] == MINISTERS.id


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((f"{HERE}/nowhere", "--kind", "news"), "there is no article"),
        (("0123456789abcdef", "--kind", "news"), "there is no article"),
        ((MINISTERS.id,), "say at least one of areas, kind, relevance, published"),
        ((MINISTERS.id, "--area", "securty"), "there are: agriculture"),
        ((MINISTERS.id, "--area", "security,,energy"), "there are: agriculture"),
        ((MINISTERS.id, "--area", "security,security"), "twice"),
        ((MINISTERS.id, "--kind", "novel"), "there are: "),
        ((MINISTERS.id, "--relevance", "very"), "about, part, passing, none"),
        ((MINISTERS.id, "--published", "last week"), "2025-04-15"),
        ((MINISTERS.id, "--published", "2026-03-05"), "after the page was fetched"),
        ((MINISTERS.id, "--kind", "news", "--by", "  "), "say who says so"),
        ((MINISTERS.id, "--kind", "news", "--note", "x" * 2001), "at most 2000"),
        ((EMPTY.id, "--relevance", "about"), "no-text"),
    ],
)
def test_what_cannot_be_said_is_one_line_and_changes_nothing(
    command: Command,  # noqa: F811
    stores: Stores,
    arguments: tuple[str, ...],
    says: str,
):
    done = command("corrections", "add", *arguments)
    assert (done.code, done.out) == (2, "")
    assert says in done.error
    assert acts.entries(stores) == []
    assert list(stores.bus.read("corrections")) == []


def test_a_day_that_began_in_another_zone_before_the_fetch_is_possible(stores: Stores, settings: Settings):
    late = MINISTERS.replace(fetched_at=FETCHED.replace(hour=21))
    stores.index.put([project_article(extracted(late))])
    acts.add(settings, stores, MINISTERS.id, {"published": "2026-03-04"}, by="ayse")


def test_nothing_is_said_of_a_page_that_is_gone(stores: Stores, settings: Settings):
    stores.index.put([gone_article(extracted(MINISTERS), FETCHED + timedelta(days=1), "http-error")])
    with pytest.raises(UsageError, match="is gone since 2026-03-04"):
        acts.add(settings, stores, MINISTERS.id, {"kind": "news"}, by="ayse")


def test_the_same_words_again_are_not_kept_twice_but_published_again(stores: Stores, settings: Settings):
    for _ in range(2):
        acts.add(settings, stores, MINISTERS.id, {"kind": "statement"}, by="ayse")
    assert len(acts.entries(stores)) == 1
    assert len(list(stores.bus.read("corrections"))) == 2


def test_words_that_could_not_be_published_are_kept_and_said_to_be(stores: Stores, settings: Settings):
    class Down:
        def publish(self, outgoing: list[Outgoing]) -> None:
            raise DependencyDownError("the broker does not answer")

    bus: Any = Down()
    down = Stores(bus, stores.index, stores.state)
    with pytest.raises(DependencyDownError, match="is kept, but the pipeline was not told: the broker does not answer"):
        acts.add(settings, down, MINISTERS.id, {"kind": "statement"}, by="ayse")
    assert [entry.status for entry in acts.entries(stores)] == ["stands"]


def test_a_word_is_later_than_any_other_whatever_the_clocks_say(stores: Stores, settings: Settings):
    added = acts.add(settings, stores, MINISTERS.id, {"kind": "statement"}, by="ayse").corrections[0]
    ahead = added.replace(at=added.at + timedelta(days=3))
    from otswatch.corrections import kept

    kept.update(stores.state, MINISTERS.id, lambda _: (ahead,))
    later = acts.add(settings, stores, MINISTERS.id, {"kind": "news"}, by="ayse").corrections[0]
    assert later.at > ahead.at
    assert [entry.status for entry in acts.entries(stores)] == ["replaced", "stands"]


# ------------------------------------------------------------------------------------------------- taking it back


def test_what_is_withdrawn_gives_way_to_the_machine(command: Command, stores: Stores, settings: Settings):  # noqa: F811
    before = shown(stores, MINISTERS)
    assert command("corrections", "add", MINISTERS.id, "--area", "energy", "--published", "2026-03-01").code == 0
    fold(stores, settings)
    for correction in json.loads(command("corrections", "list", "--format", "json").out)["corrections"]:
        done = command("corrections", "withdraw", correction["id"], "--by", "murat")
        assert done.code == 0
        assert "withdrawn by murat" in done.out
    fold(stores, settings)
    assert shown(stores, MINISTERS) == before
    rows = list(csv.DictReader(io.StringIO(command("corrections", "list", "--format", "csv").out)))
    assert [(row["part"], row["status"]) for row in rows] == [("areas", "withdrawn"), ("published", "withdrawn")]


def test_what_does_not_stand_cannot_be_withdrawn(command: Command, stores: Stores):  # noqa: F811
    assert "there is no correction 'c7'" in command("corrections", "withdraw", "c7").error
    for kind in ("statement", "opinion"):
        assert command("corrections", "add", MINISTERS.id, "--kind", kind).code == 0
    first, second = [entry.correction.id for entry in acts.entries(stores)]
    done = command("corrections", "withdraw", first)
    assert done.code == 2
    assert f"{first} was replaced by {second}" in done.error


def test_a_withdrawal_may_be_said_again(stores: Stores, settings: Settings):
    [added] = acts.add(settings, stores, MINISTERS.id, {"kind": "statement"}, by="ayse").corrections
    once = acts.withdraw(stores, added.id, by="murat")
    assert acts.withdraw(stores, added.id, by="ayse") == once
    assert once.withdrawn
    assert once.withdrawn.by == "murat"


# --------------------------------------------------------------------------------------------------------- who spoke


def spoken(stores: Stores) -> tuple[str, str | None]:
    """Id and speaker of the only verbatim quote of the ministers."""
    [quote] = [quote for quote in shown(stores, MINISTERS).quotes if quote.direct]
    return quote.id, quote.speaker.name if quote.speaker else None


def test_a_speaker_is_named_by_the_beginning_of_the_quotes_id(command: Command, stores: Stores, settings: Settings):  # noqa: F811
    id_, before = spoken(stores)
    assert before == "Daniyar Serikbayev"
    done = command("corrections", "add", MINISTERS.url, "--speaker", f"{id_[:8]}=HAKAN FİDAN", "--by", "ayse")
    assert done.code == 0, done.err
    assert f"speaker of {id_[:8]}: Daniyar Serikbayev → hakan_fidan" in done.out
    kept = said(command, "--field", "speaker")
    assert kept["value"] == {"quote": id_, "speaker": "hakan_fidan"}
    assert f"speaker of {id_[:8]}" in command("corrections", "list").out
    fold(stores, settings)
    assert spoken(stores) == (id_, "Hakan Fidan")
    [found] = json.loads(command("quotes", "--speaker", "Фидан", "--format", "json").out)["quotes"]
    assert (found["id"], found["corrected"]["by"], found["speaker"]["office"]) == (id_, "ayse", "foreign_minister")
    assert command("corrections", "withdraw", kept["id"]).code == 0
    fold(stores, settings)
    assert spoken(stores) == (id_, "Daniyar Serikbayev")


def test_a_speaker_may_be_anybody_or_unknown(command: Command, stores: Stores, settings: Settings):  # noqa: F811
    id_, _ = spoken(stores)
    for who, name in (("Nergiz Bayram", "Nergiz Bayram"), ("unknown", None)):
        assert command("corrections", "add", MINISTERS.id, "--speaker", f"{id_}={who}").code == 0
        fold(stores, settings)
        assert spoken(stores) == (id_, name)
    entries = acts.entries(stores)
    assert [(entry.correction.value["speaker"], entry.status) for entry in entries] == [
        ("Nergiz Bayram", "replaced"),
        (None, "stands"),
    ]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("hakan_fidan", "--speaker takes QUOTE=WHO"),
        ("=hakan_fidan", "--speaker takes QUOTE=WHO"),
        ("5f0c=", "--speaker takes QUOTE=WHO"),
        ("nothing=Hakan Fidan", "the article has no quote 'nothing'; there are: "),
        ("{id}=hakan_fidann", "no person 'hakan_fidann' in the register"),
    ],
)
def test_a_speaker_that_cannot_be_meant_changes_nothing(command: Command, stores: Stores, given: str, says: str):  # noqa: F811
    id_, _ = spoken(stores)
    done = command("corrections", "add", MINISTERS.id, "--speaker", given.replace("{id}", id_))
    assert done.code == 2
    assert says in done.error
    assert acts.entries(stores) == []


def test_an_article_without_quotes_says_so(command: Command, stores: Stores):  # noqa: F811
    done = command("corrections", "add", BUSES.id, "--speaker", "5f0c81aa=Nergiz Bayram")
    assert done.code == 2
    assert done.error.endswith("the article has no quote '5f0c81aa'; there is none")


# --------------------------------------------------------------------------------------------------------- its story


def into_a_story(stores: Stores, settings: Settings, page: Page, copy: str) -> str:
    """Send an article and a copy of it through `stories` and `index`; the story that they are in."""
    article = shown(stores, page)
    stores.bus.publish([Outgoing("articles", each.id, each.to_json()) for each in (article, article.replace(id=copy))])
    consumed(stores, settings)
    return story_of(stores, page)


def story_of(stores: Stores, page: Page) -> str:
    story = shown(stores, page).story
    assert story is not None
    return story.id


def consumed(stores: Stores, settings: Settings) -> None:
    Consumers(chosen(["stories", "index"]), settings, stores).run(once=True)


@pytest.mark.slow
def test_a_person_parts_an_article_from_its_story_and_takes_that_back(
    command: Command,  # noqa: F811
    stores: Stores,
    settings: Settings,
):
    together = into_a_story(stores, settings, MINISTERS, "copy")
    done = command("corrections", "add", MINISTERS.id, "--story", "alone", "--by", "ayse", "--note", "another meeting")
    assert done.code == 0, done.err
    consumed(stores, settings)
    parted = shown(stores, MINISTERS).story
    assert parted is not None
    assert (parted.id == together, parted.reason) == (False, "human/ayse")
    record = stores.index.get("stories", together)
    assert record is not None
    assert [member["article"] for member in record["members"]] == ["copy"]
    assert command("corrections", "withdraw", said(command)["id"], "--by", "ayse").code == 0
    consumed(stores, settings)
    assert story_of(stores, MINISTERS) == together


@pytest.mark.slow
def test_a_person_joins_two_stories_for_good(command: Command, stores: Stores, settings: Settings):  # noqa: F811
    together = into_a_story(stores, settings, MINISTERS, "copy")
    command("corrections", "add", MINISTERS.id, "--story", "alone", "--by", "ayse")
    consumed(stores, settings)
    done = command("corrections", "add", MINISTERS.id, "--story", together, "--by", "emre")
    assert done.code == 0, done.err
    consumed(stores, settings)
    assert story_of(stores, MINISTERS) == together
    stands = next(each for each in acts.entries(stores) if each.status == "stands")
    refused = command("corrections", "withdraw", stands.correction.id)
    assert (refused.code, "--story alone" in refused.err) == (2, True)


@pytest.mark.slow
@pytest.mark.parametrize(("story", "says"), [("no-such-story", "there is no story"), (" ", "the id of a story")])
def test_a_story_that_cannot_be_meant_changes_nothing(
    command: Command,  # noqa: F811
    stores: Stores,
    settings: Settings,
    story: str,
    says: str,
):
    into_a_story(stores, settings, MINISTERS, "copy")
    refused = command("corrections", "add", MINISTERS.id, "--story", story)
    assert (refused.code, says in refused.err) == (2, True), refused.err
    assert acts.entries(stores) == []


def test_an_article_that_is_in_no_story_yet_says_so(command: Command, stores: Stores):  # noqa: F811
    refused = command("corrections", "add", MINISTERS.id, "--story", "alone")
    assert (refused.code, "in no story yet" in refused.err) == (2, True), refused.err


# ------------------------------------------------------------------------------------------------- bringing it back


def test_a_discarded_article_that_is_wanted_has_its_page_published_again(
    command: Command,  # noqa: F811
    stores: Stores,
    settings: Settings,
):
    refetched = BUSES.replace(fetched_at=FETCHED + timedelta(hours=1))
    with WarcArchive(settings.data / "archive") as archive:
        mentions = MINISTERS.replace(headers={"x-related": BUSES.id}, fetched_at=FETCHED + timedelta(hours=2))
        archive.write([BUSES, refetched, mentions])
    done = command("corrections", "add", BUSES.id, "--relevance", "about")
    assert done.code == 0, done.err
    assert "its page was taken from the archive" in done.err
    [message] = stores.bus.read("pages")
    assert message.headers == {"origin": "correction"}
    republished = Page.from_json(message.value)
    assert (republished.id, republished.fetched_at) == (BUSES.id, refetched.fetched_at)
    assert republished.content() == BUSES.content()


def test_without_its_page_it_is_listed_by_its_title_and_that_is_said(
    command: Command,  # noqa: F811
    stores: Stores,
    settings: Settings,
):
    older = BUSES.replace(fetched_at=FETCHED - timedelta(days=1))  # the index has a newer one already
    with WarcArchive(settings.data / "archive") as archive:
        archive.write([older, MINISTERS])
    done = command("corrections", "add", BUSES.id, "--relevance", "part")
    assert done.code == 0
    assert f"its text is not here, and its page is not in {Path('data') / 'archive'}" in done.err
    assert fold(stores, settings) == []
    article = shown(stores, BUSES)
    assert (article.status, article.content and article.content.title) == ("ok", "A new bus line")


@pytest.mark.parametrize("level", ["passing", "none"])
def test_who_rules_an_article_out_needs_no_archive(command: Command, stores: Stores, settings: Settings, level: str):  # noqa: F811
    done = command("corrections", "add", MINISTERS.id, "--relevance", level)
    assert (done.code, "its text is not here" in done.err) == (0, False)
    fold(stores, settings)
    assert shown(stores, MINISTERS).reason == "ruled-out"
    assert json.loads(command("search", "--format", "json").out)["total"] == 0
    assert json.loads(command("search", "--status", "discarded", "interior", "--format", "json").out)["total"] == 1


# ------------------------------------------------------------------------------------------------- listing, labels


def test_the_list_can_be_narrowed(command: Command, stores: Stores):  # noqa: F811
    assert command("corrections", "list").out == "nothing was corrected\n"
    command("corrections", "add", MINISTERS.id, "--area", "energy", "--kind", "statement")
    command("corrections", "add", BUSES.id, "--relevance", "none")
    assert said(command, "--field", "kind")["value"] == "statement"
    assert said(command, "--article", f"{HERE}/buses")["field"] == "relevance"
    assert (
        len(json.loads(command("corrections", "list", "--since", "2026-01-01", "--format", "json").out)["corrections"])
        == 3
    )
    assert (
        json.loads(command("corrections", "list", "--since", "2100-01-01", "--format", "json").out)["corrections"] == []
    )
    assert "energy" in command("corrections", "list").out
    assert "areas, kind, relevance, published" in command("corrections", "list", "--field", "area").error
    assert "there is no article" in command("corrections", "list", "--article", "x").error


def test_export_writes_what_stands_beside_what_the_machine_had_said(
    command: Command,  # noqa: F811
    stores: Stores,
    settings: Settings,
):
    acts.add(settings, stores, MINISTERS.id, {"kind": "opinion"}, by="ayse")
    acts.add(settings, stores, MINISTERS.id, {"areas": ["energy"], "kind": "statement"}, by="ayse", note="of ministers")
    acts.add(settings, stores, BUSES.id, {"relevance": "none"}, by="murat")
    acts.add(settings, stores, MINISTERS.id, {"speaker": {"quote": spoken(stores)[0], "speaker": None}}, by="ayse")
    withdrawn = acts.add(settings, stores, MINISTERS.id, {"published": None}, by="ayse").corrections[0]
    acts.withdraw(stores, withdrawn.id, by="ayse")
    not_yet_folded = command("corrections", "export").out
    fold(stores, settings)
    assert command("corrections", "export").out == not_yet_folded  # the machine's value is the machine's
    labels = {label["field"]: label for label in map(json.loads, not_yet_folded.splitlines())}
    assert set(labels) == {"areas", "kind", "relevance", "speaker"}
    assert labels["speaker"]["words"].startswith("We will build one secure network")
    assert (labels["speaker"]["machine"]["speaker"], labels["areas"]["words"]) == ("Daniyar Serikbayev", None)
    areas = labels["areas"]
    assert (areas["value"], areas["machine"], areas["note"]) == (["energy"], ["security"], "of ministers")
    assert (areas["url"], areas["language"], areas["title"]) == (
        f"{HERE}/ministers",
        "en",
        "Interior ministers meet in Samarkand",
    )
    assert areas["text"].startswith("Interior ministers of the Organization of Turkic States")
    assert (labels["kind"]["value"], labels["relevance"]["machine"]) == ("statement", "none")
    assert labels["relevance"]["text"] is None  # discarded: its page is in the archive


# ------------------------------------------------------------------------------------------------------ all of it


def publish(bus: Bus, *pages: Page) -> None:
    bus.publish([Outgoing("pages", each.id, each.to_json()) for each in pages])


@pytest.mark.slow
def test_corrections_outlast_a_refetch_and_reprocess_through_the_whole_pipeline(tmp_path: Path):
    def run(*arguments: str) -> str:
        done = otswatch(*arguments, folder=tmp_path)
        assert done.code == 0, done.err
        return done.out

    def found(*arguments: str) -> list[dict[str, Any]]:
        articles: list[dict[str, Any]] = json.loads(run("search", *arguments, "--format", "json"))["articles"]
        return articles

    with open_stores(Settings(data=tmp_path / "data")) as opened:
        publish(opened.bus, MINISTERS, BUSES)
    run("consume", "--once")
    run("corrections", "add", MINISTERS.id, "--area", "political", "--published", "2026-03-01")
    run("corrections", "add", BUSES.url, "--relevance", "about")
    run("consume", "--once")
    [buses, ministers] = sorted(found(), key=lambda article: article["content"]["title"])
    assert "every twenty minutes" in buses["content"]["text"]
    assert [area["id"] for area in ministers["areas"]] == ["political"]

    for stage in ((), ("--stage", "classify")):
        report = json.loads(run("reprocess", "--since", "2026-01-01", *stage, "--dry-run", "--format", "json"))
        assert (report["articles"], report["changed"], report["evidence"]) == (2, 0, 0)

    later = {"fetched_at": FETCHED + timedelta(hours=2)}
    with open_stores(Settings(data=tmp_path / "data")) as opened:
        publish(opened.bus, MINISTERS.replace(**later), BUSES.replace(**later))
    run("consume", "--once")
    assert [article["content"]["text"] for article in sorted(found(), key=lambda each: each["content"]["title"])] == [
        buses["content"]["text"],
        ministers["content"]["text"],
    ]
    assert [article["published"]["at"] for article in found("--area", "political")] == ["2026-03-01"]
    [about] = [line for line in run("corrections", "list", "--format", "csv").splitlines() if "relevance" in line]
    run("corrections", "withdraw", about.split(",")[0])
    run("consume", "--once")
    assert [article["id"] for article in found()] == [MINISTERS.id]
    assert [article["reason"] for article in found("--status", "discarded")] == ["not-about-ots"]
