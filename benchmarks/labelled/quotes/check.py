"""Prove that a set's articles.jsonl follows GUIDELINE.md and plan.yaml: offsets, NFC, counts, forms, areas, marks.

Usage: check.py [--counts] [FOLDER]; without a folder, the set beside this file. `--counts` prints the numbers.
"""

import json
import re
import sys
import unicodedata
from collections import Counter
from itertools import pairwise
from pathlib import Path

import yaml
from build import TRAPS

HERE = Path(__file__).parent
IDS = yaml.safe_load((HERE.parent / "ids.yaml").read_text(encoding="utf-8"))
LANGUAGES = tuple(IDS["languages"])
FORMS = {"full", "surname", "pronoun", "office", "body", "document", "none"}
STYLES = {"agency", "ministry", "newspaper", "portal"}
AREAS = set(IDS["areas"])
QUOTE_KEYS = {"text", "start", "end", "direct", "speaker", "where", "when", "areas"}
SPEAKER_KEYS = {"name", "form", "as_written", "office", "of"}
MARKS = '"“”„«»'
SINGLE = re.compile(r"(?<![\w’‘])‘(?=\w)|(?<=[.,!?])’(?!\w)")
DASHES = "—–-"
NOT_OF = {"TRNC", "AZE", "KAZ", "KGZ", "UZB", "TUR", "HUN", "TKM"}


def between_marks(text: str, start: int, end: int) -> bool:
    """Whether a mark stands right before the span, and one right after it (a comma or full stop may stand between)."""
    return text[start - 1 : start] in tuple(MARKS + "‘'") and bool(re.match(r"[,.]?[\"“”«»’']", text[end : end + 2]))


def marks_of(text: str) -> list[int]:
    doubles = [i for i, char in enumerate(text) if char in MARKS]
    return sorted(doubles + [match.start() for match in SINGLE.finditer(text)])


def span_faults(text: str, span: dict) -> list[str]:
    faults, words = [], span["text"]
    if text[span["start"] : span["end"]] != words or not words:
        faults.append("offsets do not give the text")
    if words != words.strip() or words[:1] in (",", *DASHES) or words[-1:] in (",", *DASHES):
        faults.append("blank, comma or dash at an edge")
    if "\n" in words:
        faults.append("more than one paragraph")
    return faults


def is_near(text: str, quote: dict, written: str) -> bool:
    """Whether the words stand in the quote's paragraph, in the two before it or in the one after it."""
    before, after = text[: quote["start"]].split("\n\n"), text[quote["start"] :].split("\n\n")
    return written in "\n\n".join(before[-3:]) + "\n\n".join(after[:2])


def speaker_faults(article: dict, quote: dict) -> list[str]:
    speaker = quote["speaker"]
    if speaker is None:
        return []
    if set(speaker) != SPEAKER_KEYS or speaker["form"] not in FORMS:
        return ["speaker has wrong keys or form"]
    form, written, name = speaker["form"], speaker["as_written"], speaker["name"]
    rules = {
        "as_written is null for the form none and only for it": (written is None) != (form == "none"),
        f"as_written {written!r} is not near the quote": written and not is_near(article["text"], quote, written),
        "no name": name is None and form not in ("pronoun", "office"),
        "surname of three words or more": form == "surname" and len(written.split()) > 2,
        "a body has no office": form in ("body", "document") and speaker["office"] is not None,
        "name not in the text": name and name.split()[0].strip("«“").lower()[:5] not in article["text"].lower(),
        "wrong state id": speaker["of"] in NOT_OF,
    }
    return [fault for fault, broken in rules.items() if broken]


def quote_faults(article: dict, quote: dict) -> list[str]:
    text = article["text"]
    if set(quote) != QUOTE_KEYS:
        return ["wrong keys"]
    faults = span_faults(text, quote) + speaker_faults(article, quote)
    faults += [f"unknown area {area}" for area in quote["areas"] if area not in AREAS]
    faults += [f"{key} not in the text" for key in ("where", "when") if quote[key] and quote[key] not in text]
    lost = [trap for trap in article["traps"] if (trap["start"], trap["end"]) == (quote["start"], quote["end"])]
    lost_mark = any(trap["kind"].startswith("missing") for trap in lost)
    paragraph = text[text.rfind("\n\n", 0, quote["start"]) + 1 : quote["start"]]
    dialogue = re.search(r"(^|\n)[—–] ", paragraph) is not None
    opened = text[quote["start"] - 1] in MARKS + "‘"
    if quote["direct"] and not (between_marks(text, quote["start"], quote["end"]) or lost_mark or dialogue):
        next_opens = re.match(r"\n\n[“«\"„]", text[quote["end"] :])
        if not (opened and next_opens):
            faults.append("direct, but not between marks, nor after a dash")
    if not quote["direct"] and opened and between_marks(text, quote["start"], quote["end"]):
        faults.append("reported, but between marks")
    return faults


def unaccounted(article: dict) -> list[str]:
    """Marks that neither touch a labelled span nor lie inside one."""
    text, spans = article["text"], article["quotes"] + article["traps"]
    faults = []
    for at in marks_of(text):
        touches = any(
            at + 1 == s["start"] or s["start"] <= at < s["end"] or re.fullmatch(r"[,.]?", text[s["end"] : at] or "")
            for s in spans
            if s["start"] - 1 <= at <= s["end"] + 1
        )
        if not touches:
            faults.append(f"mark without a label: {text[max(0, at - 20) : at + 30]!r}")
    return faults


