"""Write html/ and labels.jsonl from content/ (texts and labels) and structures/ (markup). Run: python generate.py"""

import json
import re
import sys
from datetime import datetime, timedelta, timezone
from html.entities import codepoint2name
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from structures import az, kg, kz, shared, tm, uz  # noqa: E402,F401
from structures.base import STRUCTURES, ZONES, Page, when  # noqa: E402

SCRIPTS = {"az": "Latn", "kk": "Cyrl", "ky": "Cyrl", "uz": "Latn", "tk": "Latn"}
# what a line of a text is: lead, heading, quotation, list item, read-also insert, caption, ad, embedded post
KINDS = "LHQIRCAE"

# Kazakh Cyrillic to the Latin alphabet of 2021
KK_LATIN = dict(zip("аәбвгғдежзийкқлмнңоөпрстуұүфхһшыіэ", "aäbvgğdejziikqlmnñoöprstuūüfhhşyıe", strict=True))
KK_LATIN |= {"ё": "io", "ц": "ts", "ч": "tş", "щ": "ştş", "ю": "iu", "я": "ia", "ъ": "", "ь": ""}


def kk_latin(text):
    def letter(char):
        small = char.lower()
        if small not in KK_LATIN:
            return char
        latin = KK_LATIN[small]
        if char == small or not latin:
            return latin
        return ({"i": "İ", "ı": "I"}.get(latin[0]) or latin[0].upper()) + latin[1:]

    return "".join(map(letter, text))


def uz_cyrillic(text):
    """Only for the words around the article; the Cyrillic articles themselves are written in Cyrillic."""
    pairs = [
        ("Oʻ", "Ў"),
        ("oʻ", "ў"),
        ("Gʻ", "Ғ"),
        ("gʻ", "ғ"),
        ("o'", "ў"),
        ("g'", "ғ"),
        ("Sh", "Ш"),
        ("sh", "ш"),
        ("Ch", "Ч"),
        ("ch", "ч"),
        ("Yo", "Ё"),
        ("yo", "ё"),
        ("Ya", "Я"),
        ("ya", "я"),
        ("Yu", "Ю"),
        ("yu", "ю"),
        ("Ye", "Е"),
        ("ye", "е"),
        ("ʼ", "ъ"),
        ("'", "ъ"),
    ]
    for latin, cyrillic in pairs:
        text = text.replace(latin, cyrillic)
    text = re.sub(r"\b[eE]", lambda found: "э" if found.group() == "e" else "Э", text)
    return text.translate(
        str.maketrans(
            "abdefghijklmnopqrstuvxyzABDEFGHIJKLMNOPQRSTUVXYZ", "абдефгҳижклмнопқрстувхйзАБДЕФГҲИЖКЛМНОПҚРСТУВХЙЗ"
        )
    )


def apostrophes(text, kind):
    if kind == "ascii":
        return text.replace("ʻ", "'").replace("ʼ", "'")
    if kind == "quote":
        return text.replace("ʻ", "‘").replace("ʼ", "’")
    return text


def read_chrome(path):
    words, part = {"headlines": [], "comment_texts": [], "second": []}, None
    for line in path.read_text(encoding="utf-8").splitlines():
        if line in ("[headlines]", "[comments]", "[second]"):
            part = {"[headlines]": "headlines", "[comments]": "comment_texts", "[second]": "second"}[line]
        elif part == "headlines":
            words[part].append(tuple(text.strip() for text in line.split("|")))
        elif part:
            words[part].append(line)
        else:
            key, _, value = line.partition(": ")
            words[key] = value
    return words


def convert(words, function):
    """Every word through the function, except the placeholders {site} and {year}."""

    def text(value):
        return "".join(part if part.startswith("{") else function(part) for part in re.split(r"(\{\w+\})", value))

    return {
        key: text(value)
        if isinstance(value, str)
        else [tuple(map(text, entry)) if isinstance(entry, tuple) else text(entry) for entry in value]
        for key, value in words.items()
    }


def read_pages(path, language):
    for index, piece in enumerate(re.split(r"^=== ", path.read_text(encoding="utf-8"), flags=re.M)[1:]):
        head, _, text = piece.partition("\n---\n")
        name, *lines = head.splitlines()
        fields = dict(line.split(": ", 1) for line in lines)
        blocks = []
        for line in text.splitlines():
            if line.strip():
                kind = line[0] if line[1:2] == ":" and line[0] in KINDS else "P"
                blocks.append((kind, line[3:] if kind != "P" else line))
        fields |= {"id": name, "language": language, "offset": index * 5}
        yield fields, blocks


