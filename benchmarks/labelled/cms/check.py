"""Prove that labels.jsonl and html/ agree with each other and with GUIDELINE.md. Needs lxml. Run: python check.py"""

import html
import json
import re
import sys
import unicodedata
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import lxml.html

HERE = Path(__file__).parent
INLINE = {"a", "b", "strong", "em", "i", "span", "font", "small", "o:p", "u", "sup", "sub"}
WIDTH = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}
RELATIVE = re.compile(r"əvvəl|öň|oldin|кечээ|бүгүн|кеше|бүгін|büğın|bügın|bugun|kecha", re.I)
LETTERS = {  # a page must show all of its language's own letters but one
    "az Latn": "əğıöşüç",
    "kk Cyrl": "әғқңөұүі",
    "kk Latn": "äğıñöşūü",
    "ky Cyrl": "ңөү",
    "uz Cyrl": "ўғқҳ",
    "tk Latn": "äňöşüýç",
}
AT_LEAST = {
    "insert": 10,
    "lead-repeat": 6,
    "second-article": 4,
    "script-only": 4,
    "layout-table": 2,
    "relative": 3,
    "year-inferred": 2,
    "url-only": 2,
    "weekday-only": 1,
    "clock-only": 1,
    "event-only": 2,
    "event-in-title": 1,
    "fixed-meta": 2,
    "render-meta": 1,
    "modified-later": 4,
    "dateline": 5,
    "mast-clock": 10,
    "comment-dates": 3,
    "related-first": 3,
    "caps-h1": 1,
    "logo-h1": 2,
    "no-h1": 5,
    "subtitle": 1,
    "title-suffix": 20,
    "caption": 8,
    "foreign-month": 2,
    "glued": 1,
    "split-date": 2,
    "utc-day": 2,
    "naive-time": 1,
    "byline-end": 3,
    "dropcap": 1,
}
problems = []


def fault(page, text):
    problems.append(f"{page}: {text}")


def fold(text):
    text = unicodedata.normalize("NFC", text.replace("\u00ad", ""))
    return " ".join(re.sub(r"[\u00a0\u2003]", " ", text).split())


def page_text(tree):
    """Text of the body, blocks apart, scripts and styles gone."""
    parts = []

    def walk(element):
        if not isinstance(element.tag, str) or element.tag in ("script", "style", "noscript"):
            parts.append(" " + (element.tail or ""))
            return
        apart = "" if element.tag in INLINE else " "
        parts.append(apart + (element.text or ""))
        for child in element:
            walk(child)
        parts.append(apart + (element.tail or ""))

    walk(tree.find("body"))
    return fold("".join(parts))


def article_body(tree):
    for script in tree.iter("script"):
        if script.get("type") == "application/ld+json":
            found = json.loads(script.text)
            items = found if isinstance(found, list) else found.get("@graph", [found])
            for item in items:
                if "articleBody" in item:
                    return fold(html.unescape(re.sub(r"<[^>]+>", " ", item["articleBody"])))
    return ""


def shows_day(text, start):
    if RELATIVE.search(text):
        return True
    if re.fullmatch(r"\d{9,11}", text):
        return datetime.fromtimestamp(int(text), start.tzinfo).date() == start.date()
    if text.startswith("http"):
        return any(start.strftime(form) in text for form in ("%Y/%m/%d", "%Y%m%d"))
    if re.match(r"\d{4}-\d\d-\d\d(T|$)", text):
        moment = datetime.fromisoformat(text.replace(".000Z", "+00:00"))
        return (moment.astimezone(start.tzinfo) if moment.tzinfo else moment).date() == start.date()
    return re.search(rf"(?<!\d)0?{start.day}(?!\d)", text) is not None


def check_text(page, source, tree):
    """Every paragraph stands on the page, in order; title, dateline and authors stand too."""
    name = page["id"]
    script_only = "script-only" in page["traps"]
    text = article_body(tree) if script_only else page_text(tree)
    if script_only and page["paragraphs"][0] in page_text(tree):
        fault(name, "text is visible though script-only")
    place = 0
    for paragraph in page["paragraphs"]:
        if paragraph != fold(paragraph):
            fault(name, f"paragraph not folded: {paragraph[:50]}")
        place = text.find(paragraph, place)
        if place < 0:
            fault(name, f"paragraph not on the page in order: {paragraph[:60]}")
            break
        place += len(paragraph)
    unescaped = fold(html.unescape(source))
    for text in (page["title"], page["dateline"] or "", *page["authors"]):
        if text not in unescaped:
            fault(name, f"not on the page: {text}")
    for item in page["evidence"]:
        if fold(item) not in unescaped and html.escape(item) not in source:
            fault(name, f"evidence not on the page: {item}")
    if len(set(page["paragraphs"])) != len(page["paragraphs"]) or set(page["authors"]) & set(page["paragraphs"]):
        fault(name, "a paragraph stands twice, or a byline among them")


def check_interval(page, field):
    label = page[field]
    start, end = datetime.fromisoformat(label["from"]), datetime.fromisoformat(label["to"])
    if end - start != WIDTH.get(label["precision"], (start + timedelta(days=32)).replace(day=1) - start):
        fault(page["id"], f"{field}: interval and precision differ")
    if start > datetime.fromisoformat(page["fetched_at"]):
        fault(page["id"], f"{field} lies after the crawl")
    if label["precision"] != "month" and not any(shows_day(item, start) for item in page["evidence"]):
        fault(page["id"], f"no evidence shows the day of {field}")


