"""Elasticsearch: one node with the core's modules (the build that its makers test against)."""

from __future__ import annotations

import json
import os
import shutil
import urllib.request
import zipfile
from collections.abc import Mapping
from http.client import HTTPException
from pathlib import Path

from deploy.stack import java
from deploy.stack.server import Server, free_port

OLDEST_JAVA = 21
HEAP = ("-Xms256m", "-Xmx768m", "-XX:-AlwaysPreTouch")
#: It refuses to run as root.
NOBODY = "nobody"


class Elasticsearch(Server):
    """A node with no indices, without security.

    Args:
        archive: the zip.
        settings: added to elasticsearch.yml, in the dotted form.
    """

    name = "elasticsearch"

    def __init__(self, archive: Path, settings: Mapping[str, str] | None = None) -> None:
        self._java = java.home(OLDEST_JAVA)
        super().__init__(user=NOBODY if os.geteuid() == 0 else None)
        self._archive = archive
        self._settings = settings or {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def _home(self) -> Path:
        return self.folder / "home"

    def _lay_out(self) -> None:
        """Below the system's temp folder: the clone may be where the other user cannot enter."""
        with zipfile.ZipFile(self._archive) as archive:
            archive.extractall(self.folder)
        (self.folder / self._archive.stem).rename(self._home)
        for program in (self._home / "bin").iterdir():
            program.chmod(0o755)
        (self.folder / "tmp").mkdir()
        lines = [f"{name}: {json.dumps(value)}\n" for name, value in (self._yaml() | dict(self._settings)).items()]
        (self._home / "config" / "elasticsearch.yml").write_text("".join(lines), encoding="utf-8")
        options = self._home / "config" / "jvm.options"
        kept = [line for line in options.read_text(encoding="utf-8").splitlines() if not line.startswith("-Xlog:gc")]
        options.write_text("\n".join(kept) + "\n", encoding="utf-8")  # no 2 GB of garbage collector's logs
        if self._user is not None:
            for path in (self.folder, *self.folder.rglob("*")):
                shutil.chown(path, self._user)

    def _yaml(self) -> dict[str, str]:
        return {
            "cluster.name": "otswatch-stack",
            "node.name": "stack-1",
            "discovery.type": "single-node",
            "network.host": "127.0.0.1",
            "http.port": str(self.port),
            "transport.port": str(free_port()),
            "path.data": str(self.folder / "data"),
            "path.logs": str(self.folder / "logs"),
            # A full disk of the machine that tests is nothing to go read-only for.
            "cluster.routing.allocation.disk.threshold_enabled": "false",
            "xpack.security.enabled": "false",
        }

    def _command(self) -> list[str]:
        return [str(self._home / "bin" / "elasticsearch")]

    def _environment(self) -> dict[str, str]:
        return {
            "ES_JAVA_HOME": str(self._java),
            "ES_JAVA_OPTS": " ".join(HEAP),
            "CLI_JAVA_OPTS": "-Xmx64m",
            "ES_TMPDIR": str(self.folder / "tmp"),
            "ES_PATH_CONF": str(self._home / "config"),
            "HOME": str(self.folder),
        }

    def _ready(self) -> bool:
        address = f"{self.url}/_cluster/health?wait_for_status=yellow&timeout=5s"
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - http, a server of our own
                return json.load(answer)["status"] in {"yellow", "green"}
        except (OSError, HTTPException, ValueError):
            return False
