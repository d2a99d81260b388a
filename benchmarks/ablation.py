"""What each rule of `clean` and `date` buys: every score once more without it.

The rules stand in tuples that the stages read with each page (`body_rules.RULES`, `title.MENDS`, `date.VETOES`, …); a
run without a rule is a run with a tuple that lacks it. A rule whose row is empty, on the sets of others and on our own,
buys nothing there and should go, unless it guards against what no set has.

    python -m benchmarks.ablation [--groups body,title,authors,date] [--every N]
"""

from __future__ import annotations

import argparse
import importlib.util
import multiprocessing
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from statistics import fmean
from types import ModuleType
from typing import Any

from benchmarks import eval as evaluation
from benchmarks import eval_cms
from benchmarks.pagesets import unpacked
from otswatch.consumers import authors, body_rules, clean, date, date_visible, title
from otswatch.consumers.document import Document
from otswatch.errors import Discard, Quarantine
from otswatch.records import Article, Content

Scores = dict[str, float]


@dataclass(frozen=True, slots=True)
class Group:
    """Rules that are judged together: the tuples they stand in, and the function that scores what they make."""

    tuples: tuple[tuple[ModuleType, str], ...]
    score: Callable[[int], Scores]


@dataclass(frozen=True, slots=True)
class Without:
    """A rule to leave out; none for the run that all others are compared with."""

    group: str
    tuple: int = 0
    name: str = ""


@contextmanager
def without(module: ModuleType, attribute: str, name: str) -> Iterator[None]:
    """The module as if it had no rule of this name in this tuple."""
    rules = getattr(module, attribute)
    setattr(module, attribute, tuple(rule for rule in rules if rule.name != name))
    try:
        yield
    finally:
        setattr(module, attribute, rules)


# ---------------------------------------------------------------------------------------------------------------- pages


@cache
def _judge() -> Any:
    spec = importlib.util.spec_from_file_location("judge", evaluation.SHARED / "judge.py")
    assert spec
    assert spec.loader
    module = sys.modules["judge"] = importlib.util.module_from_spec(spec)  # dataclasses look their module up there
    spec.loader.exec_module(module)
    return module


@cache
def _pages(name: str, every: int) -> list[Any]:
    """A set of others: (page, html) pairs; none where it is not here."""
    if not evaluation.SHARED.exists():
        return []
    judge = _judge()
    _, pages = judge.load_dataset(str(unpacked(name)))
    return [(page, judge.read_html(page.path)) for page in pages[::every]]


@cache
def _own() -> list[eval_cms.Labelled]:
    return list(eval_cms.read())


def _document(html: str, url: str | None, **more: Any) -> Document:
    return Document(html=html, text=None, url=url, **more)


def _cleaned(document: Document) -> Article:
    empty = Article(id="0" * 32, url=document.url, source=None)
    try:
        return clean.clean(document, empty)
    except (Discard, Quarantine):
        return empty.replace(content=Content(title=None, text="", language="und", extractor="none"))


def _dated(document: Document, article: Article) -> str | None:
    try:
        found = date.date(document, article).published
    except (Discard, Quarantine):
        return None
    return found.at if found and len(found.at) >= len("2025-04-15") else None


# --------------------------------------------------------------------------------------------------------------- scores


def _contents(name: str, every: int) -> list[dict[str, Any]]:
    """The judge's row of each page of a set: body, title, authors and language as `clean` makes them."""
    rows = []
    for page, html in _pages(name, every):
        content = _cleaned(_document(html, page.url)).content
        assert content
        said = {"text": content.text, "title": content.title, "author": " ".join(content.authors)}
        rows.append(_judge().score(page, said))
    return rows


def _own_contents() -> list[dict[str, float | str]]:
    rows = []
    for page in _own():
        content = _cleaned(_document(page.html, page.label["url"], fetched_at=page.fetched_at)).content
        assert content
        answer = eval_cms.Answer(content.title, tuple(content.text.split("\n\n")), None, content.authors)
        rows.append(eval_cms.score(page, answer, answer))
    return rows


def _share(rows: Sequence[dict[str, Any]], key: str, word: str) -> float:
    """How many of the rows that are judged by `key` have this word there."""
    return fmean(row[key] == word for row in rows if key in row)


def _shingle_f1(rows: Sequence[dict[str, Any]]) -> float:
    """As the judge has it: of the mean precision of pages with a text, and the mean recall of all."""
    precision = fmean(row["p4"] for row in rows if row.get("p4") is not None)
    recall = fmean(row["r4"] for row in rows if "r4" in row)
    return 2 * precision * recall / max(1e-9, precision + recall)


def _body(every: int) -> Scores:
    found = {name: _shingle_f1(rows) for name in ("scrapinghub", "fundus", "andy") if (rows := _contents(name, every))}
    rows = _own_contents()
    return found | {"own, body": _f1(rows), "own, paragraphs": fmean(float(row["paragraphs"]) for row in rows)}


def _f1(rows: Sequence[dict[str, float | str]]) -> float:
    precision, recall = (fmean(float(row[key]) for row in rows) for key in ("precision", "recall"))
    return 2 * precision * recall / max(1e-9, precision + recall)


