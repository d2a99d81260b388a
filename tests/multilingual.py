"""Articles in nine languages, made of sentences of our own: the same ones in every run.

The sentences say nothing that happened. They have what is hard to search: `İ I ı i`, endings behind apostrophes and
hyphens, letters that are written in several ways, two scripts, numbers, acronyms.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from otswatch.index import Document, Value

SENTENCES: dict[str, tuple[str, ...]] = {
    "en": (
        "Ministers of the Organization of Turkic States met in Baku on Tuesday.",
        "The OTS's Secretary General welcomed the customs corridor.",
        "An e-mail from the secretariat names 24 projects on energy and transport.",
        "Heads of customs signed a co-operation plan for 2025–2026.",
        "The Middle Corridor carried 4.5 million tonnes, up 20% on last year.",
        "“We shall build a common market,” the minister's deputy said.",
        "A Turkic investment fund of $500 million opens its doors in Istanbul.",
        "Students from Hungary, Kazakhstan and Turkey will share one timetable.",
        "The state-of-the-art satellite was launched from a well-known site.",
        "Wheat, water and seed exchange stood on the agenda of the agriculture ministers.",
        "No date was given for the next informal summit.",
        "Doctors without borders of language: a health forum in Tashkent.",
    ),
    "tr": (
        "Türk Devletleri Teşkilatı'nın liderleri İstanbul'da bir araya geldi.",
        "TDT'nin Genel Sekreteri, Bakü'deki zirvede konuştu.",
        "Işık ve ısı enerjisi üzerine yeni bir anlaşma imzalandı.",
        "İpek Yolu'nda gümrük kapıları 2025'te açılacak.",
        "Iğdır'dan Nahçıvan'a uzanan demiryolu hattı ele alındı.",
        "Ortak alfabe 34 harften oluşuyor.",
        "“Kardeşliğimiz sınır tanımaz” diyen bakan, gençlere seslendi.",
        "E-ticaret, e-imza ve dijital kimlik konuları görüşüldü.",
        "Afet yönetimi için ortak sivil koruma birimi kuruluyor.",
        "Şuşa'da düzenlenen sergide çini ustaları buluştu.",
        "Toplantıya gözlemci üyeler Macaristan ile Türkmenistan da katıldı.",
        "ILIMAN İKLİM KUŞAĞINDA TARIM konulu rapor yayımlandı.",
    ),
    "az": (
        "Türk Dövlətləri Təşkilatının Bakıda keçirilən iclası başa çatdı.",
        "TDT-nin Baş katibi Şuşa bəyannaməsini xatırlatdı.",
        "Gəncədə ortaq gömrük məntəqəsi istifadəyə verildi.",
        "Enerji nazirləri yaşıl enerji dəhlizini müzakirə etdilər.",
        "“Birliyimiz gücümüzdür”, – deyə Prezident bildirib.",
        "İqtisadi əməkdaşlıq 2024-cü ildə 18 faiz artıb.",
        "Zəngəzur dəhlizi ilə yükdaşıma vaxtı iki dəfə qısalacaq.",
        "Naxçıvanda tələbələr üçün yay məktəbi açılıb.",
        "Ağdamın bərpasına dost ölkələr də qoşulur.",
        "Kosmik agentliklər arasında memorandum imzalandı.",
        "Qarabağ Universitetində türk dilləri kafedrası yaradılır.",
        "İsti yay günlərində su ehtiyatları azalır.",
    ),
    "kk": (
        "Түркі мемлекеттері ұйымының саммиті Астанада өтті.",
        "ТМҰ-ның Бас хатшысы Қазақстанға ресми сапармен келді.",
        "Түркістан қаласында жастар форумы басталды.",
        "Орта дәліз арқылы тасымал 2025 жылы 10 миллион тоннаға жетеді.",
        "Энергетика министрлері сутегі жобасын талқылады.",
        "«Біздің тарихымыз ортақ», – деді министр.",
        "Цифрлық кеден жүйесі іске қосылды.",
        "Qazaqstan Respublikasy men О́zbekstan kelisimge qol qoıdy.",
        "Ауыл шаруашылығы, су және тұқым алмасу мәселелері қаралды.",
        "Ғарыш агенттіктері бірлескен спутник ұшырады.",
        "Ұлттық музейде ұлы дала көрмесі ашылды.",
        "Денсаулық сақтау саласындағы келісімге қол қойылды.",
    ),
    "ky": (
        "Түрк мамлекеттер уюмунун жыйыны Бишкекте өттү.",
        "ТМУнун Башкы катчысы Ысык-Көлгө барды.",
        "Бажы кызматкерлери жаңы көзөмөл бекетин ачышты.",
        "Камбар-Ата ГЭСинин курулушу тездетилди.",
        "«Тилибиз бир, тилегибиз бир», – деди өкүл.",
        "Көчмөндөр оюндарына 90 өлкө катышты.",
        "Кытай–Кыргызстан–Өзбекстан темир жолу талкууланды.",
        "Ош шаарында жаштар лагери уюштурулду.",
        "Суу жана энергетика боюнча макулдашууга кол коюлду.",
        "Айыл чарба министрлери үрөн банкын түзүүнү чечти.",
        "Саламаттык сактоо боюнча форум 15-майда башталат.",
        "Манас эпосу ЮНЕСКОнун тизмесинде.",
    ),
    "uz": (
        "Turkiy davlatlar tashkilotining sammiti Toshkentda boʻlib oʻtdi.",
        "TDTning Bosh kotibi O'zbekistonga tashrif buyurdi.",
        "Samarqandda bojxona xizmatlari rahbarlari uchrashdi.",
        "Yo‘lovchilar uchun yangi poyezd qatnovi yoʻlga qo'yildi.",
        "“Kelajagimiz umumiy”, dedi vazir.",
        "Gʻalla, suv va urugʻ almashinuvi muhokama qilindi.",
        "Ўзбекистон ва Қозоғистон ўртасида битим имзоланди.",
        "Қўқонда ҳунармандлар фестивали очилди.",
        "2026-yilda yashil energiya ulushi 40 foizga yetadi.",
        "Xivada yoshlar forumi boshlandi; unda 300 nafar talaba qatnashmoqda.",
        "Raqamli savdo maydonchasi ishga tushdi.",
        "San'at va ma'rifat haftaligi o‘tkazildi.",
    ),
    "ru": (
        "Саммит Организации тюркских государств прошёл в Шуше.",
        "Генеральный секретарь ОТГ посетил Ташкент.",
        "Министры энергетики обсудили «зелёный» коридор.",
        "Грузооборот Среднего коридора вырос на 20 процентов.",
        "Таможенные службы договорились об обмене данными.",
        "«Мы ещё не всё сделали», – заявил министр.",
        "Учёные-тюркологи предложили общий алфавит из 34 букв.",
        "В Бишкеке открылся форум молодёжи.",
        "Соглашение подписали Казахстан, Узбекистан и Кыргызстан.",
        "Спутник дистанционного зондирования выведен на орбиту.",
        "Состоялась 11-я встреча министров здравоохранения.",
        "Наблюдатели – Венгрия и Туркменистан – поддержали проект.",
    ),
    "hu": (
        "A Türk Államok Szervezete Budapesten tartotta informális csúcstalálkozóját.",
        "A TÁSZ-ban Magyarország megfigyelő tag.",
        "Az energetikai miniszterek a zöld folyosóról egyeztettek.",
        "A vámszervek vezetői Bakuban írták alá az együttműködési tervet.",
        "„Közös a múltunk” – mondta az államtitkár.",
        "Őszi vízgazdálkodási fórum nyílik Gödöllőn.",
        "A beruházási alap 500 millió dollárral indul.",
        "Kazahsztán és Üzbegisztán is csatlakozott az egyezményhez.",
        "A diákcsere-program 2025-ben bővül.",
        "Űripari együttműködésről írtak alá szándéknyilatkozatot.",
        "Az árvízvédelmi egység Ankarában gyakorlatozott.",
        "Hőhullám, aszály és ökológia: ezek voltak a napirenden.",
    ),
    "tk": (
        "Türki Döwletleriň Guramasynyň sammiti Awazada geçirildi.",
        "Türkmenistan guramada synçy bolup durýar.",
        "Gümrük gullugynyň ýolbaşçylary Aşgabatda duşuşdy.",
        "Täze demir ýol Garagum sährasyndan geçýär.",
        "“Biziň ýolumyz bir” diýip, wekil belledi.",
        "Suw hojalygy we oba hojalygy boýunça ylalaşyk baglaşyldy.",
        "2025-nji ýylda gaz geçirijisiniň täze tapgyry başlar.",
        "Ýaşlar forumyna on iki ýurtdan wekiller gatnaşdy.",
        "Marynyň gadymy şäheri sergide görkezildi.",
        "Halkara ulag geçelgesi işe girizildi.",
        "Saglygy goraýyş ministrleri Daşoguzda maslahatlaşdy.",
        "Nowruz baýramy giňden bellendi.",
    ),
}
PEOPLE = (
    "Ayla Ersoy", "İlham Işıklı", "Jasur Karimov", "Нурлан Әбенов", "Gözel Öwezowa", "Kiss Ágnes",
    "Эльвира Токтогулова", "Anna Müller-Kaya", "Oʻktam Gʻaniyev", "Səbinə Əliyeva", "Пётр Йылмаз", "D'Angelo Brown",
)  # fmt: skip
AREAS = ("customs", "energy", "transport", "security", "culture", "space", "education", "ict")
COUNTRIES = ("az", "kz", "kg", "tr", "uz", "hu", "tm")
SOURCES = ("ajans", "bulletin", "habar", "kabar", "vostok")
KINDS = ("news", "statement", "interview", "opinion")
START = datetime(2024, 11, 1, tzinfo=UTC)


def articles(number: int) -> list[Document]:
    """So many, in turns in each language; some without a date, some gone, some discarded."""
    dice = random.Random(2025)  # noqa: S311 - the same in every run
    languages = list(SENTENCES)
    return [_article(dice, f"a{n:03}", languages[n % len(languages)]) for n in range(number)]


def _article(dice: random.Random, name: str, language: str) -> Document:
    seen = START + timedelta(minutes=dice.randrange(0, 400) * 997)
    fields: dict[str, Value] = {
        "id": name,
        "url": f"https://news.example/{language}/{name}",
        "source": dice.choice(SOURCES),
        "language": language,
        "status": "discarded" if dice.random() < 0.1 else "ok",
        "title": _spelt(dice, dice.choice(SENTENCES[language])),
        "text": " ".join(_paragraph(dice, language)),
        "first_seen": seen,
        "fetched_at": seen + timedelta(milliseconds=dice.randrange(10**7)),
        **_dates(dice, seen),
        **_labels(dice),
    }
    if dice.random() < 0.04:
        fields["gone"] = seen + timedelta(days=9)
    return Document("articles", name, dice.randrange(5), fields, {"id": name})


def _paragraph(dice: random.Random, language: str) -> Iterator[str]:
    own = dice.sample(SENTENCES[language], dice.randrange(1, 6))
    foreign = [dice.choice(SENTENCES[dice.choice(list(SENTENCES))])] if dice.random() < 0.3 else []
    for sentence in own + foreign:
        yield _spelt(dice, sentence)


def _spelt(dice: random.Random, sentence: str) -> str:
    """As another desk would have typed it: capitals, with and without the dots, other apostrophes and spaces."""
    match dice.randrange(12):
        case 0:
            return sentence.upper()
        case 1:
            return sentence.replace("i", "İ").replace("ı", "I").upper()
        case 2:
            return sentence.replace("'", "’").replace("ʻ", "‘").replace("-", "‑")
        case 3:
            return sentence.replace(" ", "\u00a0").replace("ё", "е")
        case 4:
            return f"{sentence[:-1]} ({dice.randrange(1900, 2100)}, № {dice.randrange(99)})."
        case _:
            return sentence


def _dates(dice: random.Random, seen: datetime) -> dict[str, Value]:
    undated = dice.random() < 0.2
    published = seen - timedelta(milliseconds=dice.choice((0, 1, 60_000, 86_400_000, 10**9)) * dice.randrange(4))
    return {
        "published": None if undated else published,
        "undated": undated,
        "published_precision": None if undated else dice.choice(("minute", "day")),
        "modified": seen if dice.random() < 0.15 else None,
    }


def _labels(dice: random.Random) -> dict[str, Value]:
    areas = dice.sample(AREAS, dice.randrange(4))
    speakers = dice.sample(PEOPLE, dice.choice((0, 0, 1, 2)))
    people = dice.sample(PEOPLE, dice.choice((0, 1, 3)))
    return {
        "area": areas,
        "main_area": areas[0] if areas else None,
        "kind": dice.choice((*KINDS, None)),
        "country": dice.sample(COUNTRIES, dice.randrange(4)),
        "person": people,
        "person_names": people,
        "speaker": speakers,
        "speaker_names": speakers,
        "author_names": dice.choice((None, *PEOPLE)),
        "quotes": len(speakers) * dice.randrange(1, 8),
        "has_quotes": bool(speakers),
        "story": f"s{dice.randrange(40)}" if dice.random() < 0.4 else None,
    }
