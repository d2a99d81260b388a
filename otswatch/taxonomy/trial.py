"""What the taxonomy makes of a text: for people who tend the word lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from otswatch.records import Area, Kind, Mention, Relevance
from otswatch.taxonomy import areas, kinds, mentions, relevance
from otswatch.taxonomy.ignored import Ignored, ignored
from otswatch.taxonomy.loader import Taxonomy
from otswatch.taxonomy.reading import Reading, languages


@dataclass(frozen=True, slots=True)
class Trial:
    """`labels` are the areas that the text would get, `weaker` those with some words but not enough.

    `ignored` are words of the lists that stand in the text and do not count, each with the reason.

    Offsets count in the text as given. The rule of each piece of evidence ends in the term as the file writes it.
    """

    version: str
    languages: tuple[str, ...]
    labels: tuple[Area, ...]
    weaker: tuple[Area, ...]
    relevance: Relevance
    kind: Kind | None
    mentions: tuple[Mention, ...]
    ignored: tuple[Ignored, ...]

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {
            "version": self.version,
            "languages": list(self.languages),
            "labels": [area.to_dict() for area in self.labels],
            "weaker": [area.to_dict() for area in self.weaker],
            "relevance": self.relevance.to_dict(),
            "kind": self.kind.to_dict() if self.kind else None,
            "mentions": [mention.to_dict() for mention in self.mentions],
            "ignored": [item.to_dict() for item in self.ignored],
        }


def try_text(text: str, language: str, taxonomy: Taxonomy) -> Trial:
    """Everything that the word lists find in a text. `language`: BCP 47 primary subtag, `und` when unsure."""
    readings = [Reading(taxonomy, text, "input", language)]
    spoken = languages(readings, language)
    scored = areas.score(taxonomy, readings, spoken)
    labels = areas.strong(scored)
    names = relevance.named(taxonomy, readings, language)
    return Trial(
        version=taxonomy.version,
        languages=tuple(sorted(spoken)),
        labels=labels,
        weaker=tuple(one.area for one in scored if one.area not in labels),
        relevance=relevance.judge(taxonomy, names, len(text)),
        kind=kinds.kind(taxonomy, readings, spoken),
        mentions=mentions.mentions(taxonomy, readings, names, language, published=None),
        ignored=ignored(taxonomy, readings[0], spoken, names, [one.area for one in scored]),
    )
