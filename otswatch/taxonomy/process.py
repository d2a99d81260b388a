"""The taxonomy of this process, read when it is first asked for: reading every word list takes seconds."""

from __future__ import annotations

from functools import cache

from otswatch.settings import Settings
from otswatch.taxonomy.loader import Taxonomy, load


@cache
def taxonomy() -> Taxonomy:
    """The shipped taxonomy, with the user's own files over it.

    Raises:
        ConfigError: a file of the user's cannot be used.
    """
    return load(Settings.load().config)
