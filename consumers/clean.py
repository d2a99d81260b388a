"""Stage `clean`: what a reader reads. Owns `content`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import SplitResult, urljoin, urlsplit

from otswatch.consumers import authors, body
from otswatch.consumers import title as titles
from otswatch.consumers.document import Document
from otswatch.consumers.opening import Lifted, Paragraph, lift
from otswatch.consumers.stage import Stage
from otswatch.consumers.structured import Field
from otswatch.records import Article, Content, Evidence
from otswatch.status import Reason
from otswatch.text.folding import fold
from otswatch.text.language import UNKNOWN, detect
from otswatch.text.plain import plain

VERSION = "3"
_EXTRACTOR = f"clean/{VERSION}"
_LANGUAGE_SAMPLE = 80
_LONGEST_TITLE, _TITLE_LOOKAHEAD = 200, 4  # below it may stand a dateline and a byline
_SENTENCE_END = (".", "!", "?", "…", ":", ";", ",", '"', "”", "»")


def clean(document: Document, article: Article) -> Article:
    """The article with its title, text, language, authors, image, address and dateline.

    Without a text it is discarded (`no-text`); what else the page says, its title and its date, is read all the same:
    it tells a person which page that was.
    """
    content = _from_text(document) if document.text is not None else _from_page(document)
    article = article.replace(content=content.replace(background=document.background.of(content.text)))
    return article if content.text else article.discarded(Reason.NO_TEXT)


STAGE = Stage("clean", VERSION, ("content",), clean)


# ---------------------------------------------------------------------------------------------------------- from a page


def _from_page(document: Document) -> Content:
    title = titles.choose(document)
    paragraphs = [Paragraph(text) for text in body.read(document, title[0] if title else None).paragraphs]
    hint = next((found.value for found in document.structured.of("language")), None)
    language = detect("\n".join(one.text for one in paragraphs), hint)
    known, author_evidence = authors.read(document)
    if title and len(paragraphs) > 1 and fold(paragraphs[0].text) == fold(title[0]):
        paragraphs.pop(0)
    opening = lift(paragraphs, language, document.fetched_at, known)
    text = _join(opening.paragraphs)
    evidence = {"language": _language_evidence(text, language)} if text else {}
    if opening.dateline:
        evidence["dateline"] = _lifted("html", opening.dateline)
    if known and author_evidence:
        evidence["authors"] = author_evidence
    elif opening.byline:
        evidence["authors"] = _lifted("html", opening.byline)
    if title:
        evidence["title"] = title[1]
    image, canonical = _address(document, "image"), _address(document, "canonical")
    evidence |= {name: found for name, (_, found) in (("image", image), ("canonical_url", canonical)) if found}
    return Content(
        title=plain(title[0]) if title else None,
        text=text,
        language=language,
        authors=known or opening.authors,
        image=image[0],
        canonical_url=canonical[0],
        dateline=opening.dateline.text if opening.dateline else None,
        evidence=evidence,
        extractor=_EXTRACTOR,
    )


def _join(paragraphs: Iterable[Paragraph]) -> str:
    return "\n\n".join(line for one in paragraphs if (line := plain(one.text)))


def _address(document: Document, field: Field) -> tuple[str | None, Evidence | None]:
    """The first candidate that is an absolute http address once resolved against the page's own."""
    for found in document.structured.of(field):
        try:
            absolute = urljoin(document.url or "", found.value.strip())
            parts = urlsplit(absolute)
        except ValueError:
            continue
        is_address = parts.scheme in ("http", "https") and parts.hostname and not re.search(r"\s", absolute)
        if is_address and not (field == "canonical" and _is_front_page_of(parts, document.url)):
            return absolute, Evidence(frame=found.frame, path=found.path, text=found.value, rule=f"{field}-field/1")
    return None, None


def _is_front_page_of(canonical: SplitResult, url: str | None) -> bool:
    """Whether a page that is none names the front page as its address, which some systems do on every page."""
    own = urlsplit(url or "")
    return (canonical.path.strip("/"), canonical.query) == ("", "") != (own.path.strip("/"), own.query)


# ------------------------------------------------------------------------------------------------------ from plain text


def _from_text(document: Document) -> Content:
    given = document.text or ""
    paragraphs = _paragraphs(given)
    language = detect("\n".join(one.text for one in paragraphs))
    opening = lift(paragraphs, language, document.fetched_at)
    kept = list(opening.paragraphs)
    evidence: dict[str, Evidence] = {}
    title = kept.pop(0) if _is_title(kept) else None
    if title:
        evidence["title"] = _lifted("input", Lifted(title.text, title.start, "first-line/1"))
        again = lift(kept, language, document.fetched_at)
        kept = list(again.paragraphs)
        opening = again if opening.dateline is None and opening.byline is None else opening
    text = _join(kept)
    if opening.dateline:
        evidence["dateline"] = _lifted("input", opening.dateline)
    if opening.byline:
        evidence["authors"] = _lifted("input", opening.byline)
    if text:
        evidence["language"] = _language_evidence(text, language)
    return Content(
        title=plain(title.text) if title else None,
        text=text,
        language=language,
        authors=opening.authors,
        dateline=opening.dateline.text if opening.dateline else None,
        evidence=evidence,
        extractor=_EXTRACTOR,
    )


def _paragraphs(text: str) -> list[Paragraph]:
    """Paragraphs of a pasted text: blocks between blank lines, and the lines of a block that is not hard-wrapped."""
    found: list[Paragraph] = []
    for block in re.finditer(r"\S[^\n]*(?:\n[^\S\n]*\S[^\n]*)*", text):
        lines = [
            Paragraph(line[0].rstrip(), block.start() + line.start())
            for line in re.finditer(r"[^\s][^\n\r]*", block[0])
        ]
        found += [Paragraph(block[0].rstrip(), block.start())] if _is_wrapped([line.text for line in lines]) else lines
    return found


def _is_wrapped(lines: list[str]) -> bool:
    """Whether a block's lines are one paragraph cut to a width, as in mails."""
    full = lines[:-1]
    if len(full) < 2 or not all(40 <= len(line) <= 100 for line in full):  # usual widths are 60 to 80
        return False
    return sum(line.endswith(_SENTENCE_END) for line in full) * 2 < len(full)


def _is_title(paragraphs: list[Paragraph]) -> bool:
    """Whether the first line is a headline: short, no sentence, with a longer text below."""
    if len(paragraphs) < 2:  # it needs something below
        return False
    first, *below = (one.text for one in paragraphs[:_TITLE_LOOKAHEAD])
    return len(first) <= _LONGEST_TITLE and not first.endswith(_SENTENCE_END) and len(first) < max(map(len, below))


# ------------------------------------------------------------------------------------------------------------- evidence


def _lifted(frame: str, lifted: Lifted) -> Evidence:
    if frame == "input":
        end = lifted.start + len(lifted.text)
        return Evidence(frame="input", start=lifted.start, end=end, text=lifted.text, rule=lifted.rule)
    return Evidence(frame="html", path="first paragraphs", text=lifted.text, rule=lifted.rule)


def _language_evidence(text: str, language: str) -> Evidence:
    sample = text[:_LANGUAGE_SAMPLE]
    rule = "language-unsure/1" if language == UNKNOWN else "language-of-text/1"
    return Evidence(frame="text", start=0, end=len(sample), text=sample, rule=rule)
