"""Letters, channels and who knows which host, for tests of channels."""

from __future__ import annotations

import socket
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import chain, repeat
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from otswatch.alerts.channels import Channels, Timeouts
from otswatch.alerts.errors import DeliveryError, TemporaryDeliveryError
from otswatch.alerts.letter import Item, Letter
from tests.webhooks import Webhooks

SENDER = "OTS Watch <alerts@watch.example>"
READER = "mailto:ayse@example.org"
PUBLIC = "93.184.216.34"
HASTY = Timeouts(connect=0.3, read=0.3, whole=0.6)
#: One address for each way that is allowed, as a reader would write it.
EXAMPLES = {
    "discord": "discord://1234567890123456/abcdefghijklmnopqrstuvwxyz",
    "gchat": "gchat://workspace/key/token",
    "gotify": "gotify://push.example/abcdefghijklmno",
    "gotifys": "gotifys://push.example/abcdefghijklmno",
    "mmost": "mmost://chat.example/3ccdd113474722377935511fc85d3dd4",
    "mmosts": "mmosts://chat.example/3ccdd113474722377935511fc85d3dd4",
    "nctalk": "nctalk://user:word@cloud.example/room",
    "nctalks": "nctalks://user:word@cloud.example/room",
    "ntfy": "ntfy://push.example/topic",
    "ntfys": "ntfys://push.example/topic",
    "rocket": "rocket://hook/token@chat.example/%23news",
    "rockets": "rockets://hook/token@chat.example/%23news",
    "signal": "signal://push.example:8080/15551234567/15557654321",
    "signals": "signals://push.example:8080/15551234567/15557654321",
    "slack": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
    "tgram": "tgram://123456789:abcdefg_hijklmnop/12315544/",
    "webex": f"webex://{'a1b2c3d4' * 10}",
    "workflow": "workflow://prod-12.logic.azure.com:443/643e69f83c8944438d68119179a10a64/KODuebWbDGYFr0z0eu",
    "workflows": "workflows://prod-12.logic.azure.com:443/643e69f83c8944438d68119179a10a64/KODuebWbDGYFr0z0eu",
    "wxteams": f"wxteams://{'a1b2c3d4' * 10}",
    "zulip": f"zulip://bot@chat/{'a1b2c3d4' * 4}/news",
}


def letter(id_: str = "a1", subject: str = "Bakan Bişkek'te: İlk görüşme", text: str = "Okundu.") -> Letter:
    item = Item(key="art-1", what="article", article="art-1", title=subject, url=None, source="aa", language="tr")
    return Letter(id_, "morning", subject, text, "<p>Okundu.</p>", ("art-1",), facts=(item,))


def refused(channels: Channels, channel: str, kind: type[DeliveryError] = TemporaryDeliveryError) -> DeliveryError:
    with pytest.raises(DeliveryError) as caught:
        channels.send(letter(), channel)
    assert type(caught.value) is kind, caught.value
    return caught.value


def knows(*addresses: str) -> Callable[..., list[tuple[Any, ...]]]:
    """A resolver that gives each of these in turn, and then the last for ever."""
    answers = chain(addresses, repeat(addresses[-1]))
    return lambda host, port, **_: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (next(answers), port))]


def to(webhooks: Webhooks, **more: Any) -> Channels:
    return Channels(allowed_hosts=[webhooks.host], **more)


def certificate(folder: Path) -> Path:
    """A certificate for `localhost`, and its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    path = folder / "localhost.pem"
    plain = (serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(made.public_bytes(pem) + key.private_bytes(pem, *plain))
    return path
