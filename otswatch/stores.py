"""Opens what the settings name: bus, index and state."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass

from otswatch.bus import Bus
from otswatch.bus.sqlite import SqliteBus
from otswatch.errors import ConfigError
from otswatch.index import Index
from otswatch.index.sqlite import SqliteIndex
from otswatch.settings import Settings
from otswatch.state import State
from otswatch.state.sqlite import SqliteState


@dataclass(frozen=True, slots=True)
class Stores:
    """The three interfaces that everything else stands on. Safe to share between threads."""

    bus: Bus
    index: Index
    state: State


@contextmanager
def open_stores(settings: Settings) -> Iterator[Stores]:
    """Bus, index and state as the settings say, closed at the end.

    Raises:
        ConfigError: an address that this version does not know.
        StorageReadOnlyError, NewerDataError: as the implementations say.
    """
    for name, address in (("OTSWATCH_BUS", settings.bus), ("OTSWATCH_INDEX", settings.index)):
        if address != "sqlite":
            raise ConfigError(
                f"{name}={address}: this version knows `sqlite`; unset it, or see CHANGELOG.md for newer ones"
            )
    with ExitStack() as opened:
        bus = opened.enter_context(closing(SqliteBus(settings.data / "bus.sqlite")))
        index = opened.enter_context(closing(SqliteIndex(settings.data / "index.sqlite")))
        state = opened.enter_context(closing(SqliteState(settings.data / "state.sqlite")))
        yield Stores(bus, index, state)
