"""Whatever anybody asked for, at any stage: the checks answer, and say what the views say."""

from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.checks import CATALOGUE, CheckReport, examine
from ledger.ledger import Ledger
from projections import as_of
from projections.as_of import CaseAsOf
from projections.rectification_status import rectification
from projections.score_sheet import score_sheet
from tests.support.random_walk import Walk
from tests.support.small_case import CASE

pytestmark = pytest.mark.slow

WALKS = st.integers(0, 10**9)
TODAY = date(2024, 2, 5)
SEVERITIES = {entry.name: entry.severities for entry in CATALOGUE}


@cache
def walked(seed: int) -> CaseAsOf:
    walk = Walk(seed)
    ledger = Ledger(walk.archive)
    return as_of.at(ledger.history(CASE), ledger.editions("small"))


def checked(point: CaseAsOf) -> CheckReport:
    return examine(point.history, point.editions, now=f"{TODAY}T12:00:00.000000Z")


def seen(report: CheckReport, check: str) -> set[str | None]:
    """The rows of which a check says something, first or after another."""
    return {
        finding.indicator
        for finding in report.findings
        if check in {finding.check, *(reading.check for reading in finding.readings)}
    }


@settings(max_examples=20)
@given(WALKS, st.data())
def test_every_point_is_answered_in_words_with_a_place(seed: int, data: st.DataObject) -> None:
    end = walked(seed)
    version = data.draw(st.integers(0, end.version))
    point = as_of.at(end.history, end.editions, f"v{version}") if version else None
    report = checked(point) if point else examine([], end.editions)

    for finding in report.findings:
        assert {*finding.events} <= {*range(1, version + 1)}
        assert finding.events
        assert finding.message.zh
        assert finding.message.en
        assert finding.readings or finding.severity in SEVERITIES[finding.check]
    assert all(holds.message.zh and holds.message.en for holds in report.holds)
    assert all(one.message.zh and one.message.en for one in report.not_judged)
    assert len({*report.not_judged}) == len(report.not_judged)


@settings(max_examples=20)
@given(WALKS)
def test_an_award_is_off_the_rule_where_the_sheet_shows_discretion(seed: int) -> None:
    point = walked(seed)
    sheet, report = score_sheet(point), checked(point)

    assert sheet
    discretion = {row.id for row in sheet.indicators if row.discretion}
    assert seen(report, "award-off-the-rule") == discretion


@settings(max_examples=20)
@given(WALKS)
def test_a_late_response_is_late_in_the_list_of_requests(seed: int) -> None:
    point = walked(seed)
    report = checked(point)

    late = {one.request for one in rectification(point, TODAY) if one.counts_as_late}
    told = [one.message.zh for one in report.findings if one.check == "deadline-missed"]
    assert {
        text.split("“")[1].split("”")[0] for text in told if text.startswith("整改要求")
    } == late
