"""demo: everything against a small newsroom that the demo serves itself."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
import yaml

from otswatch.cli.common import err, out, settings, table
from otswatch.cli.run import Screen, check, supervise, told
from otswatch.consumers.quarantine import held
from otswatch.crawlers import history
from otswatch.crawlers.registry import Source, load, select
from otswatch.demo.newsroom import Newsroom
from otswatch.errors import OTSWatchError, UsageError
from otswatch.index import Search, for_readers
from otswatch.provision import clear, provision
from otswatch.settings import Settings
from otswatch.status import Reason
from otswatch.storage import make_folder, sole_use
from otswatch.stores import Stores, on_elasticsearch, on_kafka, open_stores

#: What a demo puts into its folder, and looks for before it clears one.
MARK = "made-by-otswatch-demo"
ELSEWHERE = "name another data folder (OTSWATCH_DATA)"
#: Areas that the report names.
AREAS = 8
NUMBERS = ("found", "fetched", "kept", "discarded")


def demo(
    once: Annotated[bool, typer.Option("--once", help="End after the first pass, with what was found.")] = False,
    listen: Annotated[str | None, typer.Option(help="HOST:PORT of the page; port 0 takes a free one.")] = None,
) -> None:
    """Show it all on a small newsroom of invented sites that it serves itself: no network, no set-up.

    Everything is kept in the folder `demo` of the data folder, and on servers under the namespace `demo`; each demo
    begins both anew.

    Example: otswatch demo --once
    """
    configured = settings(listen=listen)
    with Newsroom() as newsroom, _folder(configured.data / "demo") as folder:
        ours = _prepare(configured, newsroom, folder)
        watched = select(load(ours.config), ())
        ours = ours if once else check(ours, watched)
        clear(ours)
        provision(ours)
        _first_pass(ours, watched)
        with open_stores(ours) as stores:
            _report(stores, watched)
            if once:
                _where_to_look(ours)
            else:
                _go_on(ours, watched, stores, newsroom)


# ----------------------------------------------------------------------------------------------------------- preparing


@contextmanager
def _folder(folder: Path) -> Iterator[Path]:
    """An empty folder that is this demo's own until it ends.

    Raises:
        UsageError: another demo runs in it, or it holds what no demo made.
    """
    make_folder(folder)
    if any(folder.iterdir()) and not (folder / MARK).exists():
        raise UsageError(f"{folder} was not made by a demo and is not touched: {ELSEWHERE}")
    with sole_use(folder / MARK, f"another demo runs in {folder}: end it, or {ELSEWHERE}"):
        for entry in folder.iterdir():
            if entry.is_dir():
                shutil.rmtree(entry)
            elif entry.name != MARK:
                entry.unlink()
        yield folder


def _prepare(configured: Settings, newsroom: Newsroom, folder: Path) -> Settings:
    """The settings of the demo, whose sources are the newsroom's alone."""
    written = folder / "otswatch.d" / "sources"
    written.mkdir(parents=True)
    others = [{"id": source.id, "watch": False} for source in load()]
    for name, entries in (("newsroom", newsroom.sources()), ("others", others)):
        text = yaml.safe_dump(entries, allow_unicode=True, sort_keys=False)
        (written / f"{name}.yaml").write_text(text, encoding="utf-8")
    return configured.model_copy(
        update={
            "data": folder,
            "config": folder / "otswatch.d",
            "allowed_hosts": newsroom.hosts,
            "operator": (),  # nobody is called for what befalls invented sites
            # On servers, where the demo is begun anew as well, it stands apart from what is kept there.
            "namespace": f"{configured.namespace}-demo".lstrip("-"),
        }
    )


# ----------------------------------------------------------------------------------------------------------- first pass


