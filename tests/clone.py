"""The clone that the tests run in, as git sees it."""

from __future__ import annotations

import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent


def files(*folders: str) -> list[str]:
    """The files (links are not followed) that git knows or would offer to add, in these folders or all, as `a/b.py`."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *folders],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()]
