"""Anybody asks for anything, at any stage; what the program says of it is worked out twice.

Every walk has a number that makes it again. `--hypothesis-profile explore` takes many more.
"""

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.ledger import Ledger
from projections import as_of
from projections.as_of import CaseAsOf
from projections.bridge import bridge
from projections.change_log import change_log
from projections.rectification_status import rectification
from projections.score_sheet import score_sheet, standing
from projections.work_list import appeals, tasks
from tests.support.naive_case import ROWS, NaiveCase
from tests.support.random_walk import Walk
from tests.support.small_case import CASE

pytestmark = pytest.mark.slow


@cache
def walked(seed: int) -> tuple[Walk, CaseAsOf]:
    walk = Walk(seed)
    ledger = Ledger(walk.archive)
    return walk, as_of.at(ledger.history(CASE), ledger.editions("small"))


def naive(point: CaseAsOf) -> NaiveCase:
    return NaiveCase([one.entry for one in point.history])


WALKS = st.integers(0, 10**9)
TODAY = date(2024, 2, 5)


@given(WALKS)
def test_the_sheet_says_what_the_bytes_say(seed: int) -> None:
    _, point = walked(seed)
    sheet, expected = score_sheet(point), naive(point)

    assert sheet
    assert sheet.stage == expected.stage
    for row in sheet.indicators:
        award = expected.awards.get(row.id, (None, 0))[0]
        assert (row.claim, row.award) == (expected.claims.get(row.id), award)
        assert row.excluded == (row.id in expected.excluded)
    assert sheet.claim.total == expected.claimed_total()
    assert sheet.award.total == expected.awarded_total()
    assert sheet.award.pending == len(
        [row for row in ROWS if row not in expected.awards and row not in expected.excluded]
    )
    assert standing(point).totals.total == expected.total()


@given(WALKS, st.data())
def test_the_bridge_says_what_the_bytes_say(seed: int, data: st.DataObject) -> None:
    _, end = walked(seed)
    first = next(one.version for one in end.history if one.type == "ScoreClaimed")
    version = data.draw(st.integers(first, end.version))
    start = as_of.at(end.history, end.editions, f"v{version}")
    found = bridge(start, end)
    before, after = naive(start).parts(), naive(end).parts()

    assert {step.indicator or step.kind: (step.before, step.after) for step in found.steps} == {
        part: (before[part], after[part]) for part in before if before[part] != after[part]
    }
    assert found.residual == 0
    assert found.start.total == naive(start).total()
    assert found.end.total == naive(end).total()
    assert all(step.events for step in found.steps)


@given(WALKS)
def test_the_log_says_what_the_bytes_say(seed: int) -> None:
    _, point = walked(seed)
    log, expected = change_log(point), naive(point)
    moves = [
        (one.version, one.indicator, one.before, one.after)
        for one in log
        if one.before is not None or one.after is not None
    ]
    causes = {(one.version, one.indicator): one.caused_by for one in log}

    assert moves == expected.moves
    assert [one.version for one in log] == sorted(one.version for one in log)
    assert {one.version for one in log} == set(range(1, point.version + 1))
    for key, cause in expected.causes.items():
        assert cause in causes[key], key
    assert all(cause < version for (version, _), caused in causes.items() for cause in caused)


@given(WALKS)
def test_the_work_lists_say_what_the_bytes_say(seed: int) -> None:
    _, point = walked(seed)
    expected = naive(point)

    assert {
        one.request: (one.state, one.due, one.late, one.overdue)
        for one in rectification(point, TODAY)
    } == {
        name: (request["state"], expected.due(name), *expected.late(name, TODAY))
        for name, request in expected.requests.items()
    }
    last_day = expected.appeal_due()
    assert [
        (
            one.appeal,
            one.open,
            one.lodged,
            tuple((row.indicator, row.version, str(row.award)) for row in one.contests),
            one.late,
        )
        for one in appeals(point)
    ] == [
        (
            name,
            one["open"],
            one["day"],
            one["contests"],
            None if last_day is None else max(0, (one["day"] - last_day).days),
        )
        for name, one in expected.appeals.items()
    ]
    assert sorted(
        (one.turn, one.subject or "", one.since, one.due)
        for one in tasks(point, TODAY)
        if one.what.en.partition(":")[0] not in {"countersign", "issue the result"}
    ) == sorted(waiting(expected))


def waiting(case: NaiveCase) -> list[tuple[str, str, date, date | None]]:
    """Whose turn it is by the bytes, apart from what only the rubric's rules can tell."""
    since = case.since
    match case.stage:
        case "open":
            return [("unit", "", since.get("SubmissionReturned", since["CaseOpened"]), None)]
        case "submitted":
            return [("agency", "", since["SelfEvaluationSubmitted"], None)]
        case "draft":
            return waiting_in_the_draft(case)
        case "issued":
            return waiting_after_issue(case)
        case _:
            wanted = [("bureau", "", since["ReopeningRequested"], None)] if case.wanted_back else []
            return [*wanted]


def waiting_in_the_draft(case: NaiveCase) -> list[tuple[str, str, date, date | None]]:
    found: list[tuple[str, str, date, date | None]] = [
        ("agency", name, one["day"], None) for name, one in case.objections.items() if one["open"]
    ]
    if case.respond_by is None or case.respond_by >= TODAY:
        found.append(("unit", "", case.since["DraftSent"], case.respond_by))
    return found


def waiting_after_issue(case: NaiveCase) -> list[tuple[str, str, date, date | None]]:
    found: list[tuple[str, str, date, date | None]] = [
        ("bureau", name, one["day"], None) for name, one in case.appeals.items() if one["open"]
    ]
    if case.received is None:
        found.append(("unit", "", case.since["ResultIssued"], None))
    elif not case.published:
        due = case.received + timedelta(30) if case.edition == "2023-clocks" else None
        found.append(("unit", "", case.received, due))
    for name, request in case.requests.items():
        if request["state"] == "open":
            found.append(("unit", name, request["day"], case.due(name)))
        elif request["state"] == "answered":
            found.append(("bureau", name, request["last"], None))
    return found


EVENTS_MET: Counter[str] = Counter()


@settings(max_examples=250)
@given(WALKS)
def _meet(seed: int) -> None:
    EVENTS_MET.update(Walk(seed).seen)


def test_the_walks_go_everywhere() -> None:
    """Random wishes that are all refused would let every test above pass."""
    look: Callable[[], Any] = _meet
    look()
    wanted = {
        "RubricRepinned",
        "IndicatorExcluded",
        "ObjectionRaised",
        "ObjectionAnswered",
        "ResultCorrected",
        "AppealLodged",
        "AppealWithdrawn",
        "AppealDecided",
        "RectificationRequested",
        "RectificationResponded",
        "RectificationReturned",
        "RectificationAccepted",
        "DeadlineExtended",
        "EvidenceErased",
        "CaseClosed",
        "ReopeningRequested",
        "CaseReopened",
        "SubmissionReturned",
        "DocumentRegistered",
        "UnitListed",
        "StatementMade",
        "SubtotalPrinted",
        "MaterialPublished",
        "FigureConfirmed",
        "ReportDelivered",
        "unknown-document",
        "own-award",
        "own-request",
        "role",
        "organisation",
        "stage",
    }
    assert {name: EVENTS_MET[name] for name in wanted if EVENTS_MET[name] < 3} == {}
