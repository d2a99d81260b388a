"""Speed as a ratio in one run: pages per CPU second from `pages` to indexed, against bare trafilatura + htmldate.

CPU time, of this process and its workers, because these machines are shared: it is what a core gives when nobody else
uses it. Starting the workers is left out on both sides; reading and writing bus, state, index and archive is in.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import htmldate
import trafilatura

from benchmarks.pagesets import pages as labelled_pages
from otswatch import logs
from otswatch.bus import Outgoing
from otswatch.consumers.consume import Consumers, chosen
from otswatch.consumers.extract import PageTask, warm, work_on_page
from otswatch.records import Page
from otswatch.settings import Settings
from otswatch.stores import open_stores
from otswatch.urls import page_id
from tests.factory import page as fetched_page


def bench_pages(every: int) -> list[Page]:
    """Every n-th labelled page, or our own small set, as the crawler would publish it."""
    given = [(each.url or f"https://{each.set}.example/{each.id}", each.html) for each in labelled_pages()[::every]]
    if not given:
        own = sorted((Path(__file__).parent / "labelled" / "html").glob("*.html"))
        given = [(f"https://own.example/{turn}/{path.stem}", path.read_bytes()) for turn in range(10) for path in own]
        print("the labelled pages are not there (../shared/eval/pages): measured on our own small ones")
    return [fetched_page(url, html) for url, html in {page_id(url): (url, html) for url, html in given}.values()]


def cpu(act: Callable[[], object]) -> float:
    """CPU seconds of `act`, in this process and in the children that ended within it."""
    before = os.times()
    act()
    after = os.times()
    return sum(after[:4]) - sum(before[:4])


def bare(pages: Sequence[Page]) -> None:
    """What somebody would write on the libraries alone."""
    for page in pages:
        html = page.content().decode("utf-8", "replace")
        trafilatura.extract(html, url=page.url, with_metadata=True)
        htmldate.find_date(html, url=page.url, original_date=True)


def stages(pages: Sequence[Page]) -> None:
    """The stages of `extract` alone, in this process."""
    for page in pages:
        work_on_page(PageTask(page.to_json(), "pages/0/0"))


def pipeline(pages: Sequence[Page], workers: int) -> float:
    """From `pages` to indexed, archived and grouped, as `otswatch consume --once` does it. Returns wall seconds."""
    with tempfile.TemporaryDirectory() as scratch:
        settings = Settings(data=Path(scratch), workers=workers, log_level="warning")
        logs.configure(settings)
        with open_stores(settings) as stores:
            stores.bus.publish([Outgoing("pages", page.id, page.to_json()) for page in pages])
            begin = time.perf_counter()
            Consumers(chosen([]), settings, stores).run(once=True)
            return time.perf_counter() - begin


def main() -> None:
    """Print the figures as a table, the ratio last."""
    parser = argparse.ArgumentParser(description="speed against bare trafilatura + htmldate")
    parser.add_argument("--every", type=int, default=4, metavar="N", help="only each N-th page")
    args = parser.parse_args()
    pages = bench_pages(args.every)
    warm()
    bare(pages[:3])
    print(f"{len(pages)} pages, CPU seconds (this process and its workers)")
    start_up = cpu(lambda: pipeline(pages[:1], 1)) - cpu(lambda: stages(pages[:1]))
    seconds = {
        "bare trafilatura + htmldate": cpu(lambda: bare(pages)),
        "clean, date, classify, quotes alone": cpu(lambda: stages(pages)),
        "pages to indexed, embedded": cpu(lambda: pipeline(pages, 1)) - start_up,
    }
    for name, spent in seconds.items():
        print(f"{name:<38} {spent:8.1f} s {len(pages) / spent:8.1f} pages per CPU second")
    own, whole = seconds["clean, date, classify, quotes alone"], seconds["pages to indexed, embedded"]
    print(f"the stages' own work is {own / whole:.0%} of the whole; starting up took {start_up:.1f} s and is left out")
    print(f"ratio to bare libraries: {seconds['bare trafilatura + htmldate'] / whole:.2f}")


if __name__ == "__main__":
    main()
