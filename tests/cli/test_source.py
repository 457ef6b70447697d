"""`scoretrail source` and the options that say where any act comes from."""

from typing import Any

import pytest

from tests.support.places import Place, Places
from tests.support.terminal import CASE, done, scoretrail

pytest_plugins = ["tests.support.reference_ledger"]

UNIT = ("--as", "unit-filer")
DIGEST = "d" * 64
REVIEWER = ("--as", "agency-reviewer")


@pytest.fixture
def ledger(submitted: Place, places: Places) -> Place:
    return places.copy(submitted)


def register(ledger: Place, *words: str) -> Any:  # noqa: ANN401 - what the terminal said
    return scoretrail(
        ledger,
        *(*UNIT, "source", "register", CASE, "annex", "--title", "附表", "--form", "copy"),
        *("--part", "表一", *words),
    )


def sources(ledger: Place) -> Any:  # noqa: ANN401 - JSON data is what it is
    return done(scoretrail(ledger, "source", "list", CASE, "--json")).json


def test_a_document_is_registered_and_cited_by_any_act(ledger: Place) -> None:
    done(register(ledger, "--sha256", DIGEST, "--printed-date", "2024-07-30"))
    confirm = ("review", "confirm-figure", CASE, "lift-inspections")
    marks = ("--cite", "annex=表一 第 7 行", "--transcriber-note", "原表无口径", "--undocumented")
    done(scoretrail(ledger, *REVIEWER, *confirm, *marks))

    (found,) = (one for one in sources(ledger)["documents"] if one["document"] == "annex")
    assert found["sha256"] == DIGEST
    assert (found["printed_date"], found["parts"], found["cited"]) == ("2024-07-30", ["表一"], 1)
    last = done(scoretrail(ledger, "log", CASE, "--json")).json["entries"][-1]
    assert last["cites"] == [
        {"document": "annex", "title": "附表", "number": None, "place": "表一 第 7 行"}
    ]
    assert (last["transcriber_note"], last["undocumented"]) == ("原表无口径", True)
    assert "lift-inspections" in sources(ledger)["figures"]["confirmed"]


@pytest.mark.parametrize("written", ["annex"])
def test_a_citation_names_document_and_place(ledger: Place, written: str) -> None:
    said = scoretrail(
        ledger, *UNIT, "source", "unit", CASE, "branch", "--name", "分局", "--cite", written
    )

    assert said.code == 2
    assert written in said.err


def test_an_unknown_document_is_refused_with_a_way_out(ledger: Place) -> None:
    said = scoretrail(
        ledger, *UNIT, "source", "unit", CASE, "branch", "--name", "分局", "--cite", "nothing=表一"
    )

    assert said.code == 1
    assert "scoretrail source register" in said.err


def test_what_the_documents_state_is_listed(ledger: Place) -> None:
    for words in (
        ("unit", CASE, "branch", "--name", "分局"),
        ("scope", CASE, "分局口径", "--member", "branch"),
        ("state", CASE, "sell", "--kind", "promise", "--statement", "年内盘活"),
        ("sum", CASE, "all", "--label", "合计", "--column", "claimed", "--printed-score", "100"),
        ("disclose", CASE, "--title", "自评报告", "--place", "门户网站"),
    ):
        done(scoretrail(ledger, *UNIT, "source", *words))

    found = sources(ledger)

    assert found["units"][-1]["name"] == "分局"
    assert found["scopes"][-1]["members"] == ["branch"]
    assert found["statements"][-1]["statement"] == "年内盘活"
    assert found["sums"][-1]["printed_score"] == "100"
    assert found["published"][-1]["place"] == "门户网站"
    for lang in ("zh", "en"):
        said = done(scoretrail(ledger, "source", "list", CASE, lang=lang)).out
        assert all(word in said for word in ("分局", "年内盘活", "合计", "门户网站"))


def test_a_response_answers_a_promise(issued: Place, places: Places) -> None:
    ledger = places.copy(issued)
    request = ("--finding", "stock-taking-practice", "--demand", "落实管理人")
    for words in (
        (*UNIT, "source", "state", CASE, "sell", "--kind", "promise", "--statement", "年内盘活"),
        ("--as", "bureau-officer", "rectify", "request", CASE, "sell", *request),
        (*UNIT, "rectify", "respond", CASE, "sell", "--statement", "已盘活", "--promise", "sell"),
    ):
        done(scoretrail(ledger, *words))

    (promise,) = (one for one in sources(ledger)["statements"] if one["item"] == "sell")
    (answer,) = promise["answered_by"]
    entries = done(scoretrail(ledger, "log", CASE, "--json")).json["entries"]
    assert {one["type"] for one in entries if one["version"] == answer} == {
        "RectificationResponded"
    }
