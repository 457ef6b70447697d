"""Every finding of the made-up examples, after each of their files, by name and severity.

`recorded-late` depends on the day of the test and is left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from pathlib import Path

import pytest

from intake.batch import read_batch
from ledger.checks import Discrepancy, examine
from ledger.events import RubricPinned
from ledger.ledger import Ledger, stream_of
from tests.support.specification import Memory

EXAMPLES = Path(__file__).parents[2] / "examples"
AT = "2025-06-30T09:00:00.000000Z"
E, W, N = "error", "warning", "note"

# What the unit claims beyond its own figures is a warning while nobody has reviewed it.
PROJECT_ROWS = (
    "execution",
    "quantity",
    "quality",
    "timeliness",
    "social-benefit",
    "sustainability",
    "satisfaction",
)
NESTED_ROWS = (
    "execution",
    "carry-over",
    "quantity",
    "quality",
    "complaints",
    "delay",
    "benefit",
)
REVIEWED_PROJECT = [
    ("claimed-total-by-standard", None, W),  # one row is still above what its figures give
    ("award-off-the-rule", "timeliness", W),  # 9.00 for 8.75
    ("award-without-evidence", None, W),
    ("confirmed-without-figure", None, N),
    ("figure-restated", "sustainability", W),  # 75 % and 70 %
]
REVIEWED_PARKS = [
    ("award-off-the-rule", "plan", W),
    ("award-without-evidence", None, W),
    ("confirmed-without-figure", None, N),
    ("figure-restated", "planting", W),  # 90 and 84 hectares
]
SENT_PARKS = [*REVIEWED_PARKS, ("cut-without-finding", None, W)]
ISSUED_PARKS = [*SENT_PARKS, ("rate-with-bonus", None, N)]
LATE_PARKS = [*ISSUED_PARKS, ("deadline-missed", None, W)]  # five days after an extended day
CLAIMED_PARKS = [
    ("claim-above-rule", "planting", W),
    ("full-marks-on-nothing", "patrols", W),
]

Stage = Sequence[tuple[str, str | None, str]]
FOUND: Mapping[str, Sequence[Stage]] = {
    "project-expenditure": [
        [],
        [
            ("claimed-total-by-standard", None, W),
            *(("claim-above-rule", row, W) for row in PROJECT_ROWS),
        ],
        REVIEWED_PROJECT,
        [
            *REVIEWED_PROJECT,
            ("no-consultation", None, N),
            ("cut-without-finding", None, W),
        ],
    ],
    "nested-blocks": [
        [],
        [
            ("claimed-total-by-standard", None, W),
            *(("claim-above-rule", row, W) for row in NESTED_ROWS),
            ("rule-undecided", "satisfaction", W),  # full marks without the figures
        ],
        [
            ("claimed-total-by-standard", None, N),  # the review has settled every row
            ("award-without-evidence", None, W),
        ],
        [
            ("claimed-total-by-standard", None, N),
            ("award-without-evidence", None, W),
            ("no-consultation", None, N),
            ("cut-without-finding", None, W),
        ],
    ],
    "whole-life": [
        [],
        CLAIMED_PARKS,
        CLAIMED_PARKS,
        REVIEWED_PARKS,
        SENT_PARKS,
        ISSUED_PARKS,
        LATE_PARKS,
        LATE_PARKS,
    ],
}
CASES = {
    "project-expenditure": "sample-project-2024",
    "nested-blocks": "sample-nested-2024",
    "whole-life": "parks-2022",
}


def stages(example: str) -> Iterator[list[Discrepancy]]:
    """What is found after each file of an example."""
    case = CASES[example]
    ledger = Ledger(Memory())
    ledger.initialise("administrator", "administration", date(2022, 1, 1), AT)
    for file in sorted((EXAMPLES / example).glob("[0-9]*.toml")):
        batch = read_batch(file, account=None, dated=date(2024, 12, 31))
        for _, commands in groupby(batch.commands, key=lambda one: stream_of(one.envelope)):
            ledger.handle([one.envelope for one in commands], AT)
        history = ledger.history(case)
        pinned = next(one.event.rubric for one in history if isinstance(one.event, RubricPinned))
        found = examine(history, ledger.editions(pinned)).findings
        yield [one for one in found if one.check != "recorded-late"]


@pytest.mark.slow
@pytest.mark.parametrize("example", FOUND)
def test_a_reader_would_agree_with_every_finding(example: str) -> None:
    def order(found: Stage) -> list[tuple[str, str, str]]:
        return sorted((check, row or "", severity) for check, row, severity in found)

    found = [[(one.check, one.indicator, one.severity) for one in some] for some in stages(example)]

    assert [order(some) for some in found] == [order(some) for some in FOUND[example]]


def test_the_issued_total_is_compared_with_the_rows_of_its_time() -> None:
    *_, last = stages("whole-life")

    (finding,) = (one for one in last if one.check == "rate-with-bonus")

    assert "84.70" in finding.message.en
    assert "83.70 (83.70%)" in finding.message.en  # 85.20 after the appeal is another matter
