"""Dossiers: what they claim and why, what readers see of it, and how a fault in a file is named."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from otswatch import taxonomy
from otswatch.consumers import dossiers as stage
from otswatch.consumers.chain import extract_given
from otswatch.dossier_trial import would_claim
from otswatch.dossiers import Dossier, Dossiers, load
from otswatch.errors import ConfigError
from otswatch.index import Search, for_readers
from otswatch.index.projection import project_article
from otswatch.index.sqlite import SqliteIndex
from otswatch.query import parse
from otswatch.records import Article
from tests.factory import FETCHED, article
from tests.test_chain import require_evidence_to_match
from tests.test_cli import Command, command  # noqa: F401 - a fixture

CYPRUS = """id: cyprus
names: {en: Cyprus, tr: Kıbrıs}
query: 'kıbrıs* OR cyprus OR кипр* OR country:trnc'
"""
ELECTION = (
    "Kıbrıs’ta seçim hazırlıkları sürüyor\n\n"
    "Türkiye Dışişleri Bakanlığı, Kıbrıs Türk halkının iradesine saygı duyulmasını istedi. Kıbrıs'taki gözlemciler "
    "sandıkların açılmasını bekliyor."
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all tests: reading the taxonomy that belongs to it takes a second."""
    return tmp_path_factory.mktemp("otswatch.d")


def own(folder: Path, **files: str) -> Path:
    """A user's folder with these dossiers and no others."""
    load.cache_clear()
    shutil.rmtree(folder / "dossiers", ignore_errors=True)
    (folder / "dossiers").mkdir(parents=True)
    for name, content in files.items():
        (folder / "dossiers" / f"{name}.yaml").write_text(content, encoding="utf-8")
    return folder


