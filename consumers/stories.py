"""The consumer `stories`: articles whose text is the same, letter for letter after folding, are one story.

Near copies and the same event told otherwise come later; the topics, the ids and the single active worker are already
theirs. A story's id is made from its first text and never changes; an article stays in its story when its text changes.
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
    """Looks each article up by its id, then by its text. Every step may be done again: the answers stay the same."""

    def __init__(self, context: Context) -> None:
        self._state: State = context.state

    def __call__(self, messages: Sequence[Message]) -> Sequence[Outcome]:
        return [one(self._group, message) for message in messages]

    def _group(self, message: Message) -> Result:
        article = Article.from_json(message.value)
        if article.status == "ok" and article.content is not None:
            article = article.replace(story=self._story(article.id, article.content.text))
        return Result((Outgoing("grouped", article.id, article.to_json()),), article.status, article.reason or "")

    def _story(self, article: str, text: str) -> Story:
        known = self._state.get(f"story-of/{article}")
        if known is None:
            print_ = fingerprint(text)
            self._state.create(f"story-text/{print_}", {"first": article})
            first = self._first(print_)
            if first == article:
                story = Story(id=print_, role="first", reason=f"{RULE}: no earlier article has this text")
            else:
                story = Story(id=print_, role="copy", reason=f"{RULE}: same text as {first}")
            self._state.create(f"story-of/{article}", story.to_dict())
            known = self._state.get(f"story-of/{article}")
        assert known is not None  # noqa: S101 - created above, and never deleted
        return Story.model_validate(known.value)

    def _first(self, print_: str) -> str:
        entry = self._state.get(f"story-text/{print_}")
        assert entry is not None  # noqa: S101 - as above
        return str(entry.value["first"])

    def close(self) -> None:
        """Nothing is held."""
