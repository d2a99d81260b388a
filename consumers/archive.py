"""The archive: every page as it was fetched, in WARC files, so that every result can be made again.

One page is one WARC `response` record in a gzip member of its own: the answer for any WARC tool, and in the header
`OTSWatch-Page` the rest of the `Page` as JSON (ASCII, without body). Its id is made from page id and fetch time, so
that a page that was archived twice (after a crash, by a replay) is recognised when it is read.

A process writes to one file, `….warc.gz.open`, which loses its `.open` when it is full or closed. A crash leaves it as
it is: it is read up to its last whole record. Nothing is ever appended to another process's file.
"""

from __future__ import annotations

import json
import os
import re
import uuid
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO, FileIO
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import quote

from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from otswatch.bus import Message
from otswatch.consumers.context import Context
from otswatch.consumers.outcome import Outcome, Quarantined, Result
from otswatch.errors import Quarantine
from otswatch.logs import get_logger
from otswatch.records import Page
from otswatch.storage import make_folder, storage_error

log = get_logger(__name__)

#: A file of about this size is closed and the next one begun.
FILE_BYTES = 1_000_000_000

_OPEN = ".open"
_PAGE_HEADER = "OTSWatch-Page"
_READ_BYTES = 1 << 16
_GZIP_START = b"\x1f\x8b\x08"
#: The answer is stored unpacked and whole, so these would mislead readers.
_OF_TRANSFER = frozenset({"content-encoding", "transfer-encoding", "content-length"})
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_ASCII = "".join(map(chr, range(0x20, 0x7F)))
_NOT_IN_A_HEADER = re.compile(r"[\x00-\x1f\x7f]+")


@dataclass(frozen=True, slots=True)
class Damage:
    """What could not be read of one file: records that were cut off or are no pages, and bytes that are no records."""

    file: str
    records: int = 0
    bytes: int = 0


class WarcArchive:
    """The WARC files of `folder`. Written by one thread, read by anybody at any time.

    Raises (when writing):
        StorageFullError, StorageReadOnlyError, DependencyDownError: nothing of this call is in the archive.
    """

    def __init__(self, folder: Path, file_bytes: int = FILE_BYTES) -> None:
        self._folder = folder
        self._file_bytes = file_bytes
        self._file: FileIO | None = None
        self._path = folder
        self.damage: list[Damage] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def write(self, pages: Iterable[Page]) -> None:
        """Append all `pages`; on disk when it returns.

        Raises:
            Quarantine: a page's body cannot be unpacked; nothing was written.
        """
        self.append([encode(page) for page in pages])

    def append(self, records: Sequence[bytes]) -> None:
        """Append records that `encode` made; on disk when it returns."""
        file = self._current()
        end = file.tell()
        try:
            for record in records:
                _write_all(file, record)
            os.fsync(file.fileno())
        except OSError as error:
            self._cut(file, end)
            raise storage_error(self._path, error) from error

    def close(self) -> None:
        """Close the current file, if there is one, under its final name."""
        if self._file is None:
            return
        self._file.close()
        self._file = None
        self._path.rename(self._path.with_name(self._path.name.removesuffix(_OPEN)))
        _sync_folder(self._folder)

    def pages(self, since: datetime | None = None, id_: str | None = None) -> Iterator[Page]:
        """Every page once, by file and place in it; those fetched before `since` are left out.

        With `id_` only the fetches of one page, which are found four times as fast. Never raises on what a file holds:
        what cannot be read is logged and kept in `damage`, which is anew each time.
        """
        self.damage = []
        known: set[str] = set()
        for path in sorted(self._folder.glob("*.warc.gz*")):
            for page in self._pages_of(path, known, b"" if id_ is None else id_.encode()):
                if id_ in (None, page.id) and (since is None or page.fetched_at >= since):
                    yield page

    def _pages_of(self, path: Path, known: set[str], id_: bytes) -> Iterator[Page]:
        damage = Damage(path.name)
        with _opened(path) as file:
            for member in _members(file):
                if isinstance(member, int):
                    damage = replace(damage, bytes=damage.bytes + member)
                    continue
                if id_ not in member[: member.find(b"\r\n\r\n")]:  # a record's header says whose it is
                    continue
                read = _read(member)
                if read is None:
                    damage = replace(damage, records=damage.records + 1)
                elif read[0] not in known:
                    known.add(read[0])
                    yield read[1]
        if damage.records or damage.bytes:
            self.damage.append(damage)
            log.warning("archive.damaged", file=damage.file, records=damage.records, bytes=damage.bytes)

    def _current(self) -> FileIO:
        if self._file is not None and self._file.tell() >= self._file_bytes:
            self.close()
        if self._file is None:
            make_folder(self._folder)
            name = f"otswatch-{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{uuid.uuid4().hex[:8]}.warc.gz{_OPEN}"
            self._path = self._folder / name
            try:
                self._file = self._path.open("xb", buffering=0)  # a buffer would write again what was cut off
                _sync_folder(self._folder)
            except OSError as error:
                raise storage_error(self._path, error) from error
        return self._file

    def _cut(self, file: FileIO, end: int) -> None:
        """Take half a write back, so that what follows stands behind whole records."""
        try:
            os.ftruncate(file.fileno(), end)
            file.seek(end)
        except OSError:
            self._file = None  # left for readers, who stop at the half; the next write begins a new file


