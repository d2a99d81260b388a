"""The morning page: each part of an invented morning, in both forms, and what hostile titles do to it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from lxml import html

from otswatch import documents, taxonomy
from otswatch.alerts.letter import Letter
from otswatch.alerts.morning import Morning, morning_letter
from otswatch.alerts.morning.rendering import NO_LINKS
from otswatch.alerts.morning.scope import Scope
from otswatch.alerts.morning.usual import _windows
from otswatch.alerts.rendering import Links
from otswatch.documents.fold import project as project_document
from otswatch.documents.records import Adoption, OfficialDocument
from otswatch.index.projection import project_correction
from otswatch.index.sqlite import SqliteIndex
from otswatch.records import (
    Corrected,
    Correction,
)
from tests.alerting import dated
from tests.mornings import END, NAMES, SETTINGS, START, Desk, quote, subscription

SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>\u202e"


def letter(morning: Morning, links: Links = NO_LINKS, **changes: Any) -> Letter:
    return morning_letter(subscription(**changes), morning, id="l-1", links=links)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with closing(SqliteIndex(tmp_path / "index.sqlite")) as index:
        yield Desk(index)


def text_of(made: Letter) -> str:
    return " ".join(html.fromstring(made.html).text_content().split())


# --------------------------------------------------------------------------------------------------------------- empty


def test_every_part_of_an_empty_page_is_there_and_says_none(desk: Desk) -> None:
    made = letter(desk.page())
    parts = [part.text_content() for part in html.fromstring(made.html).cssselect("h2")]
    assert parts == [
        "Changed since the last one", "New official documents", "Stories", "Who said what", "Undated, for decision",
        "Next 14 days", "Areas against their usual",
    ]  # fmt: skip
    assert text_of(made).count("None.") == len(parts)
    assert [line for line in made.text.splitlines() if line == "None."] == ["None."] * len(parts)
    for part in parts:
        assert part.upper() in made.text
    assert "Not enough days yet: 0 days" in text_of(made)
    assert made.subject == "Morning page, 14 May: nothing new"
    assert made.keys == ()


# --------------------------------------------------------------------------------------------------------------- trust


def test_trust_names_who_is_silent_and_gives_times_on_the_readers_clock(desk: Desk) -> None:
    desk.publish("a", "Zirve", published=None)
    at = "2026-05-13T22:30:00+00:00"
    for source, answered in (("trtavaz", at), ("turkicstates", None)):
        desk.state.put(f"source/{source}", {"tried": at, "answered": answered, "published": 1, "counts": {}})
    trust = desk.page().trust
    assert (trust.articles, trust.undated, trust.waiting, trust.quarantined) == (1, 1, 7, 2)
    assert trust.watched == trust.answered + len(trust.silent)
    silent = {one.source: one for one in trust.silent}
    assert silent["Organization of Turkic States (Secretariat)"].tried == datetime(2026, 5, 13, 22, 30, tzinfo=UTC)
    said = letter(desk.page())
    assert "Wed 13 May 2026, 08:00 – Thu 14 May 2026, 08:00 (Europe/Istanbul)" in said.text
    assert "(never answered)" in said.text
    assert "7 messages waiting · 2 in quarantine" in text_of(said)


# ------------------------------------------------------------------------------------------------------------- changes


def test_corrections_say_what_the_machine_had_and_what_holds_now(desk: Desk) -> None:
    at = END - timedelta(hours=1)
    put_right = Corrected(id="c1", value="2026-05-12", by="ayse", at=at, machine={"at": "2025-05-12"})
    desk.publish("old", "Gas agreed", hours=80, corrected={"published": put_right})
    desk.publish("turned", "Page changed", hours=90, modified=dated("2026-05-14"))
    for id_, made in (("c1", at), ("c0", START - timedelta(seconds=1))):
        word = Correction(id=id_, article="old", field="published", value="2026-05-12", by="ayse", at=made)
        desk.index.put([project_correction(word, "stands", 1)])
    changes = desk.page().changes
    [one] = changes.corrections
    assert (one.machine, one.value, one.by, one.status) == ("12 May 2025", "12 May 2026", "ayse", "stands")
    assert [each.article.id for each in changes.articles] == ["turned"]
    assert "published: 12 May 2025 → 12 May 2026, by ayse, Thu 14 May 2026, 07:00" in " ".join(
        letter(desk.page()).text.split()
    )
    assert desk.page(search={"language": "tr"}).changes.corrections == ()


# ----------------------------------------------------------------------------------------------------------- documents


def test_a_document_is_new_where_an_article_of_the_window_named_it_first(desk: Desk) -> None:
    register = documents.load(SETTINGS.config)
    for id_, hours in (("new", 3), ("before", 40)):
        one = OfficialDocument(
            id=id_, type="declaration", of="ots", title=f"Declaration {id_}", titles={}, citations=0,
            adopted=Adoption(starts=date(2026, 5, 13), ends=date(2026, 5, 13)), signatories=("tr",), told={},
            first_seen=END - timedelta(hours=hours),
        )  # fmt: skip
        desk.index.put([project_document(register, one, 1)])
    [found] = desk.page().documents
    assert (found.id, found.type, found.adopted, found.known) == ("new", "Declaration", "13 May 2026", False)
    assert desk.page(search={"area": "energy"}).documents == ()  # no article that is followed has it


# ------------------------------------------------------------------------------------------------- stories and voices


def test_stories_new_first_then_official_then_by_reports(desk: Desk) -> None:
    old = [desk.publish("o1", "Older", hours=50, story="old"), desk.publish("o2", "Older", story="old", source="x")]
    many = [desk.publish(f"m{n}", "Enerji", story="many", source=f"s{n}", language="tr") for n in range(3)]
    own = desk.publish("own", "Energy ministers met", source="turkicstates")
    desk.tell(*old, official=old[0])
    desk.tell(*many)
    desk.tell(own, official=own)
    found = desk.page().stories
    assert [(one.id, one.new) for one in found] == [("story-own", True), ("many", True), ("old", False)]
    assert found[0].official == "Organization of Turkic States (Secretariat)"
    assert (found[1].reports, found[1].sources, found[1].languages, found[1].first) == (3, 3, ("Turkish",), "s0")
    assert [one.id for one in desk.page(search={"language": "tr"}).stories] == ["many"]


def test_more_than_ten_stories_are_counted(desk: Desk) -> None:
    for number in range(12):
        desk.tell(desk.publish(f"a{number}", f"Story {number}"))
    page = desk.page()
    assert (len(page.stories), page.more_stories) == (10, 2)
    assert "… and 2 stories more." in letter(page).text
    assert "… and 2 stories more." in text_of(letter(page))


def test_the_key_quote_is_of_a_member_state_and_copies_are_one(desk: Desk) -> None:
    stranger = quote("q1", "We were only watching", "John Roe", None)
    told = [
        desk.publish("a", "Zirve", stranger, story="s"),
        desk.publish("b", "Zirve", quote("q2", "Enerji ortak davamız"), story="s", hours=1.5),
        desk.publish("c", "Zirve", quote("q3", "Enerji ortak davamız"), story="s", hours=1),
    ]
    desk.tell(*told)
    page = desk.page()
    assert page.stories[0].quote
    assert page.stories[0].quote.text == "Enerji ortak davamız"
    assert [(one.name, len(one.quotes)) for one in page.voices.states] == [("Türkiye", 1), (None, 1)]


def test_voices_have_five_of_a_state_and_count_the_rest_the_unknown_and_the_repeated(desk: Desk) -> None:
    said = [quote(f"q{n}", f"Word number {n}") for n in range(7)]
    desk.publish("a", "Talks", *said, quote("u", "Nobody knows who", None))
    desk.publish("b0", "Older", quote("r0", "Said before"), story="r", hours=40)
    desk.publish("b1", "Older", quote("r1", "Said before"), story="r")
    voices = desk.page().voices
    [one] = voices.states
    assert (len(one.quotes), one.more, voices.unknown, voices.repeated) == (5, 2, 1, 1)
    assert "1 quote of unknown speakers; 1 quote repeated" in letter(desk.page()).text


# --------------------------------------------------------------------------------------------------- undated, meetings


def test_undated_articles_official_ones_first(desk: Desk) -> None:
    for number in range(25):
        desk.publish(f"u{number}", "Undated", published=None, hours=1)
    desk.publish("own", "Undated", published=None, source="turkicstates", hours=20)
    page = desk.page()
    assert (page.undated[0].id, page.undated[0].official) == ("own", True)
    assert (len(page.undated), page.more_undated) == (20, 6)


def test_meetings_of_the_next_fourteen_days(desk: Desk) -> None:
    desk.plan("2026-05-20", "2026-05-28", "2026-05-13")
    [one] = desk.page().meetings
    assert (one.days, one.certainty, one.place) == ("20 May 2026", "confirmed", "Baku, Azerbaijan")
    assert desk.page(search={"country": "kz"}).meetings == ()


# --------------------------------------------------------------------------------------------------------------- usual


def test_areas_against_the_median_of_the_days_before(desk: Desk) -> None:
    for day in range(1, 11):
        desk.tell(desk.publish(f"d{day}", "Energy", hours=24 * day + 2))
    for number in range(4):
        desk.tell(desk.publish(f"n{number}", "Energy"))
    desk.tell(desk.publish("culture", "Music", areas=("culture",), language="tr"))
    usual = desk.page().usual
    counts = {one.area: (one.count, one.usual, one.trend) for one in usual.areas}
    energy, culture = (taxonomy.load(SETTINGS.config).areas[id_].names["en"] for id_ in ("energy", "culture"))
    assert counts == {energy: (4, 1, "up"), culture: (1, 0, "usual")}
    assert (usual.windows, usual.days) == (9, 9)  # the tenth began before anything was seen
    assert [one.area for one in desk.page(search={"language": "tr"}).usual.areas] == [culture]


def test_six_days_say_nothing_of_what_is_usual(desk: Desk) -> None:
    desk.tell(desk.publish("d", "Energy", hours=24 * 6 + 2))
    desk.tell(desk.publish("n", "Energy"))
    page = desk.page()
    [one] = page.usual.areas
    assert (one.count, one.usual, one.trend) == (1, None, "unknown")
    for text in (letter(page).text, text_of(letter(page))):
        assert "Not enough days yet: 5 days before this window, 7 are needed." in text


@pytest.mark.parametrize("days", [20, 35])
def test_a_window_that_nothing_of_its_length_is_known_before_has_no_usual(desk: Desk, days: int) -> None:
    for day in range(1, 56, 2):
        desk.publish(f"d{day}", "Energy", hours=24 * day)
    page = desk.page(start=END - timedelta(days=days))
    assert page.usual.windows == (0 if days == 35 else 1)
    for text in (letter(page).text, text_of(letter(page))):
        assert "Not enough days yet" not in text
        assert ("No window of this length is known from the 28 days before" in text) == (days == 35)


def test_windows_begin_at_the_same_time_of_day_when_clocks_change(desk: Desk) -> None:
    berlin = ZoneInfo("Europe/Berlin")  # clocks went forward on 29 March 2026
    start, end = datetime(2026, 3, 29, 8, tzinfo=berlin), datetime(2026, 3, 30, 8, tzinfo=berlin)
    found = list(_windows(Scope(desk.index, NAMES, SETTINGS.config, subscription(), start, end, berlin)))
    assert len(found) == 28
    assert {moment.astimezone(berlin).hour for each in found for moment in each} == {8}
    assert found[0][1] - found[0][0] == timedelta(hours=23)
    assert all(later[0] == earlier[1] for later, earlier in pairwise(found))


# ------------------------------------------------------------------------------------------------------------- hostile


@pytest.mark.parametrize("links", [Links(), Links(page="https://watch.example")])
def test_hostile_titles_words_and_addresses_are_inert(desk: Desk, links: Links) -> None:
    one = desk.publish(
        "x", SCRIPT, quote("q", SCRIPT, SCRIPT), source=SCRIPT, url="javascript:alert(1)", published=None
    )
    desk.tell(one)
    word = Correction(id="c", article="x", field="kind", value=SCRIPT, note=SCRIPT, by=SCRIPT, at=START)
    desk.index.put([project_correction(word, "stands", 1)])
    made = letter(desk.page(), links, title=SCRIPT)
    root = html.fromstring(made.html)
    assert not root.cssselect("script, img, iframe, object, form")
    assert all(link.get("href").startswith("https://") for link in root.cssselect("a"))
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]
    assert "javascript:" not in made.html + made.text
    assert "\u202e" not in made.html + made.text + made.subject
    assert "\n" not in made.subject
    assert len(made.subject) <= 150


def test_what_restricts_the_page_is_said_and_the_page_is_json(desk: Desk) -> None:
    page = desk.page(search={"q": "gas", "language": ["tr"]}, official=True)
    assert page.restricted == "gas; language Turkish; official sources only"
    assert Morning.model_validate(page.to_dict()) == page
    assert "Only what answers: gas; language Turkish" in letter(page).text