def check_dates(page, source):
    published, visible = page["published"], page["visible_published"]
    if published is None:
        if page["evidence"] or visible or page["modified"]:
            fault(page["id"], "no date, but evidence of one")
        if re.search(r"datePublished|published_time|<time", source):
            fault(page["id"], "no date labelled, but the page has a machine date")
        return
    check_interval(page, "published")
    if visible:
        check_interval(page, "visible_published")
        if visible["from"][:10] != published["from"][:10]:
            fault(page["id"], "visible and true day differ")
    if page["modified"] and datetime.fromisoformat(page["modified"]) <= datetime.fromisoformat(published["from"]):
        fault(page["id"], "modified before published")


def check_language(page):
    name, body = page["id"], " ".join(page["paragraphs"])
    count = len(body.split())
    if count < 120 or (count > 900) != ("long" in page["traps"]):
        fault(name, f"{count} words")
    own = LETTERS.get(f"{page['language']} {page['script']}", "")
    missing = [letter for letter in own if letter not in body.lower()]
    if len(missing) > 1:
        fault(name, "letters of the language never occur: " + "".join(missing))
    for word in re.findall(r"\w+", body):
        if re.search("[a-zA-ZəğışöüçňýžƏĞİŞÖÜÇŇÝŽ]", word) and re.search("[\u0400-\u052f]", word):
            fault(name, f"two scripts in one word: {word}")
    if (len(re.findall("[\u0400-\u052f]", body)) > len(body) / 2) != (page["script"] == "Cyrl"):
        fault(name, "script label")
    return count


def check(page):
    """The page's number of words, and its shape: the set of its tags with their classes."""
    name = page["id"]
    data = (HERE / "html" / f"{name}.html").read_bytes()
    declared = re.search(rb"charset=[\"']?([\w-]+)", data[:3000])
    if not declared or declared.group(1).decode().lower() != page["charset"]:
        fault(name, "charset is not declared as labelled")
    if not re.match(r"https://[\w.-]+\.example/", page["url"]):
        fault(name, "host is not .example")
    source = data.decode(page["charset"])
    tree = lxml.html.document_fromstring(source)
    check_text(page, source, tree)
    check_dates(page, source)
    return check_language(page), {
        (element.tag, word)
        for element in tree.iter()
        if isinstance(element.tag, str)
        for word in (element.get("class") or "-").split()
    }


def distinct(shapes):
    """How many pages differ, in half of their tags and classes or more, from every earlier one that was counted."""
    kept = []
    for shape in shapes:
        if all(len(shape & other) / len(shape | other) < 0.5 for other in kept):
            kept.append(shape)
    return len(kept)


def at_least(what, count, least):
    if count < least:
        fault("set", f"{what}: {count}, wanted {least}")


def check_set(pages, words, kinds, structures):
    files = {path.stem for path in (HERE / "html").glob("*.html")}
    if files != {page["id"] for page in pages} or len({page["url"] for page in pages}) != len(pages):
        fault("set", "files and labels differ, or an address stands twice")
    for language in ("az", "kk", "ky", "uz", "tk"):
        at_least(language, sum(page["language"] == language for page in pages), 13)
    for script, least in (("kk Latn", 2), ("uz Cyrl", 3)):
        at_least(script, sum(f"{page['language']} {page['script']}" == script for page in pages), least)
    traps = Counter(trap for page in pages for trap in page["traps"])
    for trap, least in AT_LEAST.items():
        at_least(f"trap {trap}", traps[trap], least)
    at_least("windows code page", sum(page["charset"].startswith("windows") for page in pages), 3)
    at_least("long articles", sum(count > 900 for count in words), 5)
    for kind in ("json-ld", "meta", "time", "visible", "dateline", "url", "relative"):
        at_least(f"date kind {kind}", kinds[kind], 2)
    if not 0.12 <= kinds["null"] / len(pages) <= 0.18:
        fault("set", "share of pages without date")
    if not 0.65 <= sum(page["ots"] for page in pages) / len(pages) <= 0.78:
        fault("set", "share of OTS pages")
    at_least("distinct structures", structures, 25)
    return traps


def row(title, counts):
    print(f"{title}: " + ", ".join(f"{key} {count}" for key, count in counts.most_common()))


def main():
    lines = (HERE / "labels.jsonl").read_text(encoding="utf-8").splitlines()
    pages = [json.loads(line) for line in lines]
    words, shapes = zip(*map(check, pages), strict=True)
    kinds = Counter(page["published"]["where"] if page["published"] else "null" for page in pages)
    structures = distinct(shapes)
    traps = check_set(pages, words, kinds, structures)
    print(f"{len(pages)} pages, {sum(words)} words of body, shortest {min(words)}, longest {max(words)}")
    print(
        f"{structures} distinct structures, {len({page['cms'] for page in pages})} CMSs named, "
        f"{sum(page['ots'] for page in pages)} about the OTS, {sum(bool(page['modified']) for page in pages)} with "
        f"modified, {sum(bool(page['dateline']) for page in pages)} with a dateline, "
        f"{sum(bool(page['authors']) for page in pages)} with authors"
    )
    row("languages", Counter(f"{page['language']} {page['script']}" for page in pages))
    row("date found", kinds)
    row("visible date", Counter((page["visible_published"] or {"where": "null"})["where"] for page in pages))
    row("precision", Counter(page["published"]["precision"] for page in pages if page["published"]))
    row("charsets", Counter(page["charset"] for page in pages))
    row("traps", traps)
    print("\n".join(problems) or "no problem found")
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main())
