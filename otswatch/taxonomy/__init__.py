"""What the program knows about its subject: areas, organisations, countries and kinds of text, in nine languages."""

from __future__ import annotations

from otswatch.taxonomy.loader import Taxonomy, load
from otswatch.taxonomy.schema import LANGUAGES, Language

__all__ = ["LANGUAGES", "Language", "Taxonomy", "load"]
