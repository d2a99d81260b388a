"""An article for a person to read: what was kept and dropped and why, the dates that were seen, each label's words.

Laid out for 80 columns; where it goes to a file or another program nothing is told by colour alone.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from rich.table import Table
from rich.text import Text

from otswatch.cli.common import out, table
from otswatch.consumers.given import Given, work_on_given
from otswatch.consumers.outcome import Quarantined
from otswatch.errors import Discard, Quarantine
from otswatch.records import Article, Content, DateCandidate, Dated, Evidence

#: One colour for each part of the record whose words stand in the text.
STYLES = {
    "relevance": "bold cyan",
    "areas": "bold green",
    "mentions": "magenta",
    "kind": "bold blue",
    "dossiers": "bold magenta",
    "quotes": "yellow",
}
#: What was said, whoever said it.
_SAID = "italic"
VERDICTS = {"taken": "bold green", "agrees": "green", "rejected": "red", "unresolved": "yellow"}
_CLOCK, _SECONDS = "%Y-%m-%d %H:%M", ":%S"
#: Of a paragraph that is shortened: its first characters, and those on either side of words that count.
_START, _AROUND = 90, 25
_GAP = " … "
#: More rows than these nobody reads; what is left is counted.
_MOST_DATES, _MOST_DROPPED, _MOST_PARAGRAPHS, _MOST_WORDS = 30, 40, 60, 8
#: A cell of words from the page: a hostile one may hold a book.
_LONGEST = 160
#: What would steer the terminal, turn the line around, or cannot be written at all. One letter for one: offsets stay.
_UNPRINTABLE = dict.fromkeys(
    {*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xD800, 0xE000)} - {0x0A},
    "\ufffd",
)


# -------------------------------------------------------------------------------------------------- in a worker process


@dataclass(frozen=True, slots=True)
class Explained:
    """An article as JSON, and the paragraphs that are not in it: text, and the rule that left it out."""

    article: bytes
    dropped: tuple[tuple[str, str], ...] = ()


def explained(given: Given) -> Explained | Quarantined:
    """What the stages make of a page or text, with what they leave out. Runs in a worker process."""
    made = work_on_given(given)
    if isinstance(made, Quarantined):
        return made
    content = Article.from_json(made).content
    return Explained(made, _dropped(given, content.title) if content else ())


def _dropped(given: Given, title: str | None) -> tuple[tuple[str, str], ...]:
    from otswatch.consumers import body  # heavy, for worker processes only
    from otswatch.consumers.document import Document, decoded

    try:
        html: str | None
        if isinstance(given.html, bytes):
            html, _ = decoded(given.html, given.content_type or "text/html")
        else:
            html = given.html
        if html is None:
            return ()
        document = Document(html, None, given.url, given.source, given.fetched_at)
        return tuple((each.text, each.rule) for each in body.read(document, title).dropped)
    except (Discard, Quarantine):
        return ()


# ------------------------------------------------------------------------------------------------------------- printing


def show(article: Article, dropped: Sequence[tuple[str, str]] = (), *, whole: bool = False) -> None:
    """Print what was understood of an article, and why.

    Args:
        dropped: the paragraphs that were left out, with the rule.
        whole: paragraphs are not shortened.
    """
    out.print(_facts(article), "")
    if article.content:
        out.print(_fields(article.content))
    if article.content or article.date_candidates:
        _dates(article)
    if article.relevance:
        out.print(_labels(article))
    if article.content:
        _kept(article, article.content, whole=whole)
        _left_out(dropped, whole=whole)


def _facts(article: Article) -> Table:
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="bold", no_wrap=True)
    facts.add_column(overflow="fold")
    fetched_at = article.trace.fetched_at
    rows = {
        "status": " – ".join(filter(None, (article.status, article.reason, article.detail))),
        "id": article.id,
        "url": article.url or "unknown",
        "fetched": f"{fetched_at:{_CLOCK}} UTC" if fetched_at else "unknown",
        "stages": ", ".join(f"{name} {version}" for name, version in article.trace.stages.items()),
    }
    for name, value in rows.items():
        facts.add_row(name, Text(_printable(value)))
    return facts


def _fields(content: Content) -> Table:
    """What stands above and beside the text, and where each was found."""
    rows = table("field", "value", "found in", "by rule", title="The article")
    values = {
        "title": content.title,
        "dateline": content.dateline,
        "authors": ", ".join(content.authors),
        "language": content.language,
        "image": content.image,
        "canonical_url": content.canonical_url,
    }
    for name, value in values.items():
        evidence = content.evidence.get(name)
        where = Text(_place(evidence)) if evidence else Text("")
        if evidence and value and name != "language" and evidence.text != value:
            where.append(f"\n“{_short(evidence.text)}”", "dim")
        rule = evidence.rule if evidence else ""
        missing = "none" if name == "dateline" else "unknown"
        rows.add_row(name.replace("_", " "), Text(_short(value) if value else missing), where, rule)
    rows.add_row("text", f"{len(content.text):,} characters", "", content.extractor)
    return rows


def _cut(text: str) -> tuple[str, int]:
    """The start of a text, up to the end of a word, and how much is left of it."""
    if len(text) <= _START + _AROUND:
        return text, 0
    at = text.rfind(" ", _START - _AROUND, _START)
    start = text[: at if at > 0 else _START]
    return start, len(text) - len(start)


def _short(text: str) -> str:
    return _printable(text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…")


def _printable(text: str) -> str:
    return text.translate(_UNPRINTABLE)


# ---------------------------------------------------------------------------------------------------------------- dates


def _dates(article: Article) -> None:
    decided = Table.grid(padding=(0, 2))
    decided.add_column(style="bold", no_wrap=True)
    decided.add_column(overflow="fold")
    for name, dated in (("published", article.published), ("modified", article.modified)):
        decided.add_row(name, _decision(dated) if dated else Text("unknown"))
    out.print(decided, "")
    if article.date_candidates:
        out.print(_candidates(article.date_candidates))


def _decision(dated: Dated) -> Text:
    """The date, what it can mean, and how sure it is."""
    places = len(dated.evidence)
    clock = _CLOCK + (_SECONDS if dated.precision == "second" else "")
    return Text.assemble(
        (dated.at, "bold green"),
        f" ({dated.precision}, from {dated.source})",
        f"\nbetween {dated.start:{clock}} and {dated.end:{clock}} UTC",
        f"\nconfidence {dated.confidence:.2f}, {places} {'place says' if places == 1 else 'places say'} so",
    )


def _candidates(candidates: Sequence[DateCandidate]) -> Table:
    """Those that were taken first; what is the same on many places once."""
    rows = table("found in\nplace", "words", "read as\nprecision", "verdict\nrole", "why", title="Dates that were seen")
    order = list(VERDICTS)
    same = Counter(map(_cells, sorted(candidates, key=lambda seen: order.index(seen.verdict))))
    for (place, words, at, precision, role, verdict, why), count in list(same.items())[:_MOST_DATES]:
        read = Text.assemble(*(f"{part}\n" for part in at.split("T", 1)), (precision, "dim"))
        what = Text.assemble((verdict, VERDICTS[verdict]), f"\n{role}")
        why += f" ({count} times)" if count > 1 else ""
        rows.add_row(Text(place), Text(words), read, what, Text(why))
    if len(same) > _MOST_DATES:
        rest = Counter(cells[5] for cells in list(same)[_MOST_DATES:])
        rows.add_row("…", "", "", "", "and " + ", ".join(f"{count} more {verdict}" for verdict, count in rest.items()))
    return rows


def _cells(seen: DateCandidate) -> tuple[str, str, str, str, str, str, str]:
    path = seen.evidence.path
    place = f"{seen.source}\n{_short(path) if path and path != seen.source else _place(seen.evidence)}"
    at = seen.at or "no day"
    return place, _short(seen.evidence.text), at, seen.precision or "", seen.role, seen.verdict, _short(seen.why)


# --------------------------------------------------------------------------------------------------------------- labels


def _labels(article: Article) -> Table:
    """A row for each of the words that say so; the same words of one rule once."""
    rows = table("what", "value", "score", "because of", "term and place", title="Labels", right=("score",))
    for part, what, value, score, evidence in _found(article):
        first: tuple[str | Text, ...] = (Text(what, STYLES[part]), _short(value), score)
        same = Counter((item.text, item.rule) for item in evidence)
        places = {(item.text, item.rule): _place(item) for item in reversed(evidence)}
        for (words, rule), count in list(same.items())[:_MOST_WORDS]:
            times = f", and {count - 1} more" if count > 1 else ""
            term = rule.partition(":")[2] or rule  # what stands before it is the stage and its version, as above
            rows.add_row(*first, Text(_short(words), "bold"), Text(f"{term}\n{places[words, rule]}{times}", "dim"))
            first = ("", "", "")
        if len(same) > _MOST_WORDS:
            rows.add_row(*first, f"and {len(same) - _MOST_WORDS} more")
        if not same:
            rows.add_row(*first)
    return rows


Label = tuple[str, str, str, str, Sequence[Evidence]]


def _found(article: Article) -> Iterator[Label]:
    """Part, what it is, its value, its score, its words; those of a quote are what was said, then its speaker's."""
    if relevance := article.relevance:
        yield "relevance", "relevance", relevance.level, f"{relevance.score:g}", relevance.evidence
    for area in article.areas:
        yield "areas", "area", area.id, f"{area.score:g}", area.evidence
    if kind := article.kind:
        yield "kind", "kind", kind.id, "", kind.evidence
    for mention in article.mentions:
        yield "mentions", mention.type, mention.id or mention.name, "", mention.evidence
    for claim in article.dossiers:
        yield "dossiers", "dossier", claim.id, "", claim.evidence
    for quote in article.quotes:
        said = Evidence(frame="text", start=quote.start, end=quote.end, text=_cut(quote.text)[0], rule=quote.rule)
        speaker = quote.speaker
        yield (
            "quotes",
            "quote",
            speaker.name if speaker else "unknown",
            "",
            (said, *(speaker.evidence if speaker else ())),
        )


