"""The endings that nouns take, by language: what may follow a word and leave it the same word.

Written as they look folded (`otswatch.text.folding`): `ı` is i, `ü` is u, `ң` is н, `й` is и. Case, number and
possession only; an ending that makes another word of it (Turkish -lı, Hungarian -i) is none.

A Turkic noun is stem + plural + possessive + case. The third person's possessive takes case endings of its own
(`evi-ni`), and behind a locative may stand -ki (`evde-ki`). Of vowel harmony folding leaves a and e apart, so a chain
has one of the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache


def _words(*lines: str) -> tuple[str, ...]:
    return tuple(word for line in lines for word in line.split())


@dataclass(frozen=True, slots=True)
class _Noun:
    """The endings of a noun by their place.

    `own`: our (my is rare in news and ends names: `sel`, Selim). `third`: his, their. `cases` stand behind the stem,
    the plural and `own`, `third_cases` behind `third`. `locative`: how a case ends that -ki (`relative`) may follow.
    `last` stands behind all, whatever the vowels.
    """

    plural: tuple[str, ...]
    own: tuple[str, ...]
    third: tuple[str, ...]
    cases: tuple[str, ...]
    third_cases: tuple[str, ...]
    locative: tuple[str, ...]
    relative: tuple[str, ...]
    last: tuple[str, ...] = ()

    def chains(self) -> Iterator[str]:
        for number in ("", *self.plural):
            for case in ("", *self.cases):
                for person in ("", *self.own):
                    yield from self._closed(number + person + case)
            for person in self.third:
                for case in ("", *self.third_cases):
                    yield from self._closed(number + person + case)

    def _closed(self, chain: str) -> Iterator[str]:
        if {"a", "e"} <= set(chain) or {"а", "е"} <= set(chain):
            return
        yield chain
        if chain.endswith(self.locative):
            yield from (chain + relative for relative in self.relative)
        yield from (chain + last for last in self.last)


_LATIN_OF = str.maketrans("абвгдезиклмнопрстуы", "abvgdeziklmnoprstuy")

_TURKISH = _Noun(
    plural=_words("ler lar"),
    own=_words("imiz umuz miz muz"),
    third=_words("i u si su"),
    cases=_words("i u yi yu in un nin nun e a ye ya de da te ta den dan ten tan le la yle yla ce ca"),
    third_cases=_words("ni nu nin nun ne na nde nda nden ndan yle yla nce nca"),
    locative=_words("de da te ta"),
    relative=_words("ki kiler kilerin kilere kini kinin"),
    last=_words("dir dur tir tur"),
)
_AZERBAIJANI = _Noun(
    plural=_words("ler lar"),
    own=_words("imiz umuz miz muz"),
    third=_words("i u si su"),
    cases=_words("i u ni nu in un nin nun e a ye ya de da den dan le la yle yla"),
    third_cases=_words("ni nu nin nun ne na nde nda nden ndan yle yla"),
    locative=_words("de da"),
    relative=_words("ki kiler kilerin kilere kini kinin"),
    last=_words("dir dur"),
)
_TURKMEN = _Noun(
    plural=_words("ler lar"),
    own=_words("imiz ymyz umyz"),
    third=_words("i y u si sy su"),
    cases=_words("i y u ni ny nu in yn un nin nyn nun e a ge ga ne na de da nde nda den dan nden ndan"),
    third_cases=_words("ni ny nu nin nyn nun ne na nde nda nden ndan"),
    locative=_words("de da"),
    relative=_words("ki ky"),
    last=_words("dir dyr dur tyr"),
)
_KAZAKH = _Noun(
    plural=_words("лар лер дар дер тар тер"),
    own=_words("ымыз имиз мыз миз"),
    third=_words("ы и сы си"),
    cases=_words("ны ни ды ди ты ти нын нин дын дин тын тин га ге ка ке а е да де та те дан ден тан тен нан нен"),
    third_cases=_words("н нын нин на не нда нде нан нен"),
    locative=_words("да де та те"),
    relative=_words("гы ги гылар гилер"),
    last=_words("мен бен пен"),
)
_KYRGYZ = _Noun(
    plural=_words("лар лер лор дар дер дор тар тер тор"),
    own=_words("ыбыз ибиз убуз быз биз буз"),
    third=_words("ы и у сы си су"),
    cases=_words(
        "ны ни ну ды ди ду ты ти ту нын нин нун дын дин дун тын тин тун га ге го ка ке ко а е о",
        "да де до та те то дан ден дон тан тен тон нан нен нон",
    ),
    third_cases=_words("н ны ни ну нын нин нун на не но нда нде ндо нан нен нон"),
    locative=_words("да де до та те то"),
    relative=_words("гы ги гу"),
)
_UZBEK = _Noun(
    plural=_words("лар"),
    own=_words("имиз миз"),
    third=_words("и си"),
    cases=_words("ни нинг га ка да дан ча гача"),
    third_cases=_words("ни нинг га да дан ча гача"),
    locative=_words("да"),
    relative=_words("ги гилар"),
)
_NOUNS = {
    "tr": _TURKISH,
    "az": _AZERBAIJANI,
    "tk": _TURKMEN,
    "kk": _KAZAKH,
    "ky": _KYRGYZ,
    "uz": _UZBEK,
}  # fmt: skip

#: The languages whose nouns are built so.
TURKIC = frozenset(_NOUNS)

#: Hungarian: number and possession, then case. -val doubles the stem's last consonant (`gáz-zal`): see `endings`.
_HUNGARIAN_OWNED = _words("k ak ek ok a e ja je uk juk ai ei jai jei i aik eik jaik jeik aink eink unk jaink jeink")
_HUNGARIAN_CASES = _words(
    "t at et ot ban ben ba be bol n on en an ra re rol hoz hez nal nel tol nak nek val vel kal kel ig ert kent kor"
)
_RUSSIAN = _words(
    "а я у ю ы и е о ь ью ои ею ою еи ом ем ам ям ами ями ах ях ов ев ии ия ию иеи иям иями иях ием ья ье ьи ьеи ьям",
    "ыи ая яя ое ее ые ие ого его ому ему ым им ыми ими ых их ую юю",
)
_ENGLISH = _words("s es")

#: What a last consonant becomes before a vowel, in a word of more than one syllable (`mektup`, `mektub-u`).
_SOFTENED: dict[str, dict[str, str]] = {
    "tr": {"k": "g", "p": "b", "t": "d"},
    "az": {"q": "g", "k": "y", "t": "d"},
    "tk": {"k": "g", "p": "b", "t": "d", "c": "j"},
    "kk": {"к": "г", "п": "б", "k": "g", "q": "g", "p": "b"},
    "ky": {"к": "г", "п": "б"},
    "uz": {"к": "г", "k": "g", "q": "g"},
}
_VOWELS = frozenset("aeiouyаеиоуыэюя")


def _in_both_scripts(language: str, noun: _Noun) -> frozenset[str]:
    return _in_both(language, frozenset(noun.chains()) - {""})


def _in_both(language: str, written: frozenset[str]) -> frozenset[str]:
    """Kazakh and Uzbek are written down in Cyrillic here; Latin Kazakh and Uzbek have q beside k."""
    if language not in {"kk", "uz"}:
        return written
    latin = frozenset(ending.translate(_LATIN_OF) for ending in written)
    return written | latin | {ending.replace("k", "q") for ending in latin}


@cache
def _of(language: str) -> frozenset[str]:
    if language in _NOUNS:
        return _in_both_scripts(language, _NOUNS[language])
    if language == "hu":
        return frozenset(a + b for a in ("", *_HUNGARIAN_OWNED) for b in ("", *_HUNGARIAN_CASES)) - {""}
    return frozenset({"ru": _RUSSIAN, "en": _ENGLISH}.get(language, ()))


@cache
def _of_any() -> frozenset[str]:
    return frozenset().union(*(_of(language) for language in (*_NOUNS, "hu", "ru", "en")))


def endings(stem: str, language: str | None) -> frozenset[str]:
    """What may follow the folded stem; the empty ending is not among them. `language` None: any of the nine."""
    if language is None:
        return _of_any()
    if language == "hu" and stem[-1:] not in _VOWELS:
        return _of(language) | {stem[-1:] + "al", stem[-1:] + "el"}
    return _of(language)


def softened(stem: str, language: str | None) -> tuple[str, frozenset[str]] | None:
    """The folded stem as it is before a vowel, and the endings that begin with one; None where it does not change."""
    last = _SOFTENED.get(language or "", {}).get(stem[-1:])
    if last is None or sum(letter in _VOWELS for letter in stem) < 2:
        return None
    return stem[:-1] + last, frozenset(ending for ending in endings(stem, language) if ending[0] in _VOWELS)


def slots(language: str) -> tuple[frozenset[str], ...]:
    """The same as places behind a stem, in their order, each of which may hold one of its endings or nothing.

    What this allows and `endings` does not is no word of the language, so a search loses nothing by it; five short
    lists make an expression that an index can look for, thousands of chains do not.
    """
    if language == "hu":
        return frozenset(_HUNGARIAN_OWNED), frozenset(_HUNGARIAN_CASES)
    if language not in _NOUNS:
        return (_of(language),)
    noun = _NOUNS[language]
    persons, cases = noun.own + noun.third, noun.cases + noun.third_cases
    return tuple(
        _in_both(language, frozenset(place)) for place in (noun.plural, persons, cases, noun.relative, noun.last)
    )


#: What makes another word of a name, and how a number is counted.
_DERIVED = _words("li lu lik luk ydi ydu ymis yse inci uncu nci ncu ynjy gacha лик лык дик дык тик тык")


def after_names() -> frozenset[str]:
    """What an apostrophe sets off from a name or a number in a Turkic language; `our` is not among them."""
    nouns = {language: replace(noun, own=()) for language, noun in _NOUNS.items()}
    return frozenset(_DERIVED).union(*(_in_both_scripts(language, noun) for language, noun in nouns.items()))


def after_hyphens() -> frozenset[str]:
    """What a hyphen sets off from an acronym (`TDT-nin`, `ENSZ-ben`); of one letter only, it might be a word."""
    return frozenset(ending for ending in after_names() | frozenset(_HUNGARIAN_CASES) if len(ending) > 1)
