"""Expansion: a name finds all its spellings, a word its endings and its other script; nothing typed is lost by it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from otswatch import process, taxonomy
from otswatch.errors import QuerySyntaxError
from otswatch.evaluate import Fields
from otswatch.expansion import MAX_LEAVES, Expanded, expand
from otswatch.expansion.words import spelt_word
from otswatch.index import Document, Index, Search, Value, for_readers
from otswatch.index.projection import project_article
from otswatch.query import (
    TEXT_FIELDS,
    And,
    Choice,
    Forms,
    Inflected,
    Keyword,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Word,
    leaves,
    parse,
    words,
)
from otswatch.text.folding import fold
from tests import multilingual as corpus
from tests.conformance.conftest import INDEXES, opened_index

KNOWN = taxonomy.load()


def read(query: str) -> Expanded:
    node = parse(query)
    assert node is not None
    return expand(node, KNOWN)


# ------------------------------------------------------------------------------------- one name, the same articles

#: Five names of one organisation: today's in two languages, in capitals without marks, a calque, the old name.
SPELLINGS = (
    "Türk Devletleri Teşkilatı",
    "TURK DEVLETLERI TESKILATI",
    "Түркі мемлекеттері ұйымы",
    "ОТГ",
    "Turkic Council",
)

#: Each names the OTS in one way only.
ABOUT = {
    "tr": "Türk Devletleri Teşkilatı'nın tarım bakanları Kayseri'de toplandı. Bakanlar, tohum değişimi için ortak bir "
    "kurul oluşturmayı kararlaştırdı. Toplantıya gözlemci ülkeler de katıldı.",
    "tr_capitals": "TÜRK DEVLETLERİ TEŞKİLATI TARIM BAKANLARI KAYSERİ'DE TOPLANDI. Bakanlar, tohum değişimi için ortak "
    "bir kurul oluşturmayı kararlaştırdı.",
    "kk": "Түркі мемлекеттері ұйымына мүше елдердің ауыл шаруашылығы министрлері Түркістанда бас қосты. Министрлер "
    "тұқым алмасу жөніндегі жоспарды бекітті.",
    "kk_latin": "Túrki memleketteri uıymynyń aýyl sharýashylyǵy mınıstrleri Túrkistanda bas qosty. Mınıstrler tuqym "
    "almasý jónindegi josparды bekitti.",
    "kk_arabic": "تۇركى مەملەكەتتەرى ۇيىمىنا مۇشە ەلدەردىڭ اۋىل شارۋاشىلىعى مينيسترلەرى تۇركىستاندا باس قوستى. "
    "مينيسترلەر تۇقىم الماسۋ جونىندەگى جوسپاردى بەكىتتى.",
    "ru": "Министры сельского хозяйства стран Организации тюркских государств собрались в Ташкенте. ОТГ создаст общий "
    "семенной банк, сообщили в Казахстане.",
    "ru_short": "Генеральный секретарь ОТГ Кубанычбек Омуралиев прибыл в Бишкек. В Кыргызстане он обсудит с министром "
    "подготовку к саммиту ОТГ.",
    "old": "The Turkic Council opened an office for trade in Budapest. The Turkic Council has five members, and "
    "Hungary is an observer.",
    "az": "Türk Dövlətləri Təşkilatının kənd təsərrüfatı nazirləri Şəkidə görüşdülər. Nazirlər toxum mübadiləsi üzrə "
    "birgə qurum yaratmağa razılaşdılar.",
    "uz": "Turkiy davlatlar tashkiloti qishloq xo‘jaligi vazirlari Samarqandda uchrashdi. Vazirlar urug‘ almashinuvi "
    "bo‘yicha qo‘shma kengash tuzishga kelishdilar.",
    "hu": "A Türk Államok Szervezete agrárminiszterei Budapesten találkoztak. A miniszterek közös vetőmagbankról "
    "állapodtak meg.",
}
#: Kept, and about a body; or not kept: abbreviations that are something else, and words that stand apart.
OTHERS = {
    "turksoy": "TÜRKSOY opened an exhibition of felt carpets in Ankara. TÜRKSOY has shown the work of nomad weavers "
    "since 1993, its secretary general said.",
    "hromada": "Совет Решетиловской ОТГ на Полтавщине утвердил бюджет громады. Староста села сообщил о ремонте школы.",
    "adapter": "The OTG adapter lets a telephone read memory cards. Reviewers found the OTG cable too short.",
    "apart": "The council of the village praised a singer of Turkic songs, and the council gave her a medal.",
}


def _document(name: str, text: str) -> Document:
    return project_article(process(text=text).replace(id=name))


@pytest.fixture(scope="module", params=INDEXES)
def index(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    """Articles as the stages make them, the classifier among them."""
    for opened in opened_index(request, tmp_path_factory.mktemp("index")):
        made = [_document(name, text) for name, text in (ABOUT | OTHERS).items()]
        assert {put.result for put in opened.put(made)} == {"stored"}
        opened.refresh()
        yield opened


def found(index: Index, node: Node | None, **filters: tuple[str, ...]) -> set[str]:
    hits = index.search(for_readers(Search(query=node, size=100, filters=filters)))
    return {str(record["id"]) for record in hits.documents}


@pytest.mark.parametrize("quotes", ["", '"'])
def test_every_name_of_the_ots_finds_the_same_articles(index: Index, quotes: str) -> None:
    for spelling in SPELLINGS:
        assert found(index, read(f"{quotes}{spelling}{quotes}").node) == set(ABOUT), spelling


def test_exactly_as_written_each_finds_its_own(index: Index) -> None:
    exact = {spelling: found(index, parse(f'"{spelling}"')) for spelling in SPELLINGS}
    assert exact["Türk Devletleri Teşkilatı"] == {"tr", "tr_capitals"}
    assert exact["ОТГ"] == {"ru", "ru_short"}
    assert exact["Turkic Council"] == {"old"}


def test_in_titles_only_titles_are_looked_at_and_abbreviations_are_believed_where_there_is_a_label() -> None:
    titles = {
        "in full": Fields(_article(title="Түркі мемлекеттері ұйымының министрлері бас қосты")),
        "labelled": Fields(_article(title="ТДТ вазирлари йиғилди", body=["ots"])),
        "not labelled": Fields(_article(title="La TDT en casa")),
        "in the text": Fields(_article(title="Toplantı", text="Türk Devletleri Teşkilatı", body=["ots"])),
    }
    for query, names in (
        ('title:"Turkic Council"', {"in full", "labelled"}),
        ("title:TDT", {"in full", "labelled", "not labelled"}),
    ):
        assert {name for name, fields in titles.items() if fields.match(read(query).node)} == names


def _article(**fields: Value) -> Document:
    return Document("articles", "a", 1, fields, {})


def test_without_a_name_is_without_all_its_spellings(index: Index) -> None:
    assert "turksoy" in found(index, read("-ОТГ").node)
    assert not found(index, read('-"Turkic Council"').node) & set(ABOUT)


def test_among_the_discarded_the_abbreviation_that_was_typed_is_found_and_no_other(index: Index) -> None:
    assert found(index, read("ОТГ").node, status=("discarded",)) == {"hromada"}
    assert found(index, read('"Turkic Council"').node, status=("discarded",)) == set()


# ------------------------------------------------------------------------------------------------------------ names


def test_all_names_in_full_are_one_tree() -> None:
    trees = {read(f'"{name}"').node for name in SPELLINGS if name != "ОТГ"}
    [tree] = trees
    assert isinstance(tree, Or)
    assert set(tree.parts) < set(_parts(read("ОТГ").node))


def _parts(node: Node) -> tuple[Node, ...]:
    assert isinstance(node, Or)
    return node.parts


@pytest.mark.parametrize(
    ("query", "keywords"),
    [
        ("otg", ["body:ots"]),
        ("TDT'nin", ["body:ots"]),
        ("TASZ", []),  # a rights organisation; with its accent it is the OTS
        ("TÁSZ", ["body:ots"]),
        ("UN nato", ["body:un"]),
        ("un", []),  # flour
        ("Kazakistan", ["country:kz"]),
        ("Организацией тюркских государств", ["body:ots"]),
        ("Turkic states", []),  # not quite a name
        ('"summit of the Turkic Council"', []),
        ("turkic OR council", []),
        ("turkic -old council", []),
        ("title:turkic council", []),
        ("title:(turkic council)", ["body:ots"]),
        ("speaker:Kazakhstan", []),
        ("body:ots ots*", []),
        ("Dünya Göçebe Oyunları", [None]),  # a programme, which is no label
    ],
)
def test_what_is_a_name(query: str, keywords: list[str | None]) -> None:
    named = [note.keyword for note in read(query).notes if note.keyword or not note.also[0].endswith("~")]
    assert named == keywords or (not keywords and None in named)


def test_a_name_between_words_is_seen_and_the_longest_wins() -> None:
    expanded = read("summit Organization of Turkic States 2025 Kyrgyz Republic")
    assert [note.typed for note in expanded.notes if note.keyword] == [
        "Organization of Turkic States",
        "Kyrgyz Republic",
    ]
    assert isinstance(expanded.node, And)
    assert len(expanded.node.parts) == 4


def test_a_person_is_found_under_every_name_and_by_the_id_that_the_classifier_gave() -> None:
    labelled = _article(person_names=["Тоқаев", "kassym_jomart_tokayev"])
    named = _article(text="Kaszim-Zsomart Tokajevet fogadták.")
    spoke = _article(speaker_names=["Toqaev", "kassym_jomart_tokayev"])
    names = ('"Касым-Жомарт Токаев"', "Kassym-Jomart Tokayev")
    [tree] = {read(name).node for name in names}
    assert [Fields(each).match(tree) for each in (labelled, named, spoke)] == [True, True, False]
    assert read(names[0]).notes[0].keyword == "person:kassym_jomart_tokayev"
    spoken = [read(f"speaker:{name}").node for name in names[:1]]
    assert [Fields(each).match(spoken[0]) for each in (labelled, named, spoke)] == [False, False, True]


def test_what_others_call_a_state_counts_where_there_is_a_label() -> None:
    node = read("KKTC").node
    assert Fields(_article(text="The Turkish Republic of Northern Cyprus holds elections.")).match(node)
    assert Fields(_article(title="Elections in the pseudostate", country=["trnc"])).match(read("title:KKTC").node)
    assert not Fields(_article(title="Elections in the pseudostate")).match(read("title:KKTC").node)


def test_a_note_names_one_of_each_language_first() -> None:
    [note] = read("Turkic Council").notes
    assert (note.typed, note.keyword) == ("Turkic Council", "body:ots")
    assert {"Türk Devletler* Teşkilat*", "Организаци* тюркских государств*"} <= set(note.also[:9])
    assert re.search(r"^Turkic Council: Organization of Turkic States, .* and \d+ more$", str(note))


# ------------------------------------------------------------------------------------------------------------ words


@pytest.mark.parametrize(
    ("word", "forms", "others"),
    [
        ("zirve", "zirve zirvesi zirvede zirvelerinde zirveye", "zirveci zirvesiz"),
        ("саммит", "саммит саммите саммиттин саммиттеринде sammitda", "саммитянин"),
        ("мамлекет", "мамлекет мамлекеттердин мамлекеттерибиз", "мамлекетчил"),
        ("state", "state states", "statement stateless статья"),
        ("организация", "организации организацией организаций", "организационный"),
        ("ministry", "ministry ministries", "ministerial"),
        ("csúcstalálkozó", "csúcstalálkozót csúcstalálkozón csúcstalálkozóján", "csúcs"),
        ("kitap", "kitap kitabı kitapları", "kitapçı"),
        ("Тоқаев", "Toqaev Токаев Tokayev", "Токай"),
        ("davlat", "davlatlar davlatning давлатлар", "davlatchilik"),
    ],
)
def test_a_word_finds_its_forms_and_no_other_words(word: str, forms: str, others: str) -> None:
    node = read(word).node
    assert [form for form in forms.split() if not _finds(node, form)] == []
    assert [other for other in others.split() if _finds(node, other)] == []


def _finds(node: Node, text: str) -> bool:
    return Fields(_article(text=text)).match(node)


def test_a_word_in_quotes_takes_its_other_script_and_no_endings() -> None:
    node = read('"саммит"').node
    assert _finds(node, "sammit")
    assert not _finds(node, "саммите")


def test_a_quoted_phrase_takes_its_other_script() -> None:
    node = read('"ауыл шаруашылығы министрі"').node
    assert _finds(node, "aýyl sharýashylyǵy mınıstri")
    assert not _finds(node, "ауыл шаруашылығы министрінің")


@pytest.mark.parametrize("query", ["gaz", "2025", "e-mail", "zirve*", "area:energy", "x" * 40, "ועידה"])
def test_what_is_short_or_no_word_of_ours_stays_as_it_is(query: str) -> None:
    assert read(query).node == parse(query) or query == "e-mail"


def test_names_of_people_take_no_endings() -> None:
    node = read("speaker:Tokayev").node
    assert isinstance(node, Forms)
    [choice] = node.words
    assert isinstance(choice, Choice)
    assert {"tokayev", "токаев"} <= set(choice.words)


@given(st.text(st.characters(codec="utf-8", categories=["L"]), min_size=1, max_size=40))
@example("o" * 30)
@example("шщ" * 15)
@example("csúcstalálkozójszszszszszsz")
def test_no_expression_is_longer_than_the_server_takes(word: str) -> None:
    for text in words(word)[:1]:
        node = spelt_word(Word(text, written=word)).node
        for leaf in leaves(node):
            if isinstance(leaf, Forms) and isinstance(leaf.words[0], Inflected):
                assert len(leaf.expression) <= 1_000
                assert re.fullmatch(leaf.expression, leaf.words[0].stems[0])


# ------------------------------------------------------------------------------------------------------- properties

_TYPED = sorted({word for sentences in corpus.SENTENCES.values() for one in sentences for word in one.split()})
_TERMS = st.one_of(
    st.sampled_from(_TYPED).map(lambda word: word.strip('“”„«»"()*:,.;–-')),
    st.sampled_from([f'"{name}"' for name in SPELLINGS]),
    st.sampled_from(["ots", "Казахстан", "NATO", "title:зирве", '"саммит"', "area:energy", "kaz*", '"e-mail address"']),
)
_QUERIES = st.lists(st.sampled_from(["", "-"]).flatmap(lambda sign: _TERMS.map(lambda term: sign + term)), max_size=5)


def _node(query: str) -> Node:
    try:
        node = parse(query)
    except QuerySyntaxError:
        node = None
    assume(node is not None)
    assert node is not None
    return node


@given(_QUERIES.map(" ".join) | _QUERIES.map(" OR ".join))
def test_expanding_twice_changes_nothing(query: str) -> None:
    node = _node(query)
    once = expand(node, KNOWN)
    again = expand(once.node, KNOWN)
    assert again == Expanded(once.node)
    assert expand(node, KNOWN) == once


@given(
    query=_QUERIES.map(lambda terms: " OR ".join(term.removeprefix("-") for term in terms)),
    title=st.lists(st.sampled_from(_TYPED), max_size=4).map(" ".join),
    text=st.lists(st.sampled_from([*_TYPED, *SPELLINGS, "ots NATO зирвеси"]), max_size=8).map(" ".join),
)
def test_nothing_that_the_words_as_typed_find_is_lost(query: str, title: str, text: str) -> None:
    node = _node(query)
    fields = Fields(_article(title=title, text=text, area=["energy"]))
    if fields.match(node):
        assert fields.match(expand(node, KNOWN).node)


def test_what_would_grow_too_large_is_refused_with_what_to_do() -> None:
    many = " OR ".join("abcd" + a + b for a, b in product("abcdefghij", "klmnopqrst"))
    assert sum(1 for _ in leaves(read(many).node)) <= MAX_LEAVES
    with pytest.raises(QuerySyntaxError, match="exactly as written"):
        read(" ".join(["ots kazakhstan"] * 20))


def test_the_same_name_twice_costs_once() -> None:
    assert read('ots OR "Turkic Council" OR Түркі мемлекеттері ұйымы').node == read("ots").node


def test_a_tree_made_by_hand_is_taken() -> None:
    tree = And((Or((Word("zirve"), Not(Not(Word("baku"))))), Prefix("a"), Phrase(("e", "mail")), Keyword("area", "x")))
    assert expand(expand(tree, KNOWN).node, KNOWN).node == expand(tree, KNOWN).node
    assert expand(Word("turksoy"), KNOWN).notes[0].keyword == "body:turksoy"


@given(st.text(max_size=30), st.sampled_from([None, *TEXT_FIELDS]))
def test_any_text_can_be_expanded(text: str, field: str | None) -> None:
    node = _node(f'{field}:"{text}"' if field else text)
    for note in expand(node, KNOWN).notes:
        assert fold(note.typed)
        assert all(note.also)
