"""What a consumer's work is built from: the settings and the stores, opened once per process."""

from __future__ import annotations

from dataclasses import dataclass

from otswatch.index import Index
from otswatch.settings import Settings
from otswatch.state import State


@dataclass(frozen=True, slots=True)
class Context:
    settings: Settings
    index: Index
    state: State
