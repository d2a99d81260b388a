"""The generator of copies keeps what `benchmarks/labelled/stories/copies.md` says of each kind."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.copies import (
    ADDED,
    KINDS,
    LANGUAGES,
    Telling,
    article,
    copies,
    copy,
    main_name,
    originals,
    without_marks,
)
from otswatch.text.folding import fold, tokens

EVERY = [each for language in LANGUAGES for each in originals(language)]
Check = Callable[[Telling, Telling], bool]


def letters(text: str) -> str:
    return "".join(text.split())


def words(text: str) -> set[str]:
    return {token.text for token in tokens(text)}


def is_exact(old: Telling, new: Telling) -> bool:
    return (new.title, new.text) == (old.title, old.text)


def has_lost_spaces(old: Telling, new: Telling) -> bool:
    gaps = len(old.text.split()) - 1
    lost = gaps - (len(new.text.split()) - 1)
    breaks = old.text.count("\n\n")
    few = lost <= breaks + gaps // 40 + 1
    return letters(new.text) == letters(old.text) and "\n" not in new.text and breaks < lost and few


def is_shortened(old: Telling, new: Telling) -> bool:
    endings = ["", *ADDED[old.language]["more"]]
    left = [new.text.removesuffix(more).rstrip("\n") for more in endings]
    left = [text for text in left if old.text.startswith(text) and re.search(r"[.!?…:;,][\"”“»']*$", text)]
    few = len(re.findall(r"[.!?…;]\s", old.text)) < 3
    return new.title == old.title and any(0.4 < len(text) / len(old.text) < 0.9 or few for text in left)


def has_another_headline(old: Telling, new: Telling) -> bool:
    return (
        new.text == old.text and new.title != old.title and words(new.title) & words(old.title) <= words(main_name(old))
    )


def has_background(old: Telling, new: Telling) -> bool:
    added = [each for each in new.paragraphs if each not in old.paragraphs]
    kept = [each for each in new.paragraphs if each in old.paragraphs]
    at = new.paragraphs.index(added[0]) if added else -1
    known = set(added) <= set(ADDED[old.language]["background"])
    return kept == old.paragraphs and known and len(added) in (1, 2) and at in (1, len(old.paragraphs))


def has_a_prefix_or_byline(old: Telling, new: Telling) -> bool:
    added = new.text.replace(old.text, "")
    return old.text in new.text and 0 < len(added) < 80 and "{" not in added


def has_other_punctuation(old: Telling, new: Telling) -> bool:
    return fold(new.text) == fold(old.text) and fold(new.title) == fold(old.title) and not re.search("[–—…ʻ]", new.text)


def has_no_diacritics(old: Telling, new: Telling) -> bool:
    same = (fold(new.title), fold(new.text)) == (fold(old.title), fold(old.text))
    return same and new.text != old.text and not re.search("[şıəöžçñýüğқңўөұі]", new.text)


def is_reordered(old: Telling, new: Telling) -> bool:
    same = sorted(new.paragraphs) == sorted(old.paragraphs) and new.paragraphs != old.paragraphs
    return same and old.paragraphs[0] in new.paragraphs[:2]


def has_one_sentence_edited(old: Telling, new: Telling) -> bool:
    matcher = difflib.SequenceMatcher(None, old.text.split(), new.text.split(), autojunk=False)
    changed = [(max(b - a, d - c)) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]
    figures = re.findall(r"\d+", new.text) == re.findall(r"\d+", old.text)
    return new.title == old.title and figures and 0 < sum(changed) <= 5


def is_the_first_paragraph(old: Telling, new: Telling) -> bool:
    return (new.title, new.text) == (old.title, old.paragraphs[0])


def has_boilerplate(old: Telling, new: Telling) -> bool:
    kept = [each for each in new.paragraphs if each in old.paragraphs]
    return kept == old.paragraphs and len(new.paragraphs) - len(kept) >= 4 and new.paragraphs[0] != kept[0]


CHECKS: dict[str, Check] = {
    "exact": is_exact,
    "lost spaces": has_lost_spaces,
    "shortened at the end": is_shortened,
    "other headline": has_another_headline,
    "added background": has_background,
    "agency prefix": has_a_prefix_or_byline,
    "changed punctuation": has_other_punctuation,
    "no diacritics": has_no_diacritics,
    "reordered paragraphs": is_reordered,
    "one sentence edited": has_one_sentence_edited,
    "first paragraph only": is_the_first_paragraph,
    "boilerplate added": has_boilerplate,
}


def test_there_are_twelve_kinds_and_nine_languages_with_scores_of_originals() -> None:
    assert list(KINDS) == list(CHECKS)
    assert len(LANGUAGES) == 9
    for language in LANGUAGES:
        found = originals(language)
        assert len({each.story for each in found}) == len(found) > 60


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_copy_differs_as_its_kind_says_and_in_nothing_else(kind: str) -> None:
    # English has hardly a mark to lose.
    with_marks = [each for each in EVERY if kind != "no diacritics" or without_marks(each.text) != each.text]
    wrong = [each.id for each in with_marks if not CHECKS[kind](each, copy(each, kind))]
    assert len(with_marks) > 600
    assert not wrong


@given(st.sampled_from(EVERY), st.sampled_from(list(KINDS)), st.integers(0, 10**6))
def test_a_seed_makes_the_same_copy_again_and_it_stays_the_story(original: Telling, kind: str, seed: int) -> None:
    made = copy(original, kind, seed)
    assert made == copy(original, kind, seed)
    assert (made.story, made.language, made.kind) == (original.story, original.language, kind)
    assert timedelta() <= made.published - original.published <= timedelta(hours=48)
    assert made.text.strip()
    assert made.title.strip()


def test_another_seed_makes_other_copies() -> None:
    original = originals("tr")[0]
    one, other = ([(each.title, each.text) for each in copies(original, seed)] for seed in (1, 2))
    assert sum(a != b for a, b in zip(one, other, strict=True)) > 4


@given(st.text())
def test_letters_without_marks_have_none_left_to_lose(text: str) -> None:
    plain = without_marks(text)
    assert without_marks(plain) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Şuşa şəhəri, özü", "Susa seheri, ozu"),
        ("ılık İzmir ğ", "ilik Izmir g"),
        ("Қазақтың әні, өңір, ұйым, һәм, і", "Казактын ани, онир, уйым, хам, и"),
        ("Ўзбек ҳам, йўл, ещё", "Узбек хам, йул, еще"),
        ("ýyl, Žurnal, ňy, ä", "yyl, Zurnal, ny, a"),
        ("őrült űr", "orult ur"),
    ],
)
def test_old_systems_have_these_letters(text: str, plain: str) -> None:
    assert without_marks(text) == plain


def test_a_check_sees_a_copy_that_is_not_of_its_kind() -> None:
    for original in EVERY[:20]:
        for kind, check in CHECKS.items():
            others = [name for name in KINDS if name not in (kind, "changed punctuation", "no diacritics", "exact")]
            other = Random(original.id + kind).choice(others)  # noqa: S311 - the same in every run
            assert not check(original, copy(original, other)), (original.id, kind, other)


def test_the_pipeline_reads_title_text_and_day_of_a_telling() -> None:
    telling = Telling(
        id="steppe-1",
        story="steppe",
        kind="original",
        language="en",
        source="steppe-daily",
        published=datetime(2026, 5, 5, 9, tzinfo=UTC),
        title="Rectors of Turkic universities agree on a common exam",
        text="Rectors of forty universities of the Organization of Turkic States agreed in Osh on a common entrance "
        "exam.\n\nThe first candidates will sit it in June <next year>, the host, Aida Sultanova, said on Tuesday.",
    )
    made = article(telling)
    assert made.content is not None
    assert (made.content.title, made.content.text) == (telling.title, telling.text)
    assert (made.source, made.status) == (telling.source, "ok")
    assert made.published is not None
    assert made.published.at.startswith("2026-05-05")
    assert article(telling, dated=False).published is None
    assert article(replace(telling, id="steppe-2")).id != made.id
