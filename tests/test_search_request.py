"""One request for every surface: read from what was typed, written as a link, turned into a search."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otswatch.errors import QuerySyntaxError, UsageError
from otswatch.expansion import Expanded, Note
from otswatch.index import Range
from otswatch.query import And, Word
from otswatch.search_request import FILTERS, SearchRequest

_values = st.lists(st.text(min_size=1, max_size=8), max_size=3)
_days = st.none() | st.dates()
requests = st.builds(
    SearchRequest,
    q=st.text(max_size=30),
    **dict.fromkeys(FILTERS, _values),
    since=_days,
    until=_days,
    seen_since=_days,
    exact=st.booleans(),
    undated=st.booleans(),
    sort=st.sampled_from(["first_seen", "published", "score"]),
    size=st.integers(1, 1000),
    after=st.none() | st.text(min_size=1, max_size=20),
)


@given(requests)
def test_a_link_holds_the_whole_request(request_: SearchRequest):
    assert SearchRequest.from_query_string(request_.to_query_string()) == request_


@given(requests)
def test_what_a_form_sends_is_the_same_request(request_: SearchRequest):
    blanks = [(name, "") for name in SearchRequest.model_fields if name not in ("sort", "size", "undated")]
    sent = [*blanks, *parse_qsl(request_.to_query_string(), keep_blank_values=True)]
    assert SearchRequest.from_query_string(urlencode(sent)) == request_


def test_a_request_for_everything_is_an_empty_link():
    assert SearchRequest().to_query_string() == ""
    assert SearchRequest.from_query_string("") == SearchRequest()


def test_a_link_says_only_what_differs_in_the_order_of_the_fields():
    request = SearchRequest.of(q="zirve*", undated=True, area=["security", "energy", "security"], since="2026-01-01")
    assert request.to_query_string() == "q=zirve%2A&area=security&area=energy&since=2026-01-01&undated=1"


def test_half_a_surrogate_pair_from_a_broken_command_line_is_replaced():
    request = SearchRequest.of(q="a\udc80", area=["\ud800"])
    assert SearchRequest.from_query_string(request.to_query_string()) == request


def test_a_search_has_the_filters_the_days_of_utc_and_what_readers_see():
    search = SearchRequest.of(
        q="zirve", area=("energy",), since=date(2026, 1, 1), until="2026-02-01", size=5, after="x"
    ).to_search()
    assert dict(search.filters) == {"area": ("energy",), "status": ("ok",)}
    assert dict(search.ranges) == {
        "published": Range(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC))
    }
    assert (search.size, search.after, search.sort, search.missing) == (5, "x", "first_seen", ())


def test_asking_for_a_status_is_asking_for_it_alone():
    assert SearchRequest(status=("discarded",)).to_search().filters == {"status": ("discarded",)}
    assert "status" not in SearchRequest(q="status:discarded").to_search().filters


def test_one_open_end_and_undated():
    search = SearchRequest(seen_since=date(2026, 3, 1), undated=True).to_search()
    assert search.ranges == {"first_seen": Range(datetime(2026, 3, 1, tzinfo=UTC), None)}
    assert search.missing == ("published",)


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ("size=-1", "size: should be greater than or equal to 1, not '-1'"),
        ("size=1001", "size: should be less than or equal to 1000"),
        ("size=many", "size: "),
        ("since=tomorrow", "since: a day such as 2026-03-01 is expected, not 'tomorrow'"),
        ("until=20260301", "until: a day such as"),
        ("seen_since=2026-02-30", "seen_since: a day such as"),
        ("sort=oldest", "sort: should be 'first_seen', 'published' or 'score', not 'oldest'"),
        ("undated=perhaps", "undated: "),
        ("aera=security", "no parameter is called 'aera'; there are: q, exact, area, "),
    ],
)
def test_what_cannot_be_read_is_named_with_what_it_may_hold(typed: str, error: str):
    with pytest.raises(UsageError) as refused:
        SearchRequest.from_query_string(typed)
    assert error in str(refused.value)
    assert len(str(refused.value)) < 300


def test_a_long_value_does_not_flood_the_message():
    with pytest.raises(UsageError) as refused:
        SearchRequest.of(since="x" * 10_000)
    assert len(str(refused.value)) < 200


def test_a_query_is_expanded_unless_it_is_exact():
    request = SearchRequest(q="Turkic Council")
    read = request.read()
    assert read is not None
    assert [note.keyword for note in read.notes] == ["body:ots"]
    assert request.to_search().query == read.node or read.node in getattr(request.to_search().query, "parts", ())
    exact = request.with_changes(exact=True)
    assert exact.read() == Expanded(And((Word("turkic"), Word("council"))))
    assert exact.to_query_string() == "q=Turkic+Council&exact=1"
    assert SearchRequest().read() is None


def test_names_of_the_users_own_taxonomy_are_expanded(tmp_path: Path):
    (tmp_path / "taxonomy").mkdir()
    own = "- {id: steppe_forum, role: body, names: [{name: Steppe Forum, lang: en}, {name: Дала форум*, lang: kk}]}"
    (tmp_path / "taxonomy" / "organisations.yaml").write_text(own, encoding="utf-8")
    read = SearchRequest(q="Steppe Forum").read(tmp_path)
    assert read is not None
    assert read.notes == (Note("Steppe Forum", "body:steppe_forum", ("Steppe Forum", "Дала форум*")),)


def test_a_query_is_read_when_it_is_searched_for():
    with pytest.raises(QuerySyntaxError):
        SearchRequest(q='"open').to_search()


def test_changes_begin_at_the_first_page():
    request = SearchRequest(q="a", area=("energy",), after="x")
    assert request.with_changes(area=()) == SearchRequest(q="a")
