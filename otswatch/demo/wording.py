"""Dates in the words of the page's language, and in the texts: `{day}`, `{short +12d}`."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from typing import Any

import yaml

from otswatch.demo.content import FOLDER, offset

#: In a text: a date in words, so far from the moment at which the piece comes out.
_IN_TEXT = re.compile(r"\{(day|short)(?: ([+-][\ddhm]+))?\}")


@cache
def _languages() -> dict[str, dict[str, Any]]:
    loaded: dict[str, dict[str, Any]] = yaml.safe_load((FOLDER / "dates.yaml").read_text(encoding="utf-8"))
    return loaded


def write(moment: datetime, written: str, form: str) -> str:
    """A moment as `form` of `dates.yaml` has it, in its own zone. `written`: a language, with its script if need be."""
    words = _languages()[written]
    pattern: str = words[form]
    return pattern.format(
        d=moment.day,
        dd=f"{moment.day:02}",
        mm=f"{moment.month:02}",
        month=words["months"][moment.month - 1],
        y=moment.year,
        HH=f"{moment.hour:02}",
        MM=f"{moment.minute:02}",
    )


def hours_ago(moment: datetime, now: datetime, written: str) -> str:
    """`2 saat önce`."""
    pattern: str = _languages()[written]["hours_ago"]
    return pattern.format(n=max(1, round((now - moment).total_seconds() / 3600)))


def dated(text: str, moment: datetime, written: str) -> str:
    """A text with its dates filled in; `moment` is when it comes out, in its site's zone."""

    def date(match: re.Match[str]) -> str:
        then = moment + offset(match[2]) if match[2] else moment
        return write(then, written, match[1])

    return _IN_TEXT.sub(date, text)
