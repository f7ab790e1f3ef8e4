"""What holds for all tests: where they run, and that a skip is a failure where everything should be there."""

import os

import pytest
from hypothesis import settings

# Two busy cores say nothing about how long one example may take; .ci/run's own profile stays the parent.
settings.register_profile("kmop", parent=settings(), deadline=None)
settings.load_profile("kmop")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep whatever drives a real program on one worker: two at once would steal each other's time."""
    for item in items:
        if {"journeys", "faults"} & set(item.path.parts):
            item.add_marker(pytest.mark.xdist_group("terminal"))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """With KMOP_NO_SKIPS=1 (as in .ci/run) a test that was skipped or expected to fail fails the run."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("KMOP_NO_SKIPS") != "1" or reporter is None:  # no reporter: a worker of pytest-xdist
        return
    if left_out := len(reporter.stats.get("skipped", [])) + len(reporter.stats.get("xfailed", [])):
        reporter.write_line(f"\nKMOP_NO_SKIPS=1: {left_out} skipped or expected to fail; none may be.", red=True)
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
