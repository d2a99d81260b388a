"""Generated articles: as many as wanted, made one at a time, the n-th one the same in every run.

They mean nothing. What is like news is what an index feels: few words in most texts and many in few (Zipf), endings
that make more of them, nine languages, two scripts, texts of 80 to 600 words, records with as much evidence as real
ones have.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import accumulate
from random import Random
from typing import Any, Final

from otswatch import taxonomy
from otswatch.records import (
    Area,
    Article,
    Content,
    DateCandidate,
    Dated,
    Discovery,
    Evidence,
    Kind,
    Membership,
    Mention,
    Quote,
    Relevance,
    Speaker,
    Trace,
)
from otswatch.status import Reason
from tests.multilingual import SENTENCES

#: Language → articles in a hundred.
SHARES: Final = {"ru": 22, "en": 20, "tr": 18, "az": 12, "kk": 9, "uz": 7, "ky": 6, "tk": 3, "hu": 3}
#: The most frequent words of each language; behind them come those of `SENTENCES`.
_FREQUENT: Final = {
    "en": "the of and to in a for on with that by is as at from has be was it will",
    "tr": "ve bir bu da de ile için olarak olan en çok daha gibi ise sonra kadar her var göre ancak",
    "az": "və bir bu da ilə üçün olan ki ən daha kimi sonra isə hər var görə həm də çox lakin",
    "kk": "және бұл мен үшін бір да де деп ол осы туралы бойынша екен болып кейін дейін барлық көп жаңа өз",
    "ky": "жана бул менен үчүн бир да деп ал ушул боюнча болуп кийин чейин бардык көп жаңы эле тууралуу ошол гана",
    "uz": "va bu bilan uchun bir ham deb u shu boʻyicha boʻlib keyin qadar barcha koʻp yangi esa haqida oʻz edi",
    "ru": "и в на с по что не к за из о от для как это его при до был также",
    "hu": "a az és hogy is nem egy ez volt meg már csak mint ki de el még vagy szerint után",
    "tk": "we bu bilen üçin bir hem diýip ol şu boýunça bolup soň çenli ähli köp täze bolsa barada öz edi",
}
_ENDINGS: Final = {
    "en": "s ed ing er ly ment ion al ive ness",
    "tr": "lar ler ın da den nin lik ci yor dı acak mış",
    "az": "lar lər ın da dən nin lik çi ır dı acaq mış",
    "kk": "лар дар дың да дан ға лық шы ып ды ған мен",
    "ky": "лар дор дун да дан га лык чы ып ды ган нын",
    "uz": "lar ning da dan ga lik chi moqda di gan ni cha",
    "ru": "а ы ов ам ами ский ного ение ать ил ую ой",
    "hu": "k ok nak ban ból hoz ság ú ett ani val ra",
    "tk": "lar ler yň da dan ga lyk çy ýar dy jak nyň",
}
OTS: Final = {
    "en": "Organization of Turkic States",
    "tr": "Türk Devletleri Teşkilatı",
    "az": "Türk Dövlətləri Təşkilatı",
    "kk": "Түркі мемлекеттері ұйымы",
    "ky": "Түрк мамлекеттер уюму",
    "uz": "Turkiy davlatlar tashkiloti",
    "ru": "Организация тюркских государств",
    "hu": "Türk Államok Szervezete",
    "tk": "Türki Döwletler Guramasy",
}
_GIVEN: Final = (
    "Ayla İlham Jasur Нурлан Gözel Ágnes Эльвира Anna Oʻktam Səbinə Пётр Daniyar Айгүл Murat Leyla Бекзат Zsófia Merdan"
    " Тимур Sevara Kamran Жанар Gülşat Bence"
)
_FAMILY: Final = (
    "Ersoy Işıklı Karimov Әбенов Öwezowa Kiss Токтогулова Müller-Kaya Gʻaniyev Əliyeva Йылмаз Serikbayev Омарова Şahin"
    " Rəsulzadə Bekmuratow Szabó Касымов Yoʻldosheva Демир Quliyev Nagy Атабаев Çelik"
)
_PLACES: Final = "Bakı Astana Bişkek Toshkent Ankara Budapest Aşgabat Шуша Самарқанд İstanbul"

START: Final = datetime(2023, 1, 1, tzinfo=UTC)
SPAN: Final = timedelta(days=3 * 365)
#: Words of a language that there are.
_VOCABULARY: Final = 30_000
_WORD = re.compile(r"[^\W\d_]+")
_STAGES: Final = {"clean": "2", "date": "1", "classify": "1+01e137a7", "quotes": "2"}


@cache
def vocabulary(language: str) -> list[str]:
    """The words of a language, the most frequent first; most of them are put together from pieces of a few."""
    dice = _dice("vocabulary", language)
    words = dict.fromkeys([*_FREQUENT[language].split(), *_WORD.findall(" ".join(SENTENCES[language]))])
    stems = [word for word in words if len(word) > 3]
    endings = ["", *_ENDINGS[language].split()]
    while len(words) < _VOCABULARY:
        drawn_ones = (dice.choices(pieces, k=_VOCABULARY) for pieces in (stems, stems, endings))
        for head, tail, ending in zip(*drawn_ones, strict=True):
            words[head[: 2 + _below(dice, len(head) - 1)] + tail[1 + _below(dice, len(tail) - 1) :] + ending] = None
    return list(words)[:_VOCABULARY]


def _below(dice: Random, number: int) -> int:
    return int(dice.random() * number)  # a third of the time of `randrange`


@cache
def _zipf(number: int) -> list[float]:
    """Cumulated weights of so many things, the most frequent first (Zipf and Mandelbrot)."""
    return list(accumulate(1 / (rank + 2.7) for rank in range(1, number + 1)))


def drawn(dice: Random, things: Sequence[str], number: int) -> list[str]:
    """So many, the first ones most often."""
    return dice.choices(things, cum_weights=_zipf(len(things)), k=number)


def _dice(*names: object) -> Random:
    return Random("/".join(map(str, names)))  # noqa: S311 - the same in every run


@cache
def areas() -> list[str]:
    """Ids of cooperation areas."""
    return sorted(taxonomy.load().areas)


@cache
def countries() -> list[str]:
    """Ids of countries."""
    return list(taxonomy.load().countries)


@cache
def kinds() -> list[str]:
    """Ids of kinds, news first."""
    return list(taxonomy.load().kinds)


@cache
def people() -> list[str]:
    """Names as written."""
    names = [f"{given} {family}" for given in _GIVEN.split() for family in _FAMILY.split()]
    _dice("people").shuffle(names)
    return names


@cache
def sources(language: str) -> list[str]:
    """Ids of sources that write in a language."""
    return [f"{language}-agency-{number}" for number in range(3 + SHARES[language] // 2)]


@dataclass(frozen=True, slots=True)
class Corpus:
    """`number` articles over three years, the oldest first; `discarded` is the share of those that are not kept."""

    number: int
    discarded: float = 0.5

    def __iter__(self) -> Iterator[Article]:
        return map(self.article, range(self.number))

    def article(self, number: int) -> Article:
        """The one at this place, as the index is given it."""
        return _Writer(_dice("article", number), number).article(
            seen=START + SPAN * ((number + 0.5) / self.number), discarded=self.discarded
        )


class _Writer:
    """Writes one article."""

    def __init__(self, dice: Random, number: int) -> None:
        self._dice = dice
        self._number = number
        self._language = dice.choices(list(SHARES), list(SHARES.values()))[0]
        self._text = ""
        #: Where each sentence is.
        self._sentences: list[tuple[int, int]] = []

    def article(self, seen: datetime, discarded: float) -> Article:
        dice = self._dice
        keep = dice.random() >= discarded
        source = drawn(dice, sources(self._language), 1)[0]
        url = f"https://{source}.example/{seen:%Y/%m/%d}/{dice.randrange(10**9)}"
        content = self._content(url, names_ots=keep)
        published = self._published(seen) if dice.random() < 0.88 else None
        made = Article(
            id=hashlib.blake2b(url.encode(), digest_size=16).hexdigest(),
            url=url,
            source=source,
            content=content,
            published=published,
            modified=published if published and dice.random() < 0.3 else None,
            date_candidates=tuple(_candidates(published)) if published else (),
            trace=self._trace(seen, source),
        )
        if keep:
            return made.replace(**self._labels(made.id))
        made = made.replace(relevance=Relevance(level="passing", score=0.02), areas=self._areas())
        return made.discarded(Reason.PASSING)

    def _content(self, url: str, *, names_ots: bool) -> Content:
        dice = self._dice
        self._write(dice.randint(80, 600), names_ots=names_ots)
        title = " ".join(drawn(dice, vocabulary(self._language), dice.randint(5, 12)))
        title = f"{OTS[self._language]}: {title}" if names_ots and dice.random() < 0.4 else _capital(title)
        authors = drawn(dice, people(), 1) if dice.random() < 0.4 else []
        return Content(
            title=title,
            text=self._text,
            language=self._language,
            authors=tuple(authors),
            image=f"{url}.jpg" if dice.random() < 0.7 else None,
            canonical_url=url,
            evidence={
                "language": self._evidence("language-of-text/1", 80),
                "title": Evidence(frame="html", path="h1", text=title, rule="title-agreement/1"),
                "canonical_url": Evidence(frame="html", path="link[rel=canonical]", text=url, rule="canonical-field/1"),
            },
            extractor="clean/2",
        )

    def _write(self, number: int, *, names_ots: bool) -> None:
        """A text of so many words."""
        dice = self._dice
        words = drawn(dice, vocabulary(self._language), number)
        pieces: list[str] = []
        length = at = 0
        while at < number:
            size = dice.randint(7, 24)
            sentence = self._sentence(words[at : at + size], names_ots=names_ots and (not at or dice.random() < 0.1))
            self._sentences.append((length, length + len(sentence)))
            pieces += [sentence, "\n\n" if dice.random() < 0.3 else " "]
            length += len(sentence) + len(pieces[-1])
            at += size
        self._text = "".join(pieces[:-1])

    def _sentence(self, words: list[str], *, names_ots: bool) -> str:
        dice = self._dice
        if dice.random() < 0.3:
            words.insert(len(words) // 2, str(dice.choice((dice.randrange(100), dice.randrange(2000, 2027)))))
        if dice.random() < 0.2:
            words.insert(len(words) // 2, f"{dice.choice(_PLACES.split())}'{dice.choice(('da', 'nın', 'dan', 'ya'))},")
        if dice.random() < 0.1:
            words[:0] = drawn(dice, people(), 1)
        if names_ots:
            words[1:1] = [OTS[self._language]]
        return _capital(" ".join(words)) + "."

    def _evidence(self, rule: str, length: int = 18) -> Evidence:
        """Words that open a sentence, which are as good as any."""
        start = self._dice.choice(self._sentences)[0]
        words = self._text[start : start + length]
        return Evidence(frame="text", start=start, end=start + len(words), text=words, rule=rule)

    def _some(self, rule: str, most: int) -> tuple[Evidence, ...]:
        return tuple(self._evidence(rule) for _ in range(self._dice.randint(1, most)))

    def _published(self, seen: datetime) -> Dated:
        dice = self._dice
        moment = (seen - timedelta(minutes=dice.choice((3, 20, 90, 600, 3000)) * dice.random())).replace(microsecond=0)
        is_day = dice.random() < 0.3
        start = moment.replace(hour=0, minute=0, second=0) if is_day else moment
        written = start.date().isoformat() if is_day else start.isoformat()
        path = "NewsArticle.datePublished"
        return Dated(
            at=written,
            precision="day" if is_day else "second",
            start=start,
            end=start + (timedelta(days=1) if is_day else timedelta(seconds=1)),
            source="json-ld",
            confidence=0.9,
            evidence=(Evidence(frame="json-ld", path=path, text=written, rule="machine-date/1"),),
        )

    def _trace(self, seen: datetime, source: str) -> Trace:
        return Trace(
            fetched_at=seen + timedelta(seconds=20 * self._dice.random()),
            first_seen=seen,
            first_listed=seen,
            discovery=Discovery(by="feed", via=f"https://{source}.example/rss", published=seen.isoformat()),
            page=f"pages/{self._number % 8}/{self._number // 8}",
            revision=1,
            stages=_STAGES,
        )

    # ------------------------------------------------------------------------------------------- what is said of it

    def _labels(self, id_: str) -> dict[str, Any]:
        dice = self._dice
        return {
            "relevance": Relevance(
                level=dice.choice(("about", "about", "part")), score=0.3, evidence=self._some("relevance/1:ots", 4)
            ),
            "areas": self._areas(),
            "kind": Kind(id=drawn(dice, kinds(), 1)[0], evidence=self._some("kind/1:lead", 6)),
            "mentions": tuple(self._mentions()),
            "quotes": tuple(self._quotes(id_)) if dice.random() < 0.4 else (),
            "story": Membership(id=self._story(id_), role="member", reason="exact/1"),
        }

    def _areas(self) -> tuple[Area, ...]:
        found = dict.fromkeys(drawn(self._dice, areas(), self._dice.randint(0, 3)))
        return tuple(Area(id=name, score=5.0, evidence=self._some(f"areas/1:{name}", 5)) for name in found)

    def _mentions(self) -> Iterator[Mention]:
        dice = self._dice
        yield Mention(type="body", id="ots", name=OTS[self._language], evidence=self._some("mentions/1:ots", 3))
        for name in dict.fromkeys(drawn(dice, countries(), dice.randint(0, 4))):
            yield Mention(type="country", id=name, name=name, evidence=self._some(f"mentions/1:{name}", 3))
        for name in dict.fromkeys(drawn(dice, people(), dice.choice((0, 0, 1, 2, 3)))):
            yield Mention(type="person", id=None, name=name, evidence=self._some("mentions/1:person", 2))

    def _quotes(self, id_: str) -> Iterator[Quote]:
        for start, end in self._dice.sample(self._sentences, min(len(self._sentences), self._dice.randint(1, 3))):
            name = drawn(self._dice, people(), 1)[0]
            yield Quote(
                id=hashlib.blake2b(f"{id_}/{start}".encode(), digest_size=16).hexdigest(),
                speaker=Speaker(name=name, evidence=self._some("quotes/1:speaker", 1)),
                text=self._text[start:end],
                start=start,
                end=end,
                direct=True,
                rule="quotes/1:verb-after",
            )

    def _story(self, id_: str) -> str:
        """One in five has it from an article that came a little before."""
        first = self._number - self._dice.randint(1, 40) if self._dice.random() < 0.2 else id_
        return hashlib.blake2b(f"story/{first}".encode(), digest_size=16).hexdigest()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _candidates(published: Dated) -> Iterator[DateCandidate]:
    for verdict, why in (("taken", "the best place of the day that most places agree on"), ("agrees", "the same day")):
        yield DateCandidate(
            at=published.at,
            precision=published.precision,
            source=published.source,
            role="published",
            verdict="taken" if verdict == "taken" else "agrees",
            why=why,
            evidence=published.evidence[0],
        )
