"""Brings everything into a Kibana: objects by `_import`, the connector and the rules by their own interfaces.

Each has an id of ours, so what stands is put right and nothing is made twice. Rules run with the rights of the user who
is named in the address.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import requests

from otswatch.errors import ConfigError, DependencyDownError
from otswatch.kibana.bundle import CONNECTORS, OBJECTS, RULES, bundle
from otswatch.settings import without_password

#: An import of dashboards takes Kibana some seconds.
_SECONDS: Final = 60.0
#: A right is given, or a password renewed, while somebody waits.
_NOT_NOW: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN})
_READS_TYPE: Final = {"connector": "connector_type_id", "rule": "rule_type_id"}
_PATHS: Final = {"connector": "api/actions/connector", "rule": "api/alerting/rule"}
#: What is said of a thing when it is made, and cannot be changed then.
_FIXED: Final = {"connector": ("connector_type_id",), "rule": ("rule_type_id", "consumer")}


def install(url: str, namespace: str, ca_file: Path | None = None) -> list[str]:
    """Import everything, over what stands there. Safe to run again.

    Args:
        url: `http[s]://[user:password@]host:port[/s/space]`.
        ca_file: PEM file of the authority that signed its certificate; null for those that are known.

    Returns:
        What was done, a line each.

    Raises:
        ConfigError: Kibana refuses something, or it is no Kibana.
        DependencyDownError: it does not answer, or does not let us.
    """
    files = bundle(namespace)
    kibana = _Kibana(url, ca_file)
    done = [kibana.load(files[OBJECTS])]
    for kind, name in (("connector", CONNECTORS), ("rule", RULES)):
        done += [kibana.put(kind, id_, body) for id_, body in json.loads(files[name]).items()]
    return done


class _Kibana:
    def __init__(self, url: str, ca_file: Path | None) -> None:
        self._verify = str(ca_file) if ca_file else True
        self._url = url.rstrip("/")
        self._shown = without_password(self._url)

    def load(self, objects: str) -> str:
        files = {"file": (OBJECTS, objects.encode(), "application/ndjson")}
        answer = self._read(self._ask("POST", "api/saved_objects/_import?overwrite=true", files=files))
        if not answer.get("success"):
            raise ConfigError(f"Kibana at {self._shown} did not take all objects: {_errors(answer)}")
        return f"{self._shown}: {answer.get('successCount')} objects imported"

    def put(self, kind: str, id_: str, body: Mapping[str, Any]) -> str:
        path = f"{_PATHS[kind]}/{id_}"
        standing = self._ask("GET", path)
        if standing.status_code == HTTPStatus.NOT_FOUND:
            self._read(self._ask("POST", path, json=body))
            return f"{self._shown}: {kind} made: {body['name']}"
        made = self._read(standing).get(_READS_TYPE[kind])
        if made != body[_READS_TYPE[kind]]:
            raise ConfigError(f"Kibana at {self._shown}: {kind} {id_} is of type {made}: delete it, and run this again")
        changed = {key: value for key, value in body.items() if key not in _FIXED[kind]}
        self._read(self._ask("PUT", path, json=changed))
        return f"{self._shown}: {kind} put right: {body['name']}"

    def _ask(self, method: str, path: str, **sent: Any) -> requests.Response:
        try:
            return requests.request(
                method,
                f"{self._url}/{path}",
                headers={"kbn-xsrf": "true"},
                timeout=_SECONDS,
                verify=self._verify,
                allow_redirects=False,
                **sent,
            )
        except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, requests.exceptions.MissingSchema):
            raise ConfigError(f"{self._shown} is no address of a Kibana; write https://HOST:5601") from None
        except requests.RequestException as error:
            what = type(error).__name__
            raise DependencyDownError(f"Kibana at {self._shown} does not answer ({what}): is it running?") from None

    def _read(self, answer: requests.Response) -> dict[str, Any]:
        status = answer.status_code
        if status in _NOT_NOW or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            raise DependencyDownError(f"Kibana at {self._shown} answers {status}: {_said(answer)}")
        if status != HTTPStatus.OK:
            raise ConfigError(f"Kibana at {self._shown} refuses ({status}): {_said(answer)}")
        try:
            return dict(answer.json())
        except (ValueError, TypeError):
            raise ConfigError(f"{self._shown} does not answer as Kibana does: is the address right?") from None


def _said(answer: requests.Response) -> str:
    try:
        return str(answer.json()["message"])[:300]
    except (ValueError, KeyError, TypeError):
        return " ".join(answer.text.split())[:100] or "nothing more"


def _errors(answer: Mapping[str, Any]) -> str:
    """The first three of what was refused."""
    refused = answer.get("errors") or []
    said = [f"{one.get('type')} {one.get('id')}: {one.get('error', {}).get('type')}" for one in refused[:3]]
    return "; ".join(said) + (f"; and {len(refused) - 3} more" if len(refused) > 3 else "")
