"""What readers were told of an article that may be put right later: its date, its speakers, its words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Final, Literal

from pydantic import Field

from otswatch.index.version_projection import wording
from otswatch.records import Article, Moment, Part
from otswatch.state import State

_KNOWN: Final = "alerts/known/"


class Change(Part):
    """What an article says otherwise than before. `quote`: the one whose speaker it is.

    Of a text, `before` and `after` are the sentences that went and came (`otswatch.alerts.edits`), and `between` says
    when the two texts were fetched.
    """

    of: Literal["published", "speaker", "text"]
    before: str | None
    after: str | None
    quote: str | None = None
    between: Annotated[tuple[Moment, Moment] | None, Field(exclude_if=lambda times: times is None)] = None

    @property
    def digest(self) -> str:
        """What the change is known by."""
        return hashlib.blake2b(self.model_dump_json().encode(), digest_size=8).hexdigest()


class Known(Part):
    """An article as it was when it was last looked at. `content`: a digest of all that a search looks at.

    `text` is the digest under which the index keeps the version that said so; null in what older releases wrote.
    """

    content: str
    published: str | None
    speakers: Mapping[str, str | None]
    text: str | None = None

    @classmethod
    def of(cls, article: Article) -> Known:
        looked_at = repr(
            (
                article.content and (article.content.title, article.content.text, article.content.language),
                article.status,
                article.relevance and article.relevance.level,
                [area.id for area in article.areas],
                article.kind and article.kind.id,
                sorted({(mention.type, mention.id or mention.name) for mention in article.mentions}),
                [claim.id for claim in article.dossiers],
            )
        )
        return cls(
            content=hashlib.blake2b(looked_at.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest(),
            published=article.published.at if article.published else None,
            speakers={quote.id: quote.speaker.name if quote.speaker else None for quote in article.quotes},
            text=wording(article),
        )

    def says(self, other: Known) -> bool:
        """Whether both say the same. `content` knows of any other text."""
        return self == other.replace(text=self.text)

    def changes(self, now: Known) -> Iterator[Change]:
        """What `now` says otherwise of date and speakers. A quote that is there no longer, or only now, is none."""
        if self.published != now.published:
            yield Change(of="published", before=self.published, after=now.published)
        for quote, speaker in now.speakers.items():
            if quote in self.speakers and self.speakers[quote] != speaker:
                yield Change(of="speaker", before=self.speakers[quote], after=speaker, quote=quote)


def known(state: State, articles: Iterable[str]) -> dict[str, Known]:
    """Those that were looked at before, by the article's id."""
    found = state.get_many([_KNOWN + article for article in articles])
    return {key.removeprefix(_KNOWN): Known.model_validate(entry.value) for key, entry in found.items()}


def remember(state: State, article: str, now: Known) -> None:
    """Look at it as this from now on. The messages on one article have one reader."""
    state.put(_KNOWN + article, now.to_dict())
