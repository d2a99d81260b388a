"""Build a set's articles.jsonl from sources/*.txt: labels stand in the texts as inline markers, offsets are counted.

Usage: build.py [FOLDER]; without a folder, the set beside this file.

A source file holds articles one after the other:

    == en-01 agency Latn            id, style, script
    # Title
    Paragraphs, divided by a blank line, with {1 words of quote 1} and {title words of a trap}; markers nest.
    --
    @k | name | office | of         a speaker of the article ("-" is null)
    1 D k surname | as written | areas by blanks | where=… | when=…

D is direct, R reported; the key "-" means that the speaker is null; every field after the form may be left out or "-".
"""

import json
import re
import sys
import unicodedata
from pathlib import Path

HERE = Path(__file__).parent
TRAPS = {
    "title",
    "scare",
    "slogan",
    "word",
    "unsaid",
    "decision",
    "missing-open",
    "missing-close",
    "nested",
    "headline",
    "other",
}


def unmark(marked: str, where: str) -> tuple[str, list[tuple[str, int, int]]]:
    """The text without its markers, and every marker's tag with its offsets."""
    out: list[str] = []
    length = 0
    open_tags: list[tuple[str, int]] = []
    spans: list[tuple[str, int, int]] = []
    for piece in re.split(r"(\{[0-9a-z-]+ |\})", marked):
        if piece == "}":
            tag, start = open_tags.pop()
            spans.append((tag, start, length))
        elif piece.startswith("{"):
            open_tags.append((piece[1:-1], length))
        else:
            out.append(piece)
            length += len(piece)
    if open_tags or "{" in "".join(out):
        raise ValueError(f"{where}: marker not closed or malformed")
    return "".join(out), sorted(spans, key=lambda span: (span[1], span[2]))


def null(value: str) -> str | None:
    value = value.strip()
    return None if value in ("", "-") else value


def read_label(line: str, speakers: dict[str, dict]) -> tuple[str, dict]:
    """One label line: the number of the quote and its fields."""
    fields = line.split("|")
    number, kind, key, *rest = fields[0].split()
    named = dict(field.strip().split("=", 1) for field in fields[1:] if re.match(r"\s*(where|when)=", field))
    plain = [field for field in fields[1:] if not re.match(r"\s*(where|when)=", field)]
    plain += ["-"] * (2 - len(plain))
    speaker = None
    if key != "-":
        known = speakers[key]
        speaker = {
            "name": known["name"],
            "form": rest[0],
            "as_written": null(plain[0]),
            "office": known["office"],
            "of": known["of"],
        }
    label = {"direct": kind == "D", "speaker": speaker, "where": named.get("where"), "when": named.get("when")}
    return number, label | {"areas": (null(plain[1]) or "").split()}


def read_article(block: str, language: str) -> dict:
    head, rest = block.split("\n", 1)
    ident, style, script = head.split()
    body, labels = rest.split("\n--\n", 1)
    title, body = body.split("\n", 1)
    paragraphs = [p.strip() for p in re.split(r"\n\s*\n", body) if p.strip()]
    text, spans = unmark("\n\n".join(paragraphs), ident)
    speakers: dict[str, dict] = {}
    found: dict[str, dict] = {}
    lines = sorted(filter(None, (line.strip() for line in labels.split("\n"))), key=lambda line: line[0] != "@")
    for line in lines:
        if line.startswith("@"):
            key, name, office, of = (field.strip() for field in line[1:].split("|"))
            speakers[key] = {"name": null(name), "office": null(office), "of": null(of)}
        else:
            number, label = read_label(line, speakers)
            if number in found:
                raise ValueError(f"{ident}: quote {number} labelled twice")
            found[number] = label
    quotes, traps = [], []
    for tag, start, end in spans:
        place = {"text": text[start:end], "start": start, "end": end}
        if tag in TRAPS:
            traps.append(place | {"kind": tag})
        elif tag in found:
            quotes.append(place | found.pop(tag))
        else:
            raise ValueError(f"{ident}: marker {tag} has no label or is unknown")
    if found:
        raise ValueError(f"{ident}: labels without a marker: {sorted(found)}")
    return {
        "id": ident,
        "language": language,
        "script": script,
        "style": style,
        "title": title.removeprefix("# ").strip(),
        "text": text,
        "quotes": quotes,
        "traps": traps,
    }


def main(folder: Path) -> None:
    articles = []
    for language in ("en", "tr", "az", "kk", "ky", "uz", "ru", "hu", "tk"):
        source = (folder / "sources" / f"{language}.txt").read_text(encoding="utf-8")
        blocks = re.split(r"^== ", unicodedata.normalize("NFC", source), flags=re.MULTILINE)[1:]
        articles += [read_article(block, language) for block in blocks]
    lines = [json.dumps(article, ensure_ascii=False) + "\n" for article in articles]
    (folder / "articles.jsonl").write_text("".join(lines), encoding="utf-8")
    print(f"{len(articles)} articles, {sum(len(a['quotes']) for a in articles)} quotes")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
