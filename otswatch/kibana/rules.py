"""Alerting rules and the connector that they write through, as the bodies that Kibana's interface takes.

A free Kibana can send nothing but into an index: letters come from OTS Watch itself. A rule looks back further than it
is old, and drops what it told before by the time of first sight: what was published long ago and is seen now is told.
What becomes findable after something that was seen later was told is missed: docs/reference/kibana.md has the numbers.
"""

from __future__ import annotations

from typing import Any, Final

from otswatch.kibana.model import Rule, Source
from otswatch.kibana.names import Names
from otswatch.kibana.objects import written

#: Documents that one alert carries.
_SIZE: Final = 100


def connectors(names: Names) -> dict[str, dict[str, Any]]:
    """Id → body of a connector. No secret is in it."""
    body = {
        "connector_type_id": ".index",
        "name": names.title("alerts"),
        "config": {"index": names.alerts, "executionTimeField": "written_at", "refresh": False},
        "secrets": {},
    }
    return {_connector(names): body}


def rules(source: Source, names: Names) -> dict[str, dict[str, Any]]:
    """Id → body of a rule."""
    return {names.id("rule", name): _rule(source, names, rule) for name, rule in source.rules.items()}


def _connector(names: Names) -> str:
    return names.id("connector", "alerts")


def _rule(source: Source, names: Names, rule: Rule) -> dict[str, Any]:
    return {
        "name": names.title(rule.title),
        "rule_type_id": ".es-query",
        "consumer": "stackAlerts",
        "schedule": {"interval": f"{rule.every}m"},
        "tags": ["OTS Watch"],
        "params": {
            "searchType": "esQuery",
            "index": [names.index(rule.view)],
            "timeField": source.views[rule.view].time,
            "timeWindowSize": rule.window,
            "timeWindowUnit": "m",
            "esQuery": written(_query(rule)),
            "size": _SIZE,
            "aggType": "count",
            "groupBy": "all",
            "threshold": [0],
            "thresholdComparator": ">",
            "excludeHitsFromPreviousRun": True,
        },
        "actions": [
            {
                "id": _connector(names),
                "group": "query matched",
                # An alert stays active from one look to the next: only the first would be told on a change.
                "frequency": {"summary": False, "notify_when": "onActiveAlert", "throttle": None},
                "params": {"documents": [_DOCUMENT]},
            }
        ],
    }


def _query(rule: Rule) -> dict[str, Any]:
    """What the rule looks for, and the fields that its alert carries."""
    wanted: list[dict[str, Any]] = [{"terms": {field: list(values)}} for field, values in rule.having.items()]
    wanted += [{"exists": {"field": field}} for field in rule.with_any]
    wanted += [{"range": {field: {"gte": least}}} for field, least in rule.at_least.items()]
    return {"query": {"bool": {"filter": wanted}}, "_source": list(rule.shown)}


_DOCUMENT: Final = {
    "rule": "{{rule.name}}",
    "rule_id": "{{rule.id}}",
    "run_at": "{{context.date}}",
    "found": "{{context.value}}",
    "documents": "{{context.hits}}",
    "link": "{{context.link}}",
}
