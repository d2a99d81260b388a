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
    bus: str = Field(default="sqlite", description="`sqlite`: in the data folder.")
    index: str = Field(default="sqlite", description="`sqlite`: in the data folder.")
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
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severe log line shown."
    )
    log_format: Literal["auto", "console", "json"] = Field(
        default="auto", description="`auto`: console on a terminal, JSON lines elsewhere."
    )

    @field_validator("allowed_hosts", mode="before")
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
