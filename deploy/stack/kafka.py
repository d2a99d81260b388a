"""Apache Kafka: one node that is broker and controller."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.stack import java
from deploy.stack.server import Server, free_port
from otswatch.errors import DependencyDownError

OLDEST_JAVA = 17
HEAP = ("-Xms128m", "-Xmx384m")
#: Any 16 bytes in base64 will do.
_CLUSTER = "b3Rzd2F0Y2gtc3RhY2stMQ"
_METADATA = 3


class Kafka(Server):
    """A broker with no topics, which makes none by itself.

    Args:
        jars: its class path.
        settings: added to server.properties.
    """

    name = "kafka"

    def __init__(self, jars: Sequence[Path], settings: Mapping[str, str] | None = None) -> None:
        self._java = java.home(OLDEST_JAVA) / "bin" / "java"
        super().__init__()
        self._jars = os.pathsep.join(map(str, jars))
        self._settings = settings or {}

    @property
    def url(self) -> str:
        return f"kafka://127.0.0.1:{self.port}"

    def tool(self, main: str, *arguments: str, seconds: float = 300.0) -> str:
        """Run one of Kafka's own tools by the name of its class, and return what it prints.

        Raises:
            DependencyDownError: it failed; its last words are in the message.
        """
        command = [str(self._java), "-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", self._jars, main, *arguments]
        done = subprocess.run(  # noqa: S603 - jars whose checksums were verified
            command, capture_output=True, text=True, cwd=self.folder, timeout=seconds, check=False
        )
        if done.returncode:
            raise DependencyDownError(
                f"{main} {' '.join(arguments)} failed:\n{done.stdout[-1000:]}{done.stderr[-1000:]}"
            )
        return done.stdout

    def _lay_out(self) -> None:
        lines = [f"{name}={value}\n" for name, value in (self._properties() | dict(self._settings)).items()]
        self._file.write_text("".join(lines), encoding="utf-8")
        self.tool("kafka.tools.StorageTool", "format", "--cluster-id", _CLUSTER, "--config", str(self._file))

    @property
    def _file(self) -> Path:
        return self.folder / "server.properties"

    def _properties(self) -> dict[str, str]:
        control = free_port()
        return {
            "process.roles": "broker,controller",
            "node.id": "1",
            "controller.quorum.voters": f"1@127.0.0.1:{control}",
            "controller.listener.names": "CONTROLLER",
            "listeners": f"PLAINTEXT://127.0.0.1:{self.port},CONTROLLER://127.0.0.1:{control}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{self.port}",
            "log.dirs": str(self.folder / "data"),
            "auto.create.topics.enable": "false",
            # One node: its own topics cannot have copies, and few partitions are made faster than fifty.
            "offsets.topic.replication.factor": "1",
            "offsets.topic.num.partitions": "4",
            "transaction.state.log.replication.factor": "1",
            "transaction.state.log.min.isr": "1",
            "transaction.state.log.num.partitions": "4",
            "share.coordinator.state.topic.replication.factor": "1",
            "share.coordinator.state.topic.min.isr": "1",
            "group.initial.rebalance.delay.ms": "0",
        }

    def _command(self) -> list[str]:
        return [str(self._java), *HEAP, "-Dlog4j2.level=INFO", "-cp", self._jars, "kafka.Kafka", str(self._file)]

    def _ready(self) -> bool:
        return brokers(self.port) > 0


def brokers(port: int) -> int:
    """How many brokers the one at this port knows to be in service; 0 where it does not answer.

    An answer to ApiVersions would come a moment earlier, while the broker still refuses topics.
    """
    request = struct.pack(">hhih", _METADATA, 0, 1, -1) + struct.pack(
        ">i", 0
    )  # header v1 with no client id; all topics
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            connection.sendall(struct.pack(">i", len(request)) + request)
            answer = connection.makefile("rb").read(12)
    except OSError:
        return 0
    if len(answer) < 12:
        return 0
    _, correlation, count = struct.unpack(">iii", answer)
    return int(count) if correlation == 1 else 0