def _opened(path: Path) -> IO[bytes]:
    """A file that was open when it was listed may be finished by now."""
    try:
        return path.open("rb")
    except FileNotFoundError:
        return path.with_name(path.name.removesuffix(_OPEN)).open("rb")


def _write_all(file: FileIO, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# --------------------------------------------------------------------------------------------------------- the consumer


class ArchiveWork:
    """The consumer `archive`: a batch of pages is on disk before its offset is committed."""

    def __init__(self, context: Context) -> None:
        self._archive = WarcArchive(context.settings.data / "archive")

    def __call__(self, messages: Sequence[Message]) -> Sequence[Outcome]:
        encoded = [_encoded(message) for message in messages]
        self._archive.append([record for record in encoded if isinstance(record, bytes)])
        return [Result() if isinstance(record, bytes) else record for record in encoded]

    def close(self) -> None:
        self._archive.close()


def _encoded(message: Message) -> bytes | Quarantined:
    try:
        return encode(Page.from_json(message.value))
    except Quarantine as outcome:
        return Quarantined(outcome.reason, outcome.detail)


# ----------------------------------------------------------------------------------------------------------- one record


def record_id(page: Page) -> str:
    """The same for the same page fetched at the same time, in any process."""
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{page.id} {page.fetched_at.astimezone(UTC).isoformat()}')}>"


def encode(page: Page) -> bytes:
    """`page` as a WARC record in a gzip member of its own.

    Raises:
        Quarantine: its body cannot be unpacked.
    """
    out = BytesIO()
    writer = WARCWriter(out, gzip=True)
    content = page.content()
    rest = page.model_dump(mode="json", exclude={"body"})
    headers = [
        (name, quote(_line(value), safe=_ASCII))
        for name, value in page.headers.items()
        if _TOKEN.fullmatch(name) and name not in _OF_TRANSFER
    ]
    record = writer.create_warc_record(
        _line(page.url),
        "response",
        payload=BytesIO(content),
        length=len(content),
        http_headers=StatusAndHeaders(
            f"{page.http_status} {_PAGE_HEADER}", [*headers, ("content-length", str(len(content)))], protocol="HTTP/1.1"
        ),
        warc_headers_dict={
            "WARC-Record-ID": record_id(page),
            "WARC-Date": page.fetched_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            _PAGE_HEADER: json.dumps(rest, ensure_ascii=True),
        },
    )
    writer.write_record(record)
    return out.getvalue()


def _line(text: str) -> str:
    return _NOT_IN_A_HEADER.sub(" ", text)


def _read(member: bytes) -> tuple[str, Page] | None:
    """Record id and page of one unpacked record; null for any other."""
    try:
        record = next(iter(ArchiveIterator(BytesIO(member))), None)
        if record is None or record.rec_type != "response":
            return None
        fields = json.loads(record.rec_headers.get_header(_PAGE_HEADER) or "null")
        body = Page.compress(record.raw_stream.read())
        return record.rec_headers.get_header("WARC-Record-ID"), Page.model_validate({**fields, "body": body})
    except Exception:  # noqa: BLE001 - bytes that somebody damaged: whatever the readers make of them, it is no page
        return None


def _members(file: IO[bytes]) -> Iterator[bytes | int]:
    """The unpacked gzip members of a file whose check sums hold; for the rest, how many bytes were passed over."""
    data = file.read(_READ_BYTES)
    while data:
        unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16)
        raw = bytearray(data)
        parts: list[bytes] = []
        try:
            while data:
                parts.append(unpacker.decompress(data))
                if unpacker.eof:
                    break
                data = file.read(_READ_BYTES)
                raw += data
        except zlib.error:
            pass
        if unpacker.eof:
            yield b"".join(parts)
            data = unpacker.unused_data or file.read(_READ_BYTES)
            continue
        found = raw.find(_GZIP_START, 1)
        passed = found if found > 0 else max(1, len(raw) - len(_GZIP_START) + 1)
        yield passed
        data = bytes(raw[passed:]) or file.read(_READ_BYTES)
