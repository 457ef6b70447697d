"""A case in which everything fits together: no check has anything to say, at any stage of it."""

import pytest

from ledger.checks import examine
from ledger.events import (
    AppealDecided,
    AppealLodged,
    ObjectionAnswered,
    ResultCorrected,
    ResultReceived,
)
from tests.support.clean_case import CLEAN, FIGURES, lived_on, ready, told


def test_nothing_is_found() -> None:
    assert examine(*ready()).findings == ()


def test_nothing_is_found_after_an_objection_a_correction_and_an_upheld_appeal() -> None:
    history, editions = lived_on(CLEAN)

    assert {AppealDecided, ObjectionAnswered} <= {type(one.event) for one in history}
    assert examine(history, editions).findings == ()


CONTESTED = (ResultCorrected, ResultReceived, AppealLodged)
"""From a wrong correction until the appeal is decided something is wrong."""


@pytest.mark.slow
def test_nothing_is_found_at_any_stage() -> None:
    history, editions = lived_on(CLEAN)

    for version in range(len(history) + 1):
        found = examine(history[:version], editions, history).findings
        contested = version and isinstance(history[version - 1].event, CONTESTED)
        assert bool(found) == bool(contested), (version, found)


def test_what_was_looked_at_is_said() -> None:
    report = examine(*ready())
    holds = {one.check: one.items for one in report.holds}

    assert len(holds["award-off-the-rule"]) == 6
    assert [str(item) for item in holds["printed-totals"]]
    assert {"out-of-order", "sum-does-not-hold", "rule-undecided", "scopes-mixed"} <= holds.keys()
    assert all(one.message.zh and one.message.en for one in report.holds)


def test_what_is_missing_is_not_judged_and_not_said_to_hold() -> None:
    without = told(figures={"spent-basic": None})

    report = examine(*ready(**vars(without)))
    holds = {one.check: [item.zh for item in one.items] for one in report.holds}

    assert [one for one in report.findings if one.check == "sum-does-not-hold"] == []
    assert not any("支出 = 基本 + 项目" in item for item in holds["sum-does-not-hold"])
    (unjudged,) = (one for one in report.not_judged if one.check == "sum-does-not-hold")
    assert unjudged.message.zh == "支出 = 基本 + 项目：缺少 spent-basic"
    assert unjudged.message.en == "spent: spent-basic missing"


def test_what_only_the_review_supplies_is_judged_with_it() -> None:
    basic = FIGURES["spent-basic"]
    supplied = told(figures={"spent-basic": None}, restated=(basic,))

    report = examine(*ready(**vars(supplied)))
    holds = {one.check: [item.zh for item in one.items] for one in report.holds}

    assert report.not_judged == ()
    assert "支出 = 基本 + 项目：95.00 元" in holds["sum-does-not-hold"]


def test_nothing_is_said_of_a_case_that_does_not_exist() -> None:
    report = examine([], ready()[1])

    assert (report.findings, report.holds, report.not_judged) == ((), (), ())
