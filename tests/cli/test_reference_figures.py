"""The figures of the 2023 case, written here by hand from the two documents."""

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.support.places import Place
from tests.support.terminal import CASE, done, entries, scoretrail

CLAIMED = {
    "base": "98.50",
    "bonus": "3.00",
    "penalty": "0.00",
    "raw": "101.50",
    "cap_loss": "1.50",
    "total": "100.00",
    "printed": "100.00",
}
AWARDED = {
    "base": "90.89",
    "bonus": "3.00",
    "penalty": "0.00",
    "raw": "93.89",
    "cap_loss": "0.00",
    "total": "93.89",
    "pending": 0,
    "grade": "优",
}

# Rows in the order of the review's score table: weight, claim, award.
ROWS = """
output-goals              20.00 20.00 16.00
benefit-goals             20.00 20.00 19.00
expenditure-rate          10.00 10.00  9.00
pre-assessment             2.00  2.00  2.00
budget-constraint          4.00  4.00  4.00
financial-compliance       3.00  3.00  3.00
budget-disclosure          2.00  2.00  2.00
performance-disclosure     1.00  1.00  1.00
system-building            5.00  5.00  5.00
system-execution          10.00 10.00  8.50
intention-completeness     0.50  0.50  0.50
intention-timeliness       0.50  0.00  0.50
internal-control           1.00  1.00  1.00
procurement-compliance     2.00  2.00  2.00
contract-signing           1.50  1.50  1.50
e-contracts                1.00  0.00  0.39
contract-filing            1.00  1.00  1.00
sme-procurement            1.00  1.00  1.00
poverty-area-procurement   1.00  1.00  1.00
credit-evaluation          0.50  0.50  0.50
asset-allocation           2.00  2.00  2.00
revenue-remittance         1.00  1.00  1.00
stock-taking               1.00  1.00  1.00
data-quality               2.00  2.00  2.00
asset-compliance           2.00  2.00  1.00
asset-utilisation          2.00  2.00  2.00
economy-cost               2.00  2.00  2.00
three-public               1.00  1.00  1.00
"""
TABLE = [tuple(line.split()) for line in ROWS.strip().splitlines()]


def sheet(ledger: Place, point: str) -> Any:  # noqa: ANN401 - JSON data is what it is
    return done(scoretrail(ledger, "score", CASE, "--at", point, "--json")).json


def within(column: Any, expected: dict[str, Any]) -> bool:  # noqa: ANN401 - JSON data is what it is
    return {key: column[key] for key in expected} == expected


def test_the_unit_claims_98_50_and_3_which_the_cap_takes_from_101_50_to_100(issued: Place) -> None:
    shown = sheet(issued, "self")
    assert within(shown["claim"], CLAIMED)
    assert shown["award"]["pending"] == 28
    assert shown["award"]["printed"] is None
    assert shown["stage"] == "submitted"
    assert entries(issued)[shown["at"]["version"] - 1]["type"] == "SelfEvaluationSubmitted"


def test_28_rows_stand_in_the_order_of_the_score_table(issued: Place) -> None:
    rows = sheet(issued, "self")["indicators"]
    assert [(row["id"], row["weight"], row["claim"]) for row in rows] == [row[:3] for row in TABLE]
    assert {row["award"] for row in rows} == {None}
    assert sum(Decimal(row["weight"]) for row in rows) == 100


def test_on_the_first_of_august_nothing_was_reviewed_yet(issued: Place) -> None:
    on_the_day, at_stage = sheet(issued, "2024-08-01"), sheet(issued, "self")
    assert on_the_day.pop("at")["version"] == at_stage.pop("at")["version"]
    assert on_the_day == at_stage


@pytest.mark.parametrize("point", ["2024-12-31", "issued", "final", "2024-12-30"])
def test_after_the_review_the_award_is_90_89_and_3_which_is_93_89(
    issued: Place, point: str
) -> None:
    shown = sheet(issued, point)
    assert within(shown["claim"], CLAIMED)
    assert within(shown["award"], AWARDED)
    assert shown["award"]["printed"] == "93.89"
    assert [(row["id"], row["award"]) for row in shown["indicators"]] == [
        (row[0], row[3]) for row in TABLE
    ]
    assert shown["stage"] == "issued"


