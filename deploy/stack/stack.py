"""Both servers, together."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TypeVar

from deploy.stack import java
from deploy.stack.downloads import Downloads, maven
from deploy.stack.elasticsearch import OLDEST_JAVA as ELASTICSEARCH_JAVA
from deploy.stack.elasticsearch import Elasticsearch
from deploy.stack.kafka import OLDEST_JAVA as KAFKA_JAVA
from deploy.stack.kafka import Kafka
from deploy.stack.server import Server

T = TypeVar("T", bound=Server)


@dataclass(frozen=True, slots=True)
class Stack:
    """What is running; None where it was not asked for."""

    kafka: Kafka | None
    elasticsearch: Elasticsearch | None

    @property
    def servers(self) -> list[Server]:
        """Those that were asked for."""
        return [server for server in (self.kafka, self.elasticsearch) if server is not None]

    def environment(self) -> dict[str, str]:
        """The variables that make OTS Watch use them."""
        found = {}
        if self.kafka is not None:
            found["OTSWATCH_BUS"] = self.kafka.url
        if self.elasticsearch is not None:
            found["OTSWATCH_INDEX"] = self.elasticsearch.url
        return found


def check(*, kafka: bool = True, elasticsearch: bool = True, downloads: Downloads | None = None) -> None:
    """Whether this machine has what they need.

    Raises:
        UsageError: Java is missing or too old, or Maven is missing and something has to be downloaded.
    """
    if kafka:
        java.home(KAFKA_JAVA)
    if elasticsearch:
        java.home(ELASTICSEARCH_JAVA)
    if not (downloads or Downloads()).there():
        maven()


@contextmanager
def running(*, kafka: bool = True, elasticsearch: bool = True, downloads: Downloads | None = None) -> Iterator[Stack]:
    """Start both side by side and wait until they are ready; end them and remove their data at the end.

    Raises:
        UsageError: Java or Maven is missing or too old.
        ChecksumError: a download is not what was pinned.
        DependencyDownError: a server does not start, or nothing can be downloaded.
    """
    downloads = downloads or Downloads()
    check(kafka=kafka, elasticsearch=elasticsearch, downloads=downloads)
    with ExitStack() as ends:

        def tidied(server: T) -> T:
            ends.callback(server.remove)
            return server

        stack = Stack(
            kafka=tidied(Kafka(downloads.kafka())) if kafka else None,
            elasticsearch=tidied(Elasticsearch(downloads.elasticsearch())) if elasticsearch else None,
        )
        for server in reversed(stack.servers):  # the slower one first
            server.launch()
        for server in stack.servers:
            server.wait()
        yield stack
