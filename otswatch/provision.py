"""Makes what servers must have before anything runs on them: topics, templates, indices; nothing where all is embedded.

A command of its own, because in many houses those who run the pipeline may not create topics and indices.
"""

from __future__ import annotations

from otswatch.consumers.topology import CONSUMERS, TOPICS
from otswatch.settings import Settings
from otswatch.stores import on_elasticsearch, on_kafka


def provision(settings: Settings) -> list[str]:
    """Make what is missing and set right what differs. Safe to run again; one line for each thing done.

    Raises:
        ConfigError: an address that this version does not know.
        DependencyDownError: a server does not answer, or does not let us.
    """
    done: list[str] = []
    if on_kafka(settings):
        done += _provision_kafka(settings)
    if on_elasticsearch(settings):
        done += _provision_elasticsearch(settings)
    return done


def clear(settings: Settings) -> None:
    """Take away from the servers what we made there under the namespace of these settings. For demos alone.

    Raises:
        DependencyDownError: a server does not answer, or does not let us.
    """
    assert settings.namespace  # noqa: S101 - without one it would be everything of everybody
    if on_kafka(settings):
        from otswatch.bus.kafka import prefix
        from otswatch.bus.kafka_client import address
        from otswatch.bus.kafka_topics import clear_topics

        topics = (*TOPICS, *(consumer.quarantine for consumer in CONSUMERS.values()))
        clear_topics(address(settings.bus, settings.ca_file), topics, CONSUMERS, prefix(settings.namespace))
    if on_elasticsearch(settings):
        from otswatch import elastic

        with elastic.connect(settings.index, settings.ca_file) as client, elastic.translated(client):
            names = f"{elastic.prefix(settings.namespace)}*"
            if indices := list(client.indices.get(index=names)):
                client.indices.delete(index=indices)
            client.options(ignore_status=404).indices.delete_index_template(name=names)


def _provision_kafka(settings: Settings) -> list[str]:
    from otswatch.bus.kafka import prefix
    from otswatch.bus.kafka_client import address
    from otswatch.bus.kafka_topics import KafkaTopic, provision_topics

    flow = [KafkaTopic(topic.name, topic.partitions) for topic in TOPICS.values()]
    quarantine = [KafkaTopic(consumer.quarantine, 1, for_ever=True) for consumer in CONSUMERS.values()]
    return provision_topics(address(settings.bus, settings.ca_file), flow + quarantine, prefix(settings.namespace))


def _provision_elasticsearch(settings: Settings) -> list[str]:
    from otswatch import elastic
    from otswatch.index.templates import provision_index
    from otswatch.state.elasticsearch import provision_state

    with elastic.connect(settings.index, settings.ca_file) as client:
        return [*provision_index(client, settings.namespace), provision_state(client, settings.namespace)]
