"""The archive: pages come back as they went in, whatever happens to the files."""

from __future__ import annotations

import errno
import gzip
import os
import resource
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from otswatch.bus import Message
from otswatch.consumers.archive import ArchiveWork, Damage, WarcArchive, encode, record_id
from otswatch.consumers.context import Context
from otswatch.consumers.outcome import Quarantined, Result
from otswatch.errors import DependencyDownError, Quarantine, StorageFullError
from otswatch.records import Discovery, Page
from otswatch.settings import Settings
from otswatch.urls import URL_RULES, page_id
from tests.strategies import moments, words

START = datetime(2026, 5, 4, 9, 0, 0, 123456, tzinfo=UTC)


def page(number: int = 1, body: bytes = b"<p>One meeting, three words", **fields: object) -> Page:
    url = f"https://example.com/news/{number}"
    given = {
        "id": page_id(url),
        "url": url,
        "url_rules": URL_RULES,
        "requested_url": url,
        "source": "example",
        "http_status": 200,
        "headers": {"content-type": "text/html; charset=utf-8"},
        "body": Page.compress(body),
        "fetched_at": START + timedelta(minutes=number),
        "first_seen": START,
        "discovery": Discovery(by="feed", via="https://example.com/feed", title="Görüş", published="Mon, 4 May 2026"),
    }
    return Page(**{**given, **fields})


