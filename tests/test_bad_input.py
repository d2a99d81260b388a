"""Bad input: each has a named outcome, a line that says what to do, and the exit code that is documented."""

from __future__ import annotations

import json
import random
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from otswatch.bus import Outgoing
from otswatch.bus.sqlite import SqliteBus
from otswatch.consumers.archive import WarcArchive
from tests.commandline import Said, otswatch
from tests.crawling import source
from tests.factory import ABOUT, page
from tests.site import Answer, Listed, Site, rss

pytestmark = pytest.mark.slow

GOOD = {"text": "Ministers of the Organization of Turkic States met in Baku.", "url": "https://steppe-wire.example/1"}
MINISTERS = ABOUT.format(title="Interior ministers meet", more="")
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj<</Type/Catalog>>endobj\n"
#: Ten entities of ten entities … : a billion words for a reader that expands them.
BOMB = (
    '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a0 "word ">'
    + "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    + "]><html><body><p>The Organization of Turkic States met. &a9;</p></body></html>"
)
NOISE = random.Random(3).randbytes(40_000)  # noqa: S311 - bytes that mean nothing, the same each time
SUMMARY = "otswatch: {} of the inputs could not be read; their lines have status quarantined"

BAD_TERM = 'id: security\nterms:\n  - {term: "phishing", lang: en, wieght: 2}\n'


def processed(said: Said) -> list[tuple[str, str | None]]:
    """Status and reason of each line that came out."""
    return [(article["status"], article["reason"]) for article in map(json.loads, said.out.splitlines())]


# ---------------------------------------------------------------------------------------------------- otswatch process


def test_good_lines_come_out_and_each_bad_one_is_named(tmp_path: Path):
    good = json.dumps(GOOD)
    lines = [good, good[: len(good) // 2], "[1, 2]", json.dumps({"html": "<p>x</p>", "text": "x"}), "{}"]
    lines += [json.dumps({"text": "x", "fetched_at": "2026-03-01T10:00:00"}), '{"text": "\\ud800"}', "", good]
    (tmp_path / "lines.jsonl").write_text("\n".join(lines), encoding="utf-8")
    said = otswatch("process", "lines.jsonl", folder=tmp_path)
    assert said.code == 2
    assert processed(said) == [("ok", None), *[("quarantined", "unreadable-message")] * 6, ("ok", None)]
    *named, summary = said.err.splitlines()
    assert [line.split(": ")[:2] for line in named] == [
        [f"lines.jsonl:{number}", "unreadable-message"] for number in range(2, 8)
    ]
    assert summary == SUMMARY.format(6)


def test_a_file_cut_off_in_the_middle_of_a_letter(tmp_path: Path):
    cut = json.dumps(GOOD | {"text": "Türk Devletleri Teşkilatı"}, ensure_ascii=False).encode()
    said = otswatch("process", "-", folder=tmp_path, given=cut[: cut.index("ş".encode()) + 1])
    assert (said.code, processed(said)) == (2, [("quarantined", "unreadable-message")])


#: What each file holds, and what becomes of it.
PAGES = {
    "a_pdf.html": (PDF, ("quarantined", "not-html")),
    "nothing.html": (b"", ("discarded", "no-text")),
    "blanks.html": (b" \n\t\r\n", ("discarded", "no-text")),
    "an_empty_page.html": (b"<html><body></body></html>", ("discarded", "no-text")),
    "zeros.html": (b"\x00" * 5000, ("quarantined", "not-html")),
    "20_mb_of_tags.html": (b"<html><body>" + b"<div>" * 4_000_000, ("quarantined", "too-deep")),
    "never_closed.html": (b"<html><body>" + b"<p>" * 400, ("discarded", "no-text")),
    "an_xml_bomb.html": (BOMB.encode(), ("ok", None)),
    "nothing.txt": (b"", ("discarded", "no-text")),
    "a_good_one.html": (MINISTERS.encode(), ("ok", None)),
}


def test_pages_that_are_none_have_named_outcomes_and_do_not_stop_the_rest(tmp_path: Path):
    for name, (content, _) in PAGES.items():
        (tmp_path / name).write_bytes(content)
    said = otswatch("process", *PAGES, folder=tmp_path)
    assert dict(zip(PAGES, processed(said), strict=True)) == {name: outcome for name, (_, outcome) in PAGES.items()}
    assert len(said.out) < 100_000  # no entity was expanded
    unreadable = [f"{name}: {reason}" for name, (_, (status, reason)) in PAGES.items() if status == "quarantined"]
    *named, summary = said.err.splitlines()
    assert [": ".join(line.split(": ")[:2]) for line in named] == unreadable
    assert (said.code, summary) == (2, SUMMARY.format(len(unreadable)))


def test_noise_is_not_taken_for_a_page(tmp_path: Path):
    (tmp_path / "page.html").write_bytes(NOISE)
    assert processed(otswatch("process", "page.html", folder=tmp_path)) == [("quarantined", "not-html")]


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("nowhere.html", "nowhere.html: no such file"),
        ("folder.html", "folder.html: "),
        ("plan.pdf", "plan.pdf: not one of .html, .htm, .txt, .jsonl"),
    ],
)
def test_what_cannot_be_opened_is_one_line(name: str, error: str, tmp_path: Path):
    (tmp_path / "folder.html").mkdir()
    (tmp_path / "plan.pdf").write_bytes(PDF)
    said = otswatch("process", name, folder=tmp_path)
    assert (said.code, said.out) == (2, "")
    assert said.error.startswith(error)


def test_explain_says_what_a_page_is_that_cannot_be_read(tmp_path: Path):
    (tmp_path / "page.html").write_bytes(PDF)
    said = otswatch("explain", "page.html", folder=tmp_path)
    assert re.search(r"quarantined\W+not-html\W+a PDF", said.out)


