"""Generated tests repeat themselves in every run; `--hypothesis-profile explore` seeks more."""

import gc
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

from ledger.codec import VERSIONS
from tests.support.golden_files import file_of
from tests.support.sample import QUICK

TESTS = Path(__file__).parent
PLUGINS = (
    *("postgres", "places", "reference_ledger", "signed_ledger"),
    *("strangers_in_go", "figures", "browser"),
)
pytest_plugins = [f"tests.support.{name}" for name in PLUGINS]  # fixtures; both databases; a table

SLOW_FOLDERS = ("browser", "load", "proof")
collect_ignore = [*SLOW_FOLDERS] if QUICK > 1 else []


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark whole folders as slow; elsewhere a test or a file says it itself."""
    for item in items:
        if item.path.relative_to(TESTS).parts[0] in SLOW_FOLDERS:
            item.add_marker("slow")


QUICK_ENOUGH = 100
"""Seconds of processors that `make quick` may take in all: under a minute on two cores."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end of a quick run whether it still is one."""
    if QUICK > 1:
        spent = sum(os.times()[:4])
        said = f"{spent:.0f} seconds of processors; a quick run takes at most {QUICK_ENOUGH}"
        terminalreporter.write_line(said, red=spent > QUICK_ENOUGH)


def pytest_collection_finish() -> None:
    """What is collected stays: the collector of garbage need not go through it again and again."""
    gc.freeze()


settings.register_profile(
    "steady",
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("quick", settings.get_profile("steady"), max_examples=10)
settings.register_profile(
    "explore", settings.get_profile("steady"), max_examples=2000, derandomize=False
)
settings.register_profile(  # one failure will do: nobody looks for the smallest
    "mutants", settings.get_profile("steady"), phases=[Phase.explicit, Phase.generate]
)
settings.load_profile("steady")


@pytest.fixture
def golden() -> Callable[[str], bytes]:
    """The golden entry of the newest version of an event."""
    return lambda name: file_of(name, VERSIONS[name]).read_bytes()
