"""`make eval`: quality on labelled pages, beside the tools that the project stands on.

Where `../shared/eval` is, its judges run on its sets. Elsewhere the project's own small set is scored, and it is said
where the public ones come from.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks import eval_classify, eval_cms, eval_corrections, eval_stories, extractors
from benchmarks.pagesets import ROOT, SHARED, unpacked

LABELLED = Path(__file__).resolve().parent / "labelled"
CORRECTIONS = ROOT / "data" / "corrections.jsonl"
SETS = ("scrapinghub", "fundus", "andy", "htmldate", "mediacloud")
_BODY_SETS = {"scrapinghub", "fundus", "andy"}
WHERE = """\
../shared/eval is not here: this is the project's own small set. It shows that things work, not how well.
The public sets: scrapinghub/article-extraction-benchmark 4a3bc979, flairNLP/fundus 18da6e53 (tests/resources),
AndyTheFactory/article-extraction-dataset cf3e2959, adbar/htmldate b8952828 (tests; eval_default and
eval_mediacloud_2020)."""


@dataclass(frozen=True, slots=True)
class Options:
    limit: int | None
    sets: tuple[str, ...]


def _judge(script: str, *arguments: str) -> None:
    subprocess.run([sys.executable, str(SHARED / script), *arguments], cwd=ROOT, check=True, stderr=subprocess.DEVNULL)


def _specs(*names: str) -> list[str]:
    return [f"benchmarks.extractors:{name}" for name in names]


def pages(options: Options) -> None:
    """Body, title, date, author and language, beside the tools that have them."""
    tools = ["trafilatura_default", "trafilatura_precise"]
    if importlib.util.find_spec("newspaper"):
        tools.append("newspaper4k")
    limit = ["--limit", str(options.limit)] if options.limit else []
    for name in options.sets:
        rivals = tools if name in _BODY_SETS else []
        also = ["htmldate"] if name != "scrapinghub" else []
        _judge("judge.py", str(unpacked(name)), *_specs("ours", *rivals, *also), *limit)


def visible_dates(options: Options) -> None:
    """Dates where only what a reader sees is left."""
    limit = ["--limit", str(options.limit)] if options.limit else []
    for name in ("fundus", "mediacloud"):
        if name in options.sets:
            _judge("judge.py", str(unpacked(name)), *_specs("ours", "htmldate"), "--visible", *limit)


def datelines(_: Options) -> None:
    """Datelines in nine languages, beside dateparser with the language pinned."""
    _judge("judge_datelines.py", *_specs("dateline", "dateparser_strict"))


def labels(_: Options) -> None:
    """Areas, relevance and kind."""
    eval_classify.main([])


def stories(_: Options) -> None:
    """Copies, the same event told otherwise, and events that are close to one another."""
    eval_stories.main([])


def sites(_: Options) -> None:
    """Our own pages in the markup of the registry's sites, in az, kk, ky, uz and tk."""
    eval_cms.main()


def corrections(_: Options) -> None:
    """What people put right, where `otswatch corrections export >data/corrections.jsonl` wrote it."""
    if CORRECTIONS.exists():
        eval_corrections.main([str(CORRECTIONS), "--archive", str(CORRECTIONS.parent / "archive")])
    else:
        print(f"no {CORRECTIONS.relative_to(ROOT)}: nothing to score")


#: What is measured where ../shared/eval is. An evaluation is a function that prints its table.
EVALUATIONS: tuple[Callable[[Options], None], ...] = (
    pages,
    visible_dates,
    datelines,
    sites,
    labels,
    stories,
    corrections,
)


def own_set() -> Counter[str]:
    """The project's own pages: how many titles, texts, dates and languages are right, of how many."""
    score: Counter[str] = Counter()
    for label in map(json.loads, (LABELLED / "labels.jsonl").read_text(encoding="utf-8").splitlines()):
        html = (LABELLED / "html" / f"{label['id']}.html").read_text(encoding="utf-8")
        got = extractors.ours(html, label["url"])
        day = str(got.get("date") or "")[:10]
        score["pages"] += 1
        score["title"] += got.get("title") == label["title"]
        score["text"] += _words(got.get("text")) == _words(label["text"])
        score["language"] += got.get("language") == label["language"]
        score["date"] += day in label["dates"] if label["dates"] else not day
        score["false date"] += bool(day) and day not in label["dates"]
    return score


def _words(text: object) -> list[str]:
    return re.findall(r"\w+", str(text or ""))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.eval", description=__doc__)
    parser.add_argument("--limit", type=int, metavar="N", help="only the first N pages of each set")
    parser.add_argument("--sets", default=",".join(SETS), help=f"comma-separated, of {', '.join(SETS)}")
    given = parser.parse_args()
    options = Options(given.limit, tuple(given.sets.split(",")))
    if unknown := set(options.sets) - set(SETS):
        parser.error(f"no such set: {', '.join(sorted(unknown))}; there are {', '.join(SETS)}")
    if not SHARED.exists():
        print(WHERE)
        print("  ".join(f"{name} {count}" for name, count in own_set().items()))
        sites(options)
        labels(options)
        corrections(options)
        return
    for evaluation in EVALUATIONS:
        print(f"\n==== {evaluation.__name__.replace('_', ' ')}: {evaluation.__doc__}", flush=True)
        evaluation(options)


if __name__ == "__main__":
    main()
