"""The scripted life of a review, through the command line, with figures worked out by hand."""

import json
import random
import time
from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest

from tests.support.places import Place, Places
from tests.support.postgres import Databases
from tests.support.processes import Warm
from tests.support.terminal import ROOT, begun, done, entries, record, scoretrail

LIFE: Final = ROOT / "examples" / "whole-life"
FILES: Final = tuple(sorted(LIFE.glob("[1-9]-*.toml")))
PARKS: Final = "parks-2022"


@pytest.fixture(scope="session")
def chapters(
    database: Databases | None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[int, Place]]:
    """The ledger after each file of acts, by its number. Not to be written to.

    Number 0 has only its administrator.
    """
    with Places(tmp_path_factory.mktemp("chapters"), database) as places:
        growing = begun(places.new(), "2023-03-01")
        chapters = {0: places.copy(growing)}
        for number, file in enumerate(FILES, start=1):
            done(scoretrail(growing, "apply", str(file)))
            chapters[number] = places.copy(growing)
        yield chapters


@pytest.fixture
def whole(chapters: Mapping[int, Place], places: Places) -> Place:
    """A ledger with the whole life, closed, reopened and closed again."""
    return places.copy(chapters[8])


SAME = ("type", "version", "dated", "by", "data")


def told(ledger: Place) -> list[dict[str, Any]]:
    """What the case says, apart from when it was typed in and under which keys."""
    return [{name: entry[name] for name in SAME} for entry in entries(ledger, PARKS)]


def bridge(ledger: Place, start: str, end: str) -> Any:  # noqa: ANN401 - JSON data is what it is
    return done(scoretrail(ledger, "bridge", PARKS, "--from", start, "--to", end, "--json")).json


@pytest.mark.parametrize(
    ("point", "total"),
    [
        ("v19", "98.00"),  # as first submitted
        ("2023-03-31", "98.00"),
        ("self", "97.00"),  # as submitted again
        ("v24", "97.00"),
        ("draft", "82.70"),
        ("2023-09-19", "82.70"),
        ("issued", "84.70"),
        ("2023-12-31", "84.70"),
        ("v58", "85.70"),  # the appeal is decided
        ("2024-02-10", "85.70"),
        ("final", "86.20"),
        ("2024-03-15", "86.20"),
    ],
)
def test_what_the_score_was_stays_available(whole: Place, point: str, total: str) -> None:
    """Before objection, at issue, after appeal: each is there at any later time."""
    assert bridge(whole, point, point)["to"]["total"] == total


ROWS = ("execution", "plan", "planting", "patrols", "feedback", "satisfaction")
AWARDS = {
    "draft": ("19.00", "6.00", "25.20", "7.50", "8.00", "16.00"),
    "issued": ("19.00", "8.00", "25.20", "7.50", "8.00", "16.00"),
    "v58": ("19.00", "9.00", "25.20", "7.50", "8.00", "16.00"),
    "final": ("19.00", "9.00", "25.20", "8.00", "8.00", "16.00"),
}


@pytest.mark.parametrize("point", AWARDS)
def test_the_sheet_at_every_stage(whole: Place, point: str) -> None:
    sheet = done(scoretrail(whole, "score", PARKS, "--at", point, "--json")).json

    assert {row["id"]: row["award"] for row in sheet["indicators"]} == dict(
        zip(ROWS, AWARDS[point], strict=True)
    )
    assert sheet["award"]["bonus"] == "1.00"
    assert sheet["award"]["total"] == str(sum(map(Decimal, AWARDS[point])) + 1)
    assert sheet["claim"]["total"] == "97.00"


STEPS = {
    ("v19", "self"): [("execution", "20.00", "19.00", "-1.00", [23])],
    ("self", "draft"): [
        ("plan", "10.00", "6.00", "-4.00", [28]),
        ("planting", "30.00", "25.20", "-4.80", [29]),
        ("patrols", "10.00", "7.50", "-2.50", [30]),
        ("satisfaction", "19.00", "16.00", "-3.00", [32]),
    ],
    ("draft", "issued"): [("plan", "6.00", "8.00", "2.00", [43])],
    ("issued", "v58"): [("plan", "8.00", "9.00", "1.00", [58])],
    ("v58", "final"): [("patrols", "7.50", "8.00", "0.50", [61])],
    ("self", "final"): [
        ("plan", "10.00", "9.00", "-1.00", [28, 43, 58]),
        ("planting", "30.00", "25.20", "-4.80", [29]),
        ("patrols", "10.00", "8.00", "-2.00", [30, 61]),
        ("satisfaction", "19.00", "16.00", "-3.00", [32]),
    ],
}


@pytest.mark.parametrize(("start", "end"), STEPS)
def test_the_bridge_is_exact_at_every_step(whole: Place, start: str, end: str) -> None:
    found = bridge(whole, start, end)

    assert [
        (
            step["indicator"],
            step["before"],
            step["after"],
            step["delta"],
            [event["version"] for event in step["events"] if event["type"] != "ScoreConfirmed"],
        )
        for step in found["steps"]
    ] == STEPS[start, end]
    assert found["residual"] == "0.00"


