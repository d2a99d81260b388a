"""Alerts over real mail and webhook servers, while the workers that send them are killed: none missing, none unasked.

    python -m benchmarks.alerts_drill [--items N] [--subscriptions N] [--servers] [--seed S]

Two `otswatch consume alert` processes share the work. They are ended by SIGKILL at every step (poll, match, intent,
taken by the server, result), the mail server is down for a while, messages are sent again. What each reader must get is
worked out before the run, and counted from the servers' own logs: no key may be missing, no more letters may come twice
than there were kills, and for back-fill, reprocessing, copies and a mended typo none may come at all.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Final

import yaml

from benchmarks.servers import EMBEDDED, Servers, started
from otswatch.alerts import queue
from otswatch.alerts.ledger import Ledger
from otswatch.bus import Outgoing
from otswatch.index.projection import project_article
from otswatch.provision import provision
from otswatch.records import Article, Indexed, Quote
from otswatch.settings import Settings
from otswatch.stores import Stores, open_stores
from tests.alerting import archived, article, quote
from tests.crawling import ROOT
from tests.mailbox import Mailbox
from tests.webhooks import Webhooks

WORKERS: Final = 2
#: Where workers are killed, one after the other: the event in their log, and its how manyeth.
STEPS: Final = (
    ("batch.polled", 2),
    ("alert.matched", 2),
    ("alert.intent", 40),
    ("alert.taken", 40),
    ("alert.arrived", 40),
    ("batch.publishing", 2),
    ("alert.taken", 90),
    ("alert.intent", 90),
)
PATIENCE: Final = 3600.0
#: Of the stories, so many in a hundred have a copy, new words, an edit; are back-fill, or reprocessed.
_COPIED, _MORE, _EDITED, _FILLED, _AGAIN = 20, 15, 10, 5, 5


@dataclass
class Plan:
    """What is published, in two waves, and what each word's readers must get for it."""

    first: list[tuple[Article, str | None]] = field(default_factory=list)
    second: list[tuple[Article, str | None]] = field(default_factory=list)
    keys: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))


def plan(items: int, words: Sequence[str], seed: int) -> Plan:
    """Stories with two words each in their headlines."""
    dice, made, number = Random(seed), Plan(), 0  # noqa: S311 - the same in every run
    while len(made.first) + len(made.second) < items:
        number += 1
        _story(made, f"s{number}", dice.sample(words, 2), dice.randrange(100))
    return made


def _story(made: Plan, story: str, words: Sequence[str], fate: int) -> None:
    title = f"Ministers on {words[0]} and {words[1]} in {story}"
    said = _quote(story, "a", words)
    root = article(f"{story}a", title, said, story=story)
    if fate < _FILLED:
        made.second.append((archived(root), None))
        return
    if fate < _FILLED + _AGAIN:
        made.second.append((root, "reprocess"))
        return
    keys = [f"story/{story}", f"quote/{said.id}"]
    made.first.append((root, None))
    bound = _FILLED + _AGAIN
    if bound <= fate < (bound := bound + _COPIED):
        made.first.append((article(f"{story}b", f"{title}, a wire says", story=story), None))
    elif bound <= fate < (bound := bound + _MORE):
        more = _quote(story, "c", words)
        keys.append(f"quote/{more.id}")
        made.second.append((article(f"{story}c", f"{title}: more", more, story=story), None))
    elif bound <= fate < bound + _EDITED:
        mended = said.replace(id=f"{said.id}x", text=said.text.replace("promises", "promised"))
        made.second.append((article(f"{story}a", f"{title}!", mended, story=story, version=1), None))
    else:
        made.second.append((root, None))  # the message comes again
    for word in words:
        made.keys[word].update(keys)


def _quote(story: str, letter: str, words: Sequence[str]) -> Quote:
    said = {
        "a": f"Our side promises to work on {words[0]} with all that it has, and then on {words[1]}, in {story}",
        "c": f"There will be no delay at the border posts once {words[1]} comes into force, as {story} asks",
    }
    return quote(f"{story}{letter}", said[letter])


# ------------------------------------------------------------------------------------------------------------- workers


class Worker:
    """An `otswatch consume alert` that is started again when it was killed."""

    def __init__(self, name: str, environment: dict[str, str], moments: Moments, say: Callable[[str], None]) -> None:
        self._name, self._environment, self._moments, self._say = name, environment, moments, say
        self._ending = False
        self._process: subprocess.Popen[str] | None = None
        self._thread = threading.Thread(target=self._keep, name=name)
        self._thread.start()

    def end(self) -> None:
        """In order, by SIGTERM."""
        self._ending = True
        if self._process:
            self._process.terminate()
        self._thread.join()

    def _keep(self) -> None:
        while not self._ending:
            command = [sys.executable, "-m", "otswatch", "consume", "alert"]
            self._process = subprocess.Popen(
                command, cwd=ROOT, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
            )
            self._watch(self._process)
            self._process.wait()

    def _watch(self, process: subprocess.Popen[str]) -> None:
        assert process.stderr
        for line in process.stderr:
            event = json.loads(line).get("event") if line.startswith("{") else None
            if event and self._moments.reached(event):
                process.send_signal(signal.SIGKILL)
                self._say(f"{datetime.now(UTC):%H:%M:%S.%f} SIGKILL {self._name} (pid {process.pid}) at {event}")
            elif not line.startswith("{") or '"level": "error"' in line:
                self._say(line.rstrip()[:300])


