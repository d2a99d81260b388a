"""What objects are called in Kibana: ids that stay the same, and names that say whose they are."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any, Final

from otswatch import elastic

_OURS: Final = uuid.uuid5(uuid.NAMESPACE_URL, "https://otswatch.example/kibana")

Reference = dict[str, str]


@dataclass(frozen=True, slots=True)
class Names:
    """The names of one installation; several on one cluster, each with its own namespace, share a Kibana."""

    namespace: str = ""

    def id(self, *path: str) -> str:
        """The id of what stands at this path of names."""
        return str(uuid.uuid5(_OURS, "/".join((self.namespace, *path))))

    def title(self, text: str) -> str:
        """As the packages of Elastic write it: whose it is comes first."""
        return f"[OTS Watch{f' {self.namespace}' if self.namespace else ''}] {text}"

    def index(self, kind: str) -> str:
        """The alias of a kind of document."""
        return elastic.prefix(self.namespace) + kind

    @property
    def alerts(self) -> str:
        """The index that rules write to."""
        return elastic.prefix(self.namespace) + "kibana-alerts"

    def view(self, kind: str, name: str) -> Reference:
        """A reference to a data view."""
        return {"type": "index-pattern", "id": self.id("view", kind), "name": name}


def kql(*parts: str) -> dict[str, Any]:
    """A KQL query: what fits all parts; empty ones are none."""
    said = [part for part in parts if part]
    text = said[0] if len(said) == 1 else " and ".join(f"({part})" for part in said)
    return {"language": "kuery", "query": text}
