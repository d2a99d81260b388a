"""The real Apache Kafka and the real Elasticsearch on this machine, without Docker: for development and for tests.

    with running() as stack:
        stack.environment()     # OTSWATCH_BUS and OTSWATCH_INDEX

Both end with the process that started them, however that ends. `python -m deploy.stack start` keeps a pair running in
the background. What is needed, where things are kept, how a version is raised: README.md beside this file.
"""

from deploy.stack.downloads import ChecksumError, Downloads
from deploy.stack.elasticsearch import Elasticsearch
from deploy.stack.kafka import Kafka
from deploy.stack.stack import Stack, check, running

__all__ = ["ChecksumError", "Downloads", "Elasticsearch", "Kafka", "Stack", "check", "running"]
