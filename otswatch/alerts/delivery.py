"""One attempt to hand over a letter: written down before, what came of it after. For readers' letters and operators'.

The letter is made first: where a store is down for that, nothing was attempted. A process may die behind each step.
Whoever comes next finds `trying`, does not know whether the letter arrived, and sends it again under the same id.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final, Literal, TypeVar

from pydantic import Field

from otswatch.alerts.errors import PermanentDeliveryError, TemporaryDeliveryError
from otswatch.alerts.letter import Letter
from otswatch.errors import DependencyDownError, StopError
from otswatch.logs import get_logger
from otswatch.records import Moment, Part

log = get_logger(__name__)

#: Seconds until a letter is tried again: doubled each time, from the first to the last of these.
BACKOFF: Final = (15.0, 3600.0)
#: From here on it is the last of them: no power of so many attempts, which after weeks is no number any more.
_DOUBLED: Final = 10

#: What is counted: `put-off`, the channel did not take it now; `dead`, it refused for good; `sent-again`, nobody knows
#: what came of the attempt before.
Result = Literal["sent", "sent-again", "put-off", "dead"]


class Pending(Part):
    """A letter that has not arrived, by its id. `attempts` is counted before each.

    `after`: not to be tried again before; `dead`: the channel refused it for good.
    """

    letter: str
    made: Moment
    attempts: int = 0
    interrupted: int = Field(default=0, description="Attempts of which nothing came back: the process died.")
    trying: bool = False
    after: Moment | None = None
    error: str | None = None
    dead: bool = False


P = TypeVar("P", bound=Pending)


def attempt(
    pending: P,
    outlet: str,
    *,
    make: Callable[[P], Letter],
    write: Callable[[P], None],
    send: Callable[[Letter], None],
    clock: Callable[[], datetime],
    count: Callable[[Result], None],
) -> tuple[P, bool]:
    """Try once. Returns what is written down of the letter now, and whether it arrived.

    Args:
        outlet: as logs name it. `make`: the letter. `write`: keeps it. `send`: hands it over.

    Raises:
        DependencyDownError, StopError: a store is down. Where the letter could not be made, this was no attempt.
    """
    trying = pending.replace(
        attempts=pending.attempts + 1,
        interrupted=pending.interrupted + pending.trying,
        trying=True,
        after=None,
        dead=False,
    )
    try:
        letter = make(trying)
        if pending.trying:
            count("sent-again")
            log.warning("alert.sent-again", outlet=outlet, letter=pending.letter, attempts=pending.attempts)
        write(trying)
        log.debug("alert.intent", outlet=outlet, letter=pending.letter)
        send(letter)
    except PermanentDeliveryError as error:
        failed = trying.replace(trying=False, dead=True, error=str(error))
        log.error("alert.channel-dead", outlet=outlet, letter=pending.letter, error=str(error))
    except TemporaryDeliveryError as error:
        failed = _put_off(trying, outlet, str(error), error.retry_after, clock)
    except (DependencyDownError, StopError):
        raise
    except Exception as error:  # noqa: BLE001 - a fault of ours with one letter keeps nobody else's
        failed = _put_off(trying, outlet, f"{type(error).__name__}: {error}"[:300], None, clock)
    else:
        log.debug("alert.taken", outlet=outlet, letter=pending.letter)
        return trying, True
    write(failed)
    count("dead" if failed.dead else "put-off")
    return failed, False


def _put_off(trying: P, outlet: str, why: str, asked: float | None, clock: Callable[[], datetime]) -> P:
    wait = max(asked or 0.0, min(BACKOFF[0] * 2 ** min(trying.attempts - 1, _DOUBLED), BACKOFF[1]))
    again = clock() + timedelta(seconds=wait)
    log.warning("alert.put-off", outlet=outlet, letter=trying.letter, error=why, again=again.isoformat())
    return trying.replace(trying=False, after=again, error=why)