def _place(evidence: Evidence) -> str:
    """`html: h1`, `text 120–131`."""
    span = "" if evidence.start is None else f" {evidence.start}–{evidence.end}"
    return f"{evidence.frame}: {_short(evidence.path)}" if evidence.path else evidence.frame + span


# ----------------------------------------------------------------------------------------------------------------- text


def _kept(article: Article, content: Content, *, whole: bool) -> None:
    """The text by its paragraphs, each with where it begins; the words that count are coloured."""
    spans = sorted(_coloured(article))
    background = {item.start for item in content.background}
    rows = table("from", "what was kept", right=("from",), title="Text" if whole else "Text, shortened")
    paragraphs = content.text.split("\n\n")
    start = 0
    for paragraph in paragraphs[: None if whole else _MOST_PARAGRAPHS]:
        inside = spans[bisect_left(spans, (start,)) : bisect_left(spans, (start + len(paragraph),))]
        here = [(low - start, min(high - start, len(paragraph)), style) for low, high, style in inside]
        words = Text(_printable(paragraph))
        for low, high, style in here:
            words.stylize(style, low, high)
        words = words if whole else _shortened(words, here)
        if start in background:
            words = Text.assemble(("background, counts for nothing: ", "dim"), words)
        rows.add_row(f"{start:,}", words)
        start += len(paragraph) + 2
    if (more := len(paragraphs) - rows.row_count) > 0:
        rows.add_row("…", f"and {more:,} paragraphs more")
    out.print(rows)


