"""The examples in memory: what their files make of a case, read once for all tests that ask."""

from datetime import date
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final

from intake.batch import read_batch
from ledger.case import Case
from ledger.ledger import Ledger, stream_of
from ledger.rubric import Rubric
from projections.as_of import FINAL, CaseAsOf, at
from tests.support.specification import Memory

EXAMPLES: Final = Path(__file__).parents[2] / "examples"
AT: Final = "2025-12-31T09:00:00.000000Z"
CASES: Final = {
    "zhanjiang-2023": "zhanjiang-amr-2023",
    "nested-blocks": "sample-nested-2024",
    "project-expenditure": "sample-project-2024",
    "whole-life": "parks-2022",
    "project-self-evaluation": "sample-form-2024",
    "evaluation-framework": "sample-framework-2024",
}


@cache
def example(name: str, label: str = FINAL) -> CaseAsOf:
    """A case of the examples at a point, recorded from its files in their order."""
    ledger = Ledger(Memory())
    ledger.initialise("administrator", "administration", date(2022, 1, 1), AT)
    for file in sorted((EXAMPLES / name).glob("[1-9]-*.toml")):
        batch = read_batch(file, account=None, dated=date(2025, 12, 31))
        for _, commands in groupby(batch.commands, key=lambda one: stream_of(one.envelope)):
            ledger.handle([one.envelope for one in commands], AT)
    history = ledger.history(CASES[name])
    point = at(history, ledger.editions(rubric_id(name)))
    return at(point.history, point.editions, label)


def rubric_id(name: str) -> str:
    """The id of the rubric that an example publishes."""
    for line in (EXAMPLES / name / "rubric.toml").read_text(encoding="utf-8").splitlines():
        if line.startswith("id = "):
            return line.split('"')[1]
    raise AssertionError(name)


def case_and_rubric(name: str, label: str = FINAL) -> tuple[Case, Rubric]:
    """The case of an example and the rubric that it pins."""
    point = example(name, label)
    assert point.rubric is not None
    return point.case, point.rubric
