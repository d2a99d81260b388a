"""Every error raised on purpose. The message says what to do next; the command line prints it as one line."""

from __future__ import annotations


class OTSWatchError(Exception):
    """Base of all typed errors."""


class UsageError(OTSWatchError):
    """The caller asked for something that cannot be: exit code 2."""


class DependencyDownError(OTSWatchError):
    """A server, disk or schema is not ready. Never an article's fault: the stage pauses and waits."""


class NewerDataError(DependencyDownError):
    """Data or a message was written by a newer OTS Watch than this one. Upgrade; nothing is changed."""


class StopError(OTSWatchError):
    """Neither an article's fault nor mended by waiting: whatever meets it stops, and commits nothing more."""


class StorageFullError(DependencyDownError):
    """The disk is full. Work pauses until there is room; nothing was half-written."""


class StorageReadOnlyError(StopError, UsageError):
    """The data directory cannot be written."""


class StorageDamagedError(StopError):
    """A file of the data directory is not what was written: restore a backup. Never repaired by guessing."""


class OffsetExpiredError(StopError):
    """A group's next message was deleted by retention: messages are gone unread, so this is never skipped silently."""


class FencedError(OTSWatchError):
    """Another consumer has taken over this group; what this one computed is not committed."""


class MessageTooLargeError(OTSWatchError):
    """One message exceeds the bus's limit; its neighbours are not affected."""


class QuarantineFullError(StopError):
    """Too many messages in a row were quarantined: a bad deploy should stop, not pour a topic away."""


class WorkersBrokenError(StopError):
    """Worker processes cannot be started, so no page can be worked on."""


class QuerySyntaxError(UsageError):
    """A search query that cannot be read. Says where."""


class ConfigError(UsageError):
    """A source, taxonomy or setting file that cannot be used. Says which file and why."""


class Discard(Exception):  # noqa: N818 - an outcome, not an error
    """Outcome of a stage: understood and not wanted. Counted under `reason`, a word of `otswatch.status`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Quarantine(Exception):  # noqa: N818 - an outcome, not an error
    """Outcome of a stage: this page can never work as it is. Kept with its reason for a later replay."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason
        self.detail = detail