Span = tuple[int, int, str]


def _coloured(article: Article) -> Iterator[Span]:
    """What counts in the text: from, to, style."""
    for part, _, _, _, evidence in _found(article):
        for position, item in enumerate(evidence):
            style = _SAID if part == "quotes" and position == 0 else STYLES[part]
            if item.frame == "text" and item.start is not None and item.end is not None:
                yield item.start, item.end, style


def _shortened(words: Text, spans: Iterable[Span]) -> Text:
    """The start of a paragraph, and the words that count with some around them."""
    text = words.plain
    pieces = [(0, len(_cut(text)[0]))]
    for low, high, style in spans:
        low, high = text.rfind(" ", 0, max(low - _AROUND, 0)) + 1, text.find(" ", high + _AROUND)
        high = len(text) if high < 0 else high
        if style == _SAID:
            continue
        if low <= pieces[-1][1] + _AROUND:
            pieces[-1] = pieces[-1][0], max(high, pieces[-1][1])
        else:
            pieces.append((low, high))
    left = len(text) - pieces[-1][1]
    if left <= _AROUND:
        pieces[-1], left = (pieces[-1][0], len(text)), 0
    return Text(_GAP).join(words[low:high] for low, high in pieces).append(_more(left))


def _more(characters: int) -> Text:
    return Text(f" … {characters:,} characters more" if characters else "", "dim")


def _left_out(dropped: Sequence[tuple[str, str]], *, whole: bool) -> None:
    if not dropped:
        out.print("No paragraph was left out by a rule.")
        return
    rows = table("rule", "what was dropped", title="Left out of the text")
    for text, rule in dropped[: None if whole else _MOST_DROPPED]:
        start, left = (text, 0) if whole else _cut(text)
        rows.add_row(rule, Text(_printable(start)).append(_more(left)))
    if (more := len(dropped) - rows.row_count) > 0:
        rows.add_row("…", f"and {more} more")
    out.print(rows)
