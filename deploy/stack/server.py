"""A server in a process of its own, on a leash: it ends with the process that started it, however that ended."""

from __future__ import annotations

import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

from otswatch.errors import DependencyDownError, UsageError

#: How long a server may take to end in order, and to be ready.
GRACE_SECONDS, START_SECONDS = 30, 180.0
#: Below the ports that the kernel hands to outgoing connections: a server that is started again finds its port free.
_PORTS = range(20_000, 32_000)

#: The leash: a shell at the head of the server's process group. It reads a pipe whose other end only the starter holds:
#: a word on it means: end, your folder is kept; its end means: the starter is gone, and nobody else will tidy up.
#: A shell, since it needs no more of the clone than this text: it may run as a user who cannot enter it.
_LEASH = """
folder=$1 grace=$2
shift 2
exec 3<&0 </dev/null
"$@" 3<&- &
server=$!
{
    read -r word <&3 || : >"$folder/orphan"
    kill -TERM "$server"
    sleep "$grace"
    kill -KILL "$server"
} 2>/dev/null &
exec 3<&-
wait "$server"
if [ -e "$folder/orphan" ]; then rm -rf -- "$folder"; fi
kill -KILL 0
"""


class Server:
    """One server: `start`, `stop`, `kill`, as often as needed, on one port with one folder; `remove` at the end.

    Args:
        user: who it runs as; None: who we are.
    """

    name = "server"

    def __init__(self, user: str | None = None) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"otswatch-{self.name}-"))
        self.port = free_port()
        self._user = user
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """What OTS Watch is given to find it."""
        raise NotImplementedError

    @property
    def log(self) -> Path:
        """What it prints."""
        return self.folder / f"{self.name}.log"

    @property
    def pid(self) -> int | None:
        """The head of its process group while it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def start(self) -> None:
        """Start it and wait until it is ready."""
        self.launch()
        self.wait()

    def launch(self) -> None:
        """Start it. Its folder is laid out the first time."""
        if self.pid is not None:
            return
        self.stop()  # where it ended by itself
        if self._process is None:
            self._lay_out()
        with self.log.open("ab") as log:
            self._process = self._run(self._command(), self._environment(), log.fileno())

    def wait(self) -> None:
        """Until it is ready.

        Raises:
            DependencyDownError: it ended, or takes too long.
        """
        deadline = time.monotonic() + START_SECONDS
        while not self._ready():
            if self.pid is None:
                raise DependencyDownError(
                    f"{self.name} ended while it was starting. Its log ends with:\n{self._last_words()}"
                )
            if time.monotonic() > deadline:
                raise DependencyDownError(
                    f"{self.name} is not ready after {START_SECONDS:g} s. Its log ends with:\n{self._last_words()}"
                )
            time.sleep(0.1)

    def stop(self) -> None:
        """End it in order and wait; its data stays."""
        process = self._process
        if process is None or process.stdin is None or process.stdin.closed:
            return
        self.signal(signal.SIGCONT)
        with suppress(BrokenPipeError):  # it ended by itself
            process.stdin.write(b"stop\n")
            process.stdin.flush()
        with suppress(BrokenPipeError):
            process.stdin.close()
        try:
            process.wait(GRACE_SECONDS + 10)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End it at once, as a power cut does; its data stays."""
        self.signal(signal.SIGKILL)
        if self._process is not None:
            self._process.wait()
            self.stop()  # lets go of the leash

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to all its processes; nothing where it does not run. SIGSTOP stops its leash, too."""
        if self.pid is not None:
            os.killpg(self.pid, number)

    def remove(self) -> None:
        """Stop it and remove its folder."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, command: Sequence[str], environment: Mapping[str, str], log: int) -> subprocess.Popen[bytes]:
        leash = ["/bin/sh", "-c", _LEASH, f"otswatch-{self.name}", str(self.folder), str(GRACE_SECONDS), *command]
        return subprocess.Popen(  # noqa: S603 - a server of our own
            leash,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            cwd=self.folder,
            env={**os.environ, **environment},
            start_new_session=True,  # Ctrl-C is for the starter
            user=self._user,
            group=None if self._user is None else _group(self._user),
            extra_groups=None if self._user is None else [],
        )

    def _lay_out(self) -> None:
        """Fill its folder before the first start."""

    def _command(self) -> list[str]:
        raise NotImplementedError

    def _environment(self) -> dict[str, str]:
        return {}

    def _ready(self) -> bool:
        raise NotImplementedError

    def _last_words(self) -> str:
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on."""
    for port in random.SystemRandom().sample(_PORTS, 100):
        with socket.socket() as tried:
            try:
                tried.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise DependencyDownError(f"no free port of 127.0.0.1 from {_PORTS.start} to {_PORTS.stop}: end what holds them")


def _group(user: str) -> int:
    try:
        return pwd.getpwnam(user).pw_gid
    except KeyError:
        raise UsageError(f"no user {user} on this machine, as whom to run what refuses to run as root") from None
