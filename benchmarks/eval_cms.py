"""The project's own pages in the markup of the registry's sites (`labelled/cms`): az, kk, ky, uz and tk.

No public labels exist for these languages. The set was written from its guideline by one who had seen no rule of this
project; trafilatura and htmldate stand beside ours on the same pages.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import fmean
from typing import Any

from htmldate import find_date
from lxml.html import document_fromstring
from trafilatura import bare_extraction

from otswatch.consumers import clean, date
from otswatch.consumers.document import Document, decoded
from otswatch.errors import Discard, Quarantine
from otswatch.records import Article, Dated
from otswatch.text.folding import fold

FOLDER = Path(__file__).parent / "labelled" / "cms"
#: What a reader of the rendered page does not see; the address is left out beside it.
_UNSEEN = tuple(
    re.compile(pattern, re.DOTALL | re.IGNORECASE)
    for pattern in (
        r"<script\b.*?</script\s*>",
        r"<!--.*?-->",
        r"<meta\b(?![^>]*charset)[^>]*>",
        r"<link\b[^>]*>",
        r"""\s(?:datetime|content|title|itemprop|data-[\w-]+)\s*=\s*(?:"[^"]*"|'[^']*')""",
    )
)
_SHINGLE = 4


@dataclass(frozen=True, slots=True)
class Labelled:
    """A page of the set: its label, and its HTML as the pipeline decodes it."""

    label: Mapping[str, Any]
    html: str

    @property
    def fetched_at(self) -> datetime:
        return datetime.fromisoformat(self.label["fetched_at"])

    @property
    def visible(self) -> str:
        """The page without what only a machine reads."""
        html = self.html
        for pattern in _UNSEEN:
            html = pattern.sub("", html)
        return html


@dataclass(frozen=True, slots=True)
class Answer:
    """What a tool makes of a page. `published` is its date as ISO 8601 text, as fine as the tool says it."""

    title: str | None = None
    paragraphs: tuple[str, ...] = ()
    language: str | None = None
    authors: tuple[str, ...] = ()
    dateline: str | None = None
    published: str | None = None
    modified: str | None = None


Tool = Callable[[str, str | None, datetime], Answer]


def read() -> Iterator[Labelled]:
    """The pages of the set in order."""
    for label in map(json.loads, (FOLDER / "labels.jsonl").read_text(encoding="utf-8").splitlines()):
        body = (FOLDER / "html" / f"{label['id']}.html").read_bytes()
        html, _ = decoded(body, "text/html")
        assert html is not None
        yield Labelled(label, html)


# ---------------------------------------------------------------------------------------------------------------- tools


def ours(html: str, url: str | None, fetched_at: datetime) -> Answer:
    """Stages clean and date."""
    document = Document(html=html, text=None, url=url, fetched_at=fetched_at)
    try:
        article = date.date(document, clean.clean(document, Article(id="0" * 32, url=url, source=None)))
    except (Discard, Quarantine):
        return Answer()
    content = article.content
    assert content is not None
    return Answer(
        content.title,
        tuple(content.text.split("\n\n")),
        content.language,
        content.authors,
        content.dateline,
        _at(article.published),
        _at(article.modified),
    )


def _at(dated: Dated | None) -> str | None:
    return dated.at if dated else None


def trafilatura_default(html: str, url: str | None, fetched_at: datetime) -> Answer:
    """Its text, title and authors; its date is htmldate's, for which see there."""
    found = bare_extraction(html, url=url, with_metadata=True, include_comments=False)
    if found is None or isinstance(found, dict):
        return Answer()
    authors = tuple(name.strip() for name in (found.author or "").split(";") if name.strip())
    paragraphs = tuple(line for line in (found.text or "").splitlines() if line.strip())
    return Answer(found.title, paragraphs, None, authors, None, found.date)


def htmldate(html: str, url: str | None, fetched_at: datetime) -> Answer:
    """The original date, searched for everywhere, and none after the fetch."""
    latest = (fetched_at + timedelta(days=1)).strftime("%Y-%m-%d")
    tree = document_fromstring(html.encode())
    found = find_date(tree, original_date=True, extensive_search=True, url=url, max_date=latest)
    return Answer(published=found)


# -------------------------------------------------------------------------------------------------------------- scoring


def score(page: Labelled, answer: Answer, visible: Answer) -> dict[str, float | str]:
    """What is right on a page: shares from 0 to 1, and a word for what is right, wrong, missing or false."""
    label = page.label
    wanted, found = label["paragraphs"], answer.paragraphs
    precision, recall = _overlap(_shingles("\n".join(wanted)), _shingles("\n".join(found)))
    return {
        "precision": precision,
        "recall": recall,
        "paragraphs": 2
        * sum((Counter(map(_flat, wanted)) & Counter(map(_flat, found))).values())
        / max(1, len(wanted) + len(found)),
        "title": _word(fold(label["title"]), fold(answer.title or "")),
        "language": _word(label["language"], answer.language),
        "authors": _f1(map(fold, label["authors"]), map(fold, answer.authors)),
        "dateline": _word(fold(label["dateline"] or ""), fold(answer.dateline or "")),
        "published": _date_word(label["published"], answer.published),
        "moment": _moment_word(label["published"], answer.published),
        "modified": _moment_word(label["modified"] and {"from": label["modified"]}, answer.modified),
        "visible": _date_word(label["visible_published"], visible.published),
    }


