"""What the taxonomy makes of a text: for people who tend the word lists."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from otswatch.records import Area, Kind, Relevance
from otswatch.taxonomy import areas, kinds, relevance
from otswatch.taxonomy.loader import Taxonomy
from otswatch.taxonomy.reading import Reading, languages


@dataclass(frozen=True, slots=True)
class Trial:
    """`labels` are the areas that the text would get, `weaker` those with some words but not enough.

    Offsets count in the text as given. The rule of each piece of evidence ends in the term as the file writes it.
    """

    version: str
    languages: tuple[str, ...]
    labels: tuple[Area, ...]
    weaker: tuple[Area, ...]
    relevance: Relevance
    kind: Kind | None

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON types."""
        return {
            "version": self.version,
            "languages": list(self.languages),
            "labels": [area.to_dict() for area in self.labels],
            "weaker": [area.to_dict() for area in self.weaker],
            "relevance": self.relevance.to_dict(),
            "kind": self.kind.to_dict() if self.kind else None,
        }


def try_text(text: str, language: str, taxonomy: Taxonomy) -> Trial:
    """Everything that the word lists find in a text. `language`: BCP 47 primary subtag, `und` when unsure."""
    readings = [Reading(taxonomy, text, "input")]
    spoken = languages(readings, language)
    scored = areas.score(taxonomy, readings, spoken)
    labels = areas.strong(scored)
    return Trial(
        version=taxonomy.version,
        languages=tuple(sorted(spoken)),
        labels=labels,
        weaker=scored[len(labels) :],
        relevance=relevance.judge(taxonomy, relevance.named(taxonomy, readings, language), len(text)),
        kind=kinds.kind(taxonomy, readings, spoken),
    )
