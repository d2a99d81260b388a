"""Corrections put over an article, and taken off again. Pure: the same corrections on the same article give the same.

The value of a corrected part is the human's, with evidence that says whose word it is; what the machine had made of it
stands in `Article.corrected`, so that taking the word off gives the machine's article back, part by part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from otswatch import dates
from otswatch.corrections.speaker import spoken_by
from otswatch.corrections.values import KEPT, part_of, quote_of, shown
from otswatch.records import Area, Article, Corrected, Correction, Dated, Evidence, Kind, Relevance
from otswatch.status import Reason

Status = Literal["stands", "replaced", "withdrawn"]

#: What the machine discards for what it is about. An article without a text stays discarded, whatever it is about.
_FOR_RELEVANCE = frozenset((Reason.PASSING, Reason.NOT_ABOUT_OTS))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def latest(corrections: Iterable[Correction]) -> dict[str, Correction]:
    """The last word on each part, withdrawn or not: it replaces those before it for good."""
    ordered = sorted(corrections, key=lambda correction: (correction.at, correction.id))
    return {part_of(correction.field, correction.value): correction for correction in ordered}


def standing(corrections: Iterable[Correction]) -> dict[str, Correction]:
    """The word that stands on each part."""
    return {part: last for part, last in latest(corrections).items() if last.withdrawn is None}


def status(correction: Correction, corrections: Iterable[Correction]) -> Status:
    """What became of one of an article's `corrections`."""
    if correction.withdrawn is not None:
        return "withdrawn"
    last = latest(corrections)[part_of(correction.field, correction.value)]
    return "stands" if last.id == correction.id else "replaced"


def version(corrections: Iterable[Correction]) -> int:
    """Of all that was said of an article: grows with every word that is said or taken back. Microseconds since 1970."""
    moments = (correction.withdrawn.at if correction.withdrawn else correction.at for correction in corrections)
    return (max(moments) - _EPOCH) // timedelta(microseconds=1)


def fold(article: Article, corrections: Iterable[Correction]) -> Article:
    """The article as the machine made it, with the words that stand put over it."""
    said = standing(corrections)
    for field in _PUT:
        for part, correction in said.items():
            if correction.field == field:
                article = _put_over(article, part, correction)
    return article


def unfold(article: Article) -> Article:
    """The article as the machine made it, as far as it is there: of what was discarded the index keeps no quotes.

    The inverse of `fold`.
    """
    if not article.corrected:
        return article
    record = article.to_dict()
    for part, word in article.corrected.items():
        if _has(article, part):
            holder, key = _place(record, part)
            holder[key] = word.machine
    del record["corrected"]
    if judged := article.corrected.get("relevance"):
        record |= {"status": "discarded" if judged.discarded else "ok", "reason": judged.discarded}
    return Article.model_validate(record)


def _place(record: dict[str, Any], part: str) -> tuple[dict[str, Any], str]:
    """Where a part stands in the record of an article that has it."""
    quote = quote_of(part)
    if quote is None:
        return record, part
    return next(each for each in record["quotes"] if each["id"] == quote), "speaker"


def _put_over(article: Article, part: str, said: Correction) -> Article:
    """The word over its part; nothing where the article does not have it: a quote that is not in the text any more."""
    if not _has(article, part):
        return article
    holder, key = _place(article.model_dump(mode="json", include={"quotes" if quote_of(part) else part}), part)
    words = Evidence(frame="human", text=said.note or shown(said.value), rule=f"human/{said.by}@{_second(said.at)}")
    word = Corrected(
        id=said.id,
        value=said.value,
        by=said.by,
        at=said.at,
        note=said.note,
        machine=holder[key],
        discarded=article.reason if part == "relevance" and article.status == "discarded" else None,
    )
    article = article.replace(corrected={**article.corrected, part: word})
    return _PUT[said.field](article, said.value, words)


def _has(article: Article, part: str) -> bool:
    quote = quote_of(part)
    return quote is None or any(each.id == quote for each in article.quotes)


def _areas(article: Article, value: list[str], words: Evidence) -> Article:
    return article.replace(areas=tuple(Area(id=id_, score=1, evidence=(words,)) for id_ in value))


def _kind(article: Article, value: str | None, words: Evidence) -> Article:
    return article.replace(kind=Kind(id=value, evidence=(words,)) if value is not None else None)


def _relevance(article: Article, value: Any, words: Evidence) -> Article:
    judged = article.replace(relevance=Relevance(level=value, score=1, evidence=(words,)))
    if not (article.status == "ok" or discarded_for_relevance(article)):
        return judged
    if value in KEPT or article.dossiers:  # what a dossier claims is kept whatever it is about
        return judged.replace(status="ok", reason=None)
    return judged.discarded(Reason.RULED_OUT)


def _published(article: Article, value: str | None, words: Evidence) -> Article:
    read = dates.machine(value) if value is not None else None
    if read is None:
        return article.replace(published=None)
    at, precision = read
    start, end = dates.interval(at, precision)
    return article.replace(
        published=Dated(
            at=at, precision=precision, start=start, end=end, source="human", confidence=1, evidence=(words,)
        )
    )


def _speaker(article: Article, value: Mapping[str, str | None], words: Evidence) -> Article:
    speaker = spoken_by(article, value["speaker"], words) if value["speaker"] else None
    quotes = [quote.replace(speaker=speaker) if quote.id == value["quote"] else quote for quote in article.quotes]
    return article.replace(quotes=tuple(quotes))


_PUT: Mapping[str, Callable[[Article, Any, Evidence], Article]] = {
    "areas": _areas,
    "kind": _kind,
    "relevance": _relevance,
    "published": _published,
    "speaker": _speaker,
}


def discarded_for_relevance(article: Article) -> bool:
    """Whether the article as the machine made it was discarded for what it is about, and could be brought back."""
    return article.status == "discarded" and article.reason in _FOR_RELEVANCE


def _second(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