def _flat(text: str) -> str:
    return " ".join(text.split())


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[at : at + _SHINGLE]) for at in range(max(1, len(words) - _SHINGLE + 1)) if words)


def _overlap(wanted: Counter[Any], found: Counter[Any]) -> tuple[float, float]:
    common = (wanted & found).total()
    return common / max(1, found.total()), common / max(1, wanted.total())


def _f1(wanted: Iterable[str], found: Iterable[str]) -> float:
    left, right = Counter(wanted), Counter(found)
    return 2 * (left & right).total() / (left.total() + right.total()) if left or right else 1.0


def _word(wanted: str | None, found: str | None) -> str:
    if not wanted:
        return "false" if found else "none"
    return "missing" if not found else "right" if found == wanted else "wrong"


def _date_word(wanted: Mapping[str, str] | None, found: str | None) -> str:
    """By day, as written or in UTC; where the page says a month only, that month."""
    if wanted is None:
        return "false" if found else "none"
    if found is None:
        return "missing"
    if wanted["precision"] == "month":
        return "right" if found == wanted["from"][:7] else "wrong"
    start = datetime.fromisoformat(wanted["from"])
    return "right" if found[:10] in {str(start.date()), str(start.astimezone(UTC).date())} else "wrong"


def _moment_word(wanted: Mapping[str, str] | None, found: str | None) -> str:
    """By the minute, where that is what the page says: the moment itself, or the page's own clock without a zone."""
    if wanted is None or (wanted.get("precision", "minute") not in ("minute", "second")):
        return "false" if wanted is None and found else "none"
    if found is None or "T" not in found:
        return "missing"
    start, moment = datetime.fromisoformat(wanted["from"]), datetime.fromisoformat(found)
    gap = moment - start if moment.tzinfo else moment - start.replace(tzinfo=None)
    return "right" if abs(gap) < timedelta(minutes=1) else "wrong"


# ---------------------------------------------------------------------------------------------------------------- table


def table(rows: list[dict[str, float | str]]) -> str:
    """One line: body F1, exact paragraphs, and right / wrong or false of those that have one, in %."""

    def mean(key: str) -> float:
        return fmean(float(row[key]) for row in rows)

    def share(key: str) -> str:
        words = Counter(str(row[key]) for row in rows)
        there = max(1, words["right"] + words["wrong"] + words["missing"])
        return f"{100 * words['right'] / there:5.1f}/{100 * words['wrong'] / there:4.1f}/{words['false']:2}"

    precision, recall = mean("precision"), mean("recall")
    body = 2 * precision * recall / max(1e-9, precision + recall)
    words = "  ".join(map(share, _WORDS))
    text = f"{body:.3f} {precision:.3f} {recall:.3f}  {mean('paragraphs'):.3f}"
    return f"{len(rows):>5}  {text}  {mean('authors'):.2f}  {words}"


_WORDS = ("title", "language", "dateline", "published", "moment", "modified", "visible")
_HEAD = "pages  F1    P     R      paras  auth  " + "  ".join(f"{word:>13}" for word in _WORDS)


def main(*, show: bool = False) -> None:
    """Print the table: each tool over all pages, ours by language, and with `show` every page that is not right."""
    pages = list(read())
    print("right/wrong in %, and how many are false where there is none; 'moment' is to the minute")
    print(f"{'':<22} {_HEAD}")
    for tool in (ours, trafilatura_default, htmldate):
        rows = [
            score(page, tool(page.html, page.label["url"], page.fetched_at), tool(page.visible, None, page.fetched_at))
            for page in pages
        ]
        print(f"{tool.__name__:<22} {table(rows)}", flush=True)
        if tool is ours:
            by_language: dict[str, list[dict[str, float | str]]] = defaultdict(list)
            for page, row in zip(pages, rows, strict=True):
                by_language[page.label["language"]].append(row)
            for language, some in by_language.items():
                print(f"  {language:<20} {table(some)}")
            if show:
                _show(pages, rows)


def _show(pages: list[Labelled], rows: list[dict[str, float | str]]) -> None:
    for page, row in zip(pages, rows, strict=True):
        off = {key: value for key, value in row.items() if value not in ("right", "none") and value != 1.0}
        if off:
            short = {key: round(value, 2) if isinstance(value, float) else value for key, value in off.items()}
            print(f"    {page.label['id']}: {short}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks.eval_cms", description=__doc__)
    parser.add_argument("--show", action="store_true", help="each page on which something is not right")
    main(show=parser.parse_args().show)
