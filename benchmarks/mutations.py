"""Makes pages wrong on purpose: as a broken CMS, a bad connection or somebody who means harm would.

A page is a number: the same seed, number and source pages give the same bytes on every machine. No maintained library
does this for HTML (pyradamsa rests since 2020; Atheris is steered by coverage and makes no pages that a reader would
know). What is put into pages is data, `mutations.yaml`; dates in other languages' words are CLDR's, by Babel.
"""

from __future__ import annotations

import codecs
import html as entities
import json
import random
import re
import unicodedata
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from babel.dates import format_date

from benchmarks.mutants import LARGEST, Draft, Mutant, Sources


def _flat(values: Any) -> Any:
    rows = isinstance(values, list) and all(isinstance(row, list) for row in values)
    return [value for row in values for value in row] if rows else values


_DATA = {
    name: _flat(values)
    for name, values in yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8")).items()
}


class Mutation(NamedTuple):
    """A way to make a page wrong."""

    name: str
    apply: Callable[[Draft], None]


MUTATIONS: list[Mutation] = []


def _mutation(apply: Callable[[Draft], None]) -> Callable[[Draft], None]:
    MUTATIONS.append(Mutation(apply.__name__.strip("_").replace("_", " "), apply))
    return apply


def mutate(seed: int, number: int, pages: Sources) -> Mutant:
    """The page `number` of a run. Each mutation has its turn; up to four others come on top."""
    rng = random.Random(f"{seed}:{number}")  # noqa: S311 - the same each time is what is wanted
    page = pages.any(rng)
    draft = Draft(rng, pages, page.html, page.url, page.fetched_at)
    if rng.random() < 0.5:
        _let_it_be_about_the_organisation(draft)
    more = rng.choices(range(5), weights=(40, 25, 15, 12, 8))[0]
    chosen = [MUTATIONS[number % len(MUTATIONS)], *rng.sample(MUTATIONS, more)]
    rng.shuffle(chosen)
    for mutation in chosen:
        mutation.apply(draft)
        draft.html = draft.html[:LARGEST]
    names = tuple(mutation.name for mutation in chosen)
    return Mutant(
        number, page.name, names, draft.bytes(), draft.content_type, draft.url, draft.fetched_at, draft.listed
    )


def _let_it_be_about_the_organisation(draft: Draft) -> None:
    said = iter(draft.rng.sample(draft.sources.paragraphs, 12))
    draft.sub(r"(?<=<p>)[^<]{40,}(?=</p>)", lambda match: next(said, match[0]), 0.7)
    draft.above_text("".join(f"<p>{words}</p>" for words in islice(said, 3)))


# --------------------------------------------------------------------------------------------------------------- markup


@_mutation
def _cut_off(draft: Draft) -> None:
    share = draft.rng.random()
    draft.then.append(lambda data: data[: int(share * len(data))])


@_mutation
def _tags_dropped(draft: Draft) -> None:
    draft.sub(r"<[^<>]*>", lambda _: "", draft.rng.choice((0.02, 0.3, 0.9)), LARGEST)


@_mutation
def _tags_repeated(draft: Draft) -> None:
    times = draft.rng.randint(2, 6)
    draft.sub(r"<[^<>]*>", lambda match: match[0] * times, draft.rng.choice((0.02, 0.3)))


@_mutation
def _tags_not_closed(draft: Draft) -> None:
    pattern = draft.rng.choice((r"</[^<>]*>", r"(?<=[^<>])>", r"</(?:p|div|article|li)\s*>", r"""["'](?=[\s>])"""))
    draft.sub(pattern, lambda _: "", draft.rng.choice((0.01, 0.2, 1.0)), LARGEST)


@_mutation
def _nested_deep(draft: Draft) -> None:
    tag, depth = draft.rng.choice(_DATA["nested"]), draft.rng.choice((20, 200, 240, 300, draft.size(2, 4.5)))
    last, first = draft.spots(2)
    closing = "".join(f"</{name}>" for name in reversed(tag.split("><"))) if draft.rng.random() < 0.7 else ""
    inner = f"<{tag}>" * depth + draft.html[first:last] + closing * depth
    draft.html = draft.html[:first] + inner + draft.html[last:]


