"""README: what it shows of an answer is what is answered."""

import re
from collections.abc import Mapping

import pytest

from tests.support.places import Place
from tests.support.terminal import ROOT, done, scoretrail

pytestmark = pytest.mark.slow

SHOWN = re.compile(r"^\$ scoretrail (?P<words>.*)\n(?P<answer>(?:.*\n)*?)```$", re.MULTILINE)


@pytest.mark.sqlite_only("the page shows the ledger of the demo, in a file")
def test_what_the_readme_shows_is_answered(built: Mapping[str, Place]) -> None:
    samples = list(SHOWN.finditer((ROOT / "README.md").read_text("utf-8")))

    assert samples
    for sample in samples:
        answer = done(scoretrail(built["issued"], *sample["words"].split())).out
        for line in sample["answer"].splitlines():
            assert line.strip().removesuffix("…").rstrip() in answer, line
