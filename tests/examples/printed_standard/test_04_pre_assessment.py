"""Row 4 of the score table, 新增项目事前绩效评估: 2 points.

Clause: projects for which new budget is asked must be assessed in the required scope and by
the procedure and contents of the 《指南》. More than 3 due: 1 point off for each that was not; 3
or fewer: one that was not loses all.
"""

import pytest

from tests.support.printed_rows import awarded, ends, engine, engine_of, said


def test_three_of_three() -> None:
    assert (said("pre-assessments-due"), said("pre-assessments-done")) == ("3", "3")

    assert engine("pre-assessment").score == 2 == awarded("pre-assessment")


@pytest.mark.parametrize(
    ("due", "done", "by_hand"),
    [
        ("3", "2", 0),  # exactly 3 are within 3: all is lost
        ("1", "0", 0),
        ("4", "3", 2 - 1),
        ("4", "2", 2 - 2),
        ("9", "2", 0),  # seven points would be off; the row has two
    ],
)
def test_what_was_not_done(due: str, done: str, by_hand: int) -> None:
    figures = {"pre_assessments_due": due, "pre_assessments_done": done}

    assert engine_of("pre-assessment", **figures).score == by_hand


def test_nothing_is_printed_for_nothing_due() -> None:
    figures = {"pre_assessments_due": "0", "pre_assessments_done": "0"}

    assert ends(engine_of("pre-assessment", **figures)) == (0, 2)
