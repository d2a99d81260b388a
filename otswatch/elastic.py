"""One way to reach Elasticsearch, for index and state: the client, names on a shared cluster, errors in our words.

Nothing here retries: who asks knows whether the same request may be made again, and the runner waits for as long as it
takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from elastic_transport.client_utils import DEFAULT
from elasticsearch import ApiError, BadRequestError, Elasticsearch, NotFoundError, TransportError
from elasticsearch import ConnectionError as NoConnectionError

from otswatch.errors import ConfigError, DependencyDownError, NewerDataError, StorageFullError
from otswatch.settings import without_password

#: An answer takes milliseconds; a bulk of large documents on a busy node some seconds.
REQUEST_SECONDS = 30.0
#: Status of an answer: a newer version stands, or there is one.
CONFLICT = 409
#: 401 and 403 stand here because a role is put right, or a password renewed, while we wait.
_WAIT = frozenset({401, 403, 408, 429, 500, 502, 503, 504})
_DISK_BLOCK = "disk usage exceeded flood-stage watermark"
#: Somebody put a second index behind an alias of ours.
_NO_WRITE_INDEX = "no write index is defined for alias"


def connect(url: str, ca_file: Path | None = None) -> Elasticsearch:
    """A client of the cluster at `url` (`http[s]://[user:password@]host:port`); nothing is asked yet.

    Args:
        ca_file: PEM file of the authority that signed the cluster's certificate; null for those the system trusts.

    Raises:
        ConfigError: not such an address.
    """
    trusted = str(ca_file) if ca_file and url.startswith("https:") else DEFAULT
    # Where these signs are not written as %23 %2F %3F, an address ends: what follows would be its path, which is shown.
    if set("#/?").isdisjoint(url.partition("://")[2].rpartition("@")[0]):
        # The client's own error holds the whole address, with the password in it.
        with suppress(ValueError):
            return Elasticsearch(url, request_timeout=REQUEST_SECONDS, max_retries=0, ca_certs=trusted)
    raise ConfigError(
        f"OTSWATCH_INDEX={without_password(url)}: not an address; write https://USER:PASSWORD@HOST:PORT,"
        " with # / ? of a password as %23 %2F %3F"
    )


def prefix(namespace: str) -> str:
    """What the names of indices, aliases and templates start with, on a cluster that others may use as well."""
    return f"{namespace}-otswatch-" if namespace else "otswatch-"


def install(client: Elasticsearch, namespace: str, name: str, template: Mapping[str, Any]) -> str:
    """Make what `name` is stored in: its index template, the first index of its version, and the alias that we use.

    Safe to run again: fields that the template gained are added to the index that stands.

    Args:
        template: as in `mappings/`; its `index_patterns` is replaced, because names begin with the namespace.

    Returns:
        What was done, in one line.

    Raises:
        NewerDataError: a newer version made the index that stands; nothing is changed.
        ConfigError: what stands there cannot become what the template says.
        DependencyDownError: as `translated`.
    """
    alias = prefix(namespace) + name
    standing = standing_index(client, alias)
    if standing and version_of(standing) > template["version"]:
        raise NewerDataError(f"{standing} was made by a newer otswatch: upgrade this one; nothing was changed")
    index = standing or f"{alias}-v{template['version']}"
    with possible(alias), translated(client):
        put_template(client, alias, template)
        if standing:
            return _add_fields(client, index, template["template"]["mappings"])
        try:
            client.indices.create(index=index, aliases={alias: {}})
        except BadRequestError:  # another process may have been faster
            if standing_index(client, alias) is None:
                raise
        return f"{index}: made, behind {alias}"


def put_template(client: Elasticsearch, alias: str, template: Mapping[str, Any]) -> None:
    """For the indices behind `alias` that are made from now on. Errors are the client's own."""
    client.indices.put_index_template(name=alias, body={**template, "index_patterns": [f"{alias}-v*"]})