def shape_faults(article: dict) -> list[str]:
    text = article["text"]
    whole = json.dumps(article, ensure_ascii=False)
    paragraphs, words = len(text.split("\n\n")), len(re.findall(r"\w[\w'’ʻʼ‘-]*", text))
    cyrillic = len(re.findall("[а-яәіңғүұқөһўҳё]", text.lower())) > len(re.findall("[a-z]", text.lower()))
    starts = [quote["start"] for quote in article["quotes"]]
    rules = {
        "not NFC": unicodedata.normalize("NFC", whole) != whole,
        f"{paragraphs} paragraphs": not 4 <= paragraphs <= 12,
        f"{words} words": not 150 <= words <= 500,
        "style": article["style"] not in STYLES,
        "script": article["script"] != ("Cyrl" if cyrillic else "Latn"),
        "two blanks, three line ends or a brace": re.search(r"  |\n\n\n|[{}]", text) is not None,
        "quotes out of order": starts != sorted(starts),
    }
    return [fault for fault, broken in rules.items() if broken]


def article_faults(article: dict) -> list[str]:
    faults = shape_faults(article)
    for trap in article["traps"]:
        faults += [f"trap {trap['text']!r}: {fault}" for fault in span_faults(article["text"], trap)]
        if trap["kind"] not in TRAPS:
            faults.append(f"trap kind {trap['kind']}")
    for quote in article["quotes"]:
        faults += [f"quote {quote['text'][:40]!r}: {fault}" for fault in quote_faults(article, quote)]
    for first, second in pairwise(article["quotes"]):
        if second["start"] < first["end"]:
            faults.append(f"quotes overlap at {second['text'][:30]!r}")
    return faults + unaccounted(article)


def counts(articles: list[dict]) -> dict[str, float]:
    quotes = [quote for article in articles for quote in article["quotes"]]
    in_marks = misleading = 0
    for article in articles:
        lost = {(t["start"], t["end"]) for t in article["traps"] if t["kind"].startswith("missing")}
        for kind in ("quotes", "traps"):
            for span in article[kind]:
                if (kind == "traps" and (span["start"], span["end"]) in lost) or span.get("direct") is False:
                    continue
                marked = between_marks(article["text"], span["start"], span["end"])
                misled = (span["start"], span["end"]) in lost or kind == "traps"
                in_marks += marked or (misled and kind == "quotes")
                misleading += misled and (marked or kind == "quotes")
    indirect = sum((quote["speaker"] or {}).get("form") in ("pronoun", "surname", "office") for quote in quotes)
    return {
        "articles": len(articles),
        "quotes": len(quotes),
        "direct": sum(quote["direct"] for quote in quotes),
        "short speakers": indirect,
        "in marks": in_marks,
        "traps in marks": misleading,
        "traps": sum(len(article["traps"]) for article in articles),
    }


def share_faults(name: str, n: dict[str, float], low: float, high: float) -> list[str]:
    faults = []
    if n["short speakers"] * 3 < n["quotes"]:
        faults.append(f"{name}: under a third of the speakers are a pronoun, a surname or an office")
    if n["traps in marks"] * 5 < n["in marks"]:
        faults.append(f"{name}: under a fifth of the passages in marks are traps")
    if not low <= n["direct"] / n["quotes"] <= high:
        faults.append(f"{name}: direct {n['direct']} of {n['quotes']}")
    return faults


def main(folder: Path) -> int:
    plan = yaml.safe_load((folder / "plan.yaml").read_text(encoding="utf-8"))
    articles = [json.loads(line) for line in (folder / "articles.jsonl").read_text(encoding="utf-8").splitlines()]
    faults = [f"{article['id']}: {fault}" for article in articles for fault in article_faults(article)]
    if len({article["id"] for article in articles}) != len(articles):
        faults.append("an id occurs twice")
    for language in LANGUAGES:
        own = [article for article in articles if article["language"] == language]
        n = counts(own)
        if n["articles"] < plan["articles"] or n["quotes"] < plan["quotes"]:
            faults.append(f"{language}: {n['articles']} articles, {n['quotes']} quotes")
        if own:
            faults += share_faults(language, n, 0.55, 0.78)
    faults += share_faults("all", counts(articles), 0.62, 0.71)
    scripts = Counter((article["language"], article["script"]) for article in articles)
    if scripts["uz", "Cyrl"] < plan["cyrillic_uz"] or scripts["kk", "Latn"] < plan["latin_kk"]:
        faults.append("scripts of uz or kk")
    if "--counts" in sys.argv[1:]:
        for name in (*LANGUAGES, "all"):
            print(name, counts([a for a in articles if name in ("all", a["language"])]))
        print("forms", Counter((q["speaker"] or {}).get("form", "null") for a in articles for q in a["quotes"]))
        print("trap kinds", Counter(trap["kind"] for a in articles for trap in a["traps"]))
    print("\n".join(faults) or "ok")
    return 1 if faults else 0


if __name__ == "__main__":
    folders = [argument for argument in sys.argv[1:] if argument != "--counts"]
    sys.exit(main(Path(folders[0]) if folders else HERE))
