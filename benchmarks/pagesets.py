"""The labelled pages of other projects, unpacked where they are: for measuring alone, never part of this one."""

from __future__ import annotations

import json
import tarfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "eval"
CACHE = ROOT / ".cache" / "pages"


@dataclass(frozen=True, slots=True)
class LabelledPage:
    """One page of a set."""

    set: str
    id: str
    url: str | None
    path: Path

    @property
    def html(self) -> bytes:
        return self.path.read_bytes()


def unpacked(name: str) -> Path:
    """A set's folder, unpacked on first use into the clone's cache."""
    folder = CACHE / name
    if not (folder / "labels.jsonl").exists():
        with tarfile.open(SHARED / "pages" / f"{name}.tar.xz") as archive:
            archive.extractall(CACHE, filter="data")
    return folder


def folders() -> list[Path]:
    """Each set's folder; none where the sets are not there."""
    return [unpacked(packed.name.removesuffix(".tar.xz")) for packed in sorted((SHARED / "pages").glob("*.tar.xz"))]


def pages() -> list[LabelledPage]:
    """All pages of all sets."""
    found = []
    for folder in folders():
        for line in (folder / "labels.jsonl").read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            found.append(LabelledPage(folder.name, row["id"], row.get("url"), folder / "html" / f"{row['id']}.html"))
    return found