def _first_pass(ours: Settings, watched: Sequence[Source]) -> None:
    """Crawl every site once and work on all that came, as processes of their own: a reactor starts once in each."""
    err.print(f"reading {len(watched)} sites of the newsroom, and working on what they publish …")
    for command in (["crawl", *(source.id for source in watched)], ["consume", "--once"]):
        environment = {**os.environ, **told(ours), "OTSWATCH_LOG_LEVEL": "error"}
        program = [sys.executable, "-m", "otswatch", *command]
        ended = subprocess.run(program, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - ours
        if ended.returncode:
            err.print(ended.stderr, soft_wrap=True)
            raise OTSWatchError(f"`otswatch {command[0]}` ended with exit code {ended.returncode}; see the lines above")


def _report(stores: Stores, watched: Sequence[Source]) -> None:
    """What was found, kept and discarded, and why."""
    met: Counter[str] = Counter()
    rows = table("site", "found", "fetched", "kept", "discarded", "why not kept", right=NUMBERS)
    visits = {visit.source: visit for visit in history.visits(stores.state)}
    for source in watched:
        counts = Counter(visits[source.id].counts)
        met.update(counts)
        kept, discarded = _count(stores, source.id, "ok"), _count(stores, source.id, "discarded")
        fetched = counts[Reason.PUBLISHED]
        rows.add_row(source.name, str(counts.total()), str(fetched), str(kept), str(discarded), _why(stores, source.id))
    out.print(rows)
    fetched = met.pop(Reason.PUBLISHED, 0)
    out.print(
        f"found      {fetched + met.total()} addresses on {len(watched)} sites; {fetched} fetched, {_listed(met)}"
    )
    _report_articles(stores)
    for entry in stores.state.scan("waiting/"):
        out.print(f"not had    {entry.value['reason']:<17}  {entry.value['url']}", soft_wrap=True)


def _report_articles(stores: Stores) -> None:
    kept = for_readers(Search(size=0))
    total = stores.index.search(kept).total
    facets = stores.index.facets(kept, ["language", "area", "published_source"], size=1000)
    dates = {bucket.key: bucket.count for bucket in facets["published_source"]}
    out.print(f"kept       {total} articles in {len(facets['language'])} languages")
    out.print(f"dated      {_listed(dates)}; {total - sum(dates.values())} have no date, and none is made up")
    out.print(f"areas      {', '.join(f'{bucket.key} {bucket.count}' for bucket in facets['area'][:AREAS])}, …")
    out.print(f"discarded  {_listed(_buckets(stores, Search(filters={'status': ('discarded',)}), 'reason'))}")
    out.print(f"quarantine {_listed(Counter(item.reason for item in held(stores.bus, stores.state)))}")


def _count(stores: Stores, source: str, status: str) -> int:
    return stores.index.search(Search(filters={"source": (source,), "status": (status,)}, size=0)).total


def _why(stores: Stores, source: str) -> str:
    return _listed(_buckets(stores, Search(filters={"source": (source,), "status": ("discarded",)}), "reason"))


def _buckets(stores: Stores, search: Search, field: str) -> dict[str, int]:
    return {bucket.key: bucket.count for bucket in stores.index.facets(search, [field])[field]}


def _listed(counts: dict[str, int] | Counter[str]) -> str:
    return (
        ", ".join(f"{count} {word}" for word, count in sorted(counts.items(), key=lambda item: -item[1])) or "nothing"
    )


# --------------------------------------------------------------------------------------------------------- and then


def _where_to_look(ours: Settings) -> None:
    namespace = f" OTSWATCH_NAMESPACE={ours.namespace}" if on_kafka(ours) or on_elasticsearch(ours) else ""
    shown = f"OTSWATCH_DATA={ours.data} OTSWATCH_CONFIG={ours.config}{namespace} otswatch"
    out.print("look       " + f"{shown} serve", soft_wrap=True)
    out.print("           " + f"{shown} search customs", soft_wrap=True)
    out.print("           " + f"{shown} search --status discarded", soft_wrap=True)


def _go_on(ours: Settings, watched: Sequence[Source], stores: Stores, newsroom: Newsroom) -> None:
    """Serve, and crawl what the newsroom publishes next."""
    screen = Screen(stores, ours)
    err.print()
    screen.start(watched)
    err.print(
        f"newsroom   {newsroom.url} (press Enter here, or the button there: the next news come out)", soft_wrap=True
    )
    if sys.stdin.isatty():
        threading.Thread(target=_on_enter, args=(newsroom, screen), daemon=True).start()
    supervise(ours, watched, screen)


def _on_enter(newsroom: Newsroom, screen: Screen) -> None:
    for _ in sys.stdin:
        screen.print("newsroom", newsroom.publish_next() or "nothing more comes today")


COMMANDS = (demo,)
