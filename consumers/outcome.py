"""What can become of a message, and what a consumer's work looks like to the runner.

Four outcomes, named: a result, with nothing or something to publish; a discard, which is a result with a reason; a
quarantine; and a failure, which is tried again a few times and then quarantined. A dependency that is down is none of
these: the work raises `DependencyDownError` and the runner waits.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from otswatch.bus import Message, Outgoing
from otswatch.errors import DependencyDownError, Quarantine, StopError


@dataclass(frozen=True, slots=True)
class Result:
    """The message was understood. `status` is `ok`, `discarded` or `stale`; `reason` a word of `otswatch.status`."""

    outgoing: tuple[Outgoing, ...] = ()
    status: str = "ok"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Quarantined:
    """The message can never work as it is. It is kept with `reason`, a word of `otswatch.status`, and the detail."""

    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """Something unexpected went wrong; another attempt may help."""

    error: str
    reason: str = "failed"


Outcome = Result | Quarantined | Failed


class Work(Protocol):
    """What a consumer does with a batch. Owned by one thread."""

    def __call__(self, messages: Sequence[Message]) -> Sequence[Outcome]:
        """One outcome per message, in order.

        Raises:
            DependencyDownError: nothing is known to be done; the same messages are offered again later.
            StopError: the consumer ends; nothing is committed.
        """
        ...

    def close(self) -> None: ...


def one(function: Callable[[Message], Result], message: Message) -> Outcome:
    """`function` on one message, with whatever it raises as its outcome."""
    try:
        return function(message)
    except Quarantine as outcome:
        return Quarantined(outcome.reason, outcome.detail)
    except (DependencyDownError, StopError):
        raise
    except Exception as error:  # noqa: BLE001 - the third outcome: anything else is tried again, then quarantined
        return Failed(describe(error))


def origin(message: Message) -> Mapping[str, str]:
    """The header that says why something was sent that is no news (`reprocess`, `correction`), to be passed on."""
    return {name: value for name, value in message.headers.items() if name == "origin"}


def passed_on(message: Message, outcome: Outcome) -> Outcome:
    """The outcome, with that header on all that it sends."""
    headers = origin(message)
    if not headers or not isinstance(outcome, Result):
        return outcome
    return replace(outcome, outgoing=tuple(replace(out, headers=headers) for out in outcome.outgoing))


def describe(error: BaseException) -> str:
    """An exception in one short line: some carry the whole page (UnicodeError does)."""
    return f"{type(error).__name__}: {error}"[:300]
