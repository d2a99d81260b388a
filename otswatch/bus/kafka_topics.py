"""The topics of a cluster, made as the table of the pipeline says."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from kafka import KafkaAdminClient, errors
from kafka.admin import ConfigResource, ConfigResourceType

from otswatch.bus.kafka_client import ANSWER_SECONDS, Address, translated
from otswatch.bus.kafka_transactions import MAX_REQUEST_BYTES

#: Beyond this the broker deletes by itself, read or not, so that a group nobody runs any more does not fill its disk.
KEPT_AT_MOST: Final = timedelta(days=30)
_MILLISECONDS: Final = int(ANSWER_SECONDS * 1000)


@dataclass(frozen=True, slots=True)
class KafkaTopic:
    """`for_ever`: nothing is ever deleted. Copies are as many as the cluster makes by default."""

    name: str
    partitions: int
    for_ever: bool = False

    @property
    def configs(self) -> dict[str, str]:
        """What is set on the topic, whatever the cluster's defaults are."""
        return {
            # Never compacted: each message of a key is an event of its own.
            "cleanup.policy": "delete",
            "compression.type": "producer",
            "max.message.bytes": str(MAX_REQUEST_BYTES),
            "retention.bytes": "-1",
            "retention.ms": "-1" if self.for_ever else str(KEPT_AT_MOST // timedelta(milliseconds=1)),
        }


def provision_topics(place: Address, topics: Sequence[KafkaTopic], prefix: str = "") -> list[str]:
    """Make those that are missing and set the others right. Safe to run again; one line for each thing done.

    Partitions are never added: messages of one key would be in two of them, and lose their order.

    Raises:
        DependencyDownError: the cluster does not answer, or does not let us.
    """
    with translated(place), closing(KafkaAdminClient(**place.config, request_timeout_ms=_MILLISECONDS)) as admin:
        there = set(admin.list_topics())
        missing = [topic for topic in topics if prefix + topic.name not in there]
        if missing:
            _create(admin, missing, prefix)
        done = [f"topic {prefix}{topic.name}: made, {topic.partitions} partitions" for topic in missing]
        for topic in topics:
            if topic not in missing:
                done += _set_right(admin, topic, prefix + topic.name)
        return done


def clear_topics(place: Address, topics: Collection[str], groups: Collection[str], prefix: str) -> None:
    """Delete those of these topics that are there, and the places of these groups.

    Never by the prefix alone: on a cluster of a house, names of other projects may begin with it, too.

    Raises:
        DependencyDownError: the cluster does not answer, or does not let us.
    """
    with translated(place), closing(KafkaAdminClient(**place.config, request_timeout_ms=_MILLISECONDS)) as admin:
        named = {prefix + topic for topic in topics} & set(admin.list_topics())
        grouped = {prefix + group for group in groups} & {group["group_id"] for group in admin.list_groups()}
        if named:
            admin.delete_topics(sorted(named), timeout_ms=_MILLISECONDS)
        if grouped:
            admin.delete_groups(sorted(grouped))


def _create(admin: KafkaAdminClient, topics: Sequence[KafkaTopic], prefix: str) -> None:
    new = {
        prefix + topic.name: {
            "num_partitions": topic.partitions,
            "replication_factor": -1,
            "configs": topic.configs,
        }
        for topic in topics
    }
    try:
        admin.create_topics(new, timeout_ms=_MILLISECONDS, wait_for_metadata=True)
    except errors.TopicAlreadyExistsError:
        admin.wait_for_topics(list(new))  # somebody else provisions at the same time


def _set_right(admin: KafkaAdminClient, topic: KafkaTopic, name: str) -> list[str]:
    done = []
    (described,) = admin.describe_topics([name])
    partitions = len(described["partitions"])
    if partitions != topic.partitions:
        done.append(f"topic {name}: has {partitions} partitions, the table says {topic.partitions}; left as it is")
    there = _configs(admin, name)
    wrong = {key: value for key, value in topic.configs.items() if there.get(key) != value}
    if wrong:
        admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, name, wrong)])
        done.append(f"topic {name}: set {', '.join(f'{key}={value}' for key, value in wrong.items())}")
    return done


def _configs(admin: KafkaAdminClient, name: str) -> dict[str, str]:
    answer = admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name)], config_filter="all")
    return {key: config["value"] for key, config in answer["topic"][name].items()}
