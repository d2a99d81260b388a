"""Requests for quotes as links, whom of the register a name means, and what ids are called."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otswatch import taxonomy
from otswatch.quotations import Count, Labels, QuoteRequest, counted_by, tally
from otswatch.taxonomy.called import in_full, in_short
from tests import quoting
from tests.test_quote_projection import utterances

_LISTS = [name for name, field in QuoteRequest.model_fields.items() if field.default == ()]
_values = st.lists(st.text(min_size=1, max_size=8), max_size=3)
_days = st.none() | st.dates()
requests = st.builds(
    QuoteRequest,
    q=st.text(max_size=30),
    **dict.fromkeys(_LISTS, _values),
    since=_days,
    until=_days,
    exact=st.booleans(),
    undated=st.booleans(),
    copies=st.booleans(),
    direct=st.sampled_from([None, True, False]),
    size=st.integers(1, 1000),
    after=st.none() | st.text(min_size=1, max_size=20),
)


@given(requests)
def test_a_link_holds_the_whole_request(request_: QuoteRequest):
    assert QuoteRequest.from_query_string(request_.to_query_string()) == request_


@given(requests)
def test_what_a_form_sends_is_the_same_request(request_: QuoteRequest):
    blanks = [(name, "") for name in ("q", *_LISTS, "since", "until", "direct", "after")]
    sent = [*blanks, *parse_qsl(request_.to_query_string(), keep_blank_values=True)]
    assert QuoteRequest.from_query_string(urlencode(sent)) == request_


@given(st.text(max_size=40), st.booleans())
def test_any_name_can_be_looked_for(name: str, exact: bool):
    assert QuoteRequest(speaker=(name,), exact=exact).to_search().kind == "quotes"


@pytest.mark.parametrize(
    ("name", "full", "short"),
    [
        ("HAKAN FİDAN", ["hakan_fidan"], ["hakan_fidan"]),
        ("Хакан Фидан", ["hakan_fidan"], ["hakan_fidan"]),
        ("Fidan", [], ["hakan_fidan"]),
        ("Orbán", [], ["viktor_orban"]),
        ("Viktor", [], []),
        ("Nobody", [], []),
        ("", [], []),
    ],
)
def test_whom_of_the_register_a_name_means(name: str, full: list[str], short: list[str]):
    known = taxonomy.load()
    assert (in_full(known, name), in_short(known, name)) == (full, short)


def test_a_family_name_of_several_is_all_of_theirs():
    people = in_short(taxonomy.load(), "Aliyev")
    assert "ilham_aliyev" in people
    assert len(people) == len(set(people))


def test_ids_have_names_and_what_has_none_stands_for_itself():
    labels = Labels(taxonomy.load())
    assert [labels.of("state", id_) for id_ in ("tr", "ots", "atlantis")] == [
        "Türkiye",
        "Organization of Turkic States",
        "atlantis",
    ]
    assert [labels.of("speaker", id_) for id_ in ("hakan_fidan", "Selim Aksoy")] == ["Hakan Fidan", "Selim Aksoy"]
    assert (labels.of("area", "energy"), labels.office("foreign_minister")) == ("Energy", "Minister of Foreign Affairs")
    assert counted_by("area", [Count(None, 2)], labels) == {
        "by": "area",
        "counts": [{"key": None, "name": None, "count": 2}],
    }


def test_months_go_over_the_end_of_the_year_and_nothing_has_none():
    said = [utterances(quoting.article(day, "words", day=day))[0] for day in ("2025-11-30", "2026-02-01")]
    assert [(count.key, count.count) for count in tally(said, "month")] == [
        ("2025-11", 1),
        ("2025-12", 0),
        ("2026-01", 0),
        ("2026-02", 1),
    ]
    assert tally([], "month") == []