@_mutation
def _attributes_swapped(draft: Draft) -> None:
    values = re.findall(r"""=\s?("[^"]*"|'[^']*')""", draft.html) or ['"x"']
    draft.sub(r"""(=\s?)("[^"]*"|'[^']*')""", lambda match: match[1] + draft.rng.choice(values)[:5000], 0.5)


@_mutation
def _blocks_shuffled(draft: Draft) -> None:
    blocks = re.split(r"(?=<(?:p|div|article|section|h1|h2|ul|table|aside|header|footer|meta|script)\b)", draft.html)
    head, rest = blocks[:1], blocks[1:]
    draft.rng.shuffle(rest)
    draft.html = "".join(head + rest)


@_mutation
def _blocks_of_another_page(draft: Draft) -> None:
    other = draft.sources.any(draft.rng).html
    for at in draft.spots(draft.rng.randint(1, 5)):
        start = draft.rng.randrange(len(other) + 1)
        draft.insert(other[start : start + draft.size(2, 4.5)], at)


@_mutation
def _two_pages_in_one(draft: Draft) -> None:
    draft.html += draft.sources.any(draft.rng).html


@_mutation
def _a_part_left_open(draft: Draft) -> None:
    for at in draft.spots(draft.rng.randint(1, 4)):
        draft.insert(draft.rng.choice(_DATA["openers"]), at)


@_mutation
def _html_in_attributes(draft: Draft) -> None:
    other = draft.sources.any(draft.rng).html[: draft.size(2, 4)]
    value = draft.rng.choice((other, entities.escape(other), other.replace('"', "'")))
    name = draft.rng.choice(_DATA["attributes"])
    draft.sub(r"<(?:p|div|a|img|span|meta|time)\b", lambda match: f'{match[0]} {name}="{value}"', 0.1, 8)


@_mutation
def _huge_class_names(draft: Draft) -> None:
    attribute = draft.rng.choice(("class", "id", "itemprop", "property", "name", "rel", "style"))
    huge = draft.rng.choice(_DATA["names"]) * draft.size(2, 4.5)
    draft.sub(r"<(?:p|div|span|time|meta|h1)\b", lambda match: f'{match[0]} {attribute}="{huge}"', 0.2, 10)


