"""`scoretrail check`: stable keys, two languages, any point, and 3 only for a broken record."""

import re

import pytest

from tests.support.places import Place, administrator
from tests.support.terminal import CASE, done, record, scoretrail

KEYS = {"check", "severity", "indicator", "message", "events", "documents", "readings"}
NAME = re.compile(r"[a-z]+(-[a-z]+)*")


def test_the_keys_are_those_of_the_contract(issued: Place) -> None:
    said = done(scoretrail(issued, "check", CASE, "--json")).json

    assert set(said) == {"at", "case", "findings", "holds", "not_judged", "verified"}
    assert said["case"] == CASE
    assert said["findings"]
    for finding in said["findings"]:
        assert set(finding) == KEYS
        assert NAME.fullmatch(finding["check"])
        assert finding["severity"] in {"error", "warning", "note"}
        assert finding["indicator"] is None or isinstance(finding["indicator"], str)
        assert all(isinstance(version, int) for version in finding["events"])
        assert all(isinstance(document, str) for document in finding["documents"])
        assert all(set(reading) == {"check", "message"} for reading in finding["readings"])
    for holds in said["holds"]:
        assert set(holds) == {"check", "message", "items"}
    for unjudged in said["not_judged"]:
        assert set(unjudged) == {"check", "indicator", "message"}


def test_a_finding_says_what_it_would_change_and_who_else_sees_it(issued: Place) -> None:
    said = done(scoretrail(issued, "check", CASE, "--json", lang="en")).json

    (finding,) = (
        one
        for one in said["findings"]
        if (one["check"], one["indicator"]) == ("printed-rate", "expenditure-rate")
    )
    readings = {one["check"]: one["message"] for one in finding["readings"]}

    assert finding["severity"] == "error"
    assert "9.50%" in finding["message"]
    assert "the total would be 90.89" in readings["printed-rate-against-score"]
    assert any("附件1" in document for document in finding["documents"])


@pytest.mark.parametrize(("lang", "gravest"), [("zh", "错误"), ("en", "error")])
def test_a_summary_comes_first_and_the_gravest_next(issued: Place, lang: str, gravest: str) -> None:
    said = done(scoretrail(issued, "check", CASE, lang=lang))

    lines = said.out.splitlines()
    assert re.fullmatch(
        r"错误 \d+ 处，提醒 \d+ 处，提示 \d+ 处，相符 \d+ 项，未能判断 \d+ 项"
        r"|\d+ errors?, \d+ warnings?, \d+ notes?, \d+ in agreement, \d+ not judged",
        lines[0],
    )
    assert gravest in next(line for line in lines if "negative-duration" in line)
    order = [line.split()[0] for line in lines if re.match(r" \S+ +[a-z-]+-[a-z-]+ ", line)]
    assert order == sorted(order, key=["错误", "提醒", "提示", "error", "warning", "note"].index)
    assert "--all" in lines[-1]


def test_what_holds_and_what_could_not_be_judged_are_listed_on_request(issued: Place) -> None:
    short = done(scoretrail(issued, "check", CASE, lang="en"))
    long = done(scoretrail(issued, "check", CASE, "--all", lang="en"))

    assert "131016533.98" not in short.out
    assert "131016533.98" in long.out
    assert "signed-by-author" in long.out
    assert "Not judged" in long.out
    assert "--all" not in long.out


def test_at_the_self_evaluation_the_review_is_not_looked_at(issued: Place) -> None:
    early = done(scoretrail(issued, "check", CASE, "--at", "self", "--json")).json["findings"]
    all_ = done(scoretrail(issued, "check", CASE, "--json")).json["findings"]

    assert 0 < len(early) < len(all_)
    assert "award-off-the-rule" not in {one["check"] for one in early}


@pytest.mark.parametrize("point", ["v1", "2024-07-30", "2020-01-01", "recorded:2020-01-01T00:00Z"])
def test_any_point_can_be_checked(issued: Place, point: str) -> None:
    done(scoretrail(issued, "check", CASE, "--at", point, "--json"))
    done(scoretrail(issued, "check", CASE, "--at", point, "--all"))


def test_it_writes_nothing(issued: Place) -> None:
    before = record(issued)

    done(scoretrail(issued, "check", CASE))

    assert record(issued) == before


def test_an_unknown_case_is_a_usage_error(issued: Place) -> None:
    said = scoretrail(issued, "check", "no-such-case")

    assert said.code == 2
    assert said.out == ""


def test_a_record_that_cannot_be_read_is_broken(issued: Place) -> None:
    with administrator(issued) as connection:
        connection.execute(
            "UPDATE events SET entry = ? WHERE case_id = ? AND version = 7", (b"{}", CASE)
        )

    said = scoretrail(issued, "check", CASE, "--json")

    assert said.code == 3
    assert said.out == ""
