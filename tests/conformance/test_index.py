"""What anything that speaks `Index` must do: documents, queries, filters, facets. The rest is in test_index_*.py."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from otswatch.index import Document, Index, Put, Range, Search, for_readers
from otswatch.query import And, Keyword, Not, Phrase, Prefix, Word, parse
from tests.conformance.indexes import NOON, counts, document, found, put

# ----------------------------------------------------------------------------------------------- put, get, versions


def test_a_record_is_given_back_as_it_was_put_at_once(index: Index) -> None:
    record = {"id": "a", "title": "Zirve \U0001f54a \x00 İ", "areas": [{"id": "energy", "score": 1.5}], "none": None}
    assert index.put([Document("articles", "a", 1, {"id": "a"}, record)]) == [Put("a", "stored")]
    assert index.get("articles", "a") == record


def test_what_was_never_put_is_nothing(index: Index) -> None:
    put(index, document("a"))
    assert index.get("articles", "b") is None
    assert index.get("aliases", "a") is None
    assert index.get("articles", "\udc80") is None
    assert index.get("articles", "a\0b") is None


def test_many_are_read_in_one_request(index: Index) -> None:
    put(index, document("a", title="Zirve"), document("ğ", title="Corridor"))
    found = index.get_many("articles", ["a", "ğ", "b", "\udc80", "a"])
    assert {id_: record["title"] for id_, record in found.items()} == {"a": "Zirve", "ğ": "Corridor"}
    assert index.get_many("articles", []) == index.get_many("aliases", ["a"]) == {}


def test_an_empty_index_finds_nothing(index: Index) -> None:
    hits = index.search(Search(ranges={"published": Range(start=NOON)}))
    assert (hits.total, hits.undated, hits.documents, hits.after) == (0, 0, (), None)
    assert index.facets(Search(), ["area"]) == {"area": []}
    assert index.timeline(Search(), "first_seen", "day") == []
    assert index.put([]) == []


def test_a_newer_version_replaces_the_whole_document(index: Index) -> None:
    put(index, document("a", title="Customs corridor", area=["customs"], published=NOON))
    assert put(index, document("a", version=2, title="Space agencies", area=["space"]))[0].result == "stored"
    assert found(index, "customs") == []
    assert found(index, filters={"area": ["customs"]}) == []
    assert found(index, ranges={"published": Range(start=NOON)}) == []
    assert found(index, "space") == ["a"]
    assert index.search(Search()).total == 1


def test_the_same_version_again_is_stored(index: Index) -> None:
    assert [put(index, document("a", title="Zirve"))[0].result for _ in range(2)] == ["stored", "stored"]
    assert index.search(Search(query=parse("zirve"))).total == 1


def test_an_older_version_is_stale_and_changes_nothing(index: Index) -> None:
    put(index, document("a", version=5, title="Space agencies"))
    stale = put(index, document("a", version=4, title="Customs corridor"))[0]
    assert (stale.id, stale.result) == ("a", "stale")
    assert index.get("articles", "a") == {"id": "a", "title": "Space agencies"}
    assert found(index, "customs") == []


def test_versions_hold_within_one_batch(index: Index) -> None:
    results = put(index, document("a", version=2, title="new"), document("a", version=1, title="old"))
    assert [result.result for result in results] == ["stored", "stale"]
    assert found(index, "new") == ["a"]


def test_kinds_are_apart(index: Index) -> None:
    alias = Document("aliases", "a", 1, {"id": "a", "article": "b", "reason": "redirect", "at": NOON}, {"alias": "a"})
    put(index, document("a", title="Zirve"), alias)
    assert index.get("aliases", "a") == {"alias": "a"}
    assert index.search(Search(kind="aliases", sort="at")).total == 1
    assert index.search(Search(kind="aliases", sort="at", filters={"article": ["b"]})).documents == ({"alias": "a"},)
    assert found(index) == ["a"]


@pytest.mark.parametrize(
    ("bad", "word"),
    [
        (document("bad", colour="blue"), "colour"),
        (document("bad", record="{}"), "record"),
        (document("bad", quotes="three"), "quotes"),
        (document("bad", quotes=True), "quotes"),
        (document("bad", quotes=1 << 31), "quotes"),
        (document("bad", undated="no"), "undated"),
        (document("bad", published="2025-04-15"), "published"),
        (document("bad", published=datetime(2025, 4, 15)), "published"),
        (document("bad", published=datetime.min.replace(tzinfo=ZoneInfo("Asia/Baku"))), "published"),
        (document("bad", area=7), "area"),
        (document("bad", area=["energy", 7]), "area"),  # type: ignore[list-item]  # a wrong type is the point
        (document("bad", title=NOON), "title"),
        (document("bad", source="\ud800"), "source"),
        (document("bad", url="x" * 32_767), "url"),
        (document("x" * 513), "id"),
        (document("\udc80"), "id"),
        (document("bad", version=-1), "version"),
        (Document("recipes", "bad", 1, {}, {}), "recipes"),
        (Document("articles", "bad", 1, {}, {"nan": float("nan")}), "record"),
        (Document("articles", "bad", 1, {}, {"half": "\ud800"}), "record"),
        (Document("articles", "bad", 1, {}, {"object": object()}), "record"),
    ],
)
def test_a_document_that_does_not_fit_is_refused_and_its_neighbours_are_stored(
    index: Index, bad: Document, word: str
) -> None:
    results = put(index, document("a"), bad, document("b"))
    assert [result.result for result in results] == ["stored", "refused", "stored"]
    assert results[1].id == bad.id
    assert word in results[1].reason
    assert "\n" not in results[1].reason
    assert found(index) == ["a", "b"]


def test_a_tombstone_is_given_by_id_and_shown_nowhere(index: Index) -> None:
    put(index, document("a", title="Zirve", area=["energy"]), document("b", title="Zirve", area=["energy"]))
    gone = {"id": "a", "title": "Zirve", "gone": NOON, "gone_reason": "http-error"}
    put(index, Document("articles", "a", 2, gone, {"id": "a", "gone": {"reason": "http-error"}}))
    assert index.get("articles", "a") == {"id": "a", "gone": {"reason": "http-error"}}
    assert found(index) == found(index, "zirve") == found(index, "-space") == found(index, "id:a OR id:b") == ["b"]
    assert counts(index.facets(Search(), ["area"])["area"]) == [("energy", 1)]
    assert counts(index.timeline(Search(), "first_seen", "day")) == [("2025-04-15T00:00:00+00:00", 1)]
    assert put(index, document("a", title="Zirve"))[0].result == "stale"
    put(index, document("a", version=3, title="Zirve"))
    assert found(index) == ["a", "b"]


def test_empty_values_are_no_values(index: Index) -> None:
    assert put(index, document("a", area=[], source=None, title="", author=()))[0].result == "stored"
    assert found(index, missing=["area", "source", "author"]) == ["a"]


# ---------------------------------------------------------------------------------------------------------- queries


@pytest.fixture
def newsroom(index: Index) -> Index:
    put(
        index,
        document(
            "summit",
            title="Türk Devletleri Teşkilatı zirvesi Bakü'de toplandı",
            text="TDT'nin liderleri e-ticaret ve enerji üzerine konuştu. İstanbul Bildirisi anıldı.",
            area=["political", "energy"],
            main_area="political",
            language="tr",
            source="ajans",
            kind="news",
            country=["az", "tr"],
            status="ok",
            speaker=["p-1"],
            speaker_names=["Ayla Ersoy", "Deniz Kaya"],
        ),
        document(
            "customs",
            title="Customs heads sign a corridor plan",
            text="Heads of customs of the Turkic states met in Tashkent. The energy ministers meet next.",
            area=["customs"],
            main_area="customs",
            language="en",
            source="bulletin",
            kind="statement",
            country=["uz"],
            body=["ots"],
            person_names=["Jasur Karimov"],
            author_names=["A. Writer"],
        ),
        document(
            "cyrillic",
            title="Түркі мемлекеттері ұйымының саммиті",
            text="Астанада ТМҰ-ның кездесуі өтті. Energy is a word here.",
            area=["political"],
            main_area="political",
            language="kk",
            source="ajans",
            country=["kz"],
        ),
        document("rejected", title="Energy prices", status="discarded", language="en", source="bulletin"),
    )
    return index


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("customs", {"customs"}),
        ("customs corridor", {"customs"}),
        ("customs AND zirvesi", set()),
        ("corridor OR zirvesi", {"customs", "summit"}),
        ("energy", {"customs", "cyrillic", "rejected"}),
        ("energy -customs", {"cyrillic", "rejected"}),
        ("energy NOT (customs OR prices)", {"cyrillic"}),
        ("-energy", {"summit"}),
        ("-energy -zirvesi", set()),
        ("NOT (customs OR zirvesi OR prices)", {"cyrillic"}),
        ('"turkic states"', {"customs"}),
        ('"states turkic"', set()),
        ('"corridor plan heads"', set()),  # ends of the title and start of the text are not neighbours
        ("«turkic states»", {"customs"}),
        ("e-ticaret", {"summit"}),
        ("ticaret-e", set()),
        ("corr*", {"customs"}),
        ("teşkilat*", {"summit"}),
        ("title:energy", {"rejected"}),
        ("text:energy", {"customs", "cyrillic"}),
        ("title:(energy OR corridor)", {"rejected", "customs"}),
        ('title:"corridor plan"', {"customs"}),
        ("text:tash*", {"customs"}),
        ("area:energy", {"summit"}),
        ("area:(energy OR customs)", {"summit", "customs"}),
        ("area:political energy", {"cyrillic"}),
        ("area:political OR corridor", {"summit", "cyrillic", "customs"}),
        ("area:political -lang:kk", {"summit"}),
        ("-area:political", {"customs", "rejected"}),
        ("(area:political OR corridor) -(lang:kk OR zirvesi)", {"customs"}),
        ("source:ajans kind:news", {"summit"}),
        ("country:uz body:ots", {"customs"}),
        ("area:(political energy)", {"summit"}),
        ("area:Energy", set()),
        ("status:discarded", {"rejected"}),
        ("speaker:ersoy", {"summit"}),
        ('speaker:"AYLA ERSOY"', {"summit"}),
        ('speaker:"ersoy deniz"', set()),  # the end of one name and the start of the next
        ("person:karim*", {"customs"}),
        ("author:writer", {"customs"}),
        ("speaker:karimov", set()),
        ("person:karimov -area:space customs", {"customs"}),
        ("…  customs", {"customs"}),
    ],
)
def test_each_form_of_query(newsroom: Index, query: str, expected: set[str]) -> None:
    assert set(found(newsroom, query)) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("TURK DEVLETLERI TESKILATI", "summit"),
        ("türk devletleri teşkilatı", "summit"),
        ('"TÜRK DEVLETLERİ TEŞKİLATI"', "summit"),
        ("TDT", "summit"),
        ("tdt'ye", "summit"),
        ("İstanbul", "summit"),
        ("ISTANBUL", "summit"),
        ("istanbul", "summit"),
        ("ıstanbul", "summit"),
        ("Baku", "summit"),
        ("БАКҮ OR ТҮРКІ", "cyrillic"),
        ("турки мемлекеттери", "cyrillic"),
        ("ТМУ", "cyrillic"),
    ],
)
def test_turkic_spellings_find_each_other(newsroom: Index, query: str, expected: str) -> None:
    assert found(newsroom, query) == [expected]


def test_a_blank_query_finds_everything(newsroom: Index) -> None:
    assert newsroom.search(Search(query=parse("  "))).total == 4


def test_readers_see_what_is_kept_unless_they_ask(newsroom: Index) -> None:
    def ids(search: Search) -> set[object]:
        return {hit["id"] for hit in newsroom.search(for_readers(search)).documents}

    assert ids(Search()) == {"summit", "customs", "cyrillic"}
    assert ids(Search(query=parse("energy"))) == {"customs", "cyrillic"}
    assert ids(Search(query=parse("status:discarded"))) == {"rejected"}
    assert ids(Search(filters={"status": ["discarded"], "language": ["en"]})) == {"rejected"}
    assert ids(Search(filters={"language": ["en"]})) == {"customs"}


def test_the_longest_and_deepest_queries_are_answered(newsroom: Index) -> None:
    many = [f"w{n}" for n in range(398)]
    assert set(found(newsroom, " OR ".join([*many, "customs", "area:energy"]))) == {"customs", "summit"}
    assert set(found(newsroom, " ".join(f"-{word}" for word in [*many, "energy"]))) == {"summit"}
    assert found(newsroom, " OR ".join(f"area:{word}" for word in many)) == []
    assert found(newsroom, f'"{" ".join(["energy"] * 700)}"') == []
    nested = "customs"
    for level in range(10):
        nested = f"(area:x{level} OR (heads {nested}))"
    assert found(newsroom, nested) == ["customs"]


def test_a_word_longer_than_any_engine_keeps_still_finds_itself(index: Index) -> None:
    put(index, document("a", text="ab" * 40_000 + " end"))
    assert found(index, "ab" * 400) == ["a"]
    assert found(index, f'"{"ab" * 400} end"') == ["a"]


def test_a_query_made_by_hand_cannot_break_out(newsroom: Index) -> None:
    for text in ('energy" OR "customs', "a' OR 1=1 --", "*", "NEAR(", "title:energy", "", "\ud800", "a\x00b"):
        for node in (Word(text), Prefix(text), Phrase((text, text)), Keyword("area", text), Word(text, "title")):
            assert newsroom.search(Search(query=Not(And((node, Word("energy")))))).total >= 1


# --------------------------------------------------------------------------------------------- filters, ranges, facets


def test_values_of_a_filter_are_alternatives_and_filters_add_up(newsroom: Index) -> None:
    assert set(found(newsroom, filters={"area": ["energy", "customs"]})) == {"summit", "customs"}
    assert set(found(newsroom, filters={"area": ["political"], "language": ["tr"]})) == {"summit"}
    assert found(newsroom, "energy", filters={"country": ["kz"]}) == ["cyrillic"]
    assert len(found(newsroom, filters={"area": []})) == 4


def test_booleans_and_numbers_are_filtered_and_counted(index: Index) -> None:
    put(index, document("a", undated=True, quotes=0), document("b", undated=False, quotes=12))
    assert found(index, filters={"undated": ["true"]}) == ["a"]
    assert found(index, filters={"quotes": ["12"]}) == ["b"]
    facets = index.facets(Search(), ["undated", "quotes"])
    assert counts(facets["undated"]) == [("false", 1), ("true", 1)]
    assert counts(facets["quotes"]) == [("0", 1), ("12", 1)]


@pytest.fixture
def dated(index: Index) -> Index:
    for day in range(1, 6):
        put(index, document(f"d{day}", published=datetime(2025, 4, day, tzinfo=UTC), area=["energy"]))
    put(index, document("undated1", area=["energy"]), document("undated2", modified=NOON))
    return index


def test_a_range_is_half_open_and_counts_what_has_no_date(dated: Index) -> None:
    april = Range(datetime(2025, 4, 2, tzinfo=UTC), datetime(2025, 4, 4, tzinfo=UTC))
    hits = dated.search(Search(ranges={"published": april}))
    assert sorted(hit["id"] for hit in hits.documents) == ["d2", "d3"]
    assert (hits.total, hits.undated) == (2, 2)
    hits = dated.search(Search(ranges={"published": april}, filters={"area": ["energy"]}))
    assert (hits.total, hits.undated) == (2, 1)
    assert dated.search(Search()).undated == 0


def test_ranges_may_be_open_and_may_be_several(dated: Index) -> None:
    third = datetime(2025, 4, 3, tzinfo=UTC)
    assert set(found(dated, ranges={"published": Range(start=third)})) == {"d3", "d4", "d5"}
    assert set(found(dated, ranges={"published": Range(end=third)})) == {"d1", "d2"}
    assert len(found(dated, ranges={"published": Range()})) == 5
    both = Search(ranges={"published": Range(start=third), "modified": Range(start=third)})
    assert (dated.search(both).total, dated.search(both).undated) == (0, 5)  # d3 to d5 and both without a date
    early = Search(ranges={"published": Range(start=third), "modified": Range(end=third)})
    assert dated.search(early).undated == 4  # undated2 was modified, but later


def test_ranges_take_any_offset(dated: Index) -> None:
    baku = ZoneInfo("Asia/Baku")
    day = Range(datetime(2025, 4, 3, 4, tzinfo=baku), datetime(2025, 4, 3, 4, 0, 1, tzinfo=baku))
    assert found(dated, ranges={"published": day}) == ["d3"]


def test_what_has_no_value_can_be_asked_for(dated: Index) -> None:
    assert set(found(dated, missing=["published"])) == {"undated1", "undated2"}
    assert set(found(dated, missing=["published", "area"])) == {"undated2"}


def test_facets_are_sorted_by_count_then_value(newsroom: Index) -> None:
    facets = newsroom.facets(Search(), ["area", "language", "meeting"])
    assert counts(facets["area"]) == [("political", 2), ("customs", 1), ("energy", 1)]
    assert counts(facets["language"]) == [("en", 2), ("kk", 1), ("tr", 1)]
    assert facets["meeting"] == []
    assert list(facets) == ["area", "language", "meeting"]
    assert counts(newsroom.facets(Search(), ["area"], size=1)["area"]) == [("political", 2)]


def test_facets_count_what_the_search_finds(newsroom: Index) -> None:
    search = Search(query=parse("energy"), filters={"status": ["ok"]}, size=1)
    assert counts(newsroom.facets(search, ["area"])["area"]) == [("customs", 1), ("political", 1)]


def test_facets_sort_values_by_code_point(index: Index) -> None:
    put(index, document("a", speaker=["Şahin", "Zeki", "ayla", "Ömer", "\U0001f54a", "�"]))
    assert [b.key for b in index.facets(Search(), ["speaker"])["speaker"]] == [
        "Zeki",
        "ayla",
        "Ömer",
        "Şahin",
        "�",
        "\U0001f54a",
    ]