@_mutation
def _one_element_by_the_thousand(draft: Draft) -> None:
    words = draft.paragraph()[: draft.rng.choice((12, 60, 400))]
    element = draft.rng.choice(_DATA["elements"]).replace("{}", words)
    draft.insert(element * min(draft.size(2, 4.4), LARGEST // 2 // len(element), 55_000 // element.count("<")))


@_mutation
def _layout_of_the_nineties(draft: Draft) -> None:
    between = draft.rng.choice(("<br><br>", "<br>", "</td></tr><tr><td>", "\n\n"))
    draft.sub(r"</?p\b[^<>]*>", lambda _: between, most=LARGEST)
    draft.above_text(draft.rng.choice(("<table><tr><td>", "<pre>", "<center><font size=2>", "<form>")))


@_mutation
def _a_bomb_of_entities(draft: Draft) -> None:
    many = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    draft.html = f'<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a0 "word ">{many}]>' + draft.html
    draft.above_text("<p>&a9; &xxe;</p>")


# ----------------------------------------------------------------------------------------------------------------- text


@_mutation
def _control_characters(draft: Draft) -> None:
    draft.scatter([chr(n) for n in (*range(0x20), *range(0x7F, 0xA0))])


@_mutation
def _letters_that_are_none(draft: Draft) -> None:
    draft.scatter(
        ["\ufffd", "\ufffe", "\uffff", "\ufeff", "\ud800", "\udfff", "\ud83d", "\U0010ffff", "\ue000", "\ufdd0"]
    )


@_mutation
def _marks_upon_marks(draft: Draft) -> None:
    marks = ["\u0301", "\u0308", "\u0307", "\u0327", "\u20dd", "\u05b0", "\u0e31", "\u0338"]
    draft.scatter(marks, draft.rng.choice((1, 300)))


@_mutation
def _letters_of_no_width(draft: Draft) -> None:
    draft.scatter(["\u200b", "\u200c", "\u200d", "\u00ad", "\u2060", "\u202e", "\u202b", "\u2066", "\u061c", "\u180e"])


@_mutation
def _from_right_to_left(draft: Draft) -> None:
    draft.text(lambda words: "\u202e" + words[::-1] + "\u202c", 0.3)
    draft.text(lambda words: "منظمة الدول التركية " + words, 0.1)


@_mutation
def _letters_that_grow_when_folded(draft: Draft) -> None:
    growing = _DATA["growing"]
    some = {letter: growing[letter] for letter in draft.rng.sample(list(growing), draft.rng.randint(1, len(growing)))}
    share = draft.rng.choice((0.05, 1.0))
    draft.text(
        lambda words: "".join(
            some.get(letter, letter) if draft.rng.random() < share else letter for letter in words[:5000]
        ),
        0.6,
    )


@_mutation
def _another_normal_form(draft: Draft) -> None:
    forms = (unicodedata.normalize("NFD", draft.html), unicodedata.normalize("NFKD", draft.html))
    draft.html = draft.rng.choice(forms)


@_mutation
def _another_case(draft: Draft) -> None:
    draft.text(draft.rng.choice((str.upper, str.lower, str.title, str.swapcase)), draft.rng.choice((0.2, 1.0)))


@_mutation
def _letters_that_look_alike(draft: Draft) -> None:
    other = str.maketrans("aceopxyTKOABCEHMPX", "асеорхуТКОАВСЕНМРХ")
    draft.text(lambda words: words.translate(other), draft.rng.choice((0.2, 1.0)))


@_mutation
def _digits_of_others(draft: Draft) -> None:
    digits = str.maketrans("0123456789", draft.rng.choice(_DATA["digits"]))
    if draft.rng.random() < 0.3:
        draft.html = draft.html.translate(digits)
    draft.text(lambda words: words.translate(digits))


@_mutation
def _other_blanks(draft: Draft) -> None:
    blanks = draft.rng.choice(_DATA["blanks"]) * draft.rng.choice((1, 1, 50))
    draft.text(lambda words: words.replace(" ", blanks), draft.rng.choice((0.2, 1.0)))


@_mutation
def _quotes_without_end(draft: Draft) -> None:
    marks = draft.rng.sample("“”„«»\"‘’‟‹›'", 3)
    draft.scatter(marks, draft.rng.choice((1, 3)))
    draft.above_text(f"<p>{draft.rng.choice(marks) * draft.size(1, 4.5)}</p>")
    if draft.rng.random() < 0.5:
        said = f"{marks[0]}{draft.paragraph()[:40]}{marks[1]} "
        draft.above_text(f"<p>{said * draft.size(1, 3.5)}</p>")


@_mutation
def _entities_broken(draft: Draft) -> None:
    draft.scatter(_DATA["entities"])
    if draft.rng.random() < 0.3:
        draft.text(entities.escape)


@_mutation
def _a_paragraph_over_and_over(draft: Draft) -> None:
    words = draft.paragraph() + draft.rng.choice((" ", "</p><p>", "<br>", "\n\n", ""))
    draft.above_text(f"<p>{words * min(draft.size(), LARGEST // 2 // len(words), 25_000)}</p>")


@_mutation
def _long_runs(draft: Draft) -> None:
    """In the text, an attribute, a script or anywhere."""
    for _ in range(draft.rng.randint(1, 3)):
        unit = "".join(draft.rng.choices(_DATA["runs"], k=draft.rng.choice((1, 1, 2))))
        run = unit * max(1, min(draft.size(2, 5.7), 400_000) // len(unit))
        _put_run(draft, run + draft.rng.choice(("", "x", ">", "}", "1", ".", " said")))


def _put_run(draft: Draft, run: str) -> None:
    rng, value = draft.rng, entities.escape(run)
    node = json.dumps({"@type": "Article", rng.choice(_DATA["keys"]): run})
    in_head = (
        f"<title>{run}</title>",
        _script('{"@type":"Article"}' + run),
        _script(node),
        f'<meta property="{rng.choice(_DATA["metas"])}" content="{value}">',
    )
    in_body = (
        f"<p>{run}</p>",
        f"<span class=date>{run}</span>",
        f"<h1>{run}</h1>",
        f'<time datetime="{value}" class="{value[:5000]}">x</time>',
    )
    places = (draft.insert, run), (draft.into_head, rng.choice(in_head)), (draft.above_text, rng.choice(in_body))
    put, what = rng.choice(places)
    put(what)


@_mutation
def _authors_by_the_thousand(draft: Draft) -> None:
    sign = draft.rng.choice((", ", " and ", "; ", " / ", " "))
    line = draft.rng.choice(_DATA["by"]) + sign.join(draft.rng.choices(_DATA["authors"], k=draft.size(0, 4)))
    where = draft.rng.choice(("<p>{}</p>", "<a rel=author>{}</a>", "<span itemprop=author class=author>{}</span>"))
    draft.above_text(where.replace("{}", line))
    draft.into_head(f'<meta name="author" content="{line}">')


# ---------------------------------------------------------------------------------------------------------------- dates

_ISO = r"(?:19|20)\d\d-[01]\d-[0-3]\d(?:[T ][0-2]\d:[0-5]\d(?::[0-5]\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?"
_OFFSETS = (0, 1, 3, 4, 5, 5.75, 6, 12, 13, 14, -11, -12)
_SECONDS = (0, 1, 59, 61, 3600, 43_200, 50_400, 86_399, 86_400, 86_401, 90_000, 172_800, 31_536_000)
_LENGTHS = ("full", "long", "medium", "short")


def _about_the_fetch(draft: Draft) -> datetime:
    """A moment before or after the fetch, in any zone."""
    zone = timezone(timedelta(hours=draft.rng.choice(_OFFSETS)))
    gap = timedelta(seconds=draft.rng.choice(_SECONDS)) * draft.rng.choice((-1, 1))
    return (draft.fetched_at + gap).astimezone(zone)


def _printed(draft: Draft, moment: datetime) -> str:
    """A day as a site in some language would print it, or as a machine would."""
    rng = draft.rng

    def in_words(form: str, locale: str) -> str:
        return str(format_date(moment, form, locale=locale))

    forms: tuple[Callable[[], str], ...] = (
        lambda: in_words(rng.choice(_LENGTHS), rng.choice(_DATA["locales"])),
        lambda: in_words("d MMMM", rng.choice(_DATA["locales"])),
        lambda: in_words("EEEE", rng.choice(_DATA["locales"])) + rng.choice((f", {moment:%H:%M}", "")),
        lambda: moment.strftime(rng.choice(("%d.%m.%Y %H:%M", "%m/%d/%y", "%d.%m.%Y", "%a, %d %b %Y %H:%M:%S %z"))),
        lambda: moment.isoformat(),
        lambda: in_words("y-'ci' 'il' d MMMM", "az"),
        lambda: in_words("y 'жылғы' d MMMM", "kk"),
        lambda: in_words("y-'жылдын' d-MMMM'ы'", "ky"),
        lambda: in_words("y-'yil' d-MMMM", "uz"),
        lambda: in_words("y-'nji' 'ýylyň' d-'nji' MMMM'i'", "tk"),
        lambda: f"{rng.choice(_DATA['today'])}, {moment:%H:%M}",
        lambda: rng.choice(_DATA["tomorrow"]),
    )
    return rng.choice(forms)()


def _hostile_date(draft: Draft) -> str:
    """An impossible one, or one about the fetch with a zone, without one, or in words."""
    kind = draft.rng.randrange(4)
    if kind == 0:
        return str(draft.rng.choice(_DATA["impossible"]))
    moment = _about_the_fetch(draft)
    if kind == 1:
        return moment.isoformat(timespec=draft.rng.choice(("seconds", "minutes", "microseconds")))
    if kind == 2:
        return moment.replace(tzinfo=None).isoformat(draft.rng.choice(" T"))
    return _printed(draft, moment)


@_mutation
def _dates_replaced(draft: Draft) -> None:
    draft.sub(_ISO, lambda _: _hostile_date(draft), draft.rng.choice((0.3, 1.0)), 300)


@_mutation
def _digits_of_dates_changed(draft: Draft) -> None:
    draft.sub(
        r"(?:19|20)\d\d|\b[0-3]?\d[./-][01]?\d\b",
        lambda match: re.sub(r"\d", lambda _: draft.rng.choice("0123456789"), match[0]),
        draft.rng.choice((0.1, 0.6)),
    )


@_mutation
def _dates_in_other_words(draft: Draft) -> None:
    for _ in range(draft.rng.randint(1, 6)):
        moment = draft.fetched_at - timedelta(days=draft.rng.randint(-400, 4000), minutes=draft.rng.randrange(1440))
        draft.above_text(draft.rng.choice(_DATA["date_places"]).replace("{}", _printed(draft, moment)))


@_mutation
def _dates_about_the_fetch(draft: Draft) -> None:
    """And no others, so that none of them is outvoted."""
    draft.sub(_ISO, lambda _: "")
    for _ in range(draft.rng.randint(1, 4)):
        moment = _about_the_fetch(draft)
        if draft.rng.random() < 0.3:
            name = draft.rng.choice(("article:published_time", "article:modified_time", "date"))
            draft.into_head(f'<meta property="{name}" content="{moment.isoformat()}">')
        else:
            date = draft.rng.choice((moment.isoformat(), _printed(draft, moment)))
            draft.above_text(draft.rng.choice(_DATA["date_places"]).replace("{}", date))


@_mutation
def _fetched_before_it_was_written(draft: Draft) -> None:
    days = draft.rng.choice((1, 30, 400, 5000, 13_000))
    draft.fetched_at -= timedelta(days=days, seconds=draft.rng.randrange(86_400))


@_mutation
def _dates_by_the_thousand(draft: Draft) -> None:
    where = draft.rng.choice(_DATA["many_date_places"])
    many = [where.replace("{}", entities.escape(_hostile_date(draft))) for _ in range(draft.size(1, 3.3))]
    draft.above_text("".join(many * draft.rng.choice((1, 1, 8))))


@_mutation
def _a_hostile_feed(draft: Draft) -> None:
    draft.listed = _hostile_date(draft) if draft.rng.random() < 0.9 else "1" * draft.size(2, 5)


@_mutation
def _a_hostile_address(draft: Draft) -> None:
    endless = ("/" + "2025-04-15/" * 300, "/" + "%%20" * 1000, "/" + "a" * 4000)
    path = draft.rng.choice((*_DATA["paths"], *endless))
    draft.url = "https://steppe-wire.example" + _about_the_fetch(draft).strftime(path)


# ------------------------------------------------------------------------------------------------ written for machines


def _value(draft: Draft, depth: int = 0) -> Any:
    """What nobody expects there."""
    rng = draft.rng
    if depth > 3 or rng.random() < 0.7:
        simple: tuple[Callable[[], Any], ...] = (
            lambda: _hostile_date(draft),
            lambda: rng.choice((0, -1, 1e308, 10**30, 20250415, 1744718400, 1744718400000, 0.1, True, False, None)),
            lambda: draft.paragraph()[: rng.choice((20, 90, 10_000))],
            lambda: rng.choice((*_DATA["values"], "\ud800", "x" * 5000)),
            lambda: rng.choice(_DATA["nodes"]),
        )
        return rng.choice(simple)()
    if rng.random() < 0.5:
        return [_value(draft, depth + 1) for _ in range(rng.randrange(5))]
    keys = (*_DATA["keys"], "url", "@value", "x")
    return {rng.choice(keys): _value(draft, depth + 1) for _ in range(rng.randrange(5))}


def _script(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


@_mutation
def _hostile_json_ld(draft: Draft) -> None:
    if draft.rng.random() < 0.5:
        draft.html = draft.html.replace("application/ld+json", "text/x")
    for _ in range(draft.rng.randint(1, 3)):
        keys = draft.rng.sample(_DATA["keys"], draft.rng.randint(1, len(_DATA["keys"])))
        node = {key: _value(draft) for key in keys}
        node["@type"] = draft.rng.choice(("NewsArticle", "Article", ["Article", 5], "WebPage", {"x": 1}, None))
        node["@id"] = draft.rng.choice(("#a", "#b", ["#a"], 5))
        draft.into_head(_script(json.dumps({"@graph": [node, {"@id": "#a", "author": {"@id": "#a"}}]})))


@_mutation
def _json_ld_broken(draft: Draft) -> None:
    many, article = draft.size(2, 5), '{"@type":"Article",'
    broken = (
        "[" * many,
        '{"a":' * many,
        "," * many,
        ", " * many + "}",
        "{}" * many,
        "null" * many,
        "<!--" * many,
        "/*<![CDATA[*/" + " " * many,
        article + '"datePublished":' + "1" * 10_000 + "}",
        article + '"headline":1e999}',
        article + '"headline":NaN,"dateModified":Infinity}',
        article + '"headline":"\\ud800\\u0000","articleBody":"' + "x \\n" * many + '"}',
        article + '"headline":"' + "\\" * many,
        article + '"author":' + "[" * 900 + "]" * 900 + "}",
        article + '"a":{"b":' * 400 + "1" + "}}" * 400 + "}",
        '{"@graph":[' + f'{article}"headline":"x"}},' * min(many, 20_000) + "]}",
        '{"@type":["Article"' + ',"A"' * many + "]}",
    )
    draft.sub(r'(?<=ld\+json">)[^<]+', lambda match: match[0][: draft.rng.randrange(len(match[0]))], 0.5)
    draft.into_head(_script(draft.rng.choice(broken)))


@_mutation
def _hostile_meta(draft: Draft) -> None:
    names = draft.rng.choices(_DATA["metas"], k=draft.size(0, 3.3))
    values = [entities.escape(str(_value(draft, 9))[:2000]) for _ in range(min(len(names), 100))]
    attribute = draft.rng.choice(("property", "name", "itemprop", "http-equiv"))
    pairs = ((name, values[at % len(values)]) for at, name in enumerate(names))
    draft.into_head("".join(f'<meta {attribute}="{name}" content="{value}">' for name, value in pairs))


@_mutation
def _hostile_microdata(draft: Draft) -> None:
    def marked(match: re.Match[str]) -> str:
        name, date = draft.rng.choice(_DATA["microdata"]), entities.escape(_hostile_date(draft))
        return f'{match[0]} itemprop="{name}" datetime="{date}"'

    draft.sub(r"<(?:p|div|span|a|h1|li)\b", marked, draft.rng.choice((0.02, 0.5)), 400)


@_mutation
def _hostile_links(draft: Draft) -> None:
    endless = ("https://steppe-wire.example/" + "a" * 20_000, "\ud800")
    target = entities.escape(draft.rng.choice((*_DATA["links"], *endless)))
    draft.into_head(f'<link rel="canonical" href="{target}"><meta property="og:url" content="{target}">')
    draft.into_head(f'<meta property="og:image" content="{target}"><base href="{target}">')
    draft.sub(r'(?<=href=")[^"]*', lambda _: target[:500], 0.2)


@_mutation
def _hostile_language(draft: Draft) -> None:
    tag = draft.rng.choice((*_DATA["languages"], "a" * 10_000))
    draft.html = re.sub(r"<html\b[^>]*>", lambda _: f'<html lang="{tag}" xml:lang="{tag}">', draft.html, count=1)


# ---------------------------------------------------------------------------------------------------------------- bytes


@_mutation
def _another_charset_declared(draft: Draft) -> None:
    wrong = draft.rng.choice((*_DATA["charsets"], "a" * 5000))
    if draft.rng.random() < 0.5:
        draft.content_type = f"text/html; charset={wrong}"
    draft.html = re.sub(r"""charset\s?=\s?["']?[\w-]+""", lambda _: f'charset="{wrong}', draft.html)
    draft.html = draft.html.replace("<head>", f'<head><meta charset="{wrong}">', 1)


@_mutation
def _another_charset_used(draft: Draft) -> None:
    charsets = ("windows-1251", "windows-1254", "utf-16", "utf-16-be", "koi8-r", "iso-8859-9", "utf-32", "gb18030")
    draft.charset = draft.rng.choice(charsets)
    draft.content_type = draft.rng.choice(("text/html", f"text/html; charset={draft.charset}", draft.content_type, ""))


@_mutation
def _mojibake(draft: Draft) -> None:
    """UTF-8 read as something else and written again: wholly, in some parts, or twice."""
    wrong = draft.rng.choice(("cp1252", "latin-1", "cp1251", "cp1254"))

    def read_wrong(words: str) -> str:
        return words.encode("utf-8", "replace").decode(wrong, "replace")

    if draft.rng.random() < 0.4:
        draft.html = read_wrong(draft.html)
    draft.text(read_wrong, draft.rng.choice((0.3, 1.0)))
    if draft.rng.random() < 0.2:
        draft.text(read_wrong)


@_mutation
def _byte_order_marks(draft: Draft) -> None:
    marks = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF8 * 3)
    mark = draft.rng.choice(marks)
    draft.then.append(lambda data: mark + data)


@_mutation
def _bits_flipped(draft: Draft) -> None:
    count = draft.size(0, 4)

    def flip(data: bytes) -> bytes:
        changed = bytearray(data)
        for _ in range(count if changed else 0):
            changed[draft.rng.randrange(len(changed))] ^= 1 << draft.rng.randrange(8)
        return bytes(changed)

    draft.then.append(flip)


@_mutation
def _bytes_moved(draft: Draft) -> None:
    """Ranges left out, doubled, or put elsewhere: a cache that went wrong."""

    def move(data: bytes) -> bytes:
        for _ in range(draft.rng.randint(1, 8)):
            start = draft.rng.randrange(len(data) + 1)
            end = start + draft.size(0, 4)
            piece, data = data[start:end] * draft.rng.choice((0, 0, 1, 2)), data[:start] + data[end:]
            at = draft.rng.randrange(len(data) + 1)
            data = data[:at] + piece + data[at:]
        return data

    draft.then.append(move)


@_mutation
def _bytes_that_are_no_text(draft: Draft) -> None:
    noises = (
        b"\x00" * draft.size(),
        draft.rng.randbytes(draft.size(0, 4)),
        b"\xff" * draft.size(),
        b"\xed\xa0\x80" * 50,
    )
    noise, share = draft.rng.choice(noises), draft.rng.random()
    draft.then.append(lambda data: data[: int(share * len(data))] + noise + data[int(share * len(data)) :])


# ---------------------------------------------------------------------------------------------------------- other kinds


def _bare(html: str) -> str:
    """What is left of a page without its markup, a paragraph for each block."""
    text = re.sub(r"</(?:p|div|h\d|li|td|script|style)\b[^<>]*>|<br\s?/?>", "\n", html)
    lines = (line.strip() for line in entities.unescape(re.sub(r"<[^<>]*>", "", text)).splitlines())
    return "\n\n".join(line for line in lines if line)


@_mutation
def _plain_text(draft: Draft) -> None:
    draft.html = _bare(draft.html)
    if draft.rng.random() < 0.4:
        draft.html = f"BAKU, {_printed(draft, _about_the_fetch(draft))} — {draft.html}"
    if draft.rng.random() < 0.3:
        draft.html = re.sub(r"(.{60,75}) ", r"\1\n", draft.html)
    draft.content_type = draft.rng.choice(("text/plain", "text/plain; charset=utf-8", "", "application/octet-stream"))


@_mutation
def _another_kind(draft: Draft) -> None:
    text = draft.html
    kinds: tuple[Callable[[], tuple[str, str]], ...] = (
        lambda: (f"<?xml version='1.0'?><rss><channel><item><description>{entities.escape(text)}", "application/xml"),
        lambda: (f"<!-- x --><rss><channel><item><title><![CDATA[{text}]]>", "text/html"),
        lambda: (json.dumps({"html": text}), "application/json"),
        lambda: (json.dumps([_bare(text)]), "text/html"),
        lambda: (f"<html><body><script>document.write({json.dumps(text)})</script></body></html>", "text/html"),
        lambda: (f"%PDF-1.7\n{text}", "text/html"),
        lambda: (f"MIME-Version: 1.0\nContent-Type: multipart/related\n\n--x\n{text}", "multipart/related"),
        lambda: ("", "text/html"),
        lambda: (text.replace("<body", "<noscript", 1), "text/html"),
        lambda: (f"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>{text}", "application/xhtml+xml"),
        lambda: (f"<svg xmlns='http://www.w3.org/2000/svg'><foreignObject>{text}", "image/svg+xml"),
        lambda: (text, draft.rng.choice((*_DATA["content_types"], "a/b" * 1000))),
        lambda: ("\n".join(f"{n};{words}" for n, words in enumerate(_bare(text).split())), "text/csv"),
    )
    draft.html, draft.content_type = draft.rng.choice(kinds)()
