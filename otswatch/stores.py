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
from otswatch.settings import Settings, without_password
from otswatch.state import State
from otswatch.state.sqlite import SqliteState

#: The address of what needs no server.
EMBEDDED = "sqlite"


@dataclass(frozen=True, slots=True)
class Stores:
    """The three interfaces that everything else stands on. Safe to share between threads."""

    bus: Bus
    index: Index
    state: State


@contextmanager
def open_stores(settings: Settings) -> Iterator[Stores]:
    """Bus, index and state as the settings say, closed at the end. Servers are first asked when they are first used.

    Raises:
        ConfigError: an address that this version does not know.
        StorageReadOnlyError, NewerDataError: as the implementations say.
    """
    with ExitStack() as opened:
        bus = opened.enter_context(closing(_bus(settings)))
        index = opened.enter_context(closing(_index(settings)))
        state = opened.enter_context(closing(_state(settings)))
        yield Stores(bus, index, state)


def on_kafka(settings: Settings) -> bool:
    """
    Raises:
        ConfigError: neither `sqlite` nor an address of Kafka.
    """
    return _on_server("OTSWATCH_BUS", settings.bus, ("kafka://", "kafka+ssl://"))


def on_elasticsearch(settings: Settings) -> bool:
    """
    Raises:
        ConfigError: neither `sqlite` nor an address of Elasticsearch.
    """
    return _on_server("OTSWATCH_INDEX", settings.index, ("http://", "https://"))


def _on_server(name: str, address: str, schemes: tuple[str, ...]) -> bool:
    if address != EMBEDDED and not address.startswith(schemes):
        known = f"write `{EMBEDDED}`, or an address as in docs/reference/settings.md"
        raise ConfigError(f"{name}={without_password(address)}: {known}")
    return address != EMBEDDED


# The clients of servers that are not used are not imported: it takes them half a second.


def _bus(settings: Settings) -> Bus:
    if not on_kafka(settings):
        return SqliteBus(settings.data / "bus.sqlite")
    from otswatch.bus.kafka import KafkaBus

    return KafkaBus(settings.bus, settings.data / "kafka-slots", settings.namespace, settings.ca_file)


def _index(settings: Settings) -> Index:
    if not on_elasticsearch(settings):
        return SqliteIndex(settings.data / "index.sqlite")
    from otswatch import elastic
    from otswatch.index.elasticsearch import ElasticsearchIndex

    return ElasticsearchIndex(elastic.connect(settings.index, settings.ca_file), settings.namespace)


def _state(settings: Settings) -> State:
    if not on_elasticsearch(settings):
        return SqliteState(settings.data / "state.sqlite")
    from otswatch import elastic
    from otswatch.state.elasticsearch import ElasticsearchState

    return ElasticsearchState(elastic.connect(settings.index, settings.ca_file), settings.namespace)