def prepare(fields, blocks, chrome):
    language, script = fields["language"], fields.get("script", SCRIPTS[fields["language"]])
    function = None
    if language == "kk" and script == "Latn":
        function, chrome = kk_latin, convert(chrome, kk_latin)
        blocks = [(kind, kk_latin(text)) for kind, text in blocks]
    elif language == "uz":
        function = lambda text: apostrophes(text, fields.get("apos"))  # noqa: E731
        chrome = convert(chrome, uz_cyrillic if script == "Cyrl" else function)
        blocks = [(kind, function(text)) for kind, text in blocks]
    for key in ("title", "site", "section", "authors", "tags"):
        if function and key in fields:
            fields[key] = function(fields[key])
    zone = fields.get("zone")
    hours = int(zone[:3]) if zone else ZONES[language]
    options = dict(part.partition("=")[::2] for part in fields.get("opt", "").split("; ") if part)
    values = {
        **fields,
        "script": script,
        "zone": timezone(timedelta(hours=hours)),
        "number": int(fields["number"]),
        "url": "https://" + fields["host"] + fields["path"],
        "charset": fields.get("charset", "utf-8"),
        "date": when(fields["date"], hours) if "date" in fields else None,
        "modified": when(fields["modified"], hours) if "modified" in fields else None,
        "fetched": datetime.fromisoformat(fields["fetched"]),
        "opt": options,
        "dateline": fields.get("dateline"),
        "authors": fields["authors"].split("; ") if "authors" in fields else [],
        "tags": fields["tags"].split("; ") if "tags" in fields else [],
    }
    return Page(values, blocks, chrome)


def interval(page, line):
    """'minute visible inferred' and the page's date as the label of a publication date."""
    if line == "null":
        return None
    precision, place, *more = line.split()
    if precision == "minute":
        start = page.date.replace(second=0)
        end = start + timedelta(minutes=1)
    elif precision == "hour":
        start, end = page.date - timedelta(minutes=30), page.date + timedelta(minutes=30)
    elif precision == "month":
        start = page.date.replace(day=1, hour=0, minute=0, second=0)
        end = (start + timedelta(days=32)).replace(day=1)
    else:
        start = page.date.replace(hour=0, minute=0, second=0)
        end = start + timedelta(days=1)
    label = {"from": start.isoformat(), "to": end.isoformat(), "precision": precision, "where": place}
    return label | ({"year": "inferred"} if "inferred" in more else {})


def entities(page, markup):
    """Latin-1 letters as references, outside scripts: by name (an editor's habit) or by number (Pangea's)."""

    def reference(found):
        code = ord(found.group())
        return f"&#{code};" if page.structure == "pangea" else f"&{codepoint2name[code]};"

    parts = re.split(r"(<script.*?</script>|<title>.*?</title>)", markup, flags=re.S)
    return "".join(
        part if part.startswith("<script") else re.sub(r"[\u00c0-\u00ff]", reference, part) for part in parts
    )


def label(page):
    traps = page.found_traps + page.fields_traps
    if page.charset != "utf-8":
        traps.append("charset-" + page.charset.split("-")[1])
    if page.language == "uz" and page.script == "Latn" and page.__dict__.get("apos"):
        traps.append("apostrophe")
    if "entities" in page.opt:
        traps.append("entities")
    if page.modified:
        traps.append("modified-later")
    evidence = list(dict.fromkeys(page.evidence)) if page.pub != "null" else []
    if " url" in page.pub:
        evidence.append(page.url)
    return {
        "id": page.id,
        "url": page.url,
        "cms": page.cms,
        "structure": page.structure,
        "language": page.language,
        "script": page.script,
        "charset": page.charset,
        "fetched_at": page.fetched.isoformat(),
        "title": page.title,
        "paragraphs": page.paragraphs(),
        "authors": page.authors,
        "dateline": page.dateline,
        "published": interval(page, page.pub),
        "modified": page.modified.isoformat() if page.modified else None,
        "visible_published": interval(page, page.vis),
        "traps": sorted(set(traps)),
        "ots": page.ots == "yes",
        "evidence": evidence,
    }


def main():
    out = HERE / "html"
    out.mkdir(exist_ok=True)
    for old in out.glob("*.html"):
        old.unlink()
    with (HERE / "labels.jsonl").open("w", encoding="utf-8") as lines:
        for language in SCRIPTS:
            chrome = read_chrome(HERE / "content" / f"{language}.chrome.txt")
            for fields, blocks in read_pages(HERE / "content" / f"{language}.txt", language):
                page = prepare(fields, blocks, chrome)
                page.fields_traps = [trap.strip() for trap in fields.get("traps", "").split(";") if trap.strip()]
                markup = STRUCTURES[page.structure](page)
                if "entities" in page.opt:
                    markup = entities(page, markup)
                (out / f"{page.id}.html").write_bytes(markup.encode(page.charset, "xmlcharrefreplace"))
                lines.write(json.dumps(label(page), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