def test_the_day_before_the_self_evaluation_there_is_no_score(issued: Place) -> None:
    said = scoretrail(issued, "score", CASE, "--at", "2024-07-29", "--json", lang="en")
    assert said.code == 2
    assert "29 July 2024" in said.err


def test_what_the_archive_knew_before_it_was_made_is_nothing(issued: Place) -> None:
    said = scoretrail(issued, "score", CASE, "--at", "recorded:2024-12-31T00:00:00Z")
    assert said.code == 2  # written down years after the business dates
    assert within(sheet(issued, "recorded:9999-12-31T23:59:59.999999Z")["award"], AWARDED)


def recomputed(lines: list[str]) -> dict[str, dict[str, str | int]]:
    """Both columns out of exported lines: a walk over the events, none of the program's code."""
    claims: dict[str, Decimal] = {}
    claimed_bonus: dict[str, Decimal] = {}
    awards: dict[str, Decimal] = {}
    bonus: dict[str, Decimal] = {}
    for line in lines:
        entry = json.loads(line)
        data = entry["data"]
        match entry["type"]:
            case "ScoreClaimed":
                claims[data["indicator"]] = Decimal(data["score"])
            case "BonusClaimed":
                claimed_bonus[data["item"]] = Decimal(data["points"])
            case "ScoreConfirmed" | "ScoreAdjusted":
                awards[data["indicator"]] = Decimal(data["award"])
            case "BonusRecognised":
                bonus[data["item"]] = Decimal(data["points"])
            case "BonusRefused":
                bonus[data["item"]] = Decimal(0)
    return {"claim": added(claims, claimed_bonus), "award": added(awards, bonus)}


def added(rows: dict[str, Decimal], bonus: dict[str, Decimal]) -> dict[str, str | int]:
    base, extra = sum(rows.values(), Decimal(0)), min(sum(bonus.values(), Decimal(0)), Decimal(3))
    total = min(base + extra, Decimal(100))
    return {
        "base": f"{base:.2f}",
        "bonus": f"{extra:.2f}",
        "raw": f"{base + extra:.2f}",
        "cap_loss": f"{base + extra - total:.2f}",
        "total": f"{total:.2f}",
        "pending": 28 - len(rows),
    }


@pytest.mark.sqlite_only("what is folded is the same bytes, which the exports of both compare")
@pytest.mark.slow
def test_the_sheet_at_every_version_is_what_a_stranger_adds_up_from_the_export(
    issued: Place,
) -> None:
    exported = done(scoretrail(issued, "export", CASE)).out.splitlines()
    lines = [line for line in exported if json.loads(line)["case"] == CASE]
    assert [json.loads(line)["version"] for line in lines] == [*range(1, len(lines) + 1)]
    assert len(lines) > 300
    for version in range(2, len(lines) + 1):  # v1 opens the case, v2 pins its rubric
        shown, expected = sheet(issued, f"v{version}"), recomputed(lines[:version])
        assert within(shown["claim"], expected["claim"]), version
        assert within(shown["award"], expected["award"]), version
        assert shown["at"]["version"] == version
    assert scoretrail(issued, "score", CASE, "--at", "v1").code == 2


