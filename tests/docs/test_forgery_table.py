"""The table of forgeries in docs/trust.md is what the tests have forged, and lacks no refusal."""

import subprocess
import sys

import pytest

from tests.support.forgeries import BEGIN, END, PAGE, ROOT, refusing

pytestmark = pytest.mark.slow


def test_every_refusal_is_forged_and_found_as_the_page_says() -> None:
    line = [sys.executable, "-m", "tests.support.forgeries", "--print"]
    made = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own program

    assert made.returncode == 0, made.stderr
    assert [name for name in refusing() if f"\n| `{name}` |" not in made.stdout] == []
    kept = PAGE.read_text(encoding="utf-8").partition(BEGIN)[2].partition(END)[0]
    assert kept == made.stdout, "python -m tests.support.forgeries"
