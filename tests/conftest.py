"""For all tests."""

from hypothesis import settings

from tests.stack import elasticsearch_server, kafka_server  # noqa: F401 - fixtures of all tests

# No timed tests: on a shared machine any example can take half a second once. (Where CI is set, Hypothesis has a
# profile of its own, without a deadline and with the same examples each time.)
settings.register_profile("default", settings.get_profile("default"), deadline=None)
settings.load_profile("ci" if settings.get_current_profile_name() == "ci" else "default")
