"""`scoretrail check`: stable keys, two languages, any point, and 3 only for a broken record."""

import re

import pytest

from tests.support.places import Place, administrator
from tests.support.terminal import CASE, done, record, scoretrail

KEYS = {"check", "severity", "indicator", "message", "events", "documents"}


def test_the_keys_are_those_of_the_contract(issued: Place) -> None:
    said = done(scoretrail(issued, "check", CASE, "--json")).json

    assert set(said) == {"case", "findings", "verified"}
    assert said["case"] == CASE
    assert len(said["findings"]) > 100
    for finding in said["findings"]:
        assert set(finding) == KEYS
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", finding["check"])
        assert finding["severity"] in {"error", "warning", "note"}
        assert finding["indicator"] is None or isinstance(finding["indicator"], str)
        assert all(isinstance(version, int) for version in finding["events"])
        assert all(isinstance(document, str) for document in finding["documents"])


def test_a_finding_says_what_it_would_change(issued: Place) -> None:
    said = done(scoretrail(issued, "check", CASE, "--json", lang="en")).json

    (finding,) = (one for one in said["findings"] if one["check"] == "printed-rate-against-score")

    assert finding["severity"] == "error"
    assert finding["indicator"] == "expenditure-rate"
    assert "9.50%" in finding["message"]
    assert "the total would be 90.89" in finding["message"]
    assert "核查报告 附件1 第 3 行" in finding["documents"]


@pytest.mark.parametrize(("lang", "gravest"), [("zh", "错误"), ("en", "error")])
def test_the_table_shows_the_gravest_first(issued: Place, lang: str, gravest: str) -> None:
    said = done(scoretrail(issued, "check", CASE, lang=lang))

    lines = said.out.splitlines()
    assert gravest in next(line for line in lines if "printed-totals" in line)
    order = [line.split()[0] for line in lines if re.match(r" \S+ +[a-z-]+-[a-z-]+ ", line)]
    assert order == sorted(order, key=["错误", "提醒", "提示", "error", "warning", "note"].index)
    assert re.search(r"^\S+ \d+ 处，|^\d+ errors, \d+ warnings, \d+ notes$", lines[-1])


def test_at_the_self_evaluation_the_review_is_not_looked_at(issued: Place) -> None:
    early = done(scoretrail(issued, "check", CASE, "--at", "self", "--json")).json["findings"]
    all_ = done(scoretrail(issued, "check", CASE, "--json")).json["findings"]

    assert 0 < len(early) < len(all_)
    assert "award-off-the-rule" not in {one["check"] for one in early}


@pytest.mark.parametrize("point", ["v1", "2024-07-30", "2020-01-01", "recorded:2020-01-01T00:00Z"])
def test_any_point_can_be_checked(issued: Place, point: str) -> None:
    done(scoretrail(issued, "check", CASE, "--at", point, "--json"))


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
