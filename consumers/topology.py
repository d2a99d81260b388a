"""The one table of the pipeline: topics, and which consumer reads what, does what, and writes where.

docs/reference/topology.md is generated from here.
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from datetime import timedelta

from otswatch.consumers.context import Context
from otswatch.consumers.outcome import Work
from otswatch.records import Alias, Article, Correction, Gone, Indexed, Moved, Page, Record, Story

QUARANTINE_PREFIX = "quarantine."


@dataclass(frozen=True, slots=True)
class Topic:
    """`retention` counts from a message's time, and never above the offset of a group that reads it.

    `partitions`: how many workers of a group can share it, where the bus is Kafka; messages of one key are in one.
    """

    name: str
    record: type[Record]
    retention: timedelta
    partitions: int
    meaning: str


@dataclass(frozen=True, slots=True)
class Consumer:
    """`name` is also the consumer group. `work` names a class: only the process that does the work pays its imports."""

    name: str
    topics: tuple[str, ...]
    to: tuple[str, ...]
    work: str
    batch: int
    meaning: str

    @property
    def quarantine(self) -> str:
        """The topic that keeps, for ever, what this consumer could not work on."""
        return QUARANTINE_PREFIX + self.name

    def make(self, context: Context) -> Work:
        work: Work = pkgutil.resolve_name(self.work)(context)
        return work


WEEK = timedelta(days=7)

TOPICS: dict[str, Topic] = {
    topic.name: topic
    for topic in (
        Topic("pages", Page, WEEK, 8, "What was fetched, whole."),
        # One partition: stories and background have one active worker each.
        Topic("articles", Article, WEEK, 1, "Pages understood: kept and discarded ones."),
        Topic("grouped", Article, WEEK, 4, "Articles with their story."),
        Topic("stories", Story, WEEK, 4, "Stories, whole, whenever one of their articles comes."),
        Topic("moves", Moved, WEEK, 4, "Articles whose story is another one than they were sent with."),
        Topic("aliases", Alias, WEEK, 4, "Other addresses of known pages."),
        # As many partitions as `grouped`, so that one member of `index` has an article and what is said of it: so have
        # `moves`.
        Topic("corrections", Correction, WEEK, 4, "What people put right; kept for ever in the state."),
        Topic("gone", Gone, WEEK, 4, "Pages that were not there any more when they were fetched again."),
        Topic("indexed", Indexed, WEEK, 4, "What readers can now find; alerts start here."),
    )
}

CONSUMERS: dict[str, Consumer] = {
    consumer.name: consumer
    for consumer in (
        Consumer(
            name="extract",
            topics=("pages",),
            to=("articles", "aliases"),
            work="otswatch.consumers.extract:ExtractWork",
            batch=64,
            meaning="clean → date → classify → quotes → dossiers, fused, in worker processes",
        ),
        Consumer(
            name="archive",
            topics=("pages",),
            to=(),
            work="otswatch.consumers.archive:ArchiveWork",
            batch=64,
            meaning="keeps the raw pages as WARC",
        ),
        Consumer(
            name="stories",
            topics=("articles", "corrections"),
            to=("grouped", "stories", "moves"),
            work="otswatch.consumers.stories:StoriesWork",
            batch=256,
            meaning="puts what tells the same into one story; one worker has all articles",
        ),
        Consumer(
            name="background",
            topics=("articles",),
            to=(),
            work="otswatch.consumers.background:BackgroundWork",
            batch=256,
            meaning="learns the paragraphs that stand under many stories; one active worker",
        ),
        Consumer(
            name="index",
            topics=("grouped", "stories", "moves", "aliases", "corrections", "gone"),
            to=("indexed",),
            work="otswatch.consumers.index:IndexWork",
            batch=256,
            meaning="puts documents into the index, with what derives from them and what people put right",
        ),
        Consumer(
            name="alert",
            topics=("indexed",),
            to=(),
            work="otswatch.consumers.alert:AlertWork",
            batch=256,
            meaning="holds what is new against all subscriptions, and sends letters when they are due",
        ),
    )
}


def readers(topic: str) -> tuple[str, ...]:
    """The consumer groups that read a topic."""
    return tuple(consumer.name for consumer in CONSUMERS.values() if topic in consumer.topics)