def test_between_any_two_points_the_steps_add_up(whole: Place) -> None:
    points = ("v4", "v19", "self", "2023-06-15", "draft", "v44", "issued", "2024-02-10", "final")
    for start, end in product(points, points):
        found = bridge(whole, start, end)
        moved = sum((Decimal(step["delta"]) for step in found["steps"]), Decimal(0))

        assert Decimal(found["to"]["total"]) - Decimal(found["from"]["total"]) == moved
        assert found["residual"] == "0.00"


def test_the_log_of_a_row_links_claim_objection_answer_award_appeal_and_decision(
    whole: Place,
) -> None:
    log = done(scoretrail(whole, "log", PARKS, "--indicator", "plan", "--json")).json["entries"]

    assert [
        (one["version"], one["type"], one["before"], one["after"], one["caused_by"]) for one in log
    ] == [
        (8, "FigureSubmitted", None, None, []),
        (13, "ScoreClaimed", None, "10.00", []),
        (28, "ScoreAdjusted", "10.00", "6.00", [13]),
        (37, "AdjustmentCountersigned", None, None, [28]),
        (40, "ObjectionRaised", None, None, [28]),
        (42, "ObjectionAnswered", None, None, [40]),
        (43, "ScoreAdjusted", "6.00", "8.00", [28, 42]),
        (45, "AdjustmentCountersigned", None, None, [43]),
        (51, "AppealLodged", None, None, [43]),
        (58, "AppealDecided", "8.00", "9.00", [51, 43]),
    ]


def test_an_objection_to_a_row_that_never_moved_is_on_record(whole: Place) -> None:
    log = done(scoretrail(whole, "log", PARKS, "--indicator", "execution", "--json"))
    answered = [one for one in log.json["entries"] if one["type"].startswith("Objection")]

    assert [(one["version"], one["caused_by"]) for one in answered] == [(41, [27]), (44, [41])]
    assert answered[-1]["justification"] == "标准按全年预算计算，到账早晚不影响。"


def test_a_correction_and_a_resubmission_name_what_they_replace(whole: Place) -> None:
    log = done(scoretrail(whole, "log", PARKS, "--json")).json["entries"]
    causes = {one["version"]: one["caused_by"] for one in log if one["indicator"] != "satisfaction"}

    assert causes[61] == [30]  # the correction: the award that was issued
    assert causes[23] == [12]  # the claim after the return: the first one
    assert (causes[54], causes[57], causes[59]) == ([52], [54], [57])  # one rectification
    assert causes[65] == [64]  # reopened as it was asked for


def test_an_appeal_stays_bound_to_what_it_contested(whole: Place) -> None:
    (appeal,) = done(scoretrail(whole, "appeal", "list", "--json")).json["appeals"]

    assert appeal["contests"] == [
        {"indicator": "plan", "version": 43, "award": "8.00"},
        {"indicator": "satisfaction", "version": 32, "award": "16.00"},
    ]
    assert (appeal["open"], appeal["late"], appeal["waiting"]) == (False, 0, None)


def test_the_rectifications_as_they_ended(whole: Place) -> None:
    requests = done(scoretrail(whole, "rectify", "status", PARKS, "--json")).json["requests"]
    kept = ("request", "due", "due_by", "state", "accepted", "late", "overdue")

    assert [tuple(one[name] for name in kept) for one in requests] == [
        ("patrols", "2024-01-18", "clock", "accepted", "2024-02-02", 0, 0),
        ("planting", "2024-02-09", "extension", "accepted", "2024-02-26", 5, 0),
    ]
    assert [one["dated"] for one in requests[0]["responses"]] == ["2024-01-17", "2024-01-29"]


WAITING: dict[tuple[int, str], list[tuple[str, str | None, str | None, int | None]]] = {
    (1, "2023-03-10"): [("unit", None, None, None)],
    (2, "2023-03-25"): [("agency", None, None, None)],
    (5, "2023-09-25"): [("bureau", None, None, None)],
    (6, "2024-01-02"): [("unit", None, "2024-01-28", 26)],
    (8, "2024-05-01"): [],
}


@pytest.mark.parametrize(("chapter", "day"), WAITING)
def test_whose_turn_it_is(chapters: Mapping[int, Place], chapter: int, day: str) -> None:
    (listed,) = done(scoretrail(chapters[chapter], "--dated", day, "case", "list", "--json")).json[
        "cases"
    ]

    assert [
        (one["turn"], one["subject"], one["due"], one["left"]) for one in listed["waiting"]
    ] == WAITING[chapter, day]


def test_nothing_in_it_breaks_a_rule(whole: Place) -> None:
    findings = done(scoretrail(whole, "check", PARKS, "--json")).json["findings"]

    assert [one for one in findings if one["severity"] == "error"] == []
    assert done(scoretrail(whole, "verify", "--json")).json["counted"]["events"] == 82
    held = done(scoretrail(whole, "evidence", "list", PARKS, "--json")).json["evidence"]
    assert {one["state"] for one in held} == {"held"}


