"""Alerting rules of the type `.es-query`: what they send at each look, and what makes them miss something."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from otswatch.kibana.verify.files import Files
from otswatch.kibana.verify.findings import Fault, FaultError, Finding
from otswatch.kibana.verify.objects import fields_of
from otswatch.kibana.verify.server import Server

_UNITS: Final = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
_INTERVAL = re.compile(r"(\d+)([smhd])")
#: Hits that Elasticsearch gives at once.
_MOST: Final = 10_000
_GROUP: Final = "query matched"


def request(params: dict[str, Any], now: datetime, told: int | None = None) -> dict[str, Any]:
    """What a rule sends at a look.

    Args:
        told: the newest `timeField` that was told before, in milliseconds since 1970; what is not newer is left out.
    """
    since = now - timedelta(**{_UNITS[params["timeWindowUnit"]]: params["timeWindowSize"]})
    time, asked = params["timeField"], json.loads(params["esQuery"])
    wanted = [asked["query"], {"range": {time: {"gte": since.isoformat(), "lte": now.isoformat()}}}]
    if told is not None and params["excludeHitsFromPreviousRun"]:
        wanted.append({"bool": {"must_not": [{"range": {time: {"lte": told, "format": "epoch_millis"}}}]}})
    sort = [{time: {"order": "desc", "format": "epoch_millis"}}]
    body = {"query": {"bool": {"filter": wanted}}, "size": params["size"], "sort": sort, "track_total_hits": True}
    return {**body, **({"source": asked["_source"]} if "_source" in asked else {})}


def told_at(answer: dict[str, Any], before: int | None = None) -> int | None:
    """The newest `timeField` that a rule told with this answer, or told before."""
    hits = answer["hits"]["hits"]
    return int(hits[0]["sort"][0]) if hits else before


def findings(files: Files, server: Server, body: dict[str, Any]) -> Iterator[Finding]:
    """What is wrong with a rule."""
    where = f"rule {body['name']}"
    if body["rule_type_id"] != ".es-query" or body["params"]["searchType"] != "esQuery":
        yield Finding(where, Fault.UNKNOWN_CHART, f"{body['rule_type_id']} is no rule that is known here: .es-query is")
        return
    for key in ("name", "consumer"):
        if not isinstance(body[key], str) or not body[key]:
            yield Finding(where, Fault.UNREADABLE, f"{key} is no text")
    yield from _actions(files, body, where)
    yield from _settings(body["params"], where)
    for index in body["params"]["index"]:
        try:
            yield from _asked(files, server, body, index)
        except FaultError as error:
            yield error.at(where)


def _actions(files: Files, body: dict[str, Any], where: str) -> Iterator[Finding]:
    if not body["actions"]:
        yield Finding(where, Fault.EMPTY, "tells nobody: it has no action")
    for action in body["actions"]:
        if action["id"] not in files.connectors:
            yield Finding(where, Fault.BROKEN_REFERENCE, f"there is no connector {action['id']}")
        if action["group"] != _GROUP:
            yield Finding(where, Fault.BROKEN_REFERENCE, f"{action['group']}: alerts of this rule are of '{_GROUP}'")
        if action["frequency"]["notify_when"] != "onActiveAlert":
            yield Finding(where, Fault.WRONG_TIME, "tells the first time alone: an alert stays active; onActiveAlert")


def _settings(params: dict[str, Any], where: str) -> Iterator[Finding]:
    if params["groupBy"] != "all" or params["aggType"] != "count":
        yield Finding(where, Fault.UNKNOWN_CHART, "only rules that count all of what they find are known here")
    if params["threshold"] != [0] or params["thresholdComparator"] != ">":
        yield Finding(where, Fault.EMPTY, "does not tell a single document: threshold [0], comparator >")
    if not 0 < params["size"] <= _MOST:
        yield Finding(where, Fault.BAD_QUERY, f"size {params['size']}: from 1 to {_MOST:,}")
    if not params["excludeHitsFromPreviousRun"]:
        yield Finding(where, Fault.WRONG_TIME, "tells the same again at each look: excludeHitsFromPreviousRun")


def _asked(files: Files, server: Server, body: dict[str, Any], index: str) -> Iterator[Finding]:
    where, params = f"rule {body['name']}", body["params"]
    fields = server.fields(index)
    yield from _times(files, body, index, where)
    time = params["timeField"]
    if time not in fields or fields[time].type != "date":
        raise FaultError(Fault.WRONG_TIME, f"its time is {time}, which is no date of {index}")
    try:
        asked = json.loads(params["esQuery"])
    except ValueError as error:
        raise FaultError(Fault.BAD_QUERY, f"esQuery is no JSON: {error}") from None
    for field in (*fields_of(asked["query"]), *asked.get("_source", ())):
        if field not in fields:
            raise FaultError(Fault.UNKNOWN_FIELD, f"{index} does not have {field}")
    if not server.count(index, asked["query"]):
        raise FaultError(Fault.EMPTY, f"finds nothing in {index}, of whatever time")
    server.search(index, request(params, datetime.fromisoformat("2026-01-01T00:00:00+00:00")), Fault.BAD_QUERY)


def _times(files: Files, body: dict[str, Any], index: str, where: str) -> Iterator[Finding]:
    """Its time is that of the index's data view, and it looks further back than it waits."""
    params = body["params"]
    for (type_, _), saved in files.objects.items():
        time = saved.attributes.get("timeFieldName")
        if type_ == "index-pattern" and saved.attributes["title"] == index and time != params["timeField"]:
            what = (
                f"its time is {params['timeField']}, that of the data view {time}: what comes late would never be told"
            )
            yield Finding(where, Fault.WRONG_TIME, what)
    every = _INTERVAL.fullmatch(body["schedule"]["interval"])
    if every is None:
        yield Finding(where, Fault.WRONG_TIME, f"interval {body['schedule']['interval']}: write 5m")
        return
    waits = timedelta(**{_UNITS[every[2]]: int(every[1])})
    if timedelta(**{_UNITS[params["timeWindowUnit"]]: params["timeWindowSize"]}) <= waits:
        yield Finding(
            where, Fault.WRONG_TIME, f"looks no further back than {waits}, which it waits: something falls through"
        )
