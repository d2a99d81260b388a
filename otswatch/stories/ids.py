"""Ids of stories: they sort by age, and never change."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


def story_id(began: datetime | None, of: str) -> str:
    """The id of the story that begins with `of` (an article, or the correction that parts one from its story).

    The second of `began` stands first, so that of two stories the lesser id is that of the elder, whoever compares
    them. Null is long ago: what nobody knows the age of gives its name to no younger one by chance.
    """
    digest = hashlib.blake2b(of.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()
    return f"{(began or _LONG_AGO).astimezone(UTC):%Y%m%d%H%M%S}-{digest}"