class Moments:
    """When to kill, one after the other, whichever worker gets there. Threads share it."""

    def __init__(self, steps: Sequence[tuple[str, int]]) -> None:
        self._steps, self._lock, self._met = list(steps), threading.Lock(), 0
        self.kills = 0

    def reached(self, event: str) -> bool:
        with self._lock:
            if not self._steps or event != self._steps[0][0]:
                return False
            self._met += 1
            if self._met < self._steps[0][1]:
                return False
            self._steps.pop(0)
            self._met = 0
            self.kills += 1
            return True

    @property
    def left(self) -> int:
        return len(self._steps)


# ----------------------------------------------------------------------------------------------------------------- run


@dataclass(frozen=True)
class Outcome:
    """What the servers' logs say, against the plan."""

    expected: int
    letters: int
    missing: list[str]
    unasked: list[str]
    again: int
    kills: int
    latencies: list[float]
    seconds: float

    @property
    def faults(self) -> list[str]:
        """What does not hold; empty when all does."""
        found = [f"missing: {len(self.missing)}, for example {self.missing[:3]}"] if self.missing else []
        found += [f"unasked: {len(self.unasked)}, for example {self.unasked[:3]}"] if self.unasked else []
        found += [f"{self.again} letters came again after {self.kills} kills"] if self.again > self.kills else []
        return found