anything = st.builds(
    page,
    number=st.integers(1, 5),
    body=st.binary(max_size=300),
    url=words.map(lambda text: f"https://example.com/{text}"),
    http_status=st.integers(100, 599),
    headers=st.dictionaries(words, st.text(max_size=20), max_size=3),
    fetched_at=moments,
    discovery=st.builds(Discovery, by=st.just("feed"), via=words, title=words, published=words),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(pages=st.lists(anything, max_size=4, unique_by=record_id))
def test_what_goes_in_comes_out(tmp_path_factory, pages):
    archive = WarcArchive(tmp_path_factory.mktemp("archive"))
    archive.write(pages)
    assert list(archive.pages()) == pages
    archive.close()
    assert list(archive.pages()) == pages
    assert archive.damage == []


def test_pages_are_readable_before_the_file_is_closed_and_by_any_warc_tool(tmp_path):
    archive = WarcArchive(tmp_path)
    long_title = "Ş" * 100_000
    archive.write([page(1), page(2, discovery=Discovery(by="feed", title=long_title))])
    (path,) = tmp_path.iterdir()
    assert path.name.endswith(".warc.gz.open")
    assert [each.discovery.title for each in archive.pages()] == ["Görüş", long_title]
    with path.open("rb") as file:
        found = [
            (record.rec_type, record.rec_headers.get_header("WARC-Target-URI"), record.content_stream().read())
            for record in ArchiveIterator(file, check_digests=True)
        ]
    assert found[0] == ("response", "https://example.com/news/1", b"<p>One meeting, three words")


def test_headers_of_the_transfer_do_not_mislead_warc_tools(tmp_path):
    headers = {"transfer-encoding": "chunked", "content-encoding": "gzip", "x-odd name\n": "a\r\n\r\nb", "x-a": "ş"}
    archive = WarcArchive(tmp_path)
    archive.write([page(headers=headers)])
    (path,) = tmp_path.iterdir()
    with path.open("rb") as file:
        (body,) = [record.content_stream().read() for record in ArchiveIterator(file)]
    assert body == b"<p>One meeting, three words"
    assert [each.headers for each in archive.pages()] == [headers]


def test_closed_files_have_their_final_name_and_full_ones_are_closed(tmp_path):
    with WarcArchive(tmp_path, file_bytes=1) as archive:
        archive.write([page(1)])
        archive.write([page(2)])
        assert sorted(path.name.endswith(".open") for path in tmp_path.iterdir()) == [False, True]
    assert all(path.name.endswith(".warc.gz") for path in tmp_path.iterdir())
    assert [each.url[-1] for each in archive.pages()] == ["1", "2"]


def test_a_file_that_is_finished_while_others_are_read_is_read_under_its_final_name(tmp_path):
    with WarcArchive(tmp_path) as before:
        before.write([page(1)])
    writer, read = WarcArchive(tmp_path), []
    writer.write([page(2)])
    for each in WarcArchive(tmp_path).pages():
        read.append(each.url[-1])
        writer.close()
    assert read == ["1", "2"]


def test_since_counts_from_the_fetch(tmp_path):
    archive = WarcArchive(tmp_path)
    archive.write([page(number) for number in range(1, 5)])
    assert [each.url[-1] for each in archive.pages(since=START + timedelta(minutes=3))] == ["3", "4"]


def test_replays_are_recognised_across_files(tmp_path):
    first, second = WarcArchive(tmp_path), WarcArchive(tmp_path)
    first.write([page(1), page(2)])
    second.write([page(2), page(3), page(2, body=b"edited", fetched_at=START + timedelta(hours=1))])
    assert [each.url[-1] for each in WarcArchive(tmp_path).pages()] == ["1", "2", "3", "2"]


def test_a_file_cut_at_any_byte_gives_every_record_before_the_cut(tmp_path):
    whole = tmp_path / "whole"
    pages = [page(1), page(2, body=os.urandom(200)), page(3)]
    ends, archive = [0], WarcArchive(whole)
    for each in pages:
        archive.write([each])
        ends.append(next(whole.iterdir()).stat().st_size)
    data = next(whole.iterdir()).read_bytes()
    cut = tmp_path / "cut"
    cut.mkdir()
    for length in range(len(data) + 1):
        (cut / "a.warc.gz.open").write_bytes(data[:length])
        reader = WarcArchive(cut)
        complete = sum(end <= length for end in ends[1:])
        assert list(reader.pages()) == pages[:complete]
        assert reader.damage == ([] if length in ends else [Damage("a.warc.gz.open", 0, length - ends[complete])])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(garbage=st.binary(max_size=300), place=st.integers(0, 2), gzipped=st.booleans())
def test_garbage_between_records_hides_none_of_them(tmp_path_factory, garbage, place, gzipped):
    folder = tmp_path_factory.mktemp("archive")
    records = [encode(page(1)), encode(page(2))]
    records.insert(place, gzip.compress(garbage) if gzipped else garbage)
    (folder / "a.warc.gz").write_bytes(b"".join(records))
    assert [each.url[-1] for each in WarcArchive(folder).pages()] == ["1", "2"]


def test_no_folder_is_an_empty_archive(tmp_path):
    assert list(WarcArchive(tmp_path / "none").pages()) == []


def test_a_full_disk_leaves_no_half_record(tmp_path, monkeypatch):
    archive = WarcArchive(tmp_path)
    archive.write([page(1)])

    def no_room(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("otswatch.consumers.archive.os.fsync", no_room)
        with pytest.raises(StorageFullError):
            archive.write([page(2)])
    archive.write([page(3)])
    assert [each.url[-1] for each in archive.pages()] == ["1", "3"]
    assert archive.damage == []


def test_half_a_write_is_taken_back(tmp_path):
    archive = WarcArchive(tmp_path)
    archive.write([page(1)])
    (path,) = tmp_path.iterdir()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 50, before[1]))
    try:
        with pytest.raises(DependencyDownError):
            archive.write([page(2)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    archive.write([page(3)])
    assert [each.url[-1] for each in archive.pages()] == ["1", "3"]
    assert archive.damage == []


def test_a_body_that_cannot_be_unpacked_writes_nothing(tmp_path):
    archive = WarcArchive(tmp_path)
    with pytest.raises(Quarantine):
        archive.write([page(1), page(2).replace(body=b"not zstd")])
    assert list(archive.pages()) == []


def message(value: bytes) -> Message:
    return Message("pages", 0, 0, "key", value, {}, START)


def test_the_consumer_archives_what_it_can_and_says_what_it_cannot(tmp_path):
    context = Context(settings=Settings(data=tmp_path), index=None, state=None)
    work = ArchiveWork(context)
    bad = page(2).replace(body=b"not zstd")
    outcomes = work([message(page(1).to_json()), message(bad.to_json()), message(b"{"), message(page(3).to_json())])
    assert [type(outcome) for outcome in outcomes] == [Result, Quarantined, Quarantined, Result]
    assert [each.url[-1] for each in WarcArchive(tmp_path / "archive").pages()] == ["1", "3"]
    work.close()
