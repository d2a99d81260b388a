"""What anything that speaks `Index` must do: timelines, order and pages, readers beside writers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from otswatch.errors import UsageError
from otswatch.index import MAX_SIZE, SCORE, Index, Range, Search
from otswatch.query import Keyword, Word, parse
from tests.conformance.indexes import NOON, counts, document, found, put

# --------------------------------------------------------------------------------------------------------- timeline


def test_a_timeline_has_its_empty_intervals(index: Index) -> None:
    for name, day in (("a", 1), ("b", 1), ("c", 4)):
        put(index, document(name, published=datetime(2025, 4, day, 8, tzinfo=UTC)))
    put(index, document("undated"))
    assert counts(index.timeline(Search(), "published", "day")) == [
        ("2025-04-01T00:00:00+00:00", 2),
        ("2025-04-02T00:00:00+00:00", 0),
        ("2025-04-03T00:00:00+00:00", 0),
        ("2025-04-04T00:00:00+00:00", 1),
    ]


def test_a_day_is_a_day_of_the_zone(index: Index) -> None:
    put(index, document("late", published=datetime(2025, 4, 1, 21, 30, tzinfo=UTC)))
    assert counts(index.timeline(Search(), "published", "day")) == [("2025-04-01T00:00:00+00:00", 1)]
    assert counts(index.timeline(Search(), "published", "day", "Asia/Baku")) == [("2025-04-02T00:00:00+04:00", 1)]


def test_weeks_start_on_monday_and_months_on_the_first(index: Index) -> None:
    sunday = datetime(2025, 3, 30, 12, tzinfo=UTC)
    for step in range(4):
        put(index, document(f"n{step}", published=sunday + timedelta(days=step)))
    assert counts(index.timeline(Search(), "published", "week")) == [
        ("2025-03-24T00:00:00+00:00", 1),
        ("2025-03-31T00:00:00+00:00", 3),
    ]
    assert counts(index.timeline(Search(), "published", "month", "Europe/Istanbul")) == [
        ("2025-03-01T00:00:00+03:00", 2),
        ("2025-04-01T00:00:00+03:00", 2),
    ]


def test_days_stay_days_where_clocks_change(index: Index) -> None:
    budapest = ZoneInfo("Europe/Budapest")
    for day in (29, 30, 31):  # clocks go forward on the 30th
        put(index, document(f"d{day}", published=datetime(2025, 3, day, 23, 30, tzinfo=budapest)))
    assert counts(index.timeline(Search(), "published", "day", "Europe/Budapest")) == [
        ("2025-03-29T00:00:00+01:00", 1),
        ("2025-03-30T00:00:00+01:00", 1),
        ("2025-03-31T00:00:00+02:00", 1),
    ]


def test_a_timeline_reaches_to_the_ends_of_the_range(index: Index) -> None:
    put(index, document("a", published=datetime(2025, 4, 2, 8, tzinfo=UTC)))
    days = Range(datetime(2025, 4, 1, tzinfo=UTC), datetime(2025, 4, 4, tzinfo=UTC))
    timeline = index.timeline(Search(ranges={"published": days}), "published", "day")
    assert [bucket.count for bucket in timeline] == [0, 1, 0]
    nothing = index.timeline(Search(query=parse("nothing"), ranges={"published": days}), "published", "day")
    assert [bucket.count for bucket in nothing] == [0, 0, 0]


@pytest.mark.parametrize("zone", ["Mars/Olympus", "", "../etc/passwd", "Europe", "\x00", "\ud800"])
def test_an_unknown_zone_is_the_callers_mistake(index: Index, zone: str) -> None:
    put(index, document("a"))
    with pytest.raises(UsageError, match="zone"):
        index.timeline(Search(), "first_seen", "day", zone)


def test_a_timeline_is_bounded(index: Index) -> None:
    put(index, document("a", published=datetime(1, 1, 1, tzinfo=UTC)), document("b", published=NOON))
    with pytest.raises(UsageError, match="narrow the range"):
        index.timeline(Search(), "published", "day")
    put(index, document("b", version=2, published=datetime.max.replace(tzinfo=UTC)))
    with pytest.raises(UsageError, match="narrow the range"):
        index.timeline(Search(query=parse("id:b")), "published", "month", "Asia/Baku")
    earliest = datetime.min.replace(tzinfo=UTC)
    with pytest.raises(UsageError, match="narrow the range"):
        index.timeline(Search(ranges={"published": Range(earliest, earliest)}), "published", "day")


# ------------------------------------------------------------------------------------------------- order and pages


def test_newest_first_then_by_id_and_undated_last(index: Index) -> None:
    put(
        index,
        document("b", published=NOON),
        document("a", published=NOON),
        document("none2"),
        document("newest", published=NOON + timedelta(days=1)),
        document("none1"),
        document("oldest", published=NOON - timedelta(days=1)),
    )
    order = ["newest", "a", "b", "oldest", "none1", "none2"]
    assert found(index, sort="published") == order
    assert all_pages(index, Search(sort="published", size=1)) == order
    assert all_pages(index, Search(sort="published", size=4)) == order


def test_by_score_the_title_counts_more(index: Index) -> None:
    filler = "The ministers met and spoke at length of many other matters of the day."
    put(
        index,
        document("text", title="Ministers meet", text=f"{filler} Energy was named once."),
        document("title", title="Energy ministers meet", text=filler),
        document("both", title="Energy, energy, energy", text="Energy, energy and energy."),
        document("other", title="Something else", text=filler),
    )
    assert found(index, "energy", sort=SCORE) == ["both", "title", "text"]
    assert found(index, "energy OR -energy", sort=SCORE)[-1] == "other"
    assert found(index, "-energy", sort=SCORE) == ["other"]
    assert len(found(index, "status:ok", sort=SCORE)) == 4
    assert all_pages(index, Search(query=parse("energy"), sort=SCORE, size=1)) == ["both", "title", "text"]


def all_pages(index: Index, search: Search, between: Callable[[int], None] = lambda page: None) -> list[str]:
    """Ids of all pages in turn; `between` is called after each."""
    seen: list[str] = []
    after: str | None = None
    for page in range(1000):
        hits = index.search(
            Search(search.kind, search.query, search.filters, sort=search.sort, size=search.size, after=after)
        )
        seen += [str(hit["id"]) for hit in hits.documents]
        if hits.after is None:
            return seen
        after = hits.after
        between(page)
    raise AssertionError("paging never ends")


@pytest.mark.parametrize("sort", ["first_seen", "published", SCORE])
def test_pages_neither_repeat_nor_hide_while_documents_are_added(index: Index, sort: str) -> None:
    for n in range(20):
        published = None if n % 5 == 0 else NOON + timedelta(hours=n % 7)
        text = " ".join(["zirve"] * (n % 3 + 1))
        put(index, document(f"old{n:02}", first_seen=NOON + timedelta(minutes=n // 2), published=published, text=text))

    def add(page: int) -> None:
        for when in (-5, 5, 500):
            moment = NOON + timedelta(minutes=when)
            put(index, document(f"new{page}{when}", first_seen=moment, published=moment, text="zirve zirve zirve"))
        put(index, document(f"newundated{page}", text="zirve"))

    seen = all_pages(index, Search(query=parse("zirve"), sort=sort, size=3), add)
    assert len(seen) == len(set(seen))
    assert sorted(name for name in seen if name.startswith("old")) == [f"old{n:02}" for n in range(20)]


def test_the_last_page_says_so(index: Index) -> None:
    put(index, *(document(f"a{n}") for n in range(4)))
    for sort in ("first_seen", SCORE):
        first = index.search(Search(size=2, sort=sort))
        last = index.search(Search(size=2, sort=sort, after=first.after))
        assert (first.total, last.total, len(last.documents), last.after) == (4, 4, 2, None)
    nothing = index.search(Search(size=0))
    assert (nothing.total, nothing.documents, nothing.after) == (4, (), None)


@pytest.mark.parametrize(
    "after",
    ["", "x", "!!!", "é", "bm90IGpzb24", "e30", "W10", "WzEsMl0", "WyJmaXJzdF9zZWVuIiwie30iLDNd", "\ud800", "W" * 9999],
)
def test_a_garbled_after_is_the_callers_mistake(index: Index, after: str) -> None:
    put(index, document("a"))
    for sort in ("first_seen", SCORE):
        with pytest.raises(UsageError, match="after"):
            index.search(Search(sort=sort, after=after))


def test_an_after_of_another_order_is_refused(index: Index) -> None:
    put(index, *(document(f"a{n}") for n in range(4)))
    after = index.search(Search(size=1)).after
    with pytest.raises(UsageError, match="after"):
        index.search(Search(sort="published", after=after))
    with pytest.raises(UsageError, match="after"):
        index.search(Search(sort=SCORE, after=after))


@pytest.mark.parametrize(
    "search",
    [
        Search(sort="colour"),
        Search(sort="area"),
        Search(size=-1),
        Search(size=MAX_SIZE + 1),
        Search(kind="recipes"),
        Search(filters={"colour": ["blue"]}),
        Search(filters={"title": ["zirve"]}),
        Search(filters={"headline": ["Zirve"]}),
        Search(ranges={"area": Range(start=NOON)}),
        Search(ranges={"published": Range(start=datetime(2025, 4, 15))}),
        Search(missing=["title"]),
        Search(kind="aliases", sort="at", query=Word("zirve")),
        Search(kind="aliases", sort="at", query=Keyword("area", "energy")),
    ],
)
def test_what_cannot_be_searched_is_the_callers_mistake(index: Index, search: Search) -> None:
    with pytest.raises(UsageError) as caught:
        index.search(search)
    assert "\n" not in str(caught.value)


def test_only_keywords_are_counted_and_only_dates_are_drawn(index: Index) -> None:
    with pytest.raises(UsageError, match="title"):
        index.facets(Search(), ["area", "title"])
    with pytest.raises(UsageError, match="area"):
        index.timeline(Search(), "area", "day")


# ------------------------------------------------------------------------------------------------------- concurrency


def test_readers_and_writers_at_once(index: Index) -> None:
    done = threading.Event()
    failures: list[BaseException] = []
    totals: list[int] = []

    def read() -> None:
        try:
            while not done.is_set():
                hits = index.search(Search(query=parse("zirve area:energy"), size=5))
                assert len(hits.documents) == min(hits.total, 5)
                index.facets(Search(), ["area"])
                totals.append(hits.total)
        except BaseException as error:  # noqa: BLE001 - carried over to the main thread
            failures.append(error)

    def write(worker: int) -> None:
        try:
            for n in range(20):
                index.put([document(f"{worker}-{n}-{m}", text="zirve", area=["energy"]) for m in range(5)])
        except BaseException as error:  # noqa: BLE001 - as above
            failures.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    writers = [threading.Thread(target=write, args=(worker,)) for worker in range(2)]
    for thread in [*readers, *writers]:
        thread.start()
    for thread in writers:
        thread.join()
    done.set()
    for thread in readers:
        thread.join()
    index.refresh()
    assert failures == []
    assert totals == sorted(totals) or len(readers) > 1
    assert index.search(Search(query=parse("zirve"))).total == 200
