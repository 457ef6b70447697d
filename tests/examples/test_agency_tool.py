"""The agency's own tool of the examples: as a process, at a service, beside people at work."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.desks import House, house
from tests.support.places import Place
from tests.support.serving import serving
from tests.support.terminal import CASE, record

ROOT = Path(__file__).parents[2]
TOOL = ROOT / "examples" / "agency-tool"
Tool = Callable[[Path], subprocess.CompletedProcess[str]]
HEAD = "indicator,award,justification,ground,clause\n"


@pytest.fixture
def pages(submitted: Place, tmp_path: Path) -> Iterator[House]:
    with house(submitted, tmp_path) as made:
        made.identities.give_password("agency-reviewer", "only-for-tests", initial=False)
        yield made


@pytest.fixture
def run(pages: House) -> Iterator[Tool]:
    """The tool, with a token of the agency's."""
    token = pages.app.state.office.tokens.make("agency-reviewer", "工具", "act", (), 1)
    with serving(pages) as address:

        def run(table: Path) -> subprocess.CompletedProcess[str]:
            return subprocess.run(  # noqa: S603 - our own example
                [sys.executable, str(TOOL / "hand_in.py"), address, CASE, str(table)],
                env={**os.environ, "SCORETRAIL_TOKEN": token, "PYTHONIOENCODING": "utf-8"},
                capture_output=True,
                encoding="utf-8",
                timeout=120,
                check=False,
            )

        yield run


def test_it_hands_in_what_the_table_says_once(run: Tool, submitted: Place) -> None:
    before = len(record(submitted))
    said = run(TOOL / "adjustments.csv")
    assert (said.returncode, said.stderr) == (0, "")
    assert "output-goals: None -> 16.00" in said.stdout
    assert len(record(submitted)) == before + 1
    again = run(TOOL / "adjustments.csv")
    assert (again.returncode, "nothing to hand in" in again.stdout) == (0, True)
    assert len(record(submitted)) == before + 1


def test_of_a_table_with_a_mistake_nothing_is_recorded_and_the_row_is_named(
    run: Tool, submitted: Place, tmp_path: Path
) -> None:
    before = record(submitted)
    table = tmp_path / "wrong.csv"
    table.write_text(f"{HEAD}output-goals,16.00,按五项平均,报告缺三项,\ne-contracts,,没有得分,,\n")
    said = run(table)
    assert said.returncode == 1
    assert "/commands/1" in said.stderr
    assert "Traceback" not in said.stderr
    assert record(submitted) == before
