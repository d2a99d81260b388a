"""What holds for every article, whatever the page was: what `make fuzz` checks."""

from __future__ import annotations

import html as entities
import json
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from otswatch.consumers.document import Document
from otswatch.dates import interval
from otswatch.records import Article, Dated, Evidence

#: What the text of an article must not hold; a line feed is only between paragraphs.
_NEVER = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
_NO_LETTER = re.compile(r"[\W_]+")
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})|\\[bfnrt]")


@dataclass(frozen=True)
class Seen:
    """An article, and what it was made from."""

    article: Article
    document: Document
    #: What the feed said of its date.
    listed: str | None = None

    @cached_property
    def words(self) -> dict[str, str]:
        """The letters and digits of the page's text, its attributes and its scripts, without what is between them."""
        if self.document.tree is None:
            return dict.fromkeys(("text", "shown", "attributes", "scripts"), _bare(self.document.text or ""))
        elements = list(self.document.tree.iter("*"))
        scripts = [element.text or "" for element in elements if element.tag == "script"]
        unescaped = [_ESCAPED.sub(lambda match: chr(int(match[1], 16)) if match[1] else " ", each) for each in scripts]
        return {
            "text": _bare(self.document.tree.text_content()),
            "shown": _bare("".join(self.document.tree.xpath("//text()[not(parent::script or parent::style)]"))),
            "attributes": _bare(" ".join(value for element in elements for value in element.attrib.values())),
            "scripts": _bare(" ".join((*scripts, *unescaped, *map(entities.unescape, unescaped)))),
        }

    def has(self, text: str, *places: str) -> bool:
        """Whether each part of a text, as lists of names are joined, stands somewhere in the page."""
        parts = [part for piece in text.split(", ") if (part := _bare(piece))]
        return all(any(part in self.words[place] for place in places) for part in parts)


def _bare(text: str) -> str:
    """Letters and digits alone, and no marks on them: what normal forms, blanks and markup leave alone."""
    return _NO_LETTER.sub("", unicodedata.normalize("NFKD", text))


Rule = Callable[[Seen], Iterator[str]]
RULES: list[Rule] = []


def _rule(rule: Rule) -> Rule:
    RULES.append(rule)
    return rule


def broken(seen: Seen) -> list[str]:
    """What does not hold, a line each: the rule's name and what is wrong."""
    return [f"{rule.__name__.strip('_').replace('_', ' ')}: {what}" for rule in RULES for what in rule(seen)]


def _short(text: str) -> str:
    return ascii(text if len(text) <= 80 else f"{text[:60]}…{text[-19:]}")


# --------------------------------------------------------------------------------------------------------------- record


@_rule
def _record_survives_its_journey(seen: Seen) -> Iterator[str]:
    data = seen.article.to_json()
    if Article.from_json(data) != seen.article:
        yield "another one comes back"
    if any("\0" in text for text in _texts(json.loads(data))):
        yield "holds a NUL"


