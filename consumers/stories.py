"""The consumer `stories`: articles whose text is the same, letter for letter after folding, are one story.

Near copies and the same event told otherwise come later; the topics, the ids and the single active worker are already
theirs. A story's id is made from the text that it began with and never changes; an article stays in its story when its
own text changes. Nothing here depends on which copy comes first, because that is chance: they arrive within a second.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from otswatch.bus import Message, Outgoing
from otswatch.consumers.context import Context
from otswatch.consumers.outcome import Outcome, Result, one
from otswatch.records import Article, Story
from otswatch.state import State
from otswatch.text.folding import fold

RULE = "exact-text/1"


def fingerprint(text: str) -> str:
    """The same for texts that differ only in case, diacritics, punctuation and spacing between words."""
    return hashlib.blake2b(fold(text).encode(), digest_size=16).hexdigest()


class StoriesWork:
    """Remembers the story of each article. Every step may be done again: the answers stay the same."""

    def __init__(self, context: Context) -> None:
        self._state: State = context.state

    def __call__(self, messages: Sequence[Message]) -> Sequence[Outcome]:
        return [one(self._group, message) for message in messages]

    def _group(self, message: Message) -> Result:
        article = Article.from_json(message.value)
        if article.status == "ok" and article.content is not None:
            article = article.replace(story=self._story(article.id, article.content.foreground))
        return Result((Outgoing("grouped", article.id, article.to_json()),), article.status, article.reason or "")

    def _story(self, article: str, text: str) -> Story:
        key = f"story-of/{article}"
        new = Story(id=fingerprint(text), role="member", reason=RULE)
        if self._state.create(key, new.to_dict()):
            return new
        entry = self._state.get(key)
        assert entry is not None  # noqa: S101 - there is one, and it is never deleted
        return Story.model_validate(entry.value)

    def close(self) -> None:
        """Nothing is held."""
