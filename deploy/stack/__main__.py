"""`python -m deploy.stack start|stop|status|checksums`, in the root of the clone."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from deploy.stack.downloads import CACHE, SUMS, Downloads, pin
from deploy.stack.keeper import Keeper, State
from deploy.stack.stack import check
from otswatch.errors import OTSWatchError, UsageError

_COMMANDS = {
    "start": "start both, wait until they are ready, print the two variables; they run until stop",
    "stop": "end them",
    "status": "print the two variables if they run; exit code 1 if not",
    "checksums": "write SHA256SUMS anew, after a version was raised in pom.xml",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code. What a script reads goes to standard output, the rest to standard error."""
    given = _parser().parse_args(arguments)
    try:
        return _run(given.command, Keeper(given.state))
    except UsageError as error:
        _say(f"Error: {error}")
        return 2
    except OTSWatchError as error:
        _say(f"Error: {error}")
        return 1
    except KeyboardInterrupt:
        return 130


def _run(command: str, keeper: Keeper) -> int:
    match command:
        case "start":
            _prepare()
            return _show(keeper.start())
        case "status":
            return _show(keeper.state())
        case "stop":
            _say("stopped" if keeper.stop() else "nothing was running")
        case "keep":
            keeper.keep()
        case _:
            pin()
            _say(f"{SUMS} is written: look at the difference, then commit it with pom.xml")
    return 0


def _prepare() -> None:
    """Here and now rather than in the background, so that whoever waits sees what for."""
    check()
    downloads = Downloads()
    if not downloads.there():
        _say("Downloading Kafka and Elasticsearch: 150 MB, once …")
    downloads.kafka()


def _show(state: State | None) -> int:
    if state is None:
        _say("not running: python -m deploy.stack start")
        return 1
    for name, value in state.environment.items():
        print(f"{name}={value}")  # noqa: T201 - a command line
    return 0


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - a command line


def _parser() -> argparse.ArgumentParser:
    described = "\n".join(f"  {name:10} {text}" for name, text in _COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="python -m deploy.stack",
        usage="%(prog)s start|stop|status|checksums",
        description=f"The real Kafka and the real Elasticsearch on this machine.\n\n{described}",
        epilog='example: eval "$(python -m deploy.stack start | sed "s/^/export /")"',
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "command", choices=[*_COMMANDS, "keep"], metavar="command"
    )  # keep: the process in the background
    parser.add_argument("--state", type=Path, default=CACHE, help="folder of the state file (default: %(default)s)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
