"""Two articles are one story, or not: copies, texts from one mould, one event in other words, and what is only near."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otswatch.stories import Link, Profile, link, profile
from tests.factory import article
from tests.reports import (
    AGENCY,
    AGENCY_TITLE,
    ANNOUNCEMENT,
    ANNOUNCEMENT_TITLE,
    BLOCK,
    DAY,
    EXPERTS,
    EXPERTS_TITLE,
    FEATURE,
    FEATURE_TITLE,
    seen,
)

MORROW = DAY + timedelta(days=1)
ORIGINAL = seen(AGENCY_TITLE, AGENCY)
RETOLD = seen(FEATURE_TITLE, FEATURE, day=MORROW, source="weekly")


def linked(one: Profile, other: Profile) -> Link | None:
    """The link of two, which is the same in both directions."""
    found = link(one, other)
    assert found == link(other, one)
    return found


def rule(one: Profile, other: Profile) -> str | None:
    found = linked(one, other)
    return found.rule.partition("/")[0] if found else None


# --------------------------------------------------------------------------------------------------------------- copies

#: The letters are the same; a dateline is lifted out of its text.
EXACT = {"same", "lost spaces", "other headline", "agency prefix", "punctuation"}
FIRST, *REST = AGENCY.split("\n\n")
COPIES = {
    "same": (AGENCY_TITLE, AGENCY),
    "lost spaces": (AGENCY_TITLE, AGENCY.replace("\n\n", "").replace("States met", "Statesmet")),
    "shortened": (AGENCY_TITLE, "\n\n".join([FIRST, REST[0]])),
    "other headline": ("Shymkent talks end with a paper on pensions", AGENCY),
    "background": (AGENCY_TITLE, "\n\n".join([FIRST, BLOCK, *REST])),
    "agency prefix": (AGENCY_TITLE, f"SHYMKENT, 16 September (Agency) — {AGENCY}"),
    "punctuation": (AGENCY_TITLE, AGENCY.replace("'", "’").replace(" ", "\u00a0", 3)),
    "reordered": (AGENCY_TITLE, "\n\n".join([REST[1], FIRST, REST[0]])),
    "edited": (
        AGENCY_TITLE,
        AGENCY.replace("and adopted a roadmap on seasonal workers", "to agree on a plan for them"),
    ),
    "first paragraph": (AGENCY_TITLE, FIRST),
    "boilerplate": (AGENCY_TITLE, f"Share on Facebook\n\nSubscribe to our newsletter\n\n{AGENCY}\n\nRead also"),
}


@pytest.mark.parametrize("kind", COPIES)
def test_a_copy_is_the_story_of_its_original(kind: str) -> None:
    title, text = COPIES[kind]
    found = linked(ORIGINAL, seen(title, text, day=MORROW, source="portal"))
    assert found is not None
    assert found.rule == ("exact/1" if kind in EXACT else "syndicated/1")
    assert found.why[0] == "the same text" or found.why[0].endswith("% of the text")


def test_letters_without_their_marks_are_the_same_text() -> None:
    text = (
        "Şamaxıda açılan sərgidə gəzən qonaqlar üçün bələdçilər öyrədilir, çünki gələn yay qonaq sayı ikiqat artacaq. "
        * 2
    )
    bare = text.translate(str.maketrans("Şışəğöüç", "Sisegouc"))
    assert rule(seen("Sərgi", text, language="az"), seen("Sergi", bare, language="az", source="portal")) == "exact"


def test_copies_weeks_apart_are_two_stories() -> None:
    assert rule(ORIGINAL, seen(AGENCY_TITLE, AGENCY, day=DAY + timedelta(days=30), source="portal")) is None


def test_a_few_letters_are_the_same_by_chance() -> None:
    short = seen("From the opening", "Photo gallery of the day")
    assert rule(short, seen("From the summit", "Photo gallery of the day", source="portal")) is None
    assert rule(short, seen("From the opening", "Photo gallery of the day", source="portal")) == "exact"


def test_undated_copies_are_one_story_and_undated_reports_are_not_judged() -> None:
    assert rule(ORIGINAL, seen("Another headline", AGENCY, day=None, source="portal")) == "exact"
    assert rule(ORIGINAL, seen(FEATURE_TITLE, FEATURE, day=None, source="weekly")) is None


# ------------------------------------------------------------------------------------------------ background and moulds


@pytest.mark.parametrize("place", ["behind", "between"])
def test_texts_that_share_nothing_but_a_background_block_stay_apart(place: str) -> None:
    leads = (
        "A ferry with forty lorries left Kuryk for Alat on Tuesday night after three days of storm on the Caspian.",
        "The state opera of Nukus will sing in Pécs next month, its director told pupils at the conservatory.",
    )
    more = ("", "") if place == "behind" else ("Drivers slept in their cabs.", "Tickets cost 900 forints.")
    one, other = (
        seen(lead[:30], "\n\n".join(filter(None, (lead, BLOCK, after))), source=lead[:5])
        for lead, after in zip(leads, more, strict=True)
    )
    assert rule(one, other) is None


def test_the_block_of_two_outlets_lends_no_facts_to_their_reports() -> None:
    """Nakhchivan, Istanbul, 2009 and 2021 stand in both, word for word."""
    one = seen("Ferry", f"Drivers waited in Kuryk on Wednesday for a ferry.\n\n{BLOCK}", source="a")
    other = seen("Opera", f"Singers from Nukus rehearsed on Wednesday for their tour.\n\n{BLOCK}", source="b")
    assert rule(one, other) is None


MOULD = (
    "On Wednesday the {body} approved the agreement on mutual help at floods. {votes} deputies voted for it.\n\n"
    "Minister {minister} told the deputies that rescue teams would cross the border within six hours and that no visas "
    "would be asked of them. The agreement was signed last spring by the members of the Organization of Turkic States."
    "\n\nThe president is expected to sign the law before the end of the month. The text is on the website."
)


def test_texts_from_one_mould_are_two_events() -> None:
    """Three quarters of the words are the same; who, where and how many are not."""
    one = MOULD.format(body="Milli Majlis in Baku", votes=103, minister="Rashad Veliyev")
    other = MOULD.format(body="Oliy Majlis in Tashkent", votes=131, minister="Bobur Ergashev")
    assert rule(seen("Flood pact approved", one), seen("Flood pact approved", other, source="portal")) is None


def test_a_roundup_does_not_join_the_stories_that_it_lists() -> None:
    days = ("Monday", "Tuesday", "Sunday")
    items = [
        f"On {day} {what}."
        for day, what in zip(days, ("rain fell", "a school opened", "a match ended 2:2"), strict=True)
    ]
    roundup = seen("The week", f"{AGENCY}\n\n" + "\n\n".join(items), day=DAY + timedelta(days=1), source="review")
    assert rule(roundup, RETOLD) is None


# ---------------------------------------------------------------------------------------------------------- other words


def test_one_meeting_in_other_words_is_one_story_and_says_why() -> None:
    found = linked(ORIGINAL, RETOLD)
    assert found is not None
    assert found.rule == "retold/1"
    assert {"Dauren Abishev", "Nodira Hakimova"} <= set(found.why)
    assert any("85" in word for word in found.why)
    assert "2026-09-16" in found.why


@pytest.mark.parametrize(
    ("title", "text", "day", "source"),
    [
        pytest.param(ANNOUNCEMENT_TITLE, ANNOUNCEMENT, DAY - timedelta(days=2), "portal", id="announced"),
        pytest.param(ANNOUNCEMENT_TITLE, ANNOUNCEMENT, DAY, "portal", id="announced late"),
        pytest.param(EXPERTS_TITLE, EXPERTS, DAY - timedelta(days=1), "portal", id="experts on the eve"),
        pytest.param(
            AGENCY_TITLE, FEATURE.replace("yesterday", "on Friday"), date(2026, 9, 19), "weekly", id="other day"
        ),
        pytest.param(FEATURE_TITLE, FEATURE, MORROW, "agency", id="the outlet's own second article"),
        pytest.param(FEATURE_TITLE, FEATURE, DAY + timedelta(days=5), "weekly", id="too late"),
    ],
)
def test_what_is_only_near_stays_apart(title: str, text: str, day: date, source: str) -> None:
    assert rule(ORIGINAL, seen(title, text, day=day, source=source)) is None


def test_a_meeting_that_begins_and_one_that_ends_are_two() -> None:
    begins = (
        "Türk Dünyası Kitap Fuarı Kayseri'de başladı. Fuara 210 yayınevi katılıyor, açılışı Bakan Elif Sarıkaya yaptı."
    )
    ends = "Türk Dünyası Kitap Fuarı sona erdi. Bakan Elif Sarıkaya, Kayseri'ye 210 yayınevinin geldiğini açıkladı."
    one = seen("Kayseri'de kitap fuarı başladı", begins, language="tr")
    other = seen("Kayseri'de kitap fuarı sona erdi", ends, day=MORROW, source="portal", language="tr")
    assert rule(one, other) is None


def test_another_session_is_another_meeting() -> None:
    other = AGENCY.replace("second meeting", "third meeting").replace("roadmap on", "timetable for")
    assert rule(seen(FEATURE_TITLE, f"It was the second meeting. {FEATURE}", source="weekly"), seen("X", other)) is None


TALKS = (
    "President Kassym-Jomart Tokayev held talks with {other} on the sidelines of the summit of the Organization of "
    "Turkic States in Gabala on Wednesday.\n\nThey spoke about freight on the Caspian and about students. The summit "
    "in Gabala goes on in the afternoon, with {more}."
)


def test_one_president_talks_with_two_others_on_one_day() -> None:
    """The same town, day and president, and most of the words; only the other one is another."""
    with_aliyev = TALKS.format(other="Azerbaijan's President Ilham Aliyev", more="Viktor Orbán among the guests")
    with_mirziyoyev = TALKS.format(
        other="Uzbekistan's President Shavkat Mirziyoyev", more="Viktor Orbán as an observer"
    )
    one = seen("Tokayev and Aliyev discuss freight", with_aliyev)
    other = seen("Kazakh and Uzbek presidents meet in Gabala", with_mirziyoyev, source="portal")
    assert rule(one, other) is None


RUSSIAN = (
    "В среду министры труда стран Организации тюркских государств приняли в Шымкенте дорожную карту.\n\n"
    "Второе заседание провёл министр труда Казахстана Даурен Абишев. В реестр войдут 85 тысяч сезонных рабочих, а "
    "пенсии будут переводить в течение 45 дней. Министр Узбекистана Нодира Хакимова предложила открыть школу в Фергане."
)


def test_across_languages_names_numbers_and_the_day_make_one_story() -> None:
    found = linked(ORIGINAL, seen("Тюркские страны договорились о пенсиях", RUSSIAN, source="vestnik"))
    assert found is not None
    assert found.rule == "translated/1"


# ---------------------------------------------------------------------------------------------------------- the profile


def test_a_profile_survives_json_and_is_small() -> None:
    for one in (ORIGINAL, RETOLD):
        assert Profile.model_validate_json(one.model_dump_json()) == one
        assert Profile.model_validate(one.to_dict()) == one
        assert len(one.model_dump_json()) < 4_000


def test_an_article_without_text_has_no_profile() -> None:
    assert profile(article("a", "").replace(content=None)) is None


@given(st.text(max_size=400), st.text(max_size=400))
def test_any_two_texts_are_judged_alike_in_both_directions(one: str, other: str) -> None:
    base = article("a", "")
    assert base.content is not None
    made = [
        profile(base.replace(id=id_, content=base.content.replace(text=text, title=text[:20])))
        for id_, text in (("a", one), ("b", other))
    ]
    first, second = made
    if first and second:
        assert Profile.model_validate_json(first.model_dump_json()) == first
        assert link(first, second) == link(second, first)
        assert link(first, first) == link(first, first.replace(article="c"))
