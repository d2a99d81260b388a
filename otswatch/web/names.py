"""What ids are called in front of a reader. An id that nobody has named stands for itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from otswatch import dossiers, taxonomy
from otswatch.crawlers import registry
from otswatch.crawlers.registry import Source
from otswatch.settings import Settings
from otswatch.text.language import UNKNOWN

LANGUAGES = {
    "az": "Azerbaijani",
    "en": "English",
    "hu": "Hungarian",
    "kk": "Kazakh",
    "ky": "Kyrgyz",
    "ru": "Russian",
    "tk": "Turkmen",
    "tr": "Turkish",
    "uz": "Uzbek",
    UNKNOWN: "language unknown",
}


#: What the registry says of sources that are in no country of the taxonomy, or in one that has another id there.
_ELSEWHERE = {
    "CY-N": "TRNC",
    "INT": "international",
    "JO": "Jordan",
    "NL": "Netherlands",
    "RU": "Russia",
    "US": "United States",
}


@dataclass(frozen=True)
class Names:
    """Names of sources, areas, kinds, countries, offices and dossiers, as their files have them at start."""

    sources: Mapping[str, Source]
    areas: Mapping[str, str]
    kinds: Mapping[str, str]
    countries: Mapping[str, str]
    offices: Mapping[str, str] = field(default_factory=dict)
    dossiers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def load(cls, settings: Settings) -> Names:
        """Read once: a change in a file needs a new start.

        Raises:
            ConfigError: a file that cannot be used.
        """
        known = taxonomy.load(settings.config)
        return cls(
            sources={source.id: source for source in registry.load(settings.config)},
            areas={area.id: area.names.get("en", area.id) for area in known.areas.values()},
            kinds={kind.id: kind.names.get("en", kind.id) for kind in known.kinds.values()},
            countries={
                id_: country.display or _first(country.names.get("en", ()), id_)
                for id_, country in known.countries.items()
            },
            offices={office.id: office.names.get("en", office.id) for office in known.offices.values()},
            dossiers={dossier.id: dossier.name for dossier, _ in dossiers.load(settings.config).dossiers},
        )

    def of(self, field: str, value: str) -> str:
        """The name of a value of one of the search's filters, or of an office."""
        match field:
            case "area":
                return self.areas.get(value, value)
            case "kind":
                return self.kinds.get(value, value)
            case "country":
                return self.countries.get(value, value)
            case "dossier":
                return self.dossiers.get(value, value)
            case "office":
                return self.offices.get(value, value)
            case "language":
                return LANGUAGES.get(value, value)
            case "source":
                return self.sources[value].name if value in self.sources else value
        return value

    def publisher(self, source: str | None, url: str | None) -> str:
        """Who published an article: a source of the registry, or the host of its address."""
        if source:
            return self.of("source", source)
        return (urlsplit(url).hostname if url else None) or "source unknown"

    def home(self, source: Source) -> str:
        """The country of a source, from its ISO code."""
        codes = {id_.upper(): name for id_, name in self.countries.items()}
        code = _ELSEWHERE.get(source.country, source.country)
        return codes.get(code, code)

    @property
    def official(self) -> tuple[str, ...]:
        """Ids of the sources that are themselves what the news is about."""
        return tuple(sorted(registry.official(self.sources.values())))


def _first(written: tuple[str, ...], otherwise: str) -> str:
    # The taxonomy's names are patterns: `Kazakhstan~`.
    return written[0].rstrip("*~") if written else otherwise
