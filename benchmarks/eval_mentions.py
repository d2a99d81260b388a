"""How well mentions are found: countries, people with their office, meetings with place and days.

`python -m benchmarks.eval_mentions` prints precision and recall by sort of mention on `labelled/mentions` (a
development set; its guideline says how it came about), and with `--faults` what was wrong.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from otswatch import dates
from otswatch.consumers.classify import classify
from otswatch.consumers.document import Document
from otswatch.records import Article, Content, Dated, Mention

SENTENCES = Path(__file__).parent / "labelled" / "mentions" / "sentences.yaml"
_SORTS = ("country", "person", "office", "meeting", "part of a meeting")


def article(case: dict[str, Any]) -> Article:
    """The sentence as an article of its day, classified."""
    content = Content(title=None, text=case["text"], language=case["language"], extractor="labelled/1")
    published = None
    if day := case.get("published"):
        start, end = dates.interval(str(day), "day")
        published = Dated(
            at=str(day), precision="day", start=start, end=end, source="human", confidence=1.0, evidence=()
        )
    before = Article(id=case["id"], url=None, source=None, content=content, published=published)
    return classify(Document(html=None, text=case["text"]), before)


def expected(case: dict[str, Any]) -> set[tuple[str, str]]:
    """What the labels say, as (sort, value)."""
    return set(_expected(case))


def _expected(case: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for id_, names in case.get("countries", {}).items():
        yield from (("country", f"{id_}: {name}") for name in names)
    for id_, written in case.get("people", {}).items():
        name, _, office = written.partition("|")
        yield "person", f"{id_}: {name}"
        yield "office", f"{id_}: {office}"
    for written in case.get("people_unknown", ()):
        name, _, title = written.partition("|")
        yield "person", f"unknown: {name}"
        yield "office", f"{name}: {title}"
    for meeting in case.get("meetings", ()):
        yield "meeting", meeting["series"]
        for part in ("number", "place", "starts", "ends", "status"):
            if part in meeting:
                yield "part of a meeting", f"{meeting['series']} {part} {meeting[part]}"


def found(mentions: tuple[Mention, ...]) -> set[tuple[str, str]]:
    """What was found, in the same form."""
    return {pair for mention in mentions for pair in _found(mention)}


def _found(mention: Mention) -> Iterator[tuple[str, str]]:
    if mention.type == "country":
        yield "country", f"{mention.id}: {mention.name}"
    elif mention.type == "person":
        yield "person", f"{mention.id or 'unknown'}: {mention.name}"
        if mention.id and mention.office:
            yield "office", f"{mention.id}: {mention.office}/{mention.of}"
        elif not mention.id:
            yield "office", f"{mention.name}: {mention.title}"
    elif mention.meeting:
        meeting = mention.meeting
        when = meeting.when
        yield "meeting", meeting.series
        parts = {
            "number": meeting.number,
            "place": meeting.place.name if meeting.place else None,
            "starts": when.starts if when else None,
            "ends": when.ends if when else None,
            "status": meeting.status,
        }
        yield from (("part of a meeting", f"{meeting.series} {part} {value}") for part, value in parts.items() if value)


def main() -> None:
    """Print the table."""
    cases = yaml.safe_load(SENTENCES.read_text(encoding="utf-8"))
    right: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    given: Counter[str] = Counter()
    for case in cases:
        labels, answers = expected(case), found(article(case).mentions)
        right.update(sort for sort, _ in labels & answers)
        wanted.update(sort for sort, _ in labels)
        given.update(sort for sort, _ in answers)
        if "--faults" in sys.argv:
            for sort, value in sorted(labels - answers):
                print(f"{case['id']} missed {sort}: {value}")
            for sort, value in sorted(answers - labels):
                print(f"{case['id']} wrong {sort}: {value}")
    print(f"{len(cases)} sentences{'':9}labels  precision  recall")
    for sort in _SORTS:
        precision, recall = right[sort] / max(1, given[sort]), right[sort] / max(1, wanted[sort])
        print(f"{sort:<21}{wanted[sort]:>6}{precision:>11.3f}{recall:>8.3f}")


if __name__ == "__main__":
    main()
