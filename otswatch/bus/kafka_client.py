"""One way to reach Kafka: the address, what every client is told, errors in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote

from kafka import errors

from otswatch.errors import ConfigError, DependencyDownError, FencedError, MessageTooLargeError
from otswatch.settings import without_password

SCHEMES: Final = {"kafka": "PLAINTEXT", "kafka+ssl": "SSL"}
DEFAULT_PORT: Final = 9092
#: How long one question to the cluster may take before it is called down.
ANSWER_SECONDS: Final = 10.0

_FENCED = (
    errors.CommitFailedError,
    errors.IllegalGenerationError,
    errors.RebalanceInProgressError,
    errors.UnknownMemberIdError,
)
_PRODUCER_LOST = (errors.InvalidProducerEpochError, errors.ProducerFencedError)
_TOO_LARGE = (errors.MessageSizeTooLargeError, errors.RecordListTooLargeError)


class SlotTakenError(FencedError):
    """Another process bears this worker's name: it runs on a copy of the data folder."""


class ProducerLostError(DependencyDownError):
    """The broker takes no more from this producer: a later one has its id, or a commit that was asked for twice went
    through the first time.
    """


@dataclass(frozen=True, slots=True)
class Address:
    """Where the brokers are and how to speak to them. `shown` holds no password."""

    shown: str
    config: dict[str, Any]


def address(url: str, ca_file: Path | None = None) -> Address:
    """Reads `kafka[+ssl]://[user:password@]host:port,host:port`. A user signs in by SCRAM-SHA-512.

    Args:
        ca_file: PEM file of the authority that signed the brokers' certificates; null for those the system trusts.

    Raises:
        ConfigError: not such an address.
    """
    scheme, _, rest = url.partition("://")
    credentials, at, hosts = rest.rstrip("/").rpartition("@")
    shown = without_password(url)
    user, colon, password = credentials.partition(":")
    servers = [_server(shown, host) for host in hosts.split(",")]
    if scheme not in SCHEMES or bool(at) != bool(colon):
        raise _wrong(shown)
    config: dict[str, Any] = {
        "bootstrap_servers": servers,
        "bootstrap_timeout_ms": int(ANSWER_SECONDS * 1000),
        "client_id": "otswatch",
        "security_protocol": f"SASL_{SCHEMES[scheme]}" if user else SCHEMES[scheme],
        # Gone and back within seconds is the usual case; half a minute's wait between attempts helps nobody.
        "reconnect_backoff_max_ms": 1000,
    }
    if scheme == "kafka+ssl" and ca_file:
        config["ssl_cafile"] = str(ca_file)
    if user:
        config |= {
            "sasl_mechanism": "SCRAM-SHA-512",
            "sasl_plain_username": unquote(user),
            "sasl_plain_password": unquote(password),
        }
    return Address(shown, config)


def _server(shown: str, host: str) -> str:
    name, _, port = host.rpartition(":") if ":" in host.rpartition("]")[2] else (host, "", str(DEFAULT_PORT))
    if not name or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise _wrong(shown)
    return f"{name}:{port}"


def _wrong(shown: str) -> ConfigError:
    return ConfigError(
        f"OTSWATCH_BUS={shown}: write kafka://HOST:PORT,HOST:PORT or kafka+ssl://USER:PASSWORD@HOST:PORT"
    )


@contextmanager
def translated(place: Address) -> Iterator[None]:
    """Raise what the cluster or the way to it refuses in the project's words.

    Raises:
        FencedError: another member has taken over; `SlotTakenError` where it has this one's name.
        MessageTooLargeError: a broker takes less than we do.
        DependencyDownError: it does not answer, lets us not in, or misses a topic; `ProducerLostError`.
    """
    try:
        yield
    except errors.FencedInstanceIdError as error:
        raise SlotTakenError("another worker has this one's name") from error
    except _PRODUCER_LOST as error:
        raise ProducerLostError(f"Kafka at {place.shown} has ended our transaction ({error})") from error
    except _FENCED as error:
        raise FencedError(f"another member has taken over ({type(error).__name__})") from error
    except _TOO_LARGE as error:
        raise MessageTooLargeError(f"Kafka at {place.shown} refuses a message as too large ({error})") from error
    except errors.UnknownTopicOrPartitionError as error:
        raise DependencyDownError(f"Kafka at {place.shown} misses a topic: run `otswatch provision`") from error
    except errors.KafkaError as error:
        why = " ".join(str(error).split())[:200]
        raise DependencyDownError(f"Kafka at {place.shown} does not answer as it should ({why})") from error
