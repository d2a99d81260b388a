"""How well meetings are found, and their place, days and status: what the calendar stands on.

`python -m benchmarks.eval_meetings` prints precision and recall over `labelled/meetings` (a development set; its
guideline says how it came about), by part and by language, and with `--faults` what was wrong; with `--kept` over
`labelled/meetings_kept`, which was written when the rules were done.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from benchmarks.eval_mentions import article
from otswatch.records import Meeting

SETS = Path(__file__).parent / "labelled"
_PARTS = ("meeting", "number", "place", "days", "status")

Value = tuple[str, str]


def cases(name: str = "meetings") -> list[dict[str, Any]]:
    """Every labelled text of a set, with its language."""
    return [
        {**case, "language": file.stem}
        for file in sorted((SETS / name).glob("*.yaml"))
        for case in yaml.safe_load(file.read_text(encoding="utf-8"))
    ]


def expected(case: dict[str, Any]) -> Counter[Value]:
    """What the labels say, as (part, value), each as often as it is said."""
    return _values(
        {
            "meeting": f"{meeting.get('of', 'ots')} {meeting['series']}",
            "number": meeting.get("number"),
            "place": meeting.get("place"),
            "days": f"{meeting['starts']}/{meeting['ends']}" if "starts" in meeting else None,
            "status": meeting.get("status"),
        }
        for meeting in case.get("meetings", ())
    )


def found(case: dict[str, Any]) -> Counter[Value]:
    """What the rules say, in the same form."""
    return _values(_parts(mention.meeting) for mention in article(case).mentions if mention.meeting)


def _parts(meeting: Meeting) -> dict[str, Any]:
    place, when = meeting.place, meeting.when
    return {
        "meeting": f"{meeting.of} {meeting.series}",
        "number": meeting.number,
        "place": place and (place.id or place.country),
        "days": f"{when.starts}/{when.ends}" if when else None,
        "status": meeting.status,
    }


def _values(meetings: Iterable[dict[str, Any]]) -> Counter[Value]:
    return Counter(value for meeting in meetings for value in _said(meeting))


def _said(meeting: dict[str, Any]) -> Iterator[Value]:
    for part in _PARTS:
        if meeting[part] is not None:
            yield part, meeting["meeting"] if part == "meeting" else f"{meeting['meeting']}: {meeting[part]}"


def main() -> None:
    """Print the tables."""
    right: Counter[str] = Counter()
    wanted: Counter[str] = Counter()
    given: Counter[str] = Counter()
    labelled = cases("meetings_kept" if "--kept" in sys.argv else "meetings")
    for case in labelled:
        labels, answers = expected(case), found(case)
        for counts, values in ((right, labels & answers), (wanted, labels), (given, answers)):
            counts.update(key for part, _ in values.elements() for key in (part, case["language"]))
        if "--faults" in sys.argv:
            for word, values in (("missed", labels - answers), ("wrong", answers - labels)):
                for part, value in values.elements():
                    print(f"{case['id']} {word} {part}: {value}")
    print(f"{len(labelled)} texts{'':13}labels  precision  recall")
    for key in (*_PARTS, *sorted({case["language"] for case in labelled})):
        precision, recall = right[key] / max(1, given[key]), right[key] / max(1, wanted[key])
        print(f"{key:<21}{wanted[key]:>6}{precision:>11.3f}{recall:>8.3f}")


if __name__ == "__main__":
    main()
