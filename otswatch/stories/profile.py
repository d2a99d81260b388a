"""What is kept of an article to tell whether another one is the same story."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final
from zlib import crc32

from pydantic import Field

from otswatch.records import Article, Part
from otswatch.stories import sketch
from otswatch.stories.facts import Facts, facts
from otswatch.stories.report import lead, paragraphs

#: Goes up whenever `profile` makes something else of an article.
RULES: Final = 2
_COMPARED: Final = 3


class Profile(Part):
    """An article as the rules of stories see it; background paragraphs are no part of it.

    `day`: when it was published by its own clock, else (`dated` false) when it was first seen; null where neither is
    known. `title` (may be empty) and `text` are digests of their folded letters, `length` is the number of the text's.
    `whole` and `opening` are sketches of the text and its lead, `blocks` tells the paragraphs
    apart as the facts count them, 0 for the title (`otswatch.stories.sketch`).
    """

    article: str
    source: str | None
    day: date | None
    dated: bool
    language: str
    title: str
    text: str
    length: int
    whole: Annotated[bytes, Field(repr=False)]
    opening: Annotated[bytes, Field(repr=False)]
    blocks: Annotated[tuple[int, ...], Field(repr=False)]
    facts: Facts


def profile(article: Article) -> Profile | None:
    """The profile of an article; null where it has no text of its own."""
    content = article.content
    letters = sketch.letters(content.foreground) if content else ""
    if content is None or not letters:
        return None
    day, dated = _day(article)
    pieces = paragraphs(content)
    return Profile(
        article=article.id,
        source=article.source,
        day=day,
        dated=dated,
        language=content.language,
        title=sketch.digest(title) if (title := sketch.letters(content.title or "")) else "",
        text=sketch.digest(letters),
        length=len(letters),
        whole=sketch.packed(sketch.hashes(letters)),
        opening=sketch.packed(sketch.hashes(sketch.letters(pieces[lead(pieces)])[: sketch.OPENING])),
        blocks=(0, *(_block(sketch.letters(piece)) for piece in pieces[1:])),
        facts=facts(article, content, day),
    )


def first_sight(article: Article) -> datetime | None:
    """When an article was first seen, as far as that is known."""
    return article.trace.first_seen or article.trace.fetched_at


def _block(letters: str) -> int:
    numbers = sketch.hashes(letters)
    # One of the smallest hashes may be that of a phrase that both texts have; three are not.
    return sum(sorted(numbers)[:_COMPARED]) if len(numbers) >= _COMPARED else crc32(letters.encode())


def _day(article: Article) -> tuple[date | None, bool]:
    published, seen = article.published, first_sight(article)
    if published is not None and published.precision not in {"month", "year"}:
        return date.fromisoformat(published.at[: len("2025-04-15")]), True
    return (seen.date() if seen else None), False