def test_applying_it_again_records_nothing(whole: Place) -> None:
    before = record(whole)
    for file in FILES:
        done(scoretrail(whole, "apply", str(file)))

    assert record(whole) == before


def test_a_check_of_the_files_keeps_nothing(chapters: Mapping[int, Place], places: Places) -> None:
    ledger = places.copy(chapters[0])
    done(scoretrail(ledger, "apply", str(FILES[0])))
    before = record(ledger)

    assert "可以写入 16 条" in done(scoretrail(ledger, "apply", "--check", str(FILES[1]))).out
    assert record(ledger) == before
    assert not ledger.evidence.exists()


@pytest.mark.slow
def test_killed_at_random_moments_it_goes_on_without_doubling(
    whole: Place, chapters: Mapping[int, Place], places: Places, tmp_path: Path
) -> None:
    chance = random.Random(20240410)  # noqa: S311 - moments to try, no secrets
    turn = resumed = 0
    with Warm(tmp_path, "victim") as victim:
        while turn < 4 or resumed < 8:  # however fast the machine is, some are cut off
            ledger = places.copy(chapters[0])
            turn += 1
            for file in FILES:
                code = -9
                while code == -9:
                    victim.start(ledger, "apply", str(file))
                    time.sleep(chance.uniform(0, 0.15))
                    code = victim.ended("kill" if chance.random() < 0.7 else "wait").code
                    resumed += code == -9
                assert code == 0
            assert told(ledger) == told(whole)
            done(scoretrail(ledger, "evidence", "list", PARKS))
            done(scoretrail(ledger, "verify"))


def test_next_year_reads_the_outcome_as_a_figure_that_never_changes(
    chapters: Mapping[int, Place], places: Places, tmp_path: Path
) -> None:
    """Written in January, when nothing was late yet; later one response was."""
    ledger = places.copy(chapters[6])
    unit = "--unit parks --unit-name 某区某局 --bureau finance --bureau-name 财政部门"
    for words in (
        f"case open parks-2023 --title 2023年度 --year 2023 {unit}",
        "case pin parks-2023 --rubric parks --edition 2022",
    ):
        done(scoretrail(ledger, "--as", "bureau-officer", "--dated", "2024-01-02", *words.split()))
    done(scoretrail(ledger, "apply", str(FILES[6])))

    def printed(day: str, *at: str) -> Any:  # noqa: ANN401 - JSON data is what it is
        words = ("--into", "parks-2023", "--indicator", "feedback", "--figure", "late-responses")
        return done(
            scoretrail(ledger, "--dated", day, "rectify", "figures", PARKS, *words, *at)
        ).json

    early, late = printed("2024-01-20", "--at", "2024-01-20"), printed("2024-03-01")
    assert (early["figure"]["value"], late["figure"]["value"]) == ("0", "1")
    assert late["figure"]["source"].startswith("parks-2022 v62（记录库位置 ")

    file = tmp_path / "figure.jsonl"
    file.write_text(json.dumps(late, ensure_ascii=False))
    acting = ("--as", "unit-filer", "--dated", "2024-03-05")
    done(scoretrail(ledger, *acting, "apply", str(file)))
    rows = done(scoretrail(ledger, "score", "parks-2023", "--json")).json["indicators"]
    assert {row["id"]: row["rule"] for row in rows}["feedback"] == "8.00"

    before = entries(ledger, "parks-2023")
    done(scoretrail(ledger, "apply", str(FILES[7])))
    assert entries(ledger, "parks-2023") == before
    again = done(scoretrail(ledger, "explain", "parks-2023", "feedback", "--json")).json
    assert [one["value"] for one in again["rule"]["figures"]] == ["1"]


def test_who_never_responded_counts_as_late_once_the_day_is_over(
    chapters: Mapping[int, Place], places: Places
) -> None:
    """What was never answered leaves no event behind; the day that is asked about decides."""
    ledger = places.copy(chapters[6])
    request = f"rectify request {PARKS} patrols --finding patrol-records --demand 补齐记录".split()
    done(scoretrail(ledger, "--as", "bureau-officer", "--dated", "2024-01-05", *request))
    words = (
        f"rectify figures {PARKS} --into parks-2023 --indicator feedback --figure late-responses"
    ).split()

    values = {
        day: done(scoretrail(ledger, "--dated", day, *words)).json["figure"]["value"]
        for day in ("2024-01-18", "2024-01-19")
    }

    assert values == {"2024-01-18": "0", "2024-01-19": "1"}
    overdue = done(scoretrail(ledger, "--dated", "2024-01-25", "rectify", "status", "--csv"))
    assert overdue.out.splitlines()[1].endswith(",未反馈,,7,0")
    earlier = scoretrail(ledger, "rectify", "status", "--at", "2024-01-04", "--json")
    assert done(earlier).json["requests"] == []
    unborn = scoretrail(ledger, *words, "--at", "1999-01-01")
    assert unborn.code == 2
    assert "1999年1月1日" in unborn.err
