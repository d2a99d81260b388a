"""People of the register: who is meant, and which office was held on the day."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from otswatch import dates
from otswatch.errors import ConfigError
from otswatch.records import Dated, Mention
from otswatch.taxonomy import LANGUAGES, Taxonomy, load
from otswatch.taxonomy.people import people
from otswatch.taxonomy.reading import readings_of
from otswatch.taxonomy.register import Person, Tenure

REGISTER = load()


def published(day: str) -> Dated:
    start, end = dates.interval(day, "day" if len(day) > len("2025-01") else "month")
    return Dated(at=day, precision="day", start=start, end=end, source="human", confidence=1.0, evidence=())


def found(
    text: str, language: str = "en", day: str | None = None, title: str | None = None, taxonomy: Taxonomy = REGISTER
) -> tuple[Mention, ...]:
    readings = readings_of(taxonomy, title, text)
    mentions = people(taxonomy, readings, language, published(day) if day else None)
    frames = {"title": title or "", "text": text}
    for evidence in (evidence for mention in mentions for evidence in mention.evidence):
        assert frames[evidence.frame][evidence.start : evidence.end] == evidence.text
    return mentions


def who(text: str, language: str = "en", day: str | None = None) -> list[str | None]:
    return [mention.id for mention in found(text, language, day)]


# ----------------------------------------------------------------------------------------------------------------- data


def test_the_register_names_only_what_is_known() -> None:
    places = {*REGISTER.countries, *REGISTER.organisations, *(series.body for series in REGISTER.series.values())}
    for person in REGISTER.people.values():
        assert person.names.get("en"), person.id
        for tenure in person.offices:
            assert tenure.office in REGISTER.offices, person.id
            assert tenure.of in places, person.id


def test_offices_are_named_in_all_languages() -> None:
    for office in REGISTER.offices.values():
        if office.sort == "holder":
            assert set(office.names) == set(LANGUAGES), office.id


@pytest.mark.parametrize("office", ["president", "prime_minister", "foreign_minister"])
def test_no_two_hold_one_office_at_once(office: str) -> None:
    states = [country.id for country in REGISTER.countries.values() if country.role != "other"]
    for state in states:
        day = date(2009, 10, 3)
        while day < date(2025, 10, 1):
            holders = [
                person.id
                for person in REGISTER.people.values()
                for tenure in person.offices
                if (tenure.office, tenure.of) == (office, state) and tenure.held(day)
            ]
            assert len(holders) < 2, (state, day, holders)
            day += timedelta(days=9)


def test_heads_of_state_are_known_since_the_ots_was_founded() -> None:
    for state in ("az", "kz", "uz", "tr", "hu", "tm", "trnc"):
        for year in range(2010, 2026):
            holders = [
                person.id
                for person in REGISTER.people.values()
                for tenure in person.offices
                if (tenure.office, tenure.of) == ("president", state) and tenure.held(date(year, 3, 30))
            ]
            assert len(holders) == 1 or (state, year) == ("hu", 2012), (state, year, holders)  # vacant that spring


# --------------------------------------------------------------------------------------------------------------- tenure


def tenure(since: str | None, to: str | None = "open") -> Tenure:
    return Tenure.model_validate({"office": "president", "of": "kz", "from": since, "to": to})


def test_an_office_is_held_only_on_days_that_are_sure() -> None:
    known = tenure("2019-03-20", "2022-05")
    assert known.held(date(2019, 3, 19)) is False
    assert known.held(date(2019, 3, 20)) is True
    assert known.held(date(2022, 4, 30)) is True
    assert known.held(date(2022, 5, 10)) is None
    assert known.held(date(2022, 6, 1)) is False
    assert tenure(None, "2014").held(date(2013, 1, 1)) is None
    assert tenure(None, "2014").held(date(2015, 1, 1)) is False
    assert tenure("2014", None).held(date(2013, 1, 1)) is False
    assert tenure("2014", None).held(date(2020, 1, 1)) is None
    assert tenure("2014").held(date(2030, 1, 1)) is True


DAYS = st.dates(date(1995, 1, 1), date(2040, 1, 1))


@given(DAYS, DAYS, st.sampled_from((4, 7, 10)), st.sampled_from((4, 7, 10)), DAYS)
def test_less_precise_dates_only_make_an_office_less_sure(
    since: date, to: date, first: int, last: int, day: date
) -> None:
    since, to = sorted((since, to))
    sharp = tenure(since.isoformat(), (to + timedelta(days=1)).isoformat())
    blunt = tenure(since.isoformat()[:first], (to + timedelta(days=1)).isoformat()[:last])
    assert blunt.held(day) in (None, sharp.held(day))


@pytest.mark.parametrize(("since", "to"), [("2020-13", "open"), ("2020-02-30", "open"), ("2020-05", "2019"), ("x", "")])
def test_impossible_dates_are_refused(since: str, to: str) -> None:
    with pytest.raises(ValidationError):
        tenure(since, to)


def test_the_later_of_two_offices_counts() -> None:
    person = REGISTER.people["ersin_tatar"]
    assert [found.office for found in map(person.at, (date(2020, 1, 1), date(2021, 1, 1))) if found] == [
        "prime_minister",
        "president",
    ]
    assert person.at(None) is None
    assert person.at(date(2026, 1, 1)) is None


# ---------------------------------------------------------------------------------------------------------- full names


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Shavkat Mirziyoyev's speech"),
        ("tr", "ŞEVKET MİRZİYOYEV KONUŞTU"),
        ("tr", "Şevket Mirziyoyev'in konuşması"),
        ("az", "Şavkat Mirziyoyevin çıxışı"),
        ("kk", "Шавкат Мирзиёевтің сөзі"),
        ("ky", "Шавкат Мирзиёевдин сөзү"),
        ("uz", "Шавкат Мирзиёевнинг нутқи"),
        ("uz", "Shavkat Mirziyoyevning nutqi"),
        ("ru", "Выступление Шавката Мирзиёева"),
        ("hu", "Savkat Mirzijojevvel tárgyalt"),
        ("tk", "Şawkat Mirziýoýewiň çykyşy"),
    ],
)
def test_a_full_name_in_any_language_script_and_case(language: str, text: str) -> None:
    mention = found(text, language, "2024-05-05")[0]
    assert (mention.id, mention.office, mention.of) == ("shavkat_mirziyoyev", "president", "uz")
    assert mention.name in text


@pytest.mark.parametrize(
    ("day", "office", "of"),
    [
        ("2014-08-01", "prime_minister", "tr"),
        ("2014-09-01", "president", "tr"),
        ("2014-08", None, None),  # in that month he was both
        (None, None, None),
    ],
)
def test_the_office_is_that_of_the_day(day: str | None, office: str | None, of: str | None) -> None:
    mention = found("Recep Tayyip Erdoğan spoke.", day=day)[0]
    assert (mention.office, mention.of) == (office, of)


def test_without_a_day_the_office_is_the_only_one_or_the_one_beside_the_name() -> None:
    assert found("Hakan Fidan spoke.")[0].office == "foreign_minister"
    mention = found("Prime Minister Recep Tayyip Erdoğan spoke.")[0]
    assert (mention.office, mention.title) == ("prime_minister", "Prime Minister")


def test_a_name_is_shown_at_its_first_places_in_title_and_text() -> None:
    mention = found("Ilham Aliyev spoke. Aliyev left.", title="Aliyev speaks at summit")[0]
    assert mention.name == "Ilham Aliyev"
    assert [(evidence.frame, evidence.text) for evidence in mention.evidence] == [
        ("title", "Aliyev"),
        ("text", "Ilham Aliyev"),
        ("text", "Aliyev"),
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Recep Tayyip Erdoğan University opened."),
        ("tr", "Recep Tayyip Erdoğan Üniversitesi açıldı."),
        ("kk", "Нұрсұлтан Назарбаев атындағы мектеп"),
        ("ru", "Самолёт сел в аэропорту имени Нурсултана Назарбаева."),
        ("uz", "Islom Karimov nomidagi aeroport"),
        ("en", "shavkat mirziyoyev"),
    ],
)
def test_what_is_named_after_somebody_is_nobody(language: str, text: str) -> None:
    assert who(text, language) == []


def test_a_namesake_counts_only_beside_the_office_or_the_body() -> None:
    assert who("Shahin Mustafayev opened the road.") == []
    assert who("Deputy Prime Minister Shahin Mustafayev praised the Turkic Academy.") == [None]
    assert who("Shahin Mustafayev of the Turkic Academy spoke.") == ["shahin_mustafayev"]


# --------------------------------------------------------------------------------------------------------- short names


@pytest.mark.parametrize(
    ("language", "day", "text", "expected"),
    [
        ("en", "2024-01-01", "President Tokayev spoke.", ["kassym_jomart_tokayev"]),
        ("en", "2015-01-01", "President Tokayev spoke.", []),
        ("tr", "2021-01-01", "Dışişleri Bakanı Çavuşoğlu konuştu.", ["mevlut_cavusoglu"]),
        ("en", "2022-01-01", "Prime Minister Japarov spoke.", ["akylbek_japarov"]),
        ("en", "2020-11-01", "Prime Minister Japarov spoke.", ["sadyr_japarov"]),
        ("en", "2022-01-01", "President Japarov spoke.", ["sadyr_japarov"]),
        ("ru", "2023-01-01", "На встрече с президентом Бердымухамедовым", ["serdar_berdimuhamedow"]),
        ("ru", "2015-01-01", "На встрече с президентом Бердымухамедовым", ["gurbanguly_berdimuhamedow"]),
        ("en", "2024-01-01", "Former President Nazarbayev spoke.", []),
        ("en", "2024-01-01", "Vice President Aliyev spoke.", []),
        ("en", "2024-01-01", "Aliyev spoke. Erdoğan left.", []),
        ("hu", "2024-01-01", "Orbán miniszterelnök beszélt.", ["viktor_orban"]),
    ],
)
def test_a_family_name_needs_its_office_on_the_day(language: str, day: str, text: str, expected: list[str]) -> None:
    assert who(text, language, day) == expected


def test_a_family_name_is_somebody_once_the_full_name_is_there() -> None:
    text = "Шавкат Мирзиёев выступил. Мирзиёев уехал. Саида Мирзиёева осталась."
    mention = found(text, "ru")[0]
    assert [evidence.text for evidence in mention.evidence] == ["Шавкат Мирзиёев", "Мирзиёев"]


# ------------------------------------------------------------------------------------------------------------- unknown


@pytest.mark.parametrize(
    ("language", "text", "name", "title", "office", "of"),
    [
        (
            "en",
            "The road was opened by Minister of Transport of Kazakhstan Marat Sauran.",
            "Marat Sauran",
            "Minister of Transport",
            "transport_minister",
            "kz",
        ),
        (
            "en",
            "It was signed by Aylin Demir, Deputy Energy Minister of Türkiye.",
            "Aylin Demir",
            "Deputy Energy Minister",
            None,
            "tr",
        ),
        ("tr", "Ulaştırma ve Altyapı Bakanı Kemal Sarıçam konuştu.", "Kemal Sarıçam", None, "transport_minister", None),
        ("tr", "Törene Sağlık Bakan Yardımcısı Sayın Ece Nur Tan da geldi.", "Ece Nur Tan", None, None, None),
        ("kk", "Қазақстанның көлік министрі Айдос Серік келді.", "Айдос Серік", None, "transport_minister", "kz"),
        ("ru", "Министр туризма Узбекистана Анвар Каримжон прибыл.", "Анвар Каримжон", None, "tourism_minister", "uz"),
        ("hu", "A tárgyaláson Kiss Béla belügyminiszter is ott volt.", "Kiss Béla", None, "interior_minister", None),
    ],
)  # fmt: skip
def test_a_stranger_beside_an_office(
    language: str, text: str, name: str, title: str | None, office: str | None, of: str | None
) -> None:
    (mention,) = found(text, language)
    assert (mention.id, mention.name, mention.office, mention.of) == (None, name, office, of)
    assert title is None or mention.title == title


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Transport Minister Marat Sauran Visits Baku Port Today"),
        ("en", "The transport minister visited Baku."),
        ("en", "Foreign ministers Aylin Demir and Marat Sauran met."),
        ("tr", "Dışişleri Bakanları Ankara Zirvesi için geldi."),
        ("tr", "Ulaştırma Bakanı Türk Dünyası için konuştu."),
        ("az", "Xarici İşlər Nazirləri Şurası toplandı."),
        ("en", "President of the Organization of Turkic States"),
    ],
)
def test_no_stranger_is_made_up(language: str, text: str) -> None:
    assert found(text, language) == ()


# ------------------------------------------------------------------------------------------------------- the user's own


def test_the_users_register_adds_people_and_ends_offices(tmp_path: Path) -> None:
    (tmp_path / "register").mkdir()
    (tmp_path / "register" / "mine.yaml").write_text(
        "- id: marat_sauran\n  as_of: 2026-11\n  names: {en: [Marat Sauran], kk: [Марат Сауран]}\n"
        "  offices: [{office: transport_minister, of: kz, from: 2025-02}]\n"
        "- id: abdulla_aripov\n  as_of: 2026-11\n"
        "  offices: [{office: prime_minister, of: uz, from: 2016-12-14, to: 2026-03-01}]\n",
        encoding="utf-8",
    )
    taxonomy = load(tmp_path)
    (mention,) = found("Мараттың ісі: Марат Сауранның сөзі", "kk", "2026-05-05", taxonomy=taxonomy)
    assert (mention.id, mention.office, mention.of) == ("marat_sauran", "transport_minister", "kz")
    assert len(taxonomy.people["abdulla_aripov"].offices) == 1
    assert taxonomy.people["abdulla_aripov"].at(date(2026, 5, 5)) is None
    assert taxonomy.people["abdulla_aripov"].names == REGISTER.people["abdulla_aripov"].names
    assert taxonomy.version != REGISTER.version


def test_a_mistake_in_the_users_register_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "register").mkdir()
    (tmp_path / "register" / "mine.yaml").write_text(
        "id: x_y\nas_of: 2026-11\nnames: {en: [X Y]}\noffices:\n  - {office: president, of: kz, from: 2030, to: 2020}\n"
    )
    with pytest.raises(ConfigError, match=r"mine\.yaml, line 5, offices\.0: ends \(2020\) before it begins \(2030\)"):
        load(tmp_path)


# ----------------------------------------------------------------------------------------------------------------- all


def test_a_russian_name_bends_in_every_word() -> None:
    person = Person.model_validate({"id": "roza", "as_of": "2025", "names": {"ru": ["Роза Отунбаева"]}})
    assert person.full_patterns() == {"ru": ["Роз~ Отунбаев~"]}
    assert person.short_patterns() == {"ru": ["Отунбаев~"]}


def test_a_hungarian_family_name_comes_first_in_hungarian() -> None:
    orban = REGISTER.people["viktor_orban"].short_patterns()
    assert (orban["en"], orban["hu"], orban["tr"]) == (["Orbán"], ["Orbán~"], ["Orban~"])


NAMES = sorted(name for person in REGISTER.people.values() for names in person.names.values() for name in names)
WORDS = st.sampled_from(
    [*NAMES, "President", "Bakanı", "министр транспорта", "Ali", "said", ",", ".", "\n", "Kazakhstan", "eski", "имени"]
)


@given(st.lists(WORDS, max_size=12), st.sampled_from(LANGUAGES), st.sampled_from([None, "2012-03-03", "2024-03-03"]))
def test_every_span_matches_its_text(words: list[str], language: str, day: str | None) -> None:
    ids = [
        mention.id for mention in found(" ".join(words), language, day, title=" ".join(reversed(words))) if mention.id
    ]
    assert len(ids) == len(set(ids))
