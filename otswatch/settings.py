"""All settings, from the environment (`OTSWATCH_*`). docs/reference/settings.md is generated from here."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from otswatch.errors import ConfigError


class Settings(BaseSettings):
    """Where data lives and how big the deployment is. Immutable; read once at start."""

    model_config = SettingsConfigDict(env_prefix="OTSWATCH_", frozen=True, extra="ignore")

    data: Path = Field(
        default=Path("data"), description="Folder of everything embedded: bus, index, state, archive, health."
    )
    config: Path = Field(
        default=Path("otswatch.d"),
        description="Your own sources/, taxonomy/ and so on: YAML merged by id over what is shipped.",
    )
    bus: str = Field(
        default="sqlite",
        description="`sqlite`: in the data folder. `kafka://HOST:PORT,HOST:PORT` (`kafka+ssl://` with TLS,"
        " `USER:PASSWORD@` before the hosts for SCRAM-SHA-512): Apache Kafka 4.",
    )
    index: str = Field(
        default="sqlite",
        description="`sqlite`: in the data folder. `https://USER:PASSWORD@HOST:PORT`: Elasticsearch 9, for the index"
        " and for what must be right at once (seen-set, schedule, leases).",
    )
    namespace: str = Field(
        default="",
        pattern=r"^([a-z0-9][a-z0-9-]{0,39})?$",
        description="What names of topics, groups and indices start with, where others use the same servers.",
    )
    ca_file: Path | None = Field(
        default=None,
        description="PEM file of the authority that signed the servers' certificates; unset: the system's.",
    )
    workers: int = Field(
        default_factory=lambda: min(os.cpu_count() or 1, 4), ge=1, le=64, description="Worker processes of `extract`."
    )
    page_timeout: float = Field(default=10.0, gt=0, description="Seconds that work on one page may take.")
    max_page_bytes: int = Field(default=10_000_000, gt=0, description="Larger answers are not fetched to the end.")
    allowed_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="host:port pairs in private networks that may be crawled, separated by commas. Empty: none.",
    )
    user_agent: str = Field(
        default="OTSWatch/0.1 (news monitor; respects robots.txt)", description="What sites see; add a contact address."
    )
    listen: str = Field(
        default="127.0.0.1:8484",
        description="HOST:PORT of `otswatch serve`. It asks nobody who they are: open it to a network that you trust.",
    )
    page: str | None = Field(
        default=None,
        pattern=r"^https?://",
        description="Address under which readers reach `otswatch serve`, for links in letters: to articles, to confirm"
        " and to unsubscribe. Unset: letters have no such links.",
    )
    mail: str | None = Field(
        default=None,
        pattern=r"^smtp(s|\+starttls)?://",
        description="Server that takes letters to subscribers: `smtp://HOST:PORT`, `smtp+starttls://USER:PASSWORD@HOST`,"
        " `smtps://…`. Unset: no e-mail is sent, and what waits for it goes on waiting.",
    )
    mail_from: str = Field(default="OTS Watch <otswatch@localhost>", description="Who letters to subscribers are from.")
    operator: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Channels that `otswatch watchdog` tells of what goes wrong, separated by commas and written as"
        " those of a subscription: `mailto:ops@example.org,https://hooks.example.org/ots`. Empty: nobody is told, and"
        " `otswatch status` shows it.",
    )
    operator_again: float = Field(
        default=24.0, gt=0, description="Hours after which the operator is told again of a trouble that still stands."
    )
    metrics: str | None = Field(
        default=None,
        description="HOST:PORT where `crawl`, `consume`, `serve` and `watchdog` show Prometheus their metrics while"
        " they run, under /metrics; `otswatch run` gives them this port and the next three, in that order. Port 0 takes"
        " a free one, and the log says which. It asks nobody who they are, either.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severe log line shown."
    )
    log_format: Literal["auto", "console", "json"] = Field(
        default="auto", description="`auto`: console on a terminal, JSON lines elsewhere."
    )

    @field_validator("allowed_hosts", "operator", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @classmethod
    def load(cls, **overrides: object) -> Settings:
        """Settings from the environment; `overrides` come from the command line.

        Raises:
            ConfigError: naming the variable and what it may hold.
        """
        given = {name: value for name, value in overrides.items() if value is not None}
        try:
            return cls(**given)  # type: ignore[arg-type]  # validated by pydantic, that is the point
        except ValidationError as error:
            first = error.errors()[0]
            name = "OTSWATCH_" + "_".join(str(part) for part in first["loc"]).upper()
            raise ConfigError(f"{name}: {first['msg']}; see docs/reference/settings.md") from None


def without_password(address: str) -> str:
    """An address of a server as it may be shown: without the user and the password in it."""
    before, _, host = address.rpartition("@")
    scheme, separator, _ = before.partition("://")  # the first: a password may hold another
    return scheme + separator + host if separator else host