def _title(every: int) -> Scores:
    found = {name: _share(rows, "title", "right") for name in ("fundus", "andy") if (rows := _contents(name, every))}
    return found | {"own": fmean(row["title"] == "right" for row in _own_contents())}


def _authors(every: int) -> Scores:
    found = {
        name: fmean(row["author"] for row in rows if "author" in row)
        for name in ("fundus", "andy")
        if (rows := _contents(name, every))
    }
    return found | {"own": fmean(float(row["authors"]) for row in _own_contents())}


_VISIBLE = ("fundus", "mediacloud")


@cache
def _articles(name: str, every: int, *, visible: bool) -> list[Article]:
    """What `clean` makes of a set's pages: the same for every rule of `date`."""
    return [_cleaned(_document(*_shown(html, page.url, visible=visible))) for page, html in _pages(name, every)]


def _shown(html: str, url: str | None, *, visible: bool) -> tuple[str, str | None]:
    return (_judge().visible_only(html), None) if visible else (html, url)


def _dates_of(name: str, every: int, *, visible: bool) -> Scores:
    rows = []
    articles = _articles(name, every, visible=visible)
    for (page, html), article in zip(_pages(name, every), articles, strict=True):
        found = _dated(_document(*_shown(html, page.url, visible=visible)), article)
        rows.append(_judge().score(page, {"date": found}))
    if not rows:
        return {}
    label = f"{name}, visible" if visible else name
    return {f"{label} {word}": _share(rows, "date", word) for word in ("right", "wrong")}


@cache
def _own_articles() -> list[tuple[Article, Article]]:
    return [
        (
            _cleaned(_document(page.html, page.label["url"], fetched_at=page.fetched_at)),
            _cleaned(_document(page.visible, None, fetched_at=page.fetched_at)),
        )
        for page in _own()
    ]


def _date(every: int) -> Scores:
    found: Scores = {}
    for name in ("fundus", "htmldate", "mediacloud"):
        found |= _dates_of(name, every, visible=False)
    for name in _VISIBLE:
        found |= _dates_of(name, every, visible=True)
    rows = []
    for page, (article, seen) in zip(_own(), _own_articles(), strict=True):
        at = page.fetched_at
        whole = date.date(_document(page.html, page.label["url"], fetched_at=at), article)
        shown = date.date(_document(page.visible, None, fetched_at=at), seen)
        answers = [eval_cms.Answer(published=one.published.at if one.published else None) for one in (whole, shown)]
        rows.append(eval_cms.score(page, *answers))
    for key in ("published", "visible"):
        found[f"own, {key} right"] = fmean(row[key] in ("right", "none") for row in rows)
        found[f"own, {key} wrong"] = fmean(row[key] in ("wrong", "false") for row in rows)
    return found


GROUPS: dict[str, Group] = {
    "body": Group(((body_rules, "RULES"),), _body),
    "title": Group(((title, "HEADINGS"), (title, "MENDS"), (title, "CHOICES")), _title),
    "authors": Group(((authors, "PLACES"),), _authors),
    "date": Group(((date, "SOURCES"), (date, "RULES"), (date, "VETOES"), (date_visible, "BARS")), _date),
}


# ---------------------------------------------------------------------------------------------------------------- table


def runs(group: str) -> Iterator[Without]:
    """The run with all rules, and one without each."""
    yield Without(group)
    for number, (module, attribute) in enumerate(GROUPS[group].tuples):
        yield from (Without(group, number, rule.name) for rule in getattr(module, attribute))


def scored(run: Without, every: int) -> Scores:
    """The scores of a run."""
    group = GROUPS[run.group]
    if not run.name:
        return group.score(every)
    module, attribute = group.tuples[run.tuple]
    with without(module, attribute, run.name):
        return group.score(every)


def _print(group: str, every: int, pool: ProcessPoolExecutor) -> None:
    all_runs = list(runs(group))
    waiting = [pool.submit(scored, run, every) for run in all_runs]
    whole = waiting[0].result()
    print(f"\n==== {group}: in %; without a rule, the difference in points\n")
    print("| | " + " | ".join(whole) + " |")
    print("|---|" + "---:|" * len(whole))
    print("| all rules | " + " | ".join(f"{100 * value:.2f}" for value in whole.values()) + " |", flush=True)
    for run, future in zip(all_runs[1:], waiting[1:], strict=True):
        less = future.result()
        gaps = (100 * (less[key] - whole[key]) for key in whole)
        print(
            f"| {run.name} | " + " | ".join(f"{gap:+.2f}" if abs(gap) >= 0.005 else "·" for gap in gaps) + " |",
            flush=True,
        )


def main() -> None:
    """Print a table for each group."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.ablation", description=__doc__.partition("\n")[0])
    parser.add_argument("--groups", default=",".join(GROUPS), help=f"comma-separated, of {', '.join(GROUPS)}")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only each N-th page of others' sets")
    given = parser.parse_args()
    names = given.groups.split(",")
    if unknown := set(names) - set(GROUPS):
        parser.error(f"no such group: {', '.join(sorted(unknown))}; there are {', '.join(GROUPS)}")
    if not evaluation.SHARED.exists():
        print(evaluation.WHERE)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("fork")) as pool:
        for name in names:
            _print(name, given.every, pool)


if __name__ == "__main__":
    main()