def play(
    data: Path,
    items: int,
    subscriptions: int,
    steps: Sequence[tuple[str, int]] = STEPS,
    *,
    servers: Servers = EMBEDDED,
    down: float = 5.0,
    seed: int = 1,
    say: Callable[[str], None] = print,
) -> Outcome:
    """Publish the plan to two workers that are killed at `steps`, with the mail server down for some seconds."""
    words = [f"topic{number}" for number in range(subscriptions)]
    made, began = plan(items, words, seed), time.monotonic()
    with ExitStack() as stack:
        mailbox = stack.enter_context(Mailbox(data / "mail.jsonl"))
        hooks = stack.enter_context(Webhooks(data / "hooks.jsonl"))
        settings = Settings(
            data=data,
            config=data / "otswatch.d",
            bus=servers.bus,
            index=servers.index,
            mail=mailbox.address,
            allowed_hosts=(hooks.host,),
            namespace=f"drill-{os.getpid()}" if servers != EMBEDDED else "",
        )
        channels = _subscribe(settings, words, hooks)
        provision(settings)
        stores = stack.enter_context(open_stores(settings))
        moments = Moments(steps)
        workers = [
            Worker(f"worker {place}", _environment(settings, mailbox, hooks), moments, say) for place in range(WORKERS)
        ]
        for worker in workers:
            stack.callback(worker.end)
        _publish(stores, made.first)
        _until(lambda: len(mailbox.taken()) > subscriptions // 5, "the first letters")
        mailbox.down()
        time.sleep(down)
        mailbox.up()
        _until(lambda: _behind(stores) == 0 and _is_idle(stores), "the first wave")
        _publish(stores, made.second)
        _until(lambda: _behind(stores) == 0 and not moments.left, "the second wave and every kill")
        _until(lambda: _is_idle(stores), "the last letter")
        latencies = _paced(stores, words)
        for worker in workers:
            worker.end()
        taken = [(f"mailto:{each['to']}", each["message_id"], each["keys"]) for each in mailbox.taken()]
        taken += [(each["path"], each["key"], each["keys"]) for each in hooks.taken()]
    return _counted(made, channels, taken, moments.kills, latencies, time.monotonic() - began)


def _subscribe(settings: Settings, words: Sequence[str], hooks: Webhooks) -> dict[str, str]:
    """One subscription for each word, to a mailbox or a webhook in turn. Returns the word of each channel."""
    folder = settings.config / "subscriptions"
    folder.mkdir(parents=True)
    made, channels = [], {}
    for place, word in enumerate(words):
        channel = f"mailto:reader{place}@ministry.example" if place % 2 else hooks.url(f"/reader{place}")
        channels[channel if place % 2 else f"/reader{place}"] = word
        made.append({"id": f"reader{place}", "search": {"q": word, "exact": True}, "channels": [channel]})
    (folder / "all.yaml").write_text(yaml.safe_dump(made), encoding="utf-8")
    return channels


def _environment(settings: Settings, mailbox: Mailbox, hooks: Webhooks) -> dict[str, str]:
    return {
        **os.environ,
        "OTSWATCH_DATA": str(settings.data),
        "OTSWATCH_CONFIG": str(settings.config),
        "OTSWATCH_BUS": settings.bus,
        "OTSWATCH_INDEX": settings.index,
        "OTSWATCH_NAMESPACE": settings.namespace,
        "OTSWATCH_MAIL": mailbox.address,
        "OTSWATCH_ALLOWED_HOSTS": hooks.host,
        "OTSWATCH_LOG_LEVEL": "debug",
        "OTSWATCH_LOG_FORMAT": "json",
    }


def _publish(stores: Stores, wave: Sequence[tuple[Article, str | None]], size: int = 500) -> None:
    for first in range(0, len(wave), size):
        part = wave[first : first + size]
        stores.index.put([project_article(each) for each, _ in part])
        stores.bus.publish([_mark(each, origin) for each, origin in part])


def _mark(each: Article, origin: str | None) -> Outgoing:
    mark = Indexed(kind="articles", id=each.id, version=each.version, at=datetime.now(UTC))
    return Outgoing("indexed", each.id, mark.to_json(), {"origin": origin} if origin else {})


def _behind(stores: Stores) -> int:
    return sum(lag.messages for lag in stores.bus.lag("alert", ["indexed"]))


def _is_idle(stores: Stores) -> bool:
    """Whether nothing waits and nothing is on its way."""
    now = datetime.now(UTC)
    return not any(queue.marks(stores.state, now)) and not any(Ledger(stores.state).unresolved())


def _paced(stores: Stores, words: Sequence[str], items: int = 200, pace: float = 0.05) -> list[float]:
    """Seconds from an article's being findable to the arrival of its letter, of articles that come one by one."""
    since = datetime.now(UTC) - timedelta(seconds=1)
    for number in range(items):
        each = article(f"paced{number}", f"Ministers on {words[number % len(words)]} at last", story=f"paced{number}")
        _publish(stores, [(each, None)])
        time.sleep(pace)
    _until(lambda: _behind(stores) == 0 and _is_idle(stores), "the paced letters")
    letters = [each for each in Ledger(stores.state).arrived() if each.made > since]
    return [(each.sent - at).total_seconds() for each in letters for at in each.indexed]


def _until(holds: Callable[[], bool], what: str) -> None:
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > PATIENCE:
            raise TimeoutError(f"waited {PATIENCE:.0f} s for {what}")
        time.sleep(0.2)


def _counted(
    made: Plan,
    channels: dict[str, str],
    taken: Sequence[tuple[str, str, Sequence[str]]],
    kills: int,
    latencies: list[float],
    seconds: float,
) -> Outcome:
    """The logs against the plan. A letter that came again has the same id."""
    letters = {(channel, id_): keys for channel, id_, keys in taken}
    got: dict[str, Counter[str]] = defaultdict(Counter)
    for (channel, _), keys in letters.items():
        got[channel].update(key for key in keys if "paced" not in key)
    missing, unasked = list[str](), list[str]()
    for channel, word in channels.items():
        missing += (made.keys[word] - got[channel]).elements()
        unasked += (got[channel] - made.keys[word]).elements()
    expected = sum(sum(made.keys[word].values()) for word in channels.values())
    return Outcome(expected, len(letters), missing, unasked, len(taken) - len(letters), kills, latencies, seconds)


def told(outcome: Outcome) -> Iterator[str]:
    """The outcome for people."""
    yield f"{outcome.expected:,} keys, {outcome.letters:,} letters, {outcome.kills} kills, {outcome.seconds:.0f} s"
    yield f"missing {len(outcome.missing)}, unasked {len(outcome.unasked)}, letters that came again {outcome.again}"
    if outcome.latencies:
        p95 = quantiles(outcome.latencies, n=20)[-1]
        yield f"from indexed to sent, one by one: median {median(outcome.latencies):.2f} s, p95 {p95:.2f} s"
    yield from outcome.faults or ["none missing, none unasked, repeats within the kills"]


def main() -> None:
    """Play it and say what does not hold."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.alerts_drill", description=__doc__)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("--subscriptions", type=int, default=1_000)
    parser.add_argument("--servers", action="store_true", help="on Kafka and Elasticsearch")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        servers = stack.enter_context(started()) if asked.servers else EMBEDDED
        outcome = play(data, asked.items, asked.subscriptions, servers=servers, seed=asked.seed)
    print("\n".join(told(outcome)))
    sys.exit(bool(outcome.faults))


if __name__ == "__main__":
    main()