FROM_CLAIMS = [
    ("indicator", "output-goals", "20.00", "16.00", "-4.00"),
    ("indicator", "benefit-goals", "20.00", "19.00", "-1.00"),
    ("indicator", "expenditure-rate", "10.00", "9.00", "-1.00"),
    ("indicator", "system-execution", "10.00", "8.50", "-1.50"),
    ("indicator", "intention-timeliness", "0.00", "0.50", "0.50"),
    ("indicator", "e-contracts", "0.00", "0.39", "0.39"),
    ("indicator", "asset-compliance", "2.00", "1.00", "-1.00"),
    ("cap", None, "-1.50", "0.00", "1.50"),
]
FROM_TABLE = [
    ("indicator", "output-goals", "20.00", "16.00", "-4.00"),
    ("indicator", "benefit-goals", "20.00", "19.00", "-1.00"),
    ("indicator", "expenditure-rate", "10.00", "9.00", "-1.00"),
    ("indicator", "system-execution", "10.00", "8.50", "-1.50"),
    ("indicator", "e-contracts", "1.00", "0.39", "-0.61"),
    ("indicator", "asset-compliance", "2.00", "1.00", "-1.00"),
    ("bonus", None, "0.00", "3.00", "3.00"),
]


def bridge(ledger: Place, *options: str) -> Any:  # noqa: ANN401 - JSON data is what it is
    return done(scoretrail(ledger, "bridge", CASE, "--json", *options)).json


def steps(found: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401 - JSON data is what it is
    return [
        tuple(step[key] for key in ("kind", "indicator", "before", "after", "delta"))
        for step in found["steps"]
    ]


def test_from_the_claims_two_rows_go_up_and_the_released_cap_is_a_step(issued: Place) -> None:
    found = bridge(issued, "--from", "self", "--to", "final", "--baseline", "claims")
    assert steps(found) == FROM_CLAIMS
    assert (found["from"]["total"], found["to"]["total"]) == ("100.00", "93.89")
    assert (found["up"], found["down"], found["residual"]) == ("2.39", "-8.50", "0.00")
    moved = (found["raised"], found["lowered"], found["following"])
    assert moved == ("0.89", "-8.50", "1.50")


def test_from_the_review_table_it_is_9_11_of_deductions_and_3_of_bonus(issued: Place) -> None:
    found = bridge(issued, "--baseline", "review-table")
    assert steps(found) == FROM_TABLE
    assert (found["from"]["total"], found["to"]["total"]) == ("100.00", "93.89")
    assert (found["up"], found["down"], found["residual"]) == ("3.00", "-9.11", "0.00")


def test_every_step_names_the_act_its_reason_and_its_evidence(issued: Place) -> None:
    for step in bridge(issued)["steps"]:
        if step["kind"] == "cap":
            continue
        (event,) = step["events"]
        assert (event["type"], event["by"]) == ("ScoreAdjusted", "agency-reviewer")
        assert event["dated"] == "2024-12-30"
        assert event["justification"]
        assert event["evidence"]


def test_backwards_every_step_is_taken_back(issued: Place) -> None:
    found = bridge(issued, "--from", "final", "--to", "self")
    assert steps(found) == [
        (kind, row, after, before, taken_back(delta))
        for kind, row, before, after, delta in FROM_CLAIMS
    ]
    assert found["residual"] == "0.00"


def taken_back(delta: str) -> str:
    return str(-Decimal(delta))


@pytest.mark.parametrize("point", ["self", "v200", "v300", "issued", "2024-08-01"])
def test_from_a_point_to_itself_there_is_no_step(issued: Place, point: str) -> None:
    found = bridge(issued, "--from", point, "--to", point)
    assert (found["steps"], found["residual"]) == ([], "0.00")


@pytest.mark.sqlite_only("what is folded is the same bytes, which the exports of both compare")
@pytest.mark.slow
def test_between_any_two_points_the_steps_leave_no_rest(issued: Place) -> None:
    moves = [
        one["version"]
        for one in entries(issued)
        if one["type"] in {"ScoreAdjusted", "BonusRefused"}
    ]
    points = ["v2", "v100", "self", *(f"v{version}" for version in moves[::2]), "final"]
    assert len(points) == 8
    for start in points:
        for end in points:
            found = bridge(issued, "--from", start, "--to", end)
            moved = sum((Decimal(step["delta"]) for step in found["steps"]), Decimal(0))
            total = Decimal(found["from"]["total"]) + moved
            assert (str(total), found["residual"]) == (found["to"]["total"], "0.00")
