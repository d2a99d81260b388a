"""An article for a person to read: each value beside the words that say so, which are coloured in the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.table import Table
from rich.text import Text

from otswatch.cli.common import out, table
from otswatch.records import Article, DateCandidate, Evidence

#: One colour for each part of the record whose words stand in the text.
STYLES = {
    "relevance": "bold cyan",
    "areas": "bold green",
    "mentions": "magenta",
    "kind": "bold blue",
    "quotes": "yellow",
}
VERDICTS = {"taken": "bold green", "agrees": "green", "rejected": "red", "unresolved": "yellow"}


def show(article: Article) -> None:
    """Print what was understood of an article, why, and its text with the evidence coloured."""
    out.print(_facts(article))
    if article.date_candidates:
        out.print(_dates(article.date_candidates))
    if article.relevance:
        out.print(_labels(article))
    _text(article)


def _facts(article: Article) -> Table:
    facts = Table.grid(padding=(0, 2))
    facts.add_column(style="bold")
    content, published = article.content, article.published
    rows: list[tuple[str, str]] = [
        ("status", " – ".join(filter(None, (article.status, article.reason, article.detail)))),
        ("id", article.id),
        ("url", article.url or "unknown"),
        ("published", f"{published.at} ({published.precision}, from {published.source})" if published else "unknown"),
        ("modified", article.modified.at if article.modified else "unknown"),
    ]
    if content:
        rows += [
            ("title", content.title or "unknown"),
            ("language", content.language),
            ("authors", ", ".join(content.authors) or "unknown"),
            ("dateline", content.dateline or "none"),
            ("extractor", content.extractor),
        ]
    rows.append(("stages", ", ".join(f"{name} {version}" for name, version in article.trace.stages.items())))
    for name, value in rows:
        facts.add_row(name, Text(value))
    return facts


def _dates(candidates: Iterable[DateCandidate]) -> Table:
    rows = table("date", "source", "where", "as written", "verdict", "why", title="Dates that were seen")
    for seen in candidates:
        verdict = Text(seen.verdict, VERDICTS[seen.verdict])
        where = seen.evidence.path or _place(seen.evidence)
        rows.add_row(seen.at or "–", seen.source, where, Text(seen.evidence.text), verdict, seen.why)
    return rows


def _labels(article: Article) -> Table:
    rows = table("what", "value", "score", "because of", title="Labels", right=("score",))
    if article.relevance:
        level, score = article.relevance.level, f"{article.relevance.score:g}"
        rows.add_row(Text("relevance", STYLES["relevance"]), level, score, _because(article.relevance.evidence))
    for area in article.areas:
        rows.add_row(Text("area", STYLES["areas"]), area.id, f"{area.score:g}", _because(area.evidence))
    if article.kind:
        rows.add_row(Text("kind", STYLES["kind"]), article.kind.id, "", _because(article.kind.evidence))
    for mention in article.mentions:
        rows.add_row(Text(mention.type, STYLES["mentions"]), mention.id or mention.name, "", _because(mention.evidence))
    for quote in article.quotes:
        speaker = quote.speaker
        because = _because(speaker.evidence) if speaker else Text(quote.rule)
        rows.add_row(Text("quote", STYLES["quotes"]), speaker.name if speaker else "unknown", "", because)
    return rows


def _because(evidence: Iterable[Evidence]) -> Text:
    """The words, each with its rule; the same words once."""
    seen = {(item.text, item.rule): item for item in evidence}
    return Text("\n").join(
        Text.assemble((item.text, "bold"), f"  {item.rule}", f"  {item.path or _place(item)}") for item in seen.values()
    )


def _place(evidence: Evidence) -> str:
    span = "" if evidence.start is None else f" {evidence.start}–{evidence.end}"
    return evidence.frame + span


def _text(article: Article) -> None:
    if article.content is None:
        return
    for frame, words in (("title", article.content.title or ""), ("text", article.content.text)):
        shown = Text(words, style="bold" if frame == "title" else "")
        for part, evidence in _spans(article):
            if evidence.frame == frame and evidence.start is not None:
                shown.stylize(STYLES[part], evidence.start, evidence.end)
        if frame == "text":
            for quote in article.quotes:
                shown.stylize("italic", quote.start, quote.end)
        out.print()
        out.print(shown)


def _spans(article: Article) -> Iterator[tuple[str, Evidence]]:
    for mention in article.mentions:
        yield from (("mentions", item) for item in mention.evidence)
    for area in article.areas:
        yield from (("areas", item) for item in area.evidence)
    if article.kind:
        yield from (("kind", item) for item in article.kind.evidence)
    if article.relevance:
        yield from (("relevance", item) for item in article.relevance.evidence)
    for quote in article.quotes:
        if quote.speaker:
            yield from (("quotes", item) for item in quote.speaker.evidence)
