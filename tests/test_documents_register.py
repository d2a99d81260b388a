"""The register of known documents: what is shipped, and what a user may write over it."""

from __future__ import annotations

from pathlib import Path

import pytest

from otswatch.documents import load, read
from otswatch.documents.register import day_of, document_id
from otswatch.documents.search import Labels
from otswatch.errors import ConfigError
from otswatch.taxonomy import LANGUAGES
from tests.documents import said

OWN = """
- id: declaration-konya-2026-09-04
  type: declaration
  adopted: {place: konya, day: 2026-09-04}
  titles: {en: Konya Declaration}
  names: {en: [Mevlana Declaration]}
  source: the ministry's archive
  as_of: 2026-11
"""


def own(folder: Path, text: str) -> Path:
    (folder / "documents").mkdir()
    (folder / "documents" / "mine.yaml").write_text(text, encoding="utf-8")
    return folder


class TestShipped:
    @pytest.mark.parametrize("id_", load().known)
    def test_an_entry_is_whole(self, id_: str):
        known = load().known[id_]
        assert set(known.titles) == set(LANGUAGES)
        assert known.id == document_id(load().stem(known.type or ""), known.place or "", known.day)
        assert day_of(known.id) == known.day
        assert known.source
        assert set(known.signatories) <= set(load().taxonomy.countries)

    @pytest.mark.parametrize("id_", [id_ for id_ in load().known if load().known[id_].meeting])
    def test_its_meeting_is_the_one_that_the_taxonomy_has_on_that_day(self, id_: str):
        known, taxonomy = load().known[id_], load().taxonomy
        series, _, rest = (known.meeting or "").partition("-")
        assert series in taxonomy.series
        if rest.isdigit():
            held = next(each for each in taxonomy.series[series].held if each.number == int(rest))
            assert (held.to, held.place) == (known.day, known.place)
        else:
            assert rest == known.day.isoformat()

    def test_types_have_names_in_all_languages(self):
        assert all(set(type_.names) == set(LANGUAGES) for type_ in load().types.values())

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_every_title_names_its_own_document(self, language: str):
        """With its year where two have the name; a title that names no organisation is the OTS's own."""
        register = load()
        for known in register.known.values():
            article = said(f"{known.titles[language]} ({known.day.year})", id_="one")
            assert article.content is not None
            content = article.content.replace(language=language)
            found = read(register, article.replace(status="ok", content=content), official=False).reports()
            assert list(found) == [known.id], known.titles[language]


class TestOwn:
    def test_is_merged_over_what_is_shipped(self, tmp_path: Path):
        register = load(own(tmp_path, OWN))
        assert {"declaration-konya-2026-09-04", "declaration-gabala-2025-10-07"} <= set(register.known)
        article = said("The Organization of Turkic States follows the Mevlana Declaration.")
        assert list(read(register, article, official=False).reports()) == ["declaration-konya-2026-09-04"]

    def test_may_add_a_name_to_a_shipped_entry(self, tmp_path: Path):
        more = "- {id: declaration-shusha-2024-07-06, as_of: 2026-11, names: {en: [Garabag Declaration]}}"
        known = load(own(tmp_path, more)).known["declaration-shusha-2024-07-06"]
        assert known.names["en"][-1] == "Garabag Declaration"
        assert known.titles["ru"] == "Карабахская декларация"

    @pytest.mark.parametrize(
        ("old", "new", "complaint"),
        [
            ("type: declaration", "type: speech", r"line 3, 0\.type: 'speech' is not one of declaration, "),
            (
                "2026-09-04\n  type",
                "2026-09-05\n  type",
                r"of its type, place and day the id is declaration-konya-2026-",
            ),
            ("place: konya", "place: atlantis", r"'atlantis' is not in places\.yaml"),
            ("  source: the ministry's archive\n", "", r"adopted, titles and source are needed"),
            ("as_of: 2026-11", "as_of: 2026-11\n  color: red", r"line 9, 0\.color: Extra inputs are not permitted"),
        ],
    )
    def test_a_mistake_is_named_with_its_place(self, tmp_path: Path, old: str, new: str, complaint: str):
        assert old in OWN
        with pytest.raises(ConfigError, match=complaint):
            load(own(tmp_path, OWN.replace(old, new)))


def test_who_met_and_signed_is_called_by_name():
    labels = Labels(load())
    assert labels.meeting("agriculture_ministers-2026-09-04") == "Ministers of Agriculture"
    assert labels.meeting("summit-11") == "Summit 11"
    signed = ["kg", "agriculture_ministers", "council_of_foreign_ministers", "turksoy"]
    assert [labels.of(id_) for id_ in signed] == [
        "Kyrgyzstan",
        "Ministers of Agriculture",
        "Council of Foreign Ministers",
        "International Organization of Turkic Culture",
    ]
