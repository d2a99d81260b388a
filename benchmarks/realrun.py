"""The labelled pages as a loopback web: crawled, consumed and searched by the real commands, as a user would see it.

python -m benchmarks.realrun            # crawl, consume, search; counts, times and memory are printed
python -m benchmarks.realrun --serve    # only the site; prints what to set in another terminal
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time
from itertools import product
from pathlib import Path
from typing import Any

import yaml

from benchmarks.digest import digest
from benchmarks.drill import compare, moments, play
from benchmarks.pagesets import LabelledPage
from benchmarks.pagesets import pages as labelled_pages
from tests.crawling import ROOT, source
from tests.processes import family
from tests.site import Answer, Listed, Site, rss


def build(site: Site, pages: list[LabelledPage], times: int) -> list[dict[str, Any]]:
    """Serve `pages`, each under `times` addresses, one feed for each set. Returns the sources for the registry."""
    by_set: dict[str, list[Listed]] = {}
    for page, turn in product(pages, range(times)):
        path = f"/{page.set}/{turn}/{page.id}"
        site[path] = Answer(page.html)
        by_set.setdefault(page.set, []).append(Listed(path, title=None))
    made = []
    for name, listed in by_set.items():
        site[f"/{name}.xml"] = rss(*listed)
        feed = {"feeds": [site.url(f"/{name}.xml")], "example": site.url(listed[0].link)}
        made.append(source(site.url(), name, article=rf"{re.escape(site.url())}/{name}/.+", **feed))
    return made


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--serve", action="store_true", help="serve until interrupted")
    parser.add_argument("--drill", action="store_true", help="kill the processes at ten moments and compare")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only each N-th page")
    parser.add_argument("--times", type=int, default=1, metavar="N", help="each page under N addresses: a longer run")
    parser.add_argument("--data", type=Path, help="keep the data here")
    args = parser.parse_args()
    pages = labelled_pages()[:: args.every]
    if not pages:
        sys.exit(
            "the labelled pages are not there (../shared/eval/pages); see benchmarks/README.md for where they come from"
        )
    with tempfile.TemporaryDirectory() as scratch, Site() as site:
        sources = build(site, pages, args.times)
        data = args.data or Path(scratch)
        if args.drill:
            drill(data, site, sources, len(pages) * args.times)
        elif args.serve:
            serve(data, site, sources)
        else:
            run(data, site, sources, len(pages) * args.times)


def environment(data: Path, site: Site, sources: list[dict[str, Any]]) -> dict[str, str]:
    """What the commands are run with; the sources are written as the user's own."""
    folder = data / "otswatch.d" / "sources"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "labelled.yaml").write_text(yaml.safe_dump(sources, sort_keys=False), encoding="utf-8")
    return {
        "OTSWATCH_DATA": str(data),
        "OTSWATCH_CONFIG": str(data / "otswatch.d"),
        "OTSWATCH_ALLOWED_HOSTS": site.host,
        "OTSWATCH_LOG_LEVEL": "warning",
    }


def serve(data: Path, site: Site, sources: list[dict[str, Any]]) -> None:
    print(f"serving {len(sources)} feeds at {site.url()}; in another terminal:")
    print(" ".join(f"{name}={value}" for name, value in environment(data, site, sources).items()), "otswatch crawl …")
    threading.Event().wait()


def run(data: Path, site: Site, sources: list[dict[str, Any]], pages: int) -> None:
    """The README's commands, with their output, time, and memory of the largest process."""
    env = {**os.environ, **environment(data, site, sources)}
    names = [each["id"] for each in sources]
    for command in (
        ["crawl", *names],
        ["consume", "--once"],
        ["search", "--status", "discarded", "--size", "3", "climate AND minister*"],
        ["status"],
    ):
        print(f"\n$ otswatch {' '.join(command)}", flush=True)
        begin = time.monotonic()
        memory = Memory()
        done = subprocess.Popen([sys.executable, "-m", "otswatch", *command], cwd=ROOT, env=env)
        memory.watch(done)
        print(f"({time.monotonic() - begin:.1f} s, exit code {done.returncode}; {memory})", flush=True)
    print(f"{pages} pages; crawler asked for robots.txt {site.asked('/robots.txt')} times")


class Memory:
    """Resident memory of a process and its children, sampled while it runs."""

    def __init__(self) -> None:
        self.samples: list[float] = []

    def watch(self, process: subprocess.Popen[bytes]) -> None:
        """Until it ends."""
        while process.poll() is None:
            self.samples.append(sum(_resident(pid) for pid in (process.pid, *family(process.pid))))
            time.sleep(0.5)

    def __str__(self) -> str:
        quarter = max(1, len(self.samples) // 4)
        steps = [max(self.samples[i : i + quarter], default=0.0) for i in range(0, len(self.samples), quarter)][:4]
        return "memory by quarter of the time, MiB: " + " ".join(f"{step:.0f}" for step in steps)


def _resident(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0.0
    return pages * resource.getpagesize() / 2**20


def drill(data: Path, site: Site, sources: list[dict[str, Any]], pages: int) -> None:
    """An undisturbed run, a disturbed one, and what differs."""
    calm = play(data / "calm", site, sources, (), print)
    print(f"undisturbed: {calm.listed} pages, {len(calm.articles)} articles, digest {digest(calm.articles)[:16]}")
    disturbed = play(data / "disturbed", site, sources, moments(pages), print)
    print(
        f"disturbed: {disturbed.listed} pages, {len(disturbed.articles)} articles, "
        f"digest {digest(disturbed.articles)[:16]}; fetched again because of a kill: {disturbed.published_twice}"
    )
    faults = compare(calm, disturbed, pages)
    print("\n".join(faults) or "the same index; nothing lost, nothing twice after extract")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