def standing_index(client: Elasticsearch, alias: str) -> str | None:
    """The index behind an alias of ours.

    Raises:
        ConfigError: there are several.
        DependencyDownError: as `translated`.
    """
    try:
        with translated(client):
            found = sorted(client.indices.get_alias(name=alias))
    except NotFoundError:
        return None
    if len(found) > 1:
        raise ConfigError(f"{alias} stands for {', '.join(found)}: take all but one out of the alias")
    return found[0]


def version_of(index: str) -> int:
    """The version of the template that an index of ours was made from; 0 where its name does not say."""
    version = index.rpartition("-v")[2]
    return int(version) if version.isdecimal() else 0


def _add_fields(client: Elasticsearch, index: str, mappings: dict[str, Any]) -> str:
    known = client.indices.get_mapping(index=index)[index]["mappings"].get("properties", {})
    added = sorted(mappings["properties"].keys() - known.keys())
    client.indices.put_mapping(index=index, body=mappings)
    return f"{index}: added {', '.join(added)}" if added else f"{index}: unchanged"


@contextmanager
def possible(alias: str) -> Iterator[None]:
    """
    Raises:
        ConfigError: the server refuses what is to stand behind `alias`.
    """
    try:
        yield
    except BadRequestError as error:
        raise ConfigError(f"{alias} cannot be made or changed: {reason(error.body)}") from error


@contextmanager
def translated(client: Elasticsearch) -> Iterator[None]:
    """Raise what the server or the way to it refuses in the project's words.

    Raises:
        StorageFullError: the server's disk is full, and it takes no writes.
        DependencyDownError: it does not answer, is too busy, lets us not in, or misses an index or a field.
        ApiError: anything else, which is a fault of the request.
    """
    try:
        yield
    except NoConnectionError as error:
        raise DependencyDownError(f"{where(client)} does not answer: {error.message}") from error
    except TransportError as error:
        raise DependencyDownError(f"{where(client)}: {error.message}") from error
    except ApiError as error:
        if typed := down(client, error.status_code, error.body):
            raise typed from error
        raise


def down(client: Elasticsearch, status: int, body: Any) -> DependencyDownError | None:
    """What is wrong with the server, or with what is on it, where its answer says so; null where the request is."""
    place, why = where(client), reason(body)
    if is_disk_full(body):
        return StorageFullError(f"the disk of {place} is full: make room, work goes on by itself ({why})")
    match _root(_error(body)).get("type"):
        case "index_not_found_exception":
            return DependencyDownError(f"{place} misses an index ({why}): run `otswatch provision`")
        case "strict_dynamic_mapping_exception":
            return DependencyDownError(f"{place} has not all fields of this version ({why}): run `otswatch provision`")
        case "index_closed_exception":
            return DependencyDownError(f"{place} has {_root(_error(body)).get('index')} closed: open it")
    if _NO_WRITE_INDEX in why:
        return DependencyDownError(f"{place}: {why}")
    if status in _WAIT:
        return DependencyDownError(f"{place} refuses for now ({status}: {why})")
    return None


def is_disk_full(body: Any) -> bool:
    """Whether an error answer says that the server takes no writes because its disk is full."""
    return _DISK_BLOCK in reason(body)


def reason(body: Any) -> str:
    """The server's reason in an error answer, or in the part of one that is about one document, in one line."""
    error = _error(body)
    cause = error.get("caused_by") or {}
    while cause.get("caused_by"):
        cause = cause["caused_by"]
    said = dict.fromkeys(str(part["reason"]) for part in (_root(error), cause) if part.get("reason"))
    return " ".join(": ".join(said).split())[:300]


def _error(body: Any) -> Mapping[str, Any]:
    error = body.get("error", body) if isinstance(body, dict) else body
    return error if isinstance(error, dict) else {"reason": str(error or "")}


def _root(error: Mapping[str, Any]) -> Mapping[str, Any]:
    return next(iter(error.get("root_cause") or ()), error)


def where(client: Elasticsearch) -> str:
    """The server, for messages."""
    node = next(iter(client.transport.node_pool.all()))
    return f"Elasticsearch at {node.scheme}://{node.host}:{node.port}"
