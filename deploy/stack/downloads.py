"""What is downloaded: brought by Maven, held against SHA256SUMS, kept in the clone's `.cache/stack`."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from fcntl import LOCK_EX, flock
from pathlib import Path

from otswatch.errors import DependencyDownError, UsageError

HERE = Path(__file__).parent
CACHE = HERE.parent.parent / ".cache" / "stack"
#: In the format of `sha256sum`; the paths are those below the folder of downloads.
SUMS = HERE / "SHA256SUMS"
#: About 150 MB: enough for a slow line, and an end for one that hangs.
MAVEN_SECONDS = 1800.0


class ChecksumError(UsageError):
    """A download is not what SHA256SUMS says. Nothing of it was run."""


class Downloads:
    """The jars of Kafka and the zip of Elasticsearch.

    Args:
        cache: the folder for all that can be downloaded again.
        sums: the checksums that they must have. A file that is not listed there is never used.
    """

    def __init__(self, cache: Path = CACHE, sums: Path = SUMS) -> None:
        self.cache = cache
        self.folder = cache / "downloads"
        self._sums = sums
        self._stamp = cache / "verified.json"

    def kafka(self) -> list[Path]:
        """The class path of Kafka, verified."""
        return [self.folder / name for name in self._ensure() if name.startswith("kafka/")]

    def elasticsearch(self) -> Path:
        """The zip of Elasticsearch, verified."""
        return next(self.folder / name for name in self._ensure() if name.startswith("elasticsearch/"))

    def there(self) -> bool:
        """Whether nothing needs to be downloaded. Says nothing of checksums."""
        return all((self.folder / name).is_file() for name in _read_sums(self._sums))

    def _ensure(self) -> dict[str, str]:
        """Download what is missing, verify what has changed since it was verified last.

        Raises:
            ChecksumError: something is not what it should be.
            DependencyDownError: Maven cannot bring it.
        """
        sums = _read_sums(self._sums)
        with locked(self.cache / "downloads.lock"):
            if self._verified(sums):
                return sums
            if not self.there():
                self._download(sums)
            verify(self.folder, sums)
            self._stamp.write_text(json.dumps(self._state(sums)), encoding="utf-8")
        return sums

    def _download(self, sums: dict[str, str]) -> None:
        """Into a folder beside it first, so that what is in place has been complete and verified once."""
        part = self.cache / "downloads.part"
        bring(part, self.cache)
        verify(part, sums)
        shutil.rmtree(self.folder, ignore_errors=True)
        part.rename(self.folder)
        shutil.rmtree(_repository(self.cache), ignore_errors=True)  # the same again, and Maven's own plugins

    def _verified(self, sums: dict[str, str]) -> bool:
        """Cheap: whether sizes and times are those of the files that were verified."""
        try:
            return bool(json.loads(self._stamp.read_text(encoding="utf-8")) == self._state(sums))
        except (OSError, ValueError):
            return False

    def _state(self, sums: dict[str, str]) -> dict[str, list[int | str]]:
        found: dict[str, list[int | str]] = {}
        for name, expected in sums.items():
            stat = (self.folder / name).stat()
            found[name] = [expected, stat.st_size, stat.st_mtime_ns]
        return found


def bring(target: Path, cache: Path) -> None:
    """Let Maven, set up as it is on this machine, copy all that pom.xml names to `target`. Nothing is verified.

    Raises:
        UsageError: there is no Maven.
        DependencyDownError: it failed; its last words are in the message.
    """
    program = maven()
    shutil.rmtree(target, ignore_errors=True)
    cache.mkdir(parents=True, exist_ok=True)
    repository = _repository(cache)
    command = [program, "-B", "-q", f"-Dmaven.repo.local={repository}", f"-Ddownloads={target}", "package"]
    try:
        done = subprocess.run(  # noqa: S603 - Maven, with folders of our own
            command, cwd=HERE, capture_output=True, text=True, timeout=MAVEN_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise DependencyDownError(
            f"Maven took longer than {MAVEN_SECONDS:g} s: look at the network, then again"
        ) from None
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-8:])
        raise DependencyDownError(
            f"Maven cannot bring what deploy/stack/pom.xml names; start again to try again:\n{said}"
        )


def maven() -> str:
    """Where Maven is.

    Raises:
        UsageError: there is none.
    """
    found = shutil.which("mvn")
    if found is None:
        raise UsageError("no mvn on PATH: install Maven, which downloads Kafka and Elasticsearch")
    return found


def verify(folder: Path, sums: dict[str, str]) -> None:
    """Read all files that are listed.

    Raises:
        ChecksumError: one is not there or is another one.
    """
    for name, expected in sums.items():
        path = folder / name
        found = digest(path) if path.is_file() else "no such file"
        if found != expected:
            raise ChecksumError(
                f"{path}: SHA-256 is {found}, SHA256SUMS says {expected}. Remove {folder.parent} and start again; "
                "if it stays so, this is not what was pinned: do not run it (where you raised a version: README.md)"
            )


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def pin(cache: Path = CACHE, sums: Path = SUMS) -> None:
    """Write SHA256SUMS anew from what Maven brings now: for who raises a version and looks at the difference."""
    part = cache / "downloads.part"
    bring(part, cache)
    files = sorted(path for path in part.rglob("*") if path.is_file())
    lines = [f"{digest(path)}  {path.relative_to(part).as_posix()}\n" for path in files]
    sums.write_text("".join(lines), encoding="utf-8")


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Held by one process at a time; the kernel gives it back however that process ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        flock(file, LOCK_EX)
        yield


def _read_sums(path: Path) -> dict[str, str]:
    """Checksums by name."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {name: checksum for checksum, name in (line.split(maxsplit=1) for line in lines)}


def _repository(cache: Path) -> Path:
    return cache / "m2"