# --------------------------------------------------------------------------------------------------- crawl and consume


def sources(folder: Path, *entries: dict[str, Any]) -> None:
    """The user's own sources, and none of the shipped ones."""
    (folder / "otswatch.d" / "sources").mkdir(parents=True)
    (folder / "otswatch.d" / "sources" / "own.yaml").write_text(yaml.safe_dump(list(entries)), encoding="utf-8")


def test_bad_pages_are_quarantined_or_discarded_archived_and_do_not_stop_the_rest(tmp_path: Path):
    bodies = {
        "plan.html": (PDF, "quarantined not-html"),
        "empty.html": (b"", "discarded no-text"),
        "deep.html": (b"<html><body>" + b"<div>" * 200_000, "quarantined too-deep"),
        "bomb.html": (BOMB.encode(), "ok"),
        "good.html": (MINISTERS.encode(), "ok"),
    }
    with Site() as site:
        site["/feed.xml"] = rss(*(Listed(site.url(f"/news/{name}")) for name in bodies))
        for name, (body, _) in bodies.items():
            site[f"/news/{name}"] = Answer(body)
        sources(tmp_path, source(site.url()))
        crawled = otswatch("crawl", "local", folder=tmp_path, allowed_hosts=site.host)
    assert crawled.code == 0, crawled.err
    assert re.search(rf"local +published +{len(bodies)}", crawled.out)

    consumed = otswatch("consume", "--once", folder=tmp_path)
    assert consumed.code == 0, consumed.err
    for outcome in {outcome for _, outcome in bodies.values()}:
        count = sum(outcome == other for _, other in bodies.values())
        assert re.search(rf"extract +{outcome.replace(' ', ' +')} +{count}\b", consumed.out), outcome
    assert re.search(rf"archive +ok +{len(bodies)}", consumed.out)

    kept = WarcArchive(tmp_path / "data" / "archive").pages(datetime(2020, 1, 1, tzinfo=UTC))
    assert {fetched.content() for fetched in kept} == {body for body, _ in bodies.values()}


def test_an_address_in_a_private_network_is_not_an_answer(tmp_path: Path):
    with Site() as site:
        sources(tmp_path, source(site.url()))
        crawled = otswatch("crawl", "local", folder=tmp_path)
        assert site.paths() == []
    assert (crawled.code, "private-address" in crawled.out) == (0, True)
    assert re.search(r"local +ready +\d+ s ago +never ", otswatch("status", folder=tmp_path).out)


# ---------------------------------------------------------------------------------------- what the user's folders hold


@pytest.mark.parametrize(
    ("command", "name"),
    [("consume --once", "bus"), ("status", "index"), ("crawl report-az", "state"), ("search", "index")],
)
def test_data_that_is_none_is_one_line_and_stays_as_it_is(command: str, name: str, tmp_path: Path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / f"{name}.sqlite").write_text("not a database\n" * 100, encoding="utf-8")
    said = otswatch(*command.split(), folder=tmp_path)
    assert (said.code, said.out) == (1, "")
    assert said.error.startswith(f"data/{name}.sqlite is damaged")
    assert (tmp_path / "data" / f"{name}.sqlite").read_text(encoding="utf-8") == "not a database\n" * 100


def test_the_doctor_finds_damaged_data(tmp_path: Path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "bus.sqlite").write_text("not a database\n" * 100, encoding="utf-8")
    said = otswatch("doctor", folder=tmp_path)
    assert said.code == 1
    assert "FAIL data folder: data/bus.sqlite is damaged" in said.out


def test_a_data_folder_that_is_a_file(tmp_path: Path):
    (tmp_path / "data").write_text("", encoding="utf-8")
    said = otswatch("status", folder=tmp_path)
    assert (said.code, said.out) == (2, "")
    assert "OTSWATCH_DATA" in said.error


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("- id: mine", "own.yaml: mine: name: Field required"),
        ("- id: [", "own.yaml: cannot be read"),
        ("id: mine", "own.yaml: a list of sources is expected"),
    ],
)
def test_a_file_of_sources_that_cannot_be_used_is_named(text: str, error: str, tmp_path: Path):
    (tmp_path / "otswatch.d" / "sources").mkdir(parents=True)
    (tmp_path / "otswatch.d" / "sources" / "own.yaml").write_text(text, encoding="utf-8")
    said = otswatch("crawl", folder=tmp_path)
    assert (said.code, said.out) == (2, "")
    assert error in said.error


@pytest.mark.parametrize(
    "command",
    [
        "consume --once",
        "process page.html",
        "explain page.html",
        "stages",
    ],
)
def test_a_file_of_words_that_cannot_be_used_is_named_and_no_page_pays_for_it(command: str, tmp_path: Path):
    (tmp_path / "otswatch.d" / "taxonomy" / "areas").mkdir(parents=True)
    (tmp_path / "otswatch.d" / "taxonomy" / "areas" / "own.yaml").write_text(BAD_TERM, encoding="utf-8")
    (tmp_path / "page.html").write_text(MINISTERS, encoding="utf-8")
    waiting = page("https://steppe-wire.example/1", MINISTERS)
    (tmp_path / "data").mkdir()
    with SqliteBus(tmp_path / "data" / "bus.sqlite") as bus:
        bus.publish([Outgoing("pages", waiting.id, waiting.to_json())])
    said = otswatch(*command.split(), folder=tmp_path)
    assert (said.code, said.out) == (2, "")
    assert said.error.startswith("otswatch.d/taxonomy/areas/own.yaml, line 3, terms.0.wieght")
    with SqliteBus(tmp_path / "data" / "bus.sqlite") as bus:
        assert [lag.messages for lag in bus.lag("extract", ["pages"])] == [1]
