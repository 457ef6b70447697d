"""Applying files of acts: again and again, only to check, and all or nothing for each case."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.support.places import Place, Places
from tests.support.terminal import (
    CASE,
    OPENING,
    RESULT,
    REVIEW,
    SELF,
    done,
    entries,
    record,
    scoretrail,
)

Act = Mapping[str, object]

FILES = {"opened": OPENING, "submitted": SELF, "reviewed": REVIEW, "issued": RESULT}


@pytest.mark.parametrize("stage", FILES)
def test_the_same_file_a_second_time_writes_nothing(
    stage: str, built: Mapping[str, Place], places: Places
) -> None:
    ledger = places.copy(built[stage])
    before = record(ledger)
    said = done(scoretrail(ledger, "apply", str(FILES[stage]), lang="en"))
    assert record(ledger) == before
    assert f"{CASE}: 0 events recorded" in said.out


def test_all_files_again_after_the_last_write_nothing(issued: Place) -> None:
    before = record(issued)
    for file in FILES.values():
        done(scoretrail(issued, "apply", str(file)))
    assert record(issued) == before


@pytest.mark.parametrize(
    ("stage", "file"),
    [("founded", OPENING), ("opened", SELF), ("submitted", REVIEW), ("reviewed", RESULT)],
)
def test_to_check_a_file_writes_nothing_and_says_what_it_would(
    stage: str, file: Path, built: Mapping[str, Place], tmp_path: Path, places: Places
) -> None:
    ledger = places.copy(built[stage])
    before, files = record(ledger), {*tmp_path.rglob("*")}
    checked = done(scoretrail(ledger, "apply", "--check", str(file), lang="en"))
    assert record(ledger) == before
    assert {*tmp_path.rglob("*")} == files
    applied = done(scoretrail(ledger, "apply", str(file), lang="en"))
    assert record(ledger) != before
    for line in applied.out.splitlines():
        stream, _, counted = line.partition(": ")
        fresh, noun = counted.split(" ")[:2]
        assert f"{stream}: {fresh} {noun} would be recorded" in checked.out


def test_to_check_a_file_that_would_be_refused_says_so(submitted: Place) -> None:
    before = record(submitted)
    said = scoretrail(submitted, "apply", "--check", str(RESULT), lang="en")
    assert (said.code, said.out) == (1, "")
    assert "4-result.toml, command 1" in said.err
    assert record(submitted) == before


def test_a_file_out_of_turn_is_refused_and_nothing_of_the_case_is_written(opened: Place) -> None:
    before = record(opened)
    said = scoretrail(opened, "apply", str(REVIEW), lang="en")
    assert (said.code, said.out) == (1, "")
    assert record(opened) == before


OPEN = {
    "do": "open-case",
    "as": "bureau-officer",
    "dated": "2024-07-30",
    "title": "x",
    "year": 2024,
    "unit": "zhanjiang-amr",
    "unit_name": "x",
    "bureau": "zhanjiang-finance",
    "bureau_name": "x",
}
PIN = {
    "do": "pin-rubric",
    "as": "bureau-officer",
    "dated": "2024-07-30",
    "rubric": "zhanjiang-departments-2023",
    "edition": "2024-1",
}
CLAIM = {"do": "claim-score", "as": "unit-filer", "dated": "2024-07-30", "indicator": "e-contracts"}


def lines(*acts: Act) -> str:
    return "".join(json.dumps(act) + "\n" for act in acts)


@pytest.mark.parametrize("refused_first", [True, False])
def test_of_two_cases_the_refused_one_is_not_written_and_the_other_one_is(
    opened: Place, tmp_path: Path, *, refused_first: bool
) -> None:
    bad: list[Act] = [
        {**OPEN, "case": "bad-2024"},
        {**PIN, "case": "bad-2024"},
        {**CLAIM, "case": "bad-2024", "score": "1.01"},
    ]
    good: list[Act] = [
        {**OPEN, "case": "good-2024"},
        {**PIN, "case": "good-2024"},
        {**CLAIM, "case": "good-2024", "score": "1"},
    ]
    acts = [*bad, *good] if refused_first else [*good, *bad]
    file = tmp_path / "acts.jsonl"
    file.write_text(lines(*acts))
    said = scoretrail(opened, "apply", str(file), lang="en")
    assert said.code == 1
    assert said.out.startswith("good-2024: 3 events recorded")
    assert f"line {3 if refused_first else 6}" in said.err
    assert [one["type"] for one in entries(opened, "good-2024")] == [
        "CaseOpened",
        "RubricPinned",
        "ScoreClaimed",
    ]
    assert entries(opened, "bad-2024") == []

    file.write_text(lines(*acts).replace('"1.01"', '"0.99"'))
    again = done(scoretrail(opened, "apply", str(file), lang="en"))
    assert "bad-2024: 3 events recorded" in again.out
    assert "good-2024: 0 events recorded, 3 commands before" in again.out


def test_an_id_used_again_for_another_content_is_refused(opened: Place, tmp_path: Path) -> None:
    file = tmp_path / "acts.jsonl"
    first = {**CLAIM, "case": CASE, "id": "claim-1", "score": "0.5"}
    file.write_text(lines(first))
    done(scoretrail(opened, "apply", str(file)))
    after_first = record(opened)
    for changed in (
        {**first, "score": "0.6"},
        {**first, "dated": "2024-07-31"},
        {**first, "justification": "x"},
    ):
        file.write_text(lines(changed))
        said = scoretrail(opened, "apply", str(file), lang="en")
        assert (said.code, said.out) == (1, "")
        assert "claim-1" in said.err
        assert record(opened) == after_first
    file.write_text(lines(first))
    done(scoretrail(opened, "apply", str(file)))
    assert record(opened) == after_first


def test_an_id_is_one_of_its_case_and_of_the_command_line_too(opened: Place) -> None:
    words = ("--as", "unit-filer", "--dated", "2024-07-30", "submit", "score", CASE)
    done(scoretrail(opened, *words, "e-contracts", "0.50", "--id", "same"))
    after_first = record(opened)
    repeated = done(scoretrail(opened, *words, "e-contracts", "0.50", "--id", "same", lang="en"))
    assert repeated.out.startswith("recorded before")
    assert scoretrail(opened, *words, "e-contracts", "0.60", "--id", "same").code == 1
    assert record(opened) == after_first
    done(scoretrail(opened, *words, "e-contracts", "0.50", "--id", "other"))
    assert len(record(opened)) == len(after_first) + 1


def test_two_equal_acts_in_one_file_are_two_acts(opened: Place, tmp_path: Path) -> None:
    file = tmp_path / "acts.jsonl"
    act = {**CLAIM, "case": CASE, "score": "0.5"}
    file.write_text(lines(act, act))
    before = len(record(opened))
    for _ in range(2):
        done(scoretrail(opened, "apply", str(file)))
        assert len(record(opened)) == before + 2


def test_acts_without_a_date_carry_that_of_the_command_line(opened: Place, tmp_path: Path) -> None:
    file = tmp_path / "acts.jsonl"
    act = {"do": "claim-score", "case": CASE, "indicator": "e-contracts", "score": "0.5"}
    file.write_text(lines(act))
    said = done(
        scoretrail(opened, "--as", "unit-filer", "--dated", "2024-07-31", "apply", "-v", str(file))
    )
    last = entries(opened)[-1]
    assert (last["dated"], last["by"]["account"]) == ("2024-07-31", "unit-filer")
    assert "ScoreClaimed" in said.out


def test_accounts_and_rubrics_come_first_whatever_the_order_of_the_file(
    built: Mapping[str, Place], tmp_path: Path, places: Places
) -> None:
    ledger = places.copy(built["founded"])
    account = {
        "do": "open-account",
        "as": "administrator",
        "account": "bureau-officer",
        "organisation": "zhanjiang-finance",
        "roles": ["bureau"],
    }
    rubric = {
        "do": "publish-rubric",
        "as": "bureau-officer",
        "source": (OPENING.parent / "rubric.toml").read_text(),
    }
    file = tmp_path / "acts.jsonl"
    file.write_text(lines({**OPEN, "case": CASE}, {**PIN, "case": CASE}, rubric, account))
    done(scoretrail(ledger, "apply", str(file)))
    assert [one["type"] for one in entries(ledger)] == ["CaseOpened", "RubricPinned"]


CHANGES = """\
case = "zhanjiang-amr-2023"
as = "agency-reviewer"
dated = 2024-12-30
[[command]]
do = "restate-figure"
reason = "逐家核对"
figure = { id = "standard-implementing-firms", value = "7" }
[[command]]
do = "restate-figure"
reason = "统计口径有误"
figure = { id = "standard-implementing-firms", scope = "本级" }
"""


def test_a_file_restates_only_what_changes(
    built: Mapping[str, Place], places: Places, tmp_path: Path
) -> None:
    """The second goes on from the first; and once more, the file says nothing new."""
    ledger, file = places.copy(built["submitted"]), tmp_path / "changes.toml"
    file.write_text(CHANGES, "utf-8")

    done(scoretrail(ledger, "apply", str(file)))
    first, second = (entry["data"]["figure"] for entry in entries(ledger)[-2:])

    assert (first["value"], first["name"], first["unit"]) == ("7", "贯标企业数量", "家")
    assert second == {**first, "scope": "本级"}


def test_a_file_cannot_restate_a_part_of_what_nobody_stated(
    built: Mapping[str, Place], places: Places, tmp_path: Path
) -> None:
    ledger, file = places.copy(built["submitted"]), tmp_path / "changes.toml"
    file.write_text(CHANGES.replace("standard-implementing-firms", "nowhere"), "utf-8")
    before = record(ledger)

    said = scoretrail(ledger, "apply", str(file), lang="en")

    assert said.code == 2
    assert "command 1" in said.err
    assert "figure nowhere was not submitted yet" in said.err
    assert record(ledger) == before
