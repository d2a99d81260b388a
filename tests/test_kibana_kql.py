"""KQL, against the queries that Kibana's own parser makes of it, and what Kibana would let pass in silence."""

from __future__ import annotations

from typing import Any

import pytest

from otswatch.kibana.verify.findings import Fault, FaultError
from otswatch.kibana.verify.kql import Capability, translate

FIELDS = {
    "status": Capability("keyword", searchable=True, aggregatable=True),
    "story_role": Capability("keyword", searchable=True, aggregatable=True),
    "story": Capability("keyword", searchable=True, aggregatable=True),
    "title": Capability("text", searchable=True, aggregatable=False),
    "published": Capability("date", searchable=True, aggregatable=True),
    "quotes": Capability("integer", searchable=True, aggregatable=True),
    "record": Capability("object", searchable=False, aggregatable=False),
}


def either(*queries: Any) -> dict[str, Any]:
    return {"bool": {"should": list(queries), "minimum_should_match": 1}}


def both(*queries: Any) -> dict[str, Any]:
    return {"bool": {"filter": list(queries)}}


def no(query: Any) -> dict[str, Any]:
    return {"bool": {"must_not": [query]}}


OK, GONE = {"match": {"status": "ok"}}, {"match": {"status": "gone"}}


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("", {"match_all": {}}),
        ("   ", {"match_all": {}}),
        ("*:*", {"match_all": {}}),
        ("status:ok", OK),
        ("status : ok", OK),
        ('status : "ok"', {"match_phrase": {"status": "ok"}}),
        ("status : *", {"exists": {"field": "status"}}),
        ("not status : *", no({"exists": {"field": "status"}})),
        ("status : o*", {"wildcard": {"status": {"value": "o*"}}}),
        (r"status : o\*k", {"match": {"status": "o*k"}}),
        ('status : "o*"', {"match_phrase": {"status": "o*"}}),
        (r"status : a\:b", {"match": {"status": "a:b"}}),
        ("title : ferry line", {"match": {"title": "ferry line"}}),
        ("title : fer* line", {"query_string": {"fields": ["title"], "query": "fer* line"}}),
        ("quotes > 3", {"range": {"quotes": {"gt": "3"}}}),
        ("published >= now-7d", {"range": {"published": {"gte": "now-7d"}}}),
        ("published : 2026-03-03", {"range": {"published": {"gte": "2026-03-03", "lte": "2026-03-03"}}}),
        ("ferry", {"multi_match": {"type": "best_fields", "query": "ferry", "lenient": True}}),
        ('"a ferry"', {"multi_match": {"type": "phrase", "query": "a ferry", "lenient": True}}),
        ("status:ok or status:gone", either(OK, GONE)),
        ("status:ok OR status:gone", either(OK, GONE)),
        ("status:(ok or gone)", either(OK, GONE)),
        ("status:(not ok)", no(OK)),
        ("status:(ok and not gone)", both(OK, no(GONE))),
        ("status:ok and quotes < 1 or status:gone", either(both(OK, {"range": {"quotes": {"lt": "1"}}}), GONE)),
        ("status:ok and (quotes < 1 or status:gone)", both(OK, either({"range": {"quotes": {"lt": "1"}}}, GONE))),
        ("not (status:ok or status:gone)", no(either(OK, GONE))),
        ("story* : ok", either({"match": {"story_role": "ok"}}, {"match": {"story": "ok"}})),
        ("status:notable", {"match": {"status": "notable"}}),
        ("status:order", {"match": {"status": "order"}}),
    ],
)
def test_means_what_kibana_makes_of_it(text: str, query: dict[str, Any]):
    assert translate(text, FIELDS) == query


@pytest.mark.parametrize(
    "text",
    [
        "status:",
        ":ok",
        "(status:ok",
        "status:ok)",
        "status:ok and",
        "or status:ok",
        "not",
        "not not status:ok",
        'title:"a',
        "a:b:c",
        "quotes >",
        "quotes > (1 or 2)",
        "status:{a:b}",
    ],
)
def test_says_what_cannot_be_read(text: str):
    with pytest.raises(FaultError, match="is no KQL") as caught:
        translate(text, FIELDS)
    assert caught.value.fault == Fault.BAD_QUERY


@pytest.mark.parametrize(
    "text", ["state:ok", "not state:*", "state > 3", "stat*e : ok", "status:ok and state:(a or b)"]
)
def test_says_which_field_is_not_there(text: str):
    with pytest.raises(FaultError, match="does not have stat") as caught:
        translate(text, FIELDS)
    assert caught.value.fault == Fault.UNKNOWN_FIELD


def test_says_what_cannot_be_searched():
    with pytest.raises(FaultError, match="record is shown, but cannot be searched"):
        translate("record : a", FIELDS)
