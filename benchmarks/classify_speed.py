"""What the stage `classify` costs: CPU time for articles of 3,000 characters in nine languages, by part and as a whole.

The articles are labelled texts about the OTS, joined, and full of names: most texts cost less. Of each the best of some
rounds counts, the first one not: in it word lists are compiled and words met for the first time.

    python -m benchmarks.classify_speed
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from statistics import median, quantiles
from typing import Any

from benchmarks.eval_classify import LABELLED
from otswatch.consumers.classify import classify
from otswatch.consumers.document import Document
from otswatch.records import Article, Content
from otswatch.taxonomy import areas, kinds, mentions, relevance
from otswatch.taxonomy.process import taxonomy
from otswatch.taxonomy.reading import Reading, languages, readings_of

_FILES = ("topics/texts.jsonl", "topics_new/texts.jsonl", "quotes/articles.jsonl", "stories/articles.jsonl")
_CHARACTERS, _OF_EACH, _ROUNDS = 3000, 3, 5

WHOLE = "the whole stage"


def articles() -> Iterator[Content]:
    """For each file and language some texts of 3,000 characters, with the title of the first that is in it."""
    for name in _FILES:
        by_language: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for line in (LABELLED / name).read_text(encoding="utf-8").splitlines():
            text = json.loads(line)
            by_language[text["language"]].append(text)
        for texts in by_language.values():
            yield from islice(_joined(texts), _OF_EACH)


def _joined(texts: Iterable[dict[str, Any]]) -> Iterator[Content]:
    parts: list[dict[str, Any]] = []
    for part in texts:
        parts.append(part)
        text = "\n\n".join(one["text"] for one in parts)
        if len(text) >= _CHARACTERS:
            yield Content(
                title=parts[0]["title"], text=text[:_CHARACTERS], language=part["language"], extractor="labelled/1"
            )
            parts = []


def parts(content: Content) -> Iterator[tuple[str, Callable[[], Any]]]:
    """The steps of the stage, to be done in order as they come, and then the stage itself."""
    known, language = taxonomy(), content.language
    readings: list[Reading] = []
    names: list[relevance.Named] = []
    yield (
        "reading: words, and what the lists have of them",
        lambda: readings.extend(readings_of(known, content.title, content.foreground, language)),
    )
    spoken = languages(readings, language)
    yield "relevance: names", lambda: names.extend(relevance.named(known, readings, language))
    yield "relevance: asides and level", lambda: relevance.judge(known, names, len(content.text))
    yield "areas", lambda: areas.label(known, readings, spoken)
    yield "kind", lambda: kinds.kind(known, readings, spoken)
    yield "mentions and meetings", lambda: mentions.mentions(known, readings, names, language, None)
    article = Article(id="0", url=None, source=None, content=content)
    yield WHOLE, lambda: classify(Document(html=None, text=content.text), article)


def milliseconds(call: Callable[[], Any]) -> float:
    """CPU time of one call."""
    started = time.process_time_ns()
    call()
    return (time.process_time_ns() - started) / 1e6


def measure(contents: Sequence[Content], rounds: int = _ROUNDS) -> dict[str, list[float]]:
    """For each part what every article takes at best, in milliseconds."""
    times: dict[str, list[list[float]]] = defaultdict(lambda: [[] for _ in contents])
    for _ in range(1 + rounds):
        for index, content in enumerate(contents):
            for name, call in parts(content):
                times[name][index].append(milliseconds(call))
    return {name: [min(taken[1:]) for taken in of_each] for name, of_each in times.items()}


def main() -> None:
    """Print the table."""
    best = measure(list(articles()))
    count = len(best[WHOLE])
    print(f"{f'ms of CPU for 3,000 characters ({count} articles)':54}{'median':>10}{'p95':>10}")
    for name, times in best.items():
        print(f"{name:54}{median(times):>10.2f}{quantiles(times, n=20)[-1]:>10.2f}")


if __name__ == "__main__":
    main()
