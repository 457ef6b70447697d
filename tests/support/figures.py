"""The figures of a run: each test tells its own, and all are printed at the end as one table."""

from collections.abc import Mapping, Sequence
from typing import Final

import pytest

_FIGURES: Final[list[tuple[str, Mapping[str, object]]]] = []


def tell(situation: str, **figures: object) -> None:
    """Keep the figures of a situation for the table; an underline in a name is a blank there."""
    _FIGURES.append((situation, figures))


def share(times: Sequence[float], part: float) -> str:
    """The time in milliseconds that a part of the times does not exceed; a dash without any."""
    if not times:
        return "-"
    return f"{sorted(times)[min(len(times) - 1, int(part * len(times)))] * 1000:,.1f}"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the table."""
    if not _FIGURES:
        return
    terminalreporter.section("load and faults / 负载与故障")
    names = [name.replace("_", " ") for _, figures in _FIGURES for name in figures]
    width = max(map(len, names))
    for situation, figures in _FIGURES:
        terminalreporter.write_line(situation)
        for name, value in figures.items():
            shown = f"{value:,}" if isinstance(value, int) else str(value)
            terminalreporter.write_line(f"    {name.replace('_', ' '):<{width}}  {shown}")
