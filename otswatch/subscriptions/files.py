"""Subscriptions in the user's folder: `subscriptions/*.yaml`, one or a list of them in a file. None is shipped."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from otswatch.entries import EntryFile
from otswatch.errors import ConfigError
from otswatch.subscriptions.checks import faults
from otswatch.subscriptions.subscription import Subscription


@dataclass(frozen=True, slots=True)
class Filed:
    """A subscription, and where it stands."""

    subscription: Subscription
    file: EntryFile
    number: int

    def complaint(self, message: str, *where: str | int) -> ConfigError:
        """What is wrong with it, with the file and the line of a field."""
        return self.file.complaint(self.file.place(self.number, *where), message)


def load(config: Path | None) -> dict[str, Filed]:
    """Those of `config`/subscriptions, by id.

    Raises:
        ConfigError: a file that cannot be used, with its line and field.
    """
    found: dict[str, Filed] = {}
    for path in sorted((config / "subscriptions").glob("*.yaml")) if config else ():
        file = EntryFile.open(path)
        for number, subscription in enumerate(file.entries(Subscription)):
            filed = Filed(subscription, file, number)
            if subscription.id in found:
                there = found[subscription.id].file.path
                raise filed.complaint(f"{subscription.id!r} stands in {there} already", "id")
            for place, message in faults(subscription, config):
                raise filed.complaint(message, *place)
            found[subscription.id] = filed
    return found
