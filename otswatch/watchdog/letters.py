"""Letters to the operator: all that is to be told at one moment, as text, as HTML and for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from jinja2 import Environment
from markupsafe import Markup

from otswatch.alerts.delivery import Pending
from otswatch.alerts.letter import Letter
from otswatch.alerts.rendering import clean, squeezed, templates
from otswatch.records import Moment, Part
from otswatch.watchdog.trouble import moment

#: What stands in a letter where a reader's has its subscription.
OPERATOR: Final = "operator"
_SUBJECT: Final = 150
_HEADS: Final[Mapping[What, str]] = {"open": "New", "resolved": "Resolved", "again": "Still there"}

What = Literal["open", "again", "resolved"]


class Telling(Part):
    """One trouble in a letter. `key` is of this telling alone, `id` of the trouble.

    `until`: when it was over; null: it stands. `times`: so often it was told before, since it was new.
    """

    key: str
    id: str
    state: What
    title: str
    said: str
    next: str | None
    since: Moment
    until: Moment | None = None
    evidence: Mapping[str, str | int | None]
    size: int | None = None
    times: int = 0


class Message(Pending):
    """A letter that has not arrived, with all that it says: it is the same whenever it is made."""

    tellings: tuple[Telling, ...]


def letter(message: Message, page: str | None = None) -> Letter:
    """The letter of a message. `page`: public address of our own page; null where it has none."""
    heading = subject(message.tellings)
    shown: dict[str, Any] = {
        "subject": heading,
        "groups": {_HEADS[state]: [each for each in message.tellings if each.state == state] for state in _HEADS},
        "made": message.made,
        "status": f"{page.rstrip('/')}/status" if page else None,
    }
    return Letter(
        id=message.letter,
        subscription=OPERATOR,
        subject=heading,
        text=squeezed(_templates().get_template("troubles.txt").render(shown)),
        html=_templates().get_template("troubles.html").render(shown),
        keys=tuple(each.key for each in message.tellings),
        facts=message.tellings,
    )


def subject(tellings: tuple[Telling, ...]) -> str:
    """The first trouble by its title, and how many more; what is new comes first."""
    counts = Counter(each.state for each in tellings)
    first = next(each for state in _HEADS for each in tellings if each.state == state)
    told = clean(first.title if first.state == "open" else f"{_HEADS[first.state]}: {first.title}")
    more = counts[first.state] - 1
    others = [f"{counts[state]} {_HEADS[state].lower()}" for state in _HEADS if state != first.state and counts[state]]
    tail = "".join([f" (+{more})" if more else "", *(f", {other}" for other in others)])
    line = f"OTS Watch: {told}"
    room = _SUBJECT - len(tail)
    return (line if len(line) <= room else f"{line[: room - 1].rstrip()}…") + tail


@cache
def _templates() -> Environment:
    return templates(Path(__file__).parent / "templates", moment=moment, commands=_commands)


def _commands(text: str) -> Markup:
    """What stands between two `, as something to type."""
    parts = clean(text).split("`")
    return Markup("").join(
        Markup("<code>{}</code>").format(part) if place % 2 else part for place, part in enumerate(parts)
    )