@pytest.fixture
def process(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The pipeline's stages under the dossiers of a folder."""

    def run(text: str, source: str | None = None, url: str | None = None, **files: str) -> Article:
        known = load(own(folder, **files))
        monkeypatch.setattr(stage, "dossiers", lambda: known)
        return extract_given(text=text, source=source, url=url)

    return run


# ------------------------------------------------------------------------------------------------------------- claiming


def test_without_a_dossier_it_is_discarded(process: Any) -> None:
    found = process(ELECTION)
    assert (found.status, found.reason, found.dossiers) == ("discarded", "not-about-ots", ())


def test_what_a_dossier_claims_is_kept_with_the_words_that_say_so(process: Any) -> None:
    found = process(ELECTION, cyprus=CYPRUS)
    assert (found.status, found.reason, found.relevance.level) == ("ok", None, "none")
    [claim] = found.dossiers
    assert claim.id == "cyprus"
    assert [(piece.frame, piece.text, piece.rule.partition(":")[2]) for piece in claim.evidence] == [
        ("title", "Kıbrıs", "kibris*"),
        ("text", "Kıbrıs", "kibris*"),
        ("text", "Kıbrıs", "kibris*"),
        ("text", "Türkiye", "state:tr"),
    ]
    require_evidence_to_match(found, ELECTION)


def test_only_items_of_member_and_observer_states_are_claimed(process: Any) -> None:
    abroad = "Cyprus and Malta signed a fishing treaty.\n\nThe ministers met in Valletta on Monday."
    assert process(abroad, cyprus=CYPRUS).status == "discarded"
    claimed = process(abroad, source="brt", url="https://brtk.example/fishing-treaty", cyprus=CYPRUS)
    assert claimed.status == "ok"
    reason = claimed.dossiers[0].evidence[-1]
    assert (reason.frame, reason.text) == ("url", "https://brtk.example/fishing-treaty")
    assert reason.rule.endswith(":state:trnc")


def test_countries_and_sources_narrow_it(process: Any) -> None:
    assert process(ELECTION, cyprus=CYPRUS + "countries: [kz, uz]\n").status == "discarded"
    assert process(ELECTION, cyprus=CYPRUS + "countries: [kz, tr]\n").status == "ok"
    assert process(ELECTION, source="trt-haber", cyprus=CYPRUS + "sources: [brt]\n").status == "discarded"
    assert process(ELECTION, source="brt", cyprus=CYPRUS + "sources: [brt]\n").status == "ok"


def test_news_of_the_ots_belongs_to_a_dossier_too(process: Any) -> None:
    text = "The Organization of Turkic States discussed Cyprus.\n\nThe Organization of Turkic States met in Vienna."
    found = process(text, cyprus=CYPRUS)
    assert (found.status, found.relevance.level) == ("ok", "about")
    assert [piece.text for piece in found.dossiers[0].evidence] == ["Cyprus", "Organization of Turkic States"]


def test_labels_are_asked_for_as_in_a_search(process: Any) -> None:
    trnc = "The TRNC parliament met in Lefkoşa.\n\nMembers of parliament discussed the budget of the Northern Cyprus."
    found = process(trnc, a="id: a\nquery: country:trnc -budget\n", b="id: b\nquery: country:trnc -fishing\n")
    assert [claim.id for claim in found.dossiers] == ["b"]
    assert {piece.text for piece in found.dossiers[0].evidence} >= {"TRNC", "Northern Cyprus"}
    require_evidence_to_match(found, trnc)


def test_background_paragraphs_claim_nothing(folder: Path) -> None:
    known = load(own(folder, cyprus=CYPRUS))
    made = article("a", "Ankara talks in Türkiye went on.\n\nAlso today: Kıbrıs.")
    assert made.content is not None
    start = made.content.text.index("Also")
    mention = extract_given(text=made.content.text).mentions
    paragraph = mention[0].evidence[0].replace(start=start, end=len(made.content.text), text="Also today: Kıbrıs.")
    assert known.claims(made.replace(mentions=mention))
    quiet = made.replace(mentions=mention, content=made.content.replace(background=(paragraph,)))
    assert known.claims(quiet) == ()


def test_a_page_without_a_text_stays_discarded(process: Any) -> None:
    assert process("   ", cyprus=CYPRUS).reason == "no-text"


@settings(max_examples=60, deadline=None)
@given(
    words=st.lists(
        st.sampled_from(["Kıbrıs'ta", "KIBRIS", "Cyprus", "Türkiye", "TRNC", "e-mail", "—", "“x”", "\n\n", "İ"]),
        max_size=14,
    ),
    query=st.sampled_from(
        ["kıbrıs*", '"cyprus türkiye"', "country:trnc", "e-mail", "(kıbrıs OR cyprus) -x", "title:cyprus"]
    ),
)
def test_every_piece_of_evidence_matches_its_words(words: list[str], query: str) -> None:
    dossier = Dossier(id="d", query=query)
    known = Dossiers(((dossier, dossier.read(taxonomy.load())),), {}, frozenset({"tr", "trnc"}), "v")
    text = " ".join(words)
    made = extract_given(text=text)
    require_evidence_to_match(made.replace(dossiers=known.claims(made)), text)


# ------------------------------------------------------------------------------------------------------------- readers


@pytest.fixture
def index(process: Any, tmp_path: Path) -> Any:
    index = SqliteIndex(tmp_path / "index.sqlite")
    about = "The Organization of Turkic States met.\n\nThe Organization of Turkic States discussed Cyprus and trade."
    made = {
        "election": process(ELECTION, cyprus=CYPRUS),
        "summit": process(about, cyprus=CYPRUS),
        "bus": process("A bus line was opened.\n\nBuses run every hour in Little Hampton."),
    }
    index.put([project_article(each.replace(id=id_)) for id_, each in made.items()])
    yield index
    index.close()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", {"summit"}),
        ("cyprus OR kıbrıs*", {"summit"}),
        ("dossier:cyprus", {"summit", "election"}),
        ("dossier:cyprus seçim*", {"election"}),
        ("-dossier:cyprus", set()),
        ("id:election", {"election"}),
        ("relevance:none", {"election"}),
        ("status:discarded", {"bus"}),
        ("status:ok", {"summit", "election"}),
    ],
)
def test_readers_see_what_a_dossier_keeps_where_they_ask_for_it(
    index: SqliteIndex, typed: str, found: set[str]
) -> None:
    hits = index.search(for_readers(Search(query=parse(typed))))
    assert {record["id"] for record in hits.documents} == found


def test_a_dossier_is_counted(index: SqliteIndex) -> None:
    [bucket] = index.facets(for_readers(Search(query=parse("dossier:cyprus"))), ["dossier"])["dossier"]
    assert (bucket.key, bucket.count) == ("cyprus", 2)


# ---------------------------------------------------------------------------------------------------------- trying out


