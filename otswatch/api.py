"""The Python interface: what the pipeline knows of one page or text, without a bus or an index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from otswatch.records import Area, Article


@dataclass(frozen=True, slots=True)
class Labels:
    """The cooperation areas of a text, main one first, each with the words that say so."""

    areas: tuple[Area, ...]

    def to_dict(self) -> dict[str, Any]:
        """`{"areas": [{"id", "score", "evidence"}]}`"""
        return {"areas": [area.to_dict() for area in self.areas]}


def process(
    *, html: str | None = None, text: str | None = None, url: str | None = None, fetched_at: datetime | None = None
) -> Article:
    """One page (`html`) or one text (`text`) through every stage of `extract`. Pure: nothing is stored or fetched.

    Args:
        html: the page as decoded text. Exactly one of `html` and `text` is given.
        url: its address; gives the id (a hash of the content where there is none) and a date candidate.
        fetched_at: when it was fetched, with an offset. Without it relative phrases stay unresolved.

    Returns:
        The article with all its parts, also where the pipeline would discard or quarantine it (`status`, `reason`).

    Raises:
        UsageError: neither or both of `html` and `text`, or `fetched_at` without an offset.
    """
    from otswatch.consumers.chain import extract_given  # the extractors take a second to import

    return extract_given(html=html, text=text, url=url, fetched_at=fetched_at)


def label(text: str, language: str | None = None) -> Labels:
    """Cooperation areas with evidence for any text, about OTS or not. Offsets count in `text` as given.

    Args:
        language: BCP 47 primary subtag; found from the text where it is not given.
    """
    from otswatch.consumers.classify import areas_of  # as above

    return Labels(areas_of(text, language))
