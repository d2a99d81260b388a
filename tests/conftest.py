"""For all tests."""

import gc

from hypothesis import settings

from tests.stack import elasticsearch_server, kafka_server  # noqa: F401 - fixtures of all tests

# No timed tests: on a shared machine any example can take half a second once. Sixty examples, so that all fast tests
# take less than a minute. (Where CI is set, Hypothesis takes the same ones each time.)
_IN_CI = settings.get_current_profile_name() == "ci"
settings.register_profile("ours", settings.get_profile("ci" if _IN_CI else "default"), deadline=None, max_examples=60)
settings.load_profile("ours")


def pytest_collection_finish() -> None:
    """What was loaded so far is needed to the end: the collector need not look at it again and again."""
    gc.freeze()
