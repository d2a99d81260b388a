"""run: crawl on schedule, consume, serve and watch over all that, in one."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from otswatch import __version__, metrics
from otswatch.cli.common import EXIT_QUARANTINE_FULL, err, on_signals, settings
from otswatch.consumers.topology import CONSUMERS
from otswatch.crawlers.registry import Source, load, select
from otswatch.errors import DependencyDownError, UsageError
from otswatch.index import Search
from otswatch.listening import listening
from otswatch.provision import provision
from otswatch.settings import Settings
from otswatch.storage import sole_use
from otswatch.stores import Stores, open_stores
from otswatch.supervisor import Child, Line, Supervisor

#: How many sources the first screen and a round name.
NAMED = 6


def run(
    sources: Annotated[
        list[str] | None, typer.Argument(help="Ids of sources; those that are watched where none is named.")
    ] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every source that is known, not only those watched.")] = False,
    listen: Annotated[str | None, typer.Option(help="HOST:PORT of the page; port 0 takes a free one.")] = None,
) -> None:
    """Crawl on schedule, work on what comes, and serve the page, until Ctrl-C.

    Example: otswatch run
    """
    configured = settings(listen=listen)
    chosen = select(load(configured.config), sources or [], every=all_)
    taken = f"another `otswatch run` works in {configured.data}: end it, or name another data folder (OTSWATCH_DATA)"
    with sole_use(configured.data / "run.lock", taken), open_stores(configured) as stores:
        provision(configured)
        checked = check(configured, chosen)
        screen = Screen(stores, checked)
        screen.start(chosen)
        supervise(checked, chosen, screen)


def check(configured: Settings, chosen: Sequence[Source]) -> Settings:
    """Find out now, and not by children that end again and again, what would keep them from running.

    Returns:
        The settings with the port that the page gets, also where any free one was asked for.

    Raises:
        UsageError: as `otswatch crawl`, `consume`, `serve` and `watchdog` do.
    """
    from otswatch import taxonomy  # takes a moment, and no other command here needs it
    from otswatch.watchdog.channels import operators_channels

    if not any(source.status == "ready" for source in chosen):
        raise UsageError("none of these sources is set up; `otswatch sources list` shows what each one lacks")
    taxonomy.load(configured.config)
    operators_channels(configured).close()
    with listening(configured.listen) as listener:
        metrics.require_free(configured.metrics)
        return configured.model_copy(update={"listen": urlsplit(listener.url).netloc})


def supervise(configured: Settings, chosen: Sequence[Source], screen: Screen) -> None:
    """Run the four until the first signal."""
    # One of us works in a data folder at a time, so that one that was killed and started again goes on at once.
    owner = f"{socket.gethostname()}/run"
    ids = [source.id for source in chosen if source.status == "ready"]
    crawling = ("crawl", "--schedule", "--owner", owner, *ids)
    own = {name: {metrics.VARIABLE: address} for name, address in metrics.addresses(configured.metrics).items()}
    children = (
        Child("crawl", crawling, ("crawl",), frozenset({"crawl.round"}), environment=own.get("crawl", {})),
        Child(
            "consume",
            ("consume",),
            tuple(CONSUMERS),
            final=frozenset({EXIT_QUARANTINE_FULL}),
            environment=own.get("consume", {}),
        ),
        Child("serve", ("serve",), ("serve",), environment=own.get("serve", {})),
        Child("watchdog", ("watchdog",), ("watchdog",), environment=own.get("watchdog", {})),
    )
    supervisor = Supervisor(children, configured.data, told(configured), screen.say)
    with on_signals(supervisor.stop):
        supervisor.run(screen.look)


def told(configured: Settings) -> dict[str, str]:
    """As environment variables for children: what the command line or a caller may have set differently from ours."""
    return {
        "OTSWATCH_DATA": str(configured.data.absolute()),
        "OTSWATCH_CONFIG": str(configured.config.absolute()),
        "OTSWATCH_ALLOWED_HOSTS": ",".join(configured.allowed_hosts),
        "OTSWATCH_LISTEN": configured.listen,
        "OTSWATCH_NAMESPACE": configured.namespace,
        "OTSWATCH_OPERATOR": ",".join(configured.operator),
    }


class Screen:
    """What a person at the terminal sees: one screen at the start, then a line for what is worth one."""

    def __init__(self, stores: Stores, configured: Settings) -> None:
        self._stores = stores
        self._settings = configured
        self._lock = threading.Lock()
        self._counts = self._count()
        self._told = self._pending = self._indexed()
        self._silent: frozenset[str] | None = None

    def start(self, chosen: Sequence[Source]) -> None:
        """Where everything is, and what is watched."""
        kept = self._counts.get("ok", 0)
        known = len(load(self._settings.config))
        own = self._settings.config.absolute()
        for name, value in (
            ("OTS Watch", __version__),
            ("page", f"http://{self._settings.listen}"),
            ("data", f"{self._settings.data.absolute()} ({kept:,} articles)"),
            ("yours", str(own) if own.exists() else f"{own} (not there: what is shipped is used)"),
            ("watched", f"{_named([source.id for source in chosen])} of {known} known sources"),
            ("logs", f"{self._settings.data.absolute() / 'logs'}"),
            ("stop", "Ctrl-C"),
        ):
            err.print(f"{name:<10} {value}", soft_wrap=True)

    def say(self, line: Line) -> None:
        """A line of a child, in a person's words; nothing for what is of no use to him."""
        if line.event == "crawl.round" and not self._is_news(line.facts):
            return
        if words := _SAID.get(line.event, _other)(line):
            self.print(line.child, words)

    def _is_news(self, facts: Mapping[str, Any]) -> bool:
        """Whether a round brought a page, or other sources are silent than after the last one."""
        before, self._silent = self._silent, frozenset(facts["silent"])
        return bool(facts["published"]) or before != self._silent

    def look(self) -> None:
        """Tell of articles that came since the last look, once no more come for a moment."""
        with suppress(DependencyDownError):  # the children meet it too, wait, and say so
            indexed = self._indexed()
            if indexed == self._pending and indexed != self._told:
                self._tell_of_articles()
                self._told = indexed
            self._pending = indexed

    def _tell_of_articles(self) -> None:
        before, self._counts = self._counts, self._count()
        more = {status: count - before.get(status, 0) for status, count in self._counts.items()}
        if any(more.values()):
            self.print("articles", f"{more.get('ok', 0)} new, {more.get('discarded', 0)} discarded")

    def _indexed(self) -> int:
        """How many documents were ever put: cheap, where counting the index is not."""
        return sum(lag.end for lag in self._stores.bus.lag("-", ["indexed"]))

    def _count(self) -> dict[str, int]:
        buckets = self._stores.index.facets(Search(), ["status"])["status"]
        return {bucket.key: bucket.count for bucket in buckets}

    def print(self, who: str, words: str) -> None:
        """One line with the time; nothing where it cannot be written, for example on a full disk."""
        # SystemExit is how rich says that nobody reads any more: it would end the thread of a child, without a word.
        with self._lock, suppress(OSError, SystemExit):
            err.print(f"{datetime.now().astimezone():%H:%M:%S}  {who:<9} {words}", soft_wrap=True)


