"""The operator's own channels: a setting, and never anybody's subscription."""

from __future__ import annotations

from otswatch.alerts.channels import Channels
from otswatch.errors import ConfigError, UsageError
from otswatch.settings import Settings
from otswatch.subscriptions.addresses import fault, shown


def operators_channels(settings: Settings) -> Channels:
    """What letters to the operator go through.

    Raises:
        ConfigError: one of the channels can never be written to, or one is there twice.
    """
    made = Channels.of(settings)
    for channel in settings.operator:
        try:
            if complaint := fault(channel):
                raise UsageError(f"{shown(channel)}: {complaint}")
            if settings.operator.count(channel) > 1:
                raise UsageError(f"{shown(channel)} is there twice")
            made.check(channel)
        except UsageError as error:
            made.close()
            raise ConfigError(f"OTSWATCH_OPERATOR: {error}; see docs/reference/channels.md") from None
    return made