def _texts(value: Any) -> Iterator[str]:
    """Every text in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


@_rule
def _status_is_a_named_one(seen: Seen) -> Iterator[str]:
    named: dict[str, set[str | None]] = {"ok": {None}, "discarded": {"no-text", "passing", "not-about-ots"}}
    if seen.article.reason not in named.get(seen.article.status, ()):
        yield f"{seen.article.status}, {seen.article.reason}"


# ----------------------------------------------------------------------------------------------------------------- text


@_rule
def _text_is_clean(seen: Seen) -> Iterator[str]:
    if content := seen.article.content:
        lines = [("title", content.title or ""), ("dateline", content.dateline or "")]
        lines += [("author", name) for name in content.authors]
        yield from (f"text {fault}" for fault in _faults(content.text, one_line=False))
        yield from (f"{name} {fault}" for name, line in lines for fault in _faults(line, one_line=True))


def _faults(text: str, *, one_line: bool) -> Iterator[str]:
    if match := _NEVER.search(text):
        yield f"holds {match[0]!a}"
    if not unicodedata.is_normalized("NFC", text):
        yield "is not NFC"
    paragraphs = text.split("\n\n")
    if "\n" in "".join(paragraphs) or (one_line and len(paragraphs) > 1):
        yield "has a line break in a paragraph"
    if text and any(each.strip() != each or not each for each in paragraphs):
        yield "has blanks around a paragraph"


# ------------------------------------------------------------------------------------------------------------- evidence


def _evidence(article: Article) -> Iterator[tuple[str, Evidence]]:
    """All that an article says for itself, with what it is for."""
    if article.content:
        yield from article.content.evidence.items()
        yield from (("background", each) for each in article.content.background)
    for name, dated in (("published", article.published), ("modified", article.modified)):
        yield from ((name, each) for each in (dated.evidence if dated else ()))
    yield from (("date candidate", candidate.evidence) for candidate in article.date_candidates)
    yield from _labels(article)


def _labels(article: Article) -> Iterator[tuple[str, Evidence]]:
    for area in article.areas:
        yield from ((f"area {area.id}", each) for each in area.evidence)
    for mention in article.mentions:
        yield from ((f"mention {mention.id}", each) for each in mention.evidence)
    for name, label in (("relevance", article.relevance), ("kind", article.kind)):
        yield from ((name, each) for each in (label.evidence if label else ()))
    for quote in article.quotes:
        yield from (("speaker", each) for each in (quote.speaker.evidence if quote.speaker else ()))


@_rule
def _evidence_matches_its_text(seen: Seen) -> Iterator[str]:
    for what, evidence in _evidence(seen.article):
        if fault := _mismatch(seen, evidence):
            yield f"{what}: {fault}: {evidence.frame} {evidence.path or ''} {_short(evidence.text)} ({evidence.rule})"


def _mismatch(seen: Seen, evidence: Evidence) -> str:
    """What is wrong about an evidence; empty where nothing is."""
    content = seen.article.content
    frames = {"title": content and content.title, "text": content and content.text, "input": seen.document.text}
    if evidence.frame in frames:
        return _offsets(frames[evidence.frame] or "", evidence)
    if evidence.start is not None:
        return "has offsets in a frame that has none"
    if evidence.frame == "feed":
        return "" if evidence.text == seen.listed else "is not what the feed said"
    if evidence.frame == "url":
        urls = (seen.article.url, content and content.canonical_url)
        return "" if any(url and evidence.text in url for url in urls) else "is not in the address"
    if evidence.path == "htmldate":
        return ""  # says the day, not the words
    places = {"json-ld": ("scripts",), "meta": ("attributes",)}.get(evidence.frame, ("text", "shown", "attributes"))
    if evidence.frame == "json-ld" and _is_number(evidence.text):
        return ""  # 1e400 is written another way than it was read
    return "" if seen.has(evidence.text, *places) else "is not on the page"


def _offsets(text: str, evidence: Evidence) -> str:
    start, end = evidence.start, evidence.end
    if start is None or end is None:
        return "has no offsets"
    if not 0 <= start < end <= len(text):
        return f"has offsets {start} to {end} of {len(text)}"
    return "" if text[start:end] == evidence.text else f"stands beside {_short(text[start:end])}"


def _is_number(text: str) -> bool:
    try:
        return isinstance(json.loads(text, parse_constant=float), int | float)
    except ValueError:
        return text in ("inf", "-inf", "nan")


@_rule
def _dateline_is_found_where_it_was_lifted(seen: Seen) -> Iterator[str]:
    if (content := seen.article.content) and content.dateline is not None:
        evidence = content.evidence.get("dateline")
        if evidence is None:
            yield "no evidence"
        elif _bare(evidence.text) != _bare(content.dateline):
            yield f"{_short(content.dateline)} is not its evidence {_short(evidence.text)}"


@_rule
def _quotes_stand_in_the_text(seen: Seen) -> Iterator[str]:
    text = seen.article.content.text if seen.article.content else ""
    for quote in seen.article.quotes:
        if not quote.text or text[quote.start : quote.end] != quote.text:
            yield f"{quote.start} to {quote.end}: {_short(quote.text)}"
    if len({quote.id for quote in seen.article.quotes}) < len(seen.article.quotes):
        yield "two have one id"


@_rule
def _background_counts_for_no_label(seen: Seen) -> Iterator[str]:
    spans = (
        [(each.start or 0, each.end or 0) for each in seen.article.content.background] if seen.article.content else []
    )
    labels = [(what, each.start, each.end) for what, each in _labels(seen.article) if each.frame == "text"]
    labels += [("quote", quote.start, quote.end) for quote in seen.article.quotes]
    for what, start, end in labels:
        if start is not None and end is not None and any(start < high and low < end for low, high in spans):
            yield f"{what} {start} to {end}"


# ---------------------------------------------------------------------------------------------------------------- dates


def _decided(article: Article) -> Iterator[tuple[str, Dated | None]]:
    yield "published", article.published
    yield "modified", article.modified


#: A date without an offset counts as printed, in UTC. The first and the last zone that it may have been printed in.
_FIRST_ZONE, _LAST_ZONE = timedelta(hours=14), timedelta(hours=12)
_OFFSET = re.compile(r"T.*(?:Z|[+-]\d\d:\d\d(?::\d\d)?)$")


def earliest(dated: Dated) -> datetime:
    """The first moment that a date can mean: one without an offset may be printed fourteen hours ahead of UTC."""
    return dated.start if _OFFSET.search(dated.at) else dated.start - _FIRST_ZONE


def _latest(dated: Dated) -> datetime:
    return dated.end if _OFFSET.search(dated.at) else dated.end + _LAST_ZONE


@_rule
def _no_date_is_after_the_fetch(seen: Seen) -> Iterator[str]:
    if fetched_at := seen.document.fetched_at:
        for name, dated in _decided(seen.article):
            if dated and earliest(dated) > fetched_at:
                yield f"{name} {dated.at} ({dated.source}) begins {dated.start - fetched_at} after the fetch"


@_rule
def _interval_is_what_the_date_says(seen: Seen) -> Iterator[str]:
    for name, dated in _decided(seen.article):
        if dated is None:
            continue
        if not dated.evidence:
            yield f"{name} has no evidence"
        if not dated.start < dated.end:
            yield f"{name} ends before it begins"
        start, end = interval(dated.at, dated.precision)
        if not (dated.start < end and start < dated.end):
            yield f"{name} {dated.at} ({dated.precision}) is {dated.start} to {dated.end}"
    published, modified = seen.article.published, seen.article.modified
    if published and modified and _latest(modified) <= earliest(published):
        yield f"modified {modified.at} before published {published.at}"


@_rule
def _one_candidate_is_taken_for_each_date(seen: Seen) -> Iterator[str]:
    """Both dates may stand on one: a page that says its last change alone was there on that day."""
    taken = [candidate for candidate in seen.article.date_candidates if candidate.verdict == "taken"]
    dates = [(name, dated) for name, dated in _decided(seen.article) if dated and dated.evidence]
    for name, dated in dates:
        mine = [each for each in taken if each.evidence == dated.evidence[0] and (each.at or "").startswith(dated.at)]
        if len(mine) != 1:
            yield f"{len(mine)} taken for {name} {dated.at}"
    for candidate in taken:
        if candidate.evidence not in [dated.evidence[0] for _, dated in dates]:
            yield f"{candidate.at} ({candidate.role}) taken for nothing"


@_rule
def _candidates_can_be_read(seen: Seen) -> Iterator[str]:
    for candidate in seen.article.date_candidates:
        if candidate.at is None and candidate.verdict in ("taken", "agrees"):
            yield f"one that says no day {candidate.verdict}"
        if candidate.at is not None and not _reads(candidate.at):
            yield f"{candidate.at!a} is no date"


def _reads(at: str) -> bool:
    try:
        datetime.fromisoformat((at + "-01-01")[:10] if len(at) < 10 else at)
    except ValueError:
        return False
    return True
