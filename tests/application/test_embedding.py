"""The program in docs/embedding.md does what the page says, as it stands."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.places import Place
from tests.support.terminal import CASE, done, record, scoretrail

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "embedding.md"

pytest_plugins = ["tests.support.reference_ledger"]


@pytest.mark.slow
def test_a_program_of_ten_lines_acts_looks_verifies_and_exports(
    issued: Place, tmp_path: Path
) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    vkey = done(scoretrail(issued, "key", "generate", "embedded.example/log")).out.split()[-1]
    before = len(record(issued))
    said = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", program, issued.target, str(issued.key), CASE],
        cwd=tmp_path,
        env={
            **os.environ,
            **issued.environment,
            "PYTHONPATH": str(ROOT),
            "PYTHONIOENCODING": "utf-8",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.stderr == ""
    assert said.stdout.split()[1:3] == ["93.89", "True"]
    assert len(record(issued)) == before + 2
    dossier = str(tmp_path / "dossier.zip")
    done(scoretrail(None, "dossier", "verify", dossier, "--vkey", vkey))