def test_what_would_be_claimed_is_what_then_is(process: Any, folder: Path, tmp_path: Path) -> None:
    """Of what was discarded before there was a dossier."""
    texts = {
        "election": ELECTION,
        "trnc": "The TRNC parliament met in Lefkoşa.\n\nMembers of parliament discussed the budget.",
        "abroad": "Cyprus and Malta signed a fishing treaty.\n\nThe ministers met in Valletta on Monday.",
        "bus": "A bus line in Kazakhstan.\n\nBuses run every hour in Astana and nobody spoke of islands.",
        "draft": "A draft on Kıbrıs in Türkiye.\n\nThe draft speaks of Kıbrıs and of Türkiye only.",
    }
    query = "id: cyprus\nquery: (kıbrıs OR cyprus OR country:trnc) -(draft OR country:kz)\n"
    index = SqliteIndex(tmp_path / "index.sqlite")
    for id_, text in texts.items():
        made = process(text).replace(id=id_)
        index.put([project_article(made.replace(trace=made.trace.replace(first_seen=FETCHED)))])
    claimed = {id_ for id_, text in texts.items() if process(text, cyprus=query).status == "ok"}
    known = load(own(folder, cyprus=query))
    [(dossier, node)] = known.dossiers
    found = list(would_claim(known, dossier, node, index, FETCHED - timedelta(days=1)))
    assert {each.article.id for each in found} == claimed == {"election", "trnc"}
    assert {each.state for each in found} == {"tr", "trnc"}
    assert list(would_claim(known, dossier, node, index, FETCHED + timedelta(days=1))) == []
    index.close()


def test_the_commands_show_what_there_is_and_what_would_be(command: Command, process: Any, tmp_path: Path) -> None:  # noqa: F811
    said = command("dossiers", "list")
    assert (said.code, said.out) == (2, "")
    assert "follow-a-topic.md" in said.error
    seen = datetime.now(UTC) - timedelta(days=3)
    index = SqliteIndex(tmp_path / "data" / "index.sqlite")
    for id_, made in (
        ("kept", process(ELECTION, cyprus=CYPRUS)),
        ("discarded", process(ELECTION, cyprus="id: x\nquery: y\n")),
    ):
        index.put([project_article(made.replace(id=id_, trace=made.trace.replace(first_seen=seen)))])
    index.close()
    own(tmp_path / "otswatch.d", cyprus=CYPRUS)
    assert re.search(r"cyprus \(Cyprus\) .* any +any +1 +1", command("dossiers", "list").out)
    [would] = json.loads(command("dossiers", "try", "--format", "json").out)
    assert (would["dossier"], would["id"], would["state"], would["relevance"]) == ("cyprus", "discarded", "tr", "none")
    shown = command("dossiers", "try", "cyprus")
    assert "Kıbrıs’ta seçim hazırlıkları sürüyor" in shown.out
    assert "1 discarded articles of the last 30 days would be kept" in shown.err
    assert re.search(r"next: otswatch reprocess --since \S+ --stage dossiers", shown.err)
    assert json.loads(command("dossiers", "try", "--days", "1", "--format", "json").out) == []
    assert "no dossier 'malta'; there are: cyprus" in command("dossiers", "try", "malta").error


# --------------------------------------------------------------------------------------------------------------- files


def test_the_version_is_that_of_the_content(folder: Path) -> None:
    assert load(own(folder)).version == load(None).version == "none"
    versions = {"none"}
    for content in (CYPRUS, CYPRUS.replace("OR country:trnc", ""), CYPRUS + "countries: [tr]\n"):
        versions.add(load(own(folder, cyprus=content)).version)
    assert len(versions) == 4


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("id: x\nquery: '(kıbrıs'\n", r"line 2, query: .*ends too early"),
        ("id: x\nquery: '-draft'\n", r"line 2, query: .*words that it looks for"),
        ("id: x\nquery: '—'\n", r"line 2, query: .*no letters"),
        ("id: x\nquery: kıbrıs colour:red\n", r"line 2, query: .*no field is called colour"),
        ("id: x\nquery: kıbrıs dossier:y\n", r"line 2, query: dossier: is not known yet"),
        ("id: x\n", r"line 1, query: Field required"),
        (
            "- id: x\n  query: kıbrıs\n  countries: [tr, gr]\n",
            r"line 3, 0\.countries\.1: no countries 'gr'; there are: az,",
        ),
        (
            "id: x\nquery: kıbrıs\nsources: [nobody]\n",
            r"line 3, sources\.0: no sources 'nobody'.*otswatch sources list",
        ),
        ("id: x\nquery: kıbrıs\nname: Cyprus\n", r"line 3, name: Extra inputs"),
        ("- id: x\n  query: kıbrıs\n- id: x\n  query: cyprus\n", r"line 3, 1\.id: 'x' stands in .*x\.yaml already"),
        ("id: Kıbrıs\nquery: kıbrıs\n", r"line 1, id"),
        ("kıbrıs\n", r"line 1, file: one entry or a list"),
        ("id: [\n", r"not YAML"),
    ],
)
def test_a_fault_is_named_by_file_line_and_field(folder: Path, content: str, complaint: str) -> None:
    with pytest.raises(ConfigError, match=rf"x\.yaml.*{complaint}"):
        load(own(folder, x=content))


def test_no_dossier_is_shipped() -> None:
    assert load(None).dossiers == ()
