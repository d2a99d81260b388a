"""The registry: sources are YAML, and what cannot be used is said with file and field."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from otswatch.crawlers.registry import SHIPPED, Source, load, select
from otswatch.errors import ConfigError, UsageError

GOOD = r"""
- id: example-news
  name: Example News
  country: KZ
  languages: [kk, ru]
  feeds: [https://news.example/rss]
  article: https://news\.example/\d{4}/[a-z-]+/?
  example: https://news.example/2026/ministers-meet
"""


def write(folder: Path, text: str, name: str = "KZ.yaml") -> Path:
    (folder / "sources").mkdir(exist_ok=True)
    path = folder / "sources" / name
    path.write_text(text, encoding="utf-8")
    return path


def only(folder: Path, id_: str = "example-news") -> Source:
    return next(source for source in load(folder) if source.id == id_)


def test_shipped_files_are_named_after_their_country():
    for path in SHIPPED.glob("*.yaml"):
        assert {entry["country"] for entry in yaml.safe_load(path.read_text(encoding="utf-8"))} == {path.stem}


def test_a_source_is_eight_lines_of_yaml(tmp_path):
    assert len(GOOD.strip().splitlines()) <= 8
    write(tmp_path, GOOD)
    source = only(tmp_path)
    assert (source.status, source.delay, source.kind) == ("ready", 2.0, None)
    assert source.feeds[0].url == "https://news.example/rss"


def test_article_patterns_see_the_whole_address_without_tracking(tmp_path):
    write(tmp_path, GOOD)
    source = only(tmp_path)
    assert source.is_article("https://news.example/2026/a?utm_source=rss#top")
    assert not source.is_article("https://news.example/2026/a?page=2")
    assert not source.is_article("https://news.example/2026/")
    assert not source.is_article("https://elsewhere.example/?https://news.example/2026/a")
    assert not source.is_article("http://[")


def test_what_is_taken_of_a_list_depends_on_its_source_and_on_how_far_it_is_followed(tmp_path):
    lists = "  sitemaps: [{url: https://news.example/map.xml, follow: news, verified: on Monday}]\n"
    write(tmp_path, GOOD + lists)
    source = only(tmp_path)
    feed, sitemap = source.routes
    assert source.takes(feed) == {"article": source.article}
    assert source.takes(sitemap) == {"article": source.article, "follow": "news"}


def test_a_source_without_a_route_is_not_set_up(tmp_path):
    write(tmp_path, "- {id: bare, name: B, country: INT, languages: [en]}\n")
    write(
        tmp_path,
        "- {id: patternless, name: P, country: TR, languages: [tr], feeds: ['https://p.example/f']}\n",
        "TR.yaml",
    )
    write(tmp_path, GOOD + "  enabled: false\n", "KG.yaml")
    assert [only(tmp_path, id_).status for id_ in ("bare", "patternless", "example-news")] == [
        "not-set-up",
        "not-set-up",
        "disabled",
    ]


def test_own_fields_win_over_shipped_ones(tmp_path):
    write(tmp_path, "- {id: report-az, delay: 30, note: ours}\n")
    merged = only(tmp_path, "report-az")
    shipped = next(source for source in load() if source.id == "report-az")
    assert merged == shipped.model_copy(update={"delay": 30.0, "note": "ours"})


def test_no_folder_and_empty_files_are_fine(tmp_path):
    assert load(tmp_path / "none") == load()
    write(tmp_path, "# nothing yet\n")
    assert load(tmp_path) == load()


BROKEN = {
    "no id": ("- name: X\n", "entry 1: `id`"),
    "a number for an id": ("- id: 5\n", "entry 1: `id`"),
    "text for an entry": ("- hello\n", "entry 1: `id`"),
    "no list": ("id: x\n", "a list of sources is expected"),
    "not YAML": ("- id: [\n", "cannot be read"),
    "no such day": (
        GOOD + "  note: 2025-02-30\n",
        "a day or a number that does not exist: day is out of range for month; correct it",
    ),
    "twice": (GOOD + GOOD, "id: 'example-news' stands in"),
    "bad id": (GOOD.replace("example-news", "Example News"), "Example News: id"),
    "unknown field": (GOOD + "  feed: x\n", "example-news: feed: Extra inputs"),
    "no name": (GOOD.replace("  name: Example News\n", ""), "example-news: name: Field required"),
    "country as YAML reads NO": (GOOD.replace("KZ", "NO"), "example-news: country"),
    "language": (GOOD.replace("kk", "kazakh"), "example-news: languages.0"),
    "kind": (GOOD + "  kind: blog\n", "example-news: kind"),
    "feed address": (
        GOOD.replace("https://news.example/rss", "file:///etc/passwd"),
        "example-news: feeds.0.url: not an",
    ),
    "pattern": (GOOD.replace(r"\d{4}", "("), "example-news: article: not a regular expression"),
    "pattern and example": (GOOD.replace("/2026/", "/26/"), "example-news: article: `article` does not match"),
    "no example": (GOOD.partition("  example")[0], "example-news: article: `article` needs an `example`"),
    "delay": (GOOD + "  delay: -1\n", "example-news: delay"),
}


@pytest.mark.parametrize(("text", "says"), BROKEN.values(), ids=BROKEN.keys())
def test_errors_name_file_and_field(tmp_path, text, says):
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as error:
        load(tmp_path)
    assert str(error.value).startswith(f"{path}: ")
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_is_no_text_is_a_config_error(tmp_path):
    write(tmp_path, "").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="cannot be read"):
        load(tmp_path)


def test_select_by_id():
    sources = load()
    watched = tuple(source for source in sources if source.watch)
    assert 0 < len(watched) < len(sources)
    assert (select(sources, []), select(sources, [], every=True)) == (watched, sources)
    assert [source.id for source in select(sources, ["report-az", "mfa-tr"])] == ["report-az", "mfa-tr"]
    with pytest.raises(UsageError, match="no source 'nobody'"):
        select(sources, ["nobody"])


DOCUMENTED = Path(__file__).parent.parent / "docs" / "reference" / "sources.md"


def test_the_reference_has_every_field_and_its_examples_work(tmp_path):
    text = DOCUMENTED.read_text(encoding="utf-8")
    assert all(f"| `{field}` |" in text for field in Source.model_fields)
    for number, example in enumerate(text.split("```yaml\n")[1:]):
        write(tmp_path, example.partition("```")[0], f"{number}.yaml")
    assert only(tmp_path).status == "ready"
    assert only(tmp_path, "dailysabah").status == "disabled"
