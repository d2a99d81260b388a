"""The same words in the other script of their language, and a name in the alphabets of its neighbours.

Kazakh is written in Cyrillic and in three Latin styles (the alphabet of 2021; that of 2018 with acutes or, a year
older, apostrophes, which lat.egemen.kz and Qazinform use; that of Qazaqparat), Uzbek in Cyrillic and two Latin ones
(apostrophes, or ş ç õ). A name goes from one language to the next by a third alphabet: Тоқаев is Toqaev, Токаев,
Tokayev, Tokaýew, Tokajev. Turkish without marks and Azerbaijani without ə ö ü are the business of
`otswatch.text.folding`; Azerbaijani typed without ş and ç also has `sh` and `ch`.

Folding takes away what tells қ from к or ў from у. `spellings` takes words that may be folded, and of a word without
any such letter it gives both readings, at most two letters in it being read the less likely way. `rewritten` takes
words as they are written.

Why no library: `cyrtranslit`, `transliterate` and `alifbo` turn correct spelling of one alphabet into that of one
other. Needed here are all styles at once, from words that may be folded, and of Kazakh's styles they know none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import combinations, islice, product, zip_longest

from otswatch.text.folding import APOSTROPHES, fold

#: No word has more spellings than this, the likelier ones first.
MOST = 48
_UNLIKELY_LETTERS = 2

Table = dict[str, tuple[str, ...]]


def _table(*lines: str) -> Table:
    """`ш=sh/s`: what a letter becomes, the likelier first. `|е` is е at the beginning of a word or behind a vowel."""
    pairs = (entry.partition("=") for line in lines for entry in line.split())
    return {letters: tuple(options.split("/")) for letters, _, options in pairs}


@dataclass(frozen=True, slots=True)
class _Style:
    """One way to write in the other script; `lost` are more readings, for words that may have lost their marks."""

    table: Table
    lost: Table = field(default_factory=dict)


_CYRILLIC = _table(
    "а=a б=b в=v г=g д=d е=e ж=j з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=h ц=ts ч=ch ш=sh щ=shch",
    "ъ= ы=y ь= э=e ю=yu я=ya ё=yo ә=a ғ=g қ=q ң=n ө=o ұ=u ү=u һ=h і=i ў=o ҳ=h",
)
_LATIN = _table(
    "a=а b=б v=в w=в g=г d=д e=е |e=э j=ж z=з i=и k=к q=қ l=л m=м n=н o=о p=п r=р s=с t=т u=у f=ф h=х x=х y=ы",
    "ş=ш ç=ч c=ц ts=ц sh=ш ch=ч ž=ж ı=ы ya=я yu=ю yo=ё ye=е",
)

_KAZAKH_2021 = _table("ә=ä ғ=ğ ң=ñ ө=ö ү=ü ұ=ū і=ı й=i ч=ş/ch ш=ş щ=ş ц=s/ts ю=iu я=ia ё=io")
_KAZAKH_2018 = _table("ә=á ғ=ǵ ң=ń ө=ó ү=ú у=ý и=ı й=ı ю=ıý щ=sh я=ıa ё=ıo")
_QAZAQPARAT = _table("ә=ä ғ=ğ ң=ñ ө=ö ү=ü у=w ы=ı ш=ş ч=ç щ=ş х=x/h ц=c")
_UZBEK = _table("ў=oʻ ғ=gʻ |е=ye х=x ы=i щ=sh")
_ENGLISH = _table("|е=ye/e ж=zh/j х=kh/h қ=k/q ғ=g/gh ң=ng/n ў=o/u")
_TURKISH = _table("|е=ye/e ж=j/c ч=c ш=s щ=sc ы=i қ=k")
_AZERBAIJANI = _table("|е=ye/e ж=j/c ч=c ш=s щ=sc ы=i х=x/h г=g/q")
_TURKMEN = _table("|е=ye/e в=w ж=z/j ч=c ш=s щ=sc қ=k")
_HUNGARIAN = _table("|е=je/e й=j с=sz ж=zs ч=cs ш=s щ=scs ц=c ы=i ю=ju я=ja ё=jo қ=k")

_LOST_KAZAKH = _table("к=k/q")
_LOST_UZBEK = _table("к=k/q х=x/h у=u/o и=i/y |и=y/i")

#: Cyrillic → Latin of one language.
_TO_LATIN: dict[str, tuple[_Style, ...]] = {
    "kk": (
        _Style(_CYRILLIC | _KAZAKH_2021, _LOST_KAZAKH),
        _Style(_CYRILLIC | _KAZAKH_2018, _LOST_KAZAKH),
        _Style(_CYRILLIC | _QAZAQPARAT, _LOST_KAZAKH | _table("|и=y/i")),
    ),
    "uz": (
        _Style(_CYRILLIC | _UZBEK, _LOST_UZBEK),
        _Style(_CYRILLIC | _UZBEK | _table("ў=õ ғ=ğ ш=ş ч=ç щ=ş"), _LOST_UZBEK),
    ),
}
#: Latin → Cyrillic of one language. What comes out is folded Cyrillic: ә is а, й is и.
_TO_CYRILLIC: dict[str, tuple[_Style, ...]] = {
    "kk": (
        _Style(_LATIN | _table("ı=и ia=я iu=ю"), _table("s=с/ш")),
        _Style(_LATIN | _table("ı=и ia=я ıa=я ıo=ё ý=у ıý=ю iy=ю s'=ш c'=ч y'=у"), _table("y=ы/у")),
        _Style(_LATIN | _table("y=и w=у c=ч"), _table("i=и/ы s=с/ш")),
    ),
    "uz": (
        _Style(_LATIN | _table("y=и o'=у õ=у ó=у g'=г '=ъ"), _table("o=о/у s=с/ш")),
    ),
}  # fmt: skip
#: Latin → Latin of one language.
_LATIN_TO_LATIN: dict[str, tuple[_Style, ...]] = {
    "uz": (_Style(_table("sh=ş ch=ç")), _Style(_table("ş=sh ç=ch"))),
    "az": (_Style(_table("ş=sh ç=ch")),),
}
#: The languages whose words have more than one spelling.
RESPELT = frozenset((*_TO_LATIN, *_LATIN_TO_LATIN))
#: How a name is written by the neighbours, and how what they write is read.
_NAMES_WRITTEN: tuple[Table, ...] = (
    *(_CYRILLIC | table for table in (_ENGLISH, _TURKISH, _AZERBAIJANI, _TURKMEN, _HUNGARIAN, {})),
    *(style.table for style in _TO_LATIN["kk"] + _TO_LATIN["uz"]),
)
_NAMES_READ: tuple[Table, ...] = (
    _LATIN | _table("|e=е/э y=ы/и |y=и ý=и ýe=е ýa=я ýu=ю ýo=ё zh=ж kh=х gh=г j=ж/дж c=ж/дж shch=щ"),
    _LATIN | _table("|e=е/э sz=с zs=ж cs=ч s=ш/с j=и je=е ja=я ju=ю jo=ё c=ц"),
    *(style.table for style in _TO_CYRILLIC["kk"][:2] + _TO_CYRILLIC["uz"]),
)
_AZERBAIJANI_IN_ENGLISH = _table("ə=a/e ş=sh ç=ch q=g x=kh c=j")
#: Of a name in Latin letters so many readings are written anew: the plain one and the Hungarian one, where they differ.
_READINGS = 2

_VOWELS = frozenset("аеиоуыэюяёәөұүіўaeiouäöüəıõóáúйьъ")
_OWN_LETTERS = frozenset("әғқңөұүһіўҳёйäğñöüūşıáǵńóúýçõə'")
_HAS_CYRILLIC, _HAS_LATIN = re.compile("[\u0400-\u052f]"), re.compile("[a-z\u00df-\u024f\u0259]")
_ANY_APOSTROPHE = re.compile(f"[{APOSTROPHES}]")


def rewritten(text: str, language: str | None = None) -> tuple[str, ...]:
    """Words as written in the other scripts and styles of `language`, each form in one style throughout; not folded.

    Other characters stay as they are. `language` None: as Kazakh, as Uzbek and as a name in the neighbours' alphabets.
    Empty for a language that is written in one way (Turkish, Kyrgyz, Russian, …).
    """
    return tuple(islice(_forms(text, language, as_written=True), MOST))


@lru_cache(maxsize=1 << 12)
def spellings(word: str, language: str | None = None) -> frozenset[str]:
    """The folded forms under which a word, or several, may be met, its own among them. At most `MOST`.

    `word` may be folded; `language` as for `rewritten`.
    """
    folded = dict.fromkeys(filter(None, map(fold, (word, *_forms(word, language, as_written=False)))))
    return frozenset(islice(folded, MOST))


def _forms(text: str, language: str | None, *, as_written: bool) -> Iterator[str]:
    small = _ANY_APOSTROPHE.sub("'", unicodedata.normalize("NFC", text.casefold()).replace("i\u0307", "i"))
    lost = not (as_written or _OWN_LETTERS & set(small))
    forms = _of_name(small) if language is None else _of_language(small, language, lost=lost)
    return (form for form in dict.fromkeys(forms) if form != small)


def _of_language(text: str, language: str, *, lost: bool) -> Iterator[str]:
    styles: tuple[_Style, ...] = ()
    if _HAS_CYRILLIC.search(text):
        styles = _TO_LATIN.get(language, ())
    elif _HAS_LATIN.search(text):
        styles = _LATIN_TO_LATIN.get(language, ()) + _TO_CYRILLIC.get(language, ())
    for style in styles:
        yield from islice(_written(style.table | style.lost if lost else style.table, text), MOST // 2)


def _of_name(text: str) -> Iterator[str]:
    """Read into Cyrillic in every way, then written in every alphabet."""
    if _HAS_CYRILLIC.search(text):
        cyrillic = [text]
    else:
        read = [list(islice(_written(table, text), 2)) for table in _NAMES_READ]
        cyrillic = list(dict.fromkeys(form for forms in zip_longest(*read) for form in forms if form))
        yield from cyrillic
        yield from _written(_AZERBAIJANI_IN_ENGLISH, text)
    for table in _NAMES_WRITTEN:
        for form in cyrillic[:_READINGS]:
            yield from islice(_written(table, form), 4)


def _written(table: Table, text: str) -> Iterator[str]:
    """The text rewritten: letter by letter the likeliest, then with one and with two letters read another way."""
    options = list(_options(table, text))
    likely = [option[0] for option in options]
    doubtful = [place for place, option in enumerate(options) if len(option) > 1]
    for changes in range(_UNLIKELY_LETTERS + 1):
        for places in combinations(doubtful, changes):
            for chosen in product(*(options[place][1:] for place in places)):
                form = likely.copy()
                for place, letters in zip(places, chosen, strict=True):
                    form[place] = letters
                yield "".join(form)


def _options(table: Table, text: str) -> Iterator[tuple[str, ...]]:
    """What each letter, or run of letters that the table knows, may become; a letter with a strange mark as without."""
    for match in _runs(tuple(table)).finditer(text):
        part, before = match[0], text[match.start() - 1 : match.start()]
        found = table.get("|" + part) if not before.isalnum() or before in _VOWELS else None
        found = found or table.get(part)
        yield found if found is not None else table.get(unicodedata.normalize("NFD", part)[0], (part,))


@lru_cache(maxsize=64)
def _runs(letters: tuple[str, ...]) -> re.Pattern[str]:
    """The runs of letters that a table knows, longest first, or else any one character."""
    known = sorted({run.removeprefix("|") for run in letters}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, known)) + "|.", re.DOTALL)
