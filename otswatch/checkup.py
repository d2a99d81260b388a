"""What `otswatch doctor` checks: everything that must be in place to run, each with what to do where it is not."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from otswatch import __version__, health, taxonomy
from otswatch.alerts.channels import shown
from otswatch.consumers import quarantine
from otswatch.consumers.given import Given, process
from otswatch.consumers.topology import CONSUMERS
from otswatch.crawlers import registry
from otswatch.errors import OTSWatchError
from otswatch.overview import alive
from otswatch.settings import Settings, without_password
from otswatch.stores import open_stores
from otswatch.watchdog.channels import operators_channels

#: Below this, a day of crawling may fill the disk.
ROOM_BYTES = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. `detail` says what was found, or what to do."""

    name: str
    ok: bool
    detail: str


def checks(settings: Settings) -> Iterator[Check]:
    """Each check as it is done; one that fails does not keep the others from running."""
    yield Check("otswatch", ok=True, detail=f"{__version__} on Python {platform.python_version()}")
    for name, look in (
        ("settings", _settings),
        ("data folder", _data),
        ("disk", _disk),
        ("sources", _sources),
        ("taxonomy", _taxonomy),
        ("worker process", _worker),
        ("quarantine", _quarantine),
        ("operator", _operator),
    ):
        yield _checked(name, look, settings)


def _checked(name: str, look: Callable[[Settings], str], settings: Settings) -> Check:
    try:
        return Check(name, ok=True, detail=look(settings))
    except OTSWatchError as error:
        return Check(name, ok=False, detail=str(error))


def _settings(settings: Settings) -> str:
    return (
        f"bus {without_password(settings.bus)}, index {without_password(settings.index)}, {settings.workers} workers,"
        f" config {settings.config.absolute()}"
    )


def _data(settings: Settings) -> str:
    with open_stores(settings) as stores:
        waiting = sum(lag.messages for c in CONSUMERS.values() for lag in stores.bus.lag(c.name, c.topics))
    running = [beat.name for beat in health.read_all(settings.data) if alive(beat, datetime.now(UTC))]
    return f"{settings.data.absolute()}: {waiting} messages wait; running: {', '.join(running) or 'nothing'}"


def _disk(settings: Settings) -> str:
    free = shutil.disk_usage(settings.data).free
    if free < ROOM_BYTES:
        raise OTSWatchError(
            f"only {free / 1e9:.1f} GB free in {settings.data.absolute()}: make room or move OTSWATCH_DATA"
        )
    return f"{free / 1e9:.0f} GB free"


def _sources(settings: Settings) -> str:
    sources = registry.load(settings.config)
    ready = sum(source.status == "ready" for source in sources)
    return f"{len(sources)} known, {ready} ready"


def _taxonomy(settings: Settings) -> str:
    loaded = taxonomy.load(settings.config)
    return f"{len(loaded.areas)} areas, version {loaded.version}"


def _worker(settings: Settings) -> str:
    page = Given(name="doctor", text="The Organization of Turkic States met.")
    [(_, article)] = process([page], settings.model_copy(update={"workers": 1}))
    if article.content is None or article.content.language != "en":
        raise OTSWatchError(f"a worker process could not read an English sentence: {article.reason} {article.detail}")
    return "reads, dates and classifies"


def _quarantine(settings: Settings) -> str:
    with open_stores(settings) as stores:
        held = quarantine.count(stores.bus, stores.state)
    return f"{held} messages held" + ("; `otswatch quarantine list` shows why" if held else "")


def _operator(settings: Settings) -> str:
    operators_channels(settings).close()
    if not settings.operator:
        return "nobody is told of what goes wrong: set OTSWATCH_OPERATOR, as OTSWATCH_OPERATOR=mailto:you@example.org"
    if settings.mail is None and any(channel.startswith("mailto:") for channel in settings.operator):
        raise OTSWatchError("OTSWATCH_OPERATOR has an e-mail address, and there is no mail server: set OTSWATCH_MAIL")
    return f"told of what goes wrong: {', '.join(map(shown, settings.operator))}"
