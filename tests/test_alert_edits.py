"""What counts as another text of an article, and how it is told."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otswatch.alerts import edits
from otswatch.alerts.edits import edit, stands
from otswatch.alerts.items import Items
from otswatch.alerts.known import Change
from otswatch.alerts.letter import Item
from otswatch.alerts.news import News
from otswatch.alerts.preview import preview
from otswatch.alerts.rendering import letter
from otswatch.index import Search
from otswatch.index.version_projection import project_version
from otswatch.records import Article, Content, Evidence, Quote
from otswatch.web.names import Names
from tests.alerting import BEGAN, Newsroom, article, subscription

TITLE = "Leaders meet at the summit in Baku"
MEET = "The leaders of five states met on Monday behind closed doors."
FUND = "They founded an investment fund with 500 million dollars."
TRAIN = "A night train will run between Astana and Tashkent from June."
TEXT = f"{MEET} {FUND}\n\n{TRAIN}"


def version(text: str, number: int = 0, title: str = TITLE, **changes: Any) -> Article:
    """The article as it was fetched for the `number`-th time."""
    made = article("a", title, version=number, **{"quotes": (), **changes})
    content = Content(title=title, text=text, language="en", extractor="test/1")
    content = content.model_copy(update=changes.pop("content", {}))
    return made.replace(content=content, trace=made.trace.replace(again=number or None))


def told(before: str, now: str, **changes: Any) -> tuple[str | None, str | None] | None:
    change = edit(version(before), version(now, 1, **changes), ())
    return change and (change.before, change.after)


@pytest.mark.parametrize(
    "now",
    [
        TEXT.upper(),
        TEXT.replace(" ", "  ").replace("\n\n", "\n"),
        TEXT.replace("night train", "nighttrain"),
        TEXT.replace(". ", "; ").replace(".", ""),
        TEXT.replace("investment", "investmnet").replace("between", "betwen"),
        TEXT.replace("million", "milion"),
        f"{TRAIN}\n\n{MEET}\n\n{FUND}",
        f"{TEXT}\n\nRead: 345",
        f"BAKU – {TEXT}".replace("BAKU – ", ""),
    ],
    ids=["case", "spaces", "a lost space", "marks", "slips", "a slip", "moved", "a counter", "the same"],
)
def test_the_same_words_are_no_other_text(now: str) -> None:
    assert told(TEXT, now) is None
    assert told(now, TEXT) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("500 million", "800 million"),
        ("500 million", "500 billion"),
        ("with 500", "with 5.0"),
        ("1.5 million", "15 million"),
        ("will run", "will not run"),
        ("from June", "from July"),
        ("founded", "did not found"),
        ("Astana and Tashkent", "Astana and Bishkek"),
    ],
)
def test_a_figure_a_name_or_a_not_is_another_text(one: str, other: str) -> None:
    text = TEXT.replace("500", "1.5") if "1.5" in one else TEXT
    assert one in text
    found = told(text, text.replace(one, other))
    assert found is not None
    before, after = found
    assert before is not None
    assert after is not None
    assert one in before
    assert other in after


def test_sentences_that_went_and_came_are_shown() -> None:
    assert told(TEXT, f"{MEET}\n\n{TRAIN}") == (FUND, None)
    assert told(f"{MEET}\n\n{TRAIN}", TEXT) == (None, FUND)
    assert told(f"{MEET} {FUND}", f"{MEET} {TRAIN}") == (FUND, TRAIN)
    assert told(TEXT, TEXT, title="Leaders quarrel at the summit in Baku") == (
        TITLE,
        "Leaders quarrel at the summit in Baku",
    )
    shorter = TRAIN.replace(" from June", "")
    assert told(f"{MEET} {TRAIN}", f"{MEET} {shorter}") == (TRAIN, shorter)
    assert told(f"{MEET} {shorter}", f"{MEET} {TRAIN}") == (shorter, TRAIN)


def test_of_a_long_sentence_the_place_is_shown_where_it_differs() -> None:
    long = " ".join(f"word{number}" for number in range(60))
    found = told(long, long.replace("word30", "other"))
    assert found is not None
    before, after = found
    assert before is not None
    assert after is not None
    assert before.startswith("… word26 word27 word28 word29 word30 word31")
    assert after.startswith("… word26 word27 word28 word29 other word31")
    assert before.endswith(" …")
    assert max(len(before), len(after)) < 180


def test_background_and_dateline_are_no_text() -> None:
    house = "The organisation was founded in 2009 and has five member states."
    start = len(TEXT) + 2
    background = Evidence(frame="text", start=start, end=start + len(house), text=house, rule="background/1")
    marked = {"background": (background,)}
    plain, with_it = version(TEXT), version(f"{TEXT}\n\n{house}", 1, content=marked)
    assert edit(plain, with_it, ()) is None
    assert edit(with_it, plain, ()) is None
    assert edit(version(f"{TEXT}\n\n{house}"), with_it, ()) is None, "known for background meanwhile"
    dated = version(TEXT, 1, content={"dateline": "BAKU, 4 May 2026."})
    assert edit(version(f"BAKU, 4 May 2026. {TEXT}"), dated, ()) is None
    assert edit(dated, version(f"BAKU, 4 May 2026. {TEXT}"), ()) is None
    assert edit(version(TEXT), dated, ()) is None


def test_long_texts_with_nothing_in_common_are_not_compared_sentence_by_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[object] = []

    class Counted(SequenceMatcher[str]):
        def __init__(self, *args: Any, **more: Any) -> None:
            compared.append(1)
            super().__init__(*args, **more)

    monkeypatch.setattr(edits, "SequenceMatcher", Counted)
    dice = random.Random(7)  # noqa: S311 - a test draws

    def long(sentences: int) -> str:
        words = [f"word{number}" for number in range(300)]
        return " ".join(f"Then {' '.join(dice.choices(words, k=12))}." for _ in range(sentences))

    change = told(long(900), long(900))
    assert change
    assert len(compared) < 20_000, "of 1.6 million pairs"
    same = long(900)
    assert told(f"{same} {FUND}", f"{same} {FUND.replace('million', 'milion')}") is None, (
        "one slip is found in any text"
    )


def test_what_another_cleaner_made_is_not_compared() -> None:
    now = version(MEET, 1)
    now = now.replace(trace=now.trace.replace(stages={"clean": "clean/2"}))
    assert edit(version(TEXT), now, ()) is None


def quoting(text: str, words: str, number: int = 1) -> Article:
    start = text.index(words)
    new = Quote(id="q9", speaker=None, text=words, start=start, end=start + len(words), direct=True, rule="test/1")
    return version(text, number, quotes=(new,))


SAID = "“We will build one corridor. It opens in May,” the minister said."
WORDS = "We will build one corridor. It opens in May,"


def test_new_words_that_are_told_as_a_quote_are_not_told_twice() -> None:
    with_quote = quoting(f"{TEXT}\n\n{SAID}", WORDS)
    assert edit(version(TEXT), with_quote, ("q9",)) is None
    without = edit(version(TEXT), with_quote, ())
    assert without is not None, "a quote that is no news, as in what another report had before"
    both = edit(version(f"{MEET}\n\n{TRAIN}"), quoting(f"{TEXT}\n\n{SAID}", WORDS), ("q9",))
    assert both is not None
    assert (both.before, both.after) == (None, FUND)


def test_a_change_stands_until_it_is_taken_back() -> None:
    first, second = version(TEXT), version(f"{MEET} {TRAIN}\n\nA bank was founded, too.", 1)
    change = edit(first, second, ())
    assert change is not None
    assert stands(change, second)
    assert stands(change, version(f"{MEET} {TRAIN} More was said. A bank was founded, too.", 2))
    assert not stands(change, first)
    longer = version(TEXT.replace("from June", "from June to September"), 1)
    lengthened = edit(first, longer, ())
    assert lengthened is not None
    assert stands(lengthened, longer)
    assert not stands(lengthened, first)
    assert not stands(change, version(f"{MEET} {TRAIN}", 2))


ALPHABETS = "abcdefghijklmnopqrstuvwxyzçğıöşüəñ", "абвгдежзийклмнопрстуфхцчшыьэюяқңүұө"


@st.composite
def texts(draw: st.DrawFn) -> str:
    letters = st.sampled_from(draw(st.sampled_from(ALPHABETS)))
    word = st.text(letters, min_size=2, max_size=9)
    sentence = st.lists(word, min_size=3, max_size=9).map(" ".join)
    return ". ".join(draw(st.lists(sentence, min_size=1, max_size=6))) + "."


def _case(text: str, chance: random.Random) -> str:
    # Not every letter has one partner: `ı` becomes `I`, which is folded like `i`, and so is `ı` itself.
    return "".join(letter.upper() if chance.random() < 0.3 else letter for letter in text)


def _spaces(text: str, chance: random.Random) -> str:
    return "".join(letter * chance.choice((1, 1, 2)) if letter == " " else letter for letter in text)


def _lost_space(text: str, chance: random.Random) -> str:
    places = [place for place, letter in enumerate(text) if letter == " "]
    if not places:
        return text
    place = chance.choice(places)
    return text[:place] + text[place + 1 :]


def _marks(text: str, chance: random.Random) -> str:
    return "".join(chance.choice(("", ",", ";", " –", "”")) + " " if letter == " " else letter for letter in text)


def _typo(text: str, chance: random.Random) -> str:
    words = text.split(" ")
    long = [place for place, word in enumerate(words) if len(word.strip(".")) > 4]
    if long:
        word = words[place := chance.choice(long)]
        at = chance.randrange(1, len(word.strip(".")) - 1)
        words[place] = chance.choice(
            (word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:], word[:at] + text[0] + word[at + 1 :])
        )
    return " ".join(words)


@given(
    texts(), st.lists(st.sampled_from((_case, _spaces, _lost_space, _marks)), max_size=3), st.booleans(), st.integers()
)
def test_texts_that_differ_in_no_word_are_the_same(
    text: str, ways: list[Callable[[str, random.Random], str]], typo: bool, seed: int
) -> None:
    chance, now = random.Random(seed), text  # noqa: S311 - a test draws
    if typo:
        now = _typo(now, chance)
    else:
        for way in ways:
            now = way(now, chance)
    assert told(text, now) is None
    assert told(now, text) is None


@given(texts(), texts())
def test_whatever_changed_it_is_said_of_both_or_of_neither_and_stands(one: str, other: str) -> None:
    there, back = edit(version(one), version(other, 1), ()), edit(version(other), version(one, 1), ())
    assert (there is None) == (back is None)
    if there:
        assert stands(there, version(other, 1))
        assert there.between == (BEGAN, BEGAN + timedelta(hours=1))


# ----------------------------------------------------------------------------------------------------------- as alerts


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Newsroom]:
    made = Newsroom(tmp_path, [subscription()])
    yield made
    made.index.close()


def refetched(room: Newsroom, before: Article, now: Article, **options: Any) -> None:
    """As `index` does it: both versions first."""
    room.index.put([project_version(before), project_version(now, ("text",))])
    room.publish(now, **options)


def test_a_changed_text_is_told_once_to_those_who_were_told_of_it(room: Newsroom) -> None:
    room.publish(version(TEXT))
    assert room.letters() == [("story/story-a",)]
    changed = version(TEXT.replace("500", "800"), 1)
    refetched(room, version(TEXT), changed)
    [[key]] = room.letters(hours=1)
    assert key.startswith("correction/a/")
    room.look(changed)
    room.restart()
    room.look(changed)
    assert room.letters(hours=1) == []
    refetched(room, changed, version(TEXT.replace("500", "900"), 2))
    [[other]] = room.letters(hours=1)
    assert other != key


def test_who_was_not_told_of_it_is_not_told_of_its_change(room: Newsroom) -> None:
    room.publish(version(TEXT))
    room.letters()
    copy = version(TEXT, story="story-a").replace(id="b")
    room.publish(copy)
    assert room.letters(hours=1) == []
    changed = version(TEXT.replace("500", "800"), 1).replace(id="b")
    refetched(room, copy, changed)
    assert room.letters(hours=1) == []


@pytest.mark.parametrize("options", [{"origin": "reprocess"}, {"origin": "moved"}])
def test_a_text_that_is_only_made_again_is_not_told(room: Newsroom, options: dict[str, Any]) -> None:
    room.publish(version(TEXT))
    room.letters()
    refetched(room, version(TEXT), version(TEXT.replace("500", "800"), 1), **options)
    assert room.letters(hours=1) == []


def test_a_mended_text_is_not_told(room: Newsroom) -> None:
    room.publish(version(TEXT))
    room.letters()
    refetched(room, version(TEXT), version(TEXT.replace("investment", "investmnet"), 1))
    assert room.letters(hours=1) == []


def test_a_digest_tells_what_stands_of_all_that_changed(room: Newsroom) -> None:
    room.publish(version(TEXT))
    room.letters()
    room.subscriptions = [subscription(rhythm={"every": "day", "at": "08:00"})]
    room.restart()
    first, second = version(TEXT.replace("500", "800"), 1), version(TEXT.replace("500", "900"), 2)
    refetched(room, version(TEXT), first)
    refetched(room, first, second)
    [keys] = room.letters(days=1)
    assert len(keys) == 1, "the first change was changed again"


def test_two_corrected_articles_of_a_story_are_two_items(room: Newsroom) -> None:
    texts = {"a": TEXT, "b": f"{TEXT} All of it is a copy of the wire."}
    made = {id_: version(text).replace(id=id_, story=version(text).story) for id_, text in texts.items()}
    room.publish(*made.values())
    assert len(room.letters()) == 1
    for id_, before in made.items():
        now = version(texts[id_].replace("500", "800"), 1).replace(id=id_)
        room.index.put([project_version(before), project_version(now)])
        room.publish(now)
    [keys] = room.letters(hours=1)
    assert sorted(key.split("/")[1] for key in keys) == ["a", "b"]
    assert room.letters(hours=1) == []


def test_a_preview_plays_what_changed_at_its_time(room: Newsroom) -> None:
    later = version(TEXT.replace("500", "800"), 24)
    room.publish(later)
    room.index.put([project_version(version(TEXT)), project_version(later, ("text",))])
    room.index.refresh()
    found = preview(subscription(), room.index, frozenset(), BEGAN, BEGAN + timedelta(days=3))
    assert [each.at for each in found] == [BEGAN, BEGAN + timedelta(days=1)]
    assert [each.keys[0].split("/")[0] for each in found] == ["story", "correction"]


def item(changes: tuple[Change, ...], zone: str = "Asia/Baku") -> Item:
    news = News(what="correction", at=BEGAN, story="story-a", article="a", changes=changes, units={"a": ()})
    return Items(subscription(zone=zone), Search(), Names({}, {}, {}, {}, {}, {})).of(news, {"a": version(TEXT, 1)})


def test_a_letter_says_what_changed_and_when_both_texts_were_read() -> None:
    change = edit(version(TEXT), version(TEXT.replace("500", "800"), 1), ())
    assert change is not None
    made = item((change,))
    assert made.change == (
        f"text changed: removed “{FUND}”, added “{FUND.replace('500', '800')}”"
        " (read 4 May 2026, 13:00 +04:00 and 4 May 2026, 14:00 +04:00)"
    )
    written = letter(subscription(), [made], id="1", now=BEGAN)
    assert "Correction: Leaders meet" in written.subject
    assert "removed “They founded an investment fund with 500 million" in " ".join(written.text.split())
    assert "added “They founded an investment fund with 800 million" in written.html
