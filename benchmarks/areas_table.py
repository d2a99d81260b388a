"""What each part of the scoring of areas adds, and what it costs: from the bare words to the whole, a row an addition.

The first row is the lexicon as it was gathered, where it is there: every term once, wherever it stands. Milliseconds
are CPU time for 3,000 characters, over the nine languages; rows are timed in turns, so that they can be compared.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from statistics import median
from types import ModuleType
from typing import Any

import yaml

from benchmarks.eval_classify import LABELLED, SHARED, Text, read
from benchmarks.measures import Pair, bootstrap, compare
from otswatch.consumers import classify as stage
from otswatch.taxonomy import areas, reading
from otswatch.taxonomy.loader import Taxonomy
from otswatch.taxonomy.matcher import FoldedText, Matcher, Pattern
from otswatch.taxonomy.reading import languages, readings_of
from otswatch.taxonomy.schema import Area

_CHARACTERS = 3000
_ROUNDS = 5

Label = Callable[[str | None, str, str], list[str]]


@dataclass(frozen=True, slots=True)
class Part:
    """An addition, and what stands in its place where it is left out."""

    name: str
    module: ModuleType
    without: dict[str, Any]


_whole = stage.taxonomy


@cache
def _without_needs() -> Taxonomy:
    known = _whole()
    return replace(known, areas={name: _needless(area) for name, area in known.areas.items()})


def _needless(area: Area) -> Area:
    return area.model_copy(update={"terms": tuple(term.model_copy(update={"needs": None}) for term in area.terms)})


PARTS = (
    Part("names and false friends hide the words inside them", reading, {"_HIDDEN_BY": {}}),
    Part("short stems count beside a second word alone", stage, {"taxonomy": _without_needs}),
    Part("bodies and organisations speak for their areas", areas, {"BODY": 0.0}),
    Part("a sentence that names many organisations is a list", areas, {"MANY": 1000}),
    Part("an area needs a part of what the main one has", areas, {"SHARE": 0.0, "SHARE_ALONE": 0.0}),
    Part("less of it where a sentence is about it alone", areas, {"WORDS_ALONE": 1000}),
    Part("a title and a text together need more", areas, {"LEAST_OF_BOTH": areas.LEAST}),
    Part("title and first paragraphs count more", areas, {"TITLE": 1.0, "LEAD": 1.0}),
)


@contextmanager
def without(parts: Sequence[Part]) -> Iterator[None]:
    """The scoring as if it had none of these parts."""
    with ExitStack() as stack:
        for part in parts:
            for name, value in part.without.items():
                stack.callback(setattr, part.module, name, getattr(part.module, name))
                setattr(part.module, name, value)
        yield


def ours(title: str | None, text: str, language: str) -> list[str]:
    """The areas by the stage's own words and scoring."""
    known = stage.taxonomy()
    readings = readings_of(known, title, text, language)
    return [area.id for area in areas.label(known, readings, languages(readings, language))]


def gathered() -> Label:
    """The areas by the lexicon as it was gathered: those with a word in the text, at most three, most words first."""
    lexicon = yaml.safe_load((SHARED.parent / "lexicon.yaml").read_text(encoding="utf-8"))
    matchers: dict[str, Matcher[str]] = {}
    for language in {language for area in lexicon["areas"].values() for language in area["terms"]}:
        words = (
            (term, name) for name, area in lexicon["areas"].items() for term in _terms(area["terms"].get(language))
        )
        matchers[language] = Matcher((Pattern.parse(term), name) for term, name in words)

    def label(title: str | None, text: str, language: str) -> list[str]:
        found: dict[str, set[int]] = defaultdict(set)
        for name in (known for known in matchers if known.split("_")[0] == language):
            for match in matchers[name].find(FoldedText(f"{title or ''}\n{text}")):
                found[match.value].add(match.first)
        return sorted(found, key=lambda name: (-len(found[name]), name))[:3]

    return label


def _terms(words: Any) -> Iterator[str]:
    for term in [*words.get("seen", ()), *words.get("unseen", ())] if isinstance(words, dict) else words or ():
        try:
            Pattern.parse(str(term))
        except ValueError:
            continue
        yield str(term)


def _sets() -> dict[str, list[Text]]:
    sets = {
        "topics": read(LABELLED / "topics" / "texts.jsonl"),
        "sentences": read(LABELLED / "sentences" / "sentences.jsonl"),
    }
    if (SHARED / "areas_dev.jsonl").exists():
        sets["areas_dev"] = [Text(text.label | {"language": "en"}) for text in read(SHARED / "areas_dev.jsonl")]
    return sets


def _pairs(texts: Sequence[Text], label: Label) -> list[Pair]:
    found = (label(text.label.get("title"), text.label["text"], text.label["language"]) for text in texts)
    return [
        ([area for area in text.label["areas"] if area != "other"], areas)
        for text, areas in zip(texts, found, strict=True)
    ]


def _articles(texts: Sequence[Text]) -> list[tuple[str, str]]:
    """One text of 3,000 characters in each language."""
    joined: dict[str, str] = defaultdict(str)
    for text in texts:
        joined[text.label["language"]] += text.label["text"] + "\n\n"
    return [(language, text[:_CHARACTERS]) for language, text in joined.items()]


def _milliseconds(label: Label, articles: Sequence[tuple[str, str]]) -> float:
    started = time.process_time()
    for language, text in articles:
        label(None, text, language)
    return (time.process_time() - started) * 1000 / len(articles)


@dataclass(frozen=True, slots=True)
class Row:
    """A way of labelling: what it is called, what it leaves out."""

    name: str
    label: Label
    left_out: Sequence[Part] = ()


def _rows() -> list[Row]:
    rows = [Row("the lexicon as gathered", gathered())] if (SHARED.parent / "lexicon.yaml").exists() else []
    rows.append(Row("our words, wherever they stand", ours, PARTS))
    rows += [Row(f"+ {part.name}", ours, PARTS[index + 1 :]) for index, part in enumerate(PARTS)]
    return rows


def main() -> None:
    """Print the table."""
    sets, rows = _sets(), _rows()
    articles = _articles(sets["topics"])
    times: dict[str, list[float]] = defaultdict(list)
    for _ in range(_ROUNDS):
        for row in rows:
            with without(row.left_out):
                times[row.name].append(_milliseconds(row.label, articles))
    print(f"{'':54}" + "".join(f"{name:>24}" for name in sets) + "   ms per 3,000 characters")
    for row in rows:
        with without(row.left_out):
            pairs = [_pairs(texts, row.label) for texts in sets.values()]
        scores = "".join(f"{compare(some).f1:>10.3f} ({bootstrap(some)})" for some in pairs)
        print(f"{row.name:54}{scores}{median(times[row.name]):>10.2f}")


if __name__ == "__main__":
    main()
