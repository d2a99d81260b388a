"""Dates as sites print them, in nine languages, and as machines write them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otswatch.dates import LANGUAGES, find, interval, machine, might_be, parse, role_of, weekdays
from otswatch.dates.words import lexicon
from otswatch.text.folding import fold

BASE = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)


def at(line: str, language: str | None, base: datetime | None = BASE) -> str | None:
    reading = parse(line, language, base)
    return reading.at if reading else None


@pytest.mark.parametrize(
    ("line", "language", "expected"),
    [
        ("8 October 2025", "en", "2025-10-08"),
        ("October 8th, 2025 9:05 a.m.", "en", "2025-10-08T09:05"),
        ("Wed, 8 Oct 2025 21:05 GMT", "en", "2025-10-08T21:05+00:00"),
        ("8 Ekim 2025 Çarşamba, 09:05", "tr", "2025-10-08T09:05"),
        ("EKİM 8 değil, 8 EKİM 2025", "tr", None),
        ("Yayınlanma tarihi: 8 Ekim 2025 saat 09.05", "tr", "2025-10-08T09:05"),
        ("2025-ci il oktyabrın 8-i", "az", "2025-10-08"),
        ("2025-ci ilin 8 oktyabrında", "az", "2025-10-08"),
        ("Xankəndi, 8 oktyabr 2025, XX", "az", "2025-10-08"),
        ("2025 жылғы 8 қазанда", "kk", "2025-10-08"),
        ("8 қазан 2025 ж., сәрсенбі", "kk", "2025-10-08"),
        ("8 qazan 2025", "kk", "2025-10-08"),
        ("2025-жылдын 8-октябрында", "ky", "2025-10-08"),
        ("8-октябрь, 2025-жыл, 09:05", "ky", "2025-10-08T09:05"),
        ("2025-yil 8-oktabr", "uz", "2025-10-08"),
        ("2025 йилнинг 8 октябрида", "uz", "2025-10-08"),
        ("8 октябр 2025 йил", "uz", "2025-10-08"),
        ("8 октября 2025 года, 09:05 (МСК)", "ru", "2025-10-08T09:05+03:00"),
        ("среда, 8 октября 2025 г. в 09.05", "ru", "2025-10-08T09:05"),
        ("2025. október 8., szerda 9:05", "hu", "2025-10-08T09:05"),
        ("2025. október 8-án", "hu", "2025-10-08"),
        ("2025-nji ýylyň 8-nji oktýabrynda", "tk", "2025-10-08"),
        ("Çap edilen senesi: 8 oktýabr 2025", "tk", "2025-10-08"),
    ],
)
def test_dates_in_words(line: str, language: str, expected: str | None) -> None:
    assert at(line, language) == expected


@pytest.mark.parametrize(
    ("line", "language", "expected"),
    [
        ("08.10.2025", "ru", "2025-10-08"),
        ("2025-10-08 09:05:30+05:00", None, "2025-10-08T09:05:30+05:00"),
        ("08/10/2025", "tr", "2025-10-08"),
        ("10/28/2025", "en", "2025-10-28"),
        ("08.10.2025 09:05 (UTC+5)", "kk", "2025-10-08T09:05+05:00"),
        ("08.10.2025 09:05 - 12", "kk", None),
    ],
)
def test_dates_in_numbers(line: str, language: str | None, expected: str | None) -> None:
    assert at(line, language) == expected


@pytest.mark.parametrize(
    ("line", "language", "expected"),
    [
        ("08.10.25", "ru", "2025-10-08"),
        ("08/10/25 09:05", "tr", "2025-10-08T09:05"),
        ("8.X.2025", "ru", "2025-10-08"),
        ("2025. X. 8.", "hu", "2025-10-08"),
        ("08.10.202509:05", "tk", "2025-10-08T09:05"),
        ("08.10.2025 09.05", "tr", "2025-10-08T09:05"),
        ("09:05, 8 қазан 2025 | GMT +5", "kk", "2025-10-08T09:05+05:00"),
        ("1.2.25", "en", None),
        ("31.13.25", "ru", None),
    ],
)
def test_short_years_roman_months_and_times_that_are_glued(line: str, language: str, expected: str | None) -> None:
    assert at(line, language) == expected


@pytest.mark.parametrize(
    ("line", "language", "expected"),
    [
        ("oktyabrın 8-də", "az", "2025-10-08"),
        ("8 oktyabr, çərşənbə axşamı, 2025", "az", "2025-10-08"),
        ("8 oktyabr 2025, bazar ertəsi, 09:05", "az", "2025-10-08T09:05"),
        ("2025 жылдың 8 қазанындағы", "kk", "2025-10-08"),
        ("октябрдын 8инде", "ky", "2025-10-08"),
        ("8-октябрдагы", "ky", "2025-10-08"),
        ("joriy yilning 8-oktabr kuni", "uz", "2025-10-08"),
        ("8 октября с.г.", "ru", "2025-10-08"),
        ("8-го октября 2025 г., 09.05 мск", "ru", "2025-10-08T09:05+03:00"),
        ("Ekim 8, 2025", "tr", "2025-10-08"),
        ("2025'in 8 Ekim'inde", "tr", "2025-10-08"),
        ("október 8-tól", "hu", "2025-10-08"),
        ("8-nji oktýabrdaky", "tk", "2025-10-08"),
        ("8 de octubre de 2025", "es", "2025-10-08"),
        ("le 8 octobre 2025 à 09:05", "fr", "2025-10-08T09:05"),
        ("8. Oktober 2025, 09:05 Uhr", "de", "2025-10-08T09:05"),
    ],
)
def test_endings_ordinals_and_other_languages(line: str, language: str, expected: str) -> None:
    assert at(line, language) == expected


@pytest.mark.parametrize(
    ("line", "language", "expected"),
    [
        ("half an hour ago", "en", "2026-03-03T09:00+00:00"),
        ("полчаса назад", "ru", "2026-03-03T09:00+00:00"),
        ("1 saat 20 dakika önce", "tr", "2026-03-03T08:10+00:00"),
        ("жарты сағат бұрын", "kk", "2026-03-03T09:00+00:00"),
        ("srağagün, 09:05", "az", "2026-03-01T09:05"),
        ("мурдагы күнү", "ky", "2026-03-01"),
        ("tegnapelőtt", "hu", "2026-03-01"),
        ("hozirgina", "uz", "2026-03-03"),
        ("ýaňyja", "tk", "2026-03-03"),
    ],
)
def test_more_relative_words(line: str, language: str, expected: str) -> None:
    assert at(line, language) == expected


@pytest.mark.parametrize(
    ("line", "language"),
    [
        ("October 2025", "en"),
        ("Ekim 2025", "tr"),
        ("2025-ci il oktyabr", "az"),
        ("2025 жылғы қазан", "kk"),
        ("2025-жылдын октябры", "ky"),
        ("2025-yil oktabr", "uz"),
        ("октябрь 2025", "ru"),
        ("2025. október", "hu"),
        ("2025-nji ýylyň oktýabry", "tk"),
    ],
)
def test_a_month_is_a_month(line: str, language: str) -> None:
    assert [(reading.at, reading.precision) for reading in find(line, language)] == [("2025-10", "month")]
    assert parse(line, language) is None  # a dateline says a day


def test_the_rest_of_a_range_is_no_month() -> None:
    assert find("8-10 October 2025", "en") == []


def test_a_day_without_a_year_is_not_after_the_fetch_by_the_pages_own_clock() -> None:
    late = datetime(2026, 3, 3, 20, 30, tzinfo=UTC)
    assert at("4 наурыз", "kk", late.astimezone(timezone(timedelta(hours=3)))) == "2025-03-04"
    assert at("4 наурыз", "kk", late.astimezone(timezone(timedelta(hours=5)))) == "2026-03-04"


@pytest.mark.parametrize(
    ("line", "base", "expected"),
    [
        ("4 March", datetime(2026, 3, 3, 20, 30, tzinfo=UTC), "2026-03-04"),
        ("4 March", datetime(2026, 3, 3, 9, 30, tzinfo=UTC), "2025-03-04"),  # nowhere has the 4th begun
        ("5 March", datetime(2026, 3, 3, 20, 30, tzinfo=UTC), "2025-03-05"),
        ("1 January, 00:40", datetime(2025, 12, 31, 19, 50, tzinfo=UTC), "2026-01-01T00:40"),
        ("31 December", datetime.max.replace(tzinfo=UTC), "9999-12-31"),
    ],
)
def test_a_fetch_in_utc_is_one_of_a_page_where_the_next_day_may_have_begun(
    line: str, base: datetime, expected: str
) -> None:
    assert at(line, "en", base) == expected


@pytest.mark.parametrize(
    ("line", "language", "expected"),
    [
        ("8 October 2025, 10:00-12:00", "en", "2025-10-08T10:00"),
        ("08.10.2025 10:00-11:30", "ru", "2025-10-08T10:00"),
        ("8 Ekim 2025 09:30 -10:30", "tr", "2025-10-08T09:30"),
        ("8 October 2025, 9:30 a.m.-11:00 a.m.", "en", "2025-10-08T09:30"),
        ("8 October 2025, 10:00-05:00", "en", "2025-10-08T10:00-05:00"),
        ("8 October 2025, 3:30 PM -05:00", "en", "2025-10-08T15:30-05:00"),
        ("8 October 2025, 02:05 (UTC-05:00)", "en", "2025-10-08T02:05-05:00"),
        ("2025-10-08T02:05-05:00", None, "2025-10-08T02:05-05:00"),
        ("2025-10-08 02:05:30-05:00", None, "2025-10-08T02:05:30-05:00"),
    ],
)
def test_a_span_of_hours_is_no_zone(line: str, language: str | None, expected: str) -> None:
    assert [reading.at for reading in find(line, language)] == [expected]


@pytest.mark.parametrize(
    ("line", "language", "likely"),
    [
        ("8 October 2025", "en", True),
        ("Кечээ, 09:05", "ky", True),
        ("2 күн бұрын", "kk", True),
        ("bu gün", "az", True),
        ("Siyasət", "az", False),
        ("Photo 7 of 12", "en", False),
    ],
)
def test_a_cheap_look_lets_every_date_through(line: str, language: str, likely: bool) -> None:
    assert might_be(line, language) is likely


def test_a_label_may_end_in_a_small_word() -> None:
    assert [role_of(label, "en") for label in ("Published on", "Last updated:", "By")] == [
        "published",
        "modified",
        "unknown",
    ]
    assert role_of("Aktualisiert am", "de") == "modified"


def test_month_and_day_in_english_slashes_stay_open() -> None:
    reading = parse("08/10/2025", "en")
    assert reading
    assert (reading.at, reading.precision) == (None, "day")


@pytest.mark.parametrize(
    "line",
    [
        "2025",
        "8",
        "8-10 October 2025",
        "2024-2025",
        "COP31",
        "3/4",
        "31 February 2025",
        "Resolution 1325",
        "May",
        "10:30",
    ],
)
def test_no_date_is_made_up(line: str) -> None:
    assert at(line, "en") is None


@pytest.mark.parametrize(
    ("line", "language", "expected"),
    [
        ("yesterday at 21:05", "en", "2026-03-02T21:05"),
        ("an hour ago", "en", "2026-03-03T08:30+00:00"),
        ("5 dakika önce", "tr", "2026-03-03T09:25+00:00"),
        ("bu gün 08:00", "az", "2026-03-03T08:00"),
        ("2 күн бұрын", "kk", "2026-03-01"),
        ("кечээ, 21:05", "ky", "2026-03-02T21:05"),
        ("3 soat oldin", "uz", "2026-03-03T06:30+00:00"),
        ("час назад", "ru", "2026-03-03T08:30+00:00"),
        ("2 napja", "hu", "2026-03-01"),
        ("2 gün öň", "tk", "2026-03-01"),
    ],
)
def test_relative_words_need_the_fetch_time(line: str, language: str, expected: str) -> None:
    reading = parse(line, language, BASE)
    assert reading
    assert (reading.at, "relative to the fetch" in reading.inferred) == (expected, True)
    without = parse(line, language)
    assert without is None or without.at is None


def test_a_day_without_a_year_is_the_latest_not_after_the_fetch() -> None:
    assert at("28 февраля, 10:00", "ru") == "2026-02-28T10:00"
    assert at("28 апреля, 10:00", "ru") == "2025-04-28T10:00"
    reading = parse("28 апреля", "ru")
    assert reading
    assert reading.at is None


def test_a_weekday_is_a_clue_and_no_date() -> None:
    (clue,) = weekdays("The ministers met on Friday in Baku.", "en")
    assert (clue.at, clue.rule) == (None, "weekday-alone/1")


def test_labels_tell_the_published_from_the_modified_date() -> None:
    line = "Yayınlanma: 08.10.2025 09:05 Güncelleme: 09.10.2025 10:00"
    assert [(reading.role, reading.at) for reading in find(line, "tr")] == [
        ("published", "2025-10-08T09:05"),
        ("modified", "2025-10-09T10:00"),
    ]


@given(
    day=st.dates(date(1995, 1, 1), date(2090, 12, 31)),
    language=st.sampled_from(sorted(LANGUAGES)),
    before=st.sampled_from(["", "Astana, ", "— "]),
)
def test_every_day_is_read_in_every_language(day: date, language: str, before: str) -> None:
    words = lexicon(language)
    assert words
    month = next(word for word, entry in words.words.items() if entry.letter == "M" and entry.value == day.month)
    line = f"{before}{day.day} {month} {day.year}"
    found = parse(line, language)
    assert found
    assert (found.at, line[found.start : found.end]) == (day.isoformat(), line[len(before) :])


def test_a_number_of_any_length_is_passed_over() -> None:
    assert [reading.at for reading in find(f"No {'1' * 5000}, 8 October 2025", "en")] == ["2025-10-08"]


@given(st.text(max_size=200), st.sampled_from([*sorted(LANGUAGES), None]))
def test_any_text_can_be_searched(text: str, language: str | None) -> None:
    for reading in find(text, language, BASE):
        assert 0 <= reading.start < reading.end <= len(text)
        if reading.at:
            datetime.fromisoformat(reading.at)


def test_every_language_has_twelve_months_and_seven_days() -> None:
    assert len(LANGUAGES) == 9
    for language in LANGUAGES:
        words = lexicon(language)
        assert words
        assert {entry.value for entry in words.words.values() if entry.letter == "M"} == set(range(1, 13))
        assert set(words.weekdays.values()) == set(range(1, 8))
        assert all(word == fold(word) for word in words.words)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-10-08T09:05:30+05:00", ("2025-10-08T09:05:30+05:00", "second")),
        ("2025-10-08T09:05Z", ("2025-10-08T09:05+00:00", "minute")),
        ("2025-10-08T02:05-05:00", ("2025-10-08T02:05-05:00", "minute")),
        ("2025-10-08 09:05:30.123 +0500", ("2025-10-08T09:05:30+05:00", "second")),
        ("20251008T090530Z", ("2025-10-08T09:05:30+00:00", "second")),
        ("20251008T0905+0500", None),
        ("20251008T0905", ("2025-10-08T09:05", "minute")),
        ("Wed, 08 Oct 2025 09:05:30 +0500", ("2025-10-08T09:05:30+05:00", "second")),
        ("Wed, 08 Oct 2025 09:05:30 +05:00", ("2025-10-08T09:05:30+05:00", "second")),
        ("Wed, 08 Oct 2025 09:05:30 -03", ("2025-10-08T09:05:30-03:00", "second")),
        ("Wed, 08 Oct 2025 09:05:30 +5", ("2025-10-08T09:05:30+05:00", "second")),
        ("Wed, 08 Oct 2025 09:05:30 +530", ("2025-10-08T09:05:30+05:30", "second")),
        ("Wed, 08 Oct 2025 09:05:30+05:00", ("2025-10-08T09:05:30+05:00", "second")),
        ("Wed, 08 Oct 2025 09:05 +05", ("2025-10-08T09:05+05:00", "minute")),
        ("8 Oct 2025 09:05", ("2025-10-08T09:05", "minute")),
        ("Wed, 08 Oct 2025 09.05.30 +05", ("2025-10-08T09:05:30+05:00", "second")),
        ("08-Oct-25 09:05:30 GMT", ("2025-10-08T09:05:30+00:00", "second")),
        ("Wed, 08 Oct 2025 09:05:30 +99999999999999999999", None),
        ("2025/10/8", ("2025-10-08", "day")),
        ("2025-10", ("2025-10", "month")),
        ("2025", ("2025", "year")),
        ("9999-12-31", None),
        ("2025-13-45", None),
        ("0001-01-01T00:00:00Z", None),
        ("soon", None),
    ],
)
def test_dates_that_machines_write(text: str, expected: tuple[str, str] | None) -> None:
    assert machine(text) == expected


def test_seconds_since_1970_are_a_moment() -> None:
    assert machine("1759914330") == ("2025-10-08T09:05:30+00:00", "second")
    assert machine("1759914330500") == ("2025-10-08T09:05:30+00:00", "second")
    assert machine("759914330") is None


def test_a_clock_without_a_zone_means_its_printed_day() -> None:
    assert interval("2025-10-08T09:05", "minute") == interval("2025-10-08", "day")


def test_an_interval_is_as_long_as_its_precision_and_in_utc() -> None:
    assert interval("2025-10-08T09:05+05:00", "minute") == (
        datetime(2025, 10, 8, 4, 5, tzinfo=UTC),
        datetime(2025, 10, 8, 4, 6, tzinfo=UTC),
    )
    assert interval("2025-12", "month") == (datetime(2025, 12, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC))
    start, end = interval("2025-10-08", "day")
    assert (start, end - start) == (datetime(2025, 10, 8, tzinfo=UTC), timedelta(days=1))