def _named(ids: Sequence[str]) -> str:
    more = f" and {len(ids) - NAMED} more" if len(ids) > NAMED else ""
    return f"{len(ids)}: {', '.join(ids[:NAMED])}{more}" if ids else "none"


# ---------------------------------------------------------------------------------------------------- lines of children


def _round(line: Line) -> str:
    facts = line.facts
    tried, silent = facts["tried"], facts["silent"]
    again = f"{datetime.fromisoformat(facts['next']).astimezone():%H:%M}"
    if len(silent) == tried:
        why = f" ({facts['why']})" if facts["why"] else ""
        return f"none of {tried} sources could be reached{why}; is there a network? Tried again from {again} on"
    missing = f"; no answer from {_named(silent)}" if silent else ""
    pages = f"{facts['published']} new page{'' if facts['published'] == 1 else 's'}"
    return f"{facts['answered']} of {tried} sources answered, {pages}{missing}"


def _ended(line: Line) -> str:
    facts = line.facts
    how = f"exit code {facts['code']}" if facts["code"] > 0 else f"signal {-facts['code']}"
    why = f": {facts['said']}" if facts["said"] else ""
    return f"ended ({how}){why}; started again in {facts['again']:.0f} s"


def _stopped(line: Line) -> str:
    return f"stopped: {line.facts['said'].removeprefix('otswatch: ')}; then start `otswatch run` again"


def _hangs(line: Line) -> str:
    return f"gave no sign of life for {line.facts['seconds']:.0f} s and is started again"


def _nothing(line: Line) -> str:
    return ""


def _other(line: Line) -> str:
    rest = {name: value for name, value in line.facts.items() if name not in {"event", "level", "timestamp"}}
    return f"{line.event}: " + ", ".join(f"{name} {value}" for name, value in rest.items())


_SAID: dict[str, Callable[[Line], str]] = {
    "crawl.round": _round,
    "said": _nothing,
    "ended": _ended,
    "stopped": _stopped,
    "hangs": _hangs,
    "started": _nothing,
}

COMMANDS = (run,)
